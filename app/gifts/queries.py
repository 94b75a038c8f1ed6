"""Reads of gifts: what an event gives, who got what, what is left by size and store, and what will be short."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, bindparam, case, exists, func, literal_column, null, or_, select
from sqlalchemy.orm import joinedload

from app.accounts.models import Account
from app.db import Texts, db
from app.errors import NotFound
from app.events.models import Event, Site
from app.gifts.entitlement import ALL, Due, is_due
from app.gifts.models import EventGift, GiftItem, HandOut, StockEntry
from app.gifts.sizes import size_by_kind, suitable
from app.people import ages
from app.people.models import City, Person
from app.people.values import SIZES
from app.prepared import padded
from app.rows import read
from app.signups.models import SEATED, Place
from app.web.paging import Page, page_of

PAGE = 30
STILL_TO_COME = ("published", "closed", "running")

H = HandOut.__table__
# Constants, for read(): a roster asks for thousands of rows at once.
GIVEN = select(H.c.person_id, H.c.item_id, H.c.id, H.c.size, H.c.at).where(
    H.c.event_id == bindparam("event_id"), H.c.undone_at.is_(None)
)
GIVEN_TO = GIVEN.where(H.c.person_id.in_(bindparam("people", expanding=True)))

# (item's id, size, store)
Shelf = tuple[str, str, str]


class EventItem(NamedTuple):
    """A thing that an event gives, and to whom."""

    id: str
    slug: str
    name: Texts
    sizes: list[str]
    due: Due


Thing = GiftItem | EventItem


@dataclass(frozen=True, slots=True)
class StockLine:
    """One item in one size at one store. An empty size of an item with sizes: people whose size nobody knows."""

    item: Thing
    size: str
    store: str
    on_hand: int
    needed: int = 0
    still_needed: int = 0
    given: int = 0

    @property
    def short(self) -> int:
        """How many are missing for those with a seat who haven't got theirs yet."""
        return max(0, self.still_needed - self.on_hand)

    @property
    def is_size_unknown(self) -> bool:
        """Whether these are people rather than pieces: their size must be asked."""
        return bool(self.item.sizes) and not self.size


class Given(NamedTuple):
    """What somebody got: the hand-out's id, the size, when."""

    hand_out_id: str
    size: str
    at: datetime


@dataclass(frozen=True, slots=True)
class LoggedEntry:
    """One entry of the ledger with its item and who wrote it."""

    entry: StockEntry
    item: GiftItem
    by: str | None


def unusual_sizes(event_id: str, wished: Iterable[str]) -> frozenset[str]:
    """Sizes outside the usual ones that this event's gifts come in; asked for only where somebody wishes such a one."""
    if all(size in SIZES for size in wished):
        return frozenset()
    return frozenset(size for item in gifts_of(event_id) for size in item.sizes)


def gifts_of(event_id: str) -> list[EventItem]:
    """What the event gives and to whom, in the order in which the items were made."""
    item, rule = GiftItem, (EventGift.for_whom, EventGift.min_age, EventGift.max_age)
    query = select(item.id, item.slug, item.name, item.sizes, *rule).join(EventGift, EventGift.item_id == item.id)
    rows = db.session.execute(query.where(EventGift.event_id == event_id).order_by(item.created_at, item.slug))
    return [
        EventItem(id_, slug, name, sizes, Due(for_whom, least, most))
        for id_, slug, name, sizes, for_whom, least, most in rows
    ]


def all_items() -> list[GiftItem]:
    """Every item still in use."""
    query = select(GiftItem).where(GiftItem.deactivated_at.is_(None))
    return list(db.session.scalars(query.order_by(GiftItem.created_at, GiftItem.slug)))


def item_of(item_id: str) -> GiftItem:
    """The item; raises NotFound."""
    item = db.session.get(GiftItem, item_id)
    if item is None:
        raise NotFound
    return item


def stores(slugs: Collection[str] | None = None) -> list[City]:
    """The cities of these names, or all: every city is a store."""
    query = select(City).order_by(City.slug)
    return list(db.session.scalars(query if slugs is None else query.where(City.slug.in_(slugs))))


def on_hand(item_id: str) -> dict[tuple[str, str], int]:
    """{(size, store): pieces} of one item."""
    return {(size, store): pieces for (_, size, store), pieces in sums_of(StockEntry.item_id == item_id).items()}


def left_of(item_id: str, size: str, store: str) -> int:
    """How many pieces of one item and size lie in one store; below zero where more went out than came in."""
    return on_hand(item_id).get((size, store), 0)


def stock_lines(store_slugs: Sequence[str], *, now: datetime) -> list[StockLine]:
    """Every item and size in these stores with what upcoming events still need of it; three queries."""
    held = sums_of(StockEntry.store.in_(store_slugs))
    needed = needs_of(Event.ends_at > now, Event.status.in_(STILL_TO_COME), Site.city.in_(store_slugs))
    shelves = set(held) | set(needed)
    lines = []
    for item in all_items():
        for store in store_slugs:
            here = {shelf for shelf in shelves if shelf[0] == item.id and shelf[2] == store}
            here |= {(item.id, size, store) for size in item.sizes or [""]}
            shown = sorted(here, key=in_order(item))
            for shelf in shown:
                need = needed.get(shelf, 0)
                lines.append(StockLine(item, shelf[1], store, held.get(shelf, 0), need, need))
    return lines


def need_by_size(event: Event, gifts: Sequence[EventItem] | None = None) -> list[StockLine]:
    """What this event needs by item and size from those seated, what was given, and what its city has. `gifts` are
    what it gives, where that is known."""
    store, items = event.site.city, gifts_of(event.id) if gifts is None else gifts
    sizes = {item.id: item.sizes for item in items}
    needed = needs_of(Event.id == event.id, left_to_give=False, sizes=sizes)
    still, given = needs_of(Event.id == event.id, sizes=sizes), _given(event.id)
    held = sums_of((StockEntry.store == store) & StockEntry.item_id.in_([item.id for item in items]))
    lines = []
    for item in items:
        shelves = {(item.id, size, store) for size in item.sizes or [""]}
        shelves |= {shelf for shelf in needed if shelf[0] == item.id}
        for shelf in sorted(shelves, key=in_order(item)):
            counts = (held.get(shelf, 0), needed.get(shelf, 0), still.get(shelf, 0), given.get((item.id, shelf[1]), 0))
            lines.append(StockLine(item, shelf[1], store, *counts))
    return lines


def still_short(event: Event) -> tuple[int, int, int]:
    """What those seated have yet to get: how many gifts, how many of them the city's store lacks in their size, and
    for how many people the size is unknown; three queries."""
    needed = needs_of(Event.id == event.id)
    held = sums_of((StockEntry.store == event.site.city) & StockEntry.item_id.in_({shelf[0] for shelf in needed}))
    sized = {item.id for item in gifts_of(event.id) if item.sizes}
    unknown = sum(people for (item_id, size, _), people in needed.items() if not size and item_id in sized)
    known = {shelf: people for shelf, people in needed.items() if shelf[1] or shelf[0] not in sized}
    short = sum(max(0, people - held.get(shelf, 0)) for shelf, people in known.items())
    return sum(needed.values()), short, unknown


def ledger_page(store_slugs: Sequence[str], *, cursor: str | None = None, limit: int = PAGE) -> Page[LoggedEntry]:
    """The entries of these stores, latest first, each with its item and the name of who wrote it."""
    query = select(StockEntry).where(StockEntry.store.in_(store_slugs))
    keys = (StockEntry.recorded_at, StockEntry.id)
    page = page_of(db.session(), query, keys, cursor=cursor, limit=limit, descending=True)
    items = {item.id: item for item in db.session.scalars(select(GiftItem))}
    names = _names({entry.recorded_by_id for entry in page.items if entry.recorded_by_id})
    entries = [LoggedEntry(e, items[e.item_id], names.get(e.recorded_by_id or "")) for e in page.items]
    return Page(entries, page.next)


def standing_hand_out(event_id: str, person_id: str, item_id: str) -> HandOut | None:
    """The gift that this person has of this event and item."""
    query = select(HandOut).where(
        HandOut.event_id == event_id,
        HandOut.person_id == person_id,
        HandOut.item_id == item_id,
        HandOut.undone_at.is_(None),
    )
    return db.session.scalar(query)


def hand_outs_of_event(event_id: str, person_ids: Collection[str] | None = None) -> dict[tuple[str, str], Given]:
    """{(person's id, item's id): what they got} at an event, of these people or of all; one query."""
    event: dict[str, Any] = {"event_id": event_id}
    rows = read(GIVEN, event) if person_ids is None else read(GIVEN_TO, event | {"people": padded(person_ids)})
    return {(person_id, item_id): Given(id_, size, at) for person_id, item_id, id_, size, at in rows}


def hand_out_of(hand_out_id: str) -> HandOut:
    """The hand-out; raises NotFound."""
    found = db.session.get(HandOut, hand_out_id)
    if found is None:
        raise NotFound
    return found


def event_of_gifts(event_id: str) -> Event:
    """The event with its site; raises NotFound."""
    event = db.session.scalar(select(Event).where(Event.id == event_id).options(joinedload(Event.site)))
    if event is None:
        raise NotFound
    return event


def sums_of(condition: ColumnElement[bool] | None = None) -> dict[Shelf, int]:
    """What lies on each shelf: the sum of its entries, of all or of those that fit."""
    shelf = (StockEntry.item_id, StockEntry.size, StockEntry.store)
    query = select(*shelf, func.sum(StockEntry.quantity)).group_by(*shelf)
    query = query if condition is None else query.where(condition)
    return {(item_id, size, store): int(pieces) for item_id, size, store, pieces in db.session.execute(query)}


def needs_of(
    *conditions: ColumnElement[bool], left_to_give: bool = True, sizes: Mapping[str, Sequence[str]] | None = None
) -> dict[Shelf, int]:
    """Seated people by item, size and store; with `left_to_give` without those who have theirs. `sizes` are those of
    the items, where they are known."""
    if sizes is None:
        sizes = {item.id: item.sizes for item in db.session.scalars(select(GiftItem))}
    needs: dict[Shelf, int] = {}
    rows = db.session.execute(_people_by_need(*conditions, *([~_has_it()] if left_to_give else [])))
    for item_id, store, at_signup, own, kind, born, *rule, people in rows:
        if _is_due(rule, kind, born):
            shelf = (item_id, suitable(sizes[item_id], at_signup, own, size_by_kind(kind)), store)
            needs[shelf] = needs.get(shelf, 0) + people
    return needs


def _has_it() -> ColumnElement[bool]:
    return exists().where(
        HandOut.event_id == Place.event_id,
        HandOut.person_id == Place.person_id,
        HandOut.item_id == EventGift.item_id,
        HandOut.undone_at.is_(None),
    )


def _people_by_need(*conditions: ColumnElement[bool]) -> Select[Any]:
    """How many people with a seat are alike in all that says what they need."""
    # A birthday parts people only where the event asks for an age. The word is no parameter: PostgreSQL would see two.
    of_some = EventGift.for_whom != literal_column(f"'{ALL}'")
    asks_age = or_(of_some, EventGift.min_age.is_not(None), EventGift.max_age.is_not(None))
    born = case((asks_age, Person.birth_date), else_=null())
    rule = (EventGift.for_whom, EventGift.min_age, EventGift.max_age, Event.starts_at, Event.timezone)
    group = (EventGift.item_id, Site.city, Place.tshirt_size, Person.tshirt_size, Person.kind, born, *rule)
    return (
        select(*group, func.count())
        .select_from(Place)
        .join(Person, Person.id == Place.person_id)
        .join(Event, Event.id == Place.event_id)
        .join(Site, Site.id == Event.site_id)
        .join(EventGift, EventGift.event_id == Event.id)
        .where(Place.status.in_(SEATED), *conditions)
        .group_by(*group)
    )


def _is_due(rule: Sequence[Any], kind: str, born: date | None) -> bool:
    for_whom, least, most, starts_at, timezone = rule
    if (for_whom, least, most) == (ALL, None, None):
        return True
    day = starts_at.astimezone(ZoneInfo(timezone)).date()
    age = ages.age_on(born, day) if born else None
    return is_due(Due(for_whom, least, most), is_child=ages.is_minor(born, kind, day), age=age)


def _given(event_id: str) -> dict[tuple[str, str], int]:
    query = select(HandOut.item_id, HandOut.size, func.count()).where(
        HandOut.event_id == event_id, HandOut.undone_at.is_(None)
    )
    grouped = query.group_by(HandOut.item_id, HandOut.size)
    return {(item_id, size): count for item_id, size, count in db.session.execute(grouped)}


def _names(account_ids: Collection[str]) -> dict[str, str]:
    query = select(Account.id, Person).join(Person, Person.id == Account.person_id).where(Account.id.in_(account_ids))
    return {account_id: person.short_name for account_id, person in db.session.execute(query)}


def in_order(item: Thing) -> Callable[[Shelf], tuple[int, str]]:
    """Sizes in the item's own order, unknown ones at the end."""
    order = {size: number for number, size in enumerate(item.sizes)}
    return lambda shelf: (order.get(shelf[1], len(order)), shelf[1])
