"""Public holidays of Kazakhstan, the movable ones and shifted days off too, named in three languages. Pure."""

from datetime import date, timedelta
from functools import cache

import holidays as calendars

from app.db import Texts

SUNDAY = 6
# The library names them in English and Kazakh; Russian, and a Kazakh that people use, stand here.
NAMES: dict[str, Texts] = {
    "New Year's Day": {"kk": "Жаңа жыл", "ru": "Новый год", "en": "New Year"},
    "Orthodox Christmas": {"kk": "Рождество", "ru": "Рождество", "en": "Orthodox Christmas"},
    "International Women's Day": {
        "kk": "Халықаралық әйелдер күні", "ru": "Международный женский день", "en": "International Women's Day",
    },
    "Nowruz Holiday": {"kk": "Наурыз мейрамы", "ru": "Наурыз мейрамы", "en": "Nauryz"},
    "Kazakhstan's People Solidarity Holiday": {
        "kk": "Қазақстан халқының бірлігі мерекесі", "ru": "Праздник единства народа Казахстана",
        "en": "Unity Day of the People of Kazakhstan",
    },
    "Defender of the Fatherland Day": {
        "kk": "Отан қорғаушы күні", "ru": "День защитника Отечества", "en": "Defender of the Fatherland Day",
    },
    "Victory Day": {"kk": "Жеңіс күні", "ru": "День Победы", "en": "Victory Day"},
    "Eid al-Adha": {"kk": "Құрбан айт", "ru": "Курбан-айт", "en": "Kurban Ait"},
    "Capital Day": {"kk": "Астана күні", "ru": "День столицы", "en": "Capital Day"},
    "Constitution Day": {"kk": "Конституция күні", "ru": "День Конституции", "en": "Constitution Day"},
    "Republic Day": {"kk": "Республика күні", "ru": "День Республики", "en": "Republic Day"},
    "Independence Day": {"kk": "Тәуелсіздік күні", "ru": "День независимости", "en": "Independence Day"},
    "First President Day": {
        "kk": "Тұңғыш Президент күні", "ru": "День Первого Президента", "en": "First President Day",
    },
    "Day off": {"kk": "Ауыстырылған демалыс күні", "ru": "Перенесённый выходной", "en": "Day off moved here"},
}  # fmt: skip
MARKS: dict[str, Texts] = {
    "observed": {"kk": "демалысы", "ru": "выходной", "en": "day off"},
    "estimated": {"kk": "күні шамамен", "ru": "дата приблизительная", "en": "approximate date"},
}


def holiday_on(day: date) -> Texts | None:
    """The name of the public holiday on that day, None on any other."""
    return _of_year(day.year).get(day)


def holidays_between(first: date, last: date) -> dict[date, Texts]:
    """All from the first to the last day."""
    years = range(first.year, last.year + 1)
    return {day: name for year in years for day, name in _of_year(year).items() if first <= day <= last}


def is_workday(day: date) -> bool:
    """Monday to Friday and no holiday."""
    return day.weekday() < SUNDAY - 1 and holiday_on(day) is None


def workdays_between(today: date, day: date) -> int:
    """How many working days lie after today and before that day."""
    span = (day - today).days
    return sum(is_workday(today + timedelta(days=step)) for step in range(1, span))


@cache
def _of_year(year: int) -> dict[date, Texts]:
    """Names of all holidays of a year; on a day with two names both are told."""
    named = calendars.country_holidays("KZ", years=year, language="en_US")
    return {day: _spoken(name) for day, name in sorted(named.items())}


def _spoken(name: str) -> Texts:
    parts = [_one(part) for part in name.split("; ")]
    return {code: ", ".join(part[code] for part in parts) for code in ("kk", "ru", "en")}


def _one(name: str) -> Texts:
    plain, _, note = name.partition(" (")
    known = NAMES.get(plain, {"kk": plain, "ru": plain, "en": plain})
    marks = [MARKS[word] for word in MARKS if word in note]
    return {code: " ".join([text, *(f"({mark[code]})" for mark in marks)]) for code, text in known.items()}
