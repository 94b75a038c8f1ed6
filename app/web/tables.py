"""Lists as files for Excel: CSV in UTF-8 with BOM and `;`, or XLSX with real dates. No cell is ever a formula.

Rows are taken one by one, so that a long list costs no more memory than the finished file.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import chain, islice
from typing import Any
from urllib.parse import quote

import xlsxwriter
from flask import Response, send_file

from app.web.dates import HOME_ZONE, local

Row = Sequence[object]

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What a spreadsheet would run instead of show.
FORMULAS = ("=", "+", "-", "@", "\t", "\r")
STARTS_A_FORMULA = frozenset(FORMULAS)
LOOKED_AT_FOR_WIDTHS = 100
WIDEST_COLUMN = 48


@dataclass(frozen=True)
class Part:
    """A second, short list in the same file, with its own name and columns: a sheet of its own in a workbook."""

    name: str
    headings: Sequence[str]
    rows: Sequence[Row]


def csv_answer(
    name: str,
    headings: Sequence[str],
    rows: Iterable[Row],
    *,
    timezone: str = HOME_ZONE,
    footer: str = "",
    more: Sequence[Part] = (),
) -> Response:
    """The rows as `name`.csv: what Excel in Kazakhstan opens by a double click. Moments are shown in `timezone`.

    A `footer` stands below the rows and `more` parts, each after an empty line.
    """
    file = io.BytesIO()
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([_plain(heading, timezone) for heading in headings])
    # Most cells are harmless text: they are spared a call each, of which a long list has hundreds of thousands.
    writer.writerows(
        [cell if type(cell) is str and cell[:1] not in STARTS_A_FORMULA else _plain(cell, timezone) for cell in row]
        for row in rows
    )
    for part in more:
        below = [[part.name], part.headings, *part.rows]
        writer.writerows([[], *([_plain(cell, timezone) for cell in row] for row in below)])
    if footer:
        writer.writerows([[], [_plain(footer, timezone)]])
    text.detach()
    return download(file, f"{name}.csv", "text/csv")


def xlsx_answer(
    name: str,
    headings: Sequence[str],
    rows: Iterable[Row],
    *,
    timezone: str = HOME_ZONE,
    footer: str = "",
    more: Sequence[Part] = (),
) -> Response:
    """The rows as `name`.xlsx: bold headings that stay in sight, dates that are dates, text that stays text.

    A `footer` stands below the rows and on every printed page; `more` parts are sheets after the first.
    """
    file = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options | {"default_date_format": "dd.mm.yyyy"}) as book:
        bold = book.add_format({"bold": True, "bottom": 1})
        with_time = book.add_format({"num_format": "dd.mm.yyyy hh:mm"})
        for title, heads, lines in ((name, headings, rows), *((part.name, part.headings, part.rows) for part in more)):
            sheet = book.add_worksheet(_sheet_name(title))
            _fill(sheet, heads, iter(lines), bold=bold, with_time=with_time, timezone=timezone, footer=footer)
    return download(file, f"{name}.xlsx", XLSX)


def _fill(
    sheet: Any, headings: Sequence[str], rows: Iterator[Row], *, bold: Any, with_time: Any, timezone: str, footer: str
) -> None:
    first = list(islice(rows, LOOKED_AT_FOR_WIDTHS))
    for column, width in enumerate(_widths(headings, first, timezone)):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(1, 0)
    sheet.write_row(0, 0, headings, bold)
    number = 0
    for number, row in enumerate(chain(first, rows), start=1):
        for column, cell in enumerate(row):
            _write(sheet, number, column, cell, with_time=with_time, timezone=timezone)
    if footer:
        sheet.write_string(number + 2, 0, footer)
        sheet.set_footer("&L" + footer.replace("&", "&&")[:200] + "&R&P / &N")


def safe_name(name: str) -> str:
    """A file name that no system stumbles over: letters of any alphabet stay, separators and signs go."""
    cleaned = re.sub(r'[\x00-\x1f\x7f/\\:*?"<>|;]+', " ", name)
    return " ".join(cleaned.split()).strip(". ")[:120] or "list"


def _plain(cell: object, timezone: str) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return local(cell, timezone).strftime("%d.%m.%Y %H:%M")
    if isinstance(cell, date):
        return cell.strftime("%d.%m.%Y")
    if isinstance(cell, Decimal | float):
        return f"{cell:f}".rstrip("0").rstrip(".").replace(".", ",") if "." in f"{cell:f}" else f"{cell:f}"
    text = str(cell)
    return f"'{text}" if isinstance(cell, str) and text.startswith(FORMULAS) else text


def _write(sheet: Any, row: int, column: int, cell: object, *, with_time: Any, timezone: str) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, datetime):
        sheet.write_datetime(row, column, local(cell, timezone).replace(tzinfo=None), with_time)
    elif isinstance(cell, date):
        sheet.write_datetime(row, column, cell)
    elif isinstance(cell, int | float | Decimal) and not isinstance(cell, bool):
        sheet.write_number(row, column, cell)
    else:
        sheet.write_string(row, column, str(cell))


def _widths(headings: Sequence[str], rows: Sequence[Row], timezone: str) -> list[int]:
    columns = [[heading, *(_plain(row[at], timezone) for row in rows)] for at, heading in enumerate(headings)]
    return [min(WIDEST_COLUMN, max(map(len, column)) + 2) for column in columns]


def _sheet_name(name: str) -> str:
    return re.sub(r"[\[\]']", " ", safe_name(name))[:31].strip() or "list"


def download(file: io.BytesIO, name: str, mimetype: str) -> Response:
    """The file under a name that every system keeps."""
    name = safe_name(name)
    file.seek(0)
    answer = send_file(file, mimetype=mimetype)
    plain = re.sub(r"[^\w. -]+", "_", name, flags=re.ASCII).strip("_ ")
    answer.headers["Content-Disposition"] = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    return answer
