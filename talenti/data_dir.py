"""The lock on DATA_DIR: one process works on it at a time."""

import fcntl
import os
from typing import IO

from django.conf import settings


class DataDirTaken(Exception):
    """Another process holds DATA_DIR; the text says which."""


def hold_data_dir() -> IO[str]:
    """Hold DATA_DIR for as long as the returned file is open; raises DataDirTaken.

    The kernel ends the lock with the process, however it ends, and no child inherits it.
    """
    folder = settings.DATA_DIR
    folder.mkdir(parents=True, exist_ok=True)
    held: IO[str] = (folder / "serve.lock").open("a+", encoding="ascii")
    try:
        fcntl.lockf(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        held.seek(0)
        holder = held.read().strip() or "unknown"
        held.close()
        message = (
            f"Talenti already runs on {folder} (process {holder}). "
            "Stop it first, or choose another DATA_DIR."
        )
        raise DataDirTaken(message) from error
    held.truncate(0)
    held.write(str(os.getpid()))
    held.flush()
    return held
