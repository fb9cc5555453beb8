"""Fetching what a line recorded: copied, measured and ours first, deleted there only then.

Every step may be repeated: who dies in between leaves a row that waits, a file under that row's
name, or files of the line that are deleted by whoever comes next.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

from django.core.files import File
from django.core.files.storage import storages
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from interviews.callroom.protocol import Callroom
from interviews.models import Call, Interview
from recordings.media.facts import MediaFacts
from recordings.media.harness import unsuitable
from recordings.media.inspection import inspect_media
from recordings.models import Recording
from recordings.services.call_files import (
    SOUND,
    LineFile,
    chunks_of,
    file_facts,
    lacks_announced,
    line_files,
    names_in_folder,
)
from recordings.services.progress import settle
from recordings.services.refusals import ALIAS
from recordings.services.storing import call_limits, mark_stored, own_name
from recordings.signals import recording_stored
from recordings.states import RECORDING, RecordingStatus, Source
from talenti.connections import release_connections
from talenti.engines import engine
from talenti.errors import PermanentFailure, RetryLater, Unsuitable
from talenti.history import SYSTEM, move, record
from talenti.ids import new_id
from talenti.storage.digests import Digest, digest, digest_of
from talenti.storage.local import local_file

PATIENCE = timedelta(hours=16)  # the line keeps its copy 24: a person has 8 to save it
PAUSES = ((timedelta(minutes=10), 15.0), (timedelta(hours=1), 60.0))
LONGEST_PAUSE = 600.0  # seconds
LOST = "recording_lost"
LONGEST_AHEAD = timedelta(days=1)
MILLISECOND = timedelta(milliseconds=1)


def fetch_recording(call: Call) -> None:
    """Store every file of the call's recording, then say in its row that all of it is with us.

    Raises RetryLater while files are missing, empty or still growing, or a storage is away;
    PermanentFailure with the code of the first file that was refused, or `recording_lost` when
    nothing came in 16 hours.
    """
    with _patience(call):
        _fetch_all(call, [(file, _size(file.name)) for file in _files_to_fetch(call)])
        if call.recordings.filter(status=RecordingStatus.PENDING).exists():
            raise RetryLater("A file is gone before it was stored.")
    with transaction.atomic():
        missing = Call.objects.without_recording().filter(pk=call.pk)
        if missing.update(recording_stored_at=timezone.now()):
            record(call, "recording_stored", SYSTEM)
            settle(call.interview_id)


def delete_copies(call: Call) -> None:
    """Delete what the line wrote and is ours now, at last what it wrote about it.

    Files that nobody has stored stay. Raises RetryLater, and PermanentFailure as the callroom does.
    """
    release_connections()
    files = storages[ALIAS]
    for row in call.recordings.taken().exclude(status=RecordingStatus.PENDING):
        files.delete(row.line_name)
    left = names_in_folder(call)
    if not any(name.lower().endswith(SOUND) for name in left):
        for name in left:
            files.delete(name)
    callroom: Callroom = engine("callroom")
    if callroom.name == call.engine:
        for location in _locations(call):
            callroom.delete_copy(location)


def expect_no_more(call: Call) -> None:
    """Raise RetryLater when the line announced another file while the others were fetched."""
    if lacks_announced(call, set(call.recordings.values_list("line_name", flat=True))):
        raise RetryLater("The line has announced another file.", counts=False)


@contextmanager
def _patience(call: Call) -> Iterator[None]:
    """Try for 16 hours, whatever it is that is not there; no attempt is spent on that."""
    try:
        yield
    except (RetryLater, FileNotFoundError) as wish:
        waited = timezone.now() - (call.ended_at or call.recording_started_at or call.created_at)
        if waited > PATIENCE:
            raise _lost(call) from wish
        asked = getattr(wish, "after_seconds", None) or 0.0
        pause = next((pause for age, pause in PAUSES if waited < age), LONGEST_PAUSE)
        raise RetryLater(
            "The recording is not there yet.", after_seconds=max(asked, pause), counts=False
        ) from wish


def _lost(call: Call) -> PermanentFailure:
    for row in call.recordings.filter(status=RecordingStatus.PENDING):
        _refuse(row, LOST)
    return PermanentFailure("The recording of this call has not come.", code=LOST)


def _refuse(row: Recording, code: str) -> None:
    move(row, RECORDING, RecordingStatus.REFUSED, SYSTEM, reason=code, refusal=code)


def _files_to_fetch(call: Call) -> list[LineFile]:
    """Return the files that are no recordings yet; RetryLater before all of them are there."""
    done = set(
        call.recordings.taken()
        .exclude(status=RecordingStatus.PENDING)
        .values_list("line_name", flat=True)
    )
    files = line_files(call)
    names = done | {file.name for file in files}
    if not names or lacks_announced(call, names):
        raise RetryLater("The line has not written everything yet.")
    return [file for file in files if file.name not in done]


def _size(name: str) -> int:
    """Return the size. An empty file is one that has not arrived (azure-sdk-for-python#33415)."""
    size = storages[ALIAS].size(name)
    if size == 0:
        raise RetryLater("The file is still empty.")
    return size


def _fetch_all(call: Call, files: list[tuple[LineFile, int]]) -> None:
    """Make each file a recording; one that is refused keeps nobody else's from coming."""
    refused: Unsuitable | None = None
    for file, size in files:
        row = _announce(call, file, size)
        try:
            _fetch(row, file, size)
        except Unsuitable as refusal:
            _refuse(row, refusal.code)
            refused = refused or refusal
        except RetryLater:
            if refused is None:
                raise
            break
    if refused is not None:
        raise PermanentFailure(refused.message, code=refused.code)


def _announce(call: Call, file: LineFile, size: int) -> Recording:
    """Write the row that waits for the file, so that no copy ever lies there without one."""
    with transaction.atomic():
        Call.objects.select_for_update().get(pk=call.pk)
        known = call.recordings.taken().filter(line_name=file.name).first()
        if known is not None:
            found: Recording = known
            return found
        recording_id, chunk = new_id(), _chunk(call, file)
        row = Recording.objects.create(
            pk=recording_id,
            organisation_id=call.organisation_id,
            interview_id=call.interview_id,
            call=call,
            chunk=chunk,
            line_name=file.name,
            source=Source.PHONE,
            filename=f"call-{chunk + 1}.wav",
            storage_name=own_name(call.interview, recording_id),
            declared_type="audio/wav",
            declared_size=size,
            upload_until=timezone.now(),  # nobody else can bring it
        )
        record(row, "announced", SYSTEM)
    return row


def _chunk(call: Call, file: LineFile) -> int:
    """Return the file's number, the next one unless it was refused before."""
    refused = call.recordings.filter(line_name=file.name).first()
    if refused is not None:
        return int(refused.chunk)
    last = call.recordings.aggregate(last=Max("chunk"))["last"]
    return 0 if last is None else int(last) + 1


def _fetch(row: Recording, file: LineFile, size: int) -> None:
    limits = call_limits()
    if size > limits.max_bytes:
        raise unsuitable("too_large", megabytes=limits.max_bytes // 1_000_000)
    release_connections()
    with local_file(ALIAS, file.name) as path:
        with path.open("rb") as content:
            found = digest_of(content)
        if found.size != size:
            raise RetryLater("The file is still being written.")
        facts = inspect_media(path, limits)
        _copy(path, row.storage_name, found)
    _store(row, file, found, facts)


def _copy(path: Path, name: str, found: Digest) -> None:
    """Write our own copy, and read back that it is one; an earlier try may have left it there."""
    files = storages[ALIAS]
    if not files.exists(name):
        with path.open("rb") as source, suppress(FileExistsError):  # of a worker that was slower
            files.save(name, File(source))
    if digest(files, name) != found:
        files.delete(name)
        raise RetryLater("The copy is not what the line wrote.")


def _store(row: Recording, file: LineFile, found: Digest, facts: MediaFacts) -> None:
    with transaction.atomic():
        call = Call.objects.select_for_update().get(pk=row.call_id)
        Interview.objects.select_for_update().get(pk=row.interview_id)
        row.refresh_from_db(fields=["status"])
        if row.status != RecordingStatus.PENDING:  # by another worker, whose claim was taken over
            return
        Recording.objects.filter(pk=row.pk).update(offset_ms=_offset_ms(call, row, file))
        mark_stored(row, found, facts, SYSTEM)
        recording_stored.send(sender=Recording, recording=row, actor=SYSTEM)


def _offset_ms(call: Call, row: Recording, file: LineFile) -> int | None:
    """Return where the file begins on the clock of the call's recording; None if unknown."""
    if file.begins_at and call.recording_started_at:
        ahead = file.begins_at - call.recording_started_at
        return max(round(ahead / MILLISECOND), 0) if ahead < LONGEST_AHEAD else None
    if row.chunk == 0:
        return 0
    before = call.recordings.taken().filter(chunk=(row.chunk or 0) - 1).first()
    if before is None or before.offset_ms is None or before.duration_ms is None:
        return None
    return int(before.offset_ms + before.duration_ms)


def _locations(call: Call) -> list[str]:
    told = (str(chunk["delete"]) for fact in file_facts(call) for chunk in chunks_of(fact))
    return list(dict.fromkeys(location for location in told if location))
