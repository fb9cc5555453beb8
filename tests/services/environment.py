"""The environment every test process has, set before Django reads its settings.

Nothing of the developer's own installation takes part: not its data folder, not its Redis, not its
mail, not its providers. Only DATABASE_URL is passed through, to run the suite on PostgreSQL.
"""

import os
import shutil
import tempfile
from pathlib import Path

from django.conf import settings

OWN_INSTALLATION = ("EMAIL_FILE_PATH", "EMAIL_URL", "PORT", "PUBLIC_URL", "REDIS_URL")
ROLES = ("TRANSCRIBER", "ASSESSOR", "INTERVIEWER", "AUTHOR", "VOICE", "CALLROOM")
PROVIDERS = ("ACS_", "AZURE_", "OPENAI_", *ROLES)


def prepare_environment() -> Path:
    """Set the variables, read the settings, return the data folder of this process alone.

    Raises RuntimeError when Django has read its settings already: they would name other folders.
    """
    if settings.configured:
        raise RuntimeError("Run the tests without DJANGO_SETTINGS_MODULE: they set it themselves.")
    for name in list(os.environ):
        if name in OWN_INSTALLATION or name.startswith(PROVIDERS):
            del os.environ[name]
    folder = Path(tempfile.mkdtemp(prefix="talenti-data-"))
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "talenti.settings",
        "ENVIRONMENT": "test",
        "DATA_DIR": str(folder),
    }
    return Path(settings.DATA_DIR)


def hide_environment() -> None:
    """Let parallel workers, which inherit the variables, begin as this process did."""
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)


def remove_environment(folder: Path) -> None:
    """Delete the data folder with everything the tests left in it."""
    shutil.rmtree(folder, ignore_errors=True)
