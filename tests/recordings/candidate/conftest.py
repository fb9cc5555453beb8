"""What every test of the candidate's page begins with."""

import pytest

from interviews.models import Interview
from tests.people import People
from tests.rows import make_interview


@pytest.fixture
def interview(people: People) -> Interview:
    """Dana's interview of two questions."""
    return make_interview(people.home)
