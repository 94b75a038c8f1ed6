"""Hosts follow their event: whoever was invited is asked anew for another day or place, and told when nobody comes.

Whoever moves or cancels an event calls nothing here: the rows say what the host was asked for, the worker sees it.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select

from app.accounts.actor import SYSTEM
from app.audit.operations import record
from app.db import db, lock, transaction
from app.events.models import Event
from app.events.trip_models import Host
from app.rosters.change_models import EventChange
from app.rosters.change_queries import may_go_back, undoable_change
from app.rosters.host_mails import mail_cancelled, take_invitation_back
from app.rosters.host_queries import closes_at
from app.rosters.hosts import OPEN, ask_host

AT_ONCE = 20


def follow_events(*, now: datetime) -> bool:
    """One step of the worker: up to 20 hosts; says whether there may be more."""
    query = (
        select(Host.id)
        .join(Event, Event.id == Host.event_id)
        .where(_invited(), or_(_moved(now), _called_off()), ~may_go_back(now))
    )
    ids = db.session.scalars(query.order_by(Host.id).limit(AT_ONCE)).all()
    for host_id in ids:
        with transaction() as session:
            _follow(session.get_one(Host, host_id), now=now)
    return len(ids) == AT_ONCE


def _follow(host: Host, *, now: datetime) -> None:
    event = host.event
    lock(event)
    lock(host)
    if host.removed_at is not None or host.asked_for_at is None or host.declined_at is not None:
        return
    if undoable_change(event.id, now=now) is not None:
        return  # somebody changed the day while we waited for the lock
    if event.status in OPEN and _is_asked_for_else(host) and now < closes_at(event):
        take_invitation_back(host, now=now)
        host.asked_for_at = None  # what they said was about other hours, or another place
        ask_host(host, now=now)
        record(SYSTEM, "invite_host", event, now=now, changes={"host": (None, host.name)})
    elif event.status == "cancelled":
        _tell(host, now=now)
        host.invited_at = host.asked_for_at = None
    elif event.status == "postponed" and host.asked_for_at != event.postponed_at:
        _tell(host, now=now)
        host.asked_for_at = event.postponed_at or now


def _is_asked_for_else(host: Host) -> bool:
    """Whether the letter that they have says another day, other hours or another place."""
    later = select(EventChange.id).where(EventChange.event_id == host.event_id, *_moves_since(host.invited_at))
    return host.asked_for_at != host.event.starts_at or db.session.scalar(later.limit(1)) is not None


def _tell(host: Host, *, now: datetime) -> None:
    take_invitation_back(host, now=now)
    mail_cancelled(host, now=now)
    host.confirmed_at = host.list_sent_at = None


def _invited() -> ColumnElement[bool]:
    return and_(Host.asked_for_at.is_not(None), Host.removed_at.is_(None), Host.declined_at.is_(None), Host.email != "")


def _moved(now: datetime) -> ColumnElement[bool]:
    # A day ahead at least: on the day itself nobody can answer any more.
    since = exists().where(EventChange.event_id == Host.event_id, *_moves_since(Host.invited_at))
    return and_(Event.status.in_(OPEN), or_(Host.asked_for_at != Event.starts_at, since), Event.starts_at > now)


def _moves_since(moment: Any) -> tuple[ColumnElement[bool], ...]:
    return EventChange.kind == "move", EventChange.undone_at.is_(None), EventChange.made_at > moment


def _called_off() -> ColumnElement[bool]:
    postponed = and_(Event.status == "postponed", Host.asked_for_at != Event.postponed_at)
    return or_(Event.status == "cancelled", postponed)
