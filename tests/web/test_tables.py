"""Lists as files: what Excel opens, and what it must not run."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from flask import Flask, Response
from python_calamine import CalamineWorkbook

from app.web.tables import csv_answer, safe_name, xlsx_answer

AT = datetime(2030, 5, 18, 4, 5, tzinfo=UTC)
HEADINGS = ["Аты-жөні", "Күні", "Уақыты", "Саны"]
ROWS = [["Әбілқайыр Ерасыл", date(2030, 5, 18), AT, 3], ["Ұлықбек", None, None, Decimal("2.500")]]


@pytest.fixture(autouse=True)
def _request(app: Flask):
    with app.test_request_context():
        yield


def body(answer: Response) -> bytes:
    answer.direct_passthrough = False
    return answer.get_data()


def cells(answer: Response) -> list[list[str]]:
    return list(csv.reader(io.StringIO(body(answer).decode("utf-8-sig")), delimiter=";"))


def test_a_csv_is_what_excel_opens_by_a_double_click() -> None:
    answer = csv_answer("list", HEADINGS, iter(ROWS))
    assert body(answer).startswith(b"\xef\xbb\xbf")
    answer = csv_answer("list", HEADINGS, iter(ROWS))
    assert cells(answer) == [
        HEADINGS,
        ["Әбілқайыр Ерасыл", "18.05.2030", "18.05.2030 09:05", "3"],
        ["Ұлықбек", "", "", "2,5"],
    ]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_name_that_begins_like_a_formula_is_text_in_csv(start: str) -> None:
    assert cells(csv_answer("list", ["x"], [[f"{start}1+1"]]))[1] == [f"'{start}1+1"]


def test_a_negative_number_stays_a_number_in_csv() -> None:
    assert cells(csv_answer("list", ["x"], [[-3]]))[1] == ["-3"]


def test_a_quote_and_a_semicolon_survive_csv() -> None:
    assert cells(csv_answer("list", ["x"], [['Орта "А"; 2']]))[1] == ['Орта "А"; 2']


def test_an_xlsx_has_dates_as_dates_and_formulas_as_text() -> None:
    answer = xlsx_answer("Тізім: [1]", [*HEADINGS, "="], [[*row, "=1+1"] for row in ROWS])
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(body(answer))).get_sheet_by_index(0)
    rows = sheet.to_python()
    assert rows[0] == [*HEADINGS, "="]
    assert rows[1] == ["Әбілқайыр Ерасыл", date(2030, 5, 18), datetime(2030, 5, 18, 9, 5), 3.0, "=1+1"]
    assert rows[2] == ["Ұлықбек", "", "", 2.5, "=1+1"]


def test_an_empty_list_still_has_its_headings() -> None:
    answer = xlsx_answer("list", HEADINGS, [])
    assert CalamineWorkbook.from_filelike(io.BytesIO(body(answer))).get_sheet_by_index(0).to_python() == [HEADINGS]
    assert cells(csv_answer("list", HEADINGS, [])) == [HEADINGS]


def test_a_kazakh_file_name_arrives_whole_and_harmless() -> None:
    disposition = csv_answer('Тізім "3 қазан"/..\r\nX: y', ["x"], []).headers["Content-Disposition"]
    assert "filename*=UTF-8''%D0%A2%D1%96%D0%B7%D1%96%D0%BC%20" in disposition
    assert "\n" not in disposition and "/" not in disposition.split("filename*")[0]


def test_a_name_of_signs_only_becomes_a_plain_word() -> None:
    assert safe_name('/\\:*?"<>|') == "list"
