"""The interviewer that needs no network: planned questions in order, planned probes by rule.

A probe is asked when the answers to its question, taken together, leave something open:

| what is known of the answers | a probe is asked when |
|---|---|
| every text | they have fewer than 40 words in all; or (in English) the probe asks for something
  they lack: an own part, a result, a number or a lesson |
| not every text, but times | they lasted less than 20 seconds in all |
| neither | never |

Probes keep their order, none is asked twice, and a candidate who declines to answer is not pressed.
"""

import re
from collections.abc import Iterable, Sequence

from interviews.guide_body import QuestionBody
from interviews.interviewer.protocol import AskedTurn, Conversation, NextTurn

SHORT_WORDS = 40
SHORT_MS = 20_000

_WORD = re.compile(r"\w+(?:['\u2019-]\w+)*")
_DECLINED = re.compile(
    r"\bI(?:['\u2019]d| would)? (?:prefer|rather) not\b"
    r"|\bI (?:don['\u2019]?t|do not) want to (?:say|answer|talk)\b"
    r"|\b(?:next question|no comment|skip (?:this|it))\b",
    re.IGNORECASE,
)
# What a probe asks for, and what shows that an answer has it already (English).
_WANTS = tuple(
    (
        re.compile(rf"\b(?:{asked})\b", re.IGNORECASE),
        re.compile(rf"\b(?:{shown})\b", re.IGNORECASE),
    )
    for asked, shown in (
        (r"your (?:own )?(?:part|role|task|share)|did you", "I"),
        (
            r"results?|outcome|end|effect|came of|achieve\w*|turn out|difference|happened then",
            r"result\w*|outcome|so that|in the end|finally|afterwards|since then|ended|led to",
        ),
        (
            r"how (?:many|much|long|often|large)|measure\w*|numbers?|figures?",
            r"\d+|percent|half|twice|double|two|three|four|five|six|seven|eight|nine|ten|hundred",
        ),
        (
            r"learn\w*|take from|differently|today|since then",
            r"learn\w*|taught|lesson|since then|today|next time|now I|differently",
        ),
    )
)


class OfflineInterviewer:
    """Asks what the guide planned. The same conversation always gets the same next turn."""

    name = "offline"

    def check(self) -> list[str]:
        """Return nothing: it has no configuration."""
        return []

    def next_turn(self, conversation: Conversation) -> NextTurn | None:
        """Return a due probe to the last question, else the next question, else None: it is over.

        A turn that was not answered counts as passed over: the next question follows.
        """
        return _next_probe(conversation) or next_question(conversation)


def next_question(conversation: Conversation) -> NextTurn | None:
    """Return the first planned question that was not asked, None when every one was."""
    asked = {turn.question for turn in conversation.turns if turn.kind == "question"}
    for position, question in enumerate(conversation.questions):
        if position not in asked:
            return NextTurn(position, "question", question.text, "planned")
    return None


def _next_probe(conversation: Conversation) -> NextTurn | None:
    if not conversation.turns or not conversation.turns[-1].answered:
        return None
    position = conversation.turns[-1].question
    if not 0 <= position < len(conversation.questions):
        return None
    turns = [turn for turn in conversation.turns if turn.question == position]
    for probe in unasked_probes(conversation.questions[position], turns):
        if _is_due(probe, turns, conversation.language):
            return NextTurn(position, "probe", probe, "planned")
    return None


def unasked_probes(question: QuestionBody, turns: Sequence[AskedTurn]) -> list[str]:
    """Return the probes that are left; probes in other words than planned use up the number."""
    asked = [turn.text for turn in turns]
    left = len(question.probes) - sum(turn.kind == "probe" for turn in turns)
    fresh = [probe for probe in question.probes if probe not in asked]
    return fresh[: max(left, 0)]


def has_declined(turns: Iterable[AskedTurn]) -> bool:
    """Whether the candidate said (in English) not to want to answer."""
    return any(_DECLINED.search(turn.answer or "") for turn in turns)


def _is_due(probe: str, turns: Iterable[AskedTurn], language: str) -> bool:
    answered = [turn for turn in turns if turn.answered]
    texts = [turn.answer for turn in answered if turn.answer is not None]
    if has_declined(answered):
        return False
    if len(texts) < len(answered):
        times = [turn.answer_ms for turn in answered if turn.answer_ms is not None]
        return bool(times) and sum(times) < SHORT_MS
    said = "\n".join(texts)
    return len(_WORD.findall(said)) < SHORT_WORDS or _lacks(said, probe, language)


def _lacks(said: str, probe: str, language: str) -> bool:
    if language.split("-")[0].lower() != "en":
        return False
    return any(asked.search(probe) and not shown.search(said) for asked, shown in _WANTS)
