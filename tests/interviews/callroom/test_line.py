"""The simulated line: what a script's candidate does, told as Communication Services tells it."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from interviews.callroom.simulated.events import PREFIX
from interviews.callroom.simulated.line import Event, SimulatedLine
from interviews.callroom.simulated.scripts import Reply, Script, script_named, script_names
from interviews.callroom.simulated.sound import CANDIDATE, OURS, length_ms

SAMPLES = Path(__file__).parents[1] / "calls" / "samples"
BEGAN = datetime(2026, 11, 24, 9, tzinfo=UTC)
IDS = {"callConnectionId": "connection", "serverCallId": "server", "correlationId": "correlation"}
NUMBER = "+12025550199"
QUESTION = "Tell me about a day on which everything went wrong."
ANSWER = "I wrote it all down and called everybody back."


def ringing(*replies: str, **points: Any) -> SimulatedLine:
    """Return a line to a candidate who does this at the first question."""
    answers = (tuple(map(Reply.read, replies)),)
    script = Script("test", NUMBER, "Is tested.", answers=answers, **points)
    return SimulatedLine.dial(script, IDS, BEGAN)


def recorded(*replies: str) -> SimulatedLine:
    """Return a line on which the recording has begun, and the first question is next."""
    line = ringing(*replies)
    line.ring()
    line.record("recording")
    return line


def ask(line: SimulatedLine, text: str = QUESTION, listens: Any = "speech_or_keys") -> list[Event]:
    return line.ask(text, "en", listens, "op-7", silence_seconds=10)


def kinds(events: list[Event]) -> list[str]:
    return [event["type"].removeprefix(PREFIX) for event in events]


def result(event: Event) -> tuple[int, int]:
    information = event["data"]["resultInformation"]
    return information["code"], information["subCode"]


def samples() -> dict[str, dict[str, Any]]:
    """Return one real event of each type: of the newest version, the one that tells most."""
    found = json.loads((SAMPLES / "recognition.json").read_text())
    found += json.loads((SAMPLES / "recorded.json").read_text())
    best = sorted(found, key=lambda event: (event["data"]["version"], len(str(event))))
    return {event["type"].removeprefix(PREFIX): event for event in best}


def whole_call() -> list[Event]:
    line = ringing(f"say: {ANSWER}", "silence")
    events = line.ring()
    events += ask(line, "Press 1 to begin.", "keys")
    events += line.record("recording")
    events += ask(line) + ask(line, "")
    return events + line.say("Goodbye.", "op-9") + line.end()


def test_a_call_is_told_in_the_order_of_the_service() -> None:
    assert kinds(whole_call()) == [
        *("ParticipantsUpdated", "CallConnected"),
        *("PlayStarted", "RecognizeCompleted"),
        "RecordingStateChanged",
        *("PlayStarted", "RecognizeCompleted"),
        "RecognizeFailed",
        *("PlayStarted", "PlayCompleted"),
        *("CallDisconnected", "RecordingStateChanged"),
    ]


@pytest.mark.parametrize("name", sorted({*samples()} & {*kinds(whole_call())}))
def test_an_event_has_the_fields_of_a_real_one(name: str) -> None:
    real = samples()[name]
    ours = next(
        event
        for event in reversed(whole_call())
        if event["type"] == PREFIX + name and event["data"].get("recognitionType") != "dtmf"
    )
    assert set(ours) == set(real)
    assert set(ours["data"]) - {"operationContext"} == set(real["data"]) - {"operationContext"}
    for field in {"resultInformation", "speechResult"} & set(real["data"]):
        assert set(ours["data"][field]) == set(real["data"][field])


def test_participant_is_the_number_that_was_called() -> None:
    updated, _ = ringing().ring()
    assert updated["data"]["participants"] == [
        {
            "identifier": {
                "rawId": f"4:{NUMBER}",
                "kind": "phoneNumber",
                "phoneNumber": {"value": NUMBER},
            },
            "isMuted": False,
            "isOnHold": False,
        }
    ]


def test_every_event_has_an_id_of_its_own_and_the_same_in_every_play() -> None:
    ids = [event["id"] for event in whole_call()]
    assert len(set(ids)) == len(ids)
    assert ids == [event["id"] for event in whole_call()]


@pytest.mark.parametrize("name", script_names())
def test_a_script_plays_the_same_from_a_state_that_was_stored(name: str) -> None:
    def play(*, stored: bool) -> list[Event]:
        line = SimulatedLine.dial(script_named(name), IDS, BEGAN)
        events = line.ring()
        for listens in ("keys", *("speech_or_keys",) * 6):
            if line.is_live:
                if stored:
                    line = SimulatedLine(json.loads(json.dumps(line.state)), line.script)
                events += ask(line, QUESTION, listens)
        return events + line.end()

    assert play(stored=True) == play(stored=False)


def test_a_key_is_told_as_a_word() -> None:
    line = recorded("key: *")
    pressed = ask(line)[-1]
    assert pressed["data"]["dtmfResult"] == {"tones": ["asterisk"]}
    assert (pressed["data"]["recognitionType"], *result(pressed)) == ("dtmf", 200, 8531)
    assert pressed["data"]["operationContext"] == "op-7"


def test_who_interrupts_cuts_our_sentence_off_and_is_heard_whole() -> None:
    line = recorded(f"interrupt: {ANSWER}")
    heard = ask(line)[-1]
    ours, theirs = line.spoken()
    assert heard["data"]["speechResult"]["speech"] == ANSWER
    assert (ours.channel, ours.end_ms) == (OURS, length_ms(QUESTION) // 2)
    assert (theirs.channel, theirs.start_ms) == (CANDIDATE, ours.end_ms)
    assert theirs.end_ms - theirs.start_ms == length_ms(ANSWER)


@pytest.mark.parametrize(("reply", "share"), [("hang_up", 1), ("cut_off", 2)])
def test_who_hangs_up_ends_the_call_without_an_answer(reply: str, share: int) -> None:
    line = recorded(reply)
    events = ask(line)
    (ours,) = line.spoken()
    assert kinds(events) == ["PlayStarted", "CallDisconnected", "RecordingStateChanged"]
    assert result(events[1]) == (200, 560000)
    assert ours.end_ms == length_ms(QUESTION) // share
    assert not line.is_live


def test_a_network_that_drops_the_call_says_so() -> None:
    assert result(ask(recorded("hang_up: 560503"))[1]) == (200, 560503)


def test_our_own_end_is_told_once() -> None:
    line = recorded()
    assert result(line.end()[0]) == (200, 7000)
    assert line.end() == []


@pytest.mark.parametrize(
    ("reply", "expected", "waited_ms"),
    [
        ("silence", (400, 8510), 10_000),
        ("noise", (400, 8563), 2_500),
        ("noise 40", (400, 8563), 40_000),
        ("fault: 8565", (500, 8565), 0),
    ],
)
def test_what_is_not_heard_says_why_and_takes_its_time(
    reply: str, expected: tuple[int, int], waited_ms: int
) -> None:
    line = recorded(reply)
    before = line.state["ms"]
    assert result(ask(line, "")[-1]) == expected
    assert line.state["ms"] - before == 700 + waited_ms


@pytest.mark.parametrize("reply", [f"say: {ANSWER}", f"interrupt: {ANSWER}", "noise"])
def test_who_waits_for_a_key_hears_no_words(reply: str) -> None:
    line = ringing(greeting=(Reply.read(reply),))
    line.ring()
    failed = ask(line, "Press 1 to begin.", "keys")[-1]
    assert result(failed) == (400, 8510)
    assert [one[0] for one in line.state["said"]] == [OURS]


def test_a_recording_that_a_script_spoils_does_not_begin() -> None:
    line = ringing(recording=(Reply("fault", "8588"),))
    line.ring()
    (refused,) = line.record("recording")
    assert (kinds([refused]), result(refused)) == (["StartRecordingFailed"], (500, 8588))
    assert line.state["recording"] is None


@pytest.mark.parametrize("written", ["sing: a song", "", "hang up"])
def test_what_nobody_can_do_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="Nobody can do"):
        Reply.read(written)


def test_every_script_has_a_number_of_its_own_that_is_reserved_for_fiction() -> None:
    numbers = [script_named(name).number for name in script_names()]
    assert len(set(numbers)) == len(numbers) >= 24
    assert all(number.startswith("+1202555") and number[8:10] == "01" for number in numbers)
