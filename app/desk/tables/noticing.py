"""What an entry of the stock book changes in what phones gave away without signal: an explained shortage goes."""

from datetime import datetime

from sqlalchemy import bindparam, select

from app.db import connection, db, transaction
from app.desk.log.conflict_models import DeskConflict
from app.desk.log.conflicts import note_conflicts
from app.desk.log.giving import facts_of
from app.desk.log.held import Batch, hold
from app.desk.log.merging import merge
from app.desk.tables.shelves import EVERYWHERE, on_shelves
from app.events.models import Event
from app.gifts.gift_rules import shelf_key
from app.gifts.settling import ITEMS
from app.prepared import rows_of

_rows = db.metadata.tables[DeskConflict.__tablename__]
EVENTS = select(_rows.c.event_id).where(_rows.c.key == bindparam("key")).distinct()


def notice_shelf(item_id: str, size: str, *, now: datetime) -> None:
    """Judges this shelf anew in every event that ever gave away more than lay there; asks once where none did.

    After the entry's transaction: first the shelf is locked, then the item, as batches do it.
    """
    key = shelf_key(EVERYWHERE, item_id, size)
    for row in rows_of(connection(), EVENTS, {"key": key}):
        _judge(row.event_id, key, item_id, now=now)


def _judge(event_id: str, key: str, item_id: str, *, now: datetime) -> None:
    event = facts_of(db.session.get_one(Event, event_id))
    with transaction():
        hold(event, [key], [])
        rows_of(connection(), ITEMS, {"items": [item_id]})
        batch = Batch(event, merge(()), new=(), places={}, entries=(), walk_ins=(), same={})
        batch, kept, found = on_shelves(batch, (), {item_id})
        note_conflicts(batch, [*batch.merged.conflicts, *found], kept, now=now)
