"""State machines as data: which moves are legal; `talenti.history` alone writes a status."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Q


@dataclass(frozen=True)
class Machine:
    """The legal moves of one field: `moves[state]` holds the states that may follow."""

    field: str
    moves: Mapping[str, frozenset[str]]

    @property
    def states(self) -> frozenset[str]:
        """Return every known state."""
        return frozenset(self.moves)

    def before(self, target: str) -> frozenset[str]:
        """Return the states from which `target` may be reached."""
        return frozenset(state for state, after in self.moves.items() if target in after)

    def known(self) -> Q:
        """Return the condition of a CheckConstraint: the field holds a known state."""
        return Q(**{f"{self.field}__in": sorted(self.moves)})


def machine(field: str, moves: Mapping[str, Iterable[str]]) -> Machine:
    """Build a Machine from plain sets, refusing a move to a state that has no row of its own."""
    table = {str(state): frozenset(map(str, after)) for state, after in moves.items()}
    unknown = {target for after in table.values() for target in after} - set(table)
    if unknown:
        message = f"{field} moves to unknown states {sorted(unknown)}"
        raise ValueError(message)
    return Machine(field, table)
