"""Stored files as local paths, for programs that read files."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.files.storage import storages

CHUNK = 1024**2


@contextmanager
def local_file(alias: str, name: str) -> Iterator[Path]:
    """Yield a path with the stored file's bytes; a copy from elsewhere is removed afterwards.

    Raises FileNotFoundError when the storage does not have it.
    """
    here = _own_path(alias, name)
    if here is not None:
        yield here
        return
    with tempfile.NamedTemporaryFile(prefix="talenti-") as copy:
        with storages[alias].open(name) as stored:
            shutil.copyfileobj(stored, copy, CHUNK)
        copy.flush()
        yield Path(copy.name)


def _own_path(alias: str, name: str) -> Path | None:
    try:
        return Path(storages[alias].path(name))
    except NotImplementedError:  # not a file system
        return None
