"""Rows of a file: clean values or sentences, and columns found by their headings in three languages."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.people.checking import Checked, check_rows
from app.people.headings import CHILD_COLUMNS, EMPLOYEE_COLUMNS, ColumnMissing, columns_of
from app.people.models import Person
from app.people.sheets import Row
from tests.people.test_values import cells

TODAY = date(2030, 5, 18)
HEADINGS = ["Табельный номер", "Фамилия", "Имя", "Дата рождения", "Эл. почта"]


def checked(*rows: list[object], headings: list[str] = HEADINGS, kind: str = "employees") -> list[Checked]:
    """Those rows under those headings."""
    numbered = [Row(number, list(row)) for number, row in enumerate(rows, start=2)]  # type: ignore[arg-type]
    return check_rows(numbered, columns_of(headings, kind), kind, today=TODAY)


@pytest.mark.parametrize(
    "headings",
    [
        ["Табельный номер", "ФАМИЛИЯ", "Имя", "Дата  рождения"],
        ["Табель нөмірі", "Тегі", "Аты", "Туған күні"],
        ["Personnel number", "Surname", "Given name", "Date of birth"],
    ],
)
def test_columns_are_found_by_their_headings_in_three_languages_in_any_order(headings: list[str]) -> None:
    found = columns_of(["Ненужное", *reversed(headings)], "employees")

    assert found == {"personnel_number": 4, "surname": 3, "given_name": 2, "birth_date": 1}


@pytest.mark.parametrize(("kind", "headings"), [("employees", ["Имя", "Фамилия"]), ("children", ["Фамилия", "Имя"])])
def test_a_missing_column_is_named(kind: str, headings: list[str]) -> None:
    with pytest.raises(ColumnMissing) as refused:
        columns_of(headings, kind)

    assert refused.value.params["column"] in ("Табельный номер", "Дата рождения")


def test_a_good_row_is_clean() -> None:
    [row] = checked([100011.0, "  Ёлкин ", "Алексей", "10.07.1975", "A.ELKIN@TORANGY.EXAMPLE"])

    assert row.refusals == []
    assert row.values == {
        "personnel_number": "100011",
        "surname": "Ёлкин",
        "given_name": "Алексей",
        "birth_date": date(1975, 7, 10),
        "email": "a.elkin@torangy.example",
    }


def test_everything_wrong_with_a_row_is_said_at_once() -> None:
    [row] = checked(["", "", "Игорь", "31.02.1980", "не указан"])

    assert [refusal.field for refusal in row.refusals] == ["personnel_number", "surname", "birth_date", "email"]
    assert {refusal.row for refusal in row.refusals} == {2}


def test_a_personnel_number_counts_for_its_first_row_only() -> None:
    first, second = checked(["100020", "Ким", "Наталья"], ["100020", "Ұзақбаев", "Талғат"])

    assert first.refusals == []
    assert [(refusal.row, refusal.field) for refusal in second.refusals] == [(3, "personnel_number")]


def test_a_short_row_has_empty_cells() -> None:
    [row] = checked(["100020", "Ким"])

    assert [refusal.field for refusal in row.refusals] == ["given_name"]


@given(st.lists(cells, min_size=10, max_size=10))
@pytest.mark.full
def test_any_employee_row_is_refused_or_fits_the_table(row: list[object]) -> None:
    headings = [names[0] for names in EMPLOYEE_COLUMNS.values()]
    _refused_or_fits(checked(row, headings=headings)[0])


@given(st.lists(cells, min_size=8, max_size=8))
@pytest.mark.full
def test_any_child_row_is_refused_or_fits_the_table(row: list[object]) -> None:
    headings = [names[0] for names in CHILD_COLUMNS.values()]
    _refused_or_fits(checked(row, headings=headings, kind="children")[0])


def _refused_or_fits(row: Checked) -> None:
    assert all(refusal.why % refusal.params if refusal.params else refusal.why for refusal in row.refusals)
    if row.refusals:
        return
    assert row.values["surname"]
    assert row.values["given_name"]
    for name, value in row.values.items():
        column = Person.__table__.columns.get(name)
        if column is not None and isinstance(value, str):
            assert len(value) <= column.type.length  # type: ignore[attr-defined]


def test_cells_that_a_dictionary_takes_for_the_same_are_read_each_for_itself() -> None:
    rows = [Row(number, ["1", "Ким", "Анна", cell]) for number, cell in enumerate([1, True, 1.0, "1"], start=2)]
    headings = ["Табельный номер", "Фамилия", "Имя", "Цех"]

    checked = check_rows(rows, columns_of(headings, "employees"), "employees", today=TODAY)

    assert [one.values["department"] for one in checked] == ["1", "True", "1", "1"]
