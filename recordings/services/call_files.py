"""What a line wrote into the folder of a call: found by what it told us, and by looking there.

An event only chooses among the files of the call's own folder. No address that it names is ever
asked for anything.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, cast

from django.core.files.storage import storages

from interviews.calls.dialect import read_event
from interviews.calls.facts import Fact, FactKind
from interviews.models import Call
from interviews.services.call_addresses import recording_folder
from recordings.services.refusals import ALIAS
from talenti.storage.files import NAME

EVENT = "RecordingFileStatusUpdated"
DEEPEST = 4  # folders below the call's; lines make up to three: day, call, recording
MOST_FILES = 500
SOUND = ".wav"


@dataclass(frozen=True, slots=True)
class LineFile:
    """A file that should become a recording. `begins_at` is the line's time of its first sound.

    Without that time it goes on where the one before it ends.
    """

    name: str
    begins_at: datetime | None = None


def line_files(call: Call) -> list[LineFile]:
    """Return the call's files of sound in their order: what the line announced, then what is there.

    An announced file may not have come yet. Raises RetryLater when the storage is away.
    """
    announced = announced_files(call)
    known = {file.name for file in announced}
    found = [name for name in names_in_folder(call) if name.lower().endswith(SOUND)]
    return announced + [LineFile(name) for name in found if name not in known]


def announced_files(call: Call) -> list[LineFile]:
    """Return the files that the line told of, each once, without any look at the storage."""
    files: dict[str, LineFile] = {}
    for fact in sorted(file_facts(call), key=lambda fact: (str(fact.data["started_at"]), fact.at)):
        for file in _files_of(call, fact):
            files.setdefault(file.name, file)
    return list(files.values())


def file_facts(call: Call) -> Iterator[Fact]:
    """Yield what the line told of files, as long as the ledger still has it."""
    for entry in call.ledger.filter(type__endswith=EVENT).exclude(body=b"").order_by("position"):
        fact = read_event(bytes(entry.body), received_at=entry.received_at).fact
        if fact.kind is FactKind.FILE_READY:
            yield fact


def chunks_of(fact: Fact) -> list[Mapping[str, Any]]:
    """Return the chunks of one recording in their order."""
    chunks = cast("list[Mapping[str, Any]]", fact.data["chunks"])
    return sorted(chunks, key=lambda chunk: chunk["index"] or 0)


def names_in_folder(call: Call) -> list[str]:
    """Return the name of every file below the call's folder, in the order that people count in."""
    return names_below(recording_folder(call))


def names_below(folder: str) -> list[str]:
    """Return the name of every file below `folder`, in the order that people count in."""
    return sorted(islice(_below(folder, DEEPEST), MOST_FILES), key=_natural)


def name_in_folder(call: Call, location: str) -> str | None:
    """Return the name of the file in the call's folder that `location` means; None for others.

    A location is a name in our storage, or an address in our own container.
    """
    name = location
    if ":" in location:
        name_at = getattr(storages[ALIAS], "name_at", None)
        name = (name_at and name_at(location)) or ""
    inside = name.startswith(f"{recording_folder(call)}/")
    return name if inside and NAME.fullmatch(name) else None


def _files_of(call: Call, fact: Fact) -> Iterator[LineFile]:
    told = str(fact.data["started_at"])
    begins_at = datetime.fromisoformat(told) if told else None
    for place, chunk in enumerate(chunks_of(fact)):
        name = name_in_folder(call, str(chunk["content"]))
        if name:
            yield LineFile(name, None if place else begins_at)


def _below(folder: str, depth: int) -> Iterator[str]:
    try:
        folders, files = storages[ALIAS].listdir(folder)
    except FileNotFoundError:
        return
    for name in files:
        if NAME.fullmatch(f"{folder}/{name}"):
            yield f"{folder}/{name}"
    for name in folders if depth else ():
        if NAME.fullmatch(f"{folder}/{name}"):
            yield from _below(f"{folder}/{name}", depth - 1)


def _natural(name: str) -> list[tuple[int, str]]:
    """Return what makes file 10 come after file 9."""
    parts = re.split(r"(\d+)", name)
    return [(int(part), "") if part.isdecimal() else (0, part) for part in parts]
