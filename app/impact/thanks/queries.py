"""Reads for the pages of thanks: one's own, the coordinator's, and what a survey may show."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from app.accounts.actor import Actor
from app.attendance.days import is_final
from app.db import db
from app.errors import NotFound
from app.events.models import Event, Programme, Site
from app.impact.thanks.models import SurveyAnswer, Thanks
from app.impact.thanks.policy import may_speak_for
from app.impact.thanks.shares import Share, came, final_place, shares_of, with_event
from app.impact.thanks.small_numbers import Tally, shown
from app.impact.thanks.survey import answered
from app.people.models import Person
from app.people.queries import children_of
from app.rosters.models import Group
from app.signups.models import Place
from app.web.paging import Page, page_of

AT_ONCE = 20


@dataclass(frozen=True)
class Mine:
    """One place of one's family on a day that is closed: the share, and whether there are questions to answer."""

    place: Place
    share: Share
    asks: bool
    has_answered: bool


@dataclass(frozen=True)
class EventTally:
    """One event's answers, with the event."""

    event: Event
    tally: Tally


def my_days(actor: Actor, *, now: datetime, cursor: str | None) -> Page[Mine]:
    """Where the actor and their children were, the latest first. Raises Invalid."""
    assert actor.person_id is not None
    children = [child.id for child in children_of(actor.person_id)]
    query = select(Place).join(Place.event).join(Place.person).options(*with_event())
    mine = Place.person_id.in_([actor.person_id, *children])
    query = query.where(mine, came(), is_final(), Person.erased_at.is_(None))
    page = page_of(db.session(), query, (Event.starts_at, Place.id), cursor=cursor, limit=AT_ONCE, descending=True)
    held = [place for place in page.items if _speaks(actor.person_id, place, children, now)]
    return Page(_with_shares(held, now=now), page.next)


def thanked_days(event_id: str, reader_id: str, *, now: datetime) -> list[Mine]:
    """The same of one event, for whoever was written to; nothing once they have no say about anybody who came."""
    children = [child.id for child in children_of(reader_id)]
    query = select(Place).join(Place.event).join(Place.person).options(*with_event())
    query = query.where(Place.event_id == event_id, Place.person_id.in_([reader_id, *children]))
    query = query.where(came(), is_final(), Person.erased_at.is_(None))
    query = query.order_by(Place.person_id != reader_id, Place.position, Place.id)  # oneself first
    held = [place for place in db.session.scalars(query) if _speaks(reader_id, place, children, now)]
    return _with_shares(held, now=now)


def own_day(actor: Actor, place_id: str, *, now: datetime) -> Mine:
    """One of these places. Raises NotFound for others' and where nobody was there."""
    place = final_place(place_id)
    children = [child.id for child in children_of(actor.person_id)] if actor.person_id else []
    if place is None or not _speaks(actor.person_id, place, children, now):
        raise NotFound
    return _with_shares([place], now=now)[0]


def _speaks(reader_id: str | None, place: Place, children: Collection[str], now: datetime) -> bool:
    today = now.astimezone(ZoneInfo(place.event.timezone)).date()
    return may_speak_for(reader_id, place.person, children=children, today=today)


def _with_shares(places: Sequence[Place], *, now: datetime) -> list[Mine]:
    rows = {row.event_id: row for row in db.session.scalars(_rows({place.event_id for place in places}))}
    shares, done = shares_of(places), answered([place.id for place in places])
    asks = {event_id: row.takes_answers_at(now) for event_id, row in rows.items()}
    return [
        Mine(place, shares.get(place.id, Share()), asks.get(place.event_id, False), place.id in done)
        for place in places
    ]


def _rows(event_ids: Collection[str]) -> Select[Thanks]:
    return select(Thanks).where(Thanks.event_id.in_(event_ids))


def thanks_of(event_id: str) -> Thanks | None:
    """What was decided and what has left."""
    return db.session.get(Thanks, event_id)


def survey_state(event_id: str) -> str:
    """none (nobody was asked yet), off, open or ended."""
    row = thanks_of(event_id)
    if row is None or (row.survey_ends_at is None and row.survey_off_at is None):
        return "none"
    if row.survey_ended_at is not None:
        return "ended"
    return "off" if row.survey_off_at is not None else "open"


def groups_of(event_id: str) -> Sequence[Group]:
    """The event's groups that are not closed, by name."""
    query = select(Group).where(Group.event_id == event_id, Group.closed_at.is_(None)).order_by(Group.name, Group.id)
    return db.session.scalars(query).all()


def answers_so_far(event_id: str) -> int:
    """How many answered, whatever may be shown of it."""
    query = select(func.count()).where(SurveyAnswer.event_id == event_id)
    return db.session.scalar(query) or 0


def tallies_of(programme_id: str) -> list[EventTally]:
    """The programme's surveys that have ended and may be shown, the earliest event first; two questions."""
    query = (
        select(Event).join(Thanks, Thanks.event_id == Event.id).options(joinedload(Event.site).joinedload(Site.home))
    )
    query = query.where(Event.programme_id == programme_id, Thanks.survey_ended_at.is_not(None))
    events = {event.id: event for event in db.session.scalars(query.order_by(Event.starts_at, Event.id))}
    found = _tallies(events)
    return [EventTally(events[tally.event_id], tally) for tally in shown(found[event_id] for event_id in events)]


def words_said(event_id: str) -> Sequence[str]:
    """What people wrote, in an order that says nothing; ask only where the event's results are shown."""
    query = select(SurveyAnswer.word).where(SurveyAnswer.event_id == event_id, SurveyAnswer.word != "")
    return db.session.scalars(query.order_by(SurveyAnswer.id)).all()


def programme_with_surveys(programme_id: str) -> Programme:
    """The programme; raises NotFound."""
    found = db.session.get(Programme, programme_id)
    if found is None:
        raise NotFound
    return found


def _tallies(event_ids: Collection[str]) -> dict[str, Tally]:
    """{event's id: its answers counted}; an event without any is there too."""
    scale: dict[str, Counter[int]] = defaultdict(Counter)
    choices: dict[str, Counter[str]] = defaultdict(Counter)
    said = (SurveyAnswer.event_id, SurveyAnswer.scale, SurveyAnswer.choice)
    query = select(*said, func.count()).where(SurveyAnswer.event_id.in_(event_ids)).group_by(*said)
    for event_id, step, choice, times in db.session.execute(query):
        scale[event_id][step] += times
        choices[event_id][choice] += times
    return {event_id: Tally(event_id, scale[event_id], choices[event_id]) for event_id in event_ids}
