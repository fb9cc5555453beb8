"""The wall of the console, generated: every address, every role, a row of somebody else."""

from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from interviews.models import Interview
from talenti.models import User
from tests.people import People
from tests.talenti.admin.consoles import console_for, console_patterns, make_everything

pytestmark = pytest.mark.once

TAKING_AN_ID = [
    (model, pattern.name, str(pattern.pattern))
    for model, pattern in console_patterns()
    if "object_id>" in str(pattern.pattern) and model and pattern.name
]
SECRETS = ("Secret Person", "Secret job", "Secret reason", "burnt relay")
REFUSED = {403, 404, 405}
PEOPLE = ("olive", "alice", "bob", "vera", "oscar")
# What operations staff may open of organisations that are not theirs: operations, never content.
OPERATIONS = {
    "interviews_deadletter",
    "talenti_breaker",
    "talenti_membership",
    "talenti_organisation",
    "talenti_user",
    "work_workitem",
}
MEMBER_LISTS = sorted(f"{m._meta.app_label}_{m._meta.model_name}" for m in admin.site._registry)


@pytest.fixture
def foreign(people: People) -> dict[str, Any]:
    """Rows of the other organisation."""
    return make_everything(people.elsewhere)


def test_every_page_with_an_id_is_in_the_matrix() -> None:
    models = {model for model, _, _ in TAKING_AN_ID}

    assert models == set(MEMBER_LISTS)
    assert len(TAKING_AN_ID) > 60


@pytest.mark.parametrize("name", PEOPLE)
def test_foreign_ids_are_unknown_on_every_page(
    people: People, foreign: dict[str, Any], name: str
) -> None:
    user: User = getattr(people, name)
    client = console_for(user)
    leaks = []
    before = _facts(foreign)

    for model, pattern in _with_ids(name):
        address = _address(model, pattern, foreign[model].pk)
        for method in (client.get, client.post):
            response = method(address)
            body = response.content.decode(errors="replace")
            found = [secret for secret in SECRETS if secret in body]
            if response.status_code not in REFUSED or found:
                leaks.append((address, response.status_code, found))

    assert leaks == []
    assert _facts(foreign) == before


@pytest.mark.parametrize("name", PEOPLE)
def test_lists_searches_and_pickers_show_no_foreign_row(
    people: People, foreign: dict[str, Any], name: str
) -> None:
    client = console_for(getattr(people, name))
    lists = [
        reverse(f"admin:{model}_changelist") + query
        for model in MEMBER_LISTS
        for query in ("", "?q=secret")
    ]
    picker = "?app_label=interviews&model_name=interview&field_name=candidate&term=sec"

    leaks = _leaks(client, [*lists, reverse("admin:autocomplete") + picker, "/admin/"])

    assert leaks == []


def test_filters_with_a_foreign_id_show_nothing(people: People, foreign: dict[str, Any]) -> None:
    client = console_for(people.alice)
    job = foreign["interviews_job"].pk

    leaks = _leaks(
        client,
        [
            f"/admin/interviews/interview/?job__id__exact={job}",
            f"/admin/interviews/guide/?job__id__exact={job}",
            f"/admin/interviews/call/?interview__job__id__exact={job}",
            f"/admin/work/workitem/?organisation__id__exact={people.elsewhere.pk}",
            f"/admin/interviews/interview/add/?job={job}",
        ],
    )

    assert leaks == []


def test_actions_with_foreign_ids_change_nothing(people: People, foreign: dict[str, Any]) -> None:
    client = console_for(people.olive)
    before = _facts(foreign)

    for model, action in (
        ("interviews_interview", "cancel_selected"),
        ("interviews_interview", "invite_selected"),
        ("interviews_interview", "score_selected"),
        ("interviews_interview", "call_selected"),
        ("work_workitem", "requeue_selected"),
        ("work_workitem", "cancel_selected"),
    ):
        posted = {"action": action, "_selected_action": [str(foreign[model].pk)]}
        client.post(reverse(f"admin:{model}_changelist"), posted)

    assert _facts(foreign) == before


def test_new_interview_refuses_a_foreign_job_and_candidate(
    people: People, foreign: dict[str, Any]
) -> None:
    posted = {
        "job": foreign["interviews_job"].pk,
        "candidate": foreign["interviews_candidate"].pk,
        "channel": "browser",
    }

    response = console_for(people.alice).post("/admin/interviews/interview/add/", posted)

    assert sorted(response.context["form"].errors) == ["candidate", "job"]
    assert not Interview.objects.filter(organisation=people.home).exists()


def _with_ids(name: str) -> list[tuple[str, str]]:
    operator = name == "oscar"
    return [
        (model, pattern)
        for model, _, pattern in TAKING_AN_ID
        if not (operator and model in OPERATIONS)
    ]


def _address(model: str, pattern: str, row_id: object) -> str:
    place = pattern.replace("<path:object_id>", str(row_id)).replace(
        "<uuid:object_id>", str(row_id)
    )
    return f"/admin/{model.replace('_', '/', 1)}/{place}"


def _leaks(client: Client, addresses: list[str]) -> list[tuple[str, str]]:
    bodies = [(address, client.get(address).content.decode()) for address in addresses]
    return [(address, one) for address, body in bodies for one in SECRETS if one in body]


def _facts(rows: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return every stored value of the rows."""
    return {
        name: type(row)._default_manager.filter(pk=row.pk).values().get()
        for name, row in rows.items()
    }
