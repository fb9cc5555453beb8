"""The conversation with a language model as interviewer: turns declare whose words they have."""

import pytest

from interviews import consent
from interviews.models import Interview
from interviews.services.consents import give_consent
from interviews.services.conversation import begin, mark_answered, proceed
from talenti.providers.breakers import note_failure, read_breakers
from tests.emulators import openai_faults as faults
from tests.people import People
from tests.rows import make_interview

OWN = "What did you check first?"


@pytest.fixture
def server(azure_openai, settings):
    settings.ENGINES = settings.ENGINES | {"interviewer": "azure"}
    return azure_openai


@pytest.fixture
def answered(people: People) -> Interview:
    """An interview whose first question was answered in writing."""
    interview = make_interview(people.home)
    text = consent.current("en-US")
    give_consent(interview, version=text.version, purposes=text.purposes)
    turn = begin(interview)
    assert turn is not None
    mark_answered(turn, text="I repaired a sensor.")
    return interview


def asked(interview: Interview) -> tuple[str, str, str]:
    turn = proceed(interview)
    assert turn is not None
    turn.refresh_from_db()
    return turn.kind, turn.source, turn.text


def test_probe_in_the_models_words_is_kept_as_such(server, answered: Interview):
    server.script(faults.says({"action": "probe", "probe": OWN}))
    assert asked(answered) == ("probe", "engine", OWN)


def test_probe_of_a_model_that_is_away_is_kept_as_planned(server, answered: Interview):
    server.script(faults.fails(503))
    assert asked(answered) == ("probe", "planned", "What was the result?")


@pytest.mark.parametrize("vendor", ["azure-openai", "azure-openai-live"])
def test_probe_of_a_model_that_is_left_alone_is_asked_at_once_as_planned(
    server, answered: Interview, vendor: str
):
    read_breakers([vendor])
    for _ in range(5):
        note_failure(vendor, "503")
    assert asked(answered) == ("probe", "planned", "What was the result?")
    assert server.requests == []


def test_nothing_that_names_the_candidate_is_sent(server, answered: Interview):
    asked(answered)
    (sent,) = server.requests
    candidate = answered.candidate
    for secret in (candidate.name, candidate.email, str(candidate.pk), str(answered.pk)):
        assert secret not in sent.text
