"""Giving a gift to somebody who came, once per item and event, changing it for another size, and taking it back.

Each is an operation in the log of the day, as those of phones are; the stock moves with it. On-line nothing goes below
zero: whoever stands at the table sees that none are left before the shirt is promised.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from app.accounts.actor import Actor
from app.attendance.entry_ids import EntryIdTaken, canonical, new_entry_id
from app.attendance.log import known_among
from app.attendance.queries import attendance_of
from app.audit.operations import record
from app.db import db, lock, transaction
from app.events.models import Event
from app.gifts.entitlement import is_due
from app.gifts.errors import AlreadyGiven, NotDue, NotGivenHere, NotHere, NothingToTakeBack, SameSize
from app.gifts.gift_rules import Had
from app.gifts.ledger import check_size
from app.gifts.models import EventGift, GiftItem, HandOut
from app.gifts.queries import standing_hand_out
from app.gifts.saying import gifts_at, say_gift
from app.gifts.shelves import take_from_shelf
from app.gifts.sizes import size_by_kind, suitable
from app.people.models import Person
from app.signups.models import Place
from app.web.words import in_language


def hand_out(
    place: Place,
    item: GiftItem,
    *,
    size: str | None = None,
    entry_id: str,
    at: datetime,
    now: datetime,
    actor: Actor,
    collected_by: str = "",
) -> HandOut:
    """Gives the item to the person of this place; without a size, the one that they wear. `collected_by` is who takes
    it for them.

    The same id again changes nothing. Raises NotHere, AlreadyGiven, NotGivenHere, NotDue, UnknownSize, SizeMissing,
    and OutOfStock where the store of the city has none.
    """
    with transaction():
        lock(place)
        known = _known(place, item, entry_id)
        if known:
            return known
        _check(place, item, language=actor.language)
        chosen = suitable(item.sizes, size) or size if size else default_size(place, item)
        check_size(item, chosen, language=actor.language)
        take_from_shelf(item, chosen, store_of(place.event), language=actor.language)
        body = {"item_id": item.id, "size": chosen, "collected_by": " ".join(collected_by.split())[:200]}
        id_ = canonical(entry_id)
        say_gift(place, "hand_out", entry_id=id_, at=at, now=now, actor=actor, body=body)
        record(actor, "hand_out", place, now=now, changes={"gifts": (None, item.slug), "size": (None, chosen)})
        return db.session.get_one(HandOut, id_, populate_existing=True)


def exchange_gift(
    place: Place, item: GiftItem, *, size: str, entry_id: str, at: datetime, now: datetime, actor: Actor
) -> HandOut:
    """The piece that they have comes back, one of another size goes out.

    The same id again changes nothing. Raises NothingToTakeBack where they have none, SameSize, UnknownSize, OutOfStock.
    """
    with transaction():
        lock(place)
        had, id_ = gifts_at(place).given.get(item.id), canonical(entry_id)
        chosen = suitable(item.sizes, size) or size
        if had and had.last == id_:
            return db.session.get_one(HandOut, had.id)
        _check_exchange(place, item, had, chosen, language=actor.language)
        take_from_shelf(item, chosen, store_of(place.event), language=actor.language)
        before = standing_hand_out(place.event_id, place.person_id, item.id)
        names = had.last if had else before.id if before else None
        old_size = had.size if had else before.size if before else ""
        body = {"size": chosen}
        say_gift(place, "exchange", entry_id=id_, at=at, now=now, actor=actor, names=names, body=body)
        record(actor, "exchange_gift", place, now=now, changes={"size": (old_size, chosen)})
        given = standing_hand_out(place.event_id, place.person_id, item.id)
        return db.session.get_one(HandOut, given.id if given else "", populate_existing=True)


def take_back(given: HandOut, *, now: datetime, actor: Actor, at: datetime | None = None) -> HandOut:
    """The gift comes back to the store and may be given again; once taken back, nothing changes."""
    with transaction():
        place = place_of(given)
        lock(place)
        lock(given)
        if given.undone_at:
            return given
        say_gift(place, "return", entry_id=new_entry_id(), at=at or now, now=now, actor=actor, names=given.id)
        record(actor, "take_back", given, now=now, changes={"undone_at": (None, now)})
        return db.session.get_one(HandOut, given.id, populate_existing=True)


def place_of(given: HandOut) -> Place:
    """The place of whoever got it: of several that which the hand-out names, else the standing one."""
    query = db.select(Place).where(Place.event_id == given.event_id, Place.person_id == given.person_id)
    places = db.session.scalars(query.order_by(Place.cancelled_at.is_not(None), Place.id)).all()
    said = known_among([given.id]) if len(places) > 1 else {}
    named = [place for place in places if any(row.key == f"p:{place.id}" for row in said.values())]
    found = next(iter([*named, *places]), None)
    if found is None:
        raise NothingToTakeBack
    return found


def store_of(event: Event) -> str:
    """The store whose gifts an event gives: its city's."""
    return event.site.city


def default_size(place: Place, item: GiftItem) -> str:
    """What the person asked for at sign-up, else what they wear, if the item comes in it; else empty."""
    return suitable(item.sizes, place.tshirt_size, place.person.tshirt_size, size_by_kind(place.person.kind))


def _known(place: Place, item: GiftItem, entry_id: str) -> HandOut | None:
    found = db.session.get(HandOut, canonical(entry_id))
    if found is None:
        return None
    if (found.event_id, found.person_id, found.item_id) != (place.event_id, place.person_id, item.id):
        raise EntryIdTaken
    return found


def _check(place: Place, item: GiftItem, *, language: str) -> None:
    name = in_language(item.name, language)
    rule = db.session.get(EventGift, (place.event_id, item.id))
    if rule is None:
        raise NotGivenHere(item=name)
    if not attendance_of(place.id).was_here:
        raise NotHere(name=place.person.short_name)
    day = place.event.local_date
    if not is_due(rule, is_child=place.person.is_minor_on(day), age=place.person.age_on(day)):
        raise NotDue(item=name, name=place.person.short_name)
    before = standing_hand_out(place.event_id, place.person_id, item.id)
    if before:
        time = before.at.astimezone(ZoneInfo(place.event.timezone)).strftime("%H:%M")
        raise AlreadyGiven(name=db.session.get_one(Person, place.person_id).short_name, item=name, time=time)


def _check_exchange(place: Place, item: GiftItem, had: Had | None, size: str, *, language: str) -> None:
    before = standing_hand_out(place.event_id, place.person_id, item.id)
    if before is None:
        raise NothingToTakeBack
    check_size(item, size, language=language)
    if size == (had.size if had else before.size):
        raise SameSize(name=place.person.short_name)
