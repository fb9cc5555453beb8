"""Fixtures of the domain: the people, and clients that speak as them."""

from collections.abc import Callable, Iterator

import pytest
from rest_framework.test import APIClient

from talenti.api.throttling import counters
from talenti.models import User
from talenti.providers import gates
from talenti.webhooks import keys
from tests.people import People, client_for, make_people


@pytest.fixture
def people(db: None) -> People:
    """Everybody, in two organisations."""
    return make_people()


@pytest.fixture
def api() -> Callable[[User | None], APIClient]:
    """Make a client that speaks as a user: `api(people.alice).get("/api/v1/jobs")`."""
    return client_for


@pytest.fixture(autouse=True)
def _fresh_counters() -> Iterator[None]:
    """Let no test be refused because of what others tried."""
    yield
    counters.cache_clear()


@pytest.fixture(autouse=True)
def _fresh_gates() -> Iterator[None]:
    """Let no call of a provider be refused because of what earlier tests made it do."""
    yield
    gates.forget_everything()


@pytest.fixture(autouse=True)
def _fresh_keys() -> Iterator[None]:
    """Let no token be believed because of keys that an earlier test had."""
    yield
    keys.forget_everything()
