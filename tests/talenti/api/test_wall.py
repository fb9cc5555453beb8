"""The wall between organisations: every route, every method, every role, every foreign id."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, transaction

from talenti.api.views import TenantView
from talenti.models import Membership, User
from talenti.roles import Role
from tests.people import People, client_for, make_user
from tests.talenti.api.matrix import Ids, address, make_rows
from tests.talenti.api.routes import Route, find_routes

pytestmark = pytest.mark.once

ROUTES = {route.path: route for route in find_routes() if issubclass(route.view, TenantView)}
CALLS = sorted((method, path) for path, route in ROUTES.items() for method in route.methods)
ABOUT_ROWS = [call for call in CALLS if "<" in call[1]]
COLLECTIONS = [call for call in CALLS if "<" not in call[1]]


def call(user: User, method: str, path: str, ids: Ids) -> Any:
    client: Any = client_for(user)
    client.raise_request_exception = False
    return client.generic(method, address(path, ids), "{}", content_type="application/json")


@contextmanager
def undone() -> Iterator[None]:
    """Take back what a call changed, so that the next one meets the same rows."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def everything() -> dict[str, list[Any]]:
    """Return every row of the domain, to see that nothing changed."""
    with connection.cursor() as cursor:
        names = [
            name
            for name in connection.introspection.table_names(cursor)
            if name.startswith(("talenti_", "interviews_", "recordings_", "scoring_", "work_"))
        ]
        rows = {}
        for name in names:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(name)}")
            rows[name] = sorted(map(repr, cursor.fetchall()))
        return rows


def test_matrix_covers_every_kind_of_row(people: People) -> None:
    areas = {path.partition("/")[0] for _, path in ABOUT_ROWS}
    names = {name for _, path in ABOUT_ROWS for name in re.findall(r"<uuid:(\w+)>", path)}

    assert (areas | names) - {"pk"} == set(make_rows(people.home))


@pytest.mark.parametrize(("method", "path"), ABOUT_ROWS)
def test_rows_of_others_do_not_exist(method: str, path: str, people: People) -> None:
    foreign = make_rows(people.elsewhere)
    before = everything()

    answers = {
        user.email: call(user, method, path, foreign)
        for user in (*people.members().values(), people.oscar)
    }

    found = {email: answer.status_code for email, answer in answers.items()}
    assert found == dict.fromkeys(found, 404)
    assert len({answer.json()["detail"] for answer in answers.values()}) == 1
    assert everything() == before


@pytest.mark.parametrize(("method", "path"), ABOUT_ROWS)
def test_role_in_the_rows_own_organisation_counts(method: str, path: str, people: People) -> None:
    own = make_rows(people.home)
    route: Route = ROUTES[path]
    refused = set(Role) - route.view.roles[method]

    for role, user in people.members().items():
        with undone():
            status = call(user, method, path, own).status_code
        assert (status == 403) == (role in refused), (role, status)
        assert status not in {401, 404, 500}


@pytest.mark.parametrize(("method", "path"), [item for item in ABOUT_ROWS if item[0] != "GET"])
def test_owner_elsewhere_is_a_viewer_here(method: str, path: str, people: People) -> None:
    own = make_rows(people.home)
    Membership.objects.create(user=people.charlie, organisation=people.home, role=Role.VIEWER)
    before = everything()

    status = call(people.charlie, method, path, own).status_code

    assert (status, everything() == before) == (403, True)


@pytest.mark.parametrize("pair", ["document_id", "member_id"])
def test_row_of_a_row_is_not_found_below_another(pair: str, people: People) -> None:
    own, foreign = make_rows(people.home), make_rows(people.elsewhere)
    path = next(path for path in ROUTES if f"<uuid:{pair}>" in path)

    for ids in (own | {pair: foreign[pair]}, foreign | {pair: own[pair]}):
        assert call(people.olive, "GET", path, ids).status_code == 404
    assert call(people.olive, "GET", path, own).status_code == 200


@pytest.mark.parametrize(("method", "path"), COLLECTIONS)
def test_collections_are_open_by_role(method: str, path: str, people: People) -> None:
    allowed = ROUTES[path].view.roles[method]

    statuses = {
        role: call(user, method, path, {}).status_code for role, user in people.members().items()
    }
    stranger = call(people.oscar, method, path, {}).status_code

    assert {role for role, status in statuses.items() if status == 403} == set(Role) - allowed
    assert stranger == 403


@pytest.mark.parametrize("path", [path for method, path in COLLECTIONS if method == "GET"])
def test_lists_end_at_the_wall(path: str, people: People) -> None:
    own, foreign = make_rows(people.home), make_rows(people.elsewhere)
    area = path.partition("/")[0]

    found = call(people.vera, "GET", path, {}).json()["results"]

    assert [row["id"] for row in found] == [own[area]]
    assert foreign[area] not in str(found)


def test_left_member_finds_nothing_at_once(people: People) -> None:
    own = make_rows(people.home)
    nina = make_user("nina", organisation=people.home, role=Role.OWNER)
    before = call(nina, "GET", "interviews/<uuid:pk>", own).status_code
    nina.memberships.all().delete()

    after = call(nina, "GET", "interviews/<uuid:pk>", own).status_code

    assert (before, after) == (200, 404)
