"""Reads of the log about one event or one person: who did what, when, and what the values were."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, cast, or_, select
from sqlalchemy.orm import aliased

from app.accounts.models import Account
from app.audit.models import AuditEntry, AuditValues
from app.db import db
from app.events.models import Event, Programme, Site
from app.people.models import Institution, Person
from app.web.paging import Page, page_of

AT_ONCE = 50
FILE_AT_MOST = 50_000
WHO_AT_MOST = 200
# Which fields hold an id, and of what.
IDS: dict[str, type[Any]] = {
    "coordinator_id": Person, "person": Person, "person_id": Person, "leader_id": Person, "manager_id": Person,
    "site_id": Site, "programme_id": Programme, "institution_id": Institution, "event_id": Event,
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


def names_in(lines: Sequence[Line]) -> dict[str, Any]:
    """{id: row} of what the changed fields point at: a query for each kind of thing that occurs."""
    wanted: dict[type[Any], set[str]] = {}
    for line in lines:
        for field, values in (line.changes or {}).items():
            if model := IDS.get(field):
                wanted.setdefault(model, set()).update(str(value) for value in values if value)
    found: dict[str, Any] = {}
    for model, ids in wanted.items():
        found |= {row.id: row for row in db.session.scalars(select(model).where(model.id.in_(ids)))}
    return found


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
