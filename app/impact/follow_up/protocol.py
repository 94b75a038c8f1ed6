"""The protocol of a working visit as a document: what was said at which stop, what was given to whom, how it stands."""

from collections.abc import Mapping, Sequence

from flask_babel import gettext
from fpdf.enums import TableBordersLayout, XPos, YPos
from fpdf.fonts import FontFace

from app.errors import N_
from app.events.models import Event
from app.impact.follow_up.readers import FollowUp
from app.impact.follow_up.words import STATE_NAMES
from app.tasks.models import TaskEntry
from app.web.dates import when
from app.web.pdf import FACE, Document
from app.web.words import in_language

HEADS, SHARES = (N_("No."), N_("What is to be done"), N_("Owner"), N_("Due day"), N_("State")), (6, 48, 22, 13, 23)


def printed_protocol(
    event: Event, rows: Sequence[FollowUp], last: Mapping[str, TaskEntry], *, language: str, footer: str
) -> Document:
    """The document; `last` is {task's id: the latest words about it}."""
    spent = when(event.starts_at, event.ends_at, event.date_precision, event.timezone, language)
    paper = Document(gettext("Protocol"), spent, footer)
    paper.set_lang(language)
    paper.add_page()
    _bold(paper, in_language(event.title, language), size=12)
    paper.paragraph(in_language(event.site.name, language))
    _stops(paper, event, language)
    paper.section(gettext("Instructions given"))
    if rows:
        _table(paper, rows, last, language)
    else:
        paper.paragraph(gettext("None was written down."))
    _signatures(paper)
    return paper


def _stops(paper: Document, event: Event, language: str) -> None:
    if event.stops:
        paper.section(gettext("Stop by stop"))
    for number, stop in enumerate(event.stops, start=1):
        title = f"{number}. {in_language(stop.title, language)}" + (f" · {stop.host}" if stop.host else "")
        _bold(paper, title)
        for words in (stop.note, *stop.topics):
            if words:
                paper.paragraph(in_language(words, language))
        paper.ln(1)


def _bold(paper: Document, text: str, *, size: float = 10) -> None:
    paper.set_font(FACE, "B", size)
    paper.multi_cell(paper.epw, size / 2, text, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _table(paper: Document, rows: Sequence[FollowUp], last: Mapping[str, TaskEntry], language: str) -> None:
    paper.set_font(FACE, "", 9)
    head = FontFace(emphasis="BOLD", size_pt=8.5)
    layout = TableBordersLayout.HORIZONTAL_LINES
    with paper.table(
        col_widths=SHARES, text_align="LEFT", headings_style=head, borders_layout=layout, padding=1, line_height=4.5
    ) as table:
        table.row([gettext(name) for name in HEADS])
        for number, one in enumerate(rows, start=1):
            task = one.task
            said = last.get(task.id)
            state = gettext(STATE_NAMES[task.state]) + (f": {said.note}" if said else "")
            due = task.due_on.strftime("%d.%m.%Y") if task.due_on else "–"
            table.row([str(number), in_language(task.text, language), one.owner_name or "–", due, state])


def _signatures(paper: Document) -> None:
    """Room to sign by hand, kept together."""
    if paper.get_y() > paper.h - 55:
        paper.add_page()
    paper.ln(12)
    paper.set_font(FACE, "", 9.5)
    for words in (gettext("Led by"), gettext("Protocol kept by")):
        paper.cell(45, 9, words)
        paper.cell(80, 9, "", border="B")
        paper.ln(12)
