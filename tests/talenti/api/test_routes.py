"""What holds for every route of the API, whoever writes it."""

import re
import uuid
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from talenti.api.permissions import Anyone, Deny
from talenti.api.views import ApiView, TenantView
from tests.people import People, client_for
from tests.talenti.api.routes import Route, find_routes

OPEN = {"auth/token", "auth/token/refresh", "auth/token/verify", "auth/logout"}


def calls() -> list[tuple[str, str]]:
    return [(method, route.path) for route in find_routes() for method in route.methods]


def of_members() -> dict[str, Route]:
    return {route.path: route for route in find_routes() if issubclass(route.view, TenantView)}


def about_rows() -> list[tuple[str, str]]:
    """Return members' calls about one row."""
    return [(method, path) for method, path in calls() if "<" in path and path in of_members()]


def address(path: str) -> str:
    return "/api/v1/" + re.sub(r"<uuid:\w+>", lambda _: str(uuid.uuid4()), path)


def test_walk_finds_the_routes() -> None:
    paths = {route.path for route in find_routes()}

    assert {"auth/token", "interviews", "interviews/<uuid:pk>", "session"} <= paths


def test_every_view_is_ours_and_says_who_may_use_it() -> None:
    wrong = [
        route.path
        for route in find_routes()
        if route.view is None
        or not issubclass(route.view, ApiView)
        or not route.view.permission_classes
        or Deny in route.view.permission_classes
    ]

    assert wrong == []


def test_only_sign_in_is_open_to_everybody() -> None:
    found = {route.path for route in find_routes() if Anyone in route.view.permission_classes}

    assert found == OPEN


def test_every_handler_is_described() -> None:
    bare = [
        (method, route.path)
        for route in find_routes()
        for method in route.methods
        if not hasattr(route.handler(method), "doc")
    ]

    assert bare == []


def test_every_creating_call_of_members_takes_an_idempotency_key() -> None:
    forgetful = [
        route.path
        for route in find_routes()
        if "POST" in route.methods
        and issubclass(route.view, TenantView)
        and route.handler("POST").doc.status == 201
        and not getattr(route.handler("POST"), "idempotent", False)
    ]

    assert forgetful == []


def test_view_without_a_permission_stops_the_start() -> None:
    class Forgetful(ApiView):
        def get(self, request: Request) -> Response:
            return Response({})

    with pytest.raises(ImproperlyConfigured, match="declares no permission"):
        Forgetful.as_view()


def test_view_without_roles_stops_the_start() -> None:
    class Forgetful(TenantView):
        def get(self, request: Request) -> Response:
            return Response({})

    with pytest.raises(ImproperlyConfigured, match="no roles for"):
        Forgetful.as_view()


def test_default_permission_lets_nobody_in(people: People, rf: Any) -> None:
    class Plain(APIView):
        authentication_classes = []

        def get(self, request: Request) -> Response:
            return Response({})

    request = rf.get("/")
    request.user = people.olive
    response = Plain.as_view()(request)

    assert response.status_code == 403


@pytest.mark.parametrize(("method", "path"), calls())
@pytest.mark.django_db
def test_strangers_to_the_system_are_turned_away(method: str, path: str) -> None:
    answer = client_for(None).generic(method, address(path), "{}", content_type="application/json")

    expected = 400 if path in OPEN else 401
    assert (answer.status_code, answer.headers["Content-Type"]) == (
        expected,
        "application/problem+json",
    )
    assert answer.headers["Cache-Control"] == "no-store"
    assert path in OPEN or "WWW-Authenticate" in answer.headers


@pytest.mark.parametrize("path", sorted(of_members()))
def test_other_methods_are_refused_by_name(path: str, people: People) -> None:
    route = of_members()[path]
    client = client_for(people.olive)

    for method in {"POST", "PUT", "PATCH", "DELETE", "OPTIONS"} - set(route.methods):
        answer = client.generic(method, address(path), "{}", content_type="application/json")
        assert answer.status_code == 405
        assert set(answer.headers["Allow"].split(", ")) >= set(route.methods)


@pytest.mark.parametrize(("method", "path"), about_rows())
@pytest.mark.parametrize("who", ["olive", "vera", "oscar"])
def test_unknown_ids_are_not_found(who: str, method: str, path: str, people: People) -> None:
    answer = client_for(getattr(people, who)).generic(
        method, address(path), "{}", content_type="application/json"
    )

    assert answer.status_code == 404, answer.content
