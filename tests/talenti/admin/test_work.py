"""Work items in the console."""

import pytest
from django.contrib.messages import get_messages
from django.utils import timezone

from talenti.history import SYSTEM
from talenti.models import HistoryEntry
from talenti.work.models import State, WorkItem
from talenti.work.queue import cancel
from tests.people import People
from tests.rows import make_interview, make_invitation
from tests.talenti.admin.consoles import console_for


@pytest.fixture
def dead(people: People) -> WorkItem:
    """An invitation whose mail could not be sent."""
    make_invitation(make_interview(people.home))
    item = WorkItem.objects.get()
    facts = {"state": State.DEAD, "finished_at": timezone.now(), "cause": "address_refused"}
    WorkItem.objects.filter(pk=item.pk).update(**facts, last_error="The address was refused.")
    item.refresh_from_db()
    return item


@pytest.mark.parametrize("name", ["olive", "oscar"])
def test_owners_and_staff_put_dead_work_back(people: People, dead: WorkItem, name: str) -> None:
    user = getattr(people, name)

    response = console_for(user).post(f"/admin/work/workitem/{dead.pk}/requeue/")

    dead.refresh_from_db()
    assert response.status_code == 302
    assert (dead.state, dead.attempt) == (State.QUEUED, 0)
    assert HistoryEntry.objects.get(verb="requeued").actor == user


@pytest.mark.parametrize("name", ["alice", "bob", "vera"])
def test_other_members_only_look(people: People, dead: WorkItem, name: str) -> None:
    client = console_for(getattr(people, name))

    page = client.get(f"/admin/work/workitem/{dead.pk}/change/")
    response = client.post(f"/admin/work/workitem/{dead.pk}/requeue/")
    client.post(
        "/admin/work/workitem/", {"action": "requeue_selected", "_selected_action": [dead.pk]}
    )

    dead.refresh_from_db()
    assert "The address was refused." in page.content.decode()
    assert response.status_code == 403
    assert dead.state == State.DEAD


def test_bulk_requeue_tells_what_was_refused(people: People, dead: WorkItem) -> None:
    make_invitation(make_interview(people.home))
    queued = WorkItem.objects.get(state=State.QUEUED)
    chosen = {"action": "requeue_selected", "_selected_action": [dead.pk, queued.pk]}

    response = console_for(people.olive).post("/admin/work/workitem/", chosen)

    told = [str(message) for message in get_messages(response.wsgi_request)]
    assert told[0] == "Put back: 1."
    assert told[1].startswith("Not done for interviews.send_invitation")
    assert len(told) == 2


def test_requeue_leads_back_to_our_own_pages_only(people: People, dead: WorkItem) -> None:
    client = console_for(people.olive)
    address = f"/admin/work/workitem/{dead.pk}/requeue/"

    ours = client.post(address, {"next": "/admin/interviews/interview/"})
    cancel(WorkItem.objects.get(), SYSTEM)
    foreign = client.post(address, {"next": "https://elsewhere.example/"})

    assert ours.headers["Location"] == "/admin/interviews/interview/"
    assert foreign.headers["Location"] == f"/admin/work/workitem/{dead.pk}/change/"


def test_open_work_is_taken_out(people: People) -> None:
    make_invitation(make_interview(people.home))
    item = WorkItem.objects.get()

    console_for(people.olive).post(f"/admin/work/workitem/{item.pk}/cancel/")

    item.refresh_from_db()
    assert item.state == State.CANCELLED
