"""Protective equipment out of the same stock: what a place asks for against what lies in its city's store, by size.

A thing of the stock book is the kit that a place asks for when it is called so: "hi-vis vest" is the item hi-vis-vest.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import and_, bindparam, cast, func, literal, null, select, union_all

from app.db import db
from app.events.models import Event
from app.gifts.models import GiftItem, HandOut, StockEntry
from app.gifts.sizes import Missing, size_by_kind, suitable
from app.people.models import Person
from app.signups.models import SEATED, Place


@dataclass(frozen=True)
class KitStock:
    """What is missing for those with a seat, and what nobody keeps in the stock book."""

    missing: Sequence[Missing] = ()
    uncounted: Sequence[str] = ()


class Wearer(NamedTuple):
    """One with a seat: the size said at sign-up, the own one, child or adult, and a thing that they have already."""

    at_signup: str
    own: str
    kind: str
    has: str | None


class Kept(NamedTuple):
    """A thing of the stock book, and its pieces by size in one store."""

    id: str
    sizes: Sequence[str]
    held: Counter[str]


# Things and people in one question: the board that asks it has many others.
SHELF = (
    select(StockEntry.item_id, StockEntry.size, func.sum(StockEntry.quantity).label("pieces"))
    .where(StockEntry.store == bindparam("store"))
    .group_by(StockEntry.item_id, StockEntry.size)
    .subquery()
)
ITEMS = (
    select(
        GiftItem.sizes, func.coalesce(SHELF.c.pieces, 0), GiftItem.slug, GiftItem.id,
        func.coalesce(SHELF.c.size, ""), literal(""), literal(""),
    )
    .outerjoin(SHELF, SHELF.c.item_id == GiftItem.id)
    .where(GiftItem.slug.in_(bindparam("slugs", expanding=True)), GiftItem.deactivated_at.is_(None))
)  # fmt: skip
HAS = and_(HandOut.event_id == Place.event_id, HandOut.person_id == Place.person_id, HandOut.undone_at.is_(None))
WEARERS = (
    select(
        cast(null(), GiftItem.sizes.type), literal(0), Place.id, HandOut.item_id, Place.tshirt_size,
        Person.tshirt_size, Person.kind,
    )
    .select_from(Place)
    .join(Person, Person.id == Place.person_id)
    .outerjoin(HandOut, HAS)
    .where(Place.event_id == bindparam("event_id"), Place.status.in_(SEATED))
)  # fmt: skip
EVERYTHING = union_all(ITEMS, WEARERS)


def kit_stock(event: Event) -> KitStock:
    """All that the event's place asks for; one query, none where it asks for nothing."""
    if not event.site.ppe:
        return KitStock()
    slugs = {slug_of(word): word for word in event.site.ppe}
    items, wearers = _read(event, list(slugs))
    missing = [
        Missing(word, size, number)
        for slug, word in slugs.items()
        if (item := items.get(slug))
        for size, number in short(item.sizes, item.held, _without(item.id, wearers))
    ]
    return KitStock(missing, [word for slug, word in slugs.items() if slug not in items])


def slug_of(word: str) -> str:
    """What a thing that a place asks for is called in the stock book. Pure."""
    return word.strip().casefold().replace(" ", "-")


def short(sizes: Sequence[str], held: Counter[str], wearers: Iterable[Wearer]) -> list[tuple[str, int]]:
    """[(size, how many are missing)] in the order of the sizes. Pure.

    Whose size is unknown takes of what the others leave.
    """
    needed = Counter(suitable(sizes, one.at_signup, one.own, size_by_kind(one.kind)) for one in wearers)
    missing = [(size, needed[size] - held[size]) for size in sizes if needed[size] > held[size]]
    left = sum(max(0, held[size] - needed[size]) for size in sizes) if sizes else held[""]
    return [*missing, ("", needed[""] - left)] if needed[""] > left else missing


def _read(event: Event, slugs: list[str]) -> tuple[dict[str, Kept], list[tuple[str, Wearer]]]:
    """{slug: what is kept of it}, and (place, its wearer), who has a row for each thing that they have."""
    items, wearers = dict[str, Kept](), list[tuple[str, Wearer]]()
    values = {"event_id": event.id, "store": event.site.city, "slugs": slugs}
    for sizes, pieces, key, item_id, *words in db.session.execute(EVERYTHING, values):
        if sizes is None:
            wearers.append((key, Wearer(words[0], words[1], words[2], item_id)))
        else:
            items.setdefault(key, Kept(item_id, sizes, Counter())).held[words[0]] += int(pieces)
    return items, wearers


def _without(item_id: str, rows: Iterable[tuple[str, Wearer]]) -> list[Wearer]:
    """Each place once, but for those who have this item."""
    rows = list(rows)
    have = {place_id for place_id, one in rows if one.has == item_id}
    return list({place_id: one for place_id, one in rows if place_id not in have}.values())
