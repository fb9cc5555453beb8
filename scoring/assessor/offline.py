"""The offline assessor: a deterministic evidence check by rule, for a person to judge.

It looks for a situation, own actions, a result, a measure and a reflection in what the candidate
said on one competency, and suggests an anchor level from what it found (LEVEL_RULES). It does not
understand: whether the example fits the question, and whether it is true, is for people. Where it
has too little to go on it says so and gives no level.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from scoring.assessor import cues
from scoring.assessor.answer import Answer, Hit, cut_quotes, read_answer
from scoring.assessor.checklist import find_hits
from scoring.assessor.protocol import NO_MEMORY, Brief, Claim, Judgement, Memory, Passage
from scoring.evidence import CANDIDATE, is_instruction_like, locate
from scoring.wording import mark_shared, normalise, plain_words

MODEL = "evidence-checklist-1"
MIN_WORDS = 25  # about ten seconds of speech; below it no cue means anything
MIN_CONNECTED = 0.28  # share of function words; English in sentences has 0.35 to 0.6
MOST_FIRST_PERSON = 0.2  # share of "I"; told in sentences it is 0.02 to 0.13
MIN_RECITED = 8  # words; less is shared with a rubric by chance
MOST_QUOTES = 3  # for each element
MANY_HYPOTHETICALS = 3

REFUSALS = {
    "no_candidate_words": "No words of the candidate on this competency were found.",
    "unconfirmed_text": "The transcript is a draft. A person has to confirm it first.",
    "not_linked_to_question": "The recording is not divided by question, so it is not known which"
    " words answer this competency.",
    "language_not_supported": "This check reads English only.",
    "too_short": f"The answer has fewer than {MIN_WORDS} words.",
    "echo_of_question": "The answer reads the question back and adds too little of its own.",
    "echo_of_rubric": "The answer repeats the words of the rubric and adds too little of its own.",
    "not_connected_english": "The answer lists words, or is in another language than English.",
    "keyword_stuffing": "The answer strings claims together instead of telling what happened.",
    "evasion": "The candidate said that there is no example, or did not answer.",
    "hypothetical_only": "The answer tells what the candidate would do, not what was done.",
    "team_only": "The answer tells what a team did. The candidate's own part was not found.",
    "no_own_action": "No own action of the candidate was found.",
}
_NAMES = {
    cues.SITUATION: "a situation",
    cues.OWN_ACTION: "an own action",
    cues.RESULT: "a result",
    cues.MEASURE: "a measure",
    cues.REFLECTION: "a reflection",
    cues.EVASION: "an evasion",
    cues.INACTION: "not having acted",
}
_CAVEAT = "Whether the example fits the question was not checked. A person decides."


@dataclass(frozen=True, slots=True)
class Found:
    """What the checklist found: the hits of each element, and the verbs of own actions once."""

    hits: Mapping[str, tuple[Hit, ...]]
    verbs: tuple[str, ...]

    def has(self, *elements: str) -> bool:
        return all(self.hits.get(element) for element in elements)

    def count(self, element: str) -> int:
        return len(self.hits.get(element, ()))

    @property
    def actions(self) -> int:
        """Different own actions; saying, trying and beginning count once together."""
        strong = [verb for verb in self.verbs if verb not in cues.WEAK_ACTIONS]
        return max(len(strong), int(bool(self.verbs)))

    @property
    def is_mostly_hypothetical(self) -> bool:
        supposed = self.count(cues.HYPOTHETICAL)
        return supposed >= MANY_HYPOTHETICALS and supposed > self.count(cues.OWN_ACTION)


# The first rule that holds gives the suggestion. Each level asks for more kinds of evidence, never
# for more words. Without an own action there is a level only for saying that nothing was done.
LEVEL_RULES: tuple[tuple[int, str, Callable[[Found], bool]], ...] = (
    (
        1,
        "the candidate tells of not having acted",
        lambda found: not found.actions and found.has(cues.INACTION),
    ),
    (
        2,
        "most of the answer is about what would be done",
        lambda found: found.actions > 0 and found.is_mostly_hypothetical,
    ),
    (
        5,
        "a situation, three or more own actions, a measured result and a reflection",
        lambda found: (
            found.actions >= 3
            and found.has(cues.SITUATION, cues.RESULT, cues.MEASURE, cues.REFLECTION)
        ),
    ),
    (
        4,
        "a situation, two or more own actions, a result, and a measure or a reflection",
        lambda found: (
            found.actions >= 2
            and found.has(cues.SITUATION, cues.RESULT)
            and (found.has(cues.MEASURE) or found.has(cues.REFLECTION))
        ),
    ),
    (
        3,
        "an own action with a result, and a situation or a second own action",
        lambda found: (
            found.actions >= 1
            and found.has(cues.RESULT)
            and (found.has(cues.SITUATION) or found.actions >= 2)
        ),
    ),
    (
        2,
        "an own action, but not the whole of situation, action and result",
        lambda found: found.actions >= 1,
    ),
)


class OfflineAssessor:
    """Suggests a level for one competency by rule. Same words, same answer; no network."""

    name = "offline"
    label = (
        "Offline evidence check: rule-based, not an AI assessment, not validated."
        " Shows what was found, with quotes. A person decides."
    )
    gives_overall = False

    def check(self) -> list[str]:
        """Return nothing: it needs no configuration."""
        return []

    def assess(self, brief: Brief, memory: Memory = NO_MEMORY) -> Judgement:
        """Return the suggestion with its quotes, or no level and the reason; never raises."""
        spoken = [passage for passage in brief.passages if passage.speaker == CANDIDATE]
        flags = _flags(spoken)
        refusal = _refuse_brief(brief, spoken)
        if refusal:
            return _refused(refusal, flags)
        linked = [passage for passage in spoken if passage.question is not None]
        refusal, echoes = _refuse_words(brief, linked)
        if refusal:
            return _refused(refusal, (*flags, *echoes))
        answer = read_answer(linked, [*_question_words(brief), *_rubric_words(brief)])
        return _judge(answer, _sort_out(find_hits(answer)), (*flags, *echoes))


def _flags(spoken: Sequence[Passage]) -> tuple[str, ...]:
    text = "\n".join(passage.text for passage in spoken)
    return ("instruction_like_text",) if is_instruction_like(text) else ()


def _refuse_brief(brief: Brief, spoken: Sequence[Passage]) -> str:
    """Return why these words may not be judged at all, or an empty string."""
    if not any(passage.text.strip() for passage in spoken):
        return "no_candidate_words"
    if not brief.confirmed:
        return "unconfirmed_text"
    if brief.language.replace("_", "-").split("-")[0].lower() != "en":
        return "language_not_supported"
    if not any(passage.text.strip() and passage.question is not None for passage in spoken):
        return "not_linked_to_question"
    return ""


def _refuse_words(brief: Brief, linked: Sequence[Passage]) -> tuple[str, tuple[str, ...]]:
    """Return why the words themselves cannot be judged, or an empty string, and what they echo."""
    words = [word for passage in linked for word in plain_words(normalise(passage.text))]
    words = [word for word in words if word not in cues.FILLERS]
    asked = mark_shared(words, _question_words(brief))
    recited = mark_shared(words, _rubric_words(brief))
    echoes = ("echo_of_rubric",) if sum(recited) >= MIN_RECITED else ()
    own = [word for word, *echo in zip(words, asked, recited, strict=True) if not any(echo)]
    if len(words) < MIN_WORDS:
        return "too_short", echoes
    if len(own) < MIN_WORDS:
        return ("echo_of_rubric" if sum(recited) > sum(asked) else "echo_of_question"), echoes
    return _refuse_style(own), echoes


def _refuse_style(words: Sequence[str]) -> str:
    """Return why these words are no account of anything, or an empty string."""
    if sum(word in cues.FUNCTION_WORDS for word in words) < MIN_CONNECTED * len(words):
        return "not_connected_english"
    claims = sum(word in cues.FIRST_PERSON for word in words)
    return "keyword_stuffing" if claims > MOST_FIRST_PERSON * len(words) else ""


def _question_words(brief: Brief) -> list[list[str]]:
    return [plain_words(normalise(question)) for question in brief.questions]


def _rubric_words(brief: Brief) -> list[list[str]]:
    rubric = (brief.name, brief.description, *brief.anchors.values())
    return [plain_words(normalise(text)) for text in rubric]


def _sort_out(hits: Sequence[Hit]) -> Found:
    by_element: dict[str, list[Hit]] = defaultdict(list)
    for hit in hits:
        by_element[hit.element].append(hit)
    verbs = dict.fromkeys(hit.word for hit in by_element[cues.OWN_ACTION])
    return Found({element: tuple(some) for element, some in by_element.items()}, tuple(verbs))


def _judge(answer: Answer, found: Found, flags: tuple[str, ...]) -> Judgement:
    claims, findings = _report(answer, found)
    for level, rule, holds in LEVEL_RULES:
        if holds(found):
            rationale = f"Suggested level {level}: {rule}. {_describe(found)} {_CAVEAT}"
            findings["rule"] = rule
            return _judgement(level, "", rationale, claims, flags, findings)
    reason = _reason_without_action(found)
    rationale = f"{REFUSALS[reason]} {_describe(found)}"
    return _judgement(None, reason, rationale, claims, flags, findings)


def _reason_without_action(found: Found) -> str:
    if found.has(cues.EVASION) and not found.has(cues.RESULT):
        return "evasion"
    if found.count(cues.HYPOTHETICAL) > found.count(cues.TEAM):
        return "hypothetical_only"
    return "team_only" if found.has(cues.TEAM) else "no_own_action"


def _report(answer: Answer, found: Found) -> tuple[tuple[Claim, ...], dict[str, Any]]:
    """Return the claims, and the same as plain values: each element, found or not, with quotes."""
    claims: list[Claim] = []
    elements: dict[str, Any] = {}
    for element in (*cues.ELEMENTS, cues.INACTION):
        quotes = _quotes(answer, found.hits.get(element, ()))
        claims += [Claim(passage.number, quote, element) for passage, quote in quotes]
        elements[element] = {
            "found": bool(quotes),
            "quotes": [{"passage": passage.number, "quote": quote} for passage, quote in quotes],
        }
    return tuple(claims), {
        "elements": elements,
        "own_actions": list(found.verbs),
        "hypothetical": found.count(cues.HYPOTHETICAL),
        "team": found.count(cues.TEAM),
        "words": len(answer.words),
    }


def _quotes(answer: Answer, hits: Sequence[Hit]) -> list[tuple[Passage, str]]:
    """Return the first few quotes that will be verified, none of them speaking to the assessor."""
    quotes = (
        (passage, quote)
        for passage, quote in cut_quotes(answer, hits)
        if not is_instruction_like(quote) and locate(quote, passage.text)
    )
    return list(islice(quotes, MOST_QUOTES))


def _describe(found: Found) -> str:
    """Say in two short sentences what was found and what was missing."""
    wanted = [element for element in cues.ELEMENTS if element != cues.EVASION]
    present = [_NAMES[one] for one in (*cues.ELEMENTS, cues.INACTION) if found.has(one)]
    missing = [_NAMES[one] for one in wanted if not found.has(one)]
    verbs = f" (the verbs: {', '.join(found.verbs[:6])})" if found.verbs else ""
    said = f"Found: {', '.join(present) or 'nothing'}{verbs}."
    return f"{said} Not found: {', '.join(missing)}." if missing else said


def _refused(reason: str, flags: tuple[str, ...]) -> Judgement:
    return _judgement(None, reason, REFUSALS[reason], (), flags, {})


def _judgement(
    level: int | None,
    reason: str,
    rationale: str,
    claims: tuple[Claim, ...],
    flags: tuple[str, ...],
    findings: Mapping[str, Any],
) -> Judgement:
    return Judgement(
        level=level,
        reason=reason,
        rationale=rationale,
        claims=claims,
        flags=flags,
        findings=findings,
        model=MODEL,
    )
