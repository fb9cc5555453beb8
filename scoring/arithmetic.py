"""The sums behind a scorecard: exact, pure, and the same for people and engines.

Weights are Decimal above 0, levels are 1 to 5 or None for not assessed. Nothing here is a float.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

LOWEST, HIGHEST = 1, 5


@dataclass(frozen=True, slots=True)
class Rated:
    """One competency and the level it was given; `must_have_level` is None if none is required."""

    competency: str
    weight: Decimal
    level: int | None
    must_have_level: int | None

    def __post_init__(self) -> None:
        """Raise ValueError for a weight not above 0 or a level outside 1 to 5."""
        if not self.weight.is_finite() or self.weight <= 0:
            raise ValueError("A weight is a finite number above 0.")
        _check_levels((self.level, self.must_have_level))


@dataclass(frozen=True, slots=True)
class Summary:
    """What the levels come to.

    `overall` is 1.00 to 5.00, None when nothing was assessed. `assessed_share` is 0.00 to 1.00 of
    the weight: 1.00 only when everything was assessed, 0.00 only when nothing was.
    """

    overall: Decimal | None
    assessed_share: Decimal
    missed_must_haves: tuple[str, ...]
    unassessed_must_haves: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Agreement:
    """How two scorecards compare; the shares are 0.00 to 1.00, None when `compared` is 0."""

    compared: int
    exact: Decimal | None
    within_one: Decimal | None


def summarise(rated: Iterable[Rated]) -> Summary:
    """Return the weighted mean of the assessed levels, and beside it what it leaves out.

    overall = sum(weight * level) / sum(weight) over the assessed ones, rounded half to even.
    """
    everything = tuple(rated)
    assessed = [(Fraction(one.weight), one.level) for one in everything if one.level is not None]
    weight = sum((share for share, _ in assessed), Fraction())
    total = sum((Fraction(one.weight) for one in everything), Fraction())
    points = sum((share * level for share, level in assessed), Fraction())
    return Summary(
        overall=_hundredths(points / weight) if assessed else None,
        assessed_share=_share(weight, total),
        missed_must_haves=tuple(one.competency for one in everything if _misses(one)),
        unassessed_must_haves=tuple(
            one.competency
            for one in everything
            if one.must_have_level is not None and one.level is None
        ),
    )


def median_level(levels: Iterable[int | None]) -> int | None:
    """Return the level of several samples: the highest that most of those with a level reach.

    None unless most samples gave a level: what a minority saw is no finding. A sample without one
    says nothing about the level, so it does not pull the others down as a 0 would. Of two middle
    levels it is the lower one: always a level that a sample gave, and so has quotes for.
    """
    everything = tuple(levels)
    _check_levels(everything)
    given = sorted(level for level in everything if level is not None)
    return given[(len(given) - 1) // 2] if len(given) * 2 > len(everything) else None


def spread(levels: Iterable[int | None]) -> int | None:
    """Return highest minus lowest assessed level, 0 to 4; None when no sample assessed."""
    given = [level for level in levels if level is not None]
    _check_levels(given)
    return max(given) - min(given) if given else None


def agreement(first: Mapping[str, int | None], second: Mapping[str, int | None]) -> Agreement:
    """Compare two scorecards on the competencies that both assessed.

    Shares of exact and of adjacent agreement: S. E. Stemler, "A comparison of consensus,
    consistency, and measurement approaches to estimating interrater reliability", Practical
    Assessment, Research, and Evaluation 9 (2004).
    """
    pairs = paired_levels(first, second)
    apart = [abs(one - other) for one, other in pairs]
    if not apart:
        return Agreement(0, None, None)
    return Agreement(
        compared=len(apart),
        exact=_share(Fraction(apart.count(0)), Fraction(len(apart))),
        within_one=_share(Fraction(sum(gap <= 1 for gap in apart)), Fraction(len(apart))),
    )


def paired_levels(
    first: Mapping[str, int | None], second: Mapping[str, int | None]
) -> tuple[tuple[int, int], ...]:
    """Return the two levels of every competency that both assessed, in the order of its name."""
    pairs = ((first[key], second[key]) for key in sorted(first.keys() & second.keys()))
    return tuple((one, other) for one, other in pairs if one is not None and other is not None)


def _misses(one: Rated) -> bool:
    return (
        one.level is not None
        and one.must_have_level is not None
        and one.level < one.must_have_level
    )


def _check_levels(levels: Iterable[int | None]) -> None:
    if any(level is not None and not LOWEST <= level <= HIGHEST for level in levels):
        raise ValueError(f"A level is {LOWEST} to {HIGHEST}, or None.")


def _share(part: Fraction, whole: Fraction) -> Decimal:
    """Round to hundredths, but say 1.00 only for all of it and 0.00 only for none of it."""
    if not part:
        return Decimal("0.00")
    if part == whole:
        return Decimal("1.00")
    return min(max(_hundredths(part / whole), Decimal("0.01")), Decimal("0.99"))


def _hundredths(value: Fraction) -> Decimal:
    """Round a value of 0 or more half to even; exact whatever the decimal context says."""
    return Decimal((0, tuple(map(int, str(round(value * 100)))), -2))
