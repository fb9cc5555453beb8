"""What a line wrote into the folder of a call: found by what it told us, and by looking there.

An event only chooses among the files of the call's own folder. No address that it names is ever
asked for anything: often it is where the provider keeps a copy of its own.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
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
SHORTEST_ID = 8
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


@dataclass(frozen=True, slots=True)
class Announced:
    """A file that the line told of: by its name, where it told one that is ours, or by an id."""

    name: str | None
    document_id: str
    begins_at: datetime | None

    def among(self, names: Iterable[str]) -> str | None:
        """Return which of these files it is. Lines write the id into the name."""
        by_id = len(self.document_id) >= SHORTEST_ID
        for name in names:
            if name == self.name or (by_id and self.document_id in name.rpartition("/")[2]):
                return name
        return None


def line_files(call: Call) -> list[LineFile]:
    """Return the sound in the call's folder: what was announced in its order, then the others.

    Raises RetryLater when the storage is away.
    """
    names = [name for name in names_in_folder(call) if name.lower().endswith(SOUND)]
    begins = {name: told.begins_at for told in announced_files(call) if (name := told.among(names))}
    ordered = [*begins, *(name for name in names if name not in begins)]
    return [LineFile(name, begins.get(name)) for name in ordered]


def lacks_announced(call: Call, names: Collection[str]) -> bool:
    """Return whether the line announced a file that is not among these."""
    announced = announced_files(call)
    named = {told.name for told in announced if told.name}
    return len(announced) > len(names) or not named <= set(names)


def announced_files(call: Call) -> list[Announced]:
    """Return the files that the line told of, each once, without any look at the storage."""
    files: dict[str, Announced] = {}
    for fact in sorted(file_facts(call), key=lambda fact: (str(fact.data["started_at"]), fact.at)):
        told_at = str(fact.data["started_at"])
        begins_at = datetime.fromisoformat(told_at) if told_at else None
        for place, chunk in enumerate(chunks_of(fact)):
            name = name_in_folder(call, chunk["content"])
            told = Announced(name, chunk["document_id"], None if place else begins_at)
            files.setdefault(told.document_id or chunk["content"], told)
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
