"""The link and the cookie: who gets in, and what the others are told."""

import re
from datetime import timedelta

import pytest
from django.test import Client, override_settings
from django.utils import timezone

from interviews.models import Invitation
from interviews.services.interviews import cancel_interview, complete_interview
from interviews.services.invitations import revoke
from recordings.candidate.session import cookie_name
from talenti.history import CANDIDATE
from tests.people import People
from tests.recordings.candidate.elsewhere import STORAGES
from tests.recordings.candidate.visits import PAGE, begin, open_link, write
from tests.rows import actor_of, make_candidate, make_interview, make_invitation

DAY = timedelta(days=1)


def title(response) -> str:
    shown = re.search(r"<title>\s*(.*?)\s*(·.*)?</title>", response.content.decode(), re.DOTALL)
    return shown[1] if shown else ""


def test_link_moves_the_secret_out_of_the_address(people: People, client: Client):
    invitation, token = make_invitation(make_interview(people.home))

    response = client.get(f"/interview/{token}/")

    invitation.refresh_from_db()
    cookie = response.cookies[cookie_name()]
    assert (response.status_code, response["Location"]) == (302, PAGE)
    assert token not in cookie.value
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", PAGE)
    assert (response["Referrer-Policy"], response["Cache-Control"]) == ("no-referrer", "no-store")
    assert invitation.opened_at is not None


def test_link_without_its_last_slash_works(people: People, client: Client):
    _, token = make_invitation(make_interview(people.home))
    assert client.get(f"/interview/{token}")["Location"] == PAGE


def test_cookie_is_sent_over_https_only_where_the_address_is_https(people: People, client: Client):
    _, token = make_invitation(make_interview(people.home))

    with override_settings(SESSION_COOKIE_SECURE=True):
        cookies = client.get(f"/interview/{token}/").cookies

    assert cookies["__Secure-talenti-interview"]["secure"] is True


def test_opening_uses_nothing_up_and_keeps_the_first_moment(people: People, client: Client):
    interview = make_interview(people.home)
    invitation, token = make_invitation(interview)
    client.get(f"/interview/{token}/")
    invitation.refresh_from_db()
    first = invitation.opened_at

    again = client.get(f"/interview/{token}/")

    invitation.refresh_from_db()
    interview.refresh_from_db()
    assert again.status_code == 302
    assert (invitation.opened_at, invitation.revoked_at, interview.status) == (
        first,
        None,
        "invited",
    )


def test_head_leaves_no_trace(people: People, client: Client):
    invitation, token = make_invitation(make_interview(people.home))

    response = client.head(f"/interview/{token}/")

    invitation.refresh_from_db()
    assert (response.status_code, dict(response.cookies)) == (302, {})
    assert invitation.opened_at is None


def test_link_takes_no_post(people: People, client: Client):
    _, token = make_invitation(make_interview(people.home))
    assert client.post(f"/interview/{token}/").status_code == 405


@pytest.mark.parametrize("token", ["x", "a" * 5000, "%00", "..%2f..", "<script>", "ü", "%ff"])
def test_unknown_link_gets_a_kind_page_and_no_cookie(db: None, client: Client, token: str):
    response = client.get(f"/interview/{token}/")

    assert response.status_code in {400, 404}
    assert b"<script>" not in response.content
    assert dict(response.cookies) == {}


def test_dead_links_look_alike_whatever_ended_them(people: People, client: Client):
    interview = make_interview(people.home)
    _, replaced = make_invitation(interview)
    expired, late = make_invitation(interview)
    Invitation.objects.filter(pk=expired.pk).update(expires_at=timezone.now() - DAY)
    other = make_interview(people.home, candidate=make_candidate(people.home, "Emil Else"))
    _, withdrawn = make_invitation(other)
    revoke(other)

    answers = [client.get(f"/interview/{token}/") for token in (replaced, late, withdrawn)]

    assert {answer.status_code for answer in answers} == {404}
    assert {title(answer) for answer in answers} == {"This link does not work"}
    assert len({answer.content for answer in answers}) == 1
    assert b"people@demo.example" in answers[0].content
    assert {answer["Referrer-Policy"] for answer in answers} == {"no-referrer"}


def test_link_shows_how_its_interview_ended(people: People, client: Client):
    interview = make_interview(people.home)
    _, token = make_invitation(interview)
    cancel_interview(interview, actor_of(people.home))

    shown = client.get(f"/interview/{token}/", follow=True)

    assert (shown.status_code, title(shown)) == (200, "This interview has ended")


def test_link_withdrawn_before_the_end_stays_dead_after_it(people: People, client: Client):
    interview = make_interview(people.home)
    _, token = make_invitation(interview)
    make_invitation(interview)
    cancel_interview(interview, actor_of(people.home))

    assert client.get(f"/interview/{token}/").status_code == 404


def test_visit_ends_when_the_link_is_withdrawn(people: People):
    interview = make_interview(people.home)
    client = open_link(interview)
    assert client.get(PAGE).status_code == 200

    revoke(interview)

    assert client.get(PAGE).status_code == 403


def test_visit_outlives_the_links_last_day(people: People):
    interview = make_interview(people.home)
    client, turn = begin(interview)
    Invitation.objects.filter(interview=interview).update(expires_at=timezone.now() - DAY)

    write(client, turn, "I was in the middle of this sentence when the day ended.")

    turn.refresh_from_db()
    assert turn.answer_text == "I was in the middle of this sentence when the day ended."


def test_visit_goes_on_to_the_end_and_shows_it(people: People):
    interview = make_interview(people.home)
    client, _ = begin(interview)
    interview.refresh_from_db()
    complete_interview(interview, CANDIDATE)

    assert title(client.get(PAGE)) == "Thank you"


@pytest.mark.parametrize("cookie", ["", "x", "a:b:c", "0" * 32, "0" * 32 + ":1:2", "\u00fc:1:2"])
def test_made_up_cookie_lets_nobody_in(people: People, client: Client, cookie: str):
    client.cookies[cookie_name()] = cookie
    response = client.get(PAGE)
    assert (response.status_code, title(response)) == (403, "Please open your link again")


def test_visitor_of_one_interview_reaches_no_other(people: People):
    mine = make_interview(people.home)
    theirs = make_interview(people.home, candidate=make_candidate(people.home, "Emil Else"))
    client, _ = begin(mine)
    _, their_turn = begin(theirs)

    answers = [
        write(client, their_turn, "Not my question."),
        client.post(f"/interview/turns/{their_turn.pk}/skip/"),
        client.post(f"/interview/turns/{their_turn.pk}/takes/", {"content_type": "audio/webm"}),
        client.post("/interview/decline/", {"interview": theirs.pk}),
    ]

    their_turn.refresh_from_db()
    theirs.refresh_from_db()
    assert [answer.status_code for answer in answers] == [404] * 4
    assert (their_turn.answered_at, theirs.status) == (None, "in_progress")


def test_every_answer_is_hardened(people: People):
    interview = make_interview(people.home)
    client = open_link(interview)

    with override_settings(PUBLIC_URL="https://talenti.example"):
        answers = [client.get(PAGE), client.get("/interview/nonsense/"), Client().get(PAGE)]

    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'; "
        "connect-src 'self' https://talenti.example; "
        "media-src 'self' blob: https://talenti.example"
    )
    assert {answer["Content-Security-Policy"] for answer in answers} == {policy}
    assert {answer["Cache-Control"] for answer in answers} == {"no-store"}
    assert {answer["X-Content-Type-Options"] for answer in answers} == {"nosniff"}
    assert {answer["Permissions-Policy"].partition(",")[0] for answer in answers} == {
        "microphone=(self)"
    }


def test_page_may_send_recordings_to_a_storage_elsewhere(people: People, settings):
    client = open_link(make_interview(people.home))
    settings.STORAGES = settings.STORAGES | STORAGES
    policy = client.get(PAGE)["Content-Security-Policy"]
    assert policy.endswith(
        f"connect-src 'self' {settings.PUBLIC_URL} https://files.example; "
        f"media-src 'self' blob: {settings.PUBLIC_URL} https://files.example"
    )


def test_pages_hold_no_inline_script_or_style_and_nothing_foreign(people: People):
    client, _ = begin(make_interview(people.home))

    content = client.get(PAGE).content.decode()

    assert re.findall(r"<script(?![^>]*(?:src=|application/json))", content) == []
    assert re.findall(r"\bstyle=|\bon[a-z]+=|https?:|=\W?//", content) == []
