"""An export is written down: who took which list of whom, and the file says so at its foot."""

from datetime import datetime

from app.accounts.actor import Actor
from app.audit.operations import record
from app.db import transaction
from app.desk.roster.roster import RosterFilter
from app.errors import require
from app.events.models import Event
from app.events.policy import can_see_roster


def log_export(
    event: Event, kind: str, *, count: int, wanted: RosterFilter, now: datetime, actor: Actor, part: str = ""
) -> None:
    """`kind` is csv, xlsx or the name of a print, `part` the bus or group that it is about."""
    with transaction():
        require(can_see_roster(actor, event))
        changes: dict[str, tuple[object, object]] = {"kind": (None, kind), "count": (None, count)}
        if not wanted.is_empty:
            changes["filter"] = (None, wanted.words())
        if part:
            changes["part"] = (None, part)
        record(actor, "export", event, now=now, changes=changes)
