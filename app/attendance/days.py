"""Whether the day of an event is closed: then what was marked is final, and what comes still comes late."""

from typing import Any

from sqlalchemy import BindParameter, ColumnElement, bindparam, exists, select

from app.attendance.log_models import DeskDay
from app.db import connection, db
from app.errors import N_, DomainError
from app.events.models import Event
from app.prepared import Question, rows_of

_days = db.metadata.tables[DeskDay.__tablename__]
_event: BindParameter[Any] = bindparam("event_id")
CLOSED = select(_days.c.closed_at).where(_days.c.event_id == _event, _days.c.reopened_at.is_(None))


class DayClosed(DomainError):
    """A coordinator closed the day."""

    type = "day-closed"
    title = N_("The day is closed")
    message = N_("The day is closed, and its marks are final. A coordinator may correct them, with a reason.")


def is_closed(event_id: str) -> bool:
    """Whether a coordinator closed its day, and did not open it again."""
    return bool(rows_of(connection(), CLOSED, {"event_id": event_id}))


def closed_question(event_id: str) -> Question:
    """The same for whoever asks others along with it: any row means closed."""
    return CLOSED, {"event_id": event_id}


def is_final() -> ColumnElement[bool]:
    """The condition on Event that its marks are final."""
    return exists().where(DeskDay.event_id == Event.id, DeskDay.reopened_at.is_(None))
