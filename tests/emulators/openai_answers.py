"""A deterministic stand-in for a model: it answers from the text in the request alone.

It counts a few plain cues, so that a better answer gets a higher level, and quotes real words. It
pays no attention to what the text tells it to do, as the prompts ask.
"""

import json
import re
from typing import Any

FENCE = re.compile(r"<(passages|conversation|position)-([0-9a-f]{32})>\n(.*)\n</\1-\2>", re.DOTALL)
INSTRUCTS = re.compile(r"(?i)\b(?:ignore|disregard) (?:all|any|the)\b|\bgive (?:me|this)\b")
CUES = {
    "own act": re.compile(
        r"\bi (?:\w+ly )?(?:checked|called|asked|wrote|found|fixed|moved|told|listened|replaced"
        r"|noticed|explained|offered|tested|profiled|rewrote|opened|stopped|sat|talked|kept|\w+ed)\b",
        re.IGNORECASE,
    ),
    "result": re.compile(r"(?i)\b(?:as a result|in the end|so that|since then|after that)\b"),
    "measure": re.compile(r"(?i)\d|\b(?:percent|minutes|hours|half|twice|twenty|thirty|forty)\b"),
    "lesson": re.compile(r"(?i)\b(?:learned|taught|looking back|hindsight|next time)\b"),
}
WINDOW = 12  # words of a quote


def answer(text: str) -> str:
    """Return the JSON that a sensible model would answer to these messages."""
    found = FENCE.search(text)
    if found is None:
        return "How can I help?"
    rows = [json.loads(line) for line in found[3].splitlines()]
    chosen = {"passages": _assess, "conversation": _probe, "position": _draft}[found[1]]
    return json.dumps(chosen(rows), ensure_ascii=False)


def _assess(rows: list[dict[str, Any]]) -> dict[str, Any]:
    spoken = [row for row in rows if row["speaker"] == "candidate"]
    quotes = [
        {"passage": row["passage"], "quote": quote, "shows": cue}
        for cue, pattern in CUES.items()
        for row in spoken
        if (quote := _quote(row["text"], pattern))
    ]
    shown = sorted({quote["shows"] for quote in quotes})
    if not any(quote["shows"] == "own act" for quote in quotes):
        rationale = "The candidate tells of no own act that bears on this."
        empty: list[dict[str, Any]] = []
        fields = {"level": "not_assessed", "reason": "no_evidence", "quotes": empty}
        return {**fields, "rationale": rationale}
    return {
        "level": str(1 + len(shown)),
        "reason": "assessed",
        "rationale": f"The candidate names: {', '.join(shown)}.",
        "quotes": quotes[:6],
    }


def _quote(text: str, pattern: re.Pattern[str]) -> str:
    """Return the words around the cue, or an empty text; orders do not count."""
    for sentence in re.split(r"(?<=[.!?])\s+", text):
        found = None if INSTRUCTS.search(sentence) else pattern.search(sentence)
        if found:
            words = sentence[found.start() :].split()[:WINDOW]
            before = sentence[: found.start()].split()[-(WINDOW // 2) :]
            glued = found.start() > 0 and not sentence[found.start() - 1].isspace()
            if glued:
                before, words = before[:-1], [before[-1] + words[0], *words[1:]]
            return " ".join([*before, *words])
    return ""


def _probe(rows: list[dict[str, Any]]) -> dict[str, str]:
    (talk,) = rows
    said = " ".join(turn["answer"] for turn in talk["turns"])
    if len(said.split()) >= 60:
        return {"action": "move_on", "probe": ""}
    if CUES["own act"].search(said):
        return {"action": "probe", "probe": "What came of what you did?"}
    return {"action": "probe", "probe": talk["planned"][0]}


def _draft(rows: list[dict[str, Any]]) -> dict[str, Any]:
    (position,) = rows
    words = [word.strip(".,;:") for word in position["description"].split()]
    competencies: list[dict[str, Any]] = [
        {
            "key": f"competency_{number}",
            "name": name,
            "description": f"Behaviour at work: {name.lower()}.",
            "weight": 3 - number if number < 3 else 1,
            "because": words[number : number + 2],
            "anchors": {
                str(level): f"Tells of {level} own steps and what each of them led to."
                for level in range(1, 6)
            },
        }
        for number, name in enumerate(("Doing the work", "Working with others", "Learning"))
    ]
    questions = [
        {
            "competency": one["key"],
            "text": f"Tell me about a time when {one['name'].lower()} was hard.",
            "probes": ["What was your own part in it?", "What came of it?"],
        }
        for one in competencies
    ]
    return {"competencies": competencies, "questions": questions}
