"""Reads of the log about one event or one person: who did what, when, and what the values were."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, String, Text, case, cast, literal, or_, select, union_all
from sqlalchemy.orm import aliased

from app.accounts.models import Account
from app.audit.models import AuditEntry, AuditValues
from app.db import db
from app.events.models import Event, Programme, Question, Shift, Site
from app.gifts.models import GiftItem
from app.people.models import City, Institution, Person
from app.rosters.duty_models import Section
from app.rosters.models import Bus, Group
from app.signups.models import InvitationContact
from app.web.paging import Page, page_of

AT_ONCE = 50
FILE_AT_MOST = 50_000
WHO_AT_MOST = 200
NAME = Person.surname + " " + Person.given_name
# What fields point at: {kind: (the key, the name)}; names of some are texts in three languages.
SOURCES: dict[str, tuple[Any, Any]] = {
    "person": (Person.id, case((Person.erased_at.is_(None), NAME), else_="")),
    "site": (Site.id, Site.name),
    "programme": (Programme.id, Programme.name),
    "institution": (Institution.id, Institution.name),
    "event": (Event.id, Event.title),
    "contact": (InvitationContact.id, InvitationContact.name),
    "question": (Question.id, Question.label),
    "shift": (Shift.id, Shift.name),
    "section": (Section.id, Section.name),
    "group": (Group.id, Group.name),
    "bus": (Bus.id, Bus.name),
    "city": (City.slug, City.name),
    "gift": (GiftItem.slug, GiftItem.name),
    "item": (GiftItem.id, GiftItem.name),
}
IDS: dict[str, tuple[str, ...]] = {
    "coordinator_id": ("person",), "person": ("person",), "person_id": ("person",), "leader_id": ("person",),
    "manager_id": ("person",), "guardian": ("person",), "site_id": ("site",), "programme_id": ("programme",),
    "institution_id": ("institution",), "event_id": ("event",), "cloned_from": ("event",), "contact_id": ("contact",),
    "shown_if_id": ("question",), "shift_id": ("shift",), "shift": ("shift",), "section_id": ("section",),
    "group_id": ("group",), "group": ("group",), "bus_id": ("bus",), "bus": ("bus",), "part": ("group", "bus"),
    "city": ("city",), "cities": ("city",), "gifts": ("gift", "item"),
    "kit": ("gift", "item"), "role": ("city", "programme", "event"),
}  # fmt: skip


@dataclass(frozen=True)
class Wanted:
    """What the history is narrowed to; empty means all."""

    who: str = ""
    verb: str = ""
    field: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Choices:
    """What occurs in this history, to choose from."""

    who: Sequence[tuple[str, Person]]
    verbs: Sequence[str]
    fields: Sequence[str]


@dataclass(frozen=True)
class Line:
    """One act: who (None: the system, or somebody erased), for whom, about whom, and what changed.

    `changes` is None where the values were erased; a single value that was erased is missing in it.
    """

    entry: AuditEntry
    who: Person | None
    lender: Person | None
    about: Person | None
    changes: Mapping[str, Any] | None


ALL = Wanted()


def about_event(event: Event) -> ColumnElement[bool]:
    """All that was done to the event, its sign-ups, places, stops, buses."""
    return AuditEntry.event_id == event.id


def about_person(person: Person) -> ColumnElement[bool]:
    """All that was done to the person, their places, login, guardianships."""
    return AuditEntry.person_id == person.id


def history_page(
    about: ColumnElement[bool], wanted: Wanted = ALL, *, cursor: str | None, limit: int = AT_ONCE
) -> Page[Line]:
    """The newest acts first."""
    keys = (AuditEntry.at, AuditEntry.id)
    page = page_of(
        db.session(), _entries(about, wanted, select(AuditEntry)), keys, cursor=cursor, limit=limit, descending=True
    )
    return Page(lines_of(page.items), page.next)


def whole_history(about: ColumnElement[bool], wanted: Wanted = ALL) -> Iterator[Line]:
    """All of it for a file, the newest first, up to 50,000 acts."""
    query = _entries(about, wanted, select(AuditEntry)).order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
    entries = db.session.scalars(query.limit(FILE_AT_MOST)).all()
    for first in range(0, len(entries), 500):
        yield from lines_of(entries[first : first + 500])


def lines_of(entries: Sequence[AuditEntry]) -> list[Line]:
    """The entries with their people and values: one query, however many."""
    actor, lender, about = aliased(Person), aliased(Person), aliased(Person)
    theirs, lenders = aliased(Account), aliased(Account)
    query = (
        select(AuditEntry.id, actor, lender, about, AuditValues.changes)
        .outerjoin(theirs, theirs.id == AuditEntry.actor_account_id)
        .outerjoin(actor, actor.id == theirs.person_id)
        .outerjoin(lenders, lenders.id == AuditEntry.for_account_id)
        .outerjoin(lender, lender.id == lenders.person_id)
        .outerjoin(about, about.id == AuditEntry.person_id)
        .outerjoin(AuditValues, AuditValues.entry_id == AuditEntry.id)
    )
    rows: dict[str, Any] = {
        row[0]: row for row in db.session.execute(query.where(AuditEntry.id.in_([entry.id for entry in entries])))
    }
    return [_line(entry, rows[entry.id]) for entry in entries]


def _line(entry: AuditEntry, row: Any) -> Line:
    return Line(entry, who=row[1], lender=row[2], about=row[3], changes=row[4])


def choices(about: ColumnElement[bool]) -> Choices:
    """Who and what occurs in it."""
    acted = select(AuditEntry.actor_account_id).where(about)
    names = select(Account.id, Person).join(Person, Person.id == Account.person_id).where(Account.id.in_(acted))
    who = db.session.execute(names.order_by(Person.name_sort, Person.id).limit(WHO_AT_MOST)).all()
    verbs = db.session.scalars(select(AuditEntry.verb).where(about).distinct()).all()
    lists = db.session.scalars(select(AuditEntry.fields).where(about).distinct().limit(500))
    return Choices(
        [(account_id, person) for account_id, person in who],
        verbs,
        sorted({field for fields in lists for field in fields}),
    )


@dataclass(frozen=True)
class Name:
    """What an id in an act points at: its kind, and its name, of some in three languages."""

    kind: str
    name: Any


def names_in(lines: Sequence[Line]) -> dict[str, Name]:
    """{id: its name} of all that the changed fields point at, in one query."""
    wanted: dict[str, set[str]] = {}
    for line in lines:
        for field, values in (line.changes or {}).items():
            for kind, id_ in _pointed(field, values):
                wanted.setdefault(kind, set()).add(id_)
    parts = [_names_of(kind, ids) for kind, ids in wanted.items()]
    if not parts:
        return {}
    return {id_: Name(kind, _read(name)) for kind, id_, name in db.session.execute(union_all(*parts))}


def _pointed(field: str, value: Any) -> Iterator[tuple[str, str]]:
    """(kind, id) of everything in a value that may be one, in lists and rows too."""
    if isinstance(value, list):
        for one in value:
            yield from _pointed(field, one)
    elif isinstance(value, dict):
        for name, one in value.items():
            yield from _pointed(name, one)
    elif isinstance(value, str) and value:
        parts = scope_of(value) if field == "role" else [value]
        yield from ((kind, part) for kind in IDS.get(field, ()) for part in parts)


def scope_of(role: str) -> list[str]:
    """Where a role holds: "coordinator balkhash" names a city, "helper ::abc" an event."""
    return [part for part in role.partition(" ")[2].split(":") if part]


def _names_of(kind: str, ids: set[str]) -> Select[Any]:
    key, name = SOURCES[kind]
    return select(literal(kind), key, cast(name, String)).where(key.in_(sorted(ids)))


def _read(name: str) -> Any:
    return json.loads(name) if name.startswith("{") else name.strip()


def _entries(about: ColumnElement[bool], wanted: Wanted, query: Select[AuditEntry]) -> Select[AuditEntry]:
    query = query.where(about)
    if wanted.who == "system":
        query = query.where(AuditEntry.actor_account_id.is_(None))
    elif wanted.who:
        query = query.where(or_(AuditEntry.actor_account_id == wanted.who, AuditEntry.for_account_id == wanted.who))
    if wanted.verb:
        query = query.where(AuditEntry.verb == wanted.verb)
    if wanted.field:
        query = query.where(cast(AuditEntry.fields, Text).contains(f'"{wanted.field}"', autoescape=True))
    if wanted.since:
        query = query.where(AuditEntry.at >= wanted.since)
    return query.where(AuditEntry.at < wanted.until) if wanted.until else query
