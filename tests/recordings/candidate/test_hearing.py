"""The button that reads a question aloud, and what it says when it cannot."""

import pytest
from django.test import Client

from interviews.models import Interview
from tests.emulators.speech import Fault
from tests.emulators.speech_voice import SOUND
from tests.people import People
from tests.recordings.candidate.elsewhere import STORAGES
from tests.recordings.candidate.visits import PAGE, begin, text_of, write
from tests.rows import make_interview

BUTTON = '<button type="button" id="listen-button">Listen to the question</button>'


def listen(client: Client, turn):
    return client.post(f"/interview/turns/{turn.pk}/speech/")


def test_question_is_heard_when_it_is_asked_for_and_not_before(azure_voice, interview: Interview):
    client, turn = begin(interview)
    page = text_of(client.get(PAGE))
    assert (BUTTON in page, 'data-read-by="audio"' in page) == (True, True)
    assert ("autoplay" in page, azure_voice.script.said) == (False, [])

    answer = listen(client, turn)

    assert answer.status_code == 200
    assert answer.json()["url"].startswith("/files/")
    assert client.get(answer.json()["url"]).getvalue() == SOUND
    assert [said["text"] for said in azure_voice.script.said] == [turn.text]


def test_browser_reads_by_itself_without_an_engine(interview: Interview):
    client, turn = begin(interview)
    page = text_of(client.get(PAGE))
    assert (BUTTON in page, 'data-read-by="browser"' in page) == (True, True)
    assert listen(client, turn).json() == {"url": ""}


def test_language_that_nobody_speaks_has_no_button(azure_voice, interview: Interview):
    client, _ = begin(interview)
    Interview.objects.update(language="cy")
    page = text_of(client.get(PAGE))
    assert ("listen-button" in page, "listen.js" in page) == (False, False)
    assert "Speak your answer" in page


@pytest.mark.parametrize(
    ("status", "answered", "may_try_again"), [(401, 422, False), (429, 503, True), (503, 503, True)]
)
def test_provider_in_trouble_is_told_kindly(
    azure_voice, interview: Interview, status: int, answered: int, may_try_again: bool
):
    client, turn = begin(interview)
    azure_voice.script.fault = Fault(status)
    answer = listen(client, turn)
    told = answer.json()
    assert (answer.status_code, told["send_again"]) == (answered, may_try_again)
    assert "Azure" not in told["message"]


def test_storage_that_is_away_is_told_kindly(azure_voice, interview: Interview, settings):
    client, turn = begin(interview)
    listen(client, turn)
    settings.STORAGES = settings.STORAGES | STORAGES
    assert listen(client, turn).status_code == 503


def test_answered_question_and_strangers_question_are_not_read(
    azure_voice, interview: Interview, people: People
):
    client, turn = begin(interview)
    other, _ = begin(make_interview(people.home))
    assert listen(other, turn).status_code == 404
    write(client, turn, "I called the customer.")
    assert listen(client, turn).status_code == 409
    assert listen(Client(), turn).status_code == 403
    assert client.get(f"/interview/turns/{turn.pk}/speech/").status_code == 405
    assert azure_voice.script.said == []
