"""Before the interview: what is asked, agreed to and declined."""

import pytest

from interviews import consent
from interviews.models import Consent, Interview
from tests.people import People
from tests.recordings.candidate.visits import PAGE, agree, begin, open_link, text_of, write
from tests.rows import make_interview


def test_consent_page_says_who_asks_what_is_recorded_and_who_judges(people: People):
    interview = make_interview(people.home, extra_time=50)
    shown = text_of(open_link(interview).get(PAGE))

    for part in (
        "Demo Ltd invites you to an interview for the position <strong>Support engineer</strong>",
        "2 questions",
        "about 9 minutes",
        "with your 50% extra time",
        "Recordings are deleted after 30 days at the latest",
        "<strong>Contact.</strong> people@demo.example",
    ):
        assert part in shown
    assert shown.count('type="checkbox"') == 3
    assert shown.count("Needed for the interview") == 2
    assert "checked" not in shown


def test_consent_is_shown_in_the_interviews_language(people: People):
    shown = text_of(open_link(make_interview(people.home, language="de-DE")).get(PAGE))
    assert '<html lang="en">' in shown
    assert '<div class="prose" lang="de">' in shown


def test_language_without_a_consent_text_leads_to_a_person(people: People):
    client = open_link(make_interview(people.home, language="pt-BR"))
    shown = text_of(client.get(PAGE))
    assert "This interview cannot begin yet" in shown
    assert "people@demo.example" in shown
    assert client.post("/interview/agree/", {}).status_code == 302


def test_consent_is_kept_as_it_was_given(interview: Interview):
    client = open_link(interview)

    agree(client, interview, "automated_assessment")

    given = Consent.objects.get()
    interview.refresh_from_db()
    assert interview.status == "consented"
    assert (given.purposes, given.source) == (
        ["automated_assessment", "recording", "transcription"],
        "candidate",
    )
    assert "Ready when you are" in text_of(client.get(PAGE))


def test_second_click_on_agree_changes_nothing(interview: Interview):
    client = open_link(interview)
    agree(client, interview)
    agree(client, interview, "automated_assessment")
    assert [given.purposes for given in Consent.objects.all()] == [["recording", "transcription"]]


def test_missing_purpose_is_pointed_out_and_ticks_are_kept(interview: Interview):
    client = open_link(interview)
    version = consent.current("en").version

    answer = client.post(
        "/interview/agree/",
        {"interview": interview.pk, "version": version, "purposes": ["recording"]},
    )

    shown = text_of(answer)
    interview.refresh_from_db()
    assert (answer.status_code, interview.status) == (422, "invited")
    assert '<a href="#purpose-transcription"' in shown
    assert 'id="purpose-recording" checked' in shown
    assert shown.count('aria-invalid="true"') == 1


def test_consent_to_an_older_text_is_asked_for_again(interview: Interview):
    client = open_link(interview)
    required = list(consent.current("en").required_purposes)

    answer = client.post(
        "/interview/agree/",
        {"interview": interview.pk, "version": "2020-01", "purposes": required},
    )

    assert answer.status_code == 409
    assert "The text has changed" in text_of(answer)
    assert not Consent.objects.exists()


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"purposes": ["recording", "transcription"]},
        {"interview": "x", "version": "2026-11", "purposes": ["recording", "transcription"]},
        {"version": "\0", "purposes": ["recording", "transcription", "everything"]},
    ],
)
def test_consent_that_is_not_whole_is_none(interview: Interview, sent: dict):
    client = open_link(interview)
    answer = client.post("/interview/agree/", {"interview": interview.pk} | sent)
    assert answer.status_code == 422
    assert not Consent.objects.exists()


def test_declining_asks_once_more_and_ends_as_refused(interview: Interview):
    client = open_link(interview)
    asked_again = client.get("/interview/decline/")
    interview.refresh_from_db()
    assert (asked_again.status_code, interview.status) == (200, "invited")

    client.post("/interview/decline/", {"interview": interview.pk})

    interview.refresh_from_db()
    assert interview.status == "refused"
    assert "You have declined this interview" in text_of(client.get(PAGE))
    assert client.post("/interview/decline/", {"interview": interview.pk}).status_code == 302


def test_declining_is_possible_in_the_middle(interview: Interview):
    client, turn = begin(interview)
    write(client, turn, "I found it and repaired it.")
    assert "Recordings that you have already sent" in text_of(client.get("/interview/decline/"))

    client.post("/interview/decline/", {"interview": interview.pk})

    interview.refresh_from_db()
    assert interview.status == "refused"
