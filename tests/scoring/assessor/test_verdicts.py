"""Several samples of one competency become one verdict."""

from scoring.assessor.protocol import Claim
from scoring.assessor.verdicts import Verdict, settle


def at(level: int, *quotes: str) -> Verdict:
    claims = tuple(Claim(1, quote, "action") for quote in quotes)
    return Verdict(level, "", f"It is a {level}: {quotes}.", claims)


def without(reason: str) -> Verdict:
    return Verdict(None, reason, f"It is {reason}.")


def test_level_comes_with_the_quotes_of_all_who_gave_it() -> None:
    settled = settle([at(4, "one"), at(5, "two"), at(4, "three", "one"), at(1, "four")])

    one, three = Claim(1, "one", "action"), Claim(1, "three", "action")
    assert settled == Verdict(4, "", "It is a 4: ('one',).", (one, three))


def test_samples_without_a_level_do_not_pull_it_down() -> None:
    unclear = without("unclear")

    assert settle([unclear, at(2, "a"), unclear, at(4, "b"), at(5, "c")]) == at(4, "b")


def test_level_of_a_minority_is_no_level() -> None:
    samples = [at(5, "a"), without("unclear"), without("off_topic"), without("off_topic"), at(5)]

    assert settle(samples) == without("off_topic")


def test_half_is_no_majority() -> None:
    assert settle([at(3, "a"), without("unclear")]) == without("unclear")
