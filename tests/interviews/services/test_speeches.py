"""Questions read aloud: said once, kept by organisation, heard at an address of each click."""

from datetime import timedelta
from unittest.mock import Mock

import pytest
from django.core.files.storage import storages
from django.db import connection
from django.test import Client
from django.utils import timezone

from interviews.models import Interview, Speech, Turn
from interviews.receivers import forget_unheard_speeches
from interviews.services import speeches
from interviews.services.speeches import digest_of, forget_speeches, reader_of, speech_address
from interviews.states import Status
from interviews.voice.offline import OfflineVoice
from interviews.voice.protocol import Sound
from talenti.errors import PermanentFailure, RetryLater, WrongState
from talenti.models import Organisation
from talenti.work import rounds
from tests.at_once import at_once
from tests.emulators.speech import Fault
from tests.emulators.speech_voice import SOUND
from tests.people import People, make_people
from tests.recordings.rows import path_of
from tests.rows import make_interview

TEXT = "Tell me about a fault that you found and repaired."


def ask(organisation: Organisation, text: str = TEXT, **plan: object) -> Turn:
    """Return the open question of an interview that is under way."""
    interview = make_interview(organisation, **plan)
    Interview.objects.filter(pk=interview.pk).update(
        status=Status.IN_PROGRESS, consented_at=timezone.now()
    )
    interview.refresh_from_db()
    return interview.turns.create(
        organisation_id=organisation.pk,
        question=interview.guide.questions.earliest("position"),
        position=1,
        kind="question",
        source="planned",
        text=text,
        asked_at=timezone.now(),
    )


def listen(turn: Turn) -> bytes:
    address = speech_address(turn)
    assert address is not None
    answer = Client().get(path_of(address.url))
    assert answer["Content-Type"] == "audio/mpeg"
    return answer.getvalue()


def names(organisation: Organisation) -> list[str]:
    try:
        return storages["recordings"].listdir(f"{organisation.pk}/speech")[1]
    except FileNotFoundError:
        return []


def test_question_is_said_once_and_heard_as_often_as_one_likes(azure_voice, people: People):
    turn, again = ask(people.home), ask(people.home)
    assert [listen(turn), listen(turn), listen(again)] == [SOUND] * 3
    assert [said["text"] for said in azure_voice.script.said] == [TEXT]
    row = Speech.objects.get()
    assert (row.engine, row.voice, row.size) == ("azure", "en-US-JennyNeural", len(SOUND))
    assert TEXT not in str(vars(row))


def test_other_text_voice_or_organisation_is_another_sound(azure_voice, people: People, settings):
    listen(ask(people.home))
    listen(ask(people.home, "Why?"))
    listen(ask(people.elsewhere))
    settings.AZURE_SPEECH_VOICES = {"en": "en-GB-SoniaNeural"}
    listen(ask(people.home))
    assert len(azure_voice.script.said) == Speech.objects.count() == 4
    assert (len(names(people.home)), len(names(people.elsewhere))) == (3, 1)


def test_digest_tells_engine_voice_language_and_text_apart():
    one = digest_of(OfflineVoice(), "browser", "en_US", TEXT)
    assert one == digest_of(OfflineVoice(), "browser", "en-us", TEXT)
    others = [("b", "en-us", TEXT), ("browser", "en", TEXT), ("browser", "en-us", f"{TEXT} ")]
    assert len({digest_of(OfflineVoice(), *other) for other in others} | {one}) == 4


def test_who_comes_while_it_is_being_said_is_asked_to_come_again(azure_voice, people: People):
    turn = ask(people.home)
    listen(turn)
    Speech.objects.update(stored_at=None, claimed_until=timezone.now() + timedelta(seconds=9))
    with pytest.raises(RetryLater) as waiting:
        speech_address(turn)
    assert (waiting.value.after_seconds, len(azure_voice.script.said)) == (2.0, 1)


def test_claim_of_a_process_that_died_ends(azure_voice, people: People):
    turn = ask(people.home)
    listen(turn)
    Speech.objects.update(stored_at=None, claimed_until=timezone.now() - timedelta(seconds=1))
    assert listen(turn) == SOUND
    assert len(azure_voice.script.said) == 2


@pytest.mark.parametrize(("status", "raised"), [(503, RetryLater), (401, PermanentFailure)])
def test_failure_leaves_nothing_and_the_next_click_may_try(
    azure_voice, people: People, status: int, raised: type[Exception]
):
    turn = ask(people.home)
    azure_voice.script.fault = Fault(status)
    with pytest.raises(raised):
        speech_address(turn)
    assert (Speech.objects.get().claimed_until, names(people.home)) == (None, [])
    azure_voice.script.fault = Fault()
    assert listen(turn) == SOUND


def test_file_that_comes_meanwhile_leaves_nothing_and_the_next_click_may_try(
    azure_voice, people: People, monkeypatch
):
    turn = ask(people.home)
    with monkeypatch.context() as patch:
        patch.setattr(storages["recordings"], "save", Mock(side_effect=FileExistsError))
        with pytest.raises(RetryLater) as waiting:
            speech_address(turn)
    assert waiting.value.after_seconds == 2.0
    assert Speech.objects.get().claimed_until is None
    assert listen(turn) == SOUND


def test_file_that_went_missing_is_said_again(azure_voice, people: People):
    turn = ask(people.home)
    listen(turn)
    storages["recordings"].delete(Speech.objects.get().storage_name)
    assert listen(turn) == SOUND
    assert len(azure_voice.script.said) == 2


@pytest.mark.django_db(transaction=True)
def test_no_connection_is_held_while_a_question_is_said(people: People, monkeypatch):
    held = []

    class Speaker(OfflineVoice):
        synthesises = True

        def speak(self, text: str, *, language: str) -> Sound:
            held.append(connection.connection is not None)
            return Sound(SOUND, "audio/mpeg")

    monkeypatch.setattr(speeches, "engine", lambda _role: Speaker())
    assert listen(ask(people.home)) == SOUND
    assert held == [False]


def test_browser_reads_where_the_engine_says_so(people: People):
    turn = ask(people.home)
    assert (speech_address(turn), reader_of(turn.interview)) == (None, "browser")
    assert not Speech.objects.exists()


def test_language_without_a_voice_is_read_by_nobody(azure_voice, people: People):
    turn = ask(people.home, language="cy-GB")
    assert reader_of(turn.interview) == "none"
    with pytest.raises(PermanentFailure) as refused:
        speech_address(turn)
    assert refused.value.code == "language_not_supported"


def test_only_the_question_that_is_asked_now_is_read(azure_voice, people: People):
    turn = ask(people.home)
    turn.answered_at = timezone.now()
    with pytest.raises(WrongState):
        speech_address(turn)
    turn.answered_at, turn.interview.status = None, Status.CANCELLED
    with pytest.raises(WrongState):
        speech_address(turn)
    assert azure_voice.script.said == []


def test_sound_that_nobody_asks_for_goes_with_the_organisations_days(azure_voice, people: People):
    kept, gone = ask(people.home), ask(people.home, "What was your part in it?")
    listen(kept), listen(gone)
    Organisation.objects.update(retention_days=5)
    now = timezone.now()
    old = Speech.objects.exclude(digest=Speech.objects.earliest("pk").digest)
    old.update(used_at=now - timedelta(days=5, minutes=1))
    forget_unheard_speeches(now)
    assert (Speech.objects.count(), len(names(people.home))) == (1, 1)
    assert listen(gone) == SOUND


def test_sound_that_is_being_said_stays(azure_voice, people: People):
    listen(ask(people.home))
    now = timezone.now()
    Speech.objects.update(
        used_at=now - timedelta(days=99), stored_at=None, claimed_until=now + timedelta(seconds=9)
    )
    assert (forget_speeches(now), Speech.objects.count()) == (0, 1)


def test_one_file_that_cannot_be_deleted_keeps_only_itself(
    azure_voice, people: People, monkeypatch
):
    listen(ask(people.home)), listen(ask(people.home, "Why?"))
    stuck = Speech.objects.earliest("pk")
    Speech.objects.update(used_at=timezone.now() - timedelta(days=99))
    delete = storages["recordings"].delete
    monkeypatch.setattr(
        storages["recordings"],
        "delete",
        lambda name: delete(name) if name != stuck.storage_name else delete(None),
    )
    assert forget_speeches(timezone.now()) == 1
    assert Speech.objects.get() == stuck


def test_storage_that_hangs_holds_the_sweeper_for_no_longer_than_a_round(
    azure_voice, people: People, monkeypatch
):
    listen(ask(people.home)), listen(ask(people.home, "Why?"))
    Speech.objects.update(used_at=timezone.now() - timedelta(days=99))
    monkeypatch.setattr(rounds, "ROUND_SECONDS", 0)
    assert [forget_speeches(timezone.now()) for _ in range(3)] == [1, 1, 0]


def test_address_is_in_no_row_and_ends(azure_voice, people: People, settings):
    settings.SIGNED_URL_TTL_SECONDS = 60
    address = speech_address(ask(people.home))
    assert address is not None
    assert address.expires_at <= timezone.now() + timedelta(seconds=62)
    assert address.url not in str(list(Speech.objects.values()))


@pytest.mark.django_db(transaction=True)
def test_of_many_who_click_at_once_one_has_it_said(azure_voice):
    turn = ask(make_people().home)

    def click() -> str:
        try:
            speech_address(Turn.objects.select_related("interview").get(pk=turn.pk))
        except RetryLater:
            return "wait"
        return "heard"

    answers = at_once(6, click)

    assert set(answers) <= {"heard", "wait"}
    assert "heard" in answers
    assert (len(azure_voice.script.said), Speech.objects.count()) == (1, 1)
