"""Telemetry in the processes that Dramatiq starts."""

import dramatiq
from dramatiq.brokers.stub import StubBroker

from talenti.telemetry import starting


class TelemetryMiddleware(dramatiq.Middleware):
    """Begins in each process after its fork; what waits is sent when its threads have ended."""

    def after_process_boot(self, broker: dramatiq.Broker) -> None:
        """Begin."""
        starting.start()

    def after_worker_shutdown(self, broker: dramatiq.Broker, worker: dramatiq.Worker) -> None:
        """Send what waits; a server that works in-process ends its own telemetry."""
        if not isinstance(broker, StubBroker):
            starting.stop()
