"""The doors, for every test of them."""

import pytest

from tests.interviews.webhooks.world import World, make_world
from tests.people import People


@pytest.fixture
def world(people: People, settings) -> World:
    """Two doors that are open, two calls under way."""
    return make_world(people, settings)
