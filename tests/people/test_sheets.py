"""Files as tables: XLSX and CSV as programs save them, and one clear refusal for everything else."""

import io
import zipfile
from datetime import date

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from app.people import sheets
from app.people.sheets import (
    BrokenCsv,
    EmptyFile,
    FileTooLarge,
    NotUtf8,
    TooManyRows,
    UnreadableFile,
    read_sheet,
)


def workbook(rows: list[list[object]], *, first_row: int = 0) -> bytes:
    """An XLSX file with these rows."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True, "default_date_format": "dd.mm.yyyy"}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows, start=first_row):
            sheet.write_row(number, 0, row)
    return content.getvalue()


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_csv_is_read_with_or_without_bom_whatever_parts_its_cells(mark: str, delimiter: str, end: str) -> None:
    lines = [["Фамилия", "Имя"], ["Сейітқали", "Нұрлан"]]
    content = mark + end.join(delimiter.join(line) for line in lines) + end

    sheet = read_sheet(content.encode())

    assert sheet.headings == ["Фамилия", "Имя"]
    assert [(row.number, row.cells) for row in sheet.rows] == [(2, ["Сейітқали", "Нұрлан"])]


def test_rows_are_numbered_as_a_spreadsheet_shows_them_though_some_are_empty() -> None:
    assert [row.number for row in read_sheet("Имя\nА\n\n;;\nБ\n".encode()).rows] == [2, 5]
    assert [row.number for row in read_sheet(workbook([["Имя"], ["А"], [], ["Б"]])).rows] == [2, 4]


def test_a_heading_further_down_doesnt_shift_the_numbers() -> None:
    assert [row.number for row in read_sheet(workbook([["Имя"], ["А"]], first_row=3)).rows] == [5]


def test_a_quoted_cell_may_hold_the_delimiter_and_a_new_line() -> None:
    sheet = read_sheet('Имя;Цех\n"Анна";"Цех;\nплавильный"\nБолат;Цех\n'.encode())

    assert [row.number for row in sheet.rows] == [2, 3]
    assert sheet.rows[0].cells[1] == "Цех;\nплавильный"


def test_a_date_of_a_workbook_stays_a_date_and_a_formula_is_its_result_not_run() -> None:
    sheet = read_sheet(workbook([["Дата рождения", "Сумма"], [date(2017, 3, 5), "=1+1"]]))

    assert sheet.rows[0].cells[0] == date(2017, 3, 5)
    assert sheet.rows[0].cells[1] != 2


def test_windows_1251_is_refused_because_it_cant_hold_kazakh_letters() -> None:
    with pytest.raises(NotUtf8):
        read_sheet("Фамилия;Имя\nПетров;Пётр\n".encode("cp1251"))
    with pytest.raises(NotUtf8):
        read_sheet("Фамилия;Имя\nПетров;Пётр\n".encode("utf-16"))


@pytest.mark.parametrize(
    "content",
    [b"%PDF-1.7 ...", b"\x89PNG\r\n\x1a\n", b"\x00\x01\x02", b"PK\x03\x04 not a workbook", b"\xd0\xcf\x11\xe0 old"],
)
def test_what_is_no_spreadsheet_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableFile, match="is not a spreadsheet"):
        read_sheet(content)


def test_a_zip_that_is_no_workbook_is_refused() -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("photo.txt", "nothing here")

    with pytest.raises(UnreadableFile, match="is not a spreadsheet"):
        read_sheet(content.getvalue())


def test_a_file_that_unpacks_to_very_much_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MAX_UNPACKED", 1000)

    with pytest.raises(FileTooLarge):
        read_sheet(workbook([["Имя"], ["А" * 2000]]))


def test_a_quotation_mark_that_never_closes_is_said_with_its_row() -> None:
    with pytest.raises(BrokenCsv) as refused:
        read_sheet('Имя;Цех\nАнна;Цех\n"Болат;Цех\n'.encode())

    assert refused.value.params == {"row": 3}


@pytest.mark.parametrize("content", [b"", b"\n\n", "Фамилия;Имя\n".encode(), "Фамилия;Имя\n;\n".encode()])
def test_a_file_without_people_is_refused(content: bytes) -> None:
    with pytest.raises(EmptyFile):
        read_sheet(content)


def test_too_many_bytes_and_too_many_rows_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(FileTooLarge):
        read_sheet(b"x" * (sheets.MAX_BYTES + 1))
    monkeypatch.setattr(sheets, "MAX_ROWS", 2)
    with pytest.raises(TooManyRows):
        read_sheet("Имя\nА\nБ\nВ\n".encode())


@given(st.binary(max_size=400))
def test_any_bytes_are_a_sheet_or_refused(content: bytes) -> None:
    try:
        assert read_sheet(content).rows
    except UnreadableFile as refused:
        assert 400 <= refused.status < 500
