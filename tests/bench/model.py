"""The model behind the measured scorings: answers each question after the seconds it is told.

python -m tests.bench.model PORT SECONDS; in a process of its own, so that its work is not counted.
"""

import json
import sys
import threading
import time

from tests.emulators.openai import OpenAiEmulator, Received, Reply, completion

RATIONALE = "The candidate acted on a reason, and measured what came of it. " * 4
ANSWER = completion(json.dumps({"level": "3", "rationale": RATIONALE}))


def main(port: int, seconds: float) -> None:
    """Serve until the process is ended."""

    def think(_: Received) -> Reply:
        time.sleep(seconds)
        return ANSWER

    with OpenAiEmulator(port=port) as emulator:
        emulator.default = think
        threading.Event().wait()


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
