"""Files of people as tables: XLSX and CSV in, headings and numbered rows out. Pure; formulas are never evaluated.

A large table is never held as Python rows: they are made anew each time somebody goes through them.
"""

import csv
import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from zipfile import BadZipFile, ZipFile

from python_calamine import CalamineError, CalamineWorkbook

from app.errors import N_, DomainError
from app.people.values import Cell, tidy

MAX_BYTES = 20 * 1024 * 1024
MAX_UNPACKED = 300 * 1024 * 1024
MAX_ROWS = 50_000
MAX_COLUMNS = 200
OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_OTHER_KINDS = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"{\\rtf", b"\x7fELF", b"MZ")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class Row:
    """One line of the file; `number` is what a spreadsheet program shows beside it, the heading being row 1."""

    number: int
    cells: list[Cell]


@dataclass(frozen=True)
class Sheet:
    """The headings and the rows that aren't empty."""

    headings: list[str]
    rows: list[Row]


@dataclass(frozen=True)
class Table:
    """The headings and how many rows follow that aren't empty; rows() begins with the first of them each time."""

    headings: list[str]
    count: int
    lines: Callable[[], Iterator[Row]]

    def rows(self) -> Iterator[Row]:
        """Those that aren't empty, one at a time."""
        filled = (row for row in self.lines() if not _is_empty(row))
        next(filled)  # the headings
        return filled


class UnreadableFile(DomainError):
    """The file can't be read; said beside the file field."""

    type = "unreadable-file"
    title = N_("This file can't be read")
    message = N_("This file is not a spreadsheet. Choose an XLSX or CSV file.")
    status = 422
    field = "file"


class FileTooLarge(UnreadableFile):
    """More than MAX_BYTES, packed, or far more once unpacked."""

    type = "file-too-large"
    message = N_("The file is too large. The limit is 20 MB.")
    status = 413


class NotUtf8(UnreadableFile):
    """A CSV in an encoding that can't hold Kazakh letters."""

    type = "not-utf-8"
    message = N_(
        "This CSV file is not in UTF-8, so Kazakh letters would be lost. Save it as “CSV UTF-8” and choose it again."
    )


class BrokenCsv(UnreadableFile):
    """Quotes that never close, and the like."""

    type = "broken-csv"
    message = N_("The CSV file is broken at row %(row)s: a quotation mark is not closed or stands in the wrong place.")


class TooManyRows(UnreadableFile):
    """More rows than one import takes."""

    type = "too-many-rows"
    message = N_("The file has more than %(most)s rows. Divide it into several files.")


class EmptyFile(UnreadableFile):
    """Headings at best, no rows."""

    type = "empty-file"
    message = N_("There are no people in this file.")


def open_table(content: bytes) -> Table:
    """The first table of an XLSX or CSV file, read through once; raises an UnreadableFile that says what is wrong."""
    if len(content) > MAX_BYTES:
        raise FileTooLarge
    lines = _workbook(content) if _is_workbook(content) else _csv(content)
    filled = (row for row in lines() if not _is_empty(row))
    headings = next(filled, None)
    count = 0
    for count, _ in enumerate(filled, start=1):
        if count > MAX_ROWS:
            raise TooManyRows(most=MAX_ROWS)
    if headings is None or not count:
        raise EmptyFile
    return Table([tidy(cell) for cell in headings.cells], count, lines)


def read_sheet(content: bytes) -> Sheet:
    """The same with all rows at hand, for files that are small."""
    table = open_table(content)
    return Sheet(table.headings, list(table.rows()))


def _is_workbook(content: bytes) -> bool:
    return content.startswith((b"PK\x03\x04", OLD_EXCEL))


def _is_empty(row: Row) -> bool:
    return not any(tidy(cell) for cell in row.cells)


def _workbook(content: bytes) -> Callable[[], Iterator[Row]]:
    try:
        if not content.startswith(OLD_EXCEL):
            _refuse_bomb(content)
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
    except (CalamineError, BadZipFile, zipfile.LargeZipFile, NotImplementedError, IndexError, EOFError) as error:
        raise UnreadableFile from error
    if sheet.width > MAX_COLUMNS:
        raise UnreadableFile
    return lambda: (Row(number, list(cells)) for number, cells in enumerate(sheet.iter_rows(), start=1))


def _refuse_bomb(content: bytes) -> None:
    if sum(part.file_size for part in ZipFile(io.BytesIO(content)).infolist()) > MAX_UNPACKED:
        raise FileTooLarge


def _csv(content: bytes) -> Callable[[], Iterator[Row]]:
    text = _decoded(content)
    return lambda: _csv_rows(text)


def _csv_rows(text: str) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            if len(cells) > MAX_COLUMNS:
                raise UnreadableFile
            yield Row(number, list(cells))
    except csv.Error as error:
        raise BrokenCsv(row=number + 1) from error


def _decoded(content: bytes) -> str:
    if content.startswith(_UTF16):
        raise NotUtf8
    if b"\x00" in content or content.startswith(_OTHER_KINDS):
        raise UnreadableFile
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotUtf8 from error


def _delimiter(text: str) -> str:
    heading = next((line for line in text.splitlines() if line.strip()), "")
    return max(";,\t", key=heading.count)
