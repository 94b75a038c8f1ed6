"""Safety of an event's day for those who answer for it: briefings with signatures, incidents, what is lent."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.accounts.models import Account
from app.attendance.incident_models import Incident
from app.consents.briefing_models import Briefing, BriefingSignature
from app.db import db
from app.events.models import Event
from app.people.models import Person
from app.people.names import fold
from app.rosters.models import Group
from app.signups.models import Place

SHOWN = 60  # names that one looks through
MOST = 200  # names that one chooses from


@dataclass(frozen=True, slots=True)
class Signed:
    """Somebody with a seat; `signature` is the id of that for the newest version that concerns them, `older` says that
    only an older one is signed."""

    place_id: str
    name: str
    group: str
    signature: str | None
    older: bool


@dataclass(frozen=True, slots=True)
class Signatures:
    """Who signed, a page of them, and who did not, the first of them; with how many there are of both."""

    signed: Sequence[tuple[Signed, BriefingSignature]]
    signed_count: int
    unsigned: Sequence[Signed]
    unsigned_count: int
    page: int
    is_last: bool


@dataclass(frozen=True, slots=True)
class Held:
    """One briefing: of which group (everybody where it names none), by whom it was written down."""

    row: Briefing
    group: str
    by: str


@dataclass(frozen=True, slots=True)
class Report:
    """An incident with names; `corrected_by` is a newer report about the same."""

    row: Incident
    people: Sequence[str]
    by: str
    corrected_by: str | None


def briefings_of(event: Event) -> list[Held]:
    """All at the event's place, the newest first."""
    query = (
        select(Briefing, Group.name, Person)
        .outerjoin(Group, Group.id == Briefing.group_id)
        .outerjoin(Account, Account.id == Briefing.given_by_id)
        .outerjoin(Person, Person.id == Account.person_id)
        .where(Briefing.event_id == event.id, Briefing.site_id == event.site_id)
    )
    rows = db.session.execute(query.order_by(Briefing.given_at.desc(), Briefing.id))
    return [Held(row.Briefing, row.name or "", row.Person.short_name if row.Person else "") for row in rows]


def signatures_of(event: Event, *, page: int = 1) -> Signatures:
    """The signatures of an event; what was drawn is read for one page alone."""
    people = signed_of_event(event)
    signed = [one for one in people if one.signature]
    unsigned = [one for one in people if not one.signature]
    first = (max(1, page) - 1) * SHOWN
    shown = signed[first : first + SHOWN]
    query = select(BriefingSignature).where(BriefingSignature.id.in_([one.signature for one in shown]))
    rows = {row.id: row for row in db.session.scalars(query)} if shown else {}
    return Signatures(
        signed=[(one, rows[one.signature]) for one in shown if one.signature],
        signed_count=len(signed),
        unsigned=unsigned[:SHOWN],
        unsigned_count=len(unsigned),
        page=max(1, page),
        is_last=first + SHOWN >= len(signed),
    )


def signed_of_event(event: Event) -> list[Signed]:
    """Everybody with a seat, by name: who signed the briefing that concerns them."""
    wanted = _versions(event)
    signatures: dict[str, dict[str, str]] = {}
    one = BriefingSignature
    for row in db.session.execute(select(one.id, one.place_id, one.version).where(one.event_id == event.id)):
        signatures.setdefault(row.place_id, {})[row.version] = row.id
    query = (
        select(Place.id, Place.group_id, Person.surname, Person.given_name, Person.patronymic, Group.name)
        .join(Person, Person.id == Place.person_id)
        .outerjoin(Group, Group.id == Place.group_id)
        .where(Place.event_id == event.id, Place.status == "confirmed")
        .order_by(Person.name_sort, Place.id)
    )
    return [_signed(row, signatures.get(row.id, {}), wanted) for row in db.session.execute(query)]


def incidents_of(event: Event) -> list[Report]:
    """All, the newest first, those that were taken back too."""
    query = (
        select(Incident, Person)
        .outerjoin(Account, Account.id == Incident.reported_by_id)
        .outerjoin(Person, Person.id == Account.person_id)
        .where(Incident.event_id == event.id)
        .order_by(Incident.at.desc(), Incident.id)
    )
    rows = list(db.session.execute(query))
    names = _names({place_id for row in rows for place_id in row.Incident.people})
    corrected = {row.Incident.corrects_id: row.Incident.id for row in rows if row.Incident.undone_at is None}
    return [
        Report(
            row.Incident,
            [names[place_id] for place_id in row.Incident.people if place_id in names],
            row.Person.short_name if row.Person else "",
            corrected.get(row.Incident.id),
        )
        for row in rows
    ]


def people_of(event: Event, *, q: str = "", chosen: Collection[str] = ()) -> list[tuple[str, str]]:
    """[(place's id, name)] of those with a seat whose name fits, by name, `MOST` at most; before them those chosen."""
    seated = select(Place.id, Person).join(Person, Person.id == Place.person_id)
    seated = seated.where(Place.event_id == event.id, Place.status == "confirmed").order_by(Person.name_sort, Place.id)
    found = seated.limit(MOST + len(chosen))
    for word in fold(q).split():
        found = found.where(Person.name_search.contains(f" {word}", autoescape=True))
    rows = list(db.session.execute(found))
    if missing := set(chosen) - {row.id for row in rows}:
        rows = [*db.session.execute(seated.where(Place.id.in_(missing))), *rows]
    return [(row.id, row.Person.full_name) for row in rows]


def _versions(event: Event) -> dict[str | None, Briefing]:
    """{group's id, None for everybody: its newest briefing}."""
    query = select(Briefing).where(Briefing.event_id == event.id, Briefing.site_id == event.site_id)
    rows = db.session.scalars(query.order_by(Briefing.given_at, Briefing.id))
    return {row.group_id: row for row in rows}


def _signed(row: Any, signatures: dict[str, str], wanted: dict[str | None, Briefing]) -> Signed:
    concern = [one for one in (wanted.get(None), wanted.get(row.group_id)) if one]
    newest = max(concern, key=lambda one: one.given_at, default=None)
    found = signatures.get(newest.version) if newest else None
    name = " ".join(part for part in (row.surname, row.given_name, row.patronymic) if part)
    return Signed(row.id, name, row.name or "", found, found is None and bool(signatures))


def _names(place_ids: set[str]) -> dict[str, str]:
    query = select(Place.id, Person).join(Person, Person.id == Place.person_id).where(Place.id.in_(place_ids))
    return {row.id: row.Person.full_name for row in db.session.execute(query)} if place_ids else {}
