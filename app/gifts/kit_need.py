"""What events ahead need to lend. It comes back, so of one day everybody counts, and of several days the fullest."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import func, select

from app.db import db
from app.events.models import Event, Site
from app.events.periods import local_day
from app.gifts.gift_rules import LENDING
from app.gifts.kit import slug_of
from app.gifts.models import EventKit, GiftItem, StockEntry
from app.gifts.queries import STILL_TO_COME, Shelf
from app.gifts.sizes import size_by_kind, suitable
from app.people.models import Person
from app.signups.models import SEATED, Place


class KitNeed(NamedTuple):
    """Pieces by shelf: `needed` of all events ahead, `late` of those that are too near to order for, and `out`, what
    those who need them have already. `event_ids` are the events that lend anything."""

    needed: Mapping[Shelf, int]
    late: Mapping[Shelf, int]
    out: Mapping[Shelf, int]
    event_ids: Collection[str]


class _Lending(NamedTuple):
    """An event ahead: its store, its days, whether it is too near to order for, and what it lends."""

    id: str
    store: str
    days: Sequence[date]
    is_late: bool
    items: Sequence[GiftItem]


def kit_need(items: Sequence[GiftItem], *, now: datetime) -> KitNeed:
    """Of these items; three queries."""
    lending = {one.id: one for one in _lending(items, now=now)}
    every, late = dict[tuple[Shelf, date], int](), dict[tuple[Shelf, date], int]()
    for event_id, at_signup, own, kind, people in _wearers(lending) if lending else ():
        event = lending[event_id]
        for item in event.items:
            shelf = item.id, suitable(item.sizes, at_signup, own, size_by_kind(kind)), event.store
            for day in event.days:
                every[shelf, day] = every.get((shelf, day), 0) + people
                if event.is_late:
                    late[shelf, day] = late.get((shelf, day), 0) + people
    return KitNeed(_most(every), _most(late), _out(lending) if lending else {}, set(lending))


def _lending(items: Sequence[GiftItem], *, now: datetime) -> list[_Lending]:
    about = (Event.id, Event.starts_at, Event.ends_at, Event.timezone, Event.gifts_order_by, Site.city, Site.ppe)
    query = select(*about, EventKit.item_id).join(Site, Site.id == Event.site_id)
    query = query.outerjoin(EventKit, EventKit.event_id == Event.id)
    rows, chosen = dict[str, Any](), dict[str, set[str]]()
    for row in db.session.execute(query.where(Event.ends_at > now, Event.status.in_(STILL_TO_COME))):
        rows[row.id] = row
        chosen.setdefault(row.id, set()).add(row.item_id)
    found = []
    for row in rows.values():
        asked = {slug_of(word) for word in row.ppe}
        lent = [item for item in items if item.slug in asked or item.id in chosen[row.id]]
        is_late = row.gifts_order_by is not None and row.gifts_order_by <= now
        if lent:
            found.append(_Lending(row.id, row.city, _days(row), is_late, lent))
    return found


def _days(event: Any) -> list[date]:
    first, last = (local_day(moment, event.timezone) for moment in (event.starts_at, event.ends_at))
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _wearers(event_ids: Collection[str]) -> Sequence[Any]:
    alike = (Place.event_id, Place.tshirt_size, Person.tshirt_size, Person.kind)
    query = select(*alike, func.count()).join(Person, Person.id == Place.person_id)
    return db.session.execute(
        query.where(Place.event_id.in_(event_ids), Place.status.in_(SEATED)).group_by(*alike)
    ).all()


def _out(event_ids: Collection[str]) -> dict[Shelf, int]:
    shelf = (StockEntry.item_id, StockEntry.size, StockEntry.store)
    query = select(*shelf, func.sum(StockEntry.quantity)).where(
        StockEntry.event_id.in_(event_ids), StockEntry.kind.in_(LENDING)
    )
    return {(item_id, size, store): -int(n) for item_id, size, store, n in db.session.execute(query.group_by(*shelf))}


def _most(by_day: Mapping[tuple[Shelf, date], int]) -> dict[Shelf, int]:
    found: dict[Shelf, int] = {}
    for (shelf, _), pieces in by_day.items():
        found[shelf] = max(found.get(shelf, 0), pieces)
    return found
