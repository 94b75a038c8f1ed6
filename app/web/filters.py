"""Formatting for the eye: Jinja filters in the current language, over dates.py, numbers.py and words.py.

Python code that knows its language (mails, reports, spreadsheets) calls those pure functions, re-exported here.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Flask
from flask_babel import get_locale, gettext

from app.errors import N_
from app.web.dates import (
    clock,
    day_month,
    day_weekday,
    long_date,
    long_moment,
    moment,
    month_year,
    numeric_date,
    short_day,
    time_range,
    weekday,
    when,
)
from app.web.form_parts import described_by, wrong_fields
from app.web.numbers import bar_width, lasting, millions, number, seat_bar, tenge, unit_price
from app.web.words import given_first, in_language, nbsp, person_name, phone, short_name

__all__ = [
    "bar_width",
    "clock",
    "day_month",
    "day_weekday",
    "given_first",
    "in_language",
    "lasting",
    "long_date",
    "long_moment",
    "millions",
    "moment",
    "month_year",
    "nbsp",
    "number",
    "numeric_date",
    "person_name",
    "phone",
    "register",
    "seat_bar",
    "short_day",
    "short_name",
    "tenge",
    "time_range",
    "unit_price",
    "weekday",
    "when",
]

# second argument is the language: {{ event.starts_at | long_date(event.timezone) }}
_IN_A_LANGUAGE: tuple[Callable[..., str], ...] = (
    long_date, day_month, day_weekday, short_day, month_year, weekday, moment, long_moment, number, unit_price,
    millions, lasting, in_language,
)  # fmt: skip
# the same in every language: {{ event.starts_at | clock(event.timezone) }}
_IN_ALL_LANGUAGES: tuple[Callable[..., str], ...] = (
    clock, time_range, numeric_date, tenge, phone, nbsp, person_name, given_first, short_name, bar_width,
)  # fmt: skip


SIZE_WORDS = {"child": N_("for a child"), "adult": N_("for an adult")}


def register(app: Flask) -> None:
    """Gives the app's templates every filter here, the functions that the macros ask."""
    for function in _IN_A_LANGUAGE:
        app.jinja_env.filters[function.__name__] = _in_current_language(function)
    for function in _IN_ALL_LANGUAGES:
        app.jinja_env.filters[function.__name__] = _empty_for_nothing(function)
    app.jinja_env.globals.update(
        event_when=event_when, seat_bar=seat_bar, wrong_fields=wrong_fields, described_by=described_by
    )
    app.jinja_env.filters["event_when"] = event_when
    app.jinja_env.filters["size_word"] = size_word


def filters_in(language: str, gettext: Callable[[str], str]) -> dict[str, Callable[..., str]]:
    """The same filters in one language whatever the request's is, for whom no request and no app stands behind."""

    def spoken(function: Callable[..., str]) -> Callable[..., str]:
        return lambda value, *args, **options: "" if value is None else function(value, language, *args, **options)

    def event_when(event: Any) -> str:
        return when(event.starts_at, event.ends_at, event.date_precision, event.timezone, language)

    def size_word(size: str) -> str:
        return gettext(SIZE_WORDS[size]) if size in SIZE_WORDS else size

    bound = {function.__name__: spoken(function) for function in _IN_A_LANGUAGE}
    return bound | {"event_when": event_when, "size_word": size_word}


def size_word(size: str) -> str:
    """Sizes are said as they are, but for the two that are words."""
    return gettext(SIZE_WORDS[size]) if size in SIZE_WORDS else size


def event_when(event: Any) -> str:
    """When an event (starts_at, ends_at, date_precision, timezone) is, in the current language."""
    return when(event.starts_at, event.ends_at, event.date_precision, event.timezone, _language())


def _language() -> str:
    locale = get_locale()
    return locale.language if locale else "kk"


def _in_current_language(function: Callable[..., str]) -> Callable[..., str]:
    @wraps(function)
    def spoken(value: Any, *args: Any, **options: Any) -> str:
        return "" if value is None else function(value, _language(), *args, **options)

    return spoken


def _empty_for_nothing(function: Callable[..., str]) -> Callable[..., str]:
    @wraps(function)
    def shown(value: Any, *args: Any, **options: Any) -> str:
        return "" if value is None else function(value, *args, **options)

    return shown
