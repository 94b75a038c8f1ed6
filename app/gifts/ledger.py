"""Entries in the stock ledger: what came, got lost, was counted anew or moved. On hand is always their sum.

On-line no entry takes a store below zero. Where phones gave away without signal more than there was, the sum is below
zero all the same: that is a recorded fact, and a receipt, a transfer or a correction explains it.
"""

from datetime import datetime
from typing import Protocol

from app.accounts.actor import Actor
from app.attendance.entry_ids import EntryIdTaken, canonical, following
from app.audit.operations import record
from app.db import db, lock, transaction
from app.gifts.errors import HasNoSizes, SameStore, SizeMissing, UnknownKind, UnknownSize, UnknownStore, WrongQuantity
from app.gifts.models import GiftItem, StockEntry
from app.gifts.shelves import take_from_shelf
from app.people.models import City
from app.web.words import in_language

KINDS_BY_HAND = ("receipt", "loss", "correction", "return", "transfer")
MOST_PIECES = 1_000_000


def enter_stock(
    item: GiftItem,
    *,
    size: str,
    store: str,
    kind: str,
    quantity: int,
    entry_id: str,
    now: datetime,
    actor: Actor,
    note: str = "",
    to_store: str | None = None,
    event_id: str | None = None,
    person_id: str | None = None,
    at: datetime | None = None,
) -> list[StockEntry]:
    """Writes one entry, two for a transfer (out of one store, into the other). The same id again changes nothing.

    A receipt and a return add, a loss takes away (its sign may be left out), a correction may do both.
    Raises UnknownSize, UnknownKind, UnknownStore, WrongQuantity, SameStore, and OutOfStock or TooFewInStock where more
    would go than lies there.
    """
    item_id = item.id
    with transaction():
        lock(item)
        entries = _known(item, kind, entry_id)
        if entries:
            return entries
        check_size(item, size, language=actor.language)
        moves = _moves(canonical(entry_id), kind, signed_quantity(kind, quantity), store, to_store)
        for _, at_store, _ in moves:
            _check_store(at_store)
        for id_, at_store, pieces in moves:
            entry = StockEntry(id=id_, item_id=item.id, size=size, store=at_store, kind=kind, quantity=pieces)
            entry.event_id, entry.person_id, entry.note = event_id, person_id, note.strip()[:200]
            entry.at, entry.recorded_at, entry.recorded_by_id = at or now, now, actor.account_id
            if pieces < 0:
                take_from_shelf(item, size, at_store, language=actor.language, pieces=-pieces)
            entries.append(entry)
            _write(entry, now=now, actor=actor)
    for notice in _noticed.values():
        notice(item_id, size, now=now)
    return entries


class EntryNotice(Protocol):
    """See set_entry_notice()."""

    def __call__(self, item_id: str, size: str, *, now: datetime) -> None:
        """After the entry was written."""


# What a room further on makes of it; set when the app is wired.
_noticed: dict[str, EntryNotice] = {}


def set_entry_notice(notice: EntryNotice) -> None:
    """Has it called with the shelf after each entry: what came in may explain what was given without signal."""
    _noticed["notice"] = notice


def signed_quantity(kind: str, quantity: int) -> int:
    """With the sign that the ledger keeps; a transfer's is that of the store it goes to.

    Raises UnknownKind, WrongQuantity.
    """
    if kind not in KINDS_BY_HAND:
        raise UnknownKind(kind=kind)
    is_wrong = quantity == 0 or abs(quantity) > MOST_PIECES or (quantity < 0 and kind not in ("correction", "loss"))
    if is_wrong:
        raise WrongQuantity(most=MOST_PIECES)
    return -abs(quantity) if kind == "loss" else quantity


def check_size(item: GiftItem, size: str, *, language: str = "kk") -> None:
    """Raises UnknownSize, SizeMissing or HasNoSizes unless the item comes in this size."""
    name, sizes = in_language(item.name, language), ", ".join(item.sizes)
    if not item.sizes and size:
        raise HasNoSizes(item=name)
    if item.sizes and not size:
        raise SizeMissing(item=name, sizes=sizes)
    if item.sizes and size not in item.sizes:
        raise UnknownSize(item=name, sizes=sizes, size=size)


def _known(item: GiftItem, kind: str, entry_id: str) -> list[StockEntry]:
    first = db.session.get(StockEntry, canonical(entry_id))
    if first is None:
        return []
    if first.item_id != item.id or first.kind != kind:
        raise EntryIdTaken
    second = db.session.get(StockEntry, following(first.id, "transfer"))
    return [first, second] if second else [first]


def _moves(entry_id: str, kind: str, quantity: int, store: str, to_store: str | None) -> list[tuple[str, str, int]]:
    """(id, store, pieces) of each entry to write."""
    if kind != "transfer":
        return [(entry_id, store, quantity)]
    if not to_store or to_store == store:
        raise SameStore
    return [(entry_id, store, -quantity), (following(entry_id, "transfer"), to_store, quantity)]


def _write(entry: StockEntry, *, now: datetime, actor: Actor) -> None:
    db.session.add(entry)
    db.session.flush()
    record(actor, f"enter_{entry.kind}", entry, now=now, changes={"quantity": (0, entry.quantity)})


def _check_store(slug: str) -> None:
    if db.session.get(City, slug) is None:
        raise UnknownStore(store=slug)
