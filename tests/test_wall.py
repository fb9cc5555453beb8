"""The wall between organisations and between roles: every route, every method, every caller.

The cells come from the resolver: a new route or method fails until it is written down here.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from talenti.api.views import ApiView
from talenti.roles import Role
from tests.people import candidate_client, client_for, make_user
from tests.talenti.api.routes import find_routes, walk
from tests.wall_calls import CALLS, FOREIGN, Call
from tests.wall_world import Side, World, fingerprints, ids_of, make_world

pytestmark = pytest.mark.once

API = "api/v1/"
MEMBERS = ("owner", "recruiter", "reviewer", "viewer")
# A guest owns another organisation and is a viewer here: the role is the one that counts here.
WHO = (*MEMBERS, "guest", "stranger", "ops", "anonymous", "candidate")
ROWS = [cell for cell, call in CALLS.items() if call.kind in {"row", "shared"}]
NEVER = "01890000-0000-7000-8000-000000000000"


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Both organisations, made once; every test undoes what it did."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_world()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def ids(world: World, django_db_blocker: Any) -> dict[str, set[str]]:
    """All ids of both organisations."""
    with django_db_blocker.unblock():
        return {name: ids_of(getattr(world.people, name)) for name in ("home", "elsewhere")}


def client_of(who: str, world: World, call: Call) -> Any:
    if who == "candidate":
        return candidate_client(getattr(world.home, call.token))
    people = world.people
    others = {"guest": world.guest, "stranger": people.charlie, "ops": people.oscar}
    return client_for((people.members() | others).get(who))


def ask(client: Any, method: str, route: str, call: Call, side: Side, body: Any = None) -> Any:
    """Make the call about the rows of `side`."""
    path = route
    for part, name in call.path.items():
        path = path.replace(f"<uuid:{part}>", str(getattr(side, name).pk))
    data = call.body(side) if body is None else body
    form = "multipart" if call.multipart else "json"
    return getattr(client, method.lower())(f"/{API}{path}", data or None, format=form)


def expected(call: Call, who: str) -> int:
    """Return the status that the wall gives to somebody."""
    if call.kind == "open":
        return call.ok
    if call.kind == "session":
        return call.ok if who == "candidate" else 401
    if who == "candidate" and call.kind == "shared":
        return 404  # of another interview
    if who in {"anonymous", "candidate"}:
        return 401
    if call.kind == "mine":
        return call.ok
    return _expected_of_user(call, who)


def _expected_of_user(call: Call, who: str) -> int:
    role = "viewer" if who == "guest" else who
    if role in MEMBERS:
        return call.ok if role in call.roles else 403
    if call.kind == "list":
        return 200 if who == "stranger" else 403
    return 403 if who == "ops" and call.kind == "new" else 404


def test_every_route_and_method_of_the_api_stands_in_the_matrix():
    found = {(method, route.path) for route in find_routes() for method in route.methods}
    assert found == set(CALLS)


def test_every_other_route_is_known():
    everything = [path for path, _ in walk()]
    outside = (path for path in everything if not path.startswith(API))
    prefixes = {path.lstrip("^").partition("/")[0] for path in outside}
    assert prefixes == {
        "",
        "admin",
        "api",
        "files",
        "forgotten",
        "interview",
        "password",
        "webhooks",
    }
    beside = {path for path in everything if path.startswith("api/") and API not in path}
    assert beside == {"api/schema", "api/docs", "api/docs/"}


def test_every_view_of_the_api_denies_by_default():
    assert [route for route in find_routes() if not issubclass(route.view, ApiView)] == []


def hidden_from(who: str, ids: dict[str, set[str]]) -> set[str]:
    """Return the ids that no answer to somebody may hold."""
    if who in {"stranger", "ops", "anonymous"}:
        return ids["home"]
    return set() if who == "guest" else ids["elsewhere"]


@pytest.mark.django_db
@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize(("method", "route"), CALLS)
def test_wall(world: World, ids: dict[str, set[str]], method: str, route: str, who: str):
    call = CALLS[method, route]
    refused = expected(call, who) >= 400
    before = fingerprints() if refused else {}
    answer = ask(client_of(who, world, call), method, route, call, world.home)
    assert answer.status_code == expected(call, who), answer.content[:500]
    assert not refused or fingerprints() == before
    text = answer.content.decode()
    assert [one for one in hidden_from(who, ids) if one in text] == []


@pytest.mark.django_db
@pytest.mark.parametrize("what", FOREIGN)
def test_foreign_id_in_a_body_changes_nothing(world: World, what: str):
    method, route, body, status = FOREIGN[what]
    call = CALLS[method, route]
    before = fingerprints()
    answer = ask(
        client_for(world.people.olive),
        method,
        route,
        call,
        world.home,
        body(world.home, world.elsewhere),
    )
    assert answer.status_code == status, answer.content[:500]
    assert fingerprints() == before


@pytest.mark.django_db
@pytest.mark.parametrize("own", ["pk", "other"])
@pytest.mark.parametrize(
    ("method", "route"), [cell for cell, call in CALLS.items() if len(call.path) == 2]
)
def test_foreign_id_beside_an_own_one_in_a_path_is_404(world, method: str, route: str, own: str):
    call = CALLS[method, route]
    path = route
    for part, name in call.path.items():
        side = world.home if (part == "pk") == (own == "pk") else world.elsewhere
        path = path.replace(f"<uuid:{part}>", str(getattr(side, name).pk))
    before = fingerprints()
    client = client_for(world.people.olive)
    answer = getattr(client, method.lower())(f"/{API}{path}", call.body(world.home) or None)
    assert (answer.status_code, fingerprints() == before) == (404, True)


def look(client: Any, method: str, route: str, side: Side, *, known: bool) -> Any:
    """Return what the client learns about rows of `side`, or about rows that never were."""
    call = CALLS[method, route]
    path = route
    for part, name in call.path.items():
        row_id = getattr(side, name).pk if known else NEVER
        path = path.replace(f"<uuid:{part}>", str(row_id))
    form = "multipart" if call.multipart else "json"
    body = call.body(side) or None
    answer = getattr(client, method.lower())(f"/{API}{path}/", body, format=form)
    return answer.status_code, answer.json() | {"request_id": ""}


@pytest.mark.django_db
@pytest.mark.parametrize(("method", "route"), ROWS)
def test_unknown_and_foreign_rows_look_alike_to_every_role(world: World, method: str, route: str):
    before = fingerprints()
    for user in (*world.people.members().values(), world.people.oscar):
        client = client_for(user)
        foreign = look(client, method, route, world.elsewhere, known=True)
        assert foreign == look(client, method, route, world.elsewhere, known=False)
        assert foreign[0] == 404
    assert fingerprints() == before


@pytest.mark.django_db
@pytest.mark.parametrize("who", MEMBERS)
@pytest.mark.parametrize(
    "route", [route for (_, route), call in CALLS.items() if call.kind == "list"]
)
def test_lists_hold_ones_own_rows(world: World, ids: dict[str, set[str]], route: str, who: str):
    call = CALLS["GET", route]
    found = ask(client_of(who, world, call), "GET", route, call, world.home).json()["results"]
    assert {row["id"] for row in found} & ids["home"] == {row["id"] for row in found} != set()


@pytest.mark.django_db
def test_left_member_finds_nothing_at_once(world: World):
    call = CALLS["GET", "jobs/<uuid:pk>"]
    nina = make_user("nina", organisation=world.people.home, role=Role.OWNER)
    before = ask(client_for(nina), "GET", "jobs/<uuid:pk>", call, world.home).status_code
    nina.memberships.all().delete()
    after = ask(client_for(nina), "GET", "jobs/<uuid:pk>", call, world.home).status_code
    assert (before, after) == (200, 404)


@pytest.mark.django_db
def test_candidate_of_one_interview_finds_no_other(world: World):
    stranger = candidate_client(world.elsewhere.asking_token)
    before = fingerprints()
    answer = stranger.post(
        f"/{API}session/turns/{world.home.turn.pk}/answer", {"text": "Not mine."}
    )
    completed = stranger.post(f"/{API}recordings/{world.home.pending.pk}/complete")
    assert (answer.status_code, completed.status_code) == (404, 404)
    assert fingerprints() == before
