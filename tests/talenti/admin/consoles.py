"""Clients that are signed in to the console, and one row of everything to look at."""

from typing import Any

from django.contrib import admin
from django.test import Client
from django.urls import URLPattern, URLResolver

from interviews.models import Consent, DeadLetter, Invitation
from interviews.services.call_intake import keep_dead_letter
from interviews.services.invitations import invite
from recordings.models import Recording, Transcript
from scoring.models import Decision, QualityCheck, Scorecard
from scoring.services.decisions import decide
from talenti.models import Breaker, HistoryEntry, Membership, Organisation, User
from talenti.work.models import WorkItem
from tests.interviews.call_rows import make_call, make_callable
from tests.rows import actor_of, make_candidate, make_guide, make_interview, make_job, owner_of
from tests.scoring.rows import make_review, make_scored


def console_for(user: User) -> Client:
    """Return a client with a session of this user."""
    client = Client()
    client.force_login(user)
    return client


def make_everything(organisation: Organisation) -> dict[str, Any]:
    """Return one row of every model that has pages, all of one organisation."""
    make_candidate(organisation, "Secret Person")
    job = make_job(organisation, "Secret job")
    interview = make_scored(organisation)
    invited = make_interview(organisation, job=job)
    invite(invited, actor_of(organisation))
    make_review(interview, owner_of(organisation))
    decide(interview, "hold", "Secret reason", actor_of(organisation))
    own: Any = {"organisation": organisation}
    return {
        "interviews_job": job,
        "interviews_guide": make_guide(job, published=False),
        "interviews_candidate": interview.candidate,
        "interviews_interview": interview,
        "interviews_invitation": Invitation.objects.filter(**own).first(),
        "interviews_call": make_call(_phoned(organisation, job)),
        "interviews_deadletter": _dead_letter(),
        "interviews_consent": Consent.objects.filter(**own).first(),
        "recordings_recording": Recording.objects.filter(**own).first(),
        "recordings_transcript": Transcript.objects.filter(**own).first(),
        "scoring_scorecard": Scorecard.objects.filter(**own).first(),
        "scoring_decision": Decision.objects.filter(**own).first(),
        "scoring_qualitycheck": QualityCheck.objects.filter(**own).first(),
        "talenti_breaker": Breaker.objects.get_or_create(name="azure-openai")[0],
        "talenti_historyentry": HistoryEntry.objects.filter(**own).first(),
        "talenti_organisation": organisation,
        "talenti_membership": Membership.objects.filter(**own).first(),
        "talenti_user": owner_of(organisation),
        "work_workitem": WorkItem.objects.filter(**own).first(),
    }


def _phoned(organisation: Organisation, job: Any) -> Any:
    candidate = make_callable(organisation, "Secret Person On The Phone")
    return make_interview(organisation, job=job, candidate=candidate, channel="phone")


def _dead_letter() -> DeadLetter:
    keep_dead_letter("acs", b"Secret reason", "unknown_call")
    return DeadLetter.objects.get()


def console_patterns() -> list[tuple[str, URLPattern]]:
    """Return every address of the console with the model whose pages it belongs to, if any."""
    return [*_walk(admin.site.urls[0], "")]


def _walk(patterns: Any, model: str) -> Any:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            place = str(pattern.pattern).strip("/").replace("/", "_")
            yield from _walk(pattern.url_patterns, place or model)
        else:
            yield model, pattern
