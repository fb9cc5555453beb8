"""manage.py verify_recordings: what a restore left without its file."""

from io import StringIO
from unittest.mock import Mock

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from django.utils import timezone

from interviews.models import Interview
from interviews.states import Channel
from recordings.models import Recording
from recordings.states import RecordingStatus
from talenti.errors import RetryLater
from tests.people import People
from tests.recordings.rows import make_recording, upload
from tests.rows import make_interview


@pytest.fixture
def interview(people: People) -> Interview:
    return make_interview(people.home, channel=Channel.UPLOAD)


def run(*options: str) -> tuple[list[str], str]:
    """Return the lines printed and the refusal."""
    out = StringIO()
    try:
        call_command("verify_recordings", *options, stdout=out)
    except CommandError as error:
        return out.getvalue().splitlines(), str(error)
    return out.getvalue().splitlines(), ""


def line(row: Recording, fault: str) -> str:
    ids = (str(row.organisation_id), str(row.interview_id), str(row.pk))
    return "\t".join((*ids, f"{row.stored_at:%Y-%m-%d %H:%M}", fault))


def replace(row: Recording, content: bytes) -> None:
    files = storages["recordings"]
    files.delete(row.storage_name)
    files.save(row.storage_name, ContentFile(content))


def test_files_that_are_all_there_are_confirmed(interview: Interview):
    upload(interview)
    assert run("--content") == (["1 stored recordings, all with their file."], "")


def test_file_that_is_gone_is_named(interview: Interview):
    row, whole = make_recording(interview), make_recording(interview)
    storages["recordings"].delete(row.storage_name)
    lines, refusal = run()
    assert (lines[1:], refusal) == (
        [line(row, "missing")],
        "1 of 2 stored recordings are damaged.",
    )
    assert storages["recordings"].exists(whole.storage_name)


def test_file_of_another_size_is_named(interview: Interview):
    row = make_recording(interview)
    replace(row, b"other sound")
    assert run()[0][1:] == [line(row, "another size")]


def test_other_content_of_the_same_size_is_found_by_reading(interview: Interview):
    row = upload(interview)
    replace(row, b"\0" * (row.size or 0))
    assert run()[1] == ""
    assert run("--content")[0][1:] == [line(row, "other content")]


def test_storage_that_is_away_is_told_and_nothing_is_confirmed(interview: Interview, monkeypatch):
    make_recording(interview)
    away = Mock(side_effect=RetryLater("The file storage is away."))
    monkeypatch.setattr(storages["recordings"], "size", away)
    assert run() == ([], "The file storage is away. Not all were checked: try again.")


def test_recording_that_was_deleted_needs_no_file(interview: Interview):
    row = make_recording(interview)
    storages["recordings"].delete(row.storage_name)
    Recording.objects.filter(pk=row.pk).update(
        status=RecordingStatus.DELETED, deleted_at=timezone.now()
    )
    assert run() == (["0 stored recordings, all with their file."], "")
