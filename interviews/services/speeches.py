"""Questions read aloud: said once for each organisation, text and voice, then played from storage.

The engine is asked between transactions by whoever holds the row's claim; everybody else comes
again in a moment.
"""

import hashlib
import json
import logging
from datetime import datetime, timedelta
from typing import Literal

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db.models import Q, QuerySet
from django.utils import timezone

from interviews.models import Interview, Speech, Turn
from interviews.states import ANSWERING, INTERVIEW
from interviews.voice.protocol import Sound, Voice
from talenti.connections import release_connections
from talenti.engines import engine
from talenti.errors import PermanentFailure, RetryLater, WrongState
from talenti.models import Organisation
from talenti.storage.addresses import FileAddress, file_address
from talenti.work.rounds import timely

logger = logging.getLogger(__name__)
ALIAS = "recordings"
CLAIM = timedelta(seconds=45)  # longer than an engine and the storage may take together
WAIT_SECONDS = 2.0
BATCH = 200
Reader = Literal["audio", "browser", "none"]


def reader_of(interview: Interview) -> Reader:
    """Return who reads this interview's questions aloud when asked: we, the browser, or nobody."""
    voice: Voice = engine("voice")
    if not voice.voice_of(interview.language):
        return "none"
    return "audio" if voice.synthesises else "browser"


def speech_address(turn: Turn) -> FileAddress | None:
    """Return where the open question can be heard; None when the candidate's browser reads it.

    Raises WrongState for a turn that is not asked now, PermanentFailure where no voice speaks the
    language or the provider refuses, RetryLater while it is being said or the provider is away.
    """
    interview = turn.interview
    if turn.answered_at or interview.status not in ANSWERING:
        raise WrongState("This question is not asked now.", INTERVIEW.moves[interview.status])
    voice: Voice = engine("voice")
    name = voice.voice_of(interview.language)
    if not name:
        raise PermanentFailure("No voice speaks this language.", code="language_not_supported")
    if not voice.synthesises:
        return None
    row = _row(turn, voice, name)
    if not _is_there(row):
        _say(row, turn, voice)
    return file_address(
        ALIAS,
        row.storage_name,
        media_type=row.media_type,
        ttl=timedelta(seconds=settings.SIGNED_URL_TTL_SECONDS),
    )


def digest_of(voice: Voice, name: str, language: str, text: str) -> str:
    """Return the sha256 (hex) of everything that decides how a text sounds."""
    said = json.dumps([voice.name, name, language.replace("_", "-").lower(), text])
    return hashlib.sha256(said.encode()).hexdigest()


def _row(turn: Turn, voice: Voice, name: str) -> Speech:
    """Return the row of this text, and note that somebody wants to hear it."""
    digest = digest_of(voice, name, turn.interview.language, turn.text)
    now = timezone.now()
    row, is_new = Speech.objects.get_or_create(
        organisation_id=turn.organisation_id,
        digest=digest,
        defaults={
            "engine": voice.name,
            "voice": name,
            "storage_name": f"{turn.organisation_id}/speech/{digest}",
            "used_at": now,
        },
    )
    if not is_new:
        Speech.objects.filter(pk=row.pk).update(used_at=now)
    found: Speech = row
    return found


def _is_there(row: Speech) -> bool:
    """Return whether the file is there. One that went missing is forgotten, to be said again."""
    if row.stored_at is None:
        return False
    if storages[ALIAS].exists(row.storage_name):
        return True
    logger.warning("speech is gone from the storage speech=%s", row.pk)
    Speech.objects.filter(pk=row.pk, stored_at=row.stored_at).update(stored_at=None)
    return False


def _say(row: Speech, turn: Turn, voice: Voice) -> None:
    """Have it said by whoever takes the claim; RetryLater for the others."""
    claim = timezone.now() + CLAIM
    free = Q(claimed_until__isnull=True) | Q(claimed_until__lt=timezone.now())
    if not Speech.objects.filter(free, pk=row.pk, stored_at__isnull=True).update(
        claimed_until=claim
    ):
        row.refresh_from_db()
        if row.stored_at is None:
            raise RetryLater("The question is being prepared.", after_seconds=WAIT_SECONDS)
        return
    mine = Speech.objects.filter(pk=row.pk, claimed_until=claim)
    release_connections()
    try:
        sound = voice.speak(turn.text, language=turn.interview.language)
        _keep(row.storage_name, sound)
    except BaseException:
        mine.update(claimed_until=None)
        raise
    row.media_type, row.size, row.stored_at = sound.media_type, len(sound.content), timezone.now()
    mine.update(
        media_type=row.media_type, size=row.size, stored_at=row.stored_at, claimed_until=None
    )


def _keep(name: str, sound: Sound) -> None:
    """Store the file; one that somebody left there before they died makes way.

    Raises RetryLater when one comes meanwhile: from somebody whose claim ended before they did, or
    from our own request, whose answer was lost.
    """
    storages[ALIAS].delete(name)
    file = ContentFile(sound.content)
    file.content_type = sound.media_type  # type: ignore[attr-defined]  # what storages ask for
    try:
        storages[ALIAS].save(name, file)
    except FileExistsError:
        raise RetryLater("The question is being prepared.", after_seconds=WAIT_SECONDS) from None


def forget_speeches(now: datetime, *, limit: int = BATCH) -> int:
    """Delete what nobody listened to for as long as the organisation keeps recordings.

    Returns how many went. A follow-up may hold words of an answer: it must not outlive that.
    """
    unheard = (
        row
        for organisation in Organisation.objects.order_by("pk")
        for row in _unheard(organisation, now)[:limit]
    )
    return sum(_forget(row, now) for row in timely(unheard))


def _unheard(organisation: Organisation, now: datetime) -> QuerySet[Speech]:
    days = organisation.retention_days or settings.RECORDING_RETENTION_DAYS
    return Speech.objects.filter(
        organisation=organisation, used_at__lt=now - timedelta(days=days)
    ).order_by("used_at")


def _forget(row: Speech, now: datetime) -> bool:
    """Take the claim, then the file, then the row: who clicks meanwhile has it said again."""
    free = Q(claimed_until__isnull=True) | Q(claimed_until__lt=now)
    still = Speech.objects.filter(free, pk=row.pk, used_at=row.used_at)
    if not still.update(stored_at=None, claimed_until=now + CLAIM):
        return False
    try:
        storages[ALIAS].delete(row.storage_name)
    except Exception:  # one file that cannot be deleted must not keep the others
        logger.exception("speech not deleted speech=%s", row.pk)
        return False
    return bool(Speech.objects.filter(pk=row.pk, claimed_until=now + CLAIM).delete()[0])
