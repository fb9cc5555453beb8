"""What interviews cost: exact sums, without Django."""

from decimal import Decimal

SECONDS_IN_A_MINUTE = 60


def cost_of_call(seconds: int, per_minute: Decimal) -> Decimal:
    """Return the price of a call that was connected for so many whole seconds.

    A minute that has begun counts whole; a call that was never connected costs nothing. Exact, with
    the digits of the price. Raises ValueError for a negative number.
    """
    if seconds < 0 or per_minute < 0:
        raise ValueError("neither time nor price can be negative")
    minutes = -(-seconds // SECONDS_IN_A_MINUTE)
    return minutes * per_minute
