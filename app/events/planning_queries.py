"""Reads for planning: a month of events, and what else is on at a place or with a coordinator."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, case, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from app.accounts.actor import Actor
from app.db import Texts, db
from app.events.models import Event, Site
from app.events.periods import end_of, local_day, moment
from app.events.planning_checks import Overlap, Warned, orders_gifts, rules_missing, warnings_for
from app.events.policy import can_see_event
from app.events.queries import managed_by
from app.events.timetable import time_of
from app.web.dates import HOME_ZONE

TAKES_TIME = ("draft", "published", "closed", "running")
MOST_IN_A_MONTH, MOST_OVERLAPS = 600, 5
RULES = ("min_age", "adult_child_ratio", "hazard_class", "ppe")
SOMETHING_ELSE: Texts = {"kk": "басқа іс-шара", "ru": "другое событие", "en": "another event"}


def month_events(actor: Actor, first: date, last: date) -> Sequence[Event]:
    """What this coordinator plans from the first to the last day, whose day is known, with its site."""
    # A day of margin: each event's day is that of its own zone.
    since = moment(first - timedelta(days=1), datetime.min.time(), HOME_ZONE)
    query = select(Event).join(Event.site).options(contains_eager(Event.site)).where(managed_by(actor))
    query = query.where(Event.starts_at >= since, Event.starts_at < end_of(last + timedelta(days=1), HOME_ZONE))
    query = query.where(Event.date_precision.in_(("minute", "day")), Event.status != "cancelled")
    return db.session.scalars(query.order_by(Event.starts_at, Event.id).limit(MOST_IN_A_MONTH)).all()


def event_warnings(event: Event, *, now: datetime, actor: Actor) -> list[Warned]:
    """What to know about an event that is planned; nothing about one that is over or called off."""
    if event.status not in ("draft", "published", "closed", "postponed") or event.is_past_at(now):
        return []
    return plan_warnings(
        actor,
        now=now,
        starts_at=event.starts_at if event.date_precision in ("minute", "day") else None,
        ends_at=event.ends_at,
        site=event.site,
        coordinator_id=event.coordinator_id,
        kind=event.kind,
        timezone=event.timezone,
        but=event.id,
    )


def plan_warnings(
    actor: Actor,
    *,
    now: datetime,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    site: Site | None = None,
    coordinator_id: str | None = None,
    kind: str = "other",
    timezone: str = HOME_ZONE,
    but: str | None = None,
) -> list[Warned]:
    """The same for a plan as far as it is known; `but` is the event itself, whose buses are then looked at."""
    takes = {"site": Event.site_id == site.id} if site else {}
    takes |= {"coordinator": Event.coordinator_id == coordinator_id} if coordinator_id else {}
    takes |= {"bus": Event.id.in_(_with_its_buses(but))} if but else {}
    overlaps: list[Overlap] = []
    if starts_at and ends_at and ends_at > starts_at and takes:
        at_that_time = and_(Event.starts_at < ends_at, Event.ends_at > starts_at, Event.id != (but or ""))
        overlaps = _overlaps(actor, takes, at_that_time)
    lacking = rules_missing(kind, site.kind, {name: getattr(site, name) for name in RULES}) if site else []
    return warnings_for(
        local_day(starts_at, timezone) if starts_at else None,
        today=local_day(now, timezone),
        overlaps=overlaps,
        orders_gifts=orders_gifts(kind),
        rules_missing=lacking,
    )


def _overlaps(actor: Actor, takes: dict[str, ColumnElement[bool]], at_that_time: ColumnElement[bool]) -> list[Overlap]:
    """What else is on that takes the place, the coordinator or a bus; one that takes several is told by the first."""
    what = case(*((condition, word) for word, condition in takes.items()))
    query = select(Event, what).options(joinedload(Event.site)).where(or_(*takes.values()), at_that_time)
    query = query.where(Event.status.in_(TAKES_TIME), Event.date_precision == "minute")
    found = db.session.execute(query.order_by(Event.starts_at, Event.id).limit(MOST_OVERLAPS))
    return [
        Overlap(word, one.title if can_see_event(actor, one) else SOMETHING_ELSE, time_of(one)) for one, word in found
    ]


def _with_its_buses(event_id: str) -> Select[str]:
    """Events that name a bus with the same number plate; buses lie further right, here only their rows."""
    mine, other = (db.metadata.tables["buses"].alias(name) for name in ("mine", "other"))
    same = mine.c.plate == other.c.plate
    return select(other.c.event_id).join(mine, same).where(mine.c.event_id == event_id, mine.c.plate != "")
