"""What happened in a call, in words."""

from datetime import timedelta

import pytest
from django.utils import timezone

from interviews.calls.dialect import own_fact
from interviews.calls.facts import Fact, FactKind
from interviews.models import Call
from interviews.reading.calls import read_timeline
from interviews.services.call_intake import keep
from interviews.services.call_retention import forget_call
from interviews.states import CallStatus
from tests.interviews.call_rows import START, do, fact, make_call, make_phone_interview, tell
from tests.people import People


@pytest.fixture
def call(people: People) -> Call:
    """A call that has been dialled."""
    return make_call(make_phone_interview(people.home), CallStatus.CONNECTED)


def told(call: Call) -> list[tuple[str, str, str, str]]:
    """Return who, what, what was said and the code's words of each line after the dialling."""
    lines = [line for line in read_timeline(call) if line.text != "Planned the call."]
    return [
        (line.who.value, line.text, line.said, line.code_words)
        for line in lines
        if line.text != "Dialled the number."
    ]


def test_conversation_is_told_in_the_order_it_came_in(call: Call) -> None:
    tell(call, [fact(FactKind.PLANNED), fact(FactKind.CONNECTED, 8)])
    do(call, 1, "greeting", "Hello. Press 1.")
    tell(call, [fact(FactKind.HEARD, 20, op=1, tone="1")])
    do(call, 2, "question", "What did you repair?")
    tell(call, [fact(FactKind.NOT_HEARD, 40, op=2, code="8510")])
    do(call, 3, "question", "Take your time. What did you repair?")
    tell(call, [fact(FactKind.HEARD, 60, op=3, words="a burnt relay", confidence=0.9)])
    do(call, 4, "listening")
    tell(call, [fact(FactKind.NOT_HEARD, 64, op=4, code="8510")])
    do(call, 5, "goodbye_completed", "Goodbye!", kind="say")
    tell(call, [fact(FactKind.SAID, 70, op=5)])
    do(call, 6, "hang_up", kind="hang_up")
    tell(call, [fact(FactKind.DISCONNECTED, 72, code="560000"), fact(FactKind.OTHER, 73)])

    assert told(call) == [
        ("line", "Somebody answered the phone.", "", ""),
        ("we", "Said who calls, and asked for a key to begin.", "Hello. Press 1.", ""),
        ("candidate", "Pressed 1.", "", ""),
        ("we", "Asked a question.", "What did you repair?", ""),
        ("line", "No answer was heard.", "", "Nobody said anything."),
        ("we", "Asked a question.", "Take your time. What did you repair?", ""),
        ("candidate", "Said:", "a burnt relay", ""),
        ("we", "Listened on.", "", ""),
        ("candidate", "Said nothing more.", "", ""),
        ("we", "Said goodbye.", "Goodbye!", ""),
        ("line", "It was heard to its end.", "", ""),
        ("we", "Hung up.", "", ""),
        ("line", "The call was over.", "", "The call ended normally."),
    ]


HAPPENED = {
    "no answer": (
        fact(FactKind.NOT_CONNECTED, code="560480"),
        ("line", "Nobody could be reached.", "", "Nobody answered."),
    ),
    "refused line": (
        fact(FactKind.DIAL_REFUSED, code="7507"),
        (
            "line",
            "The line did not take the call.",
            "",
            "The number that the call comes from belongs to another resource.",
        ),
    ),
    "star": (fact(FactKind.HEARD, op=1, tone="*"), ("candidate", "Pressed the star key.", "", "")),
    "button": (fact(FactKind.STOP), ("we", "Stopped the call by the button.", "", "")),
    "interview over": (
        fact(FactKind.STOP, code="interview_over"),
        ("we", "Ended the call: the interview was over meanwhile.", "", ""),
    ),
    "dead step": (
        fact(FactKind.STOP, code="call_gone"),
        ("we", "Ended the call: a step of it failed.", "", "The call was over already."),
    ),
    "ceiling": (
        fact(FactKind.CEILING),
        ("we", "Ended the call: it had lasted as long as a call may.", "", ""),
    ),
    "asked the line": (
        fact(FactKind.SETTLED, data={"how": "gone"}),
        ("we", "Asked the line: it no longer knew the call.", "", ""),
    ),
    "recording": (
        fact(FactKind.RECORDING_ON, data={"recording_id": "r"}),
        ("line", "The recording began.", "", ""),
    ),
    "file": (
        fact(FactKind.FILE_READY),
        ("line", "The file of the recording was written.", "", ""),
    ),
}


@pytest.mark.parametrize(("known", "line"), HAPPENED.values(), ids=HAPPENED.keys())
def test_every_fact_has_its_sentence(call: Call, known: Fact, line: tuple[str, ...]) -> None:
    tell(call, [known])

    assert told(call) == [line]


SILENT = [FactKind.PLANNED, FactKind.TURN, FactKind.NO_MORE_TURNS, FactKind.OTHER]


@pytest.mark.parametrize("kind", [*SILENT, FactKind.CANCELLED])
def test_what_says_nothing_is_left_out(call: Call, kind: FactKind) -> None:
    tell(call, [fact(kind)])

    assert told(call) == []


def test_event_that_poses_as_a_fact_of_ours_is_not_told(call: Call) -> None:
    keep(call.pk, "acs", [own_fact(Fact(FactKind.STOP, timezone.now()))])

    assert told(call) == []


def test_nothing_is_told_as_done_before_what_it_followed_upon(call: Call) -> None:
    tomorrow = timezone.now() + timedelta(days=1)
    tell(call, [Fact(FactKind.CONNECTED, tomorrow)])  # a line whose clock is ahead
    do(call, 1, "greeting")

    moments = [line.at for line in read_timeline(call)]

    assert moments[-2:] == [tomorrow, tomorrow]
    assert moments == sorted(moments)


def test_beginning_tells_who_chose_the_time(people: People) -> None:
    interview = make_phone_interview(people.home)
    planned = make_call(interview, first_sent_at=START, chosen_by_candidate=True)
    Call.objects.filter(pk=planned.pk).update(created_at=START - timedelta(hours=1))
    planned.refresh_from_db()

    lines = [(line.who.value, line.text, line.at) for line in read_timeline(planned)]

    assert lines == [
        ("candidate", "Chose the time of the call.", START - timedelta(hours=1)),
        ("we", "Dialled the number.", START),
    ]


def test_forgotten_call_tells_moves_and_no_words(people: People) -> None:
    over = make_call(make_phone_interview(people.home), CallStatus.ENDED)
    do(over, 1, "question", "What did you repair?")
    tell(over, [fact(FactKind.HEARD, 60, op=1, words="a burnt relay")])

    forget_call(over, reason="older than 30 days")

    assert told(over) == [("we", "Asked a question.", "", "")]
