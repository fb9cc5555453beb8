"""A guide as it comes from a client: read exactly, refused by field."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interviews.guide_body import (
    CompetencyBody,
    GuideBody,
    QuestionBody,
    from_json,
    to_json,
)
from talenti.errors import Invalid


def competency(**changes: Any) -> dict[str, Any]:
    given_fields = {
        "key": "care",
        "name": "Care",
        "description": "Works with care.",
        "weight": "0.25",
        "must_have_level": 3,
        "anchors": {"1": "a", "2": "b", "3": "c", "4": "d", "5": "e"},
    }
    return given_fields | changes


def question(**changes: Any) -> dict[str, Any]:
    given_fields = {
        "competency": "care",
        "text": "Tell me about a time you found a mistake.",
        "probes": ["What came of it?"],
        "time_limit_seconds": 120,
    }
    return given_fields | changes


def guide(**changes: Any) -> dict[str, Any]:
    given_fields = {
        "title": "Clerk",
        "language": "en-US",
        "competencies": [competency()],
        "questions": [question()],
    }
    return given_fields | changes


def read(data: object) -> GuideBody | dict[str, list[str]]:
    try:
        return from_json(data)
    except Invalid as refusal:
        return refusal.errors


def errors_of(data: object) -> dict[str, list[str]]:
    with pytest.raises(Invalid) as refusal:
        from_json(data)
    return refusal.value.errors


def test_from_json_reads_every_field():
    assert from_json(guide()) == GuideBody(
        title="Clerk",
        language="en-US",
        competencies=(
            CompetencyBody(
                key="care",
                name="Care",
                description="Works with care.",
                weight=Decimal("0.25"),
                must_have_level=3,
                anchors={1: "a", 2: "b", 3: "c", 4: "d", 5: "e"},
            ),
        ),
        questions=(
            QuestionBody(
                competency="care",
                text="Tell me about a time you found a mistake.",
                probes=("What came of it?",),
                time_limit_seconds=120,
            ),
        ),
    )


def test_to_json_gives_back_what_was_read():
    assert to_json(from_json(guide())) == guide()


def test_an_incomplete_draft_is_read_with_defaults():
    data = {
        "competencies": [{"key": "care", "name": " Care "}],
        "questions": [{"competency": "", "text": ""}],
    }
    assert errors_of(data) == {"questions[0].competency": ["Give the key of a competency."]}
    data["questions"] = [{"competency": "care", "text": ""}]
    assert to_json(from_json(data)) == {
        "title": "",
        "language": "en-US",
        "competencies": [
            {
                "key": "care",
                "name": "Care",
                "description": "",
                "weight": "1",
                "must_have_level": None,
                "anchors": {"1": "", "2": "", "3": "", "4": "", "5": ""},
            }
        ],
        "questions": [{"competency": "care", "text": "", "probes": [], "time_limit_seconds": 180}],
    }


def test_an_empty_guide_is_a_draft_too():
    assert from_json({"competencies": [], "questions": []}) == GuideBody("", "en-US", (), ())


def test_a_blank_anchor_is_an_absent_one():
    data = guide(competencies=[competency(anchors={"1": "a", "2": "  ", "3": ""})])
    assert from_json(data).competencies[0].anchors == {1: "a"}


def test_fields_a_guide_does_not_have_are_ignored():
    data = guide(id="7", status="draft", questions=[question(id="8", position=1)])
    assert from_json(data) == from_json(guide())


@pytest.mark.parametrize(
    ("weight", "exact"),
    [
        ("0.25", "0.25"),
        (1, "1"),
        (0.1, "0.1"),
        (0.125, "0.125"),
        ("1000", "1000"),
        (1000, "1000"),
        (1000.0, "1000"),
        ("0.001", "0.001"),
        (Decimal("2.50"), "2.5"),
        ("007", "007"),
    ],
    ids=repr,
)
def test_weight_is_read_exactly(weight, exact):
    body = from_json(guide(competencies=[competency(weight=weight)]))
    assert body.competencies[0].weight == Decimal(exact)
    assert from_json(to_json(body)) == body


@pytest.mark.parametrize(
    "weight",
    [
        *(0, -1, 1001, 10**600, 0.0, 0.0001, 1000.5, float("nan"), float("inf"), True, False),
        *(None, "", " ", "-1", "0", "0.000", "0.1234", "1000.001", "1e2", "1_0", "٣", "0x1"),
        *("NaN", "Infinity", ".5", "1.", "+1", " 1", "1\n", [], {}, "9" * 5000),
        *(Decimal("NaN"), Decimal("1e3"), Decimal("0.0001"), b"1"),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_weight_outside_its_range_or_form_is_refused(weight):
    assert errors_of(guide(competencies=[competency(weight=weight)])) == {
        "competencies[0].weight": [
            "Give a number above 0, at most 1000, with at most 3 decimals.",
        ]
    }


@pytest.mark.parametrize("level", [0, 6, -1, True, "3", 3.0, [], 10**600], ids=repr)
def test_must_have_level_is_1_to_5_or_null(level):
    assert errors_of(guide(competencies=[competency(must_have_level=level)])) == {
        "competencies[0].must_have_level": ["Give a whole number from 1 to 5."]
    }


@pytest.mark.parametrize("level", [None, 1, 5])
def test_must_have_level_may_be_absent(level):
    body = from_json(guide(competencies=[competency(must_have_level=level)]))
    assert body.competencies[0].must_have_level == level


@pytest.mark.parametrize("seconds", [14, 3601, None, True, "60", 60.0, -15], ids=repr)
def test_time_limit_outside_15_to_3600_seconds_is_refused(seconds):
    assert errors_of(guide(questions=[question(time_limit_seconds=seconds)])) == {
        "questions[0].time_limit_seconds": ["Give a whole number from 15 to 3600."]
    }


@pytest.mark.parametrize("anchors", [None, [], "a", {"0": "a"}, {"6": "a"}, {"one": "a"}, {1: "a"}])
def test_anchors_have_the_keys_1_to_5(anchors):
    assert errors_of(guide(competencies=[competency(anchors=anchors)])) == {
        "competencies[0].anchors": ['Give an object with the keys "1" to "5".']
    }


@pytest.mark.parametrize(
    "key", ["", " ", "a b", "-a", "é", "a.b", "a" * 61, "a\n", "../x", 7, None, ["a"]]
)
def test_key_is_a_short_plain_word(key):
    assert errors_of(guide(competencies=[competency(key=key)])) == {
        "competencies[0].key": ["Give 1 to 60 letters, digits, hyphens or underscores."]
    }


def test_a_key_is_used_once():
    assert errors_of(guide(competencies=[competency(), competency(name="Again")])) == {
        "competencies[1].key": ["Another competency has this key."]
    }


def test_a_question_belongs_to_a_competency_of_the_same_guide():
    message = ["No competency has this key."]
    assert errors_of(guide(questions=[question(), question(competency="gone")])) == {
        "questions[1].competency": message
    }
    assert errors_of(guide(competencies=[])) == {"questions[0].competency": message}


@pytest.mark.parametrize(
    "language",
    ["", "e", "en-abcdefgh-abcdefgh", "english-language-of-mine", "en_US", 1, None, "en\n"],
)
def test_language_is_a_tag(language):
    assert errors_of(guide(language=language)) == {
        "language": ["Give a language tag such as en-US."]
    }


@pytest.mark.parametrize("data", [None, [], "guide", 1, True, [guide()]])
def test_a_guide_is_an_object(data):
    assert errors_of(data) == {"non_field_errors": ["A guide is a JSON object."]}


def test_lists_are_required():
    required = ["This field is required."]
    assert errors_of({}) == {"competencies": required, "questions": required}


def test_every_wrong_field_is_named_by_its_path():
    data = {
        "title": 1,
        "competencies": ["care", {"name": None, "anchors": {"3": 4}}, competency(key="fine")],
        "questions": [{"probes": ["fine", None, "a\x00b"]}, question(probes="why")],
    }
    assert errors_of(data) == {
        "title": ["Give a text."],
        "competencies[0]": ["Give an object."],
        "competencies[1].key": ["This field is required."],
        "competencies[1].name": ["Give a text."],
        "competencies[1].anchors.3": ["Give a text."],
        "questions[0].competency": ["This field is required."],
        "questions[0].text": ["This field is required."],
        "questions[0].probes[1]": ["Give a text."],
        "questions[0].probes[2]": ["Remove the control characters."],
        "questions[1].probes": ["Give a list."],
    }


@pytest.mark.parametrize("text", ["a\x00b", "\ud800", "a\udfff", "\x1b[31m", "\x7f"])
def test_text_that_cannot_be_stored_is_refused(text):
    assert errors_of(guide(questions=[question(text=text)])) == {
        "questions[0].text": ["Remove the control characters."]
    }


@pytest.mark.parametrize(
    ("path", "changes"),
    [
        ("title", {"title": "a" * 201}),
        ("competencies[0].name", {"competencies": [competency(name="a" * 121)]}),
        ("competencies[0].description", {"competencies": [competency(description="a" * 2001)]}),
        ("competencies[0].anchors.2", {"competencies": [competency(anchors={"2": "a" * 1001})]}),
        ("questions[0].text", {"questions": [question(text="a" * 1001)]}),
        ("questions[0].probes[0]", {"questions": [question(probes=["a" * 501])]}),
    ],
)
def test_a_text_one_too_long_is_refused(path, changes):
    errors = errors_of(guide(**changes))
    assert list(errors) == [path]
    assert errors[path][0].startswith("Give at most ")


def test_texts_of_the_greatest_length_are_read():
    data = guide(
        title="a" * 200,
        competencies=[
            competency(name="b" * 120, description="c" * 2000, anchors={"5": "d" * 1000})
        ],
        questions=[question(text="e" * 1000, probes=["f" * 500] * 5)],
    )
    assert from_json(data).questions[0].probes == ("f" * 500,) * 5


def test_counts_are_limited():
    data = guide(
        competencies=[competency(key=f"k{number}") for number in range(21)],
        questions=[question()] * 61,
    )
    assert errors_of(data) == {
        "competencies": ["Give at most 20."],
        "questions": ["Give at most 60."],
    }
    assert errors_of(guide(questions=[question(probes=["a"] * 6)])) == {
        "questions[0].probes": ["Give at most 5."]
    }


def test_the_greatest_counts_are_read():
    body = from_json(
        guide(
            competencies=[competency(key=f"k{number}") for number in range(20)],
            questions=[question(competency="k7")] * 60,
        )
    )
    assert (len(body.competencies), len(body.questions)) == (20, 60)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["title", "competencies", "questions", "key", "anchors", "1", "probes", "weight"]
            )
            | st.text(),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(JSON)
def test_any_json_is_read_or_refused_by_field(data):
    outcome = read(data)
    if isinstance(outcome, GuideBody):
        assert from_json(to_json(outcome)) == outcome
    else:
        assert outcome != {}


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.decimals(min_value="0.001", max_value=1000, places=3), st.text(max_size=50))
def test_what_is_read_is_written_and_read_again_alike(weight, name):
    outcome = read(guide(competencies=[competency(weight=str(weight), name=name)]))
    if isinstance(outcome, GuideBody):
        assert outcome.competencies[0].weight == weight
        assert from_json(to_json(outcome)) == outcome
    else:
        assert outcome == {"competencies[0].name": ["Remove the control characters."]}
