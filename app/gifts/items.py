"""The list of items, and which of them an event gives."""

import re
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, func, select

from app.accounts.actor import Actor
from app.audit.operations import differences, record
from app.db import Texts, db, lock, new_id, transaction
from app.errors import N_, Invalid, NotFound
from app.events.models import Event
from app.gifts.errors import SizeInUse, WasHandedOut
from app.gifts.models import EventGift, GiftItem, HandOut, StockEntry
from app.gifts.sizes import LONGEST_SIZE, MOST_SIZES
from app.web.words import in_language


def create_item(*, name: Texts, sizes: Sequence[str] = (), slug: str = "", now: datetime, actor: Actor) -> GiftItem:
    """A new thing to give; no sizes means that one fits all. Raises Invalid beside the field that is wrong."""
    with transaction() as session:
        _check(name, sizes)
        wanted = slug or _slug_from(name)
        if slug and session.scalar(select(GiftItem.id).where(GiftItem.slug == slug)):
            raise Invalid({"slug": N_("There is an item with this short name already.")})
        taken = session.scalar(select(GiftItem.id).where(GiftItem.slug == wanted))
        item = GiftItem(slug=new_id() if taken else wanted, name=name, sizes=list(sizes), created_at=now)
        session.add(item)
        session.flush()
        record(actor, "create", item, now=now)
        return item


def change_item(item: GiftItem, *, name: Texts, sizes: Sequence[str], now: datetime, actor: Actor) -> None:
    """Renames it or changes its sizes; raises SizeInUse where pieces of a size left out still lie in a store."""
    with transaction():
        lock(item)
        _check(name, sizes)
        _check_left_out(item, set(sizes))
        wanted = {"name": name, "sizes": list(sizes)}
        changes = differences(item, wanted)
        for field, value in wanted.items():
            setattr(item, field, value)
        if changes:
            record(actor, "change", item, now=now, changes=changes)


def choose_gifts(event: Event, item_ids: Collection[str], *, now: datetime, actor: Actor) -> None:
    """Says what this event gives; raises WasHandedOut where an item taken off was already given to somebody."""
    with transaction() as session:
        lock(event)
        wanted = set(session.scalars(select(GiftItem.id).where(GiftItem.id.in_(item_ids))))
        if wanted != set(item_ids):
            raise NotFound
        before = set(session.scalars(select(EventGift.item_id).where(EventGift.event_id == event.id)))
        _check_not_given(event, before - wanted)
        session.execute(delete(EventGift).where(EventGift.event_id == event.id, EventGift.item_id.in_(before - wanted)))
        session.add_all(EventGift(event_id=event.id, item_id=item_id) for item_id in sorted(wanted - before))
        if before != wanted:
            record(actor, "choose_gifts", event, now=now, changes={"gifts": (sorted(before), sorted(wanted))})


def _check(name: Texts, sizes: Sequence[str]) -> None:
    if not any(text.strip() for text in name.values()):
        raise Invalid({"name": N_("Write a name in one language at least.")})
    if len(sizes) > MOST_SIZES or any(len(size) > LONGEST_SIZE for size in sizes):
        raise Invalid(
            {"sizes": N_("Up to %(most)s sizes of %(letters)s letters each, with commas between them.")},
            most=MOST_SIZES,
            letters=LONGEST_SIZE,
        )


def _check_left_out(item: GiftItem, sizes: set[str]) -> None:
    query = (
        select(StockEntry.size, func.sum(StockEntry.quantity))
        .where(StockEntry.item_id == item.id)
        .group_by(StockEntry.size, StockEntry.store)
    )
    for size, quantity in db.session.execute(query):
        if quantity and size not in (sizes or {""}):
            raise SizeInUse(size=size or "—", quantity=quantity)


def _check_not_given(event: Event, item_ids: set[str]) -> None:
    query = (
        select(GiftItem)
        .join(HandOut, HandOut.item_id == GiftItem.id)
        .where(HandOut.event_id == event.id, HandOut.undone_at.is_(None), GiftItem.id.in_(item_ids))
    )
    item = db.session.scalars(query).first()
    if item:
        raise WasHandedOut(item=in_language(item.name, "kk"))


def _slug_from(name: Texts) -> str:
    return re.sub(r"[^a-z0-9]+", "-", (name.get("en") or "").lower()).strip("-")[:60] or new_id()
