"""The sample season: invented events, relative to the day on which the demo is loaded, at the real sites.

Saturdays ahead: both coasts, the grove (full, with a queue), both smelters, the solar substation (sign-up not open yet)
and planting; between them the days that have a story to tell (stories.py). Behind us one coast cleanup with everything
that a day leaves: who came and what they were given. None of them has outcomes or costs, so the report holds the real
figures alone.
"""

from datetime import date, datetime, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.attendance.entry_ids import following
from app.attendance.models import AttendanceEntry
from app.db import db, new_id
from app.demo.logins import AIGUL, NURLAN, actor_named, person_named
from app.demo.parties import Party, add_parties, employees_of, families_of, withdraw
from app.demo.plans import (
    AHEAD,
    COAST_BALKHASH,
    COAST_ZHEZKAZGAN,
    GIFTS,
    GROVE,
    PLANTING,
    PROGRAMMES,
    SMELTER_BALKHASH,
    SMELTER_ZHEZKAZGAN,
    SOLAR,
    SPRING,
    Plan,
)
from app.demo.stories import add_stories
from app.demo.trips import add_trip
from app.events.models import Event, Programme, Site, Stop
from app.gifts.models import EventGift, GiftItem, HandOut, StockEntry
from app.people.models import Person
from app.people.queries import children_of
from app.signups.models import Place
from app.signups.operations import Answers, sign_up

ZONE = ZoneInfo("Asia/Almaty")
SATURDAY = 5
SOONEST = timedelta(days=8)  # further than the first reminder, so that loading writes no letters to everybody
RECEIPTS = {
    "t-shirt": {"98": 20, "110": 25, "122": 30, "134": 30, "146": 35, "158": 35, "164": 30}
    | {"S": 60, "M": 140, "L": 160, "XL": 80, "XXL": 40},
    "cap": {"child": 150, "adult": 480},
}
CAME_OF = (96, 88)


def have_samples() -> bool:
    """Whether the sample season stands already."""
    return db.session.scalar(select(Event.id).where(Event.slug == PLANTING.slug)) is not None


def add_samples(session: Session, *, now: datetime) -> None:
    """The events, who signed up, what lies in store, and the day that is behind us."""
    first = saturday_after(now + SOONEST)
    season = {number: first + timedelta(weeks=number) for number in range(5)}
    behind = saturday_after(now - timedelta(weeks=7))
    programmes = _programmes(session, behind, season[4], now=now)
    _receive_stock(session, now=now)
    days = {plan.slug: season[week] + timedelta(days=plan.later) for week, plan in AHEAD}
    events = {plan.slug: _event(session, plan, days[plan.slug], programmes, now=now) for _, plan in AHEAD}
    events[SOLAR.slug].signup_opens_at = _at(season[0] + timedelta(days=2), "09:00")
    past = _event(session, SPRING, behind, programmes, now=now)
    session.flush()
    _sign_people_up(session, events, now=now)
    add_stories(session, events, now=now)
    add_trip(session, events, now=now)
    _hold_the_day(session, past, now=now)


def saturday_after(moment: datetime) -> date:
    """The first Saturday on or after that day."""
    day = moment.astimezone(ZONE).date()
    return day + timedelta(days=(SATURDAY - day.weekday()) % 7)


def _programmes(session: Session, first: date, last: date, *, now: datetime) -> dict[str, Programme]:
    years = f"{first.year}" if first.year == last.year else f"{first.year}–{last.year}"
    rows = {}
    for slug, name in PROGRAMMES.items():
        names = {language: f"{text} {years}" for language, text in name.items()}
        rows[slug] = Programme(
            id=new_id(), slug=f"sample-{slug}", name=names, first_year=first.year, last_year=last.year
        )
        rows[slug].created_at = now
    session.add_all(rows.values())
    session.flush()
    return rows


def _event(session: Session, plan: Plan, day: date, programmes: dict[str, Programme], *, now: datetime) -> Event:
    event = _planned(plan, day)
    event.programme_id = programmes[plan.programme].id
    event.site_id = session.scalars(select(Site.id).where(Site.slug == plan.site)).one()
    event.coordinator_id = person_named(AIGUL).id
    opened = min(now, event.starts_at) - timedelta(days=14)
    event.signup_opens_at = event.created_at = event.published_at = opened
    event.status = "published"
    if event.ends_at <= now:
        event.status, event.completed_at = "completed", event.ends_at + timedelta(hours=2)
    session.add(event)
    session.flush()
    for position, (hour, title, note) in enumerate(plan.stops, start=1):
        session.add(Stop(event_id=event.id, position=position, title=title, note=note, arrives_at=_at(day, hour)))
    for item_id in session.scalars(select(GiftItem.id).where(GiftItem.slug.in_(plan.gifts))):
        session.add(EventGift(event_id=event.id, item_id=item_id))
    return event


def _planned(plan: Plan, day: date) -> Event:
    return Event(
        id=new_id(),
        slug=plan.slug,
        kind=plan.kind,
        title=plan.title,
        description=plan.about,
        meeting_point=plan.meeting,
        bring=plan.bring,
        starts_at=_at(day, plan.hours[0]),
        ends_at=_at(day, plan.hours[1]),
        capacity=plan.capacity,
        seats_taken=0,
        audience=plan.audience,
        lunch=plan.lunch,
        signup_closes_at=_at(day - timedelta(days=2), "18:00"),
        **plan.rules,
    )


def _receive_stock(session: Session, *, now: datetime) -> None:
    at = now - timedelta(weeks=9)
    rows = []
    for item in session.scalars(select(GiftItem).where(GiftItem.slug.in_(RECEIPTS))):
        for store in ("balkhash", "zhezkazgan"):
            for size, quantity in RECEIPTS[item.slug].items():
                row = {"id": str(uuid4()), "item_id": item.id, "size": size, "store": store, "kind": "receipt"}
                rows.append(row | {"quantity": quantity, "note": "", "at": at, "recorded_at": at})
    session.execute(insert(StockEntry), rows)


def _sign_people_up(session: Session, events: dict[str, Event], *, now: datetime) -> None:
    """As on the look's screens: 38 of 400 seats free, the last 3 of 300, 9 and 22 of 40, 76 of 120; a full grove."""
    since = now - timedelta(days=10)
    for plan, city, count in ((COAST_BALKHASH, "balkhash", 362), (COAST_ZHEZKAZGAN, "zhezkazgan", 297)):
        add_parties(session, events[plan.slug], _alone(employees_of(city, count=count)), since=since)
    add_parties(session, events[PLANTING.slug], _alone(employees_of("zhezkazgan", count=44, skip=300)), since=since)
    smelter, other = events[SMELTER_BALKHASH.slug], events[SMELTER_ZHEZKAZGAN.slug]
    add_parties(session, smelter, list(families_of("balkhash", smelter, count=25, with_guardian=4)), since=since)
    add_parties(session, other, list(families_of("zhezkazgan", other, count=15, with_guardian=3)), since=since)
    _fill_the_grove(session, events[GROVE.slug], since=since, now=now)
    nurlan = person_named(NURLAN)
    dina = next(child for child in children_of(nurlan.id) if child.given_name == "Дина")
    _sign_up(smelter, [nurlan, dina], at=now - timedelta(days=4))


def _fill_the_grove(session: Session, grove: Event, *, since: datetime, now: datetime) -> None:
    """Full; of four parties before Arman two gave up, so that he is third of six."""
    add_parties(session, grove, list(families_of("balkhash", grove, count=30, with_guardian=10)), since=since)
    waiting = list(families_of("balkhash", grove, count=7, skip=30))
    before = add_parties(session, grove, waiting[:4], status="waiting", since=now - timedelta(days=7))
    arman = next(child for child in children_of(person_named(NURLAN).id) if child.given_name == "Арман")
    _sign_up(grove, [arman], at=now - timedelta(days=6))
    add_parties(session, grove, waiting[4:], status="waiting", since=now - timedelta(days=5))
    withdraw(session, before[1], at=now - timedelta(days=3))
    withdraw(session, before[2], at=now - timedelta(days=1))


def _sign_up(event: Event, people: Party, *, at: datetime) -> None:
    """Nurlan signs up as anybody does, and gets his letters."""
    children = [person.id for person in people if person.kind == "child"]
    sizes = {person.id: person.tshirt_size for person in people}
    answers = Answers(sizes=sizes, consents=children)
    sign_up(
        event.id,
        [person.id for person in people],
        leader_id=person_named(NURLAN).id,
        now=at,
        actor=actor_named(NURLAN),
        answers=answers,
    )


def _hold_the_day(session: Session, event: Event, *, now: datetime) -> None:
    """96 were signed up, 88 came, Nurlan among them, and each got a T-shirt and a cap."""
    seats, came = CAME_OF
    people = [person_named(NURLAN), *employees_of("balkhash", count=seats - 1, skip=400)]
    add_parties(session, event, _alone(people), since=event.starts_at - timedelta(days=12))
    by = actor_named(AIGUL).account_id
    items = list(session.scalars(select(GiftItem).where(GiftItem.slug.in_(GIFTS)).order_by(GiftItem.slug)))
    places = session.scalars(select(Place).where(Place.event_id == event.id).order_by(Place.created_at)).all()
    marks, given, stock = [], [], []
    for number, place in enumerate(places[:came]):
        at = event.starts_at - timedelta(minutes=20) + timedelta(seconds=14 * number)
        noted = {"event_id": event.id, "at": at, "recorded_at": at, "recorded_by_id": by}
        marks.append(noted | {"id": str(uuid4()), "place_id": place.id, "kind": "check_in", "device": "", "reason": ""})
        for item in items:
            size = place.tshirt_size if item.slug == "t-shirt" else "adult"
            whom = noted | {"item_id": item.id, "person_id": place.person_id, "size": size}
            given.append(whom | {"id": str(uuid4()), "collected_by": ""})
            entry = {
                "id": following(str(given[-1]["id"]), "hand_out"),
                "store": "balkhash",
                "kind": "hand_out",
                "quantity": -1,
                "note": "",
            }
            stock.append(whom | entry)
    for model, rows in ((AttendanceEntry, marks), (HandOut, given), (StockEntry, stock)):
        session.execute(insert(model), rows)


def _alone(people: list[Person]) -> list[Party]:
    return [[person] for person in people]


def _at(day: date, clock: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), tzinfo=ZONE)
