"""Reads of follow-ups: the board, one with its history, an event's for the protocol, one's own."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, cast, false, func, or_, select, true
from sqlalchemy.orm import joinedload

from app.accounts.actor import COORDINATOR, Actor, Scope
from app.accounts.models import Account
from app.db import db
from app.errors import NotFound
from app.events.models import Event
from app.events.queries import managed_by
from app.impact.follow_up.policy import can_follow_up
from app.impact.follow_up.readers import FollowUp, with_its_own
from app.people.models import Person
from app.tasks.models import DONE, DROPPED, INSTRUCTION, OPEN, STATES, WORKING, Task, TaskEntry
from app.web.dates import local_date
from app.web.paging import Page, page_of

CARDS, PER_PAGE, EVENTS_TO_CHOOSE, OWN_AT_ONCE = 12, 40, 100, 100
NOBODY, COLLEAGUE, OUTSIDE = "nobody", "person:", "outside:"
LAST_DAY = "9999-12-31"  # what has no day comes after all that has one

CONDITIONS: Mapping[str, ColumnElement[bool]] = {
    OPEN: and_(Task.done_at.is_(None), Task.started_at.is_(None)),
    WORKING: and_(Task.done_at.is_(None), Task.started_at.is_not(None)),
    DONE: and_(Task.done_at.is_not(None), Task.dropped_at.is_(None)),
    DROPPED: Task.dropped_at.is_not(None),
}
BY_DAY: tuple[Any, ...] = (func.coalesce(cast(Task.due_on, String), LAST_DAY), Task.id)
LATEST: tuple[Any, ...] = (Task.done_at, Task.id)


@dataclass(frozen=True)
class Filters:
    """What the board shows; `owner` is "person:ID", "outside:NAME" or "nobody"."""

    city: str = ""
    event_id: str = ""
    owner: str = ""
    late: bool = False
    unreached: bool = False

    @property
    def chosen(self) -> bool:
        """Whether anything is filtered at all."""
        return self != Filters()


@dataclass(frozen=True)
class Column:
    """One state: how many there are in all, and the first of them."""

    state: str
    count: int
    cards: Sequence[FollowUp] = ()
    next: str | None = None


@dataclass(frozen=True)
class Board:
    """The columns; `late` and `unreached` are counted among what is shown."""

    columns: Sequence[Column]
    late: int
    unreached: int
    today: date


@dataclass(frozen=True)
class Line:
    """One entry of the history and who made it; empty where the clock did."""

    entry: TaskEntry
    by: str = ""


@dataclass(frozen=True)
class Choices:
    """What the filters offer."""

    events: Sequence[Event] = ()
    owners: Sequence[tuple[str, str]] = field(default=())
    has_nobody: bool = False


def board(actor: Actor, filters: Filters, *, state: str = "", cursor: str | None = None, now: datetime) -> Board:
    """All columns with their first cards, or one state in pages. Raises Invalid for a forged cursor."""
    today = local_date(now)
    shown = _shown(actor, filters, today)
    late = and_(Task.done_at.is_(None), Task.due_on < today)
    unreached = and_(Task.done_at.is_(None), Task.unreached_at.is_not(None))
    figures = [CONDITIONS[one] for one in STATES] + [late, unreached]
    counted = db.session.execute(select(*(func.count().filter(figure) for figure in figures)).where(*shown)).one()
    pages = {
        one: _cards(shown, one, cursor=cursor if state else None, limit=PER_PAGE if state else CARDS)
        for one in STATES
        if one == state or (not state and counted[STATES.index(one)])
    }
    told = follow_ups([task for page in pages.values() for task in page.items])
    columns = [
        Column(one, counted[n], [told[task.id] for task in pages[one].items], pages[one].next)
        if one in pages
        else Column(one, counted[n])
        for n, one in enumerate(STATES)
        if not state or one == state
    ]
    return Board(columns, late=counted[len(STATES)], unreached=counted[len(STATES) + 1], today=today)


def choices(actor: Actor) -> Choices:
    """Events and owners of which there are follow-ups that this actor sees."""
    seen = (Task.kind == INSTRUCTION, visible_to(actor))
    query = select(Event).where(Event.id.in_(select(Task.event_id).where(*seen))).order_by(Event.starts_at.desc())
    events = db.session.scalars(query.limit(EVENTS_TO_CHOOSE)).all()
    named = select(Task.owner_id, Task.owner).where(*seen).distinct()
    rows = db.session.execute(named.order_by(Task.owner).limit(500)).all()
    people = _people(row[0] for row in rows)
    owners = [(f"{COLLEAGUE}{one.id}", one.short_name) for one in people.values()]
    owners += [(f"{OUTSIDE}{name}", name) for owner_id, name in rows if name and not owner_id]
    return Choices(events, owners, any(not owner_id and not name for owner_id, name in rows))


def follow_up_to_manage(actor: Actor, task_id: str) -> FollowUp:
    """One follow-up with its own; raises NotFound for those of others."""
    task = db.session.get(Task, task_id)
    if task is None or task.kind != INSTRUCTION:
        raise NotFound
    one = with_its_own(task)
    if not can_follow_up(actor, city=task.city, event=one.event):
        raise NotFound
    return one


def history_of(one: FollowUp) -> list[Line]:
    """All that was done, the latest first, with the names of who did it."""
    query = (
        select(TaskEntry, Person)
        .outerjoin(Account, Account.id == TaskEntry.account_id)
        .outerjoin(Person, Person.id == Account.person_id)
        .where(TaskEntry.task_id == one.task.id)
        .order_by(TaskEntry.at.desc(), TaskEntry.id)
    )
    return [Line(entry, _author(one, entry, person)) for entry, person in db.session.execute(query)]


def entry_with_file(task: Task, entry_id: str) -> TaskEntry:
    """The line of this follow-up that a file hangs on; raises NotFound."""
    entry = db.session.get(TaskEntry, entry_id)
    if entry is None or entry.task_id != task.id or entry.file_key is None:
        raise NotFound
    return entry


def of_event(event: Event) -> list[FollowUp]:
    """All follow-ups of an event, in the order in which they were given."""
    query = select(Task).where(Task.event_id == event.id, Task.kind == INSTRUCTION)
    tasks = db.session.scalars(query.order_by(Task.created_at, Task.key)).all()
    return list(follow_ups(tasks).values())


def last_words(task_ids: Collection[str]) -> dict[str, TaskEntry]:
    """{task's id: the latest line in which somebody wrote something}."""
    query = select(TaskEntry).where(TaskEntry.task_id.in_(task_ids), TaskEntry.note != "")
    return {entry.task_id: entry for entry in db.session.scalars(query.order_by(TaskEntry.at, TaskEntry.id))}


def own_follow_ups(person_id: str) -> list[FollowUp]:
    """What this person is to do, the soonest first; the latest that are over after it."""
    mine = select(Task).where(Task.owner_id == person_id, Task.kind == INSTRUCTION)
    ahead = db.session.scalars(mine.where(Task.done_at.is_(None)).order_by(*BY_DAY).limit(OWN_AT_ONCE)).all()
    over = mine.where(Task.done_at.is_not(None)).order_by(Task.done_at.desc(), Task.id).limit(10)
    return list(follow_ups([*ahead, *db.session.scalars(over)]).values())


def events_to_name(actor: Actor, *, beside: str | None = None) -> Sequence[Event]:
    """The latest events of which this actor may write a follow-up down, and the one that it belongs to."""
    query = select(Event).join(Event.site).options(joinedload(Event.site))
    query = query.where(or_(managed_by(actor), Event.id == beside), Event.status != "draft")
    return db.session.scalars(query.order_by(Event.starts_at.desc(), Event.id).limit(EVENTS_TO_CHOOSE)).all()


def follow_ups(tasks: Iterable[Task]) -> dict[str, FollowUp]:
    """{task's id: it with its event and owner}, in the same order: two questions whatever their number."""
    rows = list(tasks)
    people = _people(task.owner_id for task in rows)
    ids = {task.event_id for task in rows if task.event_id}
    found = db.session.scalars(select(Event).options(joinedload(Event.site)).where(Event.id.in_(ids))) if ids else ()
    events = {event.id: event for event in found}
    return {task.id: FollowUp(task, events.get(task.event_id or ""), people.get(task.owner_id or "")) for task in rows}


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The condition on Task that this actor coordinates where it belongs to."""
    if actor.is_admin:
        return true()
    return or_(false(), *(_within(scope) for scope in actor.scopes if scope.role == COORDINATOR))


def _within(scope: Scope) -> ColumnElement[bool]:
    of_programme = select(Event.id).where(Event.programme_id == scope.programme_id)
    return and_(
        true(),
        *([Task.city == scope.city] if scope.city else []),
        *([Task.event_id.in_(of_programme)] if scope.programme_id else []),
        *([Task.event_id == scope.event_id] if scope.event_id else []),
    )


def _shown(actor: Actor, filters: Filters, today: date) -> list[ColumnElement[bool]]:
    wanted = [Task.kind == INSTRUCTION, visible_to(actor)]
    if filters.city:
        wanted.append(Task.city == filters.city)
    if filters.event_id:
        wanted.append(Task.event_id == filters.event_id)
    if filters.owner == NOBODY:
        wanted += [Task.owner_id.is_(None), Task.owner == ""]
    elif filters.owner.startswith(COLLEAGUE):
        wanted.append(Task.owner_id == filters.owner.removeprefix(COLLEAGUE))
    elif filters.owner:
        wanted.append(Task.owner == filters.owner.removeprefix(OUTSIDE))
    if filters.late:
        wanted += [Task.done_at.is_(None), Task.due_on < today]
    if filters.unreached:
        wanted += [Task.done_at.is_(None), Task.unreached_at.is_not(None)]
    return wanted


def _cards(shown: Sequence[ColumnElement[bool]], state: str, *, cursor: str | None, limit: int) -> Page[Task]:
    """What is ahead by its day, what is over with the latest first."""
    is_over = state in (DONE, DROPPED)
    query: Select[Any] = select(Task).where(*shown, CONDITIONS[state])
    keys = LATEST if is_over else BY_DAY
    return page_of(db.session(), query, keys, cursor=cursor, limit=limit, descending=is_over)


def _people(ids: Iterable[str | None]) -> dict[str, Person]:
    wanted = {one for one in ids if one}
    query = select(Person).where(Person.id.in_(wanted)).order_by(Person.name_sort, Person.id)
    return {person.id: person for person in db.session.scalars(query)} if wanted else {}


def _author(one: FollowUp, entry: TaskEntry, person: Person | None) -> str:
    if person is not None:
        return person.short_name
    return one.owner_name if entry.by_owner else ""
