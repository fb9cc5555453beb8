"""Where this installation stands: on somebody's own machine, in tests, or deployed."""

import secrets
from pathlib import Path

from talenti import env

BASE_DIR = Path(__file__).resolve().parent.parent.parent
ENVIRONMENT = env.choice("ENVIRONMENT", "dev", among=("dev", "test", "staging", "prod"))
DEPLOYED = ENVIRONMENT in {"staging", "prod"}
DATA_DIR = Path(env.text("DATA_DIR", str(BASE_DIR / "data"))).resolve()


MISSING_SECRETS: list[str] = []


def secret(name: str) -> str:
    """Return a secret, on one's own machine one that is made at the first start.

    Deployed, a missing one is noted and replaced by one that nobody knows: the checks name it with
    all else that is missing, and no process serves.
    """
    value = env.text(name)
    if value:
        return value
    if DEPLOYED:
        MISSING_SECRETS.append(name)
        return secrets.token_urlsafe(48)
    return env.local_secret(DATA_DIR / "secrets" / name.lower())
