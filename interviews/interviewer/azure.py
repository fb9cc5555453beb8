"""The interviewer on Azure OpenAI: it words a probe within the guide's limits, or asks none.

Questions are the guide's own, in their order, and no question gets more probes than were planned. A
candidate waits for the answer, so the model has a few seconds; when it is late, fails, is left
alone for having failed, or says what may not be asked, the planned turn is asked instead, and the
turn declares whose words it has.
"""

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from interviews.guide_body import QuestionBody
from interviews.interviewer.offline import (
    OfflineInterviewer,
    has_declined,
    next_question,
    unasked_probes,
)
from interviews.interviewer.protocol import AskedTurn, Conversation, NextTurn
from interviews.linter.guide import WORDED_LANGUAGES
from interviews.linter.wording import normalise, probe_objections
from talenti.azure.openai import Form, Limits, Message, complete, warm_up
from talenti.azure.openai_asking import Unreadable, parse_object
from talenti.azure.openai_greeting import greet
from talenti.azure.openai_settings import missing_settings
from talenti.azure.openai_text import fence, new_nonce, visible
from talenti.errors import TalentiError

logger = logging.getLogger(__name__)
PROMPT = "probe-1"
MAX_TOKENS = 120
MAX_PROBE_CHARS = 240
MAX_ANSWER_CHARS = 12_000  # of each answer; its end is what a probe follows up
# Addresses, markup and digits that a model was talked into; a probe needs none of them.
_ODD = re.compile(r"https?:|www\.|[<>{}\[\]|\\`@#*_]|\d{3}")
_END = re.compile(r"[.?!]+(?:\s|$)")
FORM = Form(
    "probe",
    {
        "type": "object",
        "additionalProperties": False,
        "required": ["action", "probe"],
        "properties": {
            "action": {"type": "string", "enum": ["probe", "move_on"]},
            "probe": {"type": "string"},
        },
    },
)


@dataclass(frozen=True, slots=True)
class _Place:
    """The question that was answered last, its turns, and the planned probes that are left."""

    position: int
    question: QuestionBody
    turns: tuple[AskedTurn, ...]
    left: tuple[str, ...]


class AzureInterviewer:
    """Asks a language model whether and how to follow up on an answer."""

    name = "azure"

    def check(self) -> list[str]:
        """Return what is missing in the settings, in sentences."""
        return missing_settings()

    def probe(self) -> str:
        """Call the provider once, cheaply, and return the model that answered."""
        return greet()

    def warm_up(self) -> None:
        """Load the SDK before somebody waits for it."""
        warm_up()

    def next_turn(self, conversation: Conversation) -> NextTurn | None:
        """Return the model's probe, else what is planned, else None: it is over; never raises.

        The model is asked only while the text of the answer is known and probes are left.
        """
        planned = OfflineInterviewer().next_turn(conversation)
        place = _place(conversation)
        if place is None:
            return planned
        try:
            return _follow_up(conversation, place)
        except (TalentiError, Unreadable) as failure:
            logger.warning("probe as planned cause=%s", getattr(failure, "code", failure))
            return planned


def _place(conversation: Conversation) -> _Place | None:
    """Return where a probe may be asked, None where the plan alone decides."""
    last = conversation.turns[-1] if conversation.turns else None
    if last is None or not last.answered or not 0 <= last.question < len(conversation.questions):
        return None
    question = conversation.questions[last.question]
    turns = tuple(turn for turn in conversation.turns if turn.question == last.question)
    left = tuple(unasked_probes(question, turns))
    unheard = any(turn.answered and turn.answer is None for turn in turns)
    if not left or unheard or has_declined(turns):
        return None
    return _Place(last.question, question, turns, left)


def _follow_up(conversation: Conversation, place: _Place) -> NextTurn | None:
    seconds, heat = settings.INTERVIEWER_TIMEOUT_SECONDS, settings.OPENAI_TEMPERATURE
    limits = Limits(seconds, MAX_TOKENS, heat, live=True)
    completion = complete(_messages(conversation, place), FORM, limits)
    if completion.finish != "stop":
        raise Unreadable(completion.finish)
    said = parse_object(completion.text)
    if said.get("action") == "move_on":
        return next_question(conversation)
    probe = _probe(said)
    planned = {normalise(one): one for one in place.left}.get(normalise(probe))
    if planned:
        return NextTurn(place.position, "probe", planned, "planned")
    _refuse_unsuitable(probe, conversation, place)
    return NextTurn(place.position, "probe", probe, "engine")


def _probe(said: Mapping[str, Any]) -> str:
    probe = said.get("probe")
    if said.get("action") != "probe" or not isinstance(probe, str):
        raise Unreadable("form")
    return visible(probe)


def _refuse_unsuitable(probe: str, conversation: Conversation, place: _Place) -> None:
    """Raise Unreadable with the first rule that the model's own words break."""
    if conversation.language.split("-")[0].lower() not in WORDED_LANGUAGES:
        raise Unreadable("language_not_checked")
    if not probe or len(probe) > MAX_PROBE_CHARS or len(_END.findall(probe)) != 1:
        raise Unreadable("not_one_sentence")
    if _ODD.search(probe):
        raise Unreadable("odd_characters")
    if normalise(probe) in {normalise(turn.text) for turn in place.turns}:
        raise Unreadable("asked_before")
    for objection in probe_objections("probe", probe):
        raise Unreadable(objection.code)


def _messages(conversation: Conversation, place: _Place) -> tuple[Message, ...]:
    nonce = new_nonce()
    talk = {
        "language": visible(conversation.language),
        "question": visible(place.question.text),
        "planned": [visible(probe) for probe in place.left],
        "turns": [
            {"asked": visible(turn.text), "answer": visible(turn.answer or "")[-MAX_ANSWER_CHARS:]}
            for turn in place.turns
        ],
    }
    told = f"The conversation stands between the two delimiters with the code {nonce}."
    text = f"{told}\n{fence('conversation', [talk], nonce)}\nGive your answer as JSON."
    return ({"role": "system", "content": _system_prompt()}, {"role": "user", "content": text})


@cache
def _system_prompt() -> str:
    return (Path(__file__).parent / "prompts" / f"{PROMPT}.txt").read_text(encoding="utf-8")
