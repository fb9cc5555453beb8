"""The author on Azure OpenAI: a draft guide from a job description, for a person to edit.

What the model writes is read like any guide from outside (interviews.guide_body) and checked by the
linter: a draft that asks about protected topics, or lacks something, is asked for once more.
"""

from collections.abc import Mapping
from decimal import Decimal
from functools import cache, partial
from pathlib import Path
from typing import Any

from django.conf import settings

from interviews.author.protocol import GuideDraft
from interviews.guide_body import LEVELS, MAX_TITLE, GuideBody, from_json
from interviews.linter import lint
from talenti.azure.openai import Form, Limits, Message, complete, price, provider, warm_up
from talenti.azure.openai_asking import Unreadable, ask_in_form
from talenti.azure.openai_greeting import greet
from talenti.azure.openai_settings import missing_settings
from talenti.azure.openai_text import fence, new_nonce, visible
from talenti.errors import Invalid, PermanentFailure

PROMPT = "draft-1"
MAX_READ = 20_000  # code points of a description; a longer one names nothing new
MAX_TOKENS = 6_000
MAX_BECAUSE = 8  # for each competency
MOST_NAMED = 5  # faults named in a correction

FAILURES = {
    "content_filter": "The provider's content filter stopped the draft. Change the description.",
    "model_refusal": "The model refused to draft from this description.",
    "answer_cut_off": "The draft was cut off at its limit. Shorten the description.",
    "too_long": "The description is too long for the model.",
    "bad_json": "The model's draft was not fit to be used, twice. Try again or write it by hand.",
}


def _strict(**properties: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [*properties],
        "properties": properties,
    }


def _list(items: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"type": "array", "items": items}


TEXT: Mapping[str, Any] = {"type": "string"}
FORM = Form(
    "guide",
    _strict(
        competencies=_list(
            _strict(
                key=TEXT,
                name=TEXT,
                description=TEXT,
                weight={"type": "integer", "enum": [1, 2, 3]},
                because=_list(TEXT),
                anchors=_strict(**{str(level): TEXT for level in LEVELS}),
            )
        ),
        questions=_list(_strict(competency=TEXT, text=TEXT, probes=_list(TEXT))),
    ),
)


class AzureAuthor:
    """Drafts with a language model; it takes the better part of a minute."""

    name = "azure"
    immediate = False

    @property
    def label(self) -> str:
        """Return what the draft is: shown wherever it is."""
        asked = provider()
        return f"AI draft by {asked.model[:64]} on {asked.place}. Read and edit before publishing."

    def check(self) -> list[str]:
        """Return what is missing in the settings, in sentences."""
        return missing_settings()

    def probe(self) -> str:
        """Call the provider once, cheaply, and return the model that answered."""
        return greet()

    def warm_up(self) -> None:
        """Load the SDK before somebody waits for it."""
        warm_up()

    def draft(self, *, title: str, description: str, language: str) -> GuideDraft:
        """Return a draft without protected questions.

        Raises RetryLater, and PermanentFailure: a code of FAILURES, `language_not_supported` or
        one of the provider's.
        """
        _refuse_language(language)
        title = visible(title)[:MAX_TITLE]
        description = visible(description[:MAX_READ])
        limits = Limits(settings.OPENAI_TIMEOUT_SECONDS, MAX_TOKENS, settings.OPENAI_TEMPERATURE)
        answered = ask_in_form(
            _messages(title, description, visible(language)),
            lambda messages: complete(messages, FORM, limits),
            partial(_read, title, description, language),
        )
        if answered.value is None:
            raise PermanentFailure(FAILURES[answered.reason], code=answered.reason)
        body, because = answered.value
        paid = answered.completions
        tokens = sum(one.input_tokens + one.output_tokens for one in paid)
        cost = sum((price(one) or Decimal(0) for one in paid), Decimal(0))
        return GuideDraft(body, self.label, because, tokens, cost)


def _refuse_language(language: str) -> None:
    tag = language.replace("_", "-")
    try:
        from_json({"language": tag, "competencies": [], "questions": []})
    except Invalid:
        message = "Give the language as a tag such as en-US."
        raise PermanentFailure(message, code="language_not_supported") from None


_Read = tuple[GuideBody, dict[str, tuple[str, ...]]]


def _read(title: str, description: str, language: str, data: Mapping[str, Any]) -> _Read:
    """Return the guide, and the words of the description behind each competency."""
    tag = language.replace("_", "-")
    try:
        body = from_json({**data, "title": title, "language": tag})
    except Invalid as wrong:
        raise Unreadable(_named(wrong.errors)) from None
    faults = {found.path: [found.message] for found in lint(body) if not found.overridable}
    if faults:
        raise Unreadable(_named(faults))
    return body, {one["key"]: _because(one, description) for one in data["competencies"]}


def _named(errors: Mapping[str, list[str]]) -> str:
    """Return the first faults with their paths; none quotes what was written."""
    listed = [f"{path}: {messages[0]}" for path, messages in errors.items()]
    return " ".join(listed[:MOST_NAMED])


def _because(competency: Mapping[str, Any], description: str) -> tuple[str, ...]:
    """Return the words that do stand in the description; others were made up."""
    given, text = competency.get("because"), description.casefold()
    words = [one for one in given if isinstance(one, str)] if isinstance(given, list) else []
    found = (visible(one) for one in words)
    return tuple(dict.fromkeys(one for one in found if one and one.casefold() in text))[
        :MAX_BECAUSE
    ]


def _messages(title: str, description: str, language: str) -> tuple[Message, ...]:
    nonce = new_nonce()
    position = {"title": title, "description": description}
    text = "\n".join(
        (
            f"Language of the guide: {language}",
            f"The position stands between the two delimiters with the code {nonce}.",
            fence("position", [position], nonce),
            "Give your answer as JSON.",
        )
    )
    return ({"role": "system", "content": _system_prompt()}, {"role": "user", "content": text})


@cache
def _system_prompt() -> str:
    return (Path(__file__).parent / "prompts" / f"{PROMPT}.txt").read_text(encoding="utf-8")
