"""Invitations: one link that works, never stored, never sent once it is worthless."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from interviews.models import Interview, Invitation
from interviews.services.interviews import cancel_interview, expire_overdue
from interviews.services.invitations import SEND_INVITATION, find_invitation, invite, secret_of
from interviews.states import Channel, Status
from talenti.errors import WrongState
from talenti.history import Actor
from talenti.work.actors import perform
from talenti.work.models import State, WorkItem
from tests.people import People
from tests.rows import make_candidate, make_interview

pytestmark = pytest.mark.django_db


@pytest.fixture
def interview(people: People) -> Interview:
    return make_interview(people.home)


@pytest.fixture
def alice(people: People) -> Actor:
    return Actor.person(people.alice)


def send_mails() -> list[WorkItem]:
    waiting = list(WorkItem.objects.filter(kind=SEND_INVITATION, state=State.QUEUED))
    for item in waiting:
        perform(SEND_INVITATION, item.pk)
        item.refresh_from_db()
    return waiting


def test_mail_carries_the_link_and_the_row_only_its_hash(
    interview: Interview, alice: Actor
) -> None:
    invitation = invite(interview, alice)
    send_mails()
    (sent,) = mail.outbox
    token = secret_of(invitation.pk)
    assert f"/interview/{token}/" in sent.body
    assert token in sent.alternatives[0][0]
    assert sent.to == ["dana.doe@candidate.example"]
    assert find_invitation(token) == invitation
    invitation.refresh_from_db()
    assert invitation.sent_at is not None
    assert token not in str(list(Invitation.objects.values())) + str(
        list(WorkItem.objects.values())
    )


def test_new_invitation_makes_the_older_link_worthless(interview: Interview, alice: Actor) -> None:
    first, second = invite(interview, alice), invite(interview, alice)
    assert find_invitation(secret_of(first.pk)) is None
    assert find_invitation(secret_of(second.pk)) == second
    items = send_mails()
    assert [item.state for item in items] == [State.DONE, State.DONE]
    assert len(mail.outbox) == 1


def test_expired_unknown_and_hostile_tokens_find_nothing(
    interview: Interview, alice: Actor
) -> None:
    invitation = invite(interview, alice)
    token = secret_of(invitation.pk)
    later = timezone.now() + timedelta(days=400)
    assert find_invitation(token, later) is None
    for hostile in ("", "x", token[:-1], token + "x", "\u0000", "ü" * 1000, token.swapcase()):
        assert find_invitation(hostile) is None


def test_cancelling_ends_the_link_and_a_late_invitation_is_refused(
    interview: Interview, alice: Actor
) -> None:
    invitation = invite(interview, alice)
    cancel_interview(interview, alice)
    assert find_invitation(secret_of(invitation.pk)) is None
    with pytest.raises(WrongState):
        invite(interview, alice)


def test_nobody_to_write_to_is_refused(people: People, alice: Actor) -> None:
    silent = make_candidate(people.home, "Sam Silent", email="")
    for interview in (
        make_interview(people.home, candidate=silent),
        make_interview(people.home, channel=Channel.UPLOAD),
    ):
        with pytest.raises(WrongState):
            invite(interview, alice)


def test_title_with_a_line_break_makes_no_header(interview: Interview, alice: Actor) -> None:
    interview.job.title = "Engineer\r\nBcc: everybody@example.org"
    interview.job.save()
    invite(interview, alice)
    send_mails()
    assert mail.outbox[0].subject == (
        "Your interview for Engineer Bcc: everybody@example.org at Demo Ltd"
    )
    assert mail.outbox[0].recipients() == ["dana.doe@candidate.example"]


def test_names_are_escaped_in_html_and_plain_in_text(people: People, alice: Actor) -> None:
    candidate = make_candidate(people.home, "<b>Dana</b>", email="dana@candidate.example")
    invite(make_interview(people.home, candidate=candidate), alice)
    send_mails()
    assert "Hello <b>Dana</b>," in mail.outbox[0].body
    assert "Hello &lt;b&gt;Dana&lt;/b&gt;," in mail.outbox[0].alternatives[0][0]


def test_sweeper_expires_what_is_overdue_and_nothing_else(
    interview: Interview, people: People, alice: Actor
) -> None:
    invitation = invite(interview, alice)
    in_time = make_interview(people.home)
    Interview.objects.filter(pk=interview.pk).update(expires_at=timezone.now())
    assert expire_overdue(timezone.now()) == 1
    interview.refresh_from_db()
    in_time.refresh_from_db()
    assert (interview.status, in_time.status) == (Status.EXPIRED, Status.CREATED)
    assert interview.ended_at is not None
    assert find_invitation(secret_of(invitation.pk)) is None
