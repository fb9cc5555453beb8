"""Consent: in which words, for which purposes, by whom."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from interviews import consent
from interviews.calls.sentences import SpokenConsent
from interviews.models import Consent, Interview
from interviews.states import INTERVIEW, Status
from talenti.errors import Invalid
from talenti.history import CANDIDATE, Actor, advance


def give_consent(interview: Interview, *, version: str, purposes: Iterable[str]) -> None:
    """Store the candidate's own consent and let the interview go on.

    Raises Invalid for another version than the current one or a required purpose left out,
    WrongState when it was given before or the interview is over.
    """
    text = consent.current(interview.language)
    agreed = sorted(set(purposes))
    missing = sorted(set(text.required_purposes) - set(agreed))
    unknown = sorted(set(agreed) - set(text.purposes))
    if version != text.version:
        raise Invalid("The text has changed.", {"version": [f"Now it is {text.version}."]})
    if missing or unknown:
        raise Invalid(
            "The purposes do not fit.",
            {"purposes": [f"Needed: {', '.join(missing)}."] if missing else ["Unknown purpose."]},
        )
    with transaction.atomic():
        advance(interview, INTERVIEW, Status.CONSENTED, CANDIDATE, consented_at=timezone.now())
        _store(interview, text, agreed, source="candidate")


def give_spoken_consent(
    interview: Interview, text: SpokenConsent, *, purposes: Iterable[str], given_as: str
) -> None:
    """Store the consent that the candidate gave in a call, with the keys or words it was given in.

    Raises WrongState when it was given before or the interview is over.
    """
    with transaction.atomic():
        advance(interview, INTERVIEW, Status.CONSENTED, CANDIDATE, consented_at=timezone.now())
        _store(interview, text, sorted(purposes), source="candidate", given_as=given_as)


def add_spoken_consent(
    interview: Interview, text: SpokenConsent, *, purposes: Iterable[str], given_as: str
) -> None:
    """Store what the candidate agreed to besides, which was heard of after the rest."""
    _store(interview, text, sorted(purposes), source="candidate", given_as=given_as)


def declare_consent(interview: Interview, actor: Actor) -> None:
    """Store that a person declared the candidate's consent to everything, for an upload."""
    text = consent.current(interview.language)
    with transaction.atomic():
        advance(interview, INTERVIEW, Status.CONSENTED, actor, consented_at=timezone.now())
        _store(interview, text, sorted(text.purposes), source="declared", actor=actor)


def _store(
    interview: Interview,
    text: consent.ConsentText | SpokenConsent,
    purposes: list[str],
    *,
    source: str,
    actor: Actor | None = None,
    given_as: str = "",
) -> None:
    Consent.objects.create(
        organisation_id=interview.organisation_id,
        interview=interview,
        version=text.version,
        language=text.language,
        text_sha256=text.sha256,
        purposes=purposes,
        source=source,
        declared_by=actor.user if actor else None,
        given_as=given_as,
    )
