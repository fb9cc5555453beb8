"""The sums behind a scorecard: exact, pure, and the same for people and engines.

Weights are Decimal above 0, levels are 1 to 5 or None for not assessed. Nothing here is a float.
"""

from collections.abc import Iterable, Mapping, Sequence
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


def median_level(levels: Sequence[int | None]) -> int | None:
    """Return the middle one of an odd number of samples; raises ValueError for an even number.

    Not assessed counts as below 1, so the answer is always what a sample really gave, and it is
    None when more than half of the samples could not assess.
    """
    if len(levels) % 2 == 0:
        raise ValueError("The median of samples needs an odd number of them.")
    _check_levels(levels)
    return sorted(levels, key=lambda level: level or 0)[len(levels) // 2]


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


def quadratic_weighted_kappa(pairs: Iterable[tuple[int, int]]) -> Decimal | None:
    """Return the agreement of two raters beyond chance, -1.000 to 1.000; None if undefined.

    1 - observed / expected, where each is a mean of squared distances: J. Cohen, "Weighted kappa",
    Psychological Bulletin 70 (1968). Undefined without pairs, and when both raters always give one
    and the same level: then chance alone explains everything.
    """
    levels = list(pairs)
    for pair in levels:
        _check_levels(pair)
    observed = sum((one - other) ** 2 for one, other in levels) * len(levels)
    expected = _crossed_distance([one for one, _ in levels], [other for _, other in levels])
    return _rounded(1 - Fraction(observed, expected), 3) if expected else None


def _crossed_distance(first: Sequence[int], second: Sequence[int]) -> int:
    """Sum the squared distance of every level of one rater to every level of the other."""
    return sum(
        first.count(one) * second.count(other) * (one - other) ** 2
        for one in set(first)
        for other in set(second)
    )


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
    return _rounded(value, 2)


def _rounded(value: Fraction, places: int) -> Decimal:
    """Round half to even; exact whatever the decimal context says."""
    scaled = round(value * 10**places)
    return Decimal((int(scaled < 0), tuple(map(int, str(abs(scaled)))), -places))
