"""What can go wrong, in the words of the domain; talenti.api gives each its HTTP status."""

from collections.abc import Iterable, Mapping


class TalentiError(Exception):
    """Anything the domain refuses; `message` is safe to show and holds no personal data."""

    code = "refused"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Invalid(TalentiError):
    """The input itself is wrong (400); `errors` names each field."""

    code = "invalid"

    def __init__(self, message: str, errors: Mapping[str, list[str]] | None = None) -> None:
        super().__init__(message)
        self.errors = dict(errors or {})


class WrongState(TalentiError):
    """The thing exists but cannot do this now (409); `legal_moves` names what it could do."""

    code = "wrong_state"

    def __init__(
        self,
        message: str,
        legal_moves: Iterable[str] = (),
        errors: Mapping[str, list[str]] | None = None,
    ) -> None:
        super().__init__(message)
        self.legal_moves = sorted(legal_moves)
        self.errors = dict(errors or {})


class NotAllowed(TalentiError):
    """Known, but this member may not do it (403)."""

    code = "not_allowed"


class Unsuitable(TalentiError):
    """An upload that cannot be taken: `status` is 413 too large, 415 not a medium, 422 unusable."""

    def __init__(self, message: str, *, code: str, status: int) -> None:
        super().__init__(message)
        self.code = code
        self.status = status


class PermanentFailure(TalentiError):
    """Work that will never succeed: it becomes dead with this code as its cause."""

    def __init__(self, message: str, *, code: str) -> None:
        super().__init__(message)
        self.code = code


class RetryLater(TalentiError):
    """Work that may succeed later; `after_seconds` is the provider's own wish, if it gave one."""

    code = "retry_later"

    def __init__(
        self, message: str, *, after_seconds: float | None = None, counts: bool = True
    ) -> None:
        super().__init__(message)
        self.after_seconds = after_seconds
        self.counts = counts


class ProviderAway(RetryLater):
    """A provider is down or too slow, whatever it was asked: its circuit breaker counts this.

    `fault` names what was seen in one word: a status, or the kind of an error.
    """

    def __init__(self, message: str, *, fault: str, after_seconds: float | None = None) -> None:
        super().__init__(message, after_seconds=after_seconds)
        self.fault = fault


class ProviderBusy(RetryLater):
    """A provider throttles us: it works. With a given moment no attempt is spent on that."""

    def __init__(self, message: str, *, after_seconds: float | None = None) -> None:
        super().__init__(message, after_seconds=after_seconds, counts=after_seconds is None)


class ProviderPaused(RetryLater):
    """We leave a provider alone for a while; nothing was asked, so no attempt is spent."""

    code = "provider_paused"

    def __init__(self, message: str, *, after_seconds: float) -> None:
        super().__init__(message, after_seconds=after_seconds, counts=False)


class ProviderFull(ProviderPaused):
    """As many calls as this process may make are under way already."""

    code = "provider_full"
