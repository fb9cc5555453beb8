"""What the checks look at."""

import pytest
from django.db import connection

from talenti.health.checks import MigrationCheck, check_database
from talenti.health.registry import Trouble


@pytest.mark.django_db
def test_the_database_answers() -> None:
    assert check_database() == ""


def test_a_database_that_does_not_answer_keeps_its_reason_to_itself() -> None:
    """Outside a database test no connection can be had."""
    with pytest.raises(Trouble, match=r"^The database does not answer\.$"):
        check_database()


@pytest.mark.django_db
def test_unapplied_migrations_are_counted() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'contenttypes'")
    with pytest.raises(Trouble, match=r"^\d+ migrations are not applied\.$"):
        MigrationCheck()()


@pytest.mark.django_db
def test_migrations_are_not_counted_again_after_success(django_assert_num_queries) -> None:
    check = MigrationCheck()
    assert check() == ""
    with django_assert_num_queries(0):
        assert check() == ""
