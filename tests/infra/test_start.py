"""The application starts with exactly the variables that the containers are given."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.architecture.tree import ROOT
from tests.infra.bicep.apps import Container, containers, variables
from tests.infra.bicep.values import PLACEHOLDER
from tests.infra.scenarios import GUID, run

# What Azure may answer, by the last word of the property's path.
ANSWERS = {
    "clientId": GUID,
    "immutableResourceId": GUID,
    "defaultDomain": "blue-sea-0123abcd.australiaeast.azurecontainerapps.io",
    "endpoint": "https://service.example",
    "fullyQualifiedDomainName": "db.example",
    "hostName": "service.example",
    "ConnectionString": f"InstrumentationKey={GUID};IngestionEndpoint=https://in.example/",
}
# Reads variables from stdin, a list of sets; answers with the problems of each. A child for each
# set: settings are read once in a process.
CHECKS = """
import json, os, sys
import django, rest_framework.settings, django.contrib.admin, corsheaders, openai
for number, variables in enumerate(json.load(sys.stdin)):
    if os.fork() == 0:
        os.environ |= variables
        django.setup()
        from django.core.checks import run_checks
        found = [f"{one.id} {one.msg}" for one in run_checks(tags=["talenti"])]
        os.write(1, (json.dumps([number, found]) + chr(10)).encode())
        os._exit(0)
while True:
    try:
        os.wait()
    except ChildProcessError:
        break
"""
# One container of each command, and the ways in which deployments differ.
STARTED = (
    ("staging-serving", "api"),
    ("prod-serving", "worker"),
    ("prod-canary", "sweep"),
    ("prod-other-servers", "migrate"),
)
REQUIRED = (
    "ALLOWED_HOSTS",
    "AZURE_OPENAI_ENDPOINT",
    "AZURE_SPEECH_ENDPOINT",
    "DATABASE_URL",
    "EMAIL_FROM",
    "EMAIL_URL",
    "JWT_SECRET",
    "PUBLIC_URL",
    "REDIS_URL",
    "SECRET_KEY",
)


def test_containers_start_with_exactly_what_they_are_given(tmp_path: Path) -> None:
    given = [known(started(command, scenario), scenario) for scenario, command in STARTED]
    bare = {name: value for name, value in given[0].items() if name not in REQUIRED}

    *found, missed = problems([*given, bare], tmp_path)

    assert found == [[] for _ in STARTED]
    # The same checks do see what is missing, so their silence says something.
    words = {"AZURE_OPENAI_ENDPOINT": "author", "AZURE_SPEECH_ENDPOINT": "transcriber"}
    words |= {"DATABASE_URL": "SQLite"}
    assert [name for name in REQUIRED if words.get(name, name) not in " ".join(missed)] == []


def started(command: str, scenario: str) -> Container:
    return next(one for one in containers(run(scenario)) if one.command == command)


def known(container: Container, scenario: str) -> dict[str, str]:
    found = variables(container, run(scenario))
    return {name: PLACEHOLDER.sub(lambda m: answer(m.group()), v) for name, v in found.items()}


def answer(placeholder: str) -> str:
    return ANSWERS.get(placeholder.strip("⟦⟧").rpartition(".")[2].rpartition("#")[2], "answer")


def problems(given: list[dict[str, str]], folder: Path) -> list[list[str]]:
    """Return what the system checks say to each set of variables."""
    own = {name: os.environ[name] for name in ("PATH",) if name in os.environ}
    outcome = subprocess.run(
        [sys.executable, "-c", CHECKS],
        cwd=ROOT,
        env=own | {"DJANGO_SETTINGS_MODULE": "talenti.settings", "DATA_DIR": str(folder)},
        input=json.dumps([{name: str(value) for name, value in one.items()} for one in given]),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert outcome.stderr == ""
    return [found for _, found in sorted(map(json.loads, outcome.stdout.splitlines()))]
