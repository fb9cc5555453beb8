"""Application Insights: exporters for spans and metrics, and a handler for logs.

The SDKs would report on themselves to their maker from threads of their own; that is turned off.
"""

import logging
import os
from typing import Any

QUIET = {
    "APPLICATIONINSIGHTS_STATSBEAT_DISABLED_ALL": "true",
    "APPLICATIONINSIGHTS_CONTROLPLANE_DISABLED": "true",
    "APPLICATIONINSIGHTS_SDKSTATS_DISABLED": "true",
}
SECONDS_AT_EXIT = 3.0
EXPORT_SECONDS = 5


def span_exporter(connection_string: str) -> Any:
    """Return OpenTelemetry's exporter of spans; nothing is kept on disk."""
    os.environ.update(QUIET)
    from azure.monitor.opentelemetry.exporter import AzureMonitorTraceExporter

    return AzureMonitorTraceExporter(
        connection_string=connection_string, disable_offline_storage=True, timeout=EXPORT_SECONDS
    )


def metric_exporter(connection_string: str) -> Any:
    """Return OpenTelemetry's exporter of metrics."""
    os.environ.update(QUIET)
    from azure.monitor.opentelemetry.exporter import AzureMonitorMetricExporter

    return AzureMonitorMetricExporter(
        connection_string=connection_string, disable_offline_storage=True, timeout=EXPORT_SECONDS
    )


def log_handler(connection_string: str, *, role: str, instance: str) -> logging.Handler:
    """Return opencensus's handler of logs. Make it after the fork: its thread does not survive one.

    The operation of a line is the trace that the record's traceId and spanId name.
    """
    os.environ.update(QUIET)
    from opencensus.ext.azure.log_exporter import AzureLogHandler

    def name_role(envelope: Any) -> bool:
        tags = envelope.tags
        tags["ai.cloud.role"], tags["ai.cloud.roleInstance"] = role, instance
        parent = tags.get("ai.operation.parentId", "")
        tags["ai.operation.parentId"] = parent.strip("|.").rpartition(".")[2]
        return True

    handler: logging.Handler = AzureLogHandler(
        connection_string=connection_string,
        enable_local_storage=False,
        export_interval=1.0,
        grace_period=SECONDS_AT_EXIT,
    )
    handler.add_telemetry_processor(name_role)  # type: ignore[attr-defined]
    return handler
