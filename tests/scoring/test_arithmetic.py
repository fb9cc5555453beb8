from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.arithmetic import (
    Agreement,
    Rated,
    Summary,
    agreement,
    median_level,
    paired_levels,
    spread,
    summarise,
)

WEIGHTS = st.decimals(min_value="0.01", max_value=1000, places=2)
LEVELS = st.integers(1, 5)
MAYBE = st.none() | LEVELS
RATED = st.lists(st.builds(Rated, st.text(max_size=5), WEIGHTS, MAYBE, MAYBE), max_size=12)


def rated(weight, level, must_have=None, competency="c"):
    return Rated(competency, Decimal(weight), level, must_have)


def test_summarise_weighs_assessed_levels_and_names_must_haves():
    assert summarise(
        [
            rated("2", 4, 3, "planning"),
            rated("1", 2, 3, "safety"),
            rated("1", None, 2, "honesty"),
            rated("1", None, None, "humour"),
        ]
    ) == Summary(Decimal("3.33"), Decimal("0.60"), ("safety",), ("honesty",))


@pytest.mark.parametrize("everything", [[], [rated("1", None), rated("3", None)]])
def test_summarise_has_no_overall_when_nothing_is_assessed(everything):
    assert summarise(everything) == Summary(None, Decimal("0.00"), (), ())


@pytest.mark.parametrize(
    ("levels", "overall"),
    [
        ([(1, 5), (199, 1)], "1.02"),
        ([("1.25", 3), ("98.75", 1)], "1.02"),  # 1.025 goes to the even neighbour
        ([("1.75", 3), ("98.25", 1)], "1.04"),  # and so does 1.035
        ([("0.1", 1), ("0.2", 2)], "1.67"),
    ],
)
def test_summarise_rounds_half_to_even(levels, overall):
    assert summarise(rated(w, level) for w, level in levels).overall == Decimal(overall)


@pytest.mark.parametrize(
    ("assessed", "missing", "share"),
    [("999", "1", "0.99"), ("1", "999", "0.01"), ("99999", "1", "0.99"), ("1", "2", "0.33")],
)
def test_assessed_share_is_whole_only_when_everything_is_assessed(assessed, missing, share):
    summary = summarise([rated(assessed, 3), rated(missing, None)])
    assert summary.assessed_share == Decimal(share)


@given(RATED, st.randoms())
def test_summarise_does_not_depend_on_order(everything, random):
    shuffled = random.sample(everything, len(everything))
    one, other = summarise(everything), summarise(shuffled)
    assert (one.overall, one.assessed_share) == (other.overall, other.assessed_share)
    assert sorted(one.missed_must_haves) == sorted(other.missed_must_haves)
    assert sorted(one.unassessed_must_haves) == sorted(other.unassessed_must_haves)


@given(RATED, st.decimals(min_value="0.01", max_value=100, places=2))
def test_summarise_does_not_depend_on_the_scale_of_weights(everything, factor):
    scaled = [
        Rated(one.competency, one.weight * factor, one.level, one.must_have_level)
        for one in everything
    ]
    assert summarise(scaled) == summarise(everything)


@given(RATED)
def test_summarise_stays_within_the_levels_it_was_given(everything):
    summary = summarise(everything)
    levels = [one.level for one in everything if one.level is not None]
    assert (summary.overall is None) == (not levels)
    if summary.overall is not None:
        assert min(levels) <= summary.overall <= max(levels)
        assert summary.overall.as_tuple().exponent == -2


@given(RATED)
def test_assessed_share_tells_none_some_and_all_apart(everything):
    share = summarise(everything).assessed_share
    assessed = [one.level is not None for one in everything]
    assert (share == 0) == (not any(assessed))
    assert (share == 1) == (bool(assessed) and all(assessed))


@given(RATED)
def test_overall_is_within_half_a_hundredth_of_the_exact_mean(everything):
    overall = summarise(everything).overall
    if overall is not None:
        kept = [(Fraction(one.weight), one.level) for one in everything if one.level]
        exact = sum(w * level for w, level in kept) / sum(w for w, _ in kept)
        assert abs(Fraction(overall) - exact) <= Fraction(1, 200)


@pytest.mark.parametrize("weight", ["0", "-1", "NaN", "Infinity"])
def test_rated_refuses_a_weight_that_is_no_weight(weight):
    with pytest.raises(ValueError, match="above 0"):
        rated(weight, 3)


@pytest.mark.parametrize(("level", "must_have"), [(0, None), (6, None), (3, 0), (None, 6)])
def test_rated_refuses_a_level_outside_the_anchors(level, must_have):
    with pytest.raises(ValueError, match="1 to 5"):
        rated("1", level, must_have)


@pytest.mark.parametrize(
    ("levels", "median", "apart"),
    [
        ([3], 3, 0),
        ([2, 5, 3], 3, 3),
        ([None, 4, 3], 3, 1),
        ([None, None, 5], None, 0),
        ([None], None, None),
        ([], None, None),
        ([1, 1, 5, 5, 5], 5, 4),
        # Not assessed is no low level: counted as 0, these would come to 2.
        ([None, None, 2, 4, 5], 4, 3),
        ([None, None, None, 4, 5], None, 1),
        # Of two middle levels the lower: only half of the samples reach the other.
        ([None, 1, 2, 4, 5], 2, 4),
        # Half is not most.
        ([None, 3], None, 0),
        ([2, 3], 2, 1),
    ],
)
def test_median_and_spread_of_samples(levels, median, apart):
    assert (median_level(levels), spread(levels)) == (median, apart)


@pytest.mark.parametrize("levels", [[0, 3, 3], [3, 3, 6]])
def test_median_refuses_a_level_outside_the_anchors(levels):
    with pytest.raises(ValueError, match="1 to 5"):
        median_level(levels)


@given(st.lists(MAYBE, max_size=9))
def test_median_is_the_highest_level_that_most_samples_with_one_reach(levels):
    given_levels = [level for level in levels if level is not None]
    reached = [
        level
        for level in range(1, 6)
        if sum(one >= level for one in given_levels) * 2 > len(given_levels)
    ]
    most = len(given_levels) * 2 > len(levels)
    assert median_level(levels) == (max(reached) if most else None)
    assert median_level(levels) in {*levels, None}


@given(st.lists(MAYBE, max_size=9))
def test_median_does_not_depend_on_the_order_of_samples(levels):
    assert (
        median_level(levels) == median_level(levels[::-1]) == median_level(sorted(levels, key=str))
    )


def test_agreement_compares_what_both_assessed():
    first = {"a": 3, "b": 4, "c": None, "d": 1, "e": 2}
    second = {"a": 3, "b": 5, "c": 3, "d": 4, "x": 2}
    assert paired_levels(first, second) == ((3, 3), (4, 5), (1, 4))
    assert agreement(first, second) == Agreement(3, Decimal("0.33"), Decimal("0.67"))
    assert agreement(first, {}) == Agreement(0, None, None)


@given(st.dictionaries(st.sampled_from("abcdef"), MAYBE))
def test_a_scorecard_agrees_with_itself(levels):
    compared = sum(level is not None for level in levels.values())
    whole = Decimal("1.00") if compared else None
    assert agreement(levels, levels) == Agreement(compared, whole, whole)
