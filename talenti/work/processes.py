"""What begins and ends with each process that Dramatiq starts."""

import dramatiq
from dramatiq.brokers.stub import StubBroker

from talenti import engines
from talenti.telemetry import starting


class ProcessMiddleware(dramatiq.Middleware):
    """Telemetry begins after the fork; what waits is sent when the worker's threads have ended."""

    def after_process_boot(self, broker: dramatiq.Broker) -> None:
        """Begin, and load beside the work what it will need."""
        starting.start()
        engines.start_warming()

    def after_worker_shutdown(self, broker: dramatiq.Broker, worker: dramatiq.Worker) -> None:
        """Send what waits; a server that works in-process ends its own telemetry."""
        if not isinstance(broker, StubBroker):
            starting.stop()
