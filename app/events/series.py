"""The same event on every such weekday between two dates: each date an event of its own, in one series."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.accounts.actor import Actor
from app.audit.operations import record
from app.db import db, lock, transaction
from app.errors import N_, Invalid, NotFound, require
from app.events.cloning import copy_to
from app.events.drafts import EARLIEST, LATEST
from app.events.lifecycle import after
from app.events.models import Event, EventSeries
from app.events.operations import make_public
from app.events.policy import can_manage_event

MOST_DATES = 60
WEEK = timedelta(days=7)


def series_dates(first: date, last: date, weekday: int) -> list[date]:
    """Every such weekday (Monday is 0) from the first to the last day, both included. Pure."""
    day = first + timedelta(days=(weekday - first.weekday()) % 7)
    return [day + WEEK * week for week in range(max(0, (last - day).days // 7 + 1))]


def make_series(event: Event, *, first: date, last: date, weekday: int, now: datetime, actor: Actor) -> list[Event]:
    """A draft with this event's plan on each of those dates that the series has not got yet; returns the new ones.

    The event itself belongs to the series from now on. Called again, a longer span adds what is missing. Raises
    Invalid by field, NotAllowed, and the error that names the event's state.
    """
    with transaction():
        lock(event)
        require(can_manage_event(actor, event))
        after("change", event.status)
        _refuse(first, last, weekday)
        series = _series_of(event, first, last, weekday, now=now, actor=actor)
        taken = {one.local_date for one in events_of_series(series.id)} | {event.local_date}
        missing = [day for day in series_dates(first, last, weekday) if day not in taken]
        if not missing:
            raise Invalid({"last_on": N_("There is no such day between the two that is still free.")})
        added = [copy_to(event, day, now=now, actor=actor) for day in missing]
        for one in added:
            one.series_id = series.id
            record(actor, "clone", one, now=now, changes={"cloned_from": (None, event.id)})
        days: list[str] = [day.isoformat() for day in missing]
        record(actor, "make_series", event, now=now, changes={"series": (None, days)})
    return added


def publish_series(event: Event, *, now: datetime, actor: Actor) -> int:
    """Publishes all drafts of its series that lie ahead, the event itself too; returns how many. Raises NotReady."""
    with transaction() as session:
        if event.series_id is None:
            raise NotFound
        lock(session.get_one(EventSeries, event.series_id))
        drafts = [one for one in events_of_series(event.series_id) if one.status == "draft" and one.starts_at > now]
        for one in sorted(drafts, key=lambda one: one.id):
            lock(one)
            require(can_manage_event(actor, one))
            make_public(one, now=now, actor=actor)
    return len(drafts)


def events_of_series(series_id: str) -> Sequence[Event]:
    """All of the series, by their beginning."""
    query = select(Event).where(Event.series_id == series_id).options(joinedload(Event.site))
    return db.session.scalars(query.order_by(Event.starts_at, Event.id)).all()


def series_ahead(event: Event, *, now: datetime) -> list[Event]:
    """Those of its series that have not begun and still change, the event itself left out."""
    if event.series_id is None:
        return []
    standing = ("draft", "published", "closed", "postponed")
    same = events_of_series(event.series_id)
    return [one for one in same if one.id != event.id and one.starts_at > now and one.status in standing]


def _series_of(event: Event, first: date, last: date, weekday: int, *, now: datetime, actor: Actor) -> EventSeries:
    """The series that the event is in, with the longer span; or a new one."""
    series = db.session.get(EventSeries, event.series_id) if event.series_id else None
    if series is None:
        series = EventSeries(weekday=weekday, first_on=first, last_on=last, created_at=now)
        series.created_by_id = actor.account_id
        db.session.add(series)
        db.session.flush()
        event.series_id = series.id
    series.first_on, series.last_on = min(series.first_on, first), max(series.last_on, last)
    return series


def _refuse(first: date, last: date, weekday: int) -> None:
    if not 0 <= weekday <= 6:
        raise Invalid({"weekday": N_("Choose one of the list.")})
    if not (EARLIEST.year <= first.year < LATEST.year and EARLIEST.year <= last.year < LATEST.year):
        raise Invalid({"last_on": N_("Check the year.")})
    if last < first:
        raise Invalid({"last_on": N_("The last day is before the first.")})
    if len(series_dates(first, last, weekday)) > MOST_DATES:
        raise Invalid({"last_on": N_("A series has up to 60 dates. Choose an earlier last day.")})
