"""Reads of the public page: the version of all that it shows, what is coming, what each programme brought.

Events that are hidden from the public are in none of them.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Subquery, and_, exists, func, or_, select, text
from sqlalchemy.orm import contains_eager, joinedload, load_only

from app.attendance.log_models import DeskOperation
from app.audit.models import SHOWN, AuditEntry
from app.db import db
from app.events.models import Event, Programme, Site, Stop
from app.events.queries import AHEAD, BEHIND
from app.impact.money.models import Expense
from app.impact.outcomes.metrics import BY_KEY
from app.impact.outcomes.models import Outcome
from app.impact.pictures.queries import Shown, published_albums
from app.people.models import City
from app.web.dates import HOME_ZONE

COMING, LINES, OF_EACH, OF_AN_ALBUM = 6, 10, 4, 6
ORDER = {key: number for number, key in enumerate(BY_KEY)}
OF_A_LINE = (
    Event.programme_id, Event.site_id, Event.kind, Event.status, Event.title, Event.description, Event.starts_at,
    Event.ends_at, Event.date_precision, Event.timezone,
)  # fmt: skip
OF_A_FIGURE = (Outcome.metric, Outcome.quantity, Outcome.unit, Outcome.species, Outcome.detail)
TRIPS = ("visit", "excursion")
ALL_OF_ONE = 60
RECENT = 1_000

_said = text(f"({SHOWN})")
_newest = select(func.max(DeskOperation.number)).scalar_subquery()
# Beside the newest of everything its number: on PostgreSQL what began early may be seen late, and is not the newest.
_VERSION = select(
    select(func.max(AuditEntry.at)).where(_said).scalar_subquery(),
    select(func.count()).select_from(AuditEntry).where(_said).scalar_subquery(),
    _newest,
    select(func.count()).select_from(DeskOperation).where(DeskOperation.number > _newest - RECENT).scalar_subquery(),
    *(select(func.count()).select_from(table).scalar_subquery() for table in (Event, Outcome, Expense)),
)


def version() -> str:
    """A word that changes with everything that the public page shows, whoever wrote it in whatever process.

    Every act that changes an event, its place or programme, a result, a sum or a picture is in the log; the day's own
    marks, from which hours come, are in theirs. Rows are counted too, for what is loaded without an act.
    """
    newest, *counts = db.session.execute(_VERSION).one()
    return ".".join([newest.isoformat() if newest else "", *(str(count) for count in counts)])


@dataclass(frozen=True)
class Scope:
    """What the page is narrowed to: a programme by its slug, a year, a city; None is all."""

    programme: str | None = None
    year: int | None = None
    city: str | None = None


@dataclass(frozen=True)
class Line:
    """An event that took place, or was to, with the figures that count; of a trip its stops."""

    event: Event
    figures: Sequence[Outcome]
    stops: Sequence[Stop] = ()


@dataclass(frozen=True)
class Story:
    """What one programme did, the latest first, and how many events there are beside those."""

    programme: Programme
    lines: Sequence[Line]
    more: int


def photographs(events: Iterable[Event]) -> dict[str, list[Shown]]:
    """{kind of event: the published pictures of these events}, the latest events first."""
    kinds = {event.id: event.kind for event in events}
    albums, found = (
        published_albums(list(kinds), most=OF_AN_ALBUM) if kinds else {},
        defaultdict[str, list[Shown]](list),
    )
    for event_id, kind in kinds.items():
        if event_id in albums:
            found[kind] += albums[event_id].pictures
    return found


def coming(scope: Scope, *, now: datetime, limit: int = COMING) -> tuple[Sequence[Event], datetime | None]:
    """What is on from now, soonest first, with places and cities; and when the next event of all is over.

    Years don't narrow what is ahead.
    """
    ahead = (Event.status.in_(AHEAD), Event.ends_at > now)
    over = select(func.min(Event.ends_at)).where(*ahead).correlate(None).scalar_subquery()
    query = select(Event, over).options(joinedload(Event.site, innerjoin=True).joinedload(Site.home, innerjoin=True))
    query = query.where(Event.is_hidden.is_(False), *ahead, *_within(Scope(scope.programme, None, scope.city)))
    rows = db.session.execute(query.order_by(Event.starts_at, Event.id).limit(limit)).all()
    if rows:
        return [event for event, _ in rows], rows[0][1]
    return [], db.session.scalar(select(func.min(Event.ends_at)).where(*ahead))


def stories(scope: Scope, *, now: datetime) -> list[Story]:
    """The programmes that did something last, each with its latest events and what those brought."""
    latest = _latest(scope, now=now)
    site = joinedload(Event.site, innerjoin=True).load_only(Site.name, Site.city, Site.facts)
    site = site.joinedload(Site.home, innerjoin=True).load_only(City.name)
    query = (
        select(Event, Outcome, latest.c.events)
        .join(latest, latest.c.id == Event.id)
        .join(Event.programme)
        .outerjoin(Outcome, and_(Outcome.event_id == Event.id, Outcome.counting()))
        .where(latest.c.number <= (ALL_OF_ONE if scope.programme else OF_EACH))
        .options(contains_eager(Event.programme), site, load_only(*OF_A_LINE), load_only(*OF_A_FIGURE))
        .order_by(latest.c.place, latest.c.number, Outcome.recorded_at, Outcome.id)
    )
    figures: dict[Event, list[Outcome]] = {}
    many: dict[Programme, int] = {}
    for event, outcome, events in db.session.execute(query):
        many[event.programme] = events
        figures.setdefault(event, []).extend([outcome] if outcome else [])
    for found in figures.values():
        found.sort(key=lambda one: ORDER.get(one.metric, len(ORDER)))
    stops = _stops([event.id for event in figures if event.kind in TRIPS])
    lines: dict[Programme, list[Line]] = defaultdict(list)
    for event, found in figures.items():
        lines[event.programme].append(Line(event, found, stops[event.id]))
    return [Story(programme, found, many[programme] - len(found)) for programme, found in lines.items()]


def _latest(scope: Scope, *, now: datetime) -> Subquery:
    """Every event that was, of the programmes that did something last: with its number in its programme (the latest
    is 1), how many those are, and the place of the programme among the others."""
    was = or_(Event.status == "completed", and_(Event.status.in_(BEHIND), Event.ends_at <= now))
    shown = and_(was, Event.is_hidden.is_(False), *_within(scope))
    places = (Programme.last_year.desc(), Programme.first_year.desc(), Programme.slug)
    query = select(Programme.id, func.row_number().over(order_by=places).label("place"))
    query = query.where(Programme.deactivated_at.is_(None), exists().where(Event.programme_id == Programme.id, shown))
    programmes = query.order_by(*places).limit(LINES).subquery()
    latest_first = (Event.starts_at.desc(), Event.id)
    return (
        select(
            Event.id,
            programmes.c.place,
            func.row_number().over(partition_by=Event.programme_id, order_by=latest_first).label("number"),
            func.count().over(partition_by=Event.programme_id).label("events"),
        )
        .join(programmes, programmes.c.id == Event.programme_id)
        .where(shown)
        .subquery()
    )


def _stops(event_ids: Sequence[str]) -> dict[str, list[Stop]]:
    found: dict[str, list[Stop]] = defaultdict(list)
    if event_ids:
        for stop in db.session.scalars(select(Stop).where(Stop.event_id.in_(event_ids)).order_by(Stop.position)):
            found[stop.event_id].append(stop)
    return found


def _within(scope: Scope) -> list[ColumnElement[bool]]:
    """As conditions on events joined with their programmes and sites; a year in which the event partly lies counts."""
    found: list[ColumnElement[bool]] = []
    if scope.programme:
        found.append(Event.programme.has(Programme.slug == scope.programme))
    if scope.city:
        found.append(Event.site.has(Site.city == scope.city))
    if scope.year:
        first, after = (datetime(year, 1, 1, tzinfo=ZoneInfo(HOME_ZONE)) for year in (scope.year, scope.year + 1))
        found += [Event.starts_at < after, Event.ends_at > first]
    return found
