"""The roster on paper: list, bus manifest, group list, name badges, tickets, sign-in sheet. Nothing medical but a sign.

Takes lines of the roster and says them in the reader's language; app/web/pdf.py draws.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from flask_babel import gettext

from app.desk.roster.files import ATTENDANCES, STATUSES
from app.desk.roster.roster import RosterRow
from app.desk.roster.staff import NAME as STAFF
from app.desk.roster.staff import StaffLine, staff_cells, staff_headings
from app.errors import N_
from app.events.models import Event
from app.rosters.duty_models import Section
from app.rosters.models import Bus
from app.web.dates import when
from app.web.pdf import FACE, MARGIN, RULE, SOFT, Document
from app.web.words import in_language, phone

# What each print is called, in the order of the page that offers them.
KINDS = {
    "roster": N_("Participants"),
    "sign-in": N_("Sign-in sheet"),
    "ticks": N_("Tick list"),
    "groups": N_("Group lists"),
    "sections": N_("Section lists"),
    "manifest": N_("Bus manifests"),
    "badges": N_("Name badges"),
    "tickets": N_("Tickets"),
}


@dataclass(frozen=True)
class Beside:
    """What a print needs beside its lines: buses; sections in their order, who is in which, and who leads each; who
    has a task on the day; which list to tick on it is, and where that is typed in."""

    buses: Sequence[Bus] = ()
    sections: Sequence[Section] = ()
    placed: Mapping[str, str] = field(default_factory=dict)
    leaders: Mapping[str, Sequence[str]] = field(default_factory=dict)
    staff: Sequence[StaffLine] = ()
    sheet: int = 0
    typing_url: str = ""


BADGES, TICKETS = (2, 5), (2, 3)  # across and down a page
TICK_HEIGHT = 9.3  # mm
GIVEN_SIZES, SURNAME_SIZES = (30, 26, 22, 18, 14), (15, 13, 11, 9)


def print_of(
    kind: str, event: Event, rows: Iterable[RosterRow], *, beside: Beside, language: str, footer: str
) -> Document:
    """The document of this kind; its rows stand in the order in which they are to be read."""
    draw, is_wide, is_bare = _DRAWN[kind]
    subtitle = f"{when_of(event, language)} · {in_language(event.title, language)}"
    paper = Document(gettext(KINDS[kind]), subtitle, footer, is_wide=is_wide, is_bare=is_bare)
    paper.set_lang(language)
    draw(paper, event, list(rows), beside=beside, language=language)
    return paper


def when_of(event: Event, language: str) -> str:
    """When the event is, in words."""
    return when(event.starts_at, event.ends_at, event.date_precision, event.timezone, language)


def _roster(paper: Document, event: Event, rows: Sequence[RosterRow], *, beside: Beside, language: str) -> None:
    heads = [N_("No."), N_("Surname and name"), N_("Age"), N_("Personnel number"), N_("Group"), N_("Bus"), N_("Status"),
             N_("Ticket"), N_("Attendance"), N_("Size")]  # fmt: skip
    lines = [
        (str(number), _named(row), _text(row.age), row.personnel_number, row.group, row.bus,
         gettext(STATUSES[row.status]), row.printed_ticket,
         gettext(ATTENDANCES[row.attendance.state]) if row.is_confirmed else "", row.size)
        for number, row in enumerate(rows, start=1)
    ]  # fmt: skip
    _table(paper, rows, heads, lines, (7, 46, 8, 16, 18, 18, 20, 19, 20, 9))
    _staff(paper, beside.staff, language)


def _sign_in(paper: Document, event: Event, rows: Sequence[RosterRow], *, beside: Beside, language: str) -> None:
    heads = [N_("No."), N_("Surname and name"), N_("Personnel number"), N_("Group"), N_("Came at"), N_("Signature")]
    lines = [
        (str(number), _named(row), row.personnel_number or row.school_class, row.group, "", "")
        for number, row in enumerate(rows, start=1)
    ]
    _table(paper, rows, heads, lines, (7, 52, 18, 18, 16, 40), height=9.5)
    _staff(paper, [line for line in beside.staff if not line.has_seat], language, signs=True)


def _ticks(paper: Document, event: Event, rows: Sequence[RosterRow], *, beside: Beside, language: str) -> None:
    """Numbered lines with a box to tick, each with the code of its ticket; the list's own leads to typing it in."""
    paper.add_page()
    top, code = paper.get_y(), 22.0
    paper.set_font(FACE, "B", 20)
    paper.cell(paper.epw - code, 10, gettext("List %(number)s", number=beside.sheet), new_x="LMARGIN", new_y="NEXT")
    paper.set_font(FACE, "", 9.5)
    told = gettext("Tick whoever comes. Afterwards open the list in Torangy and type the numbers: 17, 17-23, a17 for"
                   " absent, l17 for left, e17 for excused, u to undo.")  # fmt: skip
    paper.multi_cell(paper.epw - code - 4, 4.6, told, new_x="LMARGIN", new_y="NEXT")
    if beside.typing_url:
        paper.code(beside.typing_url, paper.w - MARGIN - code, top - 2, code)
    paper.set_y(max(paper.get_y() + 2, top + code))
    for number, row in enumerate(rows, start=1):
        if paper.get_y() + TICK_HEIGHT > paper.h - MARGIN - 8:
            paper.add_page()
        _tick_line(paper, number, row)


def _tick_line(paper: Document, number: int, row: RosterRow) -> None:
    y, name_width = paper.get_y(), paper.epw - 74
    paper.set_font(FACE, "B", 12)
    paper.cell(13, TICK_HEIGHT, f"{number:03d}")
    paper.set_draw_color(0)
    paper.rect(MARGIN + 14, y + 1.6, 6, 6)
    paper.set_draw_color(*RULE)
    paper.set_x(MARGIN + 23)
    paper.set_font(FACE, "", 11)
    paper.cell(name_width, TICK_HEIGHT, paper.fitted(_named(row), name_width - 2))
    paper.set_font(FACE, "", 8.5)
    paper.cell(24, TICK_HEIGHT, paper.fitted(" · ".join(filter(None, (row.group, row.bus))), 22))
    paper.cell(17, TICK_HEIGHT, row.printed_ticket)
    paper.code(row.ticket, paper.w - MARGIN - 9, y + 0.1, 9)
    paper.line(MARGIN, y + TICK_HEIGHT, paper.w - MARGIN, y + TICK_HEIGHT)
    paper.set_xy(MARGIN, y + TICK_HEIGHT)


def _groups(paper: Document, event: Event, rows: Sequence[RosterRow], *, beside: Beside, language: str) -> None:
    heads = [N_("No."), N_("Surname and name"), N_("Age"), N_("Department"), N_("Bus"), N_("Size"), N_("Present")]
    for name, members in _parts(rows, lambda row: row.group):
        lines = [
            (str(number), _named(row), _text(row.age), row.department or row.school_class, row.bus, row.size, "")
            for number, row in enumerate(members, start=1)
        ]
        _part(paper, name or gettext("No group yet"), members)
        _table(paper, members, heads, lines, (7, 50, 9, 38, 20, 10, 18), goes_on=True)
    if paper.page:
        _staff(paper, beside.staff, language)


def _sections(paper: Document, event: Event, rows: Sequence[RosterRow], *, beside: Beside, language: str) -> None:
    """Each section begins a page of its own, for whoever leads it."""
    heads = [N_("No."), N_("Surname and name"), N_("Age"), N_("Group"), N_("Department"), N_("Present")]
    for section in (*beside.sections, None):
        here = [row for row in rows if beside.placed.get(row.place_id) == (section.id if section else None)]
        if section is None and not here:
            continue
        lines = [
            (str(number), _named(row), _text(row.age), row.group, row.department or row.school_class, "")
            for number, row in enumerate(here, start=1)
        ]
        paper.add_page()
        _part(paper, in_language(section.name, language) if section else gettext("No section yet"), here)
        if section and (said := _about_section(section, beside)):
            paper.paragraph(said)
        _table(paper, here, heads, lines, (7, 54, 9, 24, 38, 18), goes_on=True)
        _staff(paper, [one for one in beside.staff if one.section in (None, section and section.name)], language)


def _manifest(paper: Document, event: Event, rows: Sequence[RosterRow], *, beside: Beside, language: str) -> None:
    """Each bus begins a page of its own, for its driver and its leader, with the staff who ride in it or in no bus."""
    known = {bus.name: bus for bus in beside.buses}
    heads = [N_("No."), N_("Surname and name"), N_("Age"), N_("Group"), N_("Ticket"), N_("There"), N_("Back")]
    for name, riders in _parts(rows, lambda row: row.bus):
        lines = [
            (str(number), _named(row), _text(row.age), row.group, row.printed_ticket, "", "")
            for number, row in enumerate(riders, start=1)
        ]
        paper.add_page()
        _part(paper, name or gettext("No bus yet"), riders)
        if bus := known.get(name):
            paper.paragraph(_about(bus, event))
        _table(paper, riders, heads, lines, (7, 56, 9, 26, 20, 16, 16), goes_on=True)
        _staff(paper, [one for one in beside.staff if one.bus in ("", name)], language)


def _badges(paper: Document, event: Event, rows: Sequence[RosterRow], *, beside: Beside, language: str) -> None:
    for row, x, y, width in _cells(paper, rows, BADGES):
        room = width - 12
        paper.set_xy(x + 6, y + 7)
        paper.largest(row.given_name or row.surname, room - 27, GIVEN_SIZES)
        paper.cell(room - 27, 14, paper.fitted(row.given_name or row.surname, room - 27))
        paper.set_xy(x + 6, y + 22)
        paper.largest(row.surname, room - 27, SURNAME_SIZES)
        paper.cell(room - 27, 8, paper.fitted(row.surname if row.given_name else "", room - 27))
        paper.set_xy(x + 6, y + 32)
        paper.set_font(FACE, "B", 13)
        paper.cell(room - 27, 7, paper.fitted(" · ".join(filter(None, (row.group, row.bus))), room - 27))
        paper.set_xy(x + 6, y + 43)
        paper.set_font(FACE, "", 8.5)
        paper.set_text_color(*SOFT)
        paper.cell(room, 4, paper.fitted(in_language(event.title, language), room))
        paper.set_text_color(0)
        paper.code(row.ticket, x + width - 32, y + 8, 28)


def _tickets(paper: Document, event: Event, rows: Sequence[RosterRow], *, beside: Beside, language: str) -> None:
    where = in_language(event.meeting_point, language) or in_language(event.site.name, language)
    for row, x, y, width in _cells(paper, rows, TICKETS):
        room, left = width - 12, x + 6
        for top, size, style, text, most in (
            (5, 10, "B", in_language(event.title, language), 1), (10, 9, "", when_of(event, language), 1),
            (15, 9, "", where, 2), (26, 15, "B", row.name, 1),
            (33, 10, "", " · ".join(filter(None, (row.group, row.bus, in_language(row.shift, language)))), 1),
        ):  # fmt: skip
            paper.set_xy(left, y + top)
            paper.set_font(FACE, style, size)
            paper.wrapped(text, room, size * 0.47, most)
        paper.code(row.ticket, x + (width - 40) / 2, y + 38, 40)
        paper.set_xy(left, y + 78)
        paper.set_font(FACE, "B", 14)
        paper.cell(room, 7, row.printed_ticket, align="C")


def _table(
    paper: Document, rows: Sequence[RosterRow], heads: Sequence[str], lines: Sequence[Sequence[str]],
    shares: Sequence[float], *, height: float = 6.2, goes_on: bool = False,
) -> None:  # fmt: skip
    if not goes_on:
        paper.add_page()
        paper.paragraph(_legend(rows))
    paper.lines([gettext(head) for head in heads], lines, shares, height=height)


def _legend(rows: Sequence[RosterRow]) -> str:
    people = gettext(
        "%(n)s people, %(children)s of them under age", n=len(rows), children=sum(r.is_minor for r in rows)
    )
    noted = any(row.has_note for row in rows)
    return people + (". " + gettext("! means an allergy or health note: ask the group's leader") if noted else "")


def _part(paper: Document, name: str, rows: Sequence[RosterRow]) -> None:
    if not paper.page:
        paper.add_page()
    paper.section(name)
    paper.paragraph(_legend(rows))


def _staff(paper: Document, lines: Sequence[StaffLine], language: str, *, signs: bool = False) -> None:
    """Who has a task on the day, with room to sign where that is asked; nothing where nobody has one."""
    if not lines:
        return
    heads, cells = staff_headings(), list(staff_cells(lines, language))
    shares: list[float] = [46, 34, 30, 14, 24, 24, 20]
    if signs:
        kept = heads[:4], [[*row[:4], ""] for row in cells]
        heads, cells, shares = [*kept[0], gettext("Signature")], kept[1], [46, 30, 28, 14, 40]
    paper.section(gettext(STAFF))
    paper.lines(heads, cells, shares, height=9.5 if signs else 6.2)


def _parts(rows: Sequence[RosterRow], key: Callable[[RosterRow], str]) -> Iterable[tuple[str, list[RosterRow]]]:
    """The lines by group or bus, 10 after 9, who is in none at the end."""
    ordered = sorted(rows, key=lambda row: (not key(row), len(key(row)), key(row)))
    return [(name, list(part)) for name, part in groupby(ordered, key=key)]


def _cells(
    paper: Document, rows: Sequence[RosterRow], grid: tuple[int, int]
) -> Iterable[tuple[RosterRow, float, float, float]]:
    """Places of a page to cut up, with hairlines to cut along."""
    across, down = grid
    width, height = (paper.w - 2 * MARGIN) / across, (paper.h - 2 * MARGIN - 4) / down
    for number, row in enumerate(rows):
        at = number % (across * down)
        if at == 0:
            paper.add_page()
        x, y = MARGIN + at % across * width, MARGIN + at // across * height
        paper.set_draw_color(*RULE)
        paper.rect(x, y, width, height)
        yield row, x, y, width


def _about(bus: Bus, event: Event) -> str:
    said = [bus.plate, bus.driver, phone(bus.driver_phone)]
    if bus.seats:
        said.append(gettext("%(n)s seats", n=bus.seats))
    if bus.leader:
        said.append(gettext("Leader: %(name)s", name=bus.leader.short_name))
    return " · ".join(part for part in said if part)


def _about_section(section: Section, beside: Beside) -> str:
    said = [f"{section.length_m} {gettext('m')}"] if section.length_m else []
    if leaders := beside.leaders.get(section.id):
        said.append(gettext("Leader: %(name)s", name=", ".join(leaders)))
    return " · ".join(said)


def _named(row: RosterRow) -> str:
    return f"{row.full_name} !" if row.has_note else row.full_name


def _text(value: int | None) -> str:
    return "" if value is None else str(value)


# How each is drawn, whether it lies on its side, and whether it is bare of a head because it is cut up.
_DRAWN: dict[str, tuple[Callable[..., None], bool, bool]] = {
    "roster": (_roster, True, False),
    "sign-in": (_sign_in, False, False),
    "ticks": (_ticks, False, False),
    "groups": (_groups, False, False),
    "sections": (_sections, False, False),
    "manifest": (_manifest, False, False),
    "badges": (_badges, False, True),
    "tickets": (_tickets, False, True),
}
