"""The people of an event as a phone takes them along. Rows are put together as text: ten thousand dicts cost more time
than the database needs for them.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from json.encoder import encode_basestring as quoted
from typing import Any

from sqlalchemy import bindparam, select

from app.consents.queries import consent_states
from app.db import db
from app.desk.phone.taking_along import Taker
from app.desk.roster.lines import HAS_HEALTH
from app.events.models import Event
from app.people import ages
from app.people.models import Person
from app.signups.models import STANDING, Place, SignUp

PLACES: Any = (
    select(
        Place.id, Place.person_id, Place.ticket, Place.status, Place.role, Place.group_id, Place.bus_id,
        Place.signup_id, SignUp.brigade_id, Place.tshirt_size.label("size_here"), Person.tshirt_size, Person.surname,
        Person.given_name, Person.patronymic, Person.kind, Person.birth_date, Person.personnel_number,
        Person.department, Person.school_class, HAS_HEALTH.label("has_health"),
    )
    .join(Person, Person.id == Place.person_id)
    .join(SignUp, SignUp.id == Place.signup_id)
    .where(Place.event_id == bindparam("event_id"))
    .order_by(Person.name_sort, Place.id)
)  # fmt: skip


def places_text(event: Event, taker: Taker, groups: Mapping[str, int], buses: Mapping[str, int]) -> str:
    """All places as a JSON list; `groups` and `buses` are {id: its number in the snapshot}."""
    rows = db.session.connection().execute(PLACES, {"event_id": event.id}).all()
    told = _Rows(event.local_date, taker, frozenset(consent_states(event)), groups, buses)
    return f"[{','.join(map(told.text, rows))}]"


class _Rows:
    """What is the same for all rows, and the numbers that parties and brigades get on the way."""

    def __init__(
        self, day: date, taker: Taker, agreed: Collection[str], groups: Mapping[str, int], buses: Mapping[str, int]
    ) -> None:
        self.day, self.agreed, self.groups, self.buses = day, agreed, groups, buses
        self.sees_all, self.sees_signs, self.holds = taker.sees_all, taker.sees_signs, taker.charge.holds
        self.parties: dict[str, int] = {}
        self.brigades: dict[str, int] = {}

    def text(self, row: Any) -> str:
        """One row; to whoever leads others their name and code alone."""
        (id_, person_id, ticket, status, role, group_id, bus_id, signup_id, brigade_id, size, own_size, surname,
         given_name, patronymic, kind, born, number, department, school_class, has_health) = row  # fmt: skip
        text = f'{{"id":"{id_}","ticket":"{ticket}","surname":{quoted(surname)},"given_name":{quoted(given_name)}'
        if status != "confirmed":
            text += f',"status":"{status}"'
        if group_id in self.groups:
            text += f',"group":{self.groups[group_id]}'
        if bus_id in self.buses:
            text += f',"bus":{self.buses[bus_id]}'
        is_minor = ages.is_minor(born, kind, self.day)
        if is_minor:
            text += ',"child":1'
        if not (self.sees_all or self.holds(group_id, bus_id)):
            return text + ',"own":false}'
        lacks = is_minor and status in STANDING and person_id not in self.agreed
        if (lacks or has_health) and (self.sees_signs or self.holds(group_id, bus_id)):
            text += _flags(lacks, has_health)
        text += self._party(signup_id, brigade_id)
        if is_minor and born:
            text += f',"age":{ages.age_on(born, self.day)}'
        return text + _rest(patronymic, number, role, size or own_size, school_class or department) + "}"

    def _party(self, signup_id: str, brigade_id: str | None) -> str:
        text = f',"party":{self.parties.setdefault(signup_id, len(self.parties))}'
        if brigade_id:
            text += f',"brigade":{self.brigades.setdefault(brigade_id, len(self.brigades))}'
        return text


def _rest(patronymic: str, number: str | None, role: str, size: str, about: str) -> str:
    text = f',"patronymic":{quoted(patronymic)}' if patronymic else ""
    if number:
        text += f',"number":{quoted(number)}'
    if role != "participant":
        text += f',"role":"{role}"'
    if size:
        text += f',"size":{quoted(size)}'
    return f'{text},"about":{quoted(about)}' if about else text


def _flags(lacks_consent: bool, has_health: bool) -> str:
    flags = [name for name, is_set in (("consent", lacks_consent), ("health", has_health)) if is_set]
    return ',"flags":[' + ",".join(f'"{flag}"' for flag in flags) + "]"


def numbered(ids: Iterable[str]) -> dict[str, int]:
    """{id: its number}, in this order."""
    return {id_: number for number, id_ in enumerate(ids)}
