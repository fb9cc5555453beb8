"""Who may be called, and when: every reason is found, and named in a sentence."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from interviews.calls.state import Outcome
from interviews.models import Call, Interview
from interviews.services.call_rules import attempts_left, is_quiet, local_time, reasons_against
from interviews.states import CallPermission, CallStatus
from talenti.ids import new_id
from tests.people import People
from tests.rows import make_interview

pytestmark = pytest.mark.django_db
TUESDAY_NOON = datetime(2027, 3, 2, 17, 0, tzinfo=UTC)  # 12:00 in New York


@pytest.fixture
def interview(people: People, monkeypatch: pytest.MonkeyPatch) -> Interview:
    """A phone interview that may be called on a Tuesday at noon."""
    row = make_interview(people.home, channel="phone")
    candidate = row.candidate
    candidate.phone, candidate.time_zone = "+12025550123", "America/New_York"
    candidate.call_permission, candidate.call_permission_at = "declared", timezone.now()
    candidate.save()
    monkeypatch.setattr(timezone, "now", lambda: TUESDAY_NOON)
    return row


def ended_call(interview: Interview, ended: Outcome, **values: object) -> Call:
    """Return an attempt that was dialled and is over."""
    facts = {
        "status": CallStatus.ENDED,
        "outcome": ended.value,
        "scheduled_at": timezone.now(),
        "first_sent_at": timezone.now(),
        "ended_at": timezone.now(),
        "secret_hash": "0" * 64,
        "engine": "offline",
        "repeatability_id": new_id(),
    }
    return Call.objects.create(
        organisation_id=interview.organisation_id, interview=interview, **(facts | values)
    )


def test_nothing_speaks_against_a_candidate_who_agreed_at_noon(interview: Interview) -> None:
    assert reasons_against(interview) == []


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("phone", "", "The candidate has no phone number."),
        ("do_not_call", True, "The candidate does not want to be called."),
        ("time_zone", "", "The candidate's time zone is not known."),
        (
            "time_zone",
            "Asia/Tokyo",
            "It is 02:00 on Wednesday where the candidate is: quiet hours.",
        ),
    ],
)
def test_a_candidate_who_may_not_be_called_now_is_not(
    interview: Interview, field: str, value: object, reason: str
) -> None:
    setattr(interview.candidate, field, value)
    assert reasons_against(interview) == [reason]


def test_nobody_is_called_who_was_not_asked(interview: Interview) -> None:
    interview.candidate.call_permission = CallPermission.UNKNOWN
    assert reasons_against(interview) == ["Nobody has asked the candidate whether we may call."]
    assert reasons_against(interview, by_candidate=True) == []


def test_a_time_that_the_candidate_chose_may_lie_in_quiet_hours(interview: Interview) -> None:
    night = TUESDAY_NOON + timedelta(hours=11)
    assert reasons_against(interview, night) == [
        "It is 23:00 on Tuesday where the candidate is: quiet hours."
    ]
    assert reasons_against(interview, night, by_candidate=True) == []


@pytest.mark.parametrize(
    ("moment", "quiet"),
    [
        ("2027-03-02T08:59:59", True),
        ("2027-03-02T09:00:00", False),
        ("2027-03-02T19:59:59", False),
        ("2027-03-02T20:00:00", True),
        ("2027-03-06T12:00:00", False),  # Saturday
        ("2027-03-07T12:00:00", True),  # Sunday
    ],
)
def test_quiet_hours_are_the_settings_by_the_candidates_clock(moment: str, quiet: bool) -> None:
    assert is_quiet(datetime.fromisoformat(moment)) is quiet


def test_the_clock_follows_the_candidates_summer_time(interview: Interview) -> None:
    summer = local_time(interview.candidate, datetime(2027, 7, 6, 12, 30, tzinfo=UTC))
    winter = local_time(interview.candidate, datetime(2027, 1, 5, 12, 30, tzinfo=UTC))
    assert (summer.hour, winter.hour) == (8, 7)


def test_other_channels_and_ended_interviews_are_not_called(interview: Interview) -> None:
    interview.channel = "browser"
    assert reasons_against(interview) == ["This interview is not by phone."]
    interview.channel, interview.status = "phone", "cancelled"
    assert reasons_against(interview) == ["This interview is cancelled."]


def test_a_language_without_spoken_texts_is_not_called(interview: Interview) -> None:
    interview.language = "ja-JP"
    assert reasons_against(interview) == [
        "There are no spoken texts in the language of this interview."
    ]


def test_one_call_at_a_time(interview: Interview) -> None:
    ended_call(interview, Outcome.NO_ANSWER, status=CallStatus.SCHEDULED, outcome="", ended_at=None)
    assert reasons_against(interview) == ["There is a call already."]


def test_attempts_are_counted_but_for_our_own_faults(interview: Interview) -> None:
    ended_call(interview, Outcome.NO_ANSWER)
    ended_call(interview, Outcome.FAILED, fault="ours")
    ended_call(interview, Outcome.NO_ANSWER, first_sent_at=None)
    assert attempts_left(interview) == 2
    ended_call(interview, Outcome.BUSY)
    ended_call(interview, Outcome.VOICEMAIL)
    assert attempts_left(interview) == 0
    assert reasons_against(interview) == ["No attempts are left."]


def test_call_that_broke_off_in_the_conversation_is_no_attempt(interview: Interview) -> None:
    begun = {"recording_started_at": timezone.now(), "phase": "over"}
    ended_call(interview, Outcome.HUNG_UP_EARLY, **begun)
    ended_call(interview, Outcome.FAILED, fault="network", **begun)

    assert attempts_left(interview) == 3


@pytest.mark.parametrize(
    ("outcome", "again"),
    [
        (Outcome.NO_ANSWER, True),
        (Outcome.BUSY, True),
        (Outcome.VOICEMAIL, True),
        (Outcome.HUNG_UP_EARLY, True),
        (Outcome.DECLINED, False),
        (Outcome.WRONG_NUMBER, False),
        (Outcome.CONSENT_REFUSED, False),
    ],
)
def test_whoever_declined_is_not_called_again(
    interview: Interview, outcome: Outcome, again: bool
) -> None:
    ended_call(interview, outcome)
    assert (reasons_against(interview) == []) is again


@pytest.mark.parametrize(
    ("last", "again"),
    [
        ({"outcome": "failed", "fault": "ours", "code": "7507"}, True),  # mended since
        ({"outcome": "failed", "fault": "network", "code": "403"}, False),
        ({"outcome": "wrong_number", "number": "+12025550199"}, True),  # corrected since
        ({"outcome": "wrong_number", "number": "+12025550123"}, False),
    ],
)
def test_what_was_mended_is_no_last_word(
    interview: Interview, last: dict[str, str], again: bool
) -> None:
    ended_call(interview, Outcome(last["outcome"]), **last)

    assert (reasons_against(interview) == []) is again


def test_a_call_that_broke_off_is_taken_up_within_its_window_only(interview: Interview) -> None:
    guide_question = interview.guide.questions.first()
    interview.turns.create(
        organisation_id=interview.organisation_id,
        question=guide_question,
        position=1,
        kind="question",
        source="planned",
        text=guide_question.text,
        asked_at=timezone.now(),
    )
    ended_call(interview, Outcome.HUNG_UP_EARLY)
    assert reasons_against(interview, TUESDAY_NOON + timedelta(hours=23)) == []
    late = reasons_against(interview, TUESDAY_NOON + timedelta(hours=25))
    assert late == ["Too long ago: a call that broke off can only be taken up within its window."]


def test_nobody_is_called_after_the_interviews_time(interview: Interview) -> None:
    interview.expires_at = TUESDAY_NOON + timedelta(hours=1)
    assert reasons_against(interview, TUESDAY_NOON + timedelta(hours=1)) == [
        "The interview's time is over by then."
    ]


def test_continuations_are_free_but_not_for_ever(interview: Interview) -> None:
    begun = TUESDAY_NOON - timedelta(minutes=5)
    for _ in range(5):
        ended_call(interview, Outcome.HUNG_UP_EARLY, recording_started_at=begun)
    assert attempts_left(interview) == 1
    ended_call(interview, Outcome.HUNG_UP_EARLY, recording_started_at=begun)
    assert attempts_left(interview) == 0


def test_a_candidates_link_cannot_plan_for_ever(interview: Interview) -> None:
    taken_back = {"status": CallStatus.CANCELLED, "outcome": "", "ended_at": None}
    for _ in range(20):
        assert reasons_against(interview, by_candidate=True) == []
        ended_call(
            interview,
            Outcome.NO_ANSWER,
            **taken_back,
            first_sent_at=None,
            chosen_by_candidate=True,
        )
    assert reasons_against(interview, by_candidate=True) == [
        "The time was changed too often. Ask whoever invited you to plan the call."
    ]
    assert reasons_against(interview) == []


def test_nobody_is_called_in_a_language_without_a_voice(
    interview: Interview, settings: Any
) -> None:
    settings.ENGINES = settings.ENGINES | {"callroom": "azure"}
    settings.AZURE_SPEECH_VOICES = {"de": "de-DE-KatjaNeural"}
    assert reasons_against(interview) == ["No voice is set for the language of this interview."]
