"""The assessor on Azure OpenAI, or on any server of its protocol: one competency in each call.

The model gives a level and quotes, never an overall. What it says is read strictly, its quotes are
proved elsewhere, and whatever goes wrong with one answer leaves the competency not assessed, with
the reason. Faults of the whole deployment are raised.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from decimal import Decimal
from functools import cache, partial
from pathlib import Path
from typing import Any

from django.conf import settings

from scoring.arithmetic import spread
from scoring.assessor.protocol import NO_MEMORY, Brief, Judgement, Memory, Reply
from scoring.assessor.verdicts import (
    SENTENCES,
    VERDICT_SCHEMA,
    Malformed,
    Verdict,
    read_verdict,
    settle,
)
from scoring.evidence import CANDIDATE, is_instruction_like
from talenti.azure.openai import Form, Limits, Message, complete, price, provider, warm_up
from talenti.azure.openai_asking import REASONS, Unreadable, ask_in_form
from talenti.azure.openai_greeting import greet
from talenti.azure.openai_replies import Completion
from talenti.azure.openai_settings import missing_settings
from talenti.azure.openai_text import fence, new_nonce, visible

PROMPT = "assess-1"  # the file in prompts/; its words never change, new words get a new file
MAX_CHARS = 200_000  # of the transcript; about 50,000 tokens
MAX_TOKENS = 2_000  # of one answer
SAMPLED_TEMPERATURE = 0.5  # several samples at 0 would be one sample
FORM = Form("verdict", VERDICT_SCHEMA)
TO_LOOK_AT = frozenset(REASONS.values()) | {"bad_json"}


class AzureAssessor:
    """Asks a language model for a level with quotes, once for each sample."""

    name = "azure"
    gives_overall = True

    @property
    def label(self) -> str:
        """Return what the results are: by which model, what was checked and who decides."""
        asked = provider()
        return (
            f"AI suggestion by {asked.model[:64]} on {asked.place}. Quotes were checked against the"
            " transcript, the judgement was not. A person decides."
        )

    def check(self) -> list[str]:
        """Return what is missing in the settings, in sentences."""
        return missing_settings()

    def probe(self) -> str:
        """Call the provider once, cheaply, and return the model that answered."""
        return greet()

    def warm_up(self) -> None:
        """Load the SDK before somebody waits for it."""
        warm_up()

    def assess(self, brief: Brief, memory: Memory = NO_MEMORY) -> Judgement:
        """Return the judgement of one competency; raises PermanentFailure or RetryLater."""
        refusal = _refuse(brief)
        if refusal:
            return _judgement(brief, [Verdict(None, refusal, SENTENCES[refusal])])
        numbers = range(1, settings.ASSESSOR_SAMPLES + 1)
        return _judgement(brief, [_sample(brief, memory, number) for number in numbers])


def _refuse(brief: Brief) -> str:
    """Return why these words are not sent at all, or an empty string."""
    spoken = [one.text for one in brief.passages if one.speaker == CANDIDATE]
    if not any(any(char.isalnum() for char in text) for text in spoken):
        return "no_candidate_words"
    if not brief.confirmed:
        return "unconfirmed_text"
    return "too_long" if sum(len(one.text) for one in brief.passages) > MAX_CHARS else ""


def _sample(brief: Brief, memory: Memory, number: int) -> Verdict:
    nonce, limits = new_nonce(), _limits(number)

    def call(messages: Sequence[Message]) -> Completion:
        question = _question_hash(messages, nonce, limits)
        ask = partial(_reply, messages, limits)
        return Completion(**asdict(memory.once(number, question, ask)))

    answered = ask_in_form(_messages(brief, nonce), call, _read)
    verdict = answered.value or Verdict(None, answered.reason, SENTENCES[answered.reason])
    replies = tuple(Reply(**asdict(one)) for one in answered.completions)
    return replace(verdict, replies=replies)


def _reply(messages: Sequence[Message], limits: Limits) -> Reply:
    return Reply(**asdict(complete(messages, FORM, limits)))


def _read(data: Mapping[str, Any]) -> Verdict:
    try:
        return read_verdict(data)
    except Malformed as wrong:
        raise Unreadable(str(wrong)) from None


def _limits(sample: int) -> Limits:
    heat = settings.OPENAI_TEMPERATURE
    if heat is not None and settings.ASSESSOR_SAMPLES > 1:
        heat = max(heat, SAMPLED_TEMPERATURE)
    return Limits(settings.OPENAI_TIMEOUT_SECONDS, MAX_TOKENS, heat, seed=sample)


def _question_hash(messages: Sequence[Message], nonce: str, limits: Limits) -> str:
    """Return what makes two questions the same: everything but the nonce and the timeout."""
    asked = provider()
    sampling = [limits.max_tokens, limits.temperature, limits.seed]
    place = [asked.address, asked.api_version, asked.model]
    texts = [message["content"].replace(nonce, "") for message in messages]
    canonical = json.dumps([place, sampling, FORM.schema, texts])
    return hashlib.sha256(canonical.encode()).hexdigest()


def _messages(brief: Brief, nonce: str) -> tuple[Message, ...]:
    return (
        {"role": "system", "content": _system_prompt()},
        {"role": "user", "content": "\n".join(_request(brief, nonce))},
    )


@cache
def _system_prompt() -> str:
    return (Path(__file__).parent / "prompts" / f"{PROMPT}.txt").read_text(encoding="utf-8")


def _request(brief: Brief, nonce: str) -> Iterator[str]:
    yield f"Competency: {visible(brief.name)}"
    yield f"Description: {visible(brief.description)}"
    for level, anchor in sorted(brief.anchors.items()):
        yield f"Level {level}: {visible(anchor)}"
    for question in brief.questions:
        yield f"Asked: {visible(question)}"
    yield f"Language of the interview: {visible(brief.language)}"
    yield f"The transcript stands between the two delimiters with the code {nonce}."
    yield fence("passages", _rows(brief), nonce)
    yield "Give your answer as JSON."


def _rows(brief: Brief) -> Iterator[dict[str, Any]]:
    for one in brief.passages:
        if text := visible(one.text):
            yield {"passage": one.number, "speaker": one.speaker, "text": text}


def _judgement(brief: Brief, samples: Sequence[Verdict]) -> Judgement:
    verdict = settle(samples)
    replies = [reply for one in samples for reply in one.replies]
    prices = [price(Completion(**asdict(reply))) for reply in replies]
    return Judgement(
        level=verdict.level,
        reason=verdict.reason,
        rationale=verdict.rationale,
        claims=verdict.claims,
        flags=tuple(_flags(brief, samples)),
        levels=tuple(one.level for one in samples) if len(samples) > 1 else (),
        raw=_raw(samples),
        findings=_findings(samples, prices),
        model=next((reply.model for reply in replies if reply.model), provider().model),
        prompt_version=PROMPT,
        settings=_settings(),
        input_tokens=sum(reply.input_tokens for reply in replies),
        output_tokens=sum(reply.output_tokens for reply in replies),
        cost=sum((one for one in prices if one is not None), Decimal(0)),
    )


def _flags(brief: Brief, samples: Sequence[Verdict]) -> Iterator[str]:
    spoken = "\n".join(one.text for one in brief.passages if one.speaker == CANDIDATE)
    if is_instruction_like(spoken):
        yield "instruction_like_text"
    yield from dict.fromkeys(one.reason for one in samples if one.reason in TO_LOOK_AT)


def _raw(samples: Sequence[Verdict]) -> str:
    """Return every answer as it came, as a JSON list; empty when nothing was asked."""
    answers = [
        {"sample": number, "finish": reply.finish, "text": reply.text}
        for number, one in enumerate(samples, start=1)
        for reply in one.replies
    ]
    return json.dumps(answers, ensure_ascii=False) if answers else ""


def _findings(samples: Sequence[Verdict], prices: Sequence[Decimal | None]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if len(samples) > 1:
        found |= {"samples": len(samples), "spread": spread(one.level for one in samples) or 0}
    return found | ({"price_unknown": True} if None in prices else {})


def _settings() -> dict[str, Any]:
    asked, limits = provider(), _limits(1)
    return {
        "deployment": asked.model,
        "api_version": asked.api_version,
        "structured_outputs": asked.has_structured_outputs,
        "temperature": limits.temperature,
        "max_tokens": limits.max_tokens,
        "first_seed": limits.seed,
        "samples": settings.ASSESSOR_SAMPLES,
    }
