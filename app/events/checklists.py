"""What is to be done before an event: adding, ticking off, taking back, taking away; and reading it."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager

from app.accounts.actor import Actor
from app.audit.operations import record
from app.db import Texts, db, lock, transaction
from app.errors import N_, DomainError, Invalid, NotFound, require
from app.events.models import ChecklistItem, Event
from app.events.policy import can_manage_event
from app.events.queries import event_to_manage

MOST_ITEMS, LONGEST_TEXT, MOST_DAYS = 60, 300, 365


class TooManyItems(DomainError):
    """Nobody reads a longer list."""

    type = "too-many-items"
    message = N_("A checklist has up to %(most)s lines.")


def checklist_of(event_id: str) -> Sequence[ChecklistItem]:
    """The list, what is due first at its head, each line with its event."""
    query = _items().where(ChecklistItem.event_id == event_id)
    return db.session.scalars(query.order_by(ChecklistItem.days_before.desc(), ChecklistItem.id)).all()


def overdue_items(event_ids: Iterable[str], *, today: date) -> dict[str, int]:
    """{event: how many lines are late}, for many events at once."""
    query = _items().where(ChecklistItem.event_id.in_(event_ids), ChecklistItem.done_at.is_(None))
    late = [item.event_id for item in db.session.scalars(query) if item.is_overdue_on(today)]
    return {event_id: late.count(event_id) for event_id in late}


def item_to_manage(actor: Actor, item_id: str) -> ChecklistItem:
    """A line, for those who plan its event; raises NotFound, NotAllowed."""
    item = db.session.get(ChecklistItem, item_id)
    if item is None:
        raise NotFound
    event_to_manage(actor, item.event_id)
    return item


def add_item(event: Event, text: Texts, *, days_before: int, now: datetime, actor: Actor) -> ChecklistItem:
    """One line more, due so many days before the event. Raises Invalid by field, TooManyItems, NotAllowed."""
    with transaction():
        lock(event)
        require(can_manage_event(actor, event))
        if problems := item_problems(text, days_before):
            raise Invalid(problems)
        if len(checklist_of(event.id)) >= MOST_ITEMS:
            raise TooManyItems(most=MOST_ITEMS)
        item = add_items(event, [(days_before, text)], now=now)[0]
        record(actor, "add_checklist_item", item, now=now)
    return item


def add_items(event: Event, lines: Iterable[tuple[int, Texts]], *, now: datetime) -> list[ChecklistItem]:
    """The same for many, as (days before, text), in an open transaction: a plain function."""
    items = [ChecklistItem(event_id=event.id, text=text, days_before=days, created_at=now) for days, text in lines]
    db.session.add_all(items)
    db.session.flush()
    return items


def tick_item(item: ChecklistItem, *, now: datetime, actor: Actor) -> None:
    """It is done; once done it stays done by whoever said so first."""
    with transaction():
        _lock(item, actor)
        if item.done_at is None:
            item.done_at, item.done_by_id = now, actor.account_id
            record(actor, "tick_checklist_item", item, now=now)


def untick_item(item: ChecklistItem, *, now: datetime, actor: Actor) -> None:
    """It isn't done after all."""
    with transaction():
        _lock(item, actor)
        if item.done_at is not None:
            item.done_at = item.done_by_id = None
            record(actor, "untick_checklist_item", item, now=now)


def remove_item(item: ChecklistItem, *, now: datetime, actor: Actor) -> None:
    """This event needs none of it."""
    with transaction() as session:
        _lock(item, actor)
        gone: tuple[object, object] = (item.text, None)
        record(actor, "remove_checklist_item", item, now=now, changes={"text": gone})
        session.delete(item)


def item_problems(text: Texts, days_before: int) -> dict[str, str]:
    """{field: sentence} for what can't be so. Pure."""
    words = [part.strip() for part in text.values() if part.strip()]
    found = {}
    if not words:
        found["text"] = N_("Write it in one language at least.")
    elif max(map(len, words)) > LONGEST_TEXT:
        found["text"] = N_("Make it shorter.")
    if not 0 <= days_before <= MOST_DAYS:
        found["days_before"] = N_("From 0 to 365 days before the event.")
    return found


def _lock(item: ChecklistItem, actor: Actor) -> None:
    lock(item)
    require(can_manage_event(actor, db.session.get_one(Event, item.event_id)))


def _items() -> Select[ChecklistItem]:
    return select(ChecklistItem).join(ChecklistItem.event).options(contains_eager(ChecklistItem.event))
