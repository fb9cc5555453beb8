"""Azure OpenAI (AZURE_OPENAI_ENDPOINT), or any server of its protocol (OPENAI_BASE_URL)."""

from decimal import Decimal, InvalidOperation

from django.core.exceptions import ImproperlyConfigured

from talenti import env
from talenti.settings.environment import DEPLOYED


def _prices(listed: str) -> dict[str, tuple[Decimal, Decimal]]:
    """Return for each model the price of a million tokens in and out."""
    table = {}
    for entry in filter(None, map(str.strip, listed.split(","))):
        model, _, prices = entry.partition("=")
        into, _, out = prices.partition("/")
        table[model.strip()] = (_price(into), _price(out))
    return table


def _price(text: str) -> Decimal:
    try:
        price = Decimal(text.strip())
    except InvalidOperation:
        price = Decimal("NaN")
    if not price.is_finite() or price < 0:
        message = "OPENAI_PRICES must read model=in/out, model=in/out (per million tokens)."
        raise ImproperlyConfigured(message)
    return price


def _temperature(text: str) -> float | None:
    if text == "none":  # some models take no temperature at all
        return None
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 2:
        raise ImproperlyConfigured("OPENAI_TEMPERATURE must be none, or a number from 0 to 2.")
    return value


def _samples() -> int:
    samples = env.number("ASSESSOR_SAMPLES", 1, least=1, most=9)
    if samples % 2 == 0:
        raise ImproperlyConfigured("ASSESSOR_SAMPLES must be odd: the median is a level then.")
    return samples


AZURE_CLIENT_ID = env.text("AZURE_CLIENT_ID")  # of the managed identity; empty: the system's own
AZURE_OPENAI_ENDPOINT = env.text("AZURE_OPENAI_ENDPOINT").rstrip("/")
AZURE_OPENAI_API_KEY = env.text("AZURE_OPENAI_API_KEY")  # empty: managed identity
AZURE_OPENAI_API_VERSION = env.text("AZURE_OPENAI_API_VERSION", "2024-02-15-preview")
AZURE_OPENAI_DEPLOYMENT_NAME = env.text(
    "AZURE_OPENAI_DEPLOYMENT_NAME", env.text("AZURE_OPENAI_DEPLOYMENT", "gpt-4o")
)
OPENAI_BASE_URL = env.text("OPENAI_BASE_URL").rstrip("/")
OPENAI_API_KEY = env.text("OPENAI_API_KEY")
OPENAI_MODEL = env.text("OPENAI_MODEL", "gpt-4o")
# US dollars; a model that is not listed costs 0, and its scorecard says that the price is unknown.
OPENAI_PRICES = _prices(
    env.text(
        "OPENAI_PRICES", "gpt-4o=2.50/10,gpt-4o-mini=0.15/0.60,gpt-4.1=2/8,gpt-4.1-mini=0.40/1.60"
    )
)
OPENAI_TEMPERATURE = _temperature(env.text("OPENAI_TEMPERATURE", "0"))
# The whole of one call; below half of the lease of the work that makes it (180 s).
OPENAI_TIMEOUT_SECONDS = env.number("OPENAI_TIMEOUT_SECONDS", 45, least=1, most=85)
INTERVIEWER_TIMEOUT_SECONDS = env.number("INTERVIEWER_TIMEOUT_SECONDS", 3, least=1, most=10)
ASSESSOR_SAMPLES = _samples()


def openai_engine(role: str) -> str:
    """Return the engine of `role`: the one named, else azure where an endpoint is set.

    In staging and prod an offline engine has to be named, so without both there is none.
    """
    reachable = bool(AZURE_OPENAI_ENDPOINT or OPENAI_BASE_URL)
    unnamed = "azure" if reachable else "" if DEPLOYED else "offline"
    return env.text(role.upper(), unnamed)
