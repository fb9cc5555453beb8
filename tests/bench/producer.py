"""Queues units in a process of its own: python -m tests.bench.producer KIND COUNT [PAUSE].

Prints as JSON what one unit cost, and when each was queued.
"""

import json
import sys
import time
import uuid

from tests.bench import actors


def main(kind: str, count: int, pause: float) -> None:
    """Queue `count` units, `pause` seconds apart."""
    put = actors.queueing(kind)
    units = [uuid.uuid4() for _ in range(count)]
    queued: dict[str, float] = {}
    cpu, started = time.process_time(), time.perf_counter()
    for unit in units:
        queued[str(unit)] = time.time()
        put(unit)
        if pause:
            time.sleep(pause)
    outcome = {
        "cpu_ms": 1000 * (time.process_time() - cpu) / count,
        "wall_ms": 1000 * (time.perf_counter() - started) / count,
        "queued": queued,
    }
    sys.stdout.write(json.dumps(outcome))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]) if len(sys.argv) > 3 else 0.0)
