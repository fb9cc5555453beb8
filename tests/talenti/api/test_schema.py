"""The OpenAPI schema and its page."""

import json
import subprocess
import sys
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from tests.talenti.api.routes import find_routes

START = """
import sys, django
django.setup()
from django.urls import get_resolver
get_resolver().url_patterns
assert "talenti.api.urls" in sys.modules
print("drf_spectacular.openapi" in sys.modules, "drf_spectacular.generators" in sys.modules)
"""


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
