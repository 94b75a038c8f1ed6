"""Changing the stops of a trip: all of them at once, in the order of the day."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.audit.operations import record
from app.db import lock, new_id, transaction
from app.errors import N_, Invalid
from app.events.errors import StaleForm
from app.events.lifecycle import after
from app.events.models import Event, Site, Stop
from app.events.stop_drafts import COLUMNS, StopDraft, check_stops, stop_values, stops_version


def change_stops(
    event: Event, stops: Sequence[StopDraft], *, version: str | None = None, now: datetime, actor: Actor
) -> None:
    """The trip has these stops from now on, in this order; a stop named by its id keeps its hosts.

    Raises Invalid, StaleForm, IsCancelled.
    """
    with transaction() as session:
        lock(event)
        if version is not None and version != stops_version(event.stops):
            raise StaleForm
        after("change", event.status)
        check_stops(stops)
        _check_sites(session, stops)
        before = [_plain(stop) for stop in event.stops]
        _put(session, event, stops)
        session.flush()
        session.expire(event, ["stops"])
        changes = {"stops": (before, [_plain(stop) for stop in event.stops])}
        record(actor, "change_stops", event, now=now, changes=changes)


def _check_sites(session: Session, stops: Sequence[StopDraft]) -> None:
    wanted = {stop.site_id for stop in stops if stop.site_id}
    found = session.scalar(select(func.count()).select_from(Site).where(Site.id.in_(wanted))) if wanted else 0
    if found != len(wanted):
        raise Invalid({"stops": N_("Choose a place of the list.")})


def _put(session: Session, event: Event, stops: Sequence[StopDraft]) -> None:
    standing = {stop.id: stop for stop in event.stops}
    named = {draft.id for draft in stops}
    for stop_id, stop in standing.items():
        if stop_id in named:
            stop.position = -stop.position  # out of the way: no two stops may have one position even for a moment
        else:
            session.delete(stop)
    session.flush()
    for position, draft in enumerate(stops, start=1):
        stop = standing.pop(draft.id) if draft.id in standing else Stop(id=new_id(), event_id=event.id)
        for name, value in stop_values(draft).items():
            setattr(stop, name, value)
        stop.position = position
        session.add(stop)


def _plain(stop: Stop) -> dict[str, Any]:
    said = {name: getattr(stop, name) for name in COLUMNS}
    times = {name: at.isoformat() for name in ("arrives_at", "departs_at") if (at := said[name])}
    return {name: value for name, value in (said | times).items() if value}
