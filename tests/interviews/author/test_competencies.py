"""The library itself: every entry is fit to be published, alone and with any four others."""

from collections import Counter
from decimal import Decimal
from itertools import combinations

import pytest

from interviews.author.competencies import Entry, load_library
from interviews.guide_body import LEVELS, CompetencyBody, GuideBody, Objection, from_json, to_json
from interviews.linter import lint, structure

LIBRARY = load_library()


def body_of(*entries: Entry) -> GuideBody:
    return GuideBody(
        "Library",
        "en",
        tuple(
            CompetencyBody(e.key, e.name, e.description, Decimal(1), None, e.anchors)
            for e in entries
        ),
        tuple(question for entry in entries for question in entry.questions),
    )


def structure_objections(body: GuideBody) -> list[Objection]:
    found = list(structure.guide_objections(body))
    for index in range(len(body.competencies)):
        found += structure.competency_objections(body, index)
    for index in range(len(body.questions)):
        found += structure.question_objections(body, index)
    return found


def test_the_library_has_its_fourteen_competencies_in_order():
    assert [entry.key for entry in LIBRARY] == [
        *("problem_solving", "communication", "teamwork", "ownership", "learning"),
        *("attention_to_detail", "customer_focus", "integrity", "leading_others", "planning"),
        *("resilience", "safety", "selling", "technical_judgement"),
    ]
    assert [entry.core for entry in LIBRARY if entry.core] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("entry", LIBRARY, ids=lambda entry: entry.key)
def test_an_entry_is_a_guide_that_may_be_published(entry):
    assert lint(body_of(entry)) == ()


@pytest.mark.parametrize("entry", LIBRARY, ids=lambda entry: entry.key)
def test_an_entry_is_complete(entry):
    assert tuple(sorted(entry.anchors)) == LEVELS
    assert len(entry.questions) in (2, 3)
    assert [len(question.probes) for question in entry.questions] == [2] * len(entry.questions)
    assert from_json(to_json(body_of(entry))) == body_of(entry)


@pytest.mark.parametrize("entry", LIBRARY, ids=lambda entry: entry.key)
def test_questions_ask_about_behaviour(entry):
    openers = ("Tell me about", "Describe ")
    assert [q.text for q in entry.questions if not q.text.startswith(openers)] == []


def test_any_five_entries_have_the_structure_of_a_guide():
    # A rule of structure looks at one competency or compares two, so pairs decide for any five.
    refused = [
        ([entry.key for entry in pair], found)
        for pair in combinations(LIBRARY, 2)
        for found in structure_objections(body_of(*pair))
    ]
    assert refused == []


def test_no_text_is_used_twice():
    texts = Counter(
        text
        for entry in LIBRARY
        for text in [*entry.anchors.values(), *(question.text for question in entry.questions)]
    )
    assert [text for text, count in texts.items() if count > 1] == []


def test_cues_are_whole_words_in_any_case():
    cues = {entry.key: entry.cues for entry in LIBRARY}
    assert cues["planning"].search("We water the plants") is None
    assert cues["planning"].search("PLANNING the day") is not None
    assert cues["resilience"].search("You are on\n  call") is not None
    assert cues["problem_solving"].findall("solve complex problems") == [
        *("solve", "complex", "problems")
    ]
