"""Giving a gift to somebody who came, once per item and event, and taking it back. The stock moves with it."""

from datetime import datetime
from zoneinfo import ZoneInfo

from app.accounts.actor import Actor
from app.attendance.entry_ids import EntryIdTaken, canonical, following
from app.attendance.queries import attendance_of
from app.audit.operations import record
from app.db import db, lock, transaction
from app.events.models import Event
from app.gifts.errors import AlreadyGiven, NotGivenHere, NotHere
from app.gifts.ledger import check_size
from app.gifts.models import EventGift, GiftItem, HandOut, StockEntry
from app.gifts.queries import standing_hand_out
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
    """Gives the item to the person of this place; without a size, the one that they wear.

    The same id again changes nothing. Raises NotHere, AlreadyGiven, NotGivenHere, UnknownSize, SizeMissing. An empty
    stock doesn't stop it: the shirt is in their hands, so the ledger goes below zero and says so.
    """
    with transaction() as session:
        lock(place)
        known = _known(place, item, entry_id)
        if known:
            return known
        _check(place, item, language=actor.language)
        chosen = suitable(item.sizes, size) or size if size else default_size(place, item)
        check_size(item, chosen, language=actor.language)
        given = HandOut(id=canonical(entry_id), event_id=place.event_id, person_id=place.person_id, item_id=item.id,
                        size=chosen, collected_by=collected_by.strip()[:200], at=at, recorded_at=now,
                        recorded_by_id=actor.account_id)  # fmt: skip
        session.add(given)
        _move_stock(given, "hand_out", -1, store=store_of(place.event), at=at, now=now, actor=actor)
        session.flush()
        record(actor, "hand_out", place, now=now, changes={"gifts": (None, item.slug), "size": (None, chosen)})
        return given


def take_back(given: HandOut, *, now: datetime, actor: Actor, at: datetime | None = None) -> HandOut:
    """The gift comes back to the store and may be given again; once taken back, nothing changes."""
    with transaction():
        lock(given)
        if given.undone_at:
            return given
        given.undone_at, given.undone_by_id = now, actor.account_id
        event = db.session.get_one(Event, given.event_id)
        _move_stock(given, "return", 1, store=store_of(event), at=at or now, now=now, actor=actor)
        record(actor, "take_back", given, now=now, changes={"undone_at": (None, now)})
        return given


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
    if db.session.get(EventGift, (place.event_id, item.id)) is None:
        raise NotGivenHere(item=name)
    if not attendance_of(place.id).was_here:
        raise NotHere(name=place.person.short_name)
    before = standing_hand_out(place.event_id, place.person_id, item.id)
    if before:
        time = before.at.astimezone(ZoneInfo(place.event.timezone)).strftime("%H:%M")
        raise AlreadyGiven(name=db.session.get_one(Person, place.person_id).short_name, item=name, time=time)


def _move_stock(
    given: HandOut, kind: str, quantity: int, *, store: str, at: datetime, now: datetime, actor: Actor
) -> None:
    db.session.add(
        StockEntry(id=following(given.id, kind), item_id=given.item_id, size=given.size, store=store, kind=kind,
                   quantity=quantity, event_id=given.event_id, person_id=given.person_id, at=at, recorded_at=now,
                   recorded_by_id=actor.account_id)
    )  # fmt: skip
