"""What a guide must have before it may be published, and the order in which it is told."""

from dataclasses import replace
from decimal import Decimal

import pytest

from interviews.guide_body import CompetencyBody, GuideBody, Objection, QuestionBody
from interviews.linter import lint

ANCHORS = {
    1: "Blames others for the mistake.",
    2: "Names the mistake when asked.",
    3: "Names the mistake and puts it right.",
    4: "Puts it right and checks the result.",
    5: "Changes the work so that it cannot return.",
}
CARE = CompetencyBody("care", "Care", "Works with care.", Decimal(1), None, ANCHORS)
PACE = replace(CARE, key="pace", name="Pace")
ASK_CARE = QuestionBody("care", "Tell me about a mistake of yours.", ("How did it end?",), 120)
ASK_PACE = QuestionBody("pace", "Tell me about a day with too much to do.", (), 120)
GUIDE = GuideBody("Clerk", "en-GB", (CARE, PACE), (ASK_CARE, ASK_PACE))


def told(body: GuideBody) -> list[tuple[str, str, bool]]:
    return [(found.path, found.code, found.overridable) for found in lint(body)]


def with_anchors(anchors: dict[int, str]) -> GuideBody:
    return replace(GUIDE, competencies=(CARE, replace(PACE, anchors=anchors)))


def with_question(**changes) -> GuideBody:
    return replace(GUIDE, questions=(ASK_CARE, ASK_PACE, replace(ASK_PACE, **changes)))


def test_a_complete_guide_has_no_objections():
    assert lint(GUIDE) == ()


def test_an_empty_guide_is_told_both_things_it_lacks():
    assert lint(GuideBody("", "en", (), ())) == (
        Objection("competencies", "no_competencies", "Add at least one competency.", False),
        Objection("questions", "no_questions", "Add at least one question.", False),
    )


@pytest.mark.parametrize("level", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("blank", ["", " \n"])
def test_every_level_needs_an_anchor(level, blank):
    path = f"competencies[1].anchors.{level}"
    expected = [(path, "anchor_missing", False)]
    assert told(with_anchors(ANCHORS | {level: blank})) == expected
    absent = {other: text for other, text in ANCHORS.items() if other != level}
    assert told(with_anchors(absent)) == expected


def test_anchors_that_differ_in_case_or_commas_alone_are_repeated():
    anchors = ANCHORS | {4: "NAMES the mistake, and puts it right"}
    assert told(with_anchors(anchors)) == [("competencies[1].anchors.4", "anchor_repeated", False)]


@pytest.mark.parametrize(
    "text",
    ["Good", "Excellent communicator", "Above average.", "Meets some of the expectations", "5/5"],
)
def test_an_anchor_that_names_a_grade_is_no_behaviour(text):
    assert told(with_anchors(ANCHORS | {5: text})) == [
        ("competencies[1].anchors.5", "anchor_not_behaviour", True)
    ]


def test_an_anchor_without_spaces_between_words_is_read_by_character():
    anchors = ANCHORS | {5: "自分の間違いを説明する"}
    assert told(with_anchors(anchors)) == []


def test_a_competency_without_a_question_could_never_be_scored():
    assert told(replace(GUIDE, questions=(ASK_CARE,))) == [
        ("competencies[1]", "competency_without_question", False)
    ]


def test_competencies_are_told_apart_by_name_and_key():
    assert told(replace(GUIDE, competencies=(CARE, replace(PACE, name="CARE")))) == [
        ("competencies[1].name", "competency_name_repeated", False)
    ]
    assert told(replace(GUIDE, competencies=(CARE, PACE, replace(PACE, name="Speed")))) == [
        ("competencies[2].key", "competency_key_repeated", False)
    ]
    assert told(replace(GUIDE, competencies=(CARE, replace(PACE, name=" ")))) == [
        ("competencies[1].name", "competency_name_missing", False)
    ]


def test_a_question_belongs_to_a_competency_of_the_guide():
    assert told(with_question(competency="gone", text="Tell me about a plan.")) == [
        ("questions[2].competency", "unknown_competency", False)
    ]


def test_empty_and_repeated_questions_and_probes_are_named():
    assert told(with_question(text="  ")) == [("questions[2].text", "question_empty", False)]
    assert told(with_question()) == [("questions[2].text", "question_repeated", False)]
    probes = ("What then?", "", "what then", "Tell me about a plan.")
    assert told(with_question(text="Tell me about a plan.", probes=probes)) == [
        ("questions[2].probes[1]", "probe_empty", False),
        ("questions[2].probes[2]", "probe_repeated", False),
        ("questions[2].probes[3]", "probe_repeated", False),
    ]


def test_a_probe_is_read_like_a_question():
    assert told(with_question(text="Tell me about a plan.", probes=("Are you married?",))) == [
        ("questions[2].probes[0]", "protected_marital_status", False)
    ]


def test_a_language_without_rules_is_left_to_a_person():
    body = replace(GUIDE, language="de-DE")
    assert told(body) == [("language", "language_not_checked", True)]


def test_a_wrong_language_tag_hides_no_protected_topic():
    body = replace(with_question(text="How old are you?"), language="de-DE")
    assert told(body) == [
        ("language", "language_not_checked", True),
        ("questions[2].text", "protected_age", False),
    ]


def test_objections_come_in_the_order_of_the_guide():
    body = GuideBody(
        "Clerk",
        "en",
        (replace(CARE, anchors={}), replace(PACE, name="")),
        (replace(ASK_CARE, text="Do you have children and why?"), replace(ASK_CARE, probes=("",))),
    )
    assert told(body) == [
        *((f"competencies[0].anchors.{level}", "anchor_missing", False) for level in range(1, 6)),
        ("competencies[1].name", "competency_name_missing", False),
        ("competencies[1]", "competency_without_question", False),
        ("questions[0].text", "protected_family", False),
        ("questions[0].text", "double_barrelled", True),
        ("questions[0].text", "closed", True),
        ("questions[1].probes[0]", "probe_empty", False),
    ]
