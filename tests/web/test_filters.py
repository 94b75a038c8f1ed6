"""Dates, numbers and names for the eye, in three languages."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from app.web import filters
from app.web.dates import MONTHS, MONTHS_OF_DAYS, SHORT_MONTHS, WEEKDAYS

ZONE = "Asia/Almaty"
GATHERING = datetime(2026, 10, 3, 4, 40, tzinfo=UTC)  # 09:40 at Balkhash, UTC+5


def plain(text: str) -> str:
    """Without the no-break spaces, which a test shows badly."""
    return text.replace("\u00a0", " ")


def at(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    """A moment by the clock of Balkhash since 2024."""
    return datetime(year, month, day, hour, minute, tzinfo=ZoneInfo(ZONE))


@pytest.mark.parametrize(
    ("language", "text"),
    [("kk", "2026 ж. 3 қазан, сенбі"), ("ru", "3 октября 2026, суббота"), ("en", "Saturday, 3 October 2026")],
)
def test_a_full_date_reads_as_the_language_wants_it(language: str, text: str) -> None:
    assert plain(filters.long_date(GATHERING, language)) == text
    assert plain(filters.long_date(date(2026, 10, 3), language)) == text


@pytest.mark.parametrize("table", [MONTHS, MONTHS_OF_DAYS, SHORT_MONTHS])
def test_there_are_twelve_months_and_seven_days_in_each_language(table: dict[str, list[str]]) -> None:
    assert {code: len(set(names)) for code, names in table.items()} == {"kk": 12, "ru": 12, "en": 12}
    assert {code: len(set(names)) for code, names in WEEKDAYS.items()} == {"kk": 7, "ru": 7, "en": 7}


def test_shorter_dates() -> None:
    assert plain(filters.day_month(GATHERING, "kk")) == "3 қазан"
    assert plain(filters.day_weekday(GATHERING, "ru")) == "3 октября, суббота"
    assert plain(filters.day_weekday(GATHERING, "en")) == "Saturday, 3 October"
    assert plain(filters.short_day(GATHERING, "ru")) == "3 окт"
    assert plain(filters.month_year(GATHERING, "kk")) == "Қазан 2026"
    assert plain(filters.month_year(GATHERING, "ru")) == "Октябрь 2026"
    assert filters.weekday(GATHERING, "kk") == "сенбі"
    assert filters.numeric_date(GATHERING) == "03.10.2026"
    assert plain(filters.moment(GATHERING, "kk")) == "3 қазан, сенбі, 09:40"
    assert plain(filters.long_moment(GATHERING, "kk")) == "2026 ж. 3 қазан, сенбі, 09:40"


def test_the_clock_is_that_of_the_place_and_knows_that_it_was_changed_in_2024() -> None:
    assert filters.clock(datetime(2023, 5, 20, 3, tzinfo=UTC), ZONE) == "09:00"
    assert filters.clock(datetime(2024, 5, 20, 3, tzinfo=UTC), ZONE) == "08:00"
    assert filters.time_range(at(2026, 9, 19, 9), at(2026, 9, 19, 13), ZONE) == "09:00–13:00"
    assert filters.time_range(at(2026, 9, 19, 9), None, ZONE) == "09:00"


def test_a_day_begins_at_the_place_and_not_in_greenwich() -> None:
    assert filters.numeric_date(datetime(2026, 10, 2, 20, tzinfo=UTC), ZONE) == "03.10.2026"


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="needs its zone"):
        filters.clock(datetime(2026, 10, 3, 9, 40), ZONE)


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "precision", "kk", "ru", "en"),
    [
        (
            at(2026, 10, 3, 10),
            at(2026, 10, 3, 13, 30),
            "minute",
            "2026 ж. 3 қазан, сенбі, 10:00–13:30",
            "3 октября 2026, суббота, 10:00–13:30",
            "Saturday, 3 October 2026, 10:00–13:30",
        ),
        (
            at(2026, 10, 3, 10),
            None,
            "minute",
            "2026 ж. 3 қазан, сенбі, 10:00",
            "3 октября 2026, суббота, 10:00",
            "Saturday, 3 October 2026, 10:00",
        ),
        (
            at(2026, 10, 3, 10),
            at(2026, 10, 4, 9),
            "minute",
            "2026 ж. 3 қазан, сенбі, 10:00 – 2026 ж. 4 қазан, жексенбі, 09:00",
            "3 октября 2026, суббота, 10:00 – 4 октября 2026, воскресенье, 09:00",
            "Saturday, 3 October 2026, 10:00 – Sunday, 4 October 2026, 09:00",
        ),
        (
            at(2023, 6, 1),
            at(2023, 6, 2),
            "day",
            "2023 ж. 1 маусым, бейсенбі",
            "1 июня 2023, четверг",
            "Thursday, 1 June 2023",
        ),
        (at(2023, 6, 1), at(2023, 6, 4), "day", "2023 ж. 1–3 маусым", "1–3 июня 2023", "1–3 June 2023"),
        (
            at(2023, 5, 30),
            at(2023, 6, 2),
            "day",
            "2023 ж. 30 мамыр – 1 маусым",
            "30 мая – 1 июня 2023",
            "30 May – 1 June 2023",
        ),
        (
            at(2023, 12, 30),
            at(2024, 1, 2),
            "day",
            "2023 ж. 30 желтоқсан – 2024 ж. 1 қаңтар",
            "30 декабря 2023 – 1 января 2024",
            "30 December 2023 – 1 January 2024",
        ),
        (at(2023, 5, 1), at(2023, 6, 1), "month", "Мамыр 2023", "Май 2023", "May 2023"),
        (at(2023, 4, 1), at(2023, 6, 1), "month", "Сәуір–мамыр 2023", "Апрель–май 2023", "April–May 2023"),
        (
            at(2023, 12, 1),
            at(2024, 2, 1),
            "month",
            "Желтоқсан 2023 – Қаңтар 2024",
            "Декабрь 2023 – Январь 2024",
            "December 2023 – January 2024",
        ),
        (
            at(2023, 7, 1),
            at(2024, 1, 1),
            "half-year",
            "2023 ж. екінші жартыжылдық",
            "Второе полугодие 2023",
            "Second half of 2023",
        ),
        (at(2023, 1, 1), at(2024, 1, 1), "half-year", "2023 жыл", "2023 год", "2023"),
        (
            at(2022, 7, 1),
            at(2023, 7, 1),
            "half-year",
            "2022 ж. екінші жартыжылдық – 2023 ж. бірінші жартыжылдық",
            "Второе полугодие 2022 – первое полугодие 2023",
            "Second half of 2022 – first half of 2023",
        ),
        (at(2023, 1, 1), None, "year", "2023 жыл", "2023 год", "2023"),
        (at(2022, 1, 1), at(2024, 1, 1), "year", "2022–2023", "2022–2023", "2022–2023"),
    ],
)
def test_when_says_no_more_than_is_known(
    starts_at: datetime, ends_at: datetime | None, precision: str, kk: str, ru: str, en: str
) -> None:
    said = [plain(filters.when(starts_at, ends_at, precision, ZONE, language)) for language in ("kk", "ru", "en")]
    assert said == [kk, ru, en]


def test_money_is_grouped_by_no_break_spaces() -> None:
    assert filters.tenge(138412628) == "138\u00a0412\u00a0628\u00a0₸"
    assert filters.millions(138412628, "ru") == "138,4\u00a0млн\u00a0₸"
    assert filters.millions(138412628, "en") == "138.4\u00a0million\u00a0₸"
    assert plain(filters.unit_price(Decimal(24370628) / 448463, "ru")) == "54,34 ₸"
    assert plain(filters.unit_price(Decimal(73916000) / 5750, "ru")) == "12 855 ₸"


def test_how_long_something_took_is_said_in_the_largest_unit_of_which_there_are_two():
    said = [filters.lasting(seconds, "kk") for seconds in (0.4, 119, 120, 7200, 518_424)]
    assert said == ["0\u00a0с", "119\u00a0с", "2\u00a0мин", "2\u00a0сағ", "6\u00a0күн"]
    assert (filters.lasting(43_224, "ru"), filters.lasting(172_800, "en")) == ("12\u00a0ч", "2\u00a0days")


@pytest.mark.parametrize(
    ("value", "kk", "en"),
    [
        (12850, "12 850", "12 850"),
        (2.5, "2,5", "2.5"),
        (80.0, "80", "80"),
        (0.3333333, "0,333", "0.333"),
        (-4.25, "−4,25", "−4.25"),
        (0, "0", "0"),
        (999, "999", "999"),
        (-0.0001, "0", "0"),
    ],
)
def test_a_number_drops_idle_zeros_and_takes_the_comma_of_its_language(value: float, kk: str, en: str) -> None:
    assert plain(filters.number(value, "kk")) == kk
    assert plain(filters.number(value, "en")) == en


@given(st.integers(0, 2000), st.integers(0, 50), st.integers(1, 2000))
def test_the_meter_keeps_a_tick_free_while_a_seat_is_free(taken: int, held: int, capacity: int) -> None:
    bar = filters.seat_bar(taken, held, capacity)
    filled = max(bar.taken, bar.held_from + bar.held)
    assert (filled == 100) == (taken + held >= capacity)
    assert 0 <= bar.taken <= 100 and bar.held >= 0 and filled <= 100


def test_the_meter_draws_the_look_to_the_half_per_cent() -> None:
    assert filters.seat_bar(362, 0, 400) == (89.5, 90, 0)
    assert filters.seat_bar(30, 4, 40) == (74.5, 75, 10)
    assert filters.seat_bar(0, 0, 40) == (0, 0, 0)


def test_the_longest_bar_leaves_room_for_its_figure_and_the_shortest_is_seen() -> None:
    assert filters.bar_width(73916000, 73916000) == "70.00%"
    assert filters.bar_width(37300000, 73916000) == "35.32%"
    assert filters.bar_width(400000, 73916000) == "0.60%"
    assert filters.bar_width(0, 0) == "0%"


def test_a_text_falls_back_to_kazakh_then_russian() -> None:
    assert filters.in_language({"kk": "Таза жағалау", "ru": "Чистый берег"}, "ru") == "Чистый берег"
    assert filters.in_language({"kk": "Таза жағалау", "en": ""}, "en") == "Таза жағалау"
    assert filters.in_language({"en": "Clean shore"}, "kk") == "Clean shore"
    assert filters.in_language(None, "kk") == filters.in_language({}, "kk") == ""


@pytest.mark.parametrize("written", ["+77086541886", "87086541886", "8 (708) 654-18-86", "77086541886"])
def test_a_kazakh_phone_number_looks_alike_however_it_was_written(written: str) -> None:
    assert plain(filters.phone(written)) == "+7 708 654 18 86"


def test_a_foreign_phone_number_stays_as_it_is() -> None:
    assert filters.phone("+49 30 901820") == "+49 30 901820"
    assert filters.phone(None) == ""


def test_prepositions_and_numbers_keep_their_words() -> None:
    assert filters.nbsp("Увидимся в роще на 2 часа") == "Увидимся в\u00a0роще на\u00a02\u00a0часа"
    assert filters.nbsp("из-за в дороге") == "из-за в\u00a0дороге"


def test_what_is_escaped_already_stays_so() -> None:
    escaped = escape("For employees' children from 12 years")
    assert escape(filters.nbsp(escaped)) == "For employees&#39; children from 12\u00a0years"


@dataclass
class Person:
    """As far as a name goes."""

    surname: str
    given_name: str
    patronymic: str | None = None


def test_names_are_put_together_and_nothing_is_made_up() -> None:
    nurlan = Person("Сейітқали", "Нұрлан", "Ерланұлы")
    assert filters.person_name(nurlan) == "Сейітқали Нұрлан Ерланұлы"
    assert filters.given_first(nurlan) == "Нұрлан Сейітқали"
    assert plain(filters.short_name(nurlan)) == "Нұрлан С."
    assert filters.short_name(Person("", "Дина")) == "Дина"
