"""A call in the terminal, and the same call again from its ledger."""

import io

import pytest
from django.core.management import CommandError, call_command

from interviews.models import Call, CallEntry
from tests.people import People
from tests.rows import make_guide, make_job

pytestmark = pytest.mark.django_db


def played(**options: object) -> str:
    out = io.StringIO()
    call_command("simulate_call", stdout=out, **options)
    return out.getvalue()


def replayed(call: Call, **options: object) -> str:
    out = io.StringIO()
    call_command("replay_call", str(call.pk), stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def guide(people: People) -> object:
    """A guide that somebody can be called about."""
    return make_guide(make_job(people.home))


def test_a_whole_interview_is_printed_as_it_happens(guide: object) -> None:
    told = played()
    places = [
        told.index(words)
        for words in (
            "I am an AI interviewer",
            "Pressed 1.",
            "May this call be recorded",
            "The recording began.",
            "Tell me about a fault that you found and repaired.",
            "Last year our ordering system stopped",
            "Describe a time when you helped a colleague.",
            "That was the last question.",
            "Outcome: Completed.",
        )
    ]
    assert places == sorted(places)


def test_scripts_end_as_they_say(guide: object) -> None:
    assert "Outcome: Voicemail." in played(script="voicemail")
    assert "Outcome: Consent refused." in played(script="refuses")


def test_nothing_is_simulated_where_calls_are_real(guide: object, settings) -> None:
    settings.ENGINES = settings.ENGINES | {"callroom": "azure"}
    with pytest.raises(CommandError, match="Calls are not simulated here"):
        played()
    assert Call.objects.count() == 0


def test_without_a_guide_it_says_what_is_missing(people: People) -> None:
    with pytest.raises(CommandError, match="no published guide"):
        played()


def test_a_call_is_shown_again_step_by_step_without_its_words(guide: object) -> None:
    played()
    call = Call.objects.get()
    told = replayed(call)
    assert "planned -> dialling" in told
    assert "connected -> greeting; wants 1 greeting" in told
    assert "The ledger is unbroken" in told
    assert told.rstrip().endswith("Outcome: Completed.")
    assert "ordering system" not in told
    assert "ordering system" in replayed(call, words=True)


def test_a_changed_ledger_is_found_out(guide: object) -> None:
    played()
    call = Call.objects.get()
    said = CallEntry.objects.filter(call=call, type__endswith="RecognizeCompleted")
    entry = next(entry for entry in said if b"colleague" in bytes(entry.body))
    entry.body = bytes(entry.body).replace(b"colleague", b"collapse ")
    entry.save()
    with pytest.raises(CommandError, match="The ledger is not as it was written"):
        replayed(call)


def test_a_missing_entry_is_found_out(guide: object) -> None:
    played()
    call = Call.objects.get()
    CallEntry.objects.filter(call=call, type__endswith="ParticipantsUpdated").delete()
    with pytest.raises(CommandError, match="The ledger is not as it was written"):
        replayed(call)
