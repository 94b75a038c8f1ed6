"""What has to be ordered for the events ahead: the need by size from the sign-ups against what lies here and elsewhere.

An event says until when gifts can be ordered for it; what is missing for one whose date is over only another city
can send.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from app.db import db
from app.events.models import Event, Site
from app.gifts.kit_need import KitNeed, kit_need
from app.gifts.models import EventGift, GiftItem
from app.gifts.queries import STILL_TO_COME, Shelf, in_order, needs_of, sums_of
from app.gifts.queries import stores as cities_of
from app.people.models import City


class Spare(NamedTuple):
    """So many pieces of a size that another city doesn't need itself."""

    city: City
    pieces: int


class Order(NamedTuple):
    """What is missing here, how much of it others can send, and how much of the rest can still be ordered."""

    short: int
    from_others: int
    to_order: int
    too_late: int


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One item and size in one city. An empty size of an item with sizes: people whose size nobody knows yet. What is
    lent (`is_lent`) is on hand too where those who need it have it already."""

    item: GiftItem
    size: str
    city: City
    needed: int
    on_hand: int
    spare: Sequence[Spare]
    order: Order
    is_lent: bool = False

    @property
    def is_size_unknown(self) -> bool:
        """Whether these are people rather than pieces."""
        return bool(self.item.sizes) and not self.size


@dataclass(frozen=True, slots=True)
class _Stock:
    """What is needed by shelf, of it what is too near to order for, and what lies there for it."""

    needed: Mapping[Shelf, int]
    late: Mapping[Shelf, int]
    held: Mapping[Shelf, int]
    is_lent: bool


def order_of(*, on_hand: int, late: int, open_need: int, spare: int) -> Order:
    """`late` is the need of events that are too near to order for, `open_need` that of the others. Pure.

    What lies here goes to the nearer events first, then what others can spare does. What the ledger lacks was given
    away already, and comes with the next order.
    """
    here, owed = max(0, on_hand), max(0, -on_hand)
    short_late = max(0, late - here)
    short_open = max(0, open_need - max(0, here - late)) + owed
    short = short_late + short_open
    from_others = min(spare, short)
    too_late = max(0, short_late - from_others)
    return Order(short, from_others, short - from_others - too_late, too_late)


class Ahead(NamedTuple):
    """What is missing for the events ahead, line by line, and those that give or lend something here."""

    lines: Sequence[OrderLine]
    events: Sequence[Event]


def orders_ahead(cities: Sequence[City], *, now: datetime) -> Ahead:
    """Every item and size that somebody ahead needs in these cities: by city what is given and then what is lent, by
    item and size. The events are those first for which the order is due first."""
    every = list(db.session.scalars(select(GiftItem).order_by(GiftItem.created_at, GiftItem.slug)))
    items = [item for item in every if item.deactivated_at is None]
    kit = kit_need(items, now=now)
    lines = _lines(cities, items, *_stocks(every, kit, now=now))
    return Ahead(lines, _dated_events([city.slug for city in cities], kit.event_ids, now=now))


def _lines(
    cities: Sequence[City], items: Sequence[GiftItem], stocks: Sequence[_Stock], spare: dict[Shelf, int]
) -> list[OrderLine]:
    lines, every = [], {city.slug: city for city in cities_of()}
    for city in cities:
        for stock in stocks:
            for item in items:
                shelves = [shelf for shelf in stock.needed if shelf[0] == item.id and shelf[2] == city.slug]
                for shelf in sorted(shelves, key=in_order(item)):
                    others = _others(shelf, spare, every)
                    lines.append(_line(item, city, shelf, stock, others))
                    _promise(spare, shelf, others, lines[-1].order.from_others)
    return lines


def _stocks(
    every: Sequence[GiftItem], kit: KitNeed, *, now: datetime
) -> tuple[tuple[_Stock, _Stock], dict[Shelf, int]]:
    """Of gifts and of what is lent, and by shelf what a city can spare. What is given away can't be lent."""
    ahead, sizes = (Event.ends_at > now, Event.status.in_(STILL_TO_COME)), {item.id: item.sizes for item in every}
    given, late = needs_of(*ahead, sizes=sizes), needs_of(*ahead, Event.gifts_order_by <= now, sizes=sizes)
    held = sums_of()
    to_lend = {
        shelf: (max(0, held.get(shelf, 0) - given[shelf]) if shelf in given else held.get(shelf, 0))
        + kit.out.get(shelf, 0)
        for shelf in kit.needed
    }
    spare = {
        shelf: pieces + kit.out.get(shelf, 0) - given.get(shelf, 0) - kit.needed.get(shelf, 0)
        for shelf, pieces in held.items()
    }
    stocks = _Stock(given, late, held, is_lent=False), _Stock(kit.needed, kit.late, to_lend, is_lent=True)
    return stocks, spare


def _dated_events(city_slugs: Collection[str], lending: Collection[str], *, now: datetime) -> list[Event]:
    orders = or_(Event.id.in_(select(EventGift.event_id)), Event.id.in_(lending))
    query = (
        select(Event)
        .join(Site, Site.id == Event.site_id)
        .where(Event.ends_at > now, Event.status.in_(STILL_TO_COME), Site.city.in_(city_slugs), orders)
        .options(joinedload(Event.site))
    )
    latest = or_(Event.gifts_order_by.is_(None), Event.gifts_order_by <= now)
    return list(db.session.scalars(query.order_by(latest, Event.gifts_order_by, Event.starts_at, Event.id)))


def _others(shelf: Shelf, spare: Mapping[Shelf, int], cities: Mapping[str, City]) -> list[Spare]:
    item_id, size, store = shelf
    found = [
        Spare(cities[other], pieces)
        for (id_, of_size, other), pieces in spare.items()
        if (id_, of_size) == (item_id, size) and other != store and pieces > 0 and other in cities
    ]
    return sorted(found, key=lambda one: (-one.pieces, one.city.slug))


def _promise(spare: dict[Shelf, int], shelf: Shelf, others: Sequence[Spare], pieces: int) -> None:
    """What one city may send here it can't send to the next one too."""
    for one in others:
        sent = min(one.pieces, pieces)
        spare[shelf[0], shelf[1], one.city.slug] -= sent
        pieces -= sent


def _line(item: GiftItem, city: City, shelf: Shelf, stock: _Stock, others: Sequence[Spare]) -> OrderLine:
    need, on_hand, late = stock.needed[shelf], stock.held.get(shelf, 0), stock.late.get(shelf, 0)
    spare = sum(one.pieces for one in others)
    is_unknown = bool(item.sizes) and not shelf[1]
    order = order_of(on_hand=on_hand, late=late, open_need=need - late, spare=spare)
    return OrderLine(
        item, shelf[1], city, need, on_hand, others, Order(0, 0, 0, 0) if is_unknown else order, stock.is_lent
    )
