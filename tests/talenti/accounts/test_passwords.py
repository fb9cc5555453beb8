"""Members set their password by a link from a mail; nobody learns who is a member."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core import mail
from django.test import Client
from django.urls import reverse

from talenti.accounts.links import make_link
from talenti.accounts.requests import SEND_PASSWORD_MAIL
from talenti.models import User
from talenti.scrubbing import scrub_path
from talenti.work.actors import perform
from talenti.work.models import State, WorkItem
from tests.people import PASSWORD, People, client_for

pytestmark = pytest.mark.django_db
NEW = "a quite different horse"
LINK = re.compile(r"https?://\S+/password/\S+")


def ask(client: Client, email: str) -> Any:
    return client.post("/forgotten/", {"email": email}, follow=True)


def do_mails() -> list[str]:
    """Do the queued mails; return their texts."""
    for item in WorkItem.objects.filter(kind=SEND_PASSWORD_MAIL, state=State.QUEUED):
        perform(item.kind, item.pk)
    return [str(one.body) for one in mail.outbox]


def link_in(body: str) -> str:
    found = LINK.search(body)
    assert found is not None
    return found[0].removeprefix(django_settings.PUBLIC_URL)


def open_form(client: Client, link: str) -> str:
    """Follow the link; return the address of the form, which no longer holds the token."""
    return str(client.get(link)["Location"])


def set_password(client: Client, link: str, password: str = NEW) -> Any:
    body = {"new_password1": password, "new_password2": password}
    return client.post(open_form(client, link), body)


def test_sign_in_page_leads_to_the_form(client: Client) -> None:
    assert 'href="/forgotten/"' in client.get("/admin/login/").content.decode()
    assert client.get("/forgotten/").status_code == 200


def test_member_sets_a_new_password_by_mail(people: People, client: Client) -> None:
    answer = ask(client, " Alice@Example.org ")
    (body,) = do_mails()

    assert "a mail with a link is on its way" in answer.content.decode()
    assert mail.outbox[0].to == ["alice@example.org"]
    assert set_password(client, link_in(body)).url == "/forgotten/done/"
    people.alice.refresh_from_db()
    assert people.alice.check_password(NEW)


@pytest.mark.parametrize("email", ["nobody@example.org", "oscar@example.org"])
def test_answer_is_the_same_for_everybody(people: People, client: Client, email: str) -> None:
    User.objects.filter(email="bob@example.org").update(is_active=False)
    pages = [ask(client, who) for who in ("alice@example.org", email, "bob@example.org")]

    assert len({page.content for page in pages}) == 1
    assert len(do_mails()) == 1


def test_link_works_once(people: People, client: Client) -> None:
    link = link_in_mail_to(people.alice)
    set_password(client, link)

    assert "has been used" in Client().get(link).content.decode()


def test_newer_password_ends_older_links(people: People) -> None:
    link = link_in_mail_to(people.alice)
    people.alice.set_password(NEW)
    people.alice.save()

    assert "has been used" in Client().get(link).content.decode()


def test_link_ends_after_its_hours(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    link = link_in_mail_to(people.alice)
    later = datetime.now() + timedelta(seconds=django_settings.PASSWORD_RESET_TIMEOUT + 1)  # noqa: DTZ005 - as Django counts
    monkeypatch.setattr(PasswordResetTokenGenerator, "_now", lambda _: later)

    assert "too old" in Client().get(link).content.decode()


def link_in_mail_to(user: User) -> str:
    return make_link(user).removeprefix(django_settings.PUBLIC_URL)


@pytest.mark.parametrize("place", [{"uidb64": "AAAA"}, {"token": "c0ffee-0000"}])
def test_forged_links_do_not_work(people: People, place: dict[str, str]) -> None:
    parts = dict(
        zip(
            ("uidb64", "token"), link_in_mail_to(people.alice).split("/")[2].split("."), strict=True
        )
    )

    forged = reverse("set_password", kwargs=parts | place)

    assert "has been used or is too old" in Client().get(forged).content.decode()


def test_weak_passwords_are_refused(people: People, client: Client) -> None:
    answer = set_password(client, link_in_mail_to(people.alice), "12345678")

    assert "too common" in answer.content.decode()
    people.alice.refresh_from_db()
    assert people.alice.check_password(PASSWORD)


def test_sessions_and_refresh_tokens_end_with_the_old_password(people: People) -> None:
    console, stranger = Client(), Client()
    console.force_login(people.alice)
    body = {"email": "alice@example.org", "password": PASSWORD}
    refresh = client_for(None).post("/api/v1/auth/token", body).json()["refresh"]

    set_password(stranger, link_in_mail_to(people.alice))

    assert console.get("/admin/").status_code == 302
    renewed = client_for(None).post("/api/v1/auth/token/refresh", {"refresh": refresh})
    assert renewed.status_code == 401


def test_asking_again_and_again_sends_few_mails(people: People, client: Client) -> None:
    for _ in range(5):
        ask(client, "alice@example.org")
        do_mails()

    assert len(mail.outbox) == django_settings.PASSWORD_MAIL_LIMIT


def test_invited_colleague_gets_the_mail(people: People, client: Client) -> None:
    body = {"email": "nina@example.org", "role": "reviewer", "full_name": "Nina New"}
    client_for(people.olive).post(f"/api/v1/organisations/{people.home.pk}/members", body)
    (text,) = do_mails()

    assert "somebody made an account for you" in text
    set_password(client, link_in(text))
    assert User.objects.get(email="nina@example.org").check_password(NEW)


def test_colleague_with_an_account_gets_no_mail(people: People) -> None:
    body = {"email": "charlie@example.org", "role": "viewer"}
    client_for(people.olive).post(f"/api/v1/organisations/{people.home.pk}/members", body)

    assert do_mails() == []


def test_pages_are_kept_by_nobody_and_their_address_is_told_to_nobody(people: People) -> None:
    client = Client()
    answer = client.get(open_form(client, link_in_mail_to(people.alice)))

    assert answer.status_code == 200
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer["Cache-Control"]
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]


def test_no_log_line_shows_the_link(people: People) -> None:
    assert scrub_path(link_in_mail_to(people.alice)) == "/password/[hidden]/"
