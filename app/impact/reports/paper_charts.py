"""Charts on paper, from the geometry of the page: copper bars, hatched where planned, so a grey copy says the same."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from app.impact.reports.charts import BarChart, CoastPlan, Funnel, LineChart, PlacedPiece
from app.impact.reports.contents import Chart
from app.web.numbers import number
from app.web.pdf import FACE, INK, MARGIN, RULE, SOFT, Document

COPPER, GREEN = (154, 66, 22), (27, 84, 69)
PIXEL = 0.235  # mm that a pixel of the page's charts is on paper
HATCH = 1.6  # mm between the strokes of what is planned


class ChartPaper(Document):
    """A4 upright, on which charts can be drawn."""

    spoken = "kk"

    def draw(self, chart: Chart) -> None:
        """The chart at the pen."""
        ways: dict[str, Callable[[Any, Chart], None]] = {
            "bars": self._bars,
            "lines": self._lines,
            "funnel": self._funnel,
            "coast": self._coast,
        }
        ways[chart.shape](chart.drawn, chart)

    def note(self, text: str) -> None:
        """Small and soft."""
        self.set_font(FACE, "", 8.5)
        self.set_text_color(*SOFT)
        self.multi_cell(self.epw, 4.4, text, align="L", new_x="LMARGIN", new_y="NEXT")
        self.set_text_color(*INK)

    def keep(self, height: float) -> None:
        """Begins a page where so much doesn't fit on this one."""
        if self.get_y() + height > self.h - MARGIN - 8:
            self.add_page()

    def _bars(self, drawn: BarChart, chart: Chart) -> None:
        for one in drawn.bars:
            self.keep(6 + 4.4 * len(one.lines))
            self.set_font(FACE, "", 9.5)
            for line in one.lines:
                self.cell(self.epw, 4.6, line, align="L", new_x="LMARGIN", new_y="NEXT")
            self._bar(one.width, one.bar.text, is_planned=one.bar.is_planned)

    def _funnel(self, drawn: Funnel, chart: Chart) -> None:
        for one in drawn.steps:
            self.keep(11)
            self.set_font(FACE, "", 9.5)
            self.cell(self.epw, 4.6, one.step.label, align="L", new_x="LMARGIN", new_y="NEXT")
            share = f" · {one.share} %" if one.share is not None else ""
            lost = (_share(one.lost_x), _share(one.lost))
            self._bar(one.width, one.step.text + share, lost=lost)

    def _bar(self, width: str, text: str, *, is_planned: bool = False, lost: tuple[float, float] = (0, 0)) -> None:
        top, long = self.get_y() + 0.4, _share(width) * self.epw
        if is_planned:
            self._hatched(MARGIN, top, long, 4.4)
        elif long:
            self.set_fill_color(*COPPER)
            self.rect(MARGIN, top, long, 4.4, style="F")
        if lost[1]:
            self._hatched(MARGIN + lost[0] * self.epw, top, lost[1] * self.epw, 4.4)
        self.set_font(FACE, "B", 9.5)
        self.set_xy(MARGIN, top - 0.1)
        self.cell(self.epw, 4.6, text, align="R")
        self.set_xy(MARGIN, top + 6.2)

    def _hatched(self, left: float, top: float, width: float, height: float) -> None:
        """A frame with strokes across: told from a full bar on a grey copy too."""
        self.set_draw_color(*COPPER)
        with self.rect_clip(left, top, width, height):
            at = left - height
            while at < left + width:
                self.line(at, top + height, at + height, top)
                at += HATCH
        self.rect(left, top, width, height)
        self.set_draw_color(*RULE)

    def _lines(self, drawn: LineChart, chart: Chart) -> None:
        top = self.get_y()
        self._field(drawn, top)
        self.set_draw_color(*COPPER)
        self.set_line_width(0.6)
        self.set_fill_color(255)
        for line in drawn.lines:
            for run in line.runs:
                self.polyline([self._at(point, top) for point in run.split()])
            for point in line.points:
                self.circle(MARGIN + _share(point.x) * self.epw, top + point.y * PIXEL, 1.1, style="DF")
        self.set_line_width(0.2)
        self.set_xy(MARGIN, top + (drawn.plot + 28) * PIXEL)
        self.lines(chart.heads, [[self.read(cell) for cell in row] for row in chart.rows], (1, 2), height=4.8)

    def _field(self, drawn: LineChart, top: float) -> None:
        """The grid with its scale, and the years below it."""
        self.set_font(FACE, "", 8)
        self.set_text_color(*SOFT)
        self.set_draw_color(*RULE)
        for tick in drawn.ticks:
            y = top + tick.y * PIXEL
            self.line(MARGIN, y, MARGIN + self.epw, y)
            self.text(MARGIN, y - 0.8, self.read(tick.value))
        for mark in drawn.years:
            width = self.get_string_width(str(mark.year))
            back = {"start": 0.0, "middle": width / 2, "end": width}[mark.anchor]
            self.text(MARGIN + _share(mark.x) * self.epw - back, top + (drawn.plot + 18) * PIXEL, str(mark.year))
        self.set_text_color(*INK)

    def read(self, cell: object) -> str:
        """A cell of a table as it is read; years are no quantities."""
        if cell is None:
            return "—"
        is_year = isinstance(cell, int) and 1900 <= cell <= 2200
        if is_year or not isinstance(cell, int | float | Decimal):
            return str(cell)
        return number(cell, self.spoken)

    def _at(self, point: str, top: float) -> tuple[float, float]:
        x, y = point.split(",")
        return (MARGIN + float(x) / 1000 * self.epw, top + float(y) * PIXEL)

    def _coast(self, drawn: CoastPlan, chart: Chart) -> None:
        top = self.get_y()
        for one in drawn.pieces:
            self._piece(one, top)
        self.set_draw_color(*RULE)
        self.set_line_width(0.2)
        self.set_xy(MARGIN, top + drawn.height * PIXEL)
        rows = [[f"{at}. {row[0]}", *(self.read(cell) for cell in row[1:])] for at, row in enumerate(chart.rows, 1)]
        self.lines(chart.heads, rows, (6, 2, 2))

    def _piece(self, one: PlacedPiece, top: float) -> None:
        """A thick line where it was done, a thin dashed one where not; its number as in the table."""
        times = one.piece.times
        points = (part.split() for part in one.path.removeprefix("M").split(" L"))
        self.set_draw_color(*(GREEN if times else SOFT))
        self.set_line_width(2.2 if times else 0.4)
        self.set_dash_pattern(*((0, 0) if times else (0.8, 1.2)))
        self.polyline([(MARGIN + float(x) / 1000 * self.epw, top + float(y) * PIXEL) for x, y in points])
        self.set_dash_pattern()
        self.set_line_width(0.3)
        self.set_draw_color(*INK)
        x = MARGIN + _share(one.begins) * self.epw
        self.line(x, top + (one.y - 9) * PIXEL, x, top + (one.y + 9) * PIXEL)
        self.set_font(FACE, "B" if times else "", 9)
        width = self.get_string_width(str(one.number))
        self.text(MARGIN + _share(one.middle) * self.epw - width / 2, top + one.number_y * PIXEL, str(one.number))


def _share(percent: str) -> float:
    return float(percent.removesuffix("%")) / 100
