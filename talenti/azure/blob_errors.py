"""Faults of Blob Storage in the words that files and work already have."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from talenti.errors import RetryLater

if TYPE_CHECKING:
    from azure.core.exceptions import AzureError

logger = logging.getLogger(__name__)


@contextmanager
def told_apart() -> Iterator[None]:
    """Raise FileNotFoundError, FileExistsError or RetryLater for the SDK's errors.

    Also a refused key is repaired some time: no work is given up for it, and readiness shows it.

    The provider's own text stays out: it repeats addresses, and those hold signatures.
    """
    from azure.core.exceptions import AzureError

    try:
        yield
    except AzureError as error:
        raise translated(error) from None


def translated(error: "AzureError") -> Exception:
    """Return what the error means to us."""
    code = str(getattr(error, "error_code", "") or type(error).__name__)
    if code == "BlobNotFound":
        return FileNotFoundError("The file is not in the storage.")
    if code in {"BlobAlreadyExists", "UnauthorizedBlobOverwrite"}:
        return FileExistsError("A file of this name is in the storage.")
    status = getattr(error, "status_code", None) or 0
    logger.warning("provider fault vendor=blob status=%s code=%s", status, code)
    return RetryLater("The file storage is away.")
