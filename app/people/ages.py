"""How old somebody is on a day, and who is a minor then; written once for rows, values and conditions of a query."""

from datetime import date
from functools import lru_cache

ADULT_AT = 18


def age_on(born: date, day: date) -> int:
    """Whole years on that day."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


@lru_cache(maxsize=32)
def years_before(day: date, years: int) -> date:
    """The same day so many years ago; of 29 February the day before it where there was none."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def is_minor(born: date | None, kind: str, day: date) -> bool:
    """Whether guardians decide for them on that day; a child whose birthday is unknown is one."""
    return kind == "child" if born is None else born > years_before(day, ADULT_AT)
