"""A candidate's file and its row come together, or neither stays."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.utils import timezone

from interviews.models import Candidate, CandidateDocument
from interviews.services import documents
from interviews.services.documents import TAKE_BACK, examine_document, store_document
from talenti.errors import RetryLater
from talenti.work.models import State, WorkItem
from tests.people import People
from tests.rows import actor_of, make_candidate
from tests.work import do_work


class Killed(BaseException):
    """The process ends here: nothing after it happens."""


@pytest.fixture
def dana(people: People) -> Candidate:
    return make_candidate(people.home)


def store(candidate: Candidate) -> CandidateDocument:
    file = ContentFile(b"%PDF-1", name="cv.pdf")
    facts = examine_document(file, "cv.pdf")
    return store_document(candidate, file, "cv.pdf", facts, actor_of(candidate.organisation))


def files_of(candidate: Candidate) -> list[str]:
    folder = str(candidate.organisation_id)
    try:
        return storages["documents"].listdir(folder)[1]
    except FileNotFoundError:
        return []


def make_due() -> None:
    WorkItem.objects.update(next_run_at=timezone.now() - timedelta(seconds=1))


def test_stored_document_leaves_no_work(dana: Candidate) -> None:
    row = store(dana)

    assert files_of(dana) == [str(row.pk)]
    assert WorkItem.objects.count() == 0


def test_file_whose_process_was_killed_is_deleted_an_hour_later(
    dana: Candidate, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = store(dana)
    storage = storages["documents"]

    def save_and_die(name: str, file: ContentFile) -> None:
        type(storage).save(storage, name, file)
        raise Killed

    monkeypatch.setattr(storage, "save", save_and_die)
    with pytest.raises(Killed):
        store(dana)
    left = len(files_of(dana))
    hours_end = WorkItem.objects.get(kind=TAKE_BACK).next_run_at - timezone.now()
    too_early = do_work()
    make_due()
    done = do_work()

    assert (left, too_early, done) == (2, [], [TAKE_BACK])
    assert timedelta(minutes=59) < hours_end <= timedelta(hours=1)
    assert files_of(dana) == [str(kept.pk)]


def test_file_whose_row_is_refused_is_deleted_at_once(
    dana: Candidate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "record", _refuse)
    with pytest.raises(RuntimeError, match="no history"):
        store(dana)
    make_due()

    assert files_of(dana) == []
    assert do_work() == [TAKE_BACK]
    assert CandidateDocument.objects.count() == 0


def _refuse(*_: object, **__: object) -> None:
    raise RuntimeError("no history")


def test_row_that_comes_too_late_is_no_row(
    dana: Candidate, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage = storages["documents"]

    def save_for_hours(name: str, file: ContentFile) -> None:
        type(storage).save(storage, name, file)
        WorkItem.objects.update(state=State.DONE, finished_at=timezone.now())

    monkeypatch.setattr(storage, "save", save_for_hours)
    with pytest.raises(RetryLater):
        store(dana)

    assert (files_of(dana), CandidateDocument.objects.count()) == ([], 0)


def test_document_with_a_row_is_never_taken_back(dana: Candidate) -> None:
    row = store(dana)

    documents.take_back(row.organisation_id, row.pk)

    assert files_of(dana) == [str(row.pk)]
