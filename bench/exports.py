"""The roster as a page, as CSV, XLSX and bus manifest, each beside an empty route or a bare writer of as much."""

import csv
import io
import time
from collections.abc import Callable
from dataclasses import dataclass

import xlsxwriter
from flask import Flask
from fpdf import FPDF

from app.web.pdf import FACE, FONTS
from bench import roster
from bench.data import Visitor
from bench.server import served

LINES_OF_CELLS = list[list[str]]
MOST_KB = 60  # of a page, compressed


@dataclass(frozen=True)
class Measured:
    """One work: its value, and what it stands beside."""

    work: str
    value: float
    unit: str
    limit: float
    limited_by: str


def measure(app: Flask, environ: dict[str, str], *, workers: int, quick: bool) -> list[Measured]:
    """Rosters of 400 and of 10,000 as pages and as files."""
    small = roster.prepare(app, people=400, first=400_000)
    large = roster.prepare(app, people=10_000, first=500_000)
    coordinator = roster.coordinator(app)
    with app.app_context():
        roster.settle()
    with served(environ, workers=workers) as port:
        empty = seconds_of(port, "/bench/empty", coordinator, count=200, status=204) * 1000
        found: list[Measured] = []
        for name, event_id in (("roster_page", small), ("roster_page_10000", large)):
            path = f"/events/{event_id}/roster?per=400"
            took = seconds_of(port, path, coordinator, count=30 if quick else 100) * 1000
            size = roster.compressed(port, path, coordinator)
            found.append(Measured(name, took, "ms", empty, "empty route"))
            found.append(Measured(f"{name}_size", size, "kB", MOST_KB, f"{MOST_KB} kB"))
        return found + _files(port, small, large, coordinator, count=3 if quick else 7)


def _files(port: int, small: str, large: str, coordinator: Visitor, *, count: int) -> list[Measured]:
    lines = cells(10_000)
    wanted = (
        ("csv_10000", f"/events/{large}/roster.csv", bare_csv(lines), "csv.writer, the same cells"),
        ("xlsx_10000", f"/events/{large}/roster.xlsx", bare_xlsx(lines), "xlsxwriter, the same cells"),
        ("manifest_400", f"/events/{small}/prints/manifest.pdf", bare_pdf(cells(400)), "fpdf, the same cells"),
    )
    return [
        Measured(work, seconds_of(port, path, coordinator, count=count) * 1000, "ms", bare * 1000, by)
        for work, path, bare, by in wanted
    ]


def seconds_of(port: int, path: str, visitor: Visitor, *, count: int, status: int = 200) -> float:
    """The middle of so many answers, after some to warm up each worker."""
    roster.opened(port, path, visitor, count=4)
    outcome = roster.opened(port, path, visitor, count=count)
    if set(outcome.statuses) != {status}:
        raise RuntimeError(f"{path} answered {dict(outcome.statuses)}")
    return outcome.p50


def cells(people: int) -> LINES_OF_CELLS:
    """As many cells as the file of such a roster has, of the same length."""
    line = ["10000", "Омаров123456 Нұрлан", "12", "123456", "Балқыту цехы", "", "Балқаш", "12", "12", "", ""]
    line += ["Орны бар", "Келісім бар", "BCDFGHJK", "Келді", "22.11.2026 09:15", "XL", "XL", "22.11.2026 09:16", "", ""]
    return [line] * people


def bare_csv(lines: LINES_OF_CELLS) -> float:
    """Seconds that the standard library's writer takes for these lines."""
    return _fastest(lambda: csv.writer(io.StringIO(), delimiter=";").writerows(lines))


def bare_xlsx(lines: LINES_OF_CELLS) -> float:
    """Seconds that the library of spreadsheets takes for these lines without anything around it."""

    def write() -> None:
        with xlsxwriter.Workbook(io.BytesIO(), {"constant_memory": True}) as book:
            sheet = book.add_worksheet()
            for number, line in enumerate(lines):
                for column, cell in enumerate(line):
                    sheet.write_string(number, column, cell)

    return _fastest(write, times=3)


def bare_pdf(lines: LINES_OF_CELLS) -> float:
    """Seconds that the library of PDFs takes for seven cells of each line, in our letters."""

    def write() -> None:
        paper = FPDF()
        paper.add_font(FACE, "", FONTS / "NotoSans-Regular.ttf")
        paper.add_page()
        paper.set_font(FACE, "", 9)
        for line in lines:
            for cell in line[:7]:
                paper.cell(26, 6, cell, border=1)
            paper.ln()
        paper.output()

    return _fastest(write, times=3)


def _fastest(work: Callable[[], object], *, times: int = 5) -> float:
    took = []
    for _ in range(times):
        begin = time.perf_counter()
        work()
        took.append(time.perf_counter() - begin)
    return min(took)
