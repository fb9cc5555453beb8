from dataclasses import asdict, dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.gate import (
    Finding,
    GateResult,
    Material,
    Severity,
    Thresholds,
    Verdict,
    judge_quality,
)
from tests.scoring.assessor.answers import GENUINE

QUESTIONS = (
    "Tell me about a time when you had to solve a difficult problem at work.",
    "Describe a situation in which you disagreed with a colleague. What did you do?",
)
STORY = {one.name: one.text for one in GENUINE}
TWO_STORIES = (STORY["software_import"], STORY["nursing_medication"], STORY["retail_refund"])


@dataclass(frozen=True)
class Said:
    """A segment as the gate sees it."""

    text: str
    speaker: str = "candidate"
    start_ms: int | None = 0
    end_ms: int | None = 30_000
    confidence: float | None = None


def material(*texts, **changes):
    values = {
        "passages": [one if isinstance(one, Said) else Said(one) for one in texts],
        "questions": QUESTIONS,
        "asked": 2,
        "answered": 2,
        "engine": "azure",
        "is_draft": False,
    }
    return Material(**{**values, **changes})


def judge(*texts, **changes):
    result = judge_quality(material(*texts, **changes))
    return result.outcome, [finding.code for finding in result.findings]


def test_an_interview_with_real_answers_is_scorable():
    assert judge_quality(material(*TWO_STORIES)) == GateResult(
        Verdict.SCORABLE,
        (),
        {
            "words": 193,
            "own_words": 189,
            "different_words": 120,
            "seconds": 90,
            "mean_confidence": None,
            "share_answered": "1.00",
            "repetition": "0.00",
            "echo": "0.00",
        },
    )


@pytest.mark.parametrize(
    ("name", "texts", "codes"),
    [
        ("nothing", [], ["no_speech"]),
        ("silence", ["", "  ", "..."], ["no_speech"]),
        ("fine", ["fine"] * 8, ["repetition", "too_few_words"]),
        ("ok and fine", ["ok", "fine", "yes", "good"] * 20, ["repetition", "too_few_words"]),
        (
            "noises",
            ["um uh er", "hmm well so", "uh huh yeah", "mm okay um right"],
            ["too_few_words"],
        ),
        (
            "one sentence repeated",
            ["I am a very hard working person and I always do my best every day."] * 12,
            ["repetition", "too_few_words"],
        ),
        ("the questions read back", list(QUESTIONS) * 4, ["repetition", "echo_of_question"]),
        ("one honest sentence", ["I have worked in a shop for two years."], ["too_few_words"]),
        (
            "no idea, in the same words",
            ["sorry I really do not know what to say about that one"] * 8,
            ["repetition", "too_few_words"],
        ),
        (
            "a few words shuffled",
            ["dog cat dog dog cat cow", "cow dog cow cat cat dog", "bee cow bee dog bee bee"] * 3,
            ["repetition", "too_few_words"],
        ),
    ],
)
def test_an_interview_without_signal_is_not_scorable(name, texts, codes):
    outcome, found = judge(*texts)
    assert (outcome, [code for code in found if code in codes]) == (Verdict.NOT_SCORABLE, codes)


def test_only_the_words_of_the_candidate_count():
    interviewer = [Said(text, "interviewer") for text in TWO_STORIES]
    assert judge(*interviewer, "yes exactly") == (Verdict.NOT_SCORABLE, ["too_few_words"])


def test_the_same_few_words_in_ever_new_order_are_not_scorable():
    words = ["apple", "pear", "plum", "fig", "kiwi", "lime", "date"]
    text = " ".join(words[(at * at + at // 7) % 7] for at in range(60))
    outcome, codes = judge(text)
    assert outcome == Verdict.NOT_SCORABLE
    assert set(codes) & {"repetition", "too_few_different_words", "too_few_words"}


@pytest.mark.parametrize(
    ("changes", "outcome", "codes"),
    [
        ({"is_draft": True}, Verdict.NEEDS_CONFIRMATION, ["draft"]),
        (
            {"is_draft": True, "needs_transcript": True},
            Verdict.NEEDS_CONFIRMATION,
            ["needs_transcript"],
        ),
        ({"is_draft": True, "confirmed": True}, Verdict.SCORABLE, []),
        ({"answered": 0}, Verdict.NOT_SCORABLE, ["unanswered"]),
        ({"asked": 6, "answered": 2}, Verdict.WITH_WARNINGS, ["partly_answered"]),
        ({"asked": 0, "answered": 0}, Verdict.SCORABLE, []),
        ({"asked": 2, "answered": 9}, Verdict.SCORABLE, []),
    ],
)
def test_circumstances_decide_beside_the_words(changes, outcome, codes):
    assert judge(*TWO_STORIES, **changes) == (outcome, codes)


@pytest.mark.parametrize(
    ("confidence", "confirmed", "outcome", "codes"),
    [
        (0.64, False, Verdict.NEEDS_CONFIRMATION, ["low_confidence"]),
        (0.64, True, Verdict.SCORABLE, []),
        (0.7, False, Verdict.WITH_WARNINGS, ["uncertain_words"]),
        (0.9, False, Verdict.SCORABLE, []),
    ],
)
def test_an_unsure_recogniser_asks_for_a_person(confidence, confirmed, outcome, codes):
    said = [Said(text, confidence=confidence) for text in TWO_STORIES]
    assert judge(*said, confirmed=confirmed) == (outcome, codes)


def test_a_thin_draft_is_confirmed_before_it_is_refused():
    outcome, codes = judge("yes", is_draft=True)
    assert (outcome, codes) == (Verdict.NEEDS_CONFIRMATION, ["draft", "too_few_words"])


def test_little_speech_is_scored_with_a_warning():
    assert judge(STORY["software_outage"]) == (Verdict.WITH_WARNINGS, ["few_words"])


def test_speech_of_a_few_seconds_is_not_scorable_and_typed_answers_have_no_seconds():
    short = [Said(text, start_ms=0, end_ms=3_000) for text in TWO_STORIES]
    assert judge(*short) == (Verdict.NOT_SCORABLE, ["too_short"])
    typed = [Said(text, start_ms=None, end_ms=None) for text in TWO_STORIES]
    assert judge(*typed) == (Verdict.SCORABLE, [])


def test_settings_can_move_the_limits():
    strict = Thresholds(warn_own_words=1000)
    assert judge_quality(material(*TWO_STORIES), strict).findings == (
        Finding(
            "few_words",
            "The candidate said little. Levels rest on few words.",
            Severity.WARNING,
        ),
    )


def test_messages_hold_none_of_the_candidates_words():
    result = judge_quality(material("zebra " * 9))
    assert result.findings
    assert not any("zebra" in str(asdict(finding)) for finding in result.findings)


@given(st.lists(st.text(max_size=40), max_size=6), st.integers(0, 5), st.integers(0, 5))
def test_shares_stay_between_none_and_all(texts, asked, answered):
    measures = judge_quality(material(*texts, asked=asked, answered=answered)).measures
    shares = [measures["repetition"], measures["echo"], measures["share_answered"] or "0.00"]
    assert all(0 <= float(share) <= 1 for share in shares)
    assert measures["own_words"] <= measures["words"]
