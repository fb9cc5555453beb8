"""Candidates for the harness: what they do, and nothing of what should follow."""

from dataclasses import replace

from tests.interviews.calls.line import FOREVER, NOISE, PLAN, SILENCE, Script

WILLING = {"greeting": ["key 1"], "consent": ["Yes, please."], "assessment": ["key 1"]}
LONG = "I went on and on about every detail of what we did in that year, and why we did it so."


def willing(name: str, **values: object) -> Script:
    asked = {**WILLING, **dict(values.pop("asked", {}))}  # type: ignore[call-overload]
    return Script(name, asked=asked, **values)  # type: ignore[arg-type]


SCRIPTS = {
    script.name: script
    for script in (
        willing("cooperative"),
        willing("in parts", more={"t1": ["And then more.", "And the end.", SILENCE]}),
        willing("silent once", asked={"t2": [SILENCE, "Now I know."]}),
        willing("silent", asked={"t2": [SILENCE]}),
        willing(
            "repeat and skip",
            asked={"t1": ["Could you repeat that, please?", "I see."], "t2": ["key #"]},
        ),
        willing("repeat for ever", asked={"t1": ["key *"], "t2": ["Skip this one, please."]}),
        willing(
            "one moment",
            asked={"t1": ["One moment, please."]},
            more={"t1": [SILENCE, "I had to think.", SILENCE]},
        ),
        willing("moments for ever", asked={"t1": ["key 0"]}, more={"t1": ["Hold on."]}),
        Script("voicemail", asked={"greeting": [SILENCE]}),
        Script("wrong number", asked={"greeting": ["key 9"]}),
        Script("other keys", asked={"greeting": ["key 5"]}),
        Script("refuses consent", asked={**WILLING, "consent": ["No, thank you."]}),
        Script("unclear on consent", asked={**WILLING, "consent": ["What do you mean by that?"]}),
        willing("against assessment", asked={"assessment": ["key 2"]}),
        willing("hangs up", asked={"t2": ["hang up"]}),
        willing("hangs up after an answer", more={"t2": ["hang up"]}),
        willing("wishes to stop", asked={"t2": ["Please stop the interview."]}),
        Script("busy", refuses=560486),
        Script("no answer", refuses=560480),
        Script("declined", refuses=560603),
        Script("no such number", refuses=560404),
        willing("noise", asked={"t1": [NOISE, "Now it is quiet."], "t3": [NOISE]}),
        willing("a fault once", asked={"t2": ["fault 8565", "Here I am."]}),
        willing("a fault for ever", asked={"t2": ["fault 8511"]}),
        willing("endless talker", asked={"t1": [LONG]}, more={"t1": [LONG]}),
        willing("endless hum", asked={"t1": [FOREVER]}),
        willing("stopped by us", stopped_in="t2"),
        willing("stopped at the question of consent", stopped_in="consent"),
        willing("stopped while it rings", stopped_in="ringing"),
        willing("stopped as it connects", stopped_in="ringing", stopped_after=3.05),
        willing("stopped at the greeting", asked={"greeting": [SILENCE]}, stopped_in="greeting"),
        willing("call ceiling", ceiling_in="t2"),
        willing("network breaks", breaks_in="t2"),
        Script(
            "resumed",
            asked={"greeting": [SILENCE, "key 1"]},
            plan=replace(PLAN, resumes=True, agreed=("recording", "transcription")),
        ),
        willing("nothing left to ask", turns=()),
    )
}
