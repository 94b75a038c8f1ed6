"""What a phone takes along about gifts and kit: the things, who is due them, and what lies in the city's store."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select

from app.db import db
from app.desk.log.bodies import GIVE, LEAD, MANAGE, SAFETY
from app.desk.tables.people import same_people
from app.events.models import Event
from app.gifts.kit_lending import kit_of
from app.gifts.models import StockEntry
from app.gifts.queries import Thing, gifts_of


def gifts_part(event: Event, taker: Any, *, now: datetime) -> dict[str, Any]:
    """Items in their order; what is given first, then what is lent. `stock` leaves out what this event's own day moved:
    the phone knows that itself, and counts it to. `same_person` are the keys of each who has several."""
    gifts, kit = gifts_of(event.id), kit_of(event)
    sees_stock = bool({GIVE, LEAD, MANAGE, SAFETY} & set(taker.powers))
    stock = _stock(event) if sees_stock and (gifts or kit) else {}
    given = [_item(item, stock, kind="gift", **item.due._asdict()) for item in gifts]
    items = [*given, *(_item(item, stock, kind="kit") for item in kit)]
    return {"items": items, "same_person": same_people(event.id) if items else []}


def _item(item: Thing, stock: dict[str, dict[str, int]], **more: Any) -> dict[str, Any]:
    told = {"id": item.id, "name": item.name, "sizes": item.sizes, **more}
    return told | ({"stock": stock.get(item.id, {})} if stock else {})


def _stock(event: Event) -> dict[str, dict[str, int]]:
    entry = StockEntry
    elsewhere = or_(entry.event_id.is_(None), entry.event_id != event.id, entry.operation_id.is_(None))
    query = select(entry.item_id, entry.size, func.sum(entry.quantity)).where(entry.store == event.site.city, elsewhere)
    found: dict[str, dict[str, int]] = {}
    for item_id, size, pieces in db.session.execute(query.group_by(entry.item_id, entry.size)):
        found.setdefault(item_id, {})[size] = int(pieces)
    return found
