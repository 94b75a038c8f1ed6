"""Dates and times in words, in Kazakh, Russian and English. Pure: every function is told the language and the zone.

Own month and weekday tables, because the look fixes the forms ("3 қазан, сенбі") and CLDR's differ between releases.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

HOME_ZONE = "Asia/Almaty"
NBSP = "\u00a0"

MONTHS = {
    "kk": [
        "қаңтар", "ақпан", "наурыз", "сәуір", "мамыр", "маусым",
        "шілде", "тамыз", "қыркүйек", "қазан", "қараша", "желтоқсан",
    ],
    "ru": [
        "январь", "февраль", "март", "апрель", "май", "июнь",
        "июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь",
    ],
    "en": [
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ],
}  # fmt: skip
# the month beside a day: only Russian changes it
MONTHS_OF_DAYS = MONTHS | {
    "ru": [
        "января", "февраля", "марта", "апреля", "мая", "июня",
        "июля", "августа", "сентября", "октября", "ноября", "декабря",
    ],
}  # fmt: skip
SHORT_MONTHS = {
    "kk": ["қаң", "ақп", "нау", "сәу", "мам", "мау", "шіл", "там", "қыр", "қаз", "қар", "жел"],
    "ru": ["янв", "фев", "мар", "апр", "мая", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"],
    "en": ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
}  # fmt: skip
WEEKDAYS = {
    "kk": ["дүйсенбі", "сейсенбі", "сәрсенбі", "бейсенбі", "жұма", "сенбі", "жексенбі"],
    "ru": ["понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье"],
    "en": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
}  # fmt: skip
HALVES = {
    "kk": ("{y} ж. бірінші жартыжылдық", "{y} ж. екінші жартыжылдық"),
    "ru": ("Первое полугодие {y}", "Второе полугодие {y}"),
    "en": ("First half of {y}", "Second half of {y}"),
}
A_YEAR = {"kk": "{y} жыл", "ru": "{y} год", "en": "{y}"}


def local(moment: datetime, timezone: str = HOME_ZONE) -> datetime:
    """The moment as a clock in that zone shows it. Refuses a moment without a zone (ValueError): nothing is guessed."""
    if moment.tzinfo is None:
        raise ValueError(f"a moment needs its zone: {moment!r}")
    return moment.astimezone(ZoneInfo(timezone))


def local_date(value: date | datetime, timezone: str = HOME_ZONE) -> date:
    """The day on which a moment falls in that zone; a date stays itself."""
    return local(value, timezone).date() if isinstance(value, datetime) else value


def long_date(value: date | datetime, language: str, timezone: str = HOME_ZONE) -> str:
    """2026 ж. 3 қазан, сенбі / 3 октября 2026, суббота / Saturday, 3 October 2026."""
    day = local_date(value, timezone)
    if language == "en":
        return f"{weekday(day, 'en')}, {_day_of_year(day, 'en')}"
    return f"{_day_of_year(day, language)}, {weekday(day, language)}"


def day_month(value: date | datetime, language: str, timezone: str = HOME_ZONE) -> str:
    """3 қазан / 3 октября / 3 October."""
    day = local_date(value, timezone)
    return f"{day.day}{NBSP}{MONTHS_OF_DAYS[language][day.month - 1]}"


def day_weekday(value: date | datetime, language: str, timezone: str = HOME_ZONE) -> str:
    """3 қазан, сенбі / 3 октября, суббота / Saturday, 3 October."""
    day = local_date(value, timezone)
    words = [day_month(day, language), weekday(day, language)]
    return ", ".join(reversed(words) if language == "en" else words)


def short_day(value: date | datetime, language: str, timezone: str = HOME_ZONE) -> str:
    """1 қаз / 1 окт / 1 Oct: only where a column is narrow."""
    day = local_date(value, timezone)
    return f"{day.day}{NBSP}{SHORT_MONTHS[language][day.month - 1]}"


def numeric_date(value: date | datetime, timezone: str = HOME_ZONE) -> str:
    """03.10.2026, alike in all languages: what a date field takes."""
    return local_date(value, timezone).strftime("%d.%m.%Y")


def month_year(value: date | datetime, language: str, timezone: str = HOME_ZONE) -> str:
    """Қазан 2026 / Октябрь 2026 / October 2026: a heading."""
    day = local_date(value, timezone)
    return f"{MONTHS[language][day.month - 1].capitalize()}{NBSP}{day.year}"


def weekday(value: date | datetime, language: str, timezone: str = HOME_ZONE) -> str:
    """сенбі / суббота / Saturday."""
    return WEEKDAYS[language][local_date(value, timezone).weekday()]


def clock(moment: datetime, timezone: str = HOME_ZONE) -> str:
    """09:40."""
    return local(moment, timezone).strftime("%H:%M")


def time_range(starts_at: datetime, ends_at: datetime | None, timezone: str = HOME_ZONE) -> str:
    """09:00–13:00, or 09:00 when the end isn't known."""
    start = clock(starts_at, timezone)
    return start if ends_at is None else f"{start}–{clock(ends_at, timezone)}"


def moment(value: datetime, language: str, timezone: str = HOME_ZONE) -> str:
    """3 қазан, сенбі, 09:40."""
    return f"{day_weekday(value, language, timezone)}, {clock(value, timezone)}"


def long_moment(value: datetime, language: str, timezone: str = HOME_ZONE) -> str:
    """2026 ж. 3 қазан, сенбі, 09:40."""
    return f"{long_date(value, language, timezone)}, {clock(value, timezone)}"


def when(starts_at: datetime, ends_at: datetime | None, precision: str, timezone: str, language: str) -> str:
    """When something is or was, as exactly as it's known: precision is minute, day, month, half-year or year.

    `ends_at` is the moment at which it is over, so an end at midnight belongs to the day before.
    """
    precision = str(getattr(precision, "value", precision)).replace("_", "-")
    if precision == "minute":
        return _minutes(starts_at, ends_at, timezone, language)
    first = local_date(starts_at, timezone)
    last = max(first, local_date(ends_at - timedelta(microseconds=1), timezone)) if ends_at else first
    spans = {"day": _days, "month": _months, "half-year": _halves, "year": _years}
    return spans[precision](first, last, language)


def _minutes(starts_at: datetime, ends_at: datetime | None, timezone: str, language: str) -> str:
    if ends_at is None or local_date(starts_at, timezone) == local_date(ends_at, timezone):
        return f"{long_date(starts_at, language, timezone)}, {time_range(starts_at, ends_at, timezone)}"
    return f"{long_moment(starts_at, language, timezone)} – {long_moment(ends_at, language, timezone)}"


def _days(first: date, last: date, language: str) -> str:
    if first == last:
        return long_date(first, language)
    if first.year != last.year:
        return f"{_day_of_year(first, language)} – {_day_of_year(last, language)}"
    if first.month != last.month:
        span = f"{day_month(first, language)} – {day_month(last, language)}"
    else:
        span = f"{first.day}–{day_month(last, language)}"
    return _of_year(span, first.year, language)


def _months(first: date, last: date, language: str) -> str:
    if (first.year, first.month) == (last.year, last.month):
        return month_year(first, language)
    if first.year != last.year:
        return f"{month_year(first, language)} – {month_year(last, language)}"
    first_month, last_month = (MONTHS[language][day.month - 1] for day in (first, last))
    return f"{first_month.capitalize()}–{last_month}{NBSP}{first.year}"


def _halves(first: date, last: date, language: str) -> str:
    start, end = (HALVES[language][day.month > 6].format(y=day.year) for day in (first, last))
    if start == end:
        return start
    if first.month <= 6 < last.month:
        return _years(first, last, language)
    return f"{start} – {end[0].lower()}{end[1:]}"


def _years(first: date, last: date, language: str) -> str:
    return A_YEAR[language].format(y=first.year) if first.year == last.year else f"{first.year}–{last.year}"


def _day_of_year(day: date, language: str) -> str:
    return _of_year(day_month(day, language), day.year, language)


def _of_year(days: str, year: int, language: str) -> str:
    return f"{year}{NBSP}ж. {days}" if language == "kk" else f"{days} {year}"
