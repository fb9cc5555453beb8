"""The OpenAPI schema and its page."""

import copy
import json
import subprocess
import sys
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from jsonschema import Draft202012Validator, FormatChecker  # type: ignore[import-untyped]

from tests.people import People, candidate_client, client_for
from tests.rows import make_interview, make_invitation, make_job
from tests.talenti.api.matrix import address, make_rows
from tests.talenti.api.routes import find_routes

START = """
import sys, django
django.setup()
from django.urls import get_resolver
get_resolver().url_patterns
assert "talenti.api.urls" in sys.modules
print("drf_spectacular.openapi" in sys.modules, "drf_spectacular.generators" in sys.modules)
"""


READING = sorted(
    route.path
    for route in find_routes()
    if "GET" in route.methods and not route.path.startswith("session")
)
# Answers that need a stored file or a finished story: tested where these are made.
NOT_YET = {"recordings/<uuid:pk>/url"}


@pytest.fixture(scope="module")
def schema() -> Any:
    """The schema as it is served."""
    answer = Client().get("/api/schema/")
    assert answer.status_code == 200
    return json.loads(answer.content)


def test_schema_is_valid_and_without_warnings(tmp_path: Any) -> None:
    file = tmp_path / "schema.yaml"

    call_command("spectacular", validate=True, fail_on_warn=True, file=str(file))

    assert file.read_text().startswith("openapi: 3")


def test_schema_has_every_call(schema: Any) -> None:
    described = {
        (method.upper(), path) for path, calls in schema["paths"].items() for method in calls
    }
    served = {
        (method, "/api/v1/" + route.path.replace("<uuid:", "{").replace(">", "}"))
        for route in find_routes()
        for method in route.methods
    }

    assert {(method, path.replace("{pk}", "{id}")) for method, path in served} == {
        (method, path.replace("{pk}", "{id}")) for method, path in described
    }


def test_refusals_are_problem_documents(schema: Any) -> None:
    answers = [
        (path, status, list(answer["content"]))
        for path, calls in schema["paths"].items()
        for call in calls.values()
        for status, answer in call["responses"].items()
        if int(status) >= 400
    ]

    assert [answer for answer in answers if answer[2] != ["application/problem+json"]] == []
    assert len(answers) > 100


def test_calls_name_the_scheme_that_lets_in(schema: Any) -> None:
    paths = schema["paths"]

    assert sorted(schema["components"]["securitySchemes"]) == ["bearer", "invitation"]
    assert paths["/api/v1/interviews"]["get"]["security"] == [{"bearer": []}]
    assert paths["/api/v1/session"]["get"]["security"] == [{"invitation": []}]
    assert "security" not in paths["/api/v1/auth/token"]["post"]


def test_operations_have_their_own_names(schema: Any) -> None:
    names = [call["operationId"] for calls in schema["paths"].values() for call in calls.values()]

    assert len(names) == len(set(names))


@pytest.mark.parametrize("path", ["/api/docs", "/api/docs/"])
def test_page_comes_from_our_own_files_alone(path: str) -> None:
    answer = Client().get(path)

    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'data-schema="/api/schema"' in page
    assert "//" not in page.replace("<!doctype", "")
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]


def test_generator_is_not_loaded_at_the_start(data_dir: Any) -> None:
    done = subprocess.run(
        [sys.executable, "-c", START],
        env={
            "DJANGO_SETTINGS_MODULE": "talenti.settings",
            "DATA_DIR": str(data_dir),
            "ENVIRONMENT": "test",
        },
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )

    assert done.stdout.split() == ["False", "False"]


@pytest.mark.parametrize("path", [path for path in READING if path not in NOT_YET])
def test_answers_of_members_are_as_described(path: str, schema: Any, people: People) -> None:
    ids = make_rows(people.home)
    described = "/api/v1/" + path.replace("<uuid:", "{").replace(">", "}")

    answer = client_for(people.olive).get(address(path, ids))

    assert answer.status_code == 200
    assert faults(schema, described.replace("{pk}", "{id}"), "get", answer.json()) == []


@pytest.mark.parametrize("channel", ["browser", "phone"])
def test_session_is_as_described(schema: Any, people: People, channel: str) -> None:
    token = make_invitation(make_interview(people.home, channel=channel))[1]

    answer = candidate_client(token).get("/api/v1/session")

    assert faults(schema, "/api/v1/session", "get", answer.json()) == []


def test_created_interview_is_as_described(schema: Any, people: People) -> None:
    row = make_interview(people.home)
    body = {"job": str(row.job_id), "candidate": {"name": "Erik"}, "channel": "phone"}

    answer = client_for(people.alice).post("/api/v1/interviews", body)

    assert faults(schema, "/api/v1/interviews", "post", answer.json(), status="201") == []


@pytest.mark.parametrize(("author", "status"), [("offline", 201), ("azure", 202)])
@pytest.mark.usefixtures("azure_openai")
def test_drafts_are_as_described(
    author: str, status: int, schema: Any, people: People, settings: Any
) -> None:
    settings.ENGINES = settings.ENGINES | {"author": author}
    job = make_job(people.home, description="You repair lifts.")

    answer = client_for(people.alice).post("/api/v1/guides/draft", {"job": str(job.pk)})

    shown = faults(schema, "/api/v1/guides/draft", "post", answer.json(), status=str(status))
    assert (answer.status_code, shown) == (status, [])


def test_draft_that_is_not_stored_is_as_described(schema: Any, people: People) -> None:
    answer = client_for(people.alice).post("/api/v1/guides/draft", {"title": "Fitter"})

    assert faults(schema, "/api/v1/guides/draft", "post", answer.json(), status="201") == []


def faults(schema: Any, path: str, method: str, answer: Any, *, status: str = "200") -> list[str]:
    """Return where an answer is not as described; fields that are not described count, too."""
    whole = strict(copy.deepcopy(schema))
    call = whole["paths"][path][method]
    shape = call["responses"][status]["content"]["application/json"]["schema"]
    validator = Draft202012Validator(
        {**shape, "components": whole["components"]}, format_checker=FormatChecker()
    )
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(answer)]


def strict(part: Any) -> Any:
    """Return a schema of OpenAPI 3.0 as one of JSON Schema in which objects are closed."""
    if isinstance(part, list):
        return [strict(inner) for inner in part]
    if not isinstance(part, dict):
        return part
    found = {name: strict(inner) for name, inner in part.items()}
    if found.get("type") == "object" and isinstance(found.get("properties"), dict):
        found.setdefault("additionalProperties", False)
    if found.pop("nullable", None) is True:
        return {"anyOf": [found, {"type": "null"}]}
    return found


def test_field_that_is_not_described_is_a_fault(schema: Any) -> None:
    answer: dict[str, Any] = {"results": [], "next": None, "previous": None, "count": 5}

    found = faults(schema, "/api/v1/interviews", "get", answer)

    assert len(found) == 1
    assert "count" in found[0]
