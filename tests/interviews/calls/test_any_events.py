"""Whatever is in an event, it is read or refused."""

import json
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from interviews.calls.dialect import read_event, split_events

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
TYPES = st.sampled_from(
    ["RecognizeCompleted", "RecognizeFailed", "PlayFailed", "CallDisconnected", "CreateCallFailed",
     "RecordingStateChanged", "StartRecordingFailed", "RecordingFileStatusUpdated"]
)  # fmt: skip
FIELDS = st.sampled_from(
    ["operationContext", "resultInformation", "dtmfResult", "speechResult", "choiceResult", "state",
     "recordingId", "startDateTime", "recordingStorageInfo", "recordingDurationMs", "serverCallId",
     "callConnectionId"]
)  # fmt: skip


@given(TYPES, st.dictionaries(FIELDS, ANYTHING), ANYTHING)
@settings(max_examples=60, deadline=None)
def test_any_value_in_any_field_is_read_or_refused(
    name: str, data: dict[str, object], subject: object
) -> None:
    data = {"operationContext": "op-7", **data}
    body = {"id": "1", "type": f"Microsoft.Communication.{name}", "data": data, "subject": subject}
    fact = read_event(json.dumps(body).encode(), NOW).fact
    assert "\x00" not in fact.words + fact.code + fact.tone
    assert len(fact.code) <= 40


@given(st.binary(max_size=200))
def test_any_bytes_are_split_or_refused(body: bytes) -> None:
    try:
        found = split_events(body)
    except ValueError:
        return
    assert all(one in body for one in found)
