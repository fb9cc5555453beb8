"""OpenTelemetry, set up for one process. Only `starting` imports this room, and only if needed."""

import logging
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from django.conf import settings
from django.db import connections
from opentelemetry import context, metrics, propagate, trace
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.metrics import CallbackOptions, Meter, Observation
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import Decision, ParentBased, Sampler, SamplingResult
from opentelemetry.trace import SpanKind, StatusCode

from talenti.telemetry import recorder
from talenti.telemetry.cleaning import CleaningExporter
from talenti.telemetry.queries import watch_queries
from talenti.telemetry.recorder import Attribute

logger = logging.getLogger(__name__)
METER = "talenti.api"
KINDS = {
    recorder.REQUEST: SpanKind.SERVER,
    recorder.WORK: SpanKind.CONSUMER,
    recorder.PART: SpanKind.INTERNAL,
    recorder.CALL: SpanKind.CLIENT,
}
INSTRUMENTORS = (
    "opentelemetry.instrumentation.redis.RedisInstrumentor",
    "opentelemetry.instrumentation.requests.RequestsInstrumentor",
)
STOP_MS = 3000
EXPORT_SECONDS = 5


class NoLonelyCalls(Sampler):
    """Keeps every request and work; not the polling of queues, which belongs to nothing."""

    def should_sample(  # noqa: PLR0913, PLR0917 - the interface's own arguments
        self,
        parent_context: Any,
        trace_id: int,
        name: str,
        kind: SpanKind | None = None,
        attributes: Any = None,
        links: Any = None,
        trace_state: Any = None,
    ) -> SamplingResult:
        """Drop root spans of calls to the database, Redis and providers."""
        keep = kind is not SpanKind.CLIENT
        return SamplingResult(Decision.RECORD_AND_SAMPLE if keep else Decision.DROP, attributes)

    def get_description(self) -> str:
        """Return its name."""
        return "NoLonelyCalls"


@dataclass(frozen=True, slots=True)
class OpenSpan:
    """A span under way."""

    span: trace.Span

    def note(self, attributes: dict[str, Attribute]) -> None:
        """Add attributes."""
        self.span.set_attributes(attributes)

    def rename(self, name: str) -> None:
        """Name it anew."""
        self.span.update_name(name)

    def fail(self) -> None:
        """Mark it as failed."""
        self.span.set_status(StatusCode.ERROR)


@dataclass
class OtelRecorder:
    """Records with OpenTelemetry."""

    tracer: trace.Tracer
    meter: Meter
    _instruments: dict[str, Any] = field(default_factory=dict)

    def trace_ids(self) -> tuple[str, str]:
        """Return the ids of the current span."""
        now = trace.get_current_span().get_span_context()
        if not now.is_valid:
            return "", ""
        return trace.format_trace_id(now.trace_id), trace.format_span_id(now.span_id)

    def trace_parent(self) -> str:
        """Return the current span as a traceparent."""
        carrier: dict[str, str] = {}
        propagate.inject(carrier)
        return carrier.get("traceparent", "")

    @contextmanager
    def span(self, name: str, kind: str, parent: str) -> Iterator[OpenSpan]:
        """Record the block; of an exception only its kind: the log says where it was."""
        above = propagate.extract({"traceparent": parent}) if parent else context.get_current()
        begin = self.tracer.start_as_current_span
        with begin(name, above, KINDS[kind], record_exception=False) as span:
            try:
                yield OpenSpan(span)
            except Exception as error:
                span.set_attribute("error.type", type(error).__name__)
                raise

    def count(self, name: str, amount: float, attributes: dict[str, Attribute]) -> None:
        """Add to a counter."""
        if name not in self._instruments:
            self._instruments[name] = self.meter.create_counter(name)
        self._instruments[name].add(amount, attributes)

    def measure(self, name: str, value: float, attributes: dict[str, Attribute]) -> None:
        """Add to a histogram."""
        if name not in self._instruments:
            self._instruments[name] = self.meter.create_histogram(name)
        self._instruments[name].record(value, attributes)


@dataclass(frozen=True, slots=True)
class Running:
    """Telemetry of this process."""

    traces: TracerProvider
    meters: MeterProvider
    handler: logging.Handler | None

    def stop(self) -> None:
        """Send what waits; an endpoint that is down costs no more than seconds."""
        recorder.use(recorder.Silent())
        if self.handler is not None:
            logging.getLogger().removeHandler(self.handler)
            self.handler.close()
        self.traces.force_flush(STOP_MS)
        self.traces.shutdown()
        self.meters.shutdown(STOP_MS)


def start(*, watching: bool) -> Running:
    """Set up everything that is configured, and record with it."""
    # Two processes of one host under one name would overwrite each other's sums.
    instance = f"{settings.TELEMETRY_RESOURCE['service.instance.id']}-{os.getpid()}"
    values = settings.TELEMETRY_RESOURCE | {"service.instance.id": instance}
    resource = Resource.create({name: value for name, value in values.items() if value})
    spans, measured = _exporters()
    traces = TracerProvider(resource=resource, sampler=ParentBased(NoLonelyCalls()))
    for exporter in spans:
        traces.add_span_processor(BatchSpanProcessor(CleaningExporter(exporter)))
    readers = [
        PeriodicExportingMetricReader(one, settings.METRICS_SECONDS * 1000) for one in measured
    ]
    meters = MeterProvider(metric_readers=readers, resource=resource)
    # The exporters and the instrumentations look for the global ones.
    trace.set_tracer_provider(traces)
    metrics.set_meter_provider(meters)
    _instrument()
    watch_queries()
    meter = meters.get_meter(METER)
    if watching:
        _watch(meter)
    recorder.use(OtelRecorder(traces.get_tracer(METER), meter))
    return Running(traces, meters, _log_handler(instance))


def _exporters() -> tuple[list[Any], list[Any]]:
    spans: list[Any] = []
    measured: list[Any] = []
    if endpoint := settings.OTEL_EXPORTER_OTLP_ENDPOINT:
        spans.append(OTLPSpanExporter(f"{endpoint}/v1/traces", timeout=EXPORT_SECONDS))
        measured.append(OTLPMetricExporter(f"{endpoint}/v1/metrics", timeout=EXPORT_SECONDS))
    if settings.APPLICATIONINSIGHTS_CONNECTION_STRING:
        span_exporter, metric_exporter = import_module("talenti.telemetry.azure").exporters()
        spans.append(span_exporter)
        measured.append(metric_exporter)
    return spans, measured


def _log_handler(instance: str) -> logging.Handler | None:
    if not settings.APPLICATIONINSIGHTS_CONNECTION_STRING:
        return None
    handler: logging.Handler = import_module("talenti.telemetry.azure").add_log_handler(instance)
    return handler


def _instrument() -> None:
    for path in INSTRUMENTORS:
        room, _, name = path.rpartition(".")
        instrumentor = getattr(import_module(room), name)()
        if not instrumentor.is_instrumented_by_opentelemetry:
            instrumentor.instrument(skip_dep_check=True)


def _watch(meter: Meter) -> None:
    for name, read in recorder.gauges.items():
        meter.create_observable_gauge(name, callbacks=[_reader_of(name, read)])


def _reader_of(name: str, read: recorder.Gauge) -> Any:
    def observe(_options: CallbackOptions) -> Sequence[Observation]:
        try:
            return [Observation(value, attributes) for value, attributes in read()]
        except Exception as error:  # noqa: BLE001 - a gauge that cannot be read is not reported
            logger.warning("gauge not read name=%s cause=%s", name, type(error).__name__)
            return []
        finally:
            connections.close_all()

    return observe
