"""What telemetry is sent to: Application Insights' track endpoint, and OTLP over HTTP."""

import gzip
import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
    ExportMetricsServiceRequest,
)
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

KEY = "11111111-2222-3333-4444-555555555555"


@dataclass
class Ingestion:
    """Takes everything and keeps it: `bodies` as they came, `envelopes` of Application Insights."""

    bodies: list[tuple[str, bytes]] = field(default_factory=list)
    _server: ThreadingHTTPServer | None = None

    def __enter__(self) -> Self:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_for(self))
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._server is not None
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def connection_string(self) -> str:
        return f"InstrumentationKey={KEY};IngestionEndpoint={self.url}/"

    def envelopes(self) -> list[dict[str, Any]]:
        """Return what came for Application Insights, of every kind."""
        tracks = [body for path, body in self.bodies if path.endswith("/track")]
        return [envelope for body in tracks for envelope in json.loads(body)]

    def of_type(self, name: str) -> list[dict[str, Any]]:
        """Return envelopes by their base type: RequestData, MessageData, MetricData..."""
        return [one for one in self.envelopes() if one["data"]["baseType"] == name]

    def otlp_spans(self) -> list[str]:
        """Return the names of the spans that came over OTLP."""
        found = []
        for path, body in self.bodies:
            if path == "/v1/traces":
                request = ExportTraceServiceRequest.FromString(body)
                found += [
                    span.name
                    for resource in request.resource_spans
                    for scope in resource.scope_spans
                    for span in scope.spans
                ]
        return found

    def otlp_metrics(self) -> set[tuple[str, str]]:
        """Return meter and name of the metrics that came over OTLP."""
        return {
            (scope.scope.name, metric.name)
            for path, body in self.bodies
            if path == "/v1/metrics"
            for resource in ExportMetricsServiceRequest.FromString(body).resource_metrics
            for scope in resource.scope_metrics
            for metric in scope.metrics
        }


def _handler_for(ingestion: Ingestion) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            ingestion.bodies.append((self.path, body))
            answer = b""
            if self.path.endswith("/track"):
                count = len(json.loads(body))
                counts = {"itemsReceived": count, "itemsAccepted": count, "errors": []}
                answer = json.dumps(counts).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Say nothing."""

    return Handler
