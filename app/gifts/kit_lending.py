"""Kit that goes out and comes back: vests, helmets, tools. What is still out follows from the log of the day."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import literal, or_, select

from app.accounts.actor import Actor
from app.attendance.entry_ids import canonical
from app.attendance.operation import Operation, by_key, said_of
from app.attendance.queries import attendance_of
from app.audit.operations import record
from app.db import Texts, db, lock, transaction
from app.events.models import Event
from app.gifts.errors import AlreadyLent, NotHere, NothingToTakeBack, NotLentHere
from app.gifts.gift_rules import LENDING, Loan, gifts_of_person
from app.gifts.handing_out import default_size, store_of
from app.gifts.kit import slug_of
from app.gifts.ledger import check_size
from app.gifts.models import EventKit, GiftItem
from app.gifts.saying import gifts_at, operations_at, say_gift
from app.gifts.shelves import take_from_shelf
from app.gifts.sizes import suitable
from app.people.models import Person
from app.signups.models import Place
from app.web.words import in_language

_walk_ins = "walk_ins"


class Lent(NamedTuple):
    """A piece that is still out: the operation that lent it, about whom, to whom, what, since when."""

    operation_id: str
    key: str
    name: str
    item: Texts
    size: str
    piece: str
    at: datetime


def kit_of(event: Event) -> list[GiftItem]:
    """What this event lends: what was chosen for it, and what its place asks for as far as the stock book has it."""
    chosen = select(EventKit.item_id).where(EventKit.event_id == event.id)
    asked = [slug_of(word) for word in event.site.ppe]
    query = select(GiftItem).where(or_(GiftItem.id.in_(chosen), GiftItem.slug.in_(asked)))
    return list(db.session.scalars(query.order_by(GiftItem.created_at, GiftItem.slug)))


def chosen_kit(event_id: str) -> set[str]:
    """The ids of what was chosen for it."""
    return set(db.session.scalars(select(EventKit.item_id).where(EventKit.event_id == event_id)))


def lend(
    place: Place, item: GiftItem, *, size: str = "", piece: str = "", entry_id: str, at: datetime, now: datetime,
    actor: Actor
) -> None:  # fmt: skip
    """Lends the item to somebody who came; without a size, the one that they wear. `piece` is a number written on it.

    The same id again changes nothing. Raises NotLentHere, NotHere, AlreadyLent, UnknownSize, SizeMissing, OutOfStock.
    """
    with transaction():
        lock(place)
        loans, id_ = gifts_at(place).loans, canonical(entry_id)
        if any(one.id == id_ for one in loans):
            return
        _check(place, item, loans, language=actor.language)
        chosen = suitable(item.sizes, size) or size if size else default_size(place, item)
        check_size(item, chosen, language=actor.language)
        take_from_shelf(item, chosen, store_of(place.event), language=actor.language)
        body = {"item_id": item.id, "size": chosen, "piece": " ".join(piece.split())[:40]}
        say_gift(place, "kit_out", entry_id=id_, at=at, now=now, actor=actor, body=body)
        record(actor, "lend_kit", place, now=now, changes={"kit": (None, item.slug), "size": (None, chosen)})


def take_kit_back(
    place: Place, loan_id: str, *, is_damaged: bool = False, entry_id: str, at: datetime, now: datetime, actor: Actor
) -> None:
    """The piece came back, into the store unless it is damaged; the same id again changes nothing.

    Raises NothingToTakeBack.
    """
    with transaction():
        lock(place)
        loans, id_ = gifts_at(place).loans, canonical(entry_id)
        loan = next((one for one in loans if one.id == loan_id), None)
        if loan and loan.back == id_:
            return
        if loan is None or loan.back:
            raise NothingToTakeBack
        body = {"damaged": is_damaged}
        say_gift(place, "kit_back", entry_id=id_, at=at, now=now, actor=actor, names=loan.id, body=body)
        item = db.session.get_one(GiftItem, loan.item_id)
        changes = {"kit": (item.slug, None), "damaged": (None, is_damaged)}
        record(actor, "take_kit_back", place, now=now, changes=changes)


def lent_kit(event_id: str) -> list[Lent]:
    """What is still out at this event, by name."""
    return lent_by(operations_at(event_id, LENDING))


def lent_by(operations: Sequence[Operation], names: Mapping[str, str] | None = None) -> list[Lent]:
    """The same of what was said; `names` are {key: whose}, where somebody knows them already."""
    times = {one.id: one.corrected_at for one in operations}
    out = [
        (key, loan)
        for key, about in by_key(operations).items()
        for loan in gifts_of_person(said_of(key, about)).loans
        if loan.back is None
    ]
    if not out:
        return []
    names = _names({key for key, _ in out}) if names is None else names
    items = {row.id: row.name for row in db.session.execute(select(GiftItem.id, GiftItem.name))}
    found = [
        Lent(loan.id, key, names.get(key, ""), items[loan.item_id], loan.size, loan.piece, times[loan.id])
        for key, loan in out
        if loan.item_id in items
    ]
    return sorted(found, key=lambda one: (one.name, one.at, one.operation_id))


def loans_of(place: Place) -> list[Loan]:
    """What this person was lent, back or not."""
    key = f"p:{place.id}"
    return list(gifts_of_person(said_of(key, operations_at(place.event_id, LENDING, key=key))).loans)


def _check(place: Place, item: GiftItem, loans: Iterable[Loan], *, language: str) -> None:
    name = in_language(item.name, language)
    if item.id not in {one.id for one in kit_of(place.event)}:
        raise NotLentHere(item=name)
    if not attendance_of(place.id).was_here:
        raise NotHere(name=place.person.short_name)
    if any(one.item_id == item.id and one.back is None for one in loans):
        raise AlreadyLent(name=place.person.short_name, item=name)


def _names(keys: Iterable[str]) -> dict[str, str]:
    """{key: the name of whom it is about}, in one query."""
    wanted = [key[2:] for key in keys]
    of_places = select(literal("p:") + Place.id, Person.surname, Person.given_name)
    of_places = of_places.join(Person, Person.id == Place.person_id).where(Place.id.in_(wanted))
    # Those who came without a place have a table of the room to the right.
    rows: Any = db.metadata.tables[_walk_ins].c
    of_others = select(literal("w:") + rows.id, rows.surname, rows.given_name).where(rows.id.in_(wanted))
    found = db.session.execute(of_places.union_all(of_others))
    return {key: f"{surname} {given_name}".strip() for key, surname, given_name in found}
