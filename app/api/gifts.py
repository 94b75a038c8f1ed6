"""Gifts for programs: the things that are given, entries in the ledger, and what is left."""

from collections.abc import Sequence
from typing import Any

from marshmallow import Schema, fields

from app import clock
from app.accounts.actor import COORDINATOR, GIFT_KEEPER, Actor
from app.api.blueprint import Blueprint
from app.api.events import local_iso
from app.api.fields import Text, Whole, Word, in_three, without_empty
from app.api.once import once
from app.attendance.entry_ids import new_entry_id
from app.errors import NotFound, require
from app.events.queries import visible_event
from app.gifts.ledger import KINDS_BY_HAND, MOST_PIECES
from app.gifts.models import GiftItem, StockEntry
from app.gifts.operations import create_item, enter_stock
from app.gifts.policy import can_change_items, can_keep_stock
from app.gifts.queries import all_items, item_of, stock_lines, stores
from app.gifts.sizes import LONGEST_SIZE, MOST_SIZES
from app.people.queries import person_visible
from app.web.access import with_role
from app.web.actor import current_actor

bp = Blueprint("api_gifts", __name__, description="Gifts")


class GiftItemIn(Schema):
    """A thing to give; no sizes means that one fits all."""

    name = in_three(required=True)
    sizes = fields.List(Text(up_to=LONGEST_SIZE), load_default=list)
    slug = Text(up_to=60, load_default="")


class GiftItemOut(Schema):
    """A thing to give."""

    id = fields.String(required=True)
    slug = fields.String(required=True)
    name = in_three(required=True)
    sizes = fields.List(fields.String(), required=True)


class StockEntryIn(Schema):
    """So many came or went. `item` is its id or short name, `place` the city of the store."""

    item = Text(up_to=60, required=True)
    size = Text(up_to=LONGEST_SIZE, load_default="")
    place = Text(up_to=40, required=True)
    kind = Word(KINDS_BY_HAND, required=True)
    quantity = Whole(low=-MOST_PIECES, high=MOST_PIECES, required=True)
    to_place = Text(up_to=40, load_default="")
    event_id = Text(up_to=16, load_default="")
    person_id = Text(up_to=16, load_default="")
    note = Text(up_to=200, load_default="")


class StockEntryOut(Schema):
    """One entry of the ledger; a transfer makes two."""

    id = fields.String(required=True)
    item = fields.String(required=True)
    size = fields.String(required=True)
    place = fields.String(required=True)
    kind = fields.String(required=True)
    quantity = fields.Integer(required=True)
    note = fields.String(required=True)
    at = fields.String(required=True, metadata={"format": "date-time"})


class StockEntriesOut(Schema):
    """What one call wrote."""

    items = fields.List(fields.Nested(StockEntryOut), required=True)


class StockOnHand(Schema):
    """One item and size in one city: what lies there, and what the events ahead still need of it."""

    item = fields.String(required=True)
    name = in_three(required=True)
    size = fields.String(required=True)
    place = fields.String(required=True)
    on_hand = fields.Integer(required=True)
    needed = fields.Integer(required=True)


class StockPage(Schema):
    """The whole stock of the cities that this login keeps."""

    items = fields.List(fields.Nested(StockOnHand), required=True)
    next = fields.String(required=True, allow_none=True)


@bp.route("/gifts/items", methods=["POST"])
@with_role(COORDINATOR, GIFT_KEEPER)
@once
@bp.arguments(GiftItemIn)
@bp.response(201, GiftItemOut)
def new_item(said: dict[str, Any]) -> Any:
    """Another thing to give."""
    actor = current_actor()
    require(can_change_items(actor))
    sizes = [size for size in dict.fromkeys(said["sizes"]) if size][: MOST_SIZES + 1]
    name = without_empty(said["name"])
    return create_item(name=name, sizes=sizes, slug=said["slug"], now=clock.now(), actor=actor)


@bp.route("/gifts/entries", methods=["POST"])
@with_role(COORDINATOR, GIFT_KEEPER)
@once
@bp.arguments(StockEntryIn)
@bp.response(201, StockEntriesOut)
def entries(said: dict[str, Any]) -> Any:
    """Writes into the ledger what came, went, was counted anew or moved; refused where more would go than there is."""
    actor = current_actor()
    require(can_keep_stock(actor, said["place"]))
    item = _item(said["item"])
    written = enter_stock(
        item,
        size=said["size"],
        store=said["place"],
        kind=said["kind"],
        quantity=said["quantity"],
        to_store=said["to_place"] or None,
        note=said["note"],
        event_id=visible_event(actor, said["event_id"]).id if said["event_id"] else None,
        person_id=person_visible(actor, said["person_id"]).id if said["person_id"] else None,
        entry_id=new_entry_id(),
        now=clock.now(),
        actor=actor,
    )
    return {"items": _told(written, item)}


@bp.route("/gifts/stock", methods=["GET"])
@with_role(COORDINATOR, GIFT_KEEPER)
@bp.response(200, StockPage)
def stock() -> Any:
    """What is left by item, size and city."""
    lines = stock_lines(_stores(current_actor()), now=clock.now())
    told = [
        {
            "item": line.item.slug,
            "name": line.item.name,
            "size": line.size,
            "place": line.store,
            "on_hand": line.on_hand,
            "needed": line.needed,
        }
        for line in lines
    ]
    return {"items": told, "next": None}


def _stores(actor: Actor) -> list[str]:
    return [city.slug for city in stores(actor.cities(COORDINATOR, GIFT_KEEPER))]


def _item(word: str) -> GiftItem:
    """By its short name, else by its id; raises NotFound."""
    found = next((item for item in all_items() if item.slug == word), None)
    if found is None and not word:
        raise NotFound
    return found or item_of(word)


def _told(written: Sequence[StockEntry], item: GiftItem) -> list[dict[str, Any]]:
    return [
        {
            "id": entry.id,
            "item": item.slug,
            "size": entry.size,
            "place": entry.store,
            "kind": entry.kind,
            "quantity": entry.quantity,
            "note": entry.note,
            "at": local_iso(entry.at, "Asia/Almaty"),
        }
        for entry in written
    ]
