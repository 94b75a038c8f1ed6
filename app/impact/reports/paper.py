"""The report on paper: a first page with the figures large, then the charts, then what of a standard they answer."""

from collections.abc import Sequence

from flask_babel import gettext

from app.impact.reports.compiling import Compiled
from app.impact.reports.contents import Chart, Total
from app.impact.reports.paper_charts import PIXEL, ChartPaper
from app.impact.reports.standard_words import SpokenRow
from app.web.numbers import unit_price
from app.web.pdf import FACE, INK, MARGIN, SOFT

TILES = 3  # side by side
TILE_HEIGHT = 27.0
TOP = 0.8  # mm: the heavy rule above a heading


def printed_report(found: Compiled, *, footer: str, gri: Sequence[SpokenRow]) -> "Report":
    """The document, in the reader's language."""
    paper = Report(gettext("Results"), found.heading, footer)
    paper.spoken = found.spoken.language
    paper.set_lang(paper.spoken)
    paper.add_page()
    paper.tiles([one for one in found.totals if not one.counted], found.spoken.language)
    here = [one for one in found.totals if one.counted]
    if here:
        paper.heading(gettext("Counted here"))
        paper.note(gettext("From the sign-ups and the door. These are not added to what was reported."))
        paper.tiles(here, found.spoken.language)
    if found.left_out:
        paper.heading(gettext("Left out of these figures"))
        for line in found.left_out:
            paper.paragraph(line)
    for chart in found.charts:
        paper.chart(chart)
    paper.gri(gri)
    return paper


class Report(ChartPaper):
    """A4 upright. Everything keeps together that belongs together."""

    def tiles(self, totals: Sequence[Total], language: str) -> None:
        """The figures, three side by side, each under a heavy rule."""
        gap = 5.0
        width = (self.epw - gap * (TILES - 1)) / TILES
        for start in range(0, len(totals), TILES):
            self.keep(TILE_HEIGHT)
            top = self.get_y() + 2
            for number, one in enumerate(totals[start : start + TILES]):
                self._tile(one, MARGIN + number * (width + gap), top, width, language)
            self.set_xy(MARGIN, top + TILE_HEIGHT)

    def heading(self, text: str, *, with_mm: float = 24) -> None:
        """A heavy rule and a heading, with so much of what follows on the same page."""
        self.keep(with_mm + 12)
        self.ln(5)
        self.set_draw_color(*INK)
        self.set_line_width(TOP)
        self.line(MARGIN, self.get_y(), MARGIN + self.epw, self.get_y())
        self.set_line_width(0.2)
        self.ln(1.5)
        self.set_font(FACE, "B", 13)
        self.multi_cell(self.epw, 6.5, text, align="L", new_x="LMARGIN", new_y="NEXT")

    def chart(self, chart: Chart) -> None:
        """A chart under its heading."""
        self.heading(chart.title, with_mm=min(chart.drawn.height * PIXEL, 200.0))
        self.ln(1)
        self.draw(chart)
        if chart.note:
            self.ln(1)
            self.note(chart.note)

    def gri(self, rows: Sequence[SpokenRow]) -> None:
        """What of GRI 413-1 these figures answer, and what they don't."""
        self.heading(gettext("GRI 413-1: engagement with local communities"))
        for row in rows:
            self.keep(18)
            self.ln(1.2)
            self.set_font(FACE, "B", 9.5)
            self.multi_cell(self.epw, 4.8, f"{row.number}  {row.asked}", align="L", new_x="LMARGIN", new_y="NEXT")
            self.set_font(FACE, "", 9.5)
            self.multi_cell(
                self.epw, 4.8, f"{row.coverage}. {row.answer}".strip(), align="L", new_x="LMARGIN", new_y="NEXT"
            )
            if row.missing:
                self.note(row.missing)

    def _tile(self, one: Total, left: float, top: float, width: float, language: str) -> None:
        self.set_draw_color(*INK)
        self.set_line_width(TOP)
        self.line(left, top, left + width, top)
        self.set_line_width(0.2)
        self.set_xy(left, top + 1.5)
        self.largest(f"{one.text} {one.unit}", width, (22, 19, 16, 13, 11))
        self.cell(width, 9, self.fitted(f"{one.text} {one.unit}", width))
        self.set_xy(left, top + 10.5)
        self.set_font(FACE, "", 9.5)
        self.wrapped(one.name, width, 4.4, 2)
        self.set_font(FACE, "", 8)
        self.set_text_color(*SOFT)
        said = unit_price(one.price, language) if one.price is not None else ""
        self.set_xy(left, top + 19.5)
        self.cell(width, 4, self.fitted(gettext("%(sum)s per unit", sum=said), width) if said else "")
        self.set_text_color(*INK)
