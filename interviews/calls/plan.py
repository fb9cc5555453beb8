"""What a call is planned to be: everything the conversation needs to know before it begins."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Plan:
    """The facts of one call that never change while it lasts; texts are spoken in `language`.

    `agreed` holds the purposes that the candidate agreed to before, `required` those without which
    there is no interview. Seconds and percent are whole numbers.
    """

    language: str
    organisation: str
    job: str
    contact: str  # how to reach a human, as it is spoken; may be empty
    consent_version: str
    agreed: tuple[str, ...] = ()
    resumes: bool = False
    extra_time: int = 0  # percent
    max_seconds: int = 3600
    retention_days: int = 30

    def as_data(self) -> dict[str, Any]:
        """Return it as JSON's own types."""
        return {**asdict(self), "agreed": list(self.agreed)}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Plan":
        """Read what `as_data` gave."""
        return cls(**{**data, "agreed": tuple(data["agreed"])})


@dataclass(frozen=True, slots=True)
class PlannedTurn:
    """A question or probe that is to be asked. `time_limit_seconds` is the guide's, unscaled."""

    turn_id: str
    position: int
    kind: str  # question | probe
    text: str
    time_limit_seconds: int

    def as_data(self) -> dict[str, Any]:
        """Return it as JSON's own types."""
        return asdict(self)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "PlannedTurn":
        """Read what `as_data` gave."""
        return cls(**data)
