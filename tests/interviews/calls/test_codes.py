"""Codes: in words, for the outcome of a call, and for ringing again."""

import pytest

from interviews.calls import codes
from interviews.calls.codes import end_of_unanswered, explain, is_known, may_redial, meaning
from interviews.calls.state import Fault, Outcome

EVERY_MEDIA_CODE = (8510, 8532, 8511, 8547, 8563, 8564, 8565, 8570, 8509, 8508, 8535, 8536, 8582,
                    9999, 8531, 8514, 8534)  # fmt: skip
EVERY_API_CODE = (8522, 8500, 8501, 8528, 8553, 8559, 8571, 8519, 8583, 7507)
EVERY_PHONE_CODE = (560480, 560486, 540486, 560487, 560603, 560403, 560404, 560484, 560408, 560500,
                    560503, 560000, 540000, 7000, 5001)  # fmt: skip


@pytest.mark.parametrize("code", [*EVERY_MEDIA_CODE, *EVERY_API_CODE, *EVERY_PHONE_CODE])
def test_every_code_has_words(code: int) -> None:
    assert is_known(str(code))
    assert explain(str(code)).endswith(".")


def test_words_name_no_provider_and_no_number() -> None:
    tables = (codes.SERVICE_ENDS, codes.API, codes.CALLEE, codes.MEDIA, codes.OWN)
    words = [found.words for table in tables for found in table.values()]
    words += [found.words for found in codes.SIP.values()]
    assert [text for text in words if any(letter.isdigit() for letter in text)] == []
    assert [text for text in words if "Azure" in text or "ACS" in text] == []


@pytest.mark.parametrize(
    ("code", "outcome", "fault", "again"),
    [
        ("560480", Outcome.NO_ANSWER, Fault.NONE, True),
        ("480", Outcome.NO_ANSWER, Fault.NONE, True),
        ("8541", Outcome.NO_ANSWER, Fault.NONE, True),
        ("560487", Outcome.NO_ANSWER, Fault.NONE, True),
        ("560486", Outcome.BUSY, Fault.NONE, True),
        ("540486", Outcome.BUSY, Fault.NONE, True),
        ("600", Outcome.BUSY, Fault.NONE, True),
        ("560603", Outcome.DECLINED, Fault.NONE, False),
        ("603", Outcome.DECLINED, Fault.NONE, False),
        ("560404", Outcome.WRONG_NUMBER, Fault.NONE, False),
        ("560484", Outcome.WRONG_NUMBER, Fault.NONE, False),
        ("560410", Outcome.WRONG_NUMBER, Fault.NONE, False),
        ("560403", Outcome.FAILED, Fault.NETWORK, False),
        ("560408", Outcome.FAILED, Fault.NETWORK, True),
        ("560500", Outcome.FAILED, Fault.NETWORK, True),
        ("560503", Outcome.FAILED, Fault.NETWORK, True),
        ("560599", Outcome.FAILED, Fault.NETWORK, True),
        ("7507", Outcome.FAILED, Fault.OURS, False),
        ("8530", Outcome.FAILED, Fault.PROVIDER, True),
        ("8522", Outcome.FAILED, Fault.PROVIDER, True),
        ("560000", Outcome.FAILED, Fault.UNKNOWN, True),
        ("7000", Outcome.FAILED, Fault.UNKNOWN, True),
        ("gone", Outcome.FAILED, Fault.UNKNOWN, True),
        ("", Outcome.FAILED, Fault.UNKNOWN, True),
        ("424242", Outcome.FAILED, Fault.UNKNOWN, True),
    ],
)
def test_a_call_that_was_never_connected_comes_to(
    code: str, outcome: Outcome, fault: Fault, again: bool
) -> None:
    assert end_of_unanswered(code) == (outcome, fault)
    assert may_redial(outcome, code) is again


@pytest.mark.parametrize(
    ("outcome", "again"),
    [
        (Outcome.COMPLETED, False),
        (Outcome.CONSENT_REFUSED, False),
        (Outcome.DECLINED, False),
        (Outcome.WRONG_NUMBER, False),
        (Outcome.NO_ANSWER, True),
        (Outcome.BUSY, True),
        (Outcome.VOICEMAIL, True),
        (Outcome.HUNG_UP_EARLY, True),
        (Outcome.STOPPED, True),
        (Outcome.FAILED, True),
    ],
)
def test_whether_ringing_again_makes_sense(outcome: Outcome, again: bool) -> None:
    assert may_redial(outcome, "") is again
    assert may_redial(outcome.value, "") is again


def test_a_failure_that_is_in_our_set_up_is_not_tried_again() -> None:
    assert may_redial(Outcome.FAILED, "8567") is False
    assert may_redial(Outcome.FAILED, "8565") is True
    assert may_redial(Outcome.FAILED, "call_ceiling") is True  # it goes on where it stopped


@pytest.mark.parametrize(
    "code", ["99", "12345", "four", "\uff15\uff16\uff10", "560abc", "5604808", "-80", "²³¹"]
)
def test_what_is_no_code_is_unknown(code: str) -> None:
    assert not is_known(code)
    assert explain(code) == f"Code {code}: nothing is known of it."
    assert meaning(code).fault is Fault.UNKNOWN


def test_no_code_needs_no_words() -> None:
    assert explain("") == ""
