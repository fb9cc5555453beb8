"""The offline author: which competencies it chooses, why, and what the draft looks like."""

from decimal import Decimal

import pytest

from interviews.author.offline import LABEL, OfflineAuthor
from interviews.guide_body import from_json, to_json
from interviews.linter import lint
from talenti.errors import PermanentFailure

SUPPORT = """
You answer customers' questions by phone and e-mail, explain our product, and write clear
documentation. You work in shifts with a small team, stay calm with upset customers, handle
complaints with care for detail, and troubleshoot problems together with the engineers.
"""
WAREHOUSE = "Lead a warehouse crew of twelve. Plan the shifts, keep the place safe, count exactly."


def draft(description: str = "", *, title: str = "Clerk", language: str = "en-US"):
    return OfflineAuthor().draft(title=title, description=description, language=language)


def test_a_draft_says_which_words_led_to_each_competency():
    assert draft(SUPPORT).because == {
        "communication": ("explain", "write", "documentation"),
        "customer_focus": ("customers", "by phone", "complaints"),
        "problem_solving": ("troubleshoot", "problems"),
        "teamwork": ("team", "together"),
        "resilience": ("shifts", "calm"),
    }


def test_a_description_without_a_cue_gets_the_core_competencies():
    assert draft("Zookeeper wanted.").because == {
        "problem_solving": (),
        "communication": (),
        "teamwork": (),
        "ownership": (),
        "learning": (),
    }


def test_named_competencies_come_before_the_core():
    keys = [competency.key for competency in draft(WAREHOUSE).body.competencies]
    assert keys == ["safety", "attention_to_detail", "leading_others", "planning", "resilience"]


def test_a_clearly_named_competency_counts_double_and_is_asked_twice():
    body = draft(SUPPORT).body
    assert [str(competency.weight) for competency in body.competencies] == ["2", "2", "1", "1", "1"]
    assert [question.competency for question in body.questions] == [
        *("communication", "communication", "customer_focus", "customer_focus"),
        *("problem_solving", "teamwork", "resilience"),
    ]


@pytest.mark.parametrize("description", ["", SUPPORT, WAREHOUSE, SUPPORT + WAREHOUSE])
def test_every_draft_could_be_published_once_a_person_agrees(description):
    body = draft(description).body
    assert lint(body) == ()
    assert from_json(to_json(body)) == body
    assert len(body.competencies) == 5
    assert 6 <= len(body.questions) <= 8


def test_the_same_description_gives_the_same_draft():
    assert draft(SUPPORT) == draft(SUPPORT)


def test_the_title_counts_as_a_description_too():
    assert draft(title="Sales negotiator").because["selling"] == ("sales", "negotiator")


def test_a_draft_carries_its_label_title_and_language():
    made = draft(title="Clerk", language="en_GB")
    assert (made.label, made.body.title, made.body.language) == (LABEL, "Clerk", "en-GB")
    assert LABEL == (
        "Offline draft: assembled by rule from a competency library. Edit before publishing."
    )


def test_no_competency_is_a_must_have_until_a_person_says_so():
    assert {c.must_have_level for c in draft(SUPPORT).body.competencies} == {None}


def test_a_hostile_title_is_cut_and_cleaned():
    body = draft(title="a\x00b\ud800c\n" + "d" * 500).body
    assert body.title == "a b c " + "d" * 194
    assert from_json(to_json(body)) == body


def test_a_very_long_description_is_read_in_part():
    assert draft("x" * 20_000 + " negotiation").because.keys() == draft("").because.keys()


@pytest.mark.parametrize("language", ["de", "de-DE", "fr_FR", "", "eng", "english"])
def test_another_language_is_refused_for_good(language):
    with pytest.raises(PermanentFailure) as refusal:
        draft(SUPPORT, language=language)
    assert refusal.value.code == "language_not_supported"


def test_weights_are_exact():
    assert {type(c.weight) for c in draft(SUPPORT).body.competencies} == {Decimal}


def test_the_offline_author_is_ready_at_once():
    author = OfflineAuthor()
    assert (author.name, author.immediate, author.check()) == ("offline", True, [])
