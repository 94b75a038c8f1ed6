"""What is new in the log of one event, for phones that ask every few seconds.

A cursor is "transaction.number". On PostgreSQL only transactions are told that nobody older is still writing in, so
that one which began early and ended late is never jumped over; on SQLite there is one writer, and the number counts.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, bindparam, func, or_, select, text

from app.attendance.log import COLUMNS, TABLE
from app.db import connection, db
from app.desk.log.conflict_models import DeskConflict
from app.errors import N_, Invalid
from app.prepared import Question, all_rows_of

START = "0.0"
MOST = 1000
LONGEST = 18  # digits that every database counts to
MOST_NUMBER = 2**31 - 1  # of the log's own column
_conflicts = db.metadata.tables[DeskConflict.__tablename__]
_days = db.metadata.tables["desk_days"]
_event = TABLE.c.event_id == bindparam("event_id")
_after = or_(TABLE.c.tx > bindparam("tx"), and_(TABLE.c.tx == bindparam("tx"), TABLE.c.number > bindparam("number")))
_settled = TABLE.c.tx < text("pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
# Who may read of an incident reads it on its page.
UNTOLD = ("incident",)
_told = [TABLE.c.tx, TABLE.c.number, *COLUMNS]
_in_order = (TABLE.c.tx, TABLE.c.number)
NEWS = select(*_told).where(_event, _after, TABLE.c.kind.not_in(UNTOLD)).order_by(*_in_order).limit(bindparam("limit"))
NEWS_OF_SERVER = NEWS.where(_settled)
LAST = select(TABLE.c.tx, TABLE.c.number).where(_event).order_by(*[column.desc() for column in _in_order]).limit(1)
LAST_OF_SERVER = LAST.where(_settled)
OPEN = select(func.count()).where(
    _conflicts.c.event_id == bindparam("event_id"), _conflicts.c.gone_at.is_(None), _conflicts.c.solved_at.is_(None)
)
CLOSED = select(_days.c.closed_at).where(_days.c.event_id == bindparam("event_id"), _days.c.reopened_at.is_(None))


@dataclass(frozen=True, slots=True)
class Changes:
    """What came after a cursor: rows of the log in their order, the cursor after them, whether there is more."""

    cursor: str
    rows: list[Any]
    more: bool
    conflicts: int
    closed_at: Any

    @property
    def tag(self) -> str:
        """Stays the same while there is nothing new."""
        closed = int(self.closed_at.timestamp()) if self.closed_at else 0
        return f"{self.cursor}.{self.conflicts}.{closed}"


def changes_since(event_id: str, cursor: str, *, limit: int = MOST) -> Changes:
    """Operations of this event that were written after the cursor; raises Invalid where it is none of ours."""
    tx, number = _parts(cursor)
    news = NEWS_OF_SERVER if _is_server() else NEWS
    about = {"event_id": event_id}
    asked = about | {"tx": tx, "number": number, "limit": limit + 1}
    questions: list[Question] = [(news, asked), (OPEN, about), (CLOSED, about), (LAST, about)]
    rows, conflicts, closed, last = all_rows_of(connection(), questions)
    if (tx, number) > max([(row.tx, row.number) for row in last], default=(0, 0)):
        # Given out before a backup was put back: the phone hears all of it again, which changes nothing there.
        return changes_since(event_id, START, limit=limit)
    told = rows[:limit]
    end = f"{told[-1].tx}.{told[-1].number}" if told else f"{tx}.{number}"
    return Changes(end, told, len(rows) > limit, conflicts[0][0], closed[0][0] if closed else None)


def cursor_of(event_id: str) -> str:
    """Where the log stands now: what a phone that has all so far asks with."""
    [rows] = all_rows_of(connection(), [(LAST_OF_SERVER if _is_server() else LAST, {"event_id": event_id})])
    return f"{rows[0].tx}.{rows[0].number}" if rows else START


def _parts(cursor: str) -> tuple[int, int]:
    tx, _, number = (cursor or START).partition(".")
    if not all(part.isascii() and part.isdecimal() and len(part) <= LONGEST for part in (tx, number)):
        raise Invalid({"since": N_("This isn't a cursor that was given out here.")})
    return int(tx), min(int(number), MOST_NUMBER)


def _is_server() -> bool:
    return bool(db.session().get_bind().dialect.name != "sqlite")
