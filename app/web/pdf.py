"""Paper: A4 documents with the programme's mark above and who took them below, in letters of Kazakh, Russian, English.

Knows no slice. Noto Sans is committed (OFL), so a print looks the same on every machine and holds ғ қ ң ө ұ ү һ і ә ₸.
"""

import io
import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import segno
from flask import Response
from fpdf import FPDF
from fpdf.enums import MethodReturnValue, XPos, YPos

from app.web.tables import download

STATIC = Path(__file__).resolve().parents[2] / "static"
FONTS = STATIC / "vendor/noto-sans-ttf"
FACE = "Noto Sans"
INK, SOFT, RULE = (25, 29, 26), (77, 82, 76), (203, 201, 189)
MARGIN, ROW = 12.0, 6.2  # mm
QUIET = 2  # modules of white around a code, at least, on paper that is white itself
MASK = 2  # any of the eight is read alike; weighing all of them is what takes the time


class Document(FPDF):
    """One A4 document. `title` and `subtitle` stand on each page, `footer_text` below with the page's number."""

    def __init__(self, title: str, subtitle: str, footer_text: str, *, is_wide: bool = False, is_bare: bool = False):
        super().__init__(orientation="landscape" if is_wide else "portrait", format="A4")
        self.headline, self.subtitle, self.footer_text, self.is_bare = title, subtitle, footer_text, is_bare
        for style, name in (("", "Regular"), ("B", "Bold")):
            self.add_font(FACE, style, FONTS / f"NotoSans-{name}.ttf")
        self.set_title(title)
        self.set_author("Torangy")
        self.set_margin(MARGIN)
        self.set_auto_page_break(True, margin=MARGIN + 6)
        self.set_text_color(*INK)
        self.set_draw_color(*RULE)
        self.alias_nb_pages("{pages}")

    def header(self) -> None:
        """The mark, what it is, and of which event; sheets to cut up have none."""
        if self.is_bare:
            return
        self.image(mark(), x=self.w - MARGIN - 11, y=MARGIN - 2, w=11)
        self.set_font(FACE, "B", 15)
        self.cell(self.epw - 14, 7, self.fitted(self.headline, self.epw - 14), new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.set_font(FACE, "", 9.5)
        self.cell(self.epw - 14, 5, self.fitted(self.subtitle, self.epw - 14), new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.ln(2)

    def footer(self) -> None:
        """Who took it and when."""
        self.set_y(-MARGIN - 1)
        self.set_font(FACE, "", 7.5)
        self.set_text_color(*SOFT)
        self.cell(self.epw - 20, 4, self.footer_text)
        self.cell(20, 4, f"{self.page_no()} / {{pages}}", align="R")
        self.set_text_color(*INK)

    def fitted(self, text: str, width: float) -> str:
        """The text as far as it fits this width, with a sign where it was cut."""
        if self.get_string_width(text) <= width:
            return text
        while text and self.get_string_width(text + "…") > width:
            text = text[:-1]
        return text + "…"

    def section(self, text: str) -> None:
        """A heading within the list, not left alone at the end of a page."""
        if self.get_y() > self.h - 4 * ROW - MARGIN:
            self.add_page()
        self.ln(2)
        self.set_font(FACE, "B", 12)
        self.cell(self.epw, 7, text, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def paragraph(self, text: str) -> None:
        """Plain words."""
        self.set_font(FACE, "", 10)
        self.multi_cell(self.epw, 5, text, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def lines(
        self, heads: Sequence[str], rows: Sequence[Sequence[str]], shares: Sequence[float], *, height: float = ROW
    ) -> None:
        """A table with a head on each page. `shares` of the width add up to anything; one line a row."""
        widths = [share * self.epw / sum(shares) for share in shares]
        self._heads(heads, widths)
        bottom = self.h - MARGIN - 8
        for row in rows:
            if self.get_y() + height > bottom:
                self.add_page()
                self._heads(heads, widths)
            for text, width in zip(row, widths, strict=True):
                self.cell(width, height, self.fitted(text, width - 2) if text else "", border="B")
            self.ln(height)

    def code(self, text: str, x: float, y: float, size: float) -> None:
        """A QR code of this text, drawn in squares."""
        modules = code_matrix(text)
        step = size / (len(modules) + 2 * QUIET)
        self.set_fill_color(0)
        for line, row in enumerate(modules):
            for start, length in _runs(row):
                left, top = x + (QUIET + start) * step, y + (QUIET + line) * step
                self.rect(left, top, length * step, step, style="F")

    def largest(self, text: str, width: float, sizes: Sequence[float], style: str = "B") -> None:
        """Sets the largest of these sizes at which the text fits the width, else the smallest."""
        for size in sizes:
            self.set_font(FACE, style, size)
            if self.get_string_width(text) <= width:
                return

    def wrapped(self, text: str, width: float, height: float, most: int) -> None:
        """The text at the pen in so many lines at most, the last cut with a sign."""
        found: Any = self.multi_cell(width, height, text, dry_run=True, output=MethodReturnValue.LINES)
        x, y = self.get_x(), self.get_y()
        for number, line in enumerate(found[:most]):
            cut = number == most - 1 and len(found) > most
            self.set_xy(x, y + number * height)
            self.cell(width, height, self.fitted(line + "…", width) if cut else line)
        self.set_xy(x, y + min(most, len(found)) * height)

    def answer(self, name: str) -> Response:
        """The document as a file to open in the browser or to keep."""
        return download(io.BytesIO(bytes(self.output())), f"{name}.pdf", "application/pdf")

    def _heads(self, heads: Sequence[str], widths: Sequence[float]) -> None:
        self.set_font(FACE, "B", 8.5)
        for text, width in zip(heads, widths, strict=True):
            self.cell(width, ROW, self.fitted(text, width - 2), border="B")
        self.ln(ROW)
        self.set_font(FACE, "", 9)


@lru_cache(maxsize=1)
def _mark() -> bytes:
    drawn = (STATIC / "logo-mono.svg").read_text().replace("currentColor", "#12382f")
    return re.sub("<title>.*?</title>", "", drawn).encode()  # the library complains about it aloud, on every page


def mark() -> io.BytesIO:
    """The programme's mark, in its green."""
    return io.BytesIO(_mark())


def code_matrix(text: str) -> list[bytearray]:
    """The modules of a QR code, True where dark."""
    return [bytearray(row) for row in segno.make(text, error="m", micro=False, mask=MASK).matrix]


def _runs(row: bytearray) -> list[tuple[int, int]]:
    """Dark modules that stand side by side are one rectangle."""
    found: list[tuple[int, int]] = []
    start = None
    for at, dark in enumerate([*row, 0]):
        if dark and start is None:
            start = at
        elif not dark and start is not None:
            found.append((start, at - start))
            start = None
    return found
