"""The certificate on paper: A4 across, the programme's green on the left, the name as large as it fits, and a code
that whoever holds the paper can ask about."""

import io
import re
from functools import lru_cache

from flask_babel import gettext

from app.attendance.hours import spoken_hours
from app.events.models import Event
from app.impact.thanks.codes import printed
from app.impact.thanks.shares import Share
from app.signups.models import Place
from app.web.dates import long_date
from app.web.numbers import number
from app.web.pdf import FACE, INK, SOFT, STATIC, Document
from app.web.words import in_language

GREEN, COPPER, PALE, RULE = (18, 56, 47), (154, 66, 22), (185, 211, 200), (203, 201, 189)
BAND, LEFT, RIGHT = 46.0, 64.0, 279.0  # mm from the left edge
WIDTH = RIGHT - LEFT
TITLE_SIZES, NAME_SIZES, EVENT_SIZES = (40, 34, 28), (36, 32, 28, 24, 20, 16), (20, 18, 16, 14)
FIGURE_SIZES, SHORT = (18, 16, 14), 14  # points; letters that fit a narrow column
CODE_SIZE = 34.0  # mm


class Paper(Document):
    """One sheet without the head and foot that lists have."""

    def __init__(self, title: str) -> None:
        super().__init__(title, "", "", is_wide=True, is_bare=True)
        self.set_auto_page_break(False)

    def footer(self) -> None:
        """Nothing: it is one sheet."""

    def at(self, y: float, text: str, height: float, *, width: float = WIDTH, x: float = LEFT) -> None:
        """One line in the set font, cut with a sign where it does not fit."""
        self.set_xy(x, y)
        self.cell(width, height, self.fitted(text, width))


def certificate(place: Place, share: Share, code: str, *, language: str, base_url: str) -> Document:
    """The sheet for this person, in this language; the name stands as the person writes it."""
    event = place.event
    paper = Paper(gettext("Certificate"))
    paper.set_lang(language)
    paper.set_subject(in_language(event.title, language))
    paper.add_page()
    _band(paper)
    _said(paper, place, language)
    _figures(paper, share, language)
    _foot(paper, event, code, language=language, base_url=base_url)
    return paper


def _band(paper: Paper) -> None:
    """The green on the left with the mark, and a thin frame around the rest."""
    paper.set_fill_color(*GREEN)
    paper.rect(0, 0, BAND, paper.h, style="F")
    paper.set_fill_color(*COPPER)
    paper.rect(BAND, 0, 1.4, paper.h, style="F")
    with paper.rect_clip(0, 0, BAND, paper.h):  # a large leaf, hardly lighter than its ground
        paper.image(io.BytesIO(_mark("#1d4d40")), x=-16, y=paper.h - 66, w=74)
    paper.image(io.BytesIO(_mark("#f4f3ee")), x=11, y=20, w=24)
    paper.set_text_color(*PALE)
    paper.set_font(FACE, "B", 15)
    paper.set_xy(0, 48)
    paper.cell(BAND, 8, gettext("Torangy"), align="C")


def _said(paper: Paper, place: Place, language: str) -> None:
    event = place.event
    paper.set_text_color(*SOFT)
    paper.set_font(FACE, "", 12)
    paper.at(21, in_language(event.programme.name, language), 7)
    paper.set_text_color(*GREEN)
    paper.largest(gettext("Certificate"), WIDTH, TITLE_SIZES)
    paper.at(29, gettext("Certificate"), 18)
    paper.set_text_color(*SOFT)
    paper.set_font(FACE, "", 13)
    paper.at(55, gettext("This confirms that"), 8)
    paper.set_text_color(*INK)
    paper.largest(place.person.full_name, WIDTH, NAME_SIZES)
    paper.at(64, place.person.full_name, 17)
    paper.set_fill_color(*COPPER)
    paper.rect(LEFT + 1, 83.5, 40, 0.9, style="F")
    paper.set_text_color(*SOFT)
    paper.set_font(FACE, "", 13)
    paper.at(88, gettext("took part in this event:"), 8)
    _event(paper, event, language)


def _event(paper: Paper, event: Event, language: str) -> None:
    title = in_language(event.title, language)
    paper.set_text_color(*INK)
    paper.largest(title, WIDTH, EVENT_SIZES)
    paper.set_xy(LEFT, 97)
    paper.wrapped(title, WIDTH, 9, 2)
    paper.set_font(FACE, "", 13)
    day = long_date(event.starts_at, language, event.timezone)
    paper.at(paper.get_y() + 1, f"{day} · {in_language(event.site.name, language)}", 8)


def _figures(paper: Paper, share: Share, language: str) -> None:
    """One's own share, as far as somebody wrote it down."""
    x = LEFT
    for label, figure in _told(share, language):
        width = 48.0 if len(figure) < SHORT else 92.0
        paper.set_text_color(*SOFT)
        paper.set_font(FACE, "", 10)
        paper.at(128, label, 6, width=width, x=x)
        paper.set_text_color(*GREEN)
        paper.largest(figure, width, FIGURE_SIZES)
        paper.set_xy(x, 135)
        paper.wrapped(figure, width, 7, 2)
        x += width + 8


def _told(share: Share, language: str) -> list[tuple[str, str]]:
    told = []
    if share.minutes:
        told.append((gettext("Hours as a volunteer"), spoken_hours(share.minutes)))
    if share.group and share.kilograms:
        brought = gettext("%(number)s kg", number=number(share.kilograms, language))
        told.append((gettext("Group %(name)s brought in", name=share.group), brought))
    if share.section:
        told.append((gettext("Section"), in_language(share.section, language)))
    return told


def _foot(paper: Paper, event: Event, code: str, *, language: str, base_url: str) -> None:
    address = f"{base_url}/verify/{code}"
    top = paper.h - 20 - CODE_SIZE
    paper.code(address, RIGHT - CODE_SIZE, top, CODE_SIZE)
    if event.coordinator is not None:
        paper.set_draw_color(*RULE)
        paper.line(LEFT + 1, 172, LEFT + 71, 172)
        paper.set_text_color(*INK)
        paper.set_font(FACE, "", 11)
        paper.at(173, event.coordinator.short_name, 6, width=100)
        paper.set_text_color(*SOFT)
        paper.set_font(FACE, "", 9.5)
        paper.at(179, gettext("Coordinator of the event"), 5, width=100)
    beside = WIDTH - CODE_SIZE - 4
    paper.set_text_color(*INK)
    paper.set_font(FACE, "B", 13)
    paper.set_xy(LEFT, 170)
    paper.cell(beside, 7, printed(code), align="R")
    paper.set_text_color(*SOFT)
    paper.set_font(FACE, "", 9)
    for y, text in ((177, gettext("Whether it is true, this page says:")), (182, f"{base_url}/verify")):
        paper.set_xy(LEFT, y)
        paper.cell(beside, 5, text, align="R", link=address)


@lru_cache(maxsize=2)
def _mark(colour: str) -> bytes:
    """The mark for dark ground."""
    drawn = (STATIC / "logo-mono.svg").read_text().replace("currentColor", colour)
    return re.sub("<title>.*?</title>", "", drawn).encode()
