"""A guide's content as plain values: the API carries, the author drafts, the linter reads it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeVar

from talenti.errors import Invalid

LEVELS = (1, 2, 3, 4, 5)

MAX_COMPETENCIES = 20
MAX_QUESTIONS = 60
MAX_PROBES = 5
MAX_WEIGHT = Decimal(1000)
DEFAULT_LANGUAGE = "en-US"
DEFAULT_WEIGHT = Decimal(1)
MIN_TIME_LIMIT_SECONDS = 15
MAX_TIME_LIMIT_SECONDS = 3600
DEFAULT_TIME_LIMIT_SECONDS = 180
# Lengths in code points.
MAX_TITLE = 200
MAX_NAME = 120
MAX_DESCRIPTION = 2000
MAX_ANCHOR = 1000
MAX_QUESTION = 1000
MAX_PROBE = 500

_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,59}")
_LANGUAGE = re.compile(r"(?=.{2,16}$)[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
_WEIGHT = re.compile(r"[0-9]{1,4}(\.[0-9]{1,3})?")
# NUL and lone surrogates cannot be stored; other control characters have no place in a sentence.
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class CompetencyBody:
    """One competency; `anchors` maps each level 1 to 5 to observable behaviour; `weight` > 0."""

    key: str
    name: str
    description: str
    weight: Decimal
    must_have_level: int | None
    anchors: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class QuestionBody:
    """One planned question; `competency` is a CompetencyBody.key, `probes` are asked in order."""

    competency: str
    text: str
    probes: tuple[str, ...]
    time_limit_seconds: int


@dataclass(frozen=True, slots=True)
class GuideBody:
    """A whole guide in the order it is asked; `language` is a BCP 47 tag such as `en-US`."""

    title: str
    language: str
    competencies: tuple[CompetencyBody, ...]
    questions: tuple[QuestionBody, ...]


@dataclass(frozen=True, slots=True)
class Objection:
    """Why a guide may not be published; `path` names the field as `competencies[0].anchors.3`.

    An overridable objection is a rule of language: a person may publish against it with a reason.
    """

    path: str
    code: str
    message: str
    overridable: bool


def from_json(data: object) -> GuideBody:
    """Return the guide in parsed JSON, which may come from anybody.

    A draft may be incomplete: whether it is fit to be published is the linter's matter. Texts are
    stripped, an empty anchor is an absent one, and fields that a guide does not have are ignored.
    Raises Invalid with every wrong field under its path, as `questions[2].probes[0]`.
    """
    if not isinstance(data, Mapping):
        message = "A guide is a JSON object."
        raise Invalid(message, {"non_field_errors": [message]})
    errors: dict[str, list[str]] = {}
    fields = _Fields(data, "", errors)
    body = GuideBody(
        title=fields.text("title", MAX_TITLE),
        language=fields.pattern(
            "language", _LANGUAGE, "a language tag such as en-US", DEFAULT_LANGUAGE
        ),
        competencies=fields.objects("competencies", MAX_COMPETENCIES, _competency),
        questions=fields.objects("questions", MAX_QUESTIONS, _question),
    )
    if not errors:
        _refuse_loose_keys(body, errors)
    if errors:
        raise Invalid("The guide is not well formed.", errors)
    return body


def to_json(body: GuideBody) -> dict[str, Any]:
    """Return the guide as the API carries it: weights are strings, an unwritten anchor is ""."""
    return {
        "title": body.title,
        "language": body.language,
        "competencies": [_competency_json(competency) for competency in body.competencies],
        "questions": [_question_json(question) for question in body.questions],
    }


def _competency_json(competency: CompetencyBody) -> dict[str, Any]:
    return {
        "key": competency.key,
        "name": competency.name,
        "description": competency.description,
        "weight": _plain(competency.weight),
        "must_have_level": competency.must_have_level,
        "anchors": {str(level): competency.anchors.get(level, "") for level in LEVELS},
    }


def _question_json(question: QuestionBody) -> dict[str, Any]:
    return {
        "competency": question.competency,
        "text": question.text,
        "probes": list(question.probes),
        "time_limit_seconds": question.time_limit_seconds,
    }


def _plain(weight: Decimal) -> str:
    # 0.250 from a database column and 0.25 from a client are one weight and look alike.
    text = format(weight, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _competency(fields: "_Fields") -> CompetencyBody:
    return CompetencyBody(
        key=fields.pattern("key", _KEY, "1 to 60 letters, digits, hyphens or underscores"),
        name=fields.text("name", MAX_NAME, required=True),
        description=fields.text("description", MAX_DESCRIPTION),
        weight=fields.weight("weight"),
        must_have_level=fields.whole("must_have_level", (LEVELS[0], LEVELS[-1]), None),
        anchors=fields.anchors("anchors"),
    )


def _question(fields: "_Fields") -> QuestionBody:
    limits = (MIN_TIME_LIMIT_SECONDS, MAX_TIME_LIMIT_SECONDS)
    seconds = fields.whole("time_limit_seconds", limits, DEFAULT_TIME_LIMIT_SECONDS)
    return QuestionBody(
        competency=fields.pattern("competency", _KEY, "the key of a competency"),
        text=fields.text("text", MAX_QUESTION, required=True),
        probes=fields.texts("probes", MAX_PROBES, MAX_PROBE),
        time_limit_seconds=DEFAULT_TIME_LIMIT_SECONDS if seconds is None else seconds,
    )


def _refuse_loose_keys(body: GuideBody, errors: dict[str, list[str]]) -> None:
    """Note keys that are used twice or name nothing: no draft could be stored with them."""
    seen: set[str] = set()
    for index, competency in enumerate(body.competencies):
        if competency.key in seen:
            errors[f"competencies[{index}].key"] = ["Another competency has this key."]
        seen.add(competency.key)
    for index, question in enumerate(body.questions):
        if question.competency not in seen:
            errors[f"questions[{index}].competency"] = ["No competency has this key."]


_ABSENT = object()


@dataclass(frozen=True, slots=True)
class _Fields:
    """One JSON object being read; what is wrong is noted under its path and reading goes on."""

    source: Mapping[Any, Any]
    prefix: str
    errors: dict[str, list[str]] = field(repr=False)

    def wrong(self, name: str, message: str) -> None:
        self.errors.setdefault(self.prefix + name, []).append(message)

    def text(self, name: str, limit: int, *, required: bool = False) -> str:
        value = self.source.get(name, _ABSENT)
        if value is _ABSENT:
            if required:
                self.wrong(name, "This field is required.")
            return ""
        return self.checked(name, value, limit)

    def checked(self, name: str, value: object, limit: int) -> str:
        problem = _text_problem(value, limit)
        if problem or not isinstance(value, str):
            self.wrong(name, problem)
            return ""
        return value.strip()

    def pattern(
        self, name: str, allowed: re.Pattern[str], meaning: str, default: str | None = None
    ) -> str:
        value = self.source.get(name, _ABSENT if default is None else default)
        if value is _ABSENT:
            self.wrong(name, "This field is required.")
        elif not isinstance(value, str) or not allowed.fullmatch(value):
            self.wrong(name, f"Give {meaning}.")
        else:
            return value
        return ""

    def whole(self, name: str, limits: tuple[int, int], default: int | None) -> int | None:
        value = self.source.get(name, default)
        if value is None and default is None:
            return None
        # A boolean is an int to Python, but not to the person who sent it.
        if type(value) is not int or not limits[0] <= value <= limits[1]:
            self.wrong(name, f"Give a whole number from {limits[0]} to {limits[1]}.")
            return default
        return value

    def weight(self, name: str) -> Decimal:
        text = _number_text(self.source.get(name, DEFAULT_WEIGHT))
        if not _WEIGHT.fullmatch(text) or not 0 < Decimal(text) <= MAX_WEIGHT:
            message = f"Give a number above 0, at most {MAX_WEIGHT}, with at most 3 decimals."
            self.wrong(name, message)
            return DEFAULT_WEIGHT
        return Decimal(text)

    def anchors(self, name: str) -> dict[int, str]:
        value = self.source.get(name, {})
        if not isinstance(value, Mapping) or not all(key in _LEVEL_KEYS for key in value):
            self.wrong(name, 'Give an object with the keys "1" to "5".')
            return {}
        inner = _Fields(value, f"{self.prefix}{name}.", self.errors)
        texts = {level: inner.text(str(level), MAX_ANCHOR) for level in LEVELS}
        return {level: text for level, text in texts.items() if text}

    def texts(self, name: str, most: int, limit: int) -> tuple[str, ...]:
        values = self.listed(name, most, [])
        return tuple(
            self.checked(f"{name}[{index}]", value, limit) for index, value in enumerate(values)
        )

    def objects(self, name: str, most: int, read: Callable[["_Fields"], _T]) -> tuple[_T, ...]:
        found: list[_T] = []
        for index, value in enumerate(self.listed(name, most, _ABSENT)):
            if isinstance(value, Mapping):
                found.append(read(_Fields(value, f"{self.prefix}{name}[{index}].", self.errors)))
            else:
                self.wrong(f"{name}[{index}]", "Give an object.")
        return tuple(found)

    def listed(self, name: str, most: int, default: object) -> list[Any]:
        value = self.source.get(name, default)
        if value is _ABSENT:
            self.wrong(name, "This field is required.")
        elif not isinstance(value, list):
            self.wrong(name, "Give a list.")
        elif len(value) > most:
            self.wrong(name, f"Give at most {most}.")
        else:
            return value
        return []


_LEVEL_KEYS = frozenset(str(level) for level in LEVELS)


def _text_problem(value: object, limit: int) -> str:
    if not isinstance(value, str):
        return "Give a text."
    if _UNSTORABLE.search(value):
        return "Remove the control characters."
    return f"Give at most {limit} characters." if len(value) > limit else ""


def _number_text(value: object) -> str:
    """Return the decimal digits of a JSON number or text, or "" for anything else.

    The shortest form of a float is what its sender wrote; longer ones than fit are refused later.
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        return ""
    if isinstance(value, int):
        return str(value) if 0 < value <= MAX_WEIGHT else ""
    return value if isinstance(value, str) else str(value)
