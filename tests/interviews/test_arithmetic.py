"""What interviews cost."""

from decimal import Decimal

import pytest

from interviews.arithmetic import cost_of_call

PRICE = Decimal("0.0135")


@pytest.mark.parametrize(
    ("seconds", "cost"),
    [
        (0, "0.0000"),
        (1, "0.0135"),
        (59, "0.0135"),
        (60, "0.0135"),
        (61, "0.0270"),
        (120, "0.0270"),
        (3600, "0.8100"),
    ],
)
def test_begun_minutes_count_whole_and_exactly(seconds: int, cost: str) -> None:
    found = cost_of_call(seconds, PRICE)

    assert (found, str(found)) == (Decimal(cost), cost)


def test_what_is_free_stays_free() -> None:
    assert cost_of_call(3600, Decimal(0)) == 0


@pytest.mark.parametrize(("seconds", "price"), [(-1, "1"), (1, "-1")])
def test_neither_time_nor_price_is_negative(seconds: int, price: str) -> None:
    with pytest.raises(ValueError, match="negative"):
        cost_of_call(seconds, Decimal(price))
