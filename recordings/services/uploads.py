"""Uploads: an address first, then the file, then the measured truth about it."""

import logging
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.files.storage import storages
from django.db import transaction
from django.utils import timezone

from interviews.models import Interview, Question, Turn
from interviews.services.conversation import mark_answered
from interviews.services.interviews import complete_interview
from interviews.states import ANSWERING, INTERVIEW, Channel
from recordings.media.facts import MediaFacts
from recordings.media.inspection import inspect_media
from recordings.models import Recording
from recordings.services.progress import has_lost_recordings
from recordings.services.refusals import (
    ADDRESS_GRACE,
    BATCH,
    give_up_earlier_takes,
    refuse_upload,
)
from recordings.services.refusals import ALIAS as ALIAS
from recordings.services.storing import mark_stored, media_limits, own_name
from recordings.signals import recording_stored
from recordings.states import RECORDING, RecordingStatus, Source, Speaker
from talenti.errors import Invalid, RetryLater, Unsuitable, WrongState
from talenti.history import SYSTEM, Actor, record
from talenti.ids import new_id
from talenti.storage.addresses import UploadAddress, upload_address
from talenti.storage.digests import Digest, digest
from talenti.storage.local import local_file
from talenti.work.rounds import timely

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class UploadPlan:
    """What the client says it will send; `sha256` is hex or empty, `size` in bytes."""

    filename: str
    content_type: str
    size: int
    sha256: str = ""
    speaker: str = Speaker.CANDIDATE
    question: Question | None = None
    turn: Turn | None = None


def announce_upload(
    interview: Interview, plan: UploadPlan, actor: Actor
) -> tuple[Recording, UploadAddress]:
    """Make the row and the signed address for one file.

    Raises WrongState unless the interview can be answered, or lost the recording of a call;
    Unsuitable for a declared size too large, Invalid for a question of another guide.
    """
    _check_plan(interview, plan)
    lifetime = timedelta(seconds=settings.SIGNED_URL_TTL_SECONDS)
    recording_id = new_id()
    name = own_name(interview, recording_id)
    with transaction.atomic():
        if plan.turn:
            Interview.objects.select_for_update().get(pk=interview.pk)
            give_up_earlier_takes(plan.turn, actor)
        row = Recording.objects.create(
            pk=recording_id,
            organisation_id=interview.organisation_id,
            interview=interview,
            question=plan.turn.question if plan.turn else plan.question,
            turn=plan.turn,
            source=Source.BROWSER if plan.turn else Source.UPLOAD,
            speaker=plan.speaker,
            filename=plan.filename,
            storage_name=name,
            declared_type=plan.content_type,
            declared_size=plan.size,
            declared_sha256=plan.sha256.lower(),
            upload_until=timezone.now() + lifetime,
        )
        record(row, "announced", actor)
    address = upload_address(
        ALIAS, name, content_type=plan.content_type, size=plan.size, ttl=lifetime
    )
    return row, address


def _check_plan(interview: Interview, plan: UploadPlan) -> None:
    if not _takes_recordings(interview):
        raise _closed(interview)
    if plan.question and plan.question.guide_id != interview.guide_id:
        raise Invalid("The question is not in this guide.", {"question": ["Not in this guide."]})
    if plan.size > settings.MAX_RECORDING_BYTES:
        raise Unsuitable(
            f"At most {settings.MAX_RECORDING_BYTES} bytes.", code="too_large", status=413
        )
    if plan.turn and plan.turn.answered_at:
        raise WrongState("This turn has its answer.")


def _takes_recordings(interview: Interview) -> bool:
    return interview.status in ANSWERING or has_lost_recordings(interview)


def _closed(interview: Interview) -> WrongState:
    return WrongState(
        f"This interview is {interview.status}: it takes no recording.",
        INTERVIEW.moves[interview.status],
    )


def complete_upload(row: Recording, actor: Actor) -> None:
    """Measure the file that arrived and store its truth, or refuse it for good.

    Raises WrongState before the file is there, after the first completion and when the interview
    is over; Unsuitable (413, 415, 422) when it cannot be taken: the row is refused then and the
    file deleted.
    """
    if row.status != RecordingStatus.PENDING:
        raise _not_waiting(row)
    if row.call_id:
        raise WrongState("The recording of a call is fetched, not uploaded.")
    if not storages[ALIAS].exists(row.storage_name):
        raise WrongState("The file has not arrived yet.", ["upload"])
    try:
        found, facts = _measure(row)
    except (FileNotFoundError, RetryLater) as error:
        row.refresh_from_db(fields=["status"])
        if row.status == RecordingStatus.PENDING:
            raise
        raise _not_waiting(row) from error  # refused, with its file, a moment ago
    except Unsuitable as refusal:
        if not refuse_upload(row, actor, code=refusal.code):
            raise _not_waiting(row) from refusal
        raise
    _store(row, found, facts, actor)


def _not_waiting(row: Recording) -> WrongState:
    return WrongState(f"This recording is {row.status}.", RECORDING.moves[row.status])


def _measure(row: Recording) -> tuple[Digest, MediaFacts]:
    # Not every storage holds senders to the size that was announced: what is larger is not read.
    if storages[ALIAS].size(row.storage_name) > row.declared_size:
        raise Unsuitable("The size is not the declared one.", code="size_mismatch", status=422)
    found = digest(storages[ALIAS], row.storage_name)
    if found.size == 0:
        raise Unsuitable("The file is empty.", code="empty", status=422)
    if found.size != row.declared_size:
        raise Unsuitable("The size is not the declared one.", code="size_mismatch", status=422)
    if row.declared_sha256 and found.sha256 != row.declared_sha256:
        raise Unsuitable("The sha256 is not the declared one.", code="sha256_mismatch", status=422)
    with local_file(ALIAS, row.storage_name) as path:
        return found, inspect_media(path, media_limits())


def _store(row: Recording, found: Digest, facts: MediaFacts, actor: Actor) -> None:
    with transaction.atomic():
        interview = Interview.objects.select_for_update().get(pk=row.interview_id)
        if not _takes_recordings(interview):
            raise _closed(interview)
        mark_stored(row, found, facts, actor)
        if row.turn is not None:
            mark_answered(row.turn, answer_ms=facts.duration_ms)
        elif _all_is_there(interview):
            complete_interview(interview, actor)
        recording_stored.send(sender=Recording, recording=row, actor=actor)


def _all_is_there(interview: Interview) -> bool:
    """Return whether uploads answer everything: one whole recording, or one for each question.

    A recording of the interviewer's voice alone answers nothing.
    """
    if interview.channel != Channel.UPLOAD:
        return False
    spoken = interview.recordings.stored().exclude(speaker=Speaker.INTERVIEWER)
    answered: set[uuid.UUID | None] = set(spoken.values_list("question_id", flat=True))
    asked = set(interview.guide.questions.values_list("pk", flat=True))
    return None in answered or asked <= answered


def abandon_uploads(now: datetime, *, limit: int = BATCH) -> int:
    """Settle uploads whose address ended an hour ago; returns how many.

    A candidate's answer that arrived in full is completed in the candidate's place; anything else
    is refused. Nothing of an interview under legal hold is touched.
    """
    late = Recording.objects.filter(
        status=RecordingStatus.PENDING,
        call__isnull=True,
        upload_until__lt=now - ADDRESS_GRACE,
        interview__legal_hold=False,
    ).order_by("upload_until")[:limit]
    return sum(_settle_late(row) for row in timely(late))


def _settle_late(row: Recording) -> bool:
    try:
        if row.turn_id and storages[ALIAS].exists(row.storage_name):
            complete_upload(row, SYSTEM)
        else:
            refuse_upload(row, SYSTEM, code="abandoned")
    except WrongState:  # answered otherwise, or the interview is over
        return refuse_upload(row, SYSTEM, code="abandoned")
    except Unsuitable:  # refused by its own fault
        return True
    except Exception:  # one upload that cannot be settled must not keep the others
        logger.exception("late upload not settled recording=%s", row.pk)
        return False
    return True
