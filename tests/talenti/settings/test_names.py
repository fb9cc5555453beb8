"""Settings, docs/settings.md and .env.example speak of the same variables."""

import ast
import re
from pathlib import Path

from talenti import env

ROOT = Path(__file__).parents[3]
READERS = {
    "address",
    "amount",
    "choice",
    "connection_parts",
    "currency",
    "flag",
    "guid",
    "number",
    "phone_number",
    "redis_address",
    "secret",
    "text",
    "words",
}
ROOMS = (
    "talenti/settings",
    "talenti/management",
    "talenti/checks",
    "talenti/gunicorn_conf.py",
    "talenti/health/probe.py",  # asks before there are settings
)
ROLES = {
    "TRANSCRIBER",
    "ASSESSOR",
    "INTERVIEWER",
    "AUTHOR",
    "VOICE",
    "CALLROOM",
}  # read by the role's own name
# What the deployment guide's section 6.1 lists.
GUIDE = [
    "AZURE_OPENAI_ENDPOINT",
    "AZURE_OPENAI_API_KEY",
    "AZURE_OPENAI_API_VERSION",
    "AZURE_OPENAI_DEPLOYMENT_NAME",
    "AZURE_SPEECH_KEY",
    "AZURE_SPEECH_REGION",
    "AZURE_SPEECH_ENDPOINT",
    "AZURE_ACS_CONNECTION_STRING",
    "AZURE_STORAGE_ACCOUNT",
    "AZURE_STORAGE_ACCOUNT_KEY",
    "AZURE_STORAGE_CONTAINER",
    "AZURE_STORAGE_SAS_TTL_MINUTES",
    "DATABASE_URL",
    "JWT_SECRET",
    "JWT_ISSUER",
    "JWT_AUDIENCE",
    "ENVIRONMENT",
    "LOG_LEVEL",
    "ALLOWED_ORIGINS",
    "RATE_LIMIT_REQUESTS",
    "RATE_LIMIT_WINDOW_SECONDS",
    "RECORDING_RETENTION_DAYS",
    "MAX_RECORDING_DURATION_MINUTES",
    "APPLICATIONINSIGHTS_CONNECTION_STRING",
    "OTEL_SERVICE_NAME",
    "OTEL_EXPORTER_OTLP_ENDPOINT",
    "REDIS_URL",
    "REDIS_PASSWORD",
]


def python_files() -> list[Path]:
    return [
        path
        for room in ROOMS
        for path in ([ROOT / room] if room.endswith(".py") else (ROOT / room).rglob("*.py"))
    ]


def read_names() -> set[str]:
    """Return the names that are read, found in the syntax trees of the rooms that may read any."""
    names = set(ROLES)
    for path in python_files():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and _called(node.func) in READERS:
                names |= {
                    argument.value
                    for argument in node.args
                    if isinstance(argument, ast.Constant)
                    and isinstance(argument.value, str)
                    and re.fullmatch(r"[A-Z][A-Z0-9_]{3,}", argument.value)
                    and argument.value != "INFO"
                }
    return names - set(env.OTHER_SPELLINGS.values())


def _called(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
        return function.attr if function.value.id == "env" else ""
    return function.id if isinstance(function, ast.Name) else ""


def documented_names() -> list[str]:
    page = (ROOT / "docs/settings.md").read_text().partition("## Other spellings")[0]
    return re.findall(r"^\| ([A-Z][A-Z0-9_]+) \|", page, re.MULTILINE)


def example_names() -> list[str]:
    example = (ROOT / ".env.example").read_text()
    return re.findall(r"^# ([A-Z][A-Z0-9_]+)=", example, re.MULTILINE)


def test_every_variable_is_documented_once() -> None:
    documented = documented_names()

    assert len(documented) == len(set(documented))
    assert set(documented) == read_names()


def test_example_holds_the_same_names_in_the_same_order() -> None:
    assert example_names() == documented_names()


def test_guides_names_are_all_there() -> None:
    assert set(GUIDE) - set(documented_names()) == set()


def test_other_spellings_are_documented() -> None:
    page = (ROOT / "docs/settings.md").read_text().partition("## Other spellings")[2]
    rows = dict(re.findall(r"^\| ([A-Z_]+) \| ([A-Z_]+) \|$", page, re.MULTILINE))

    assert rows == env.OTHER_SPELLINGS


def test_nobody_else_reads_the_environment() -> None:
    found = [
        str(path.relative_to(ROOT))
        for house in ("talenti", "interviews", "recordings", "scoring")
        for path in (ROOT / house).rglob("*.py")
        if re.search(rf"\benv\.({'|'.join(READERS - {'secret'})})\(", path.read_text())
        and not str(path.relative_to(ROOT)).startswith(ROOMS)
    ]

    assert found == []


def test_example_has_no_secret() -> None:
    values = dict(
        re.findall(r"^# ([A-Z0-9_]+)=(.*)$", (ROOT / ".env.example").read_text(), re.MULTILINE)
    )

    secret = re.compile(r"(_KEY|_SECRET|_PASSWORD|CONNECTION_STRING)$|^(SECRET_KEY|REDIS_URL)$")
    assert {name: value for name, value in values.items() if secret.search(name) and value} == {}
