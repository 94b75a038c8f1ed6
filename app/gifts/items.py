"""The list of items, and which of them an event gives."""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, func, select

from app.accounts.actor import Actor
from app.audit.operations import differences, record
from app.db import Texts, db, lock, new_id, transaction
from app.errors import N_, Invalid, NotFound
from app.events.models import Event
from app.gifts.entitlement import EVERYBODY, FOR_WHOM, OLDEST, Due
from app.gifts.errors import SizeInUse, WasHandedOut
from app.gifts.models import EventGift, EventKit, GiftItem, HandOut, StockEntry
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


def choose_gifts(
    event: Event,
    item_ids: Collection[str],
    *,
    rules: Mapping[str, Due] | None = None,
    now: datetime,
    actor: Actor,
) -> None:
    """Says what this event gives and, by `rules`, to whom: to everybody who comes unless it says otherwise.

    Raises WasHandedOut where an item taken off was already given to somebody, Invalid for ages that can't be.
    """
    with transaction() as session:
        lock(event)
        wanted = {item_id: (rules or {}).get(item_id, EVERYBODY) for item_id in _known(item_ids)}
        for rule in wanted.values():
            _check_rule(rule)
        rows = {row.item_id: row for row in session.scalars(select(EventGift).where(EventGift.event_id == event.id))}
        before = {id_: Due(row.for_whom, row.min_age, row.max_age) for id_, row in rows.items()}
        _check_not_given(event, set(before) - set(wanted))
        for item_id in sorted({*before, *wanted}):
            _set_gift(event, item_id, rows.get(item_id), wanted.get(item_id))
        if before != wanted:
            changes = {
                "gifts": (sorted(before), sorted(wanted)),
                "for_whom": (_told(before), _told(wanted)),
                "ages": (_ages(before), _ages(wanted)),
            }
            changed = {field: pair for field, pair in changes.items() if pair[0] != pair[1]}
            record(actor, "choose_gifts", event, now=now, changes=changed)


def choose_kit(event: Event, item_ids: Collection[str], *, now: datetime, actor: Actor) -> None:
    """Says what this event lends besides what its place asks for."""
    with transaction() as session:
        lock(event)
        wanted = _known(item_ids)
        before = set(session.scalars(select(EventKit.item_id).where(EventKit.event_id == event.id)))
        session.execute(delete(EventKit).where(EventKit.event_id == event.id, EventKit.item_id.in_(before - wanted)))
        session.add_all(EventKit(event_id=event.id, item_id=item_id) for item_id in sorted(wanted - before))
        if before != wanted:
            record(actor, "choose_kit", event, now=now, changes={"kit": (sorted(before), sorted(wanted))})


def set_order_date(event: Event, by: datetime | None, *, now: datetime, actor: Actor) -> None:
    """Until when gifts for this event are ordered; raises Invalid where that is after it begins."""
    with transaction():
        lock(event)
        if by is not None and by > event.starts_at:
            raise Invalid({"gifts_order_by": N_("Gifts are ordered before the event begins.")})
        changes = differences(event, {"gifts_order_by": by})
        event.gifts_order_by = by
        if changes:
            record(actor, "set_order_date", event, now=now, changes=changes)


def _known(item_ids: Collection[str]) -> set[str]:
    found = set(db.session.scalars(select(GiftItem.id).where(GiftItem.id.in_(item_ids))))
    if found != set(item_ids):
        raise NotFound
    return found


def _check_rule(rule: Due) -> None:
    ages = [age for age in (rule.min_age, rule.max_age) if age is not None]
    if rule.for_whom not in FOR_WHOM or ages != sorted(ages) or any(not 0 <= age <= OLDEST for age in ages):
        wrong = {"min_age": N_("Ages go from the younger to the older, in whole years up to %(most)s.")}
        raise Invalid(wrong, most=OLDEST)


def _set_gift(event: Event, item_id: str, row: EventGift | None, wanted: Due | None) -> None:
    if row is None and wanted:
        db.session.add(EventGift(event_id=event.id, item_id=item_id, **wanted._asdict()))
    elif row and wanted is None:
        db.session.delete(row)
    elif row and wanted:
        row.for_whom, row.min_age, row.max_age = wanted


def _told(rules: Mapping[str, Due]) -> list[str]:
    """To whom each item goes, as the log of acts keeps it; nothing where that is everybody."""
    return [rule.for_whom for _, rule in sorted(rules.items()) if rule != EVERYBODY]


def _ages(rules: Mapping[str, Due]) -> list[str]:
    return [
        f"{rule.min_age or 0}-{OLDEST if rule.max_age is None else rule.max_age}"
        for _, rule in sorted(rules.items())
        if (rule.min_age, rule.max_age) != (None, None)
    ]


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
