"""The list of providers: for operations alone, and only to be read."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from talenti.admin.providers import DUE, PAUSED, TRYING, WORKS, standing_of
from talenti.models import Breaker
from talenti.providers.breakers import note_failure, read_breakers
from tests.people import People
from tests.talenti.admin.consoles import console_for

LIST = "/admin/talenti/breaker/"
SOON, BEFORE = timedelta(minutes=1), timedelta(minutes=-1)


def row(next_try: timedelta | None = None, trying: timedelta | None = None) -> Breaker:
    now = timezone.now()
    return Breaker(
        state="closed" if next_try is None else "open",
        next_try_at=None if next_try is None else now + next_try,
        trying_until=None if trying is None else now + trying,
    )


@pytest.mark.parametrize(
    ("shown", "standing"),
    [
        ((), WORKS),
        ((SOON,), PAUSED),
        ((BEFORE,), DUE),
        ((BEFORE, SOON), TRYING),
        ((BEFORE, BEFORE), DUE),
    ],
)
def test_the_state_is_that_of_this_moment(shown: tuple[timedelta, ...], standing: str) -> None:
    assert standing_of(row(*shown)) == standing


def test_operations_see_state_failures_and_next_try(people: People) -> None:
    read_breakers(["azure-openai", "azure-speech"])
    for _ in range(5):
        note_failure("azure-openai", "APITimeoutError")

    page = console_for(people.oscar).get(LIST).content.decode()

    for words in ("Azure OpenAI", "Azure Speech", PAUSED, WORKS, "APITimeoutError"):
        assert words in page
    down = Breaker.objects.get(name="azure-openai")
    assert page.count(f"{down.next_try_at:%-d %b %Y, %H:%M:%S}") == 1


def test_narrow_screens_name_every_column(people: People) -> None:
    read_breakers(["azure-openai"])
    page = console_for(people.oscar).get(LIST).content.decode()
    named = re.findall(r'data-label="([^"]*)"', page)
    assert [label.capitalize() for label in named] == [
        "Provider",
        "State",
        "Since",
        "Failures",
        "Last fault",
        "Next try",
    ]


def test_list_without_calls_says_why_it_is_empty(people: People) -> None:
    assert "listed from its first call on" in console_for(people.oscar).get(LIST).content.decode()


@pytest.mark.parametrize("name", ["olive", "alice", "bob", "vera", "charlie"])
def test_members_neither_see_it_nor_hear_of_it(people: People, name: str) -> None:
    console = console_for(getattr(people, name))

    assert console.get(LIST).status_code == 403
    assert LIST not in console.get("/admin/").content.decode()


def test_nobody_changes_it_by_hand(people: People) -> None:
    read_breakers(["azure-openai"])
    console = console_for(people.oscar)
    before = Breaker.objects.values().get()
    own = f"{LIST}azure-openai/"
    posted = {"action": "delete_selected", "_selected_action": ["azure-openai"], "post": "yes"}

    console.post(LIST, posted)
    answers = [
        console.post(address, {"state": "open"}).status_code
        for address in (f"{LIST}add/", f"{own}change/", f"{own}delete/")
    ]

    assert answers == [403, 403, 403]
    assert Breaker.objects.values().get() == before
    assert LIST in console.get("/admin/").content.decode()
