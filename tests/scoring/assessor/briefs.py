"""Briefs for the tests of assessors."""

from scoring.assessor.protocol import Brief, Passage

QUESTION = "Tell me about a time when you solved a difficult problem at work."
ANCHORS = {
    1: "Gives no example, or tells of having left the problem to others.",
    2: "Names an action without saying what came of it.",
    3: "Describes the problem, what was done about it and what came of it.",
    4: "Shows a clear effect of several own steps on the problem.",
    5: "Shows a measured effect of own steps and draws a lesson for later work.",
}


def spoken(text, number=1, **changes):
    """Return one passage of the candidate, linked to the first question."""
    values = {
        "number": number,
        "speaker": "candidate",
        "text": text,
        "question": 1,
        "start_ms": (number - 1) * 60_000,
        "end_ms": number * 60_000,
    }
    return Passage(**{**values, **changes})


def brief_of(*answers, **changes):
    """Return a brief whose passages are `answers` (texts or passages)."""
    passages = tuple(
        spoken(one, number) if isinstance(one, str) else one
        for number, one in enumerate(answers, start=1)
    )
    values = {
        "competency": "problem_solving",
        "name": "Solving problems",
        "description": "Finds out why things go wrong and puts them right.",
        "anchors": ANCHORS,
        "questions": (QUESTION,),
        "passages": passages,
        "language": "en-US",
        "confirmed": True,
    }
    return Brief(**{**values, **changes})
