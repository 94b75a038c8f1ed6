"""The one-time code by which a child is handed over to whoever shows it.

Six letters as on tickets, worked out from the place with the key of the app, so that nobody finds them in a stolen
database; a phone without signal gets sixteen bits of it, too few to find the code by and enough to catch a wrong one.
"""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from app.access.signed_links import keyed_digest
from app.attendance.tickets import ticket_code
from app.db import TICKET_LETTERS, connection, db
from app.desk.trip.models import CollectionCode
from app.prepared import padded, rows_of, write

LETTERS, CHECK_BITS = 6, 16
TABLE = db.metadata.tables[CollectionCode.__tablename__]
OF_PLACES = select(TABLE).where(TABLE.c.place_id.in_(bindparam("ids", expanding=True)))
ROW = insert(TABLE)
USED = update(TABLE).where(TABLE.c.place_id == bindparam("id")).values(used_at=bindparam("moment"))


def code_of(place_id: str, generation: int = 0) -> str:
    """The code itself."""
    number = int.from_bytes(keyed_digest("collection", f"{place_id} {generation}")[:8])
    letters = []
    for _ in range(LETTERS):
        number, letter = divmod(number, len(TICKET_LETTERS))
        letters.append(TICKET_LETTERS[letter])
    return "".join(letters)


def printed_code(code: str) -> str:
    """As it is read aloud."""
    return f"{code[:3]} {code[3:]}"


def is_code(typed: str, place_id: str, generation: int = 0) -> bool:
    """Whether somebody typed it, in whatever letters a keyboard has."""
    return hmac.compare_digest(ticket_code(typed).encode(), code_of(place_id, generation).encode())


def check_of(place_id: str, generation: int = 0) -> tuple[str, int]:
    """(salt, what SHA-256 of salt and code begins with): what a phone may know."""
    salt = f"{place_id}:{generation}:"
    digest = hashlib.sha256(f"{salt}{code_of(place_id, generation)}".encode()).digest()
    return salt, int.from_bytes(digest[:2])


def generations_of(place_ids: Any) -> dict[str, Any]:
    """{place: its row} where a code was changed or used."""
    ids = list(place_ids)
    return {row.place_id: row for row in rows_of(connection(), OF_PLACES, {"ids": padded(ids)})} if ids else {}


def settle_codes(used: Mapping[str, datetime | None], *, now: datetime) -> None:
    """{place: when its code was used, or that it wasn't}: what a hand-over was, or was taken back."""
    if not used:
        return
    held = generations_of(used)
    fresh = [{"place_id": id_, "generation": 0, "used_at": at} for id_, at in used.items() if at and id_ not in held]
    if fresh:
        write(connection(), ROW, fresh)
    changed = [{"id": id_, "moment": at} for id_, at in used.items() if id_ in held and held[id_].used_at != at]
    if changed:
        write(connection(), USED, changed)
