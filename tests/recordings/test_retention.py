"""Retention: what is past its days goes, file first in fact and row last in word."""

import errno
from datetime import timedelta

import pytest
from django.core.files.storage import storages
from django.utils import timezone

from interviews.models import Interview
from interviews.services.interviews import set_legal_hold
from interviews.states import Channel
from recordings.models import Recording
from recordings.services import retention
from recordings.services.refusals import clear_refused
from recordings.services.uploads import abandon_uploads
from recordings.states import RecordingStatus
from talenti.history import SYSTEM
from talenti.models import HistoryEntry
from talenti.storage.files import SignedFileSystemStorage
from talenti.work import rounds
from talenti.work.sweep import reconcile_all
from tests.people import People
from tests.recordings.rows import announce, make_recording, send
from tests.rows import actor_of, make_interview


@pytest.fixture
def interview(people: People) -> Interview:
    return make_interview(people.home, channel=Channel.UPLOAD)


def days_ago(days: float):
    return timezone.now() - timedelta(days=days)


def states() -> list[tuple[str, bool]]:
    """Return of every recording what the row says and whether the file lies there."""
    files = storages["recordings"]
    rows = Recording.objects.order_by("pk")
    return [(row.status, files.exists(row.storage_name)) for row in rows]


def assert_no_row_lies() -> None:
    """No row that says deleted, or refused for good, may have a file."""
    files = storages["recordings"]
    gone = [*Recording.objects.filter(status=RecordingStatus.DELETED)]
    gone += [*Recording.objects.filter(cleared_at__isnull=False)]
    assert [row.pk for row in gone if files.exists(row.storage_name)] == []


def test_sweep_deletes_what_is_past_its_days_and_says_so(interview: Interview):
    old = make_recording(interview, stored_at=days_ago(31), peaks=[1, 2, 3])
    make_recording(interview, stored_at=days_ago(29))
    assert reconcile_all() == []
    assert states() == [("deleted", False), ("stored", True)]
    old.refresh_from_db()
    assert old.peaks == []
    told = HistoryEntry.objects.filter(subject_id=old.pk).values_list(
        "from_state", "to_state", "actor_kind", "reason"
    )
    assert list(told) == [
        ("stored", "deleting", "system", "older than 30 days"),
        ("deleting", "deleted", "system", ""),
    ]
    assert_no_row_lies()


def test_an_organisations_own_days_count(interview: Interview, people: People):
    people.home.retention_days = 7
    people.home.save()
    make_recording(interview, stored_at=days_ago(8))
    make_recording(make_interview(people.elsewhere, channel=Channel.UPLOAD), stored_at=days_ago(8))
    assert retention.delete_expired(timezone.now()) == 1
    assert states() == [("deleted", False), ("stored", True)]


def test_legal_hold_blocks_deletion_until_it_is_released(interview: Interview, people: People):
    make_recording(interview, stored_at=days_ago(31))
    actor = actor_of(people.home)
    set_legal_hold(interview, actor, held=True, reason="A claim was made.")
    assert retention.delete_expired(timezone.now()) == 0
    assert states() == [("stored", True)]
    set_legal_hold(interview, actor, held=False, reason="The claim was settled.")
    assert retention.delete_expired(timezone.now()) == 1
    assert states() == [("deleted", False)]


def test_legal_hold_also_stops_a_person(interview: Interview):
    row = make_recording(interview)
    Interview.objects.update(legal_hold=True)
    assert not retention.delete_recording(row, SYSTEM, reason="asked for")
    assert states() == [("stored", True)]


def test_held_recordings_do_not_keep_the_others(interview: Interview, people: People):
    held = make_interview(people.home, channel=Channel.UPLOAD, job=interview.job)
    Interview.objects.filter(pk=held.pk).update(legal_hold=True)
    make_recording(held, stored_at=days_ago(40))
    make_recording(interview, stored_at=days_ago(31))
    assert retention.delete_expired(timezone.now(), limit=1) == 1
    assert states() == [("stored", True), ("deleted", False)]


def test_crash_before_the_file_is_gone_is_finished_by_the_next_sweep(
    interview: Interview, monkeypatch: pytest.MonkeyPatch
):
    make_recording(interview, stored_at=days_ago(31))

    def fail(self: object, name: str) -> None:
        raise OSError(errno.EIO, "the disk is away")

    with monkeypatch.context() as patch:
        patch.setattr(SignedFileSystemStorage, "delete", fail)
        assert reconcile_all() == []
    assert states() == [("deleting", True)]
    assert_no_row_lies()
    assert reconcile_all() == []
    assert states() == [("deleted", False)]


def test_crash_after_the_file_is_gone_is_finished_by_the_next_sweep(interview: Interview):
    row = make_recording(interview, stored_at=days_ago(31))
    Recording.objects.update(status=RecordingStatus.DELETING)
    storages["recordings"].delete(row.storage_name)
    assert reconcile_all() == []
    assert states() == [("deleted", False)]


def test_file_that_cannot_be_deleted_does_not_keep_the_others(interview: Interview, caplog):
    poisoned = make_recording(interview, stored_at=days_ago(32))
    Recording.objects.filter(pk=poisoned.pk).update(storage_name="../poison")
    other = make_recording(interview, stored_at=days_ago(31))
    assert retention.delete_expired(timezone.now()) == 1
    assert retention.finish_deletions(timezone.now()) == 0
    other.refresh_from_db()
    assert other.status == RecordingStatus.DELETED
    assert caplog.text.count("recording not deleted") == 1
    assert caplog.text.count("deletion not finished") == 1


def test_storage_that_hangs_holds_the_sweeper_for_no_longer_than_a_round(
    interview: Interview, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(rounds, "ROUND_SECONDS", 0)
    for _ in range(2):
        make_recording(interview, stored_at=days_ago(31))
    assert retention.delete_expired(timezone.now()) == 1
    Recording.objects.update(status=RecordingStatus.DELETING, deleted_at=None)
    assert retention.finish_deletions(timezone.now()) == 1


def test_late_uploads_hold_the_sweeper_for_no_longer_than_a_round(
    interview: Interview, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(rounds, "ROUND_SECONDS", 0)
    for content in (b"one", b"two"):
        announce(interview, content)
    Recording.objects.update(upload_until=days_ago(1))
    assert abandon_uploads(timezone.now()) == 1
    assert abandon_uploads(timezone.now()) == 1
    Recording.objects.update(cleared_at=None)
    assert clear_refused(timezone.now()) == 1


def test_deletion_waits_until_the_upload_address_cannot_bring_the_file_back(interview: Interview):
    row = make_recording(interview)
    assert retention.delete_recording(row, SYSTEM, reason="asked for")
    assert states() == [("deleting", False)]
    send(row, b"again")  # the address still lives
    assert retention.finish_deletions(timezone.now()) == 0
    Recording.objects.update(upload_until=days_ago(1))
    assert retention.finish_deletions(timezone.now()) == 1
    assert states() == [("deleted", False)]
    assert_no_row_lies()


def test_deleting_twice_deletes_once(interview: Interview):
    row = make_recording(interview, stored_at=days_ago(31))
    assert retention.delete_recording(row, SYSTEM, reason="asked for")
    assert not retention.delete_recording(row, SYSTEM, reason="asked for")


def test_every_row_tells_the_truth_after_a_full_sweep(interview: Interview, people: People):
    for days in (1, 29, 31, 400):
        make_recording(interview, stored_at=days_ago(days))
    waiting = announce(interview, b"x")
    send(waiting, b"x")
    Recording.objects.filter(pk=waiting.pk).update(upload_until=days_ago(1))
    Recording.objects.filter(stored_at__lt=days_ago(300)).update(status="deleting")
    assert reconcile_all() == []
    assert states() == [
        ("stored", True),
        ("stored", True),
        ("deleted", False),
        ("deleted", False),
        ("refused", False),
    ]
    assert_no_row_lies()


def test_expired_lists_held_ones_too(interview: Interview):
    row = make_recording(interview, stored_at=days_ago(31))
    Interview.objects.update(legal_hold=True)
    found = [(one.recording, one.days, one.held) for one in retention.expired(timezone.now())]
    assert found == [(row, 30, True)]
