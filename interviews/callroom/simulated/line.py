"""One simulated call: what is said on it becomes what happens on it, in simulated time.

Pure: the state is JSON's own types, so that every process can play the same call. A command takes
as long as it would on the telephone, by the call's own clock, which nobody waits for.
"""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from interviews.callroom.simulated.events import TONES, call_event, ended, moment
from interviews.callroom.simulated.scripts import SILENCE, Replies, Reply, Script
from interviews.callroom.simulated.sound import CANDIDATE, OURS, Spoken, length_ms
from interviews.calls.sentences import spoken_consent
from interviews.calls.state import Listening
from interviews.calls.wishes import Wish, wish_of, wish_of_tone

RINGING_MS, REACTION_MS, NOISE_MS = 6_000, 700, 2_500
THEIR_END, OUR_END = "560000", "7000"
MAX_DIGITS, SPEECH = "8531", "8569"
NO_SPEECH, NO_WORDS = "8510", "8563"
PLAYED = "Action completed successfully."
GREETING, CONSENT, ASSESSMENT = "greeting", "consent", "assessment"
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
Event = dict[str, Any]


class SimulatedLine:
    """Plays one call. `state` is what it remembers; each command returns the events it causes."""

    def __init__(self, state: dict[str, Any], script: Script) -> None:
        self.state, self.script = state, script

    @classmethod
    def dial(cls, script: Script, ids: Mapping[str, str], at: datetime) -> "SimulatedLine":
        """Return a line that is ringing since `at`."""
        state = {
            "ids": dict(ids),
            "began": at.isoformat(),
            "ms": 0,
            "events": 0,
            "connected": False,
            "over": False,
            "done": [],
            "used": {},
            "questions": [],
            "wished": False,
            "said": [],
            "recording": None,
        }
        return cls(state, script)

    @property
    def clock(self) -> datetime:
        """Return the line's own time."""
        began = datetime.fromisoformat(self.state["began"])
        return began + timedelta(milliseconds=self.state["ms"])

    @property
    def is_live(self) -> bool:
        """Return whether there is somebody on the line."""
        return bool(self.state["connected"]) and not self.state["over"]

    def notes(self, once: str) -> bool:
        """Note something that happens once, and return whether it is new; no name is always new."""
        if once in self.state["done"]:
            return False
        self.state["done"] += [once] if once else []
        return True

    def spoken(self) -> list[Spoken]:
        """Return who said what when, in milliseconds since the recording began."""
        began = self.state["recording"]["began_ms"]
        return [
            Spoken(channel, max(start - began, 0), end - began, text)
            for channel, start, end, text in self.state["said"]
            if end > began
        ]

    def recorded_ms(self) -> int:
        """Return how long the recording is."""
        recording = self.state["recording"]
        return int(recording["ended_ms"] - recording["began_ms"])

    def recorded_since(self) -> datetime:
        """Return when the recording began, by the line's own clock."""
        began = datetime.fromisoformat(self.state["began"])
        return began + timedelta(milliseconds=self.state["recording"]["began_ms"])

    def ring(self) -> list[Event]:
        """Let the telephone ring: somebody picks up, or not."""
        self._pass(RINGING_MS)
        if self.script.rings:
            self.state["over"] = True
            result = ended(int(self.script.rings[-3:]), self.script.rings, "Nobody was reached.")
            return [self._event("CreateCallFailed", context="call", **result)]
        self.state["connected"] = True
        fine = ended(200, "0", "")
        here = [_participant(self.script.number)]
        return [
            self._event("ParticipantsUpdated", participants=here, sequenceNumber=1, **fine),
            self._event("CallConnected", context="call", **fine),
        ]

    def say(self, text: str, context: str) -> list[Event]:
        """Say it to its end."""
        started = self._started(text, context)
        self._speak(OURS, text)
        return [*started, self._event("PlayCompleted", context=context, **ended(200, "0", PLAYED))]

    def ask(
        self, text: str, language: str, listens: Listening, context: str, *, silence_seconds: int
    ) -> list[Event]:
        """Say it, and let the candidate do what the script says at this point."""
        started = self._started(text, context)
        reply = self._reply(text, language, listens)
        if listens == "keys" and reply.kind in {"say", "interrupt", "noise"}:
            reply = Reply(SILENCE)
        self._prompt(text, is_cut_off=reply.kind in {"interrupt", "cut_off"})
        return [*started, *self._answer(reply, context, silence_seconds)]

    def record(self, recording_id: str) -> list[Event]:
        """Begin the recording, unless the script spoils it."""
        for reply in self._next("recording", self.script.recording):
            result = ended(500, reply.value, "Action failed.")
            return [self._event("StartRecordingFailed", recordingId=recording_id, **result)]
        self.state["recording"] = {"id": recording_id, "began_ms": self.state["ms"]}
        return [self._recording_changed("active")]

    def end(self, code: str = OUR_END) -> list[Event]:
        """End the call, from whichever side: once, and only its recording tells of itself later."""
        if self.state["over"]:
            return []
        self._pass(REACTION_MS)
        self.state["over"] = True
        result = ended(200, code, "The conversation has ended.")
        events = [self._event("CallDisconnected", context="call", **result)]
        recording = self.state["recording"]
        if recording:
            recording["ended_ms"] = self.state["ms"]
            events.append(self._recording_changed("inactive"))
        return events

    def _started(self, text: str, context: str) -> list[Event]:
        """Return what tells that a text begins to be heard; nothing without one."""
        if not text:
            return []
        return [self._event("PlayStarted", context=context, **ended(200, "0", PLAYED))]

    def _prompt(self, text: str, *, is_cut_off: bool) -> None:
        """Say our text, or half of it: then the candidate does not wait for its end."""
        if is_cut_off:
            self._speak(OURS, text, ms=length_ms(text) // 2)
        else:
            self._speak(OURS, text)
            self._pass(REACTION_MS)

    def _answer(self, reply: Reply, context: str, silence_seconds: int) -> list[Event]:
        if reply.kind in {"hang_up", "cut_off"}:
            return self.end(reply.value or THEIR_END)
        if reply.kind == "key":
            pressed = {"recognitionType": "dtmf", "dtmfResult": _tones(reply)}
            return [self._heard(context, MAX_DIGITS, "max digits received", pressed)]
        if reply.kind in {"say", "interrupt"}:
            self._speak(CANDIDATE, reply.value, ms=round(reply.seconds * 1000))
            speech = {"speech": reply.value, "confidence": 0.92}
            said = {"recognitionType": "speech", "speechResult": speech}
            return [self._heard(context, SPEECH, "speech was recognized", said)]
        return [self._not_heard(reply, context, silence_seconds)]

    def _recording_changed(self, state: str) -> Event:
        recording_id = self.state["recording"]["id"]
        return self._event(
            "RecordingStateChanged",
            recordingId=recording_id,
            state=state,
            startDateTime=moment(self.recorded_since()),
            recordingKind="azureCommunicationServices",
            **ended(200, "0", ""),
        )

    def _reply(self, text: str, language: str, listens: Listening) -> Reply:
        point, replies = self._point(text, language, listens)
        reply = next(iter(self._next(point, replies)), Reply(SILENCE))
        wish = wish_of_tone(reply.value) if reply.kind == "key" else wish_of(reply.value, language)
        self.state["wished"] = wish in {Wish.REPEAT, Wish.MOMENT}
        return reply

    def _point(self, text: str, language: str, listens: Listening) -> tuple[str, Replies]:
        """Return where in the call we are, and what the script says there."""
        if listens == "keys":
            return GREETING, _lasting(self.script.greeting)
        consent = spoken_consent(language)
        if _beginning(consent.recording_question) in text:
            return CONSENT, _lasting(self.script.consent)
        if _beginning(consent.assessment_question) in text:
            return ASSESSMENT, _lasting(self.script.assessment)
        return self._question(text)

    def _question(self, text: str) -> tuple[str, Replies]:
        """Return the question that is being asked, or that is still open where little is said.

        A question is known again by its last sentence, whatever was said before it.
        """
        questions: list[str] = self.state["questions"]
        last = _SENTENCE_END.split(text.strip())[-1]
        is_new = text and last not in questions
        if is_new and not (questions and self.state["wished"]):  # else it is a word about the wish
            questions.append(last)
        place = questions.index(last) if last in questions else max(len(questions) - 1, 0)
        asked = questions[place] if questions else ""  # nothing was asked: as if at the first
        return f"question-{place}", self.script.at_question(place, asked)

    def _next(self, point: str, replies: Replies) -> Replies:
        """Return the reply that is due at this point, if one is left."""
        used = self.state["used"].get(point, 0)
        self.state["used"][point] = used + 1
        return replies[used : used + 1]

    def _not_heard(self, reply: Reply, context: str, silence_seconds: int) -> Event:
        result = ended(400, NO_SPEECH, "Action failed, initial silence timeout reached.")
        if reply.kind == "fault":
            result = ended(500, reply.value, "Action failed.")
        elif reply.kind == "noise":
            self._pass(round(reply.seconds * 1000) or NOISE_MS)
            result = ended(400, NO_WORDS, "Action failed, speech could not be recognized.")
        else:
            self._pass(silence_seconds * 1000)
        return self._event("RecognizeFailed", context=context, **result)

    def _heard(self, context: str, code: str, how: str, data: Mapping[str, Any]) -> Event:
        result = ended(200, code, f"Action completed, {how}.")
        return self._event("RecognizeCompleted", context=context, **data, **result)

    def _speak(self, channel: int, text: str, *, ms: int = 0) -> None:
        """Let somebody speak now, and time pass meanwhile."""
        if not text:
            return
        start = self.state["ms"]
        self._pass(ms or length_ms(text))
        self.state["said"].append([channel, start, self.state["ms"], text])

    def _pass(self, ms: int) -> None:
        self.state["ms"] += ms

    def _event(self, name: str, *, context: str = "", **data: Any) -> Event:
        self.state["events"] += 1
        number = self.state["events"]
        return call_event(
            name, self.state["ids"], self.clock, number=number, context=context, **data
        )


def _lasting(replies: Replies) -> Replies:
    """Let the last reply stay: whoever is asked again does the same again."""
    return replies + replies[-1:] * 9


def _beginning(question: str) -> str:
    """Return a question's text up to what is filled in."""
    return question.partition("{")[0].partition("?")[0]


def _tones(reply: Reply) -> dict[str, list[str]]:
    return {"tones": [TONES[reply.value]]}


def _participant(number: str) -> dict[str, Any]:
    called = {"rawId": f"4:{number}", "kind": "phoneNumber", "phoneNumber": {"value": number}}
    return {"identifier": called, "isMuted": False, "isOnHold": False}
