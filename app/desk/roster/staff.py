"""Who has a task on the day, with a seat or without one: for the part of every list that names the staff."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from flask_babel import gettext
from sqlalchemy import ColumnElement, ScalarSelect, and_, func, or_, select
from sqlalchemy.orm import aliased

from app.db import Texts, db
from app.errors import N_
from app.events.models import Event, Shift
from app.people.models import Person
from app.rosters.duty_forms import role_name
from app.rosters.duty_models import Duty, Need, Section
from app.rosters.duty_standing import standing
from app.rosters.models import Bus
from app.signups.models import Place
from app.web.tables import Part
from app.web.words import in_language, phone

DIGITS = 10
NAME = N_("Staff of the day")
HEADINGS = (
    N_("Surname and name"), N_("Task"), N_("Phone"), N_("Bus"), N_("Section"), N_("Shift"), N_("Seat"),
)  # fmt: skip


class StaffLine(NamedTuple):
    """One task of one person. The bus is the one that they ride in, lead, or are called in as its driver."""

    name: str
    need: Need
    phone: str
    bus: str
    section: Texts | None
    shift: Texts | None
    has_seat: bool


def staff_lines(event: Event) -> list[StaffLine]:
    """Everybody who is in or comes to work, by name; one query."""
    query = standing(select(Person, Need, Place.id, func.coalesce(Bus.name, _bus_of()), Section.name, Shift.name))
    query = query.outerjoin(Bus, Bus.id == Place.bus_id)
    query = query.outerjoin(Section, Section.id == func.coalesce(Need.section_id, Place.section_id))
    query = query.outerjoin(Shift, Shift.id == func.coalesce(Need.shift_id, Place.shift_id))
    query = query.where(Need.event_id == event.id).order_by(Person.name_sort, Person.id, Need.position, Duty.id)
    return [
        StaffLine(person.full_name, need, person.phone or "", bus or "", section, shift, place_id is not None)
        for person, need, place_id, bus, section, shift in db.session.execute(query)
    ]


def staff_part(event: Event, language: str) -> list[Part]:
    """The part of a spreadsheet that names them; none where nobody has a task."""
    lines = staff_lines(event)
    return [Part(gettext(NAME), staff_headings(), list(staff_cells(lines, language)))] if lines else []


def staff_headings() -> list[str]:
    """The heads of the columns."""
    return [gettext(heading) for heading in HEADINGS]


def staff_cells(lines: Sequence[StaffLine], language: str) -> Iterator[list[str]]:
    """The lines under these heads."""
    for line in lines:
        where = (line.bus, in_language(line.section, language), in_language(line.shift, language))
        seat = gettext("has a seat") if line.has_seat else gettext("without a seat")
        yield [line.name, role_name(line.need, language), phone(line.phone), *where, seat]


def _bus_of() -> ScalarSelect[str | None]:
    """The bus that somebody leads, or on which their telephone stands as the driver's."""
    other = aliased(Bus)
    calls = and_(_number(other.driver_phone) == _number(Person.phone), func.length(_number(Person.phone)) == DIGITS)
    query = select(func.min(other.name)).where(other.event_id == Need.event_id, other.closed_at.is_(None))
    return query.where(or_(other.leader_id == Person.id, calls)).correlate(Need, Person).scalar_subquery()


def _number(phone: Any) -> ColumnElement[str]:
    """Its digits without the first, which is written +7 or 8; a driver's is kept as it was typed."""
    for sign in "+ -()":
        phone = func.replace(phone, sign, "")
    return func.substr(phone, 2)
