"""One measured number with its goal."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    """A number and its limit; `slack` is how many times worse it may be on a busy machine."""

    number: str
    what: str
    found: float
    limit: float
    at_most: bool
    slack: float

    @property
    def verdict(self) -> str:
        """Return reached, near (within the slack) or MISSED."""
        worse = self.found / self.limit if self.at_most else self.limit / max(self.found, 1e-9)
        if worse <= 1:
            return "reached"
        return "near" if worse <= self.slack else "MISSED"

    @property
    def line(self) -> list[str]:
        """Return the cells of a table."""
        sign = "<=" if self.at_most else ">="
        return [self.number, self.what, f"{self.found:.2f}", f"{sign} {self.limit:g}", self.verdict]


def at_most(number: str, what: str, found: float, limit: float, *, slack: float = 1.3) -> Check:
    """Return the check of a cost."""
    return Check(number, what, found, limit, at_most=True, slack=slack)


def at_least(number: str, what: str, found: float, limit: float, *, slack: float = 1.1) -> Check:
    """Return the check of a yield."""
    return Check(number, what, found, limit, at_most=False, slack=slack)
