"""Calls of providers as OpenTelemetry has them, over the real SDKs: facts, and never a word."""

from collections.abc import Iterator

import pytest
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from talenti.azure.openai import Form, Limits, complete
from talenti.errors import ProviderAway
from talenti.telemetry import recorder
from talenti.telemetry.cleaning import CleaningExporter
from talenti.telemetry.sdk import OtelRecorder
from tests.emulators import openai_faults as faults

pytestmark = pytest.mark.django_db
STRICT = {"type": "object", "properties": {}, "required": [], "additionalProperties": False}
WORDS = "I repaired the relay."


@pytest.fixture
def exported(monkeypatch) -> Iterator[InMemorySpanExporter]:
    """What would leave this process, of spans."""
    exporter = InMemorySpanExporter()
    traces, meters = TracerProvider(), MeterProvider()
    traces.add_span_processor(SimpleSpanProcessor(CleaningExporter(exporter)))
    recording = OtelRecorder(traces.get_tracer("test"), meters.get_meter("test"))
    monkeypatch.setattr(recorder, "_recorder", recording)
    yield exporter
    traces.shutdown()
    meters.shutdown()


def ask_within_work() -> None:
    messages = ({"role": "user", "content": f"Answer in JSON. {WORDS}"},)
    with recorder.span("work", kind=recorder.WORK):
        complete(messages, Form("verdict", STRICT), Limits(10, 50))


def call_of(exported: InMemorySpanExporter) -> ReadableSpan:
    call, work = exported.get_finished_spans()
    assert call.parent is not None
    assert call.parent.span_id == work.get_span_context().span_id
    assert WORDS not in call.to_json() + work.to_json()
    return call


def test_an_answered_call_is_a_client_span_in_the_trace_of_its_work(azure_openai, exported) -> None:
    azure_openai.script(faults.says(WORDS))
    ask_within_work()
    call = call_of(exported)
    assert (call.name, call.kind) == ("azure-openai verdict", SpanKind.CLIENT)
    assert dict(call.attributes or {}) == {
        "vendor": "azure-openai",
        "operation": "verdict",
        "outcome": "ok",
        "fault": "",
        "gen_ai.operation.name": "chat",
        "gen_ai.request.model": "gpt-4o",
        "gen_ai.response.model": "gpt-4o-2024-08-06",
        "gen_ai.response.finish_reason": "stop",
        "gen_ai.usage.input_tokens": 1000,
        "gen_ai.usage.output_tokens": 100,
    }


def test_a_failed_call_is_a_failed_span_with_its_status_alone(azure_openai, exported) -> None:
    azure_openai.script(faults.fails(503))
    with pytest.raises(ProviderAway):
        ask_within_work()
    call = call_of(exported)
    assert call.status.status_code is StatusCode.ERROR
    assert call.status.description is None
    assert dict(call.attributes or {}) == {
        "vendor": "azure-openai",
        "operation": "verdict",
        "outcome": "away",
        "fault": "503",
        "error.type": "ProviderAway",
        "gen_ai.operation.name": "chat",
        "gen_ai.request.model": "gpt-4o",
    }
