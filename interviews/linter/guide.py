"""Reads a whole guide and says why it may not be published."""

from collections.abc import Iterator

from interviews.guide_body import GuideBody, Objection
from interviews.linter import structure, wording

# Rules of wording are written for these languages; a person answers for a guide in another one.
WORDED_LANGUAGES = frozenset({"en"})


def lint(body: GuideBody) -> tuple[Objection, ...]:
    """Return every objection in the order of the guide; none means it may be published.

    Structure and protected topics are absolute; the rules of language can be overridden. English
    rules run on every guide, so that a wrong language tag hides nothing.
    """
    return tuple(_objections(body))


def _objections(body: GuideBody) -> Iterator[Objection]:
    if body.language.split("-")[0].lower() not in WORDED_LANGUAGES:
        yield _unchecked_language()
    yield from structure.guide_objections(body)
    for index in range(len(body.competencies)):
        yield from structure.competency_objections(body, index)
    for index, question in enumerate(body.questions):
        yield from structure.question_objections(body, index)
        path = f"questions[{index}]"
        yield from wording.question_objections(f"{path}.text", question.text)
        for number, probe in enumerate(question.probes):
            yield from wording.probe_objections(f"{path}.probes[{number}]", probe)


def _unchecked_language() -> Objection:
    message = (
        "Questions in this language are not checked for leading wording or protected topics. "
        "Publish only after a person has checked them."
    )
    return Objection("language", "language_not_checked", message, overridable=True)
