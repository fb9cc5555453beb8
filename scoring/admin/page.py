"""What the page of one interview shows, as plain values, in a constant number of queries."""

import uuid
from typing import Any

from interviews.admin.candidates import invitation_state
from interviews.models import Interview
from interviews.states import INVITABLE, OPEN_CALLS, Channel, Stage, Status
from recordings.models import Recording
from recordings.services.progress import has_lost_recordings
from recordings.states import RecordingStatus, Speaker
from scoring.admin.cards import cards_of
from scoring.admin.phone import phone_of
from scoring.admin.words import transcript_of
from scoring.models import Decision, QualityCheck
from scoring.reading.report import is_blind
from scoring.reading.visibility import hidden_history
from scoring.states import GateOutcome, Kind, Outcome
from talenti.admin.histories import describe_all, words
from talenti.admin.work import kind_in_words, may_operate
from talenti.models import HistoryEntry
from talenti.work.models import State, WorkItem

WORKING = (Stage.TRANSCRIBING, Stage.SCORING)
HISTORY_SHOWN = 300
CHECK_HINTS = {
    "warning": "Note",
    "confirm": "To confirm",
    "blocking": "Stops scoring",
}


def version_of(interview: Interview) -> str:
    """Return a word that changes with whatever the page shows of the pipeline, and offers."""
    calls = interview.calls.exclude(status__in=OPEN_CALLS).count()
    return f"{interview.status}.{interview.stage}.{interview.scorecards.count()}.{calls}"


def page_of(interview: Interview, user: Any) -> dict[str, Any]:
    """Return everything about `interview` that `user` may see.

    The interview comes with its candidate, job, guide and organisation.
    """
    competencies = list(interview.guide.competencies.order_by("position"))
    questions = list(interview.guide.questions.select_related("competency").order_by("position"))
    recordings = list(interview.recordings.select_related("question").order_by("pk"))
    invitations = list(interview.invitations.order_by("-pk"))
    decision = Decision.objects.filter(interview=interview).select_related("decided_by").first()
    cards = cards_of(interview, user, competencies)
    own = next((one for one in cards if one["reviewer_id"] == user.pk), None)
    transcript = transcript_of(interview, questions)
    return {
        "interview": interview,
        "version": version_of(interview),
        "is_working": interview.stage in WORKING,
        "competencies": competencies,
        "questions": questions,
        "recordings": recordings,
        "invitations": [(row, invitation_state(row)) for row in invitations],
        "consents": _consents(interview),
        "transcript": transcript,
        "phone": phone_of(interview),
        "speakers": Speaker.choices,
        "steps": _steps(
            interview, reviewed=bool(own) or any(c["kind"] == Kind.REVIEWER for c in cards)
        ),
        "quality": _quality(interview),
        "is_blind": is_blind(interview, user),
        "cards": cards,
        "own_card": own,
        "decision": decision,
        "outcomes": _outcomes(decision),
        "history": _history(interview, user),
        "dead_work": _dead_work(interview, recordings, invitations, user),
        **_moves(interview, decision, recordings),
    }


def _moves(
    interview: Interview, decision: Decision | None, recordings: list[Recording]
) -> dict[str, bool]:
    """Return what can be done in this state; who may do it is another question."""
    completed = interview.status == Status.COMPLETED
    decided = decision is not None and decision.outcome != Outcome.HOLD
    answering = interview.status in (Status.CONSENTED, Status.IN_PROGRESS)
    return {
        "can_invite": interview.status in INVITABLE and interview.channel != Channel.UPLOAD,
        "can_cancel": interview.status in INVITABLE,
        "can_upload": (answering and interview.channel == Channel.UPLOAD)
        or has_lost_recordings(interview),
        "can_score": completed
        and interview.stage in (Stage.SCORED, Stage.NOT_SCORABLE, Stage.REVIEWED, Stage.FAILED),
        "can_review": completed and not decided,
        "can_decide": completed and not decided,
        "is_completed": completed,
        "has_audio": any(row.status == RecordingStatus.STORED for row in recordings),
    }


def _steps(interview: Interview, *, reviewed: bool) -> list[dict[str, Any]]:
    """Return the way of an interview: what is done, and where it stands."""
    stage, completed = interview.stage, interview.status == Status.COMPLETED
    written = completed and stage not in (
        Stage.AWAITING_RECORDING,
        Stage.TRANSCRIBING,
        Stage.NEEDS_CONFIRMATION,
        Stage.FAILED,
    )
    done = [
        ("Invited", interview.invited_at is not None or interview.consented_at is not None),
        ("Consent", interview.consented_at is not None),
        ("Answered", completed),
        ("Transcript", written),
        (
            "Not scorable" if stage == Stage.NOT_SCORABLE else "Scored",
            written and stage != Stage.SCORING,
        ),
        ("Reviewed", reviewed),
        ("Decided", stage == Stage.DECIDED),
    ]
    if interview.channel == Channel.UPLOAD:
        done = done[1:]
    current = next((name for name, is_done in done if not is_done), "")
    return [{"name": name, "done": ok, "current": name == current} for name, ok in done]


def _quality(interview: Interview) -> dict[str, Any] | None:
    row = QualityCheck.objects.filter(interview=interview).order_by("-pk").first()
    if row is None:
        return None
    findings = [{**one, "kind": CHECK_HINTS.get(one["severity"], "Note")} for one in row.findings]
    measures = [(words(name).capitalize(), value) for name, value in row.measures.items()]
    return {
        "outcome": row.outcome,
        "title": row.get_outcome_display(),
        "is_good": row.outcome == GateOutcome.SCORABLE,
        "is_bad": row.outcome == GateOutcome.NOT_SCORABLE,
        "findings": findings,
        "measures": [(name, value) for name, value in measures if value is not None],
        "at": row.created_at,
    }


def _consents(interview: Interview) -> list[dict[str, Any]]:
    rows = interview.consents.select_related("declared_by").order_by("pk")
    return [{"row": row, "purposes": ", ".join(map(words, row.purposes))} for row in rows]


def _outcomes(decision: Decision | None) -> list[tuple[str, str]]:
    """Return what can be decided: a hold ends, it is not repeated."""
    on_hold = decision is not None and decision.outcome == Outcome.HOLD
    return [(key, name) for key, name in Outcome.choices if not (on_hold and key == Outcome.HOLD)]


def _history(interview: Interview, user: Any) -> list[Any]:
    entries = HistoryEntry.objects.for_user(user).filter(root_id=interview.pk)
    shown = entries.exclude(hidden_history(user)).select_related("actor").order_by("-id")
    return describe_all(shown[:HISTORY_SHOWN])


def _dead_work(
    interview: Interview, recordings: list[Recording], invitations: list[Any], user: Any
) -> list[dict[str, Any]]:
    """Return work of this interview that died and was not tried again since."""
    open_invitations = [row for row in invitations if row.revoked_at is None]
    calls = interview.calls.values_list("pk", flat=True)
    subjects = [interview.pk, *(row.pk for row in [*recordings, *open_invitations]), *calls]
    items = WorkItem.objects.filter(organisation=interview.organisation, subject_id__in=subjects)
    newest: dict[tuple[str, uuid.UUID], WorkItem] = {}
    for item in items.order_by("pk"):
        newest[item.kind, item.subject_id] = item
    return [
        {
            "item": item,
            "what": kind_in_words(item.kind),
            "cause": words(item.cause),
            "may_operate": may_operate(user, item),
        }
        for item in newest.values()
        if item.state == State.DEAD
    ]
