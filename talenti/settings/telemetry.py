"""Logs, traces and metrics: what is written here, and where else it is sent."""

import socket
from typing import Any

from talenti import env
from talenti.settings.environment import DEPLOYED, ENVIRONMENT

LOG_LEVEL = env.choice("LOG_LEVEL", "INFO", among=("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"))
APPLICATIONINSIGHTS_CONNECTION_STRING = env.text("APPLICATIONINSIGHTS_CONNECTION_STRING")
OTEL_EXPORTER_OTLP_ENDPOINT = env.address("OTEL_EXPORTER_OTLP_ENDPOINT")
OTEL_SERVICE_NAME = env.text("OTEL_SERVICE_NAME", "talenti-api")
TELEMETRY_RESOURCE = {
    "service.name": OTEL_SERVICE_NAME,
    "service.version": env.text("VERSION", "0.1.0"),
    # Azure's name for the replica begins with its revision's: so a canary is told from the rest.
    "service.instance.id": env.text("CONTAINER_APP_REPLICA_NAME", socket.gethostname()),
    "deployment.environment.name": ENVIRONMENT,
    "talenti.deploy_sha": env.text("DEPLOY_SHA"),
}
METRICS_SECONDS = 60

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        # What an exception says may be a person's words; deployed, its kind and place must do.
        "scrub": {"()": "talenti.scrubbing.ScrubFilter", "hide_exceptions": DEPLOYED},
        "request_id": {"()": "talenti.api.request_ids.RequestIdFilter"},
        "trace": {"()": "talenti.telemetry.logs.TraceFilter"},
    },
    "formatters": {
        "line": {"format": "%(asctime)s %(levelname)s %(name)s %(request_id)s %(message)s"},
        "json": {"()": "talenti.telemetry.logs.JsonFormatter"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "stream": "ext://sys.stdout" if DEPLOYED else "ext://sys.stderr",
            "filters": ["request_id", "trace", "scrub"],
            "formatter": "json" if DEPLOYED else "line",
        }
    },
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        "azure": {"level": "WARNING"},  # below it, every request with all its headers
        "httpx2": {"level": "WARNING"},  # below it, a line for every call of the AI provider
        "dramatiq": {"level": "WARNING"},
        # It warns of a second worker on one broker; we start one for each queue.
        "dramatiq.broker": {"level": "ERROR"},
    },
}
