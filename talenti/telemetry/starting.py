"""Beginning and ending telemetry in one process. Threads do not survive a fork: begin after it."""

import logging
from importlib import import_module
from typing import Any

from django.conf import settings

logger = logging.getLogger(__name__)
SDK = "talenti.telemetry.sdk"
_running: list[Any] = []


def is_configured() -> bool:
    """Return whether there is anywhere to send to."""
    return bool(
        settings.APPLICATIONINSIGHTS_CONNECTION_STRING or settings.OTEL_EXPORTER_OTLP_ENDPOINT
    )


def start(*, watching: bool = False) -> None:
    """Record from now on, if configured; `watching` also reads the gauges of waiting work.

    Telemetry that cannot start is logged and does not keep the process from its work.
    """
    if _running or not is_configured():
        return
    try:
        _running.append(import_module(SDK).start(watching=watching))
    except Exception:
        logger.exception("telemetry did not start")


def stop() -> None:
    """Send what waits, for a few seconds at most."""
    while _running:
        try:
            _running.pop().stop()
        except Exception as error:  # noqa: BLE001 - an endpoint that is down is not our end
            logger.warning("telemetry did not end in time: %s", type(error).__name__)
