"""What is known of a call's recording."""

from dataclasses import replace

from interviews.calls import fields
from interviews.calls.facts import Fact, FactKind
from interviews.calls.state import CallState

_TELL = (FactKind.RECORDING_ON, FactKind.FILE_READY)


def note_recording(state: CallState, fact: Fact) -> CallState:
    """Keep the first recording's id and beginning, however late they are told.

    Where nobody told that it is on, its file does, if it says when it began.
    """
    if fact.kind not in _TELL or state.recording_started_at:
        return state
    told_at = fact.at if fact.kind is FactKind.RECORDING_ON else None
    started_at = fields.time_of(fact.data.get("started_at")) or told_at
    if started_at is None:
        return state
    recording_id = fields.text_of(fact.data.get("recording_id"), 600)
    return replace(state, recording_id=recording_id, recording_started_at=started_at)
