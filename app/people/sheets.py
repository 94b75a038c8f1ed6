"""Files of people as tables: XLSX and CSV in, headings and numbered rows out. Pure; formulas are never evaluated."""

import csv
import io
import zipfile
from collections.abc import Iterator
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


def read_sheet(content: bytes) -> Sheet:
    """The first table of an XLSX or CSV file; raises an UnreadableFile that says what is wrong."""
    if len(content) > MAX_BYTES:
        raise FileTooLarge
    rows = iter(_workbook_rows(content) if _is_workbook(content) else _csv_rows(content))
    headings = next((row for row in rows if not _is_empty(row)), None)
    if headings is None:
        raise EmptyFile
    kept: list[Row] = []
    for row in rows:
        if _is_empty(row):
            continue
        if len(kept) == MAX_ROWS:
            raise TooManyRows(most=MAX_ROWS)
        kept.append(row)
    if not kept:
        raise EmptyFile
    return Sheet([tidy(cell) for cell in headings.cells], kept)


def _is_workbook(content: bytes) -> bool:
    return content.startswith((b"PK\x03\x04", OLD_EXCEL))


def _is_empty(row: Row) -> bool:
    return not any(tidy(cell) for cell in row.cells)


def _workbook_rows(content: bytes) -> Iterator[Row]:
    try:
        if not content.startswith(OLD_EXCEL):
            _refuse_bomb(content)
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
        if sheet.width > MAX_COLUMNS:
            raise UnreadableFile
        for number, cells in enumerate(sheet.iter_rows(), start=1):
            yield Row(number, list(cells))
    except (CalamineError, BadZipFile, zipfile.LargeZipFile, NotImplementedError, IndexError, EOFError) as error:
        raise UnreadableFile from error


def _refuse_bomb(content: bytes) -> None:
    if sum(part.file_size for part in ZipFile(io.BytesIO(content)).infolist()) > MAX_UNPACKED:
        raise FileTooLarge


def _csv_rows(content: bytes) -> Iterator[Row]:
    text = _decoded(content)
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
