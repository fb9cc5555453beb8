"""Every text column is in docs/security.md, with how long it is kept, or holds nobody's data."""

import re

from django.apps import apps

from tests.architecture.tree import HOUSES, ROOT

TEXTS = {"BinaryField", "CharField", "EmailField", "JSONField", "SlugField", "TextField"}
ROW = re.compile(r"^\| `(\w+)` \| (`[^|]+`) \| [^|]+ \| [^|]+ \|$", re.MULTILINE)
# Codes, hashes and facts about the thing, or what a recruiter writes for every candidate alike.
NOBODYS = {
    "talenti_membership": "role",
    "talenti_historyentry": "subject verb from_state to_state actor_kind data",
    "talenti_breaker": "name state recent last_fault",
    "talenti_signingkeys": "address keys fault",
    "talenti_idempotentrequest": "key request_hash",
    "talenti_signin": "revoked_reason",
    "talenti_refreshtoken": "token_hash",
    "work_workitem": "kind queue state cause last_error trace_parent",
    "interviews_call": "status engine secret_hash phase outcome fault code head",
    "interviews_callentry": "source event_id type body_sha256 hash",
    "interviews_calloperation": "kind about",
    "interviews_candidatedocument": "media_type sha256",
    "interviews_deadletter": "source reason body_sha256",
    "interviews_job": "title description status",
    "interviews_guide": "title language status origin override_reason",
    "interviews_competency": "key name description anchor_1 anchor_2 anchor_3 anchor_4 anchor_5",
    "interviews_question": "text probes",
    "interviews_interview": "channel status stage language failure",
    "interviews_invitation": "token_hash",
    "interviews_consent": "version text_sha256",
    "interviews_simulatedcall": "connection_id server_call_id script",
    "interviews_speech": "digest engine voice storage_name media_type",
    "interviews_turn": "kind source",
    "recordings_recording": "source speaker status declared_type declared_sha256 sha256 "
    "media_type codec refusal",
    "recordings_transcript": "status engine model label language",
    "recordings_segment": "speaker",
    "scoring_assessoranswer": "finish model",
    "scoring_decision": "outcome",
    "scoring_qualitycheck": "transcript_hash outcome findings measures",
    "scoring_scorecard": "kind status engine model label prompt_version settings "
    "transcript_hash missed_must_haves failure",
    "scoring_score": "reason flags levels",
}


def documented() -> dict[str, set[str]]:
    """Return the columns that the document names, by table."""
    text = (ROOT / "docs" / "security.md").read_text()
    named: dict[str, set[str]] = {}
    for table, columns in ROW.findall(text):
        named.setdefault(table, set()).update(re.findall(r"`(\w+)`", columns))
    return named


def stored() -> dict[str, set[str]]:
    """Return every text column of the product's own tables."""
    models = [model for model in apps.get_models() if model.__module__.startswith(HOUSES)]
    return {
        model._meta.db_table: {
            str(field.column)
            for field in model._meta.concrete_fields
            if field.get_internal_type() in TEXTS
        }
        for model in models
    }


def test_every_text_column_is_documented_or_nobodys() -> None:
    known = documented()
    for table, columns in NOBODYS.items():
        known[table] = known.get(table, set()) | set(columns.split())

    assert known == {table: columns for table, columns in stored().items() if columns}


def test_no_column_is_both() -> None:
    personal = documented()
    both = {table: personal.get(table, set()) & set(NOBODYS[table].split()) for table in NOBODYS}

    assert {table: columns for table, columns in both.items() if columns} == {}
