"""Ten years of 200 events: the public page as its first reader waits for it and from the cache, a year as PDF."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from flask import Flask
from sqlalchemy import insert, select

from app.accounts.actor import SYSTEM
from app.attendance.hour_models import HoursEntry
from app.attendance.models import AttendanceEntry
from app.audit.operations import record
from app.db import db, new_id, new_ticket, transaction
from app.events.models import Event, Programme, Site
from app.impact.money.models import Expense
from app.impact.outcomes.models import Outcome
from app.people.models import City
from app.signups.models import Place, SignUp
from bench import roster
from bench.data import make_employees, make_ground, now
from bench.exports import Measured, seconds_of
from bench.server import served

YEARS, EVENTS_A_YEAR, PEOPLE = 10, 200, 36
UNCACHED, CACHED, PDF = 60, 10, 3000  # ms
WARMING_UP = 6
FIRST = 6_000_000  # personnel numbers
CITIES = ("balkhash", "zhezkazgan", "karaganda")
# What each of a year's programmes does: its kind, and the metrics with their unit and a usual figure.
DONE: tuple[tuple[str, tuple[tuple[str, str, int], ...]], ...] = (
    ("cleanup", (("waste_removed", "t", 5), ("coast_cleaned", "km", 1), ("participants", "people", 60))),
    ("planting", (("trees_planted", "plants", 400), ("participants", "people", 50))),
    ("stocking", (("fish_released", "fish", 9_000),)),
    ("excursion", (("children", "people", 30),)),
    ("celebration", (("children", "people", 80), ("participants", "people", 40))),
    ("visit", (("participants", "people", 12),)),
)


@dataclass(frozen=True)
class Rows:
    """What is inserted, table by table."""

    events: list[dict[str, Any]]
    outcomes: list[dict[str, Any]]
    expenses: list[dict[str, Any]]
    signups: list[dict[str, Any]]
    places: list[dict[str, Any]]
    came: list[dict[str, Any]]
    hours: list[dict[str, Any]]


def measure(app: Flask, environ: dict[str, str], *, workers: int, quick: bool) -> list[Measured]:
    """All of it on one server."""
    prepare(app)
    coordinator = roster.coordinator(app, first=FIRST - 1)
    with app.app_context():
        roster.settle()
        year = now().year - 1
    with served(environ, workers=workers) as port:
        # The first of each worker puts its questions together; they are the same from then on.
        fresh = [_after_a_change(app, port, coordinator) for _ in range(12 if quick else 25)][WARMING_UP:]
        kept = seconds_of(port, "/impact", coordinator, count=30 if quick else 100) * 1000
        paper = seconds_of(port, f"/impact/report.pdf?year={year}", coordinator, count=2 if quick else 5) * 1000
    return [
        Measured("impact_uncached", sorted(fresh)[len(fresh) // 2], "ms", UNCACHED, f"{UNCACHED} ms"),
        Measured("impact_cached", kept, "ms", CACHED, f"{CACHED} ms"),
        Measured("impact_pdf", paper, "ms", PDF, "3 s"),
    ]


def prepare(app: Flask, *, first: int = FIRST) -> None:
    """Ten years of events that are over, each with results, costs and people who came."""
    with app.app_context():
        moment = now()
        make_ground(now=moment)
        people = make_employees(PEOPLE * 4, now=moment, first=first)
        sites = _sites(moment)
        rows, random = Rows([], [], [], [], [], [], []), Random("ten years")
        for back in range(1, YEARS + 1):
            _year(rows, moment.year - back, sites, people, random, _programmes(moment.year - back, moment))
        with transaction() as database:
            tables = (Event, Outcome, Expense, SignUp, Place, AttendanceEntry, HoursEntry)
            for table, filled in zip(tables, vars(rows).values(), strict=True):
                database.execute(insert(table), filled)


def _after_a_change(app: Flask, port: int, coordinator: Any) -> float:
    """Milliseconds of the first answer after somebody changed something: nothing that was kept serves any more."""
    with app.app_context():
        entry = db.session.scalars(select(Expense).order_by(Expense.id).limit(1)).one()
        with transaction():
            record(SYSTEM, "bench", entry, now=now())
    outcome = roster.opened(port, "/impact", coordinator, count=1)
    if set(outcome.statuses) != {200}:
        raise RuntimeError(f"/impact answered {dict(outcome.statuses)}")
    return outcome.p50 * 1000


def _sites(moment: datetime) -> list[str]:
    with transaction() as database:
        for slug in CITIES[1:]:
            if database.get(City, slug) is None:
                database.add(City(slug=slug, name={"en": slug.title()}))
        database.flush()
        fixed = {"kind": "coast", "created_at": moment}
        rows = [Site(id=new_id(), slug=f"bench-{slug}", city=slug, name={"en": slug}, **fixed) for slug in CITIES]
        database.add_all(rows)
    return [row.id for row in rows]


def _programmes(year: int, moment: datetime) -> list[str]:
    fixed = {"first_year": year, "last_year": year, "created_at": moment, "planned_tenge": 90_000_000}
    names = [(f"bench-{kind}-{year}", {"en": f"{kind.title()} {year}"}) for kind, _ in DONE]
    rows = [{"id": new_id(), "slug": slug, "name": name} | fixed for slug, name in names]
    with transaction() as database:
        database.execute(insert(Programme), rows)
    return [str(row["id"]) for row in rows]


def _year(rows: Rows, year: int, sites: list[str], people: list[str], random: Random, programmes: list[str]) -> None:
    for number in range(EVENTS_A_YEAR):
        which = number % len(DONE)
        kind, results = DONE[which]
        begins = datetime.fromisoformat(f"{year}-01-02T05:00:00+00:00") + timedelta(days=number * 1.8)
        event: dict[str, Any] = {
            "id": new_id(),
            "programme_id": programmes[which],
            "site_id": random.choice(sites),
            "kind": kind,
        }
        event |= {"status": "completed", "title": {"en": f"{kind} {number}"}, "created_at": begins}
        ends = begins + timedelta(hours=4)
        rows.events.append(event | {"starts_at": begins, "ends_at": ends, "completed_at": ends})
        _figures(rows, event, results, random, begins)
        _people(rows, str(event["id"]), random.sample(people, PEOPLE), begins)


def _figures(rows: Rows, event: dict[str, Any], results: Any, random: Random, at: datetime) -> None:
    then = {"event_id": event["id"], "recorded_at": at}
    for metric, unit, usual in results:
        figure = Decimal(random.randint(usual // 2, usual * 2 + 1))
        outcome = {"id": new_id(), "metric": metric, "quantity": figure, "base_quantity": figure, "unit": unit}
        rows.outcomes.append(outcome | {"method": "counted"} | then)
    for category in ("transport", "catering"):
        expense = {"id": new_id(), "programme_id": event["programme_id"], "stage": "actual", "category": category}
        expense |= {"amount_tenge": random.randint(50_000, 900_000), "spent_on": at.date()}
        rows.expenses.append(expense | then)


def _people(rows: Rows, event_id: str, people: list[str], at: datetime) -> None:
    """All sign up, nine of ten keep their seat, eight of ten come and give three hours."""
    for number, person_id in enumerate(people, start=1):
        signup = {"id": new_id(), "event_id": event_id, "leader_id": person_id, "queue_number": number}
        rows.signups.append(signup | {"created_at": at})
        place = {"id": new_id(), "signup_id": signup["id"], "event_id": event_id, "person_id": person_id}
        left = number % 10 == 0
        place |= {"status": "cancelled" if left else "confirmed", "cancelled_at": at if left else None}
        rows.places.append(place | {"ticket": new_ticket(), "created_at": at, "confirmed_at": at})
        if number % 10 in (0, 1):
            continue
        then = {"event_id": event_id, "place_id": place["id"], "recorded_at": at}
        rows.came.append({"id": f"in-{place['id']}", "kind": "check_in", "at": at} | then)
        rows.hours.append({"id": new_id(), "minutes": 180, "source": "plan", "reason": ""} | then)
