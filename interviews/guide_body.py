"""The content of a guide as plain values: what the API carries, the author drafts and the linter reads."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

LEVELS = (1, 2, 3, 4, 5)


@dataclass(frozen=True, slots=True)
class CompetencyBody:
    """One competency; `anchors` maps each level 1 to 5 to observable behaviour, `weight` is above 0."""

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
