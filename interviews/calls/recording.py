"""What is known of a call's recording."""

from dataclasses import replace

from interviews.calls import fields
from interviews.calls.facts import Fact, FactKind
from interviews.calls.state import CallState


def note_recording(state: CallState, fact: Fact) -> CallState:
    """Keep the first recording's id and beginning, however late they are told."""
    if fact.kind is not FactKind.RECORDING_ON or state.recording_started_at:
        return state
    return replace(
        state,
        recording_id=fields.text_of(fact.data.get("recording_id"), 600),
        recording_started_at=fields.time_of(fact.data.get("started_at")) or fact.at,
    )
