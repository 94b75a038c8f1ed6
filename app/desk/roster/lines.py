"""The lines of a roster as statements: one line's columns, what filters mean, in which order lines stand.

Built once as constants: building a statement costs more than the database needs for a page of it.
"""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, exists, false, func, or_, select
from sqlalchemy.orm import Bundle, aliased

from app.attendance.queries import attendance_is
from app.attendance.states import STATES
from app.attendance.tickets import is_ticket_code, ticket_code
from app.consents.queries import consent_states
from app.desk.roster.models import PlaceLabel, PlaceNote
from app.desk.roster.roster import NONE, RosterFilter
from app.events.models import Event, Shift
from app.people.models import Guardianship, Institution, MedicalNote, Person
from app.people.names import fold
from app.rosters.models import Bus, Group
from app.signups.models import PLACE_STATUSES, STANDING, Place

UNKNOWN_DAY = date(1800, 1, 1)
DOWN_FIRST = ("age", "newest")  # the youngest, and who came last, stand first
BETWEEN = "\n"  # what no label holds
LABELS = (
    select(func.aggregate_strings(PlaceLabel.label, BETWEEN)).where(PlaceLabel.place_id == Place.id).scalar_subquery()
)
NOTES = select(func.count(PlaceNote.id)).where(PlaceNote.place_id == Place.id).scalar_subquery()
HAS_HEALTH = or_(Place.medical_note.is_not(None), exists().where(MedicalNote.person_id == Place.person_id))
# Columns in a bundle rather than whole rows: half the time for a page of hundreds.
LINE: Bundle[Any] = Bundle(
    "line",
    Place.id, Place.person_id, Place.group_id, Place.role, Place.status, Place.ticket,
    Place.tshirt_size.label("size_here"), Place.diet, Person.tshirt_size.label("own_size"),
    Person.kind, Person.surname, Person.given_name, Person.patronymic, Person.birth_date, Person.city,
    Person.personnel_number, Person.department, Person.school_class,
    Group.name.label("group"), Bus.name.label("bus"), Shift.name.label("shift"),
    LABELS.label("labels"), NOTES.label("notes"), HAS_HEALTH.label("has_health"),
)  # fmt: skip
LINES: Select[Any] = (
    select(LINE)
    .select_from(Place)
    .join(Person, Person.id == Place.person_id)
    .outerjoin(Group, Group.id == Place.group_id)
    .outerjoin(Bus, Bus.id == Place.bus_id)
    .outerjoin(Shift, Shift.id == Place.shift_id)
)
# What a page chooses its lines by, without what it shows of them: the database sorts these thousands.
IDS: Select[Any] = select(Place.id).select_from(Place).join(Person, Person.id == Place.person_id)
NAME = (Person.name_sort, Place.id)
Keys = tuple[SQLColumnExpression[Any], ...]


def keys_of(sort: str) -> Keys:
    """What lines stand in the order of; the names last, so that equals stand in the order of the alphabet."""
    keys: dict[str, Keys] = {
        "status": (Place.status,),
        "group": _counted(Group.name),
        "bus": _counted(Bus.name),
        "department": (Person.department,),
        "age": (func.coalesce(Person.birth_date, UNKNOWN_DAY),),
        "number": _counted(Person.personnel_number),
        "newest": (Place.created_at,),
    }
    return (*keys.get(sort, ()), *NAME)


def _counted(column: Any) -> Keys:
    """Names with numbers: 10 stands after 9, and what is not named before them, on every database."""
    named = func.coalesce(column, "")
    return func.length(named), named


def ids_in_order(event: Event, wanted: RosterFilter, sort: str) -> Select[Any]:
    """The places that are asked for, with nothing of them; to be ordered and cut by the caller."""
    query = IDS.where(Place.event_id == event.id, *conditions(event, wanted))
    if sort == "group":
        query = query.outerjoin(Group, Group.id == Place.group_id)
    return query.outerjoin(Bus, Bus.id == Place.bus_id) if sort == "bus" else query


def conditions(event: Event, wanted: RosterFilter) -> list[ColumnElement[bool]]:
    """What a filter means, on places joined with their people."""
    found = []
    if wanted.q.strip():
        found.append(_matches(wanted.q))
    if wanted.status in PLACE_STATUSES:
        found.append(Place.status == wanted.status)
    if wanted.attendance in STATES:
        found += [attendance_is(wanted.attendance), Place.status == "confirmed"]
    for column, asked in (
        (Place.group_id, wanted.group), (Place.bus_id, wanted.bus), (Place.shift_id, wanted.shift),
    ):  # fmt: skip
        if asked:
            found.append(column.is_(None) if asked == NONE else column == asked)
    return found + _about_people(event, wanted)


def _about_people(event: Event, wanted: RosterFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.city:
        found.append(Person.city == wanted.city)
    if wanted.department.strip():
        found.append(Person.department.contains(wanted.department.strip(), autoescape=True))
    if wanted.label:
        found.append(exists().where(PlaceLabel.place_id == Place.id, PlaceLabel.label == wanted.label))
    if wanted.consent == "missing":
        agreed = list(consent_states(event))
        found += [Person.minors_on(event.local_date), Place.status.in_(STANDING), Place.person_id.not_in(agreed)]
    if wanted.reach == NONE:
        found += [_is_out_of_reach(event), Place.status.in_(STANDING)]
    return found


def _is_out_of_reach(event: Event) -> ColumnElement[bool]:
    """Nobody has an address to which a letter about them could go, as people/recipients.py finds readers."""
    guardian = aliased(Person)
    decides = (
        select(Guardianship.id)
        .join(guardian, guardian.id == Guardianship.guardian_id)
        .where(Guardianship.child_id == Person.id, Guardianship.ended_at.is_(None), guardian.deactivated_at.is_(None))
        .correlate(Person)
    )
    sends = select(Institution.id).where(Institution.id == Person.institution_id, _filled(Institution.contact_email))
    by_institution = ~decides.exists() & sends.correlate(Person).exists()
    by_guardian = decides.where(_filled(guardian.email)).exists()
    minor = Person.minors_on(event.local_date)
    return or_(minor & ~by_guardian & ~by_institution, ~func.coalesce(minor, false()) & ~_filled(Person.email))


def _filled(column: Any) -> ColumnElement[bool]:
    return and_(column.is_not(None), column != "")


def _matches(q: str) -> ColumnElement[bool]:
    """Every word begins a name or the personnel number; or it is a ticket code."""
    found = []
    if words := fold(q).split():
        searched = " " + Person.name_search
        found.append(and_(*(searched.contains(f" {word}", autoescape=True) for word in words)))
    if is_ticket_code(code := ticket_code(q)):
        found.append(Place.ticket == code)
    return or_(false(), *found)


def of_places(place_ids: Collection[str]) -> Select[Any]:
    """The lines of these places, by name."""
    return LINES.where(Place.id.in_(place_ids)).order_by(*NAME)
