"""Whether the storage still holds what the rows say, as after a restore of one of the two."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.core.files.storage import storages

from recordings.models import Recording
from talenti.storage.digests import digest


class Fault(StrEnum):
    """What is wrong with a stored file."""

    MISSING = "missing"
    SIZE = "another size"
    CONTENT = "other content"


@dataclass(frozen=True, slots=True)
class Damaged:
    """A recording whose file is not what was stored."""

    recording: Recording
    fault: Fault


def damaged(*, read_all: bool = False) -> Iterator[Damaged]:
    """Yield stored recordings whose file is gone or another; `read_all` compares every byte.

    A recording that is deleted while this runs is not reported: its row is looked at again.
    """
    for row in Recording.objects.stored().select_related("organisation").iterator():
        fault = _fault(row, read_all=read_all)
        if fault and Recording.objects.stored().filter(pk=row.pk).exists():
            yield Damaged(row, fault)


def _fault(row: Recording, *, read_all: bool) -> Fault | None:
    files = storages["recordings"]
    try:
        if files.size(row.storage_name) != row.size:
            return Fault.SIZE
        if read_all and digest(files, row.storage_name).sha256 != row.sha256:
            return Fault.CONTENT
    except FileNotFoundError:
        return Fault.MISSING
    return None
