"""Single values as people write them: clean, or refused with the sentence that says why."""

from contextlib import suppress
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.people.values import (
    SIZES,
    Cell,
    Unfit,
    read_birth_date,
    read_date,
    read_email,
    read_language,
    read_name,
    read_number,
    read_phone,
    read_size,
    read_text,
    tidy,
)

TODAY = date(2030, 5, 18)
cells = st.one_of(
    st.text(max_size=300), st.integers(), st.floats(), st.booleans(), st.dates(), st.datetimes(), st.times(), st.none()
)
READERS = (read_name, read_text, read_number, read_email, read_phone, read_language, read_size, read_date)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("  Ёлкин ", "Ёлкин"),
        ("Анна\u00a0 Мария", "Анна Мария"),
        ("Дина\x00\u200b", "Дина"),
        (100011.0, "100011"),
        (date(2017, 3, 5), "05.03.2017"),
        (None, ""),
    ],
)
def test_a_cell_is_tidied_and_no_more(written: Cell, kept: str) -> None:
    assert tidy(written) == kept


def test_a_formula_stays_the_text_that_it_is() -> None:
    assert read_name('=HYPERLINK("http://x","Ольга")') == '=HYPERLINK("http://x","Ольга")'


@pytest.mark.parametrize(
    "text", ["87081678521", "+7 708 167 85 21", "8 (708) 167-85-21", "7 708 1678521", "+77081678521"]
)
def test_every_spelling_of_a_phone_is_one_number(text: str) -> None:
    assert read_phone(text) == "+77081678521"


@pytest.mark.parametrize("text", ["не указан", "123", "8 708", "+7 708 167 85 21 99 99"])
def test_what_is_no_phone_is_refused(text: str) -> None:
    with pytest.raises(Unfit, match="is not a phone number"):
        read_phone(text)


def test_an_address_is_kept_in_small_letters() -> None:
    assert read_email("IGOR.MYULLER@TORANGY.EXAMPLE") == "igor.myuller@torangy.example"


@pytest.mark.parametrize("text", ["не указан", "a@", "@b.kz", "a b@c.kz", "a@b", "a@b.kz, c@d.kz"])
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(Unfit, match="is not an e-mail address"):
        read_email(text)


@pytest.mark.parametrize(
    "written", ["05.03.2017", "5.3.2017", "05/03/2017", "2017-03-05", date(2017, 3, 5), datetime(2017, 3, 5, 0, 0)]
)
def test_a_date_is_read_however_it_is_written(written: Cell) -> None:
    assert read_date(written) == date(2017, 3, 5)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("30.02.2017", "There is no such date. February 2017 has 28 days."),
        ("30.02.2016", "There is no such date. February 2016 has 29 days."),
        ("31.04.2017", "There is no such date. April has 30 days."),
        ("32.01.2017", "There is no such date. A month has 31 days at most."),
        ("00.01.2017", "There is no such date. A month has 31 days at most."),
        ("01.13.2017", "There is no such date. A year has 12 months."),
        ("05.03.17", "This is not a date: 05.03.17. Write it like 05.03.2017."),
        ("весной", "This is not a date: весной. Write it like 05.03.2017."),
    ],
)
def test_a_date_that_cant_be_is_refused_with_the_reason(text: str, why: str) -> None:
    with pytest.raises(Unfit) as refused:
        read_date(text)

    assert str(refused.value) == why


def test_nobody_is_born_tomorrow_or_before_1900() -> None:
    assert read_birth_date("18.05.2030", today=TODAY) == TODAY
    with pytest.raises(Unfit, match="in the future"):
        read_birth_date("19.05.2030", today=TODAY)
    with pytest.raises(Unfit, match="before 1900"):
        read_birth_date("31.12.1899", today=TODAY)


@pytest.mark.parametrize(
    ("text", "size"), [("s", "S"), ("М", "M"), ("хл", None), ("146", "146"), (146.0, "146"), ("XXXL", "3XL")]
)
def test_a_size_exists_or_is_refused(text: Cell, size: str | None) -> None:
    if size:
        assert read_size(text) == size
    else:
        with pytest.raises(Unfit, match="is not a size"):
            read_size(text)


@pytest.mark.parametrize(
    ("text", "code"), [("kk", "kk"), ("RU", "ru"), ("Қазақша", "kk"), ("английский", "en"), ("", None)]
)
def test_a_language_is_known_by_code_and_word(text: str, code: str | None) -> None:
    assert read_language(text) == code


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(Unfit, match="is not one of our languages"):
        read_language("de")


@pytest.mark.parametrize("reader", READERS)
@given(cell=cells)
@pytest.mark.full
def test_any_cell_is_read_or_refused_never_broken(reader: object, cell: Cell) -> None:
    try:
        value = reader(cell)  # type: ignore[operator]
    except Unfit as refused:
        assert str(refused)
        return
    if isinstance(value, str):
        assert len(value) <= 254
        assert value == tidy(value)
        assert "\x00" not in value


@given(cells)
def test_a_size_that_was_read_is_one_of_ours_or_none(cell: Cell) -> None:
    with suppress(Unfit):
        assert read_size(cell) in (*SIZES, "")


@given(st.dates(min_value=date(1900, 1, 1), max_value=TODAY))
def test_every_day_that_exists_is_read_back(day: date) -> None:
    assert read_birth_date(f"{day:%d.%m.%Y}", today=TODAY) == day
