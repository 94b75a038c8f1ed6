"""Reading sums in tenge or thousands of tenge, and asking back when one looks a thousand times off. Pure."""

from app.impact.errors import NoFigure, NotANumber, TooLarge
from app.impact.money.errors import AmountNotPositive, NotASum, PartsOfATenge
from app.impact.numbers import Written, grouped, read_number

UNLIKELY_TENGE = (1_000, 1_000_000_000)

UNLIKELY_TIMES = 100

ENOUGH_TO_COMPARE_TENGE = 100_000

TENGE_IN = {"tenge": 1, "thousand": 1_000}


def read_tenge(written: Written, *, unit: str = "tenge") -> int:
    """Whole tenge of a sum written in tenge or in thousands (24370,628); raises a WrongAmount."""
    try:
        amount = read_number(written) * TENGE_IN[unit]
    except (NoFigure, KeyError) as error:
        raise AmountNotPositive from error
    except (NotANumber, TooLarge) as error:
        raise NotASum(text=str(written)[:40]) from error
    if amount <= 0:
        raise AmountNotPositive
    if amount != amount.to_integral_value():
        raise PartsOfATenge(figure=grouped(amount))
    return int(amount)


def unlikely_sum(amount_tenge: int, *, known_tenge: int) -> bool:
    """Whether a sum looks like a slip of a thousand: tiny, huge, or a hundred times all that was known so far."""
    least, most = UNLIKELY_TENGE
    beyond = known_tenge >= ENOUGH_TO_COMPARE_TENGE and amount_tenge > known_tenge * UNLIKELY_TIMES
    return beyond or not least <= amount_tenge <= most
