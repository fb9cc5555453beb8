"""What Communication Services does wrong when it is told to, one fault for one kind of command."""

import threading
from dataclasses import dataclass

SECRET_WORDS = "secret words of the provider about +4930901820"


@dataclass(frozen=True)
class Fault:
    """An answer with `status` and sub-code `code`, or an `ending` without a whole answer.

    Endings: `hang` (accepted, never answered), `close` (the line is cut), `garbage` (a success
    whose body is none). With `effect` the command is carried out all the same.
    """

    status: int = 0
    code: str = ""
    ending: str = ""
    effect: bool = False
    retry_after: str = ""
    location: str = ""
    body: object = None

    @property
    def answer(self) -> object:
        """Return the body of the answer: an error as the service words it, unless it is given."""
        if self.body is not None:
            return self.body
        return {"error": {"code": self.code or str(self.status), "message": SECRET_WORDS}}


class Faults:
    """Which faults come next, by command; `*` is every one."""

    def __init__(self) -> None:
        self._waiting: dict[str, list[tuple[Fault, int]]] = {}
        self._lock = threading.Lock()

    def add(self, command: str, fault: Fault, *, times: int = 1) -> None:
        """Let the next `times` of these commands meet the fault; 0 is all of them."""
        with self._lock:
            self._waiting.setdefault(command, []).append((fault, times))

    def clear(self) -> None:
        """Work well from now on."""
        with self._lock:
            self._waiting.clear()

    def take(self, command: str) -> Fault | None:
        """Return the fault that this command meets."""
        with self._lock:
            for name in (command, "*"):
                if waiting := self._waiting.get(name):
                    fault, times = waiting[0]
                    if times == 1:
                        waiting.pop(0)
                    elif times:
                        waiting[0] = (fault, times - 1)
                    return fault
        return None
