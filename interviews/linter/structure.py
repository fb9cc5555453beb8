"""The rules of structure: what a guide must have before anybody can be interviewed with it."""

import re
from collections.abc import Iterable, Iterator

from interviews.guide_body import LEVELS, CompetencyBody, GuideBody, Objection, QuestionBody
from interviews.linter.wording import describes_behaviour, normalise


def guide_objections(body: GuideBody) -> Iterator[Objection]:
    """Yield what the guide lacks as a whole."""
    if not body.competencies:
        yield _wrong("competencies", "no_competencies", "Add at least one competency.")
    if not body.questions:
        yield _wrong("questions", "no_questions", "Add at least one question.")


def competency_objections(body: GuideBody, index: int) -> Iterator[Objection]:
    """Yield what is wrong with one competency, anchors last."""
    path, competency = f"competencies[{index}]", body.competencies[index]
    earlier = body.competencies[:index]
    if not competency.name.strip():
        yield _wrong(f"{path}.name", "competency_name_missing", "Give the competency a name.")
    elif _repeats(competency.name, (other.name for other in earlier)):
        message = "Another competency has this name: two scales would judge the same thing."
        yield _wrong(f"{path}.name", "competency_name_repeated", message)
    if any(competency.key == other.key for other in earlier):
        message = "Another competency has this key."
        yield _wrong(f"{path}.key", "competency_key_repeated", message)
    if not any(question.competency == competency.key for question in body.questions):
        message = "No question asks about this competency, so nothing could be scored."
        yield _wrong(path, "competency_without_question", message)
    yield from _anchor_objections(path, competency)


def question_objections(body: GuideBody, index: int) -> Iterator[Objection]:
    """Yield what is wrong with the place of one question in the guide, and with empty texts."""
    path, question = f"questions[{index}]", body.questions[index]
    if question.competency not in {competency.key for competency in body.competencies}:
        message = "The guide has no competency with this key."
        yield _wrong(f"{path}.competency", "unknown_competency", message)
    if not question.text.strip():
        yield _wrong(f"{path}.text", "question_empty", "Write the question.")
    elif _repeats(question.text, (other.text for other in body.questions[:index])):
        yield _wrong(f"{path}.text", "question_repeated", "An earlier question asks the same.")
    yield from _probe_objections(path, question)


def _probe_objections(path: str, question: QuestionBody) -> Iterator[Objection]:
    for number, probe in enumerate(question.probes):
        where = f"{path}.probes[{number}]"
        if not probe.strip():
            yield _wrong(where, "probe_empty", "Write the probe or remove it.")
        elif _repeats(probe, (question.text, *question.probes[:number])):
            yield _wrong(where, "probe_repeated", "This is already asked before it.")


def _anchor_objections(path: str, competency: CompetencyBody) -> Iterator[Objection]:
    for level in LEVELS:
        where, text = f"{path}.anchors.{level}", competency.anchors.get(level, "")
        lower = (competency.anchors.get(other, "") for other in LEVELS if other < level)
        if not text.strip():
            message = f"Describe what a candidate at level {level} does."
            yield _wrong(where, "anchor_missing", message)
        elif _repeats(text, lower):
            message = "A lower level has the same text: say what is different at this one."
            yield _wrong(where, "anchor_repeated", message)
        elif not describes_behaviour(text):
            message = "This names a grade. Describe what the candidate says or does."
            yield Objection(where, "anchor_not_behaviour", message, overridable=True)


def _repeats(text: str, others: Iterable[str]) -> bool:
    return _bare(text) in map(_bare, others)


def _bare(text: str) -> str:
    """Return the words alone: two texts that differ in a comma or in case are the same."""
    return " ".join(re.findall(r"\w+", normalise(text))) or normalise(text)


def _wrong(path: str, code: str, message: str) -> Objection:
    return Objection(path, code, message, overridable=False)
