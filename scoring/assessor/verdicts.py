"""What a model said of one competency: read strictly, and several samples made one.

Pure. It knows no provider.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scoring.arithmetic import median_level
from scoring.assessor.protocol import Claim, Reply

NOT_ASSESSED = "not_assessed"
ASSESSED = "assessed"
LEVELS = {str(level): level for level in range(1, 6)}
MAX_QUOTES = 12
MAX_RATIONALE = 4_000  # code points
MAX_SHOWS = 60

# Why there is no level: first what the model may say, then what became of the answer.
SAID = {
    "no_evidence": "Nothing was said that shows this competency.",
    "off_topic": "The answer is about something else.",
    "hypothetical_only": "The answer tells what the candidate would do, not what was done.",
    "declined_to_answer": "The candidate did not want to answer.",
    "unclear": "The answer could not be understood well enough.",
}
BECAME = {
    "no_candidate_words": "No words of the candidate on this competency were found.",
    "unconfirmed_text": "The transcript is a draft. A person has to confirm it first.",
    "too_long": "There are more words than the model reads at once. A person has to judge them.",
    "content_filter": "The provider's content filter stopped this. A person has to judge it.",
    "model_refusal": "The model refused to judge this. A person has to judge it.",
    "answer_cut_off": "The model's answer was cut off at its limit. A person has to judge this.",
    "bad_json": "The model's answer was not in the form asked for, twice. A person has to judge.",
}
SENTENCES = SAID | BECAME

VERDICT_SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["level", "reason", "rationale", "quotes"],
    "properties": {
        "level": {"type": "string", "enum": [*LEVELS, NOT_ASSESSED]},
        "reason": {"type": "string", "enum": [ASSESSED, *SAID]},
        "rationale": {"type": "string"},
        "quotes": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["passage", "quote", "shows"],
                "properties": {
                    "passage": {"type": "integer"},
                    "quote": {"type": "string"},
                    "shows": {"type": "string"},
                },
            },
        },
    },
}


class Malformed(Exception):
    """The answer breaks the form; the text says where, and quotes nothing of it."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One sample: a level with claims, or None with a reason of SENTENCES."""

    level: int | None
    reason: str
    rationale: str
    claims: tuple[Claim, ...] = ()
    replies: tuple[Reply, ...] = ()


def read_verdict(data: Mapping[str, Any]) -> Verdict:
    """Return what a parsed answer says; raises Malformed."""
    rationale = data.get("rationale")
    if not isinstance(rationale, str) or not rationale.strip():
        raise Malformed('"rationale" must be a text.')
    rationale = rationale.strip()[:MAX_RATIONALE]
    level = str(data.get("level"))
    if level == NOT_ASSESSED:
        return Verdict(None, _reason(data), rationale)
    if level not in LEVELS:
        raise Malformed('"level" must be "1" to "5" or "not_assessed".')
    claims = _claims(data.get("quotes"))
    if not claims:
        raise Malformed('A level needs at least one entry in "quotes".')
    return Verdict(LEVELS[level], "", rationale, claims)


def settle(samples: Sequence[Verdict]) -> Verdict:
    """Return one verdict of all samples: their median level, or none with the commonest reason.

    Rationale and quotes come from samples that gave the level chosen.
    """
    level = median_level(one.level for one in samples)
    if level is None:
        reasons = Counter(one.reason for one in samples if one.level is None)
        chosen = reasons.most_common(1)[0][0]
        return next(one for one in samples if one.reason == chosen)
    agreed = [one for one in samples if one.level == level]
    claims = dict.fromkeys(claim for one in agreed for claim in one.claims)
    return Verdict(level, "", agreed[0].rationale, tuple(claims))


def _reason(data: Mapping[str, Any]) -> str:
    reason = data.get("reason")
    if not isinstance(reason, str) or reason not in SAID:
        raise Malformed(f'Without a level "reason" must be one of {", ".join(SAID)}.')
    return reason


def _claims(quotes: object) -> tuple[Claim, ...]:
    if not isinstance(quotes, list):
        raise Malformed('"quotes" must be a list.')
    return tuple(_claim(quote) for quote in quotes[:MAX_QUOTES])


def _claim(quote: object) -> Claim:
    fields = quote if isinstance(quote, dict) else {}
    passage, words, shows = (fields.get(name) for name in ("passage", "quote", "shows"))
    if type(passage) is not int or not isinstance(words, str) or not isinstance(shows, str):
        raise Malformed('Each entry of "quotes" has "passage" (a number), "quote" and "shows".')
    return Claim(passage, words, shows[:MAX_SHOWS])
