"""The programme of 2022-2023, as data/torangy-2023.json has it: real. Nothing is added to it.

What the file knows only to the month, half-year or year is kept with that precision. Titles and the topics of the
working visit are its English texts put into Kazakh and Russian (texts.py).
"""

import json
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import db, new_id
from app.demo import texts
from app.events.models import Event, Programme, Site, Stop
from app.gifts.models import EventGift, GiftItem
from app.impact.money.models import Expense
from app.impact.outcomes.models import Outcome
from app.people.models import City, Institution
from app.tasks.models import Task, TaskEntry

DATA = Path(__file__).parent / "data"
ZONE = ZoneInfo("Asia/Almaty")
KINDS = {"fish stocking": "stocking"}
AUDIENCES = {
    "partner children": "institution",
    "employees": "employees",
    "employees' children": "children",
    "children": "children",
}
SITE_COLUMNS = {"slug", "city", "kind", "en", "ru", "kk", "min_age", "adult_child_ratio", "ppe", "host"}
SECOND_HALF = (date(2023, 7, 1), date(2024, 1, 1), "half-year")

Given = dict[str, Any]


def read_facts() -> Given:
    """The file."""
    found: Given = json.loads((DATA / "torangy-2023.json").read_text(encoding="utf-8"))
    return found


def add_facts(session: Session, *, now: datetime) -> None:
    """Cities, sites, institutions, gift items, programmes with past events, results and costs; the working visit."""
    facts = read_facts()
    for city in facts["cities"]:
        session.add(_city(city))
    session.flush()
    for partner in facts["partners"]:
        session.add(_institution(partner))
    for item in facts["gift_items"]:
        session.add(GiftItem(slug=item["slug"], name=_names(item), sizes=item["sizes"], created_at=now))
    sites = {site["slug"]: _site(site, now=now) for site in facts["sites"]}
    session.add_all(sites.values())
    session.flush()
    for programme in facts["programmes"]:
        _add_programme(session, programme, sites, now=now)
    _add_working_visit(session, facts["working_visit"], now=now)


def have_facts() -> bool:
    """Whether they stand already."""
    return db.session.scalar(select(Programme.id).where(Programme.slug == "torangy-2023")) is not None


def _names(row: Given) -> dict[str, str]:
    return {code: row[code] for code in ("kk", "ru", "en") if row.get(code)}


def _city(row: Given) -> City:
    return City(
        slug=row["slug"],
        name=_names(row),
        region=texts.REGIONS[row["region_en"]],
        timezone=row["timezone"],
        latitude=row["lat"],
        longitude=row["lon"],
    )


def _institution(row: Given) -> Institution:
    return Institution(slug=row["slug"], name=texts.INSTITUTIONS[row["slug"]], kind=row["kind"], city=row["city"])


def _site(row: Given, *, now: datetime) -> Site:
    return Site(
        id=new_id(),
        slug=row["slug"],
        city=row["city"],
        kind=row["kind"],
        name=_names(row),
        host=row.get("host", ""),
        min_age=row.get("min_age"),
        adult_child_ratio=row.get("adult_child_ratio"),
        ppe=row.get("ppe", []),
        facts={name: value for name, value in row.items() if name not in SITE_COLUMNS},
        created_at=now,
    )


def _add_programme(session: Session, row: Given, sites: dict[str, Site], *, now: datetime) -> None:
    programme = Programme(
        id=new_id(),
        slug=row["slug"],
        name=_names(row),
        first_year=min(row["years"]),
        last_year=max(row["years"]),
        planned_tenge=row.get("planned_cost"),
        created_at=now,
    )
    session.add(programme)
    session.flush()
    if "cost" in row:
        session.add(_expense(programme, None, row["cost"], now=now))
    for given in row["events"]:
        event = _event(session, programme, given, sites, now=now)
        _add_stops_and_gifts(session, event, given, sites)
        _add_results(session, programme, event, given, now=now)


def _event(session: Session, programme: Programme, row: Given, sites: dict[str, Site], *, now: datetime) -> Event:
    site = sites[row.get("site") or row["stops"][0]]
    first, last, precision = _period(row, programme)
    partner = select(Institution.id).where(Institution.slug == row.get("partner"))
    event = Event(
        id=new_id(),
        slug=row["slug"],
        programme_id=programme.id,
        site_id=site.id,
        kind=KINDS.get(row["kind"], row["kind"]),
        # What was only planned isn't said to have taken place.
        status="closed" if programme.planned_tenge else "completed",
        title=texts.TITLES[row["slug"]],
        starts_at=_midnight(first),
        ends_at=_midnight(last),
        date_precision=precision,
        audience=AUDIENCES.get(row.get("audience", ""), "everyone"),
        institution_id=session.scalar(partner),
        lunch=bool(row.get("lunch")),
        description=texts.DESCRIPTIONS.get(row["slug"], {}),
        created_at=now,
        published_at=now,
    )
    session.add(event)
    session.flush()
    return event


def _add_stops_and_gifts(session: Session, event: Event, row: Given, sites: dict[str, Site]) -> None:
    for position, slug in enumerate(row.get("stops", []), start=1):
        stop = Stop(event_id=event.id, position=position, site_id=sites[slug].id, title=sites[slug].name)
        stop.note = texts.STOP_NOTES.get(row["slug"], {})
        session.add(stop)
    for slug in row.get("gifts", []):
        session.add(EventGift(event_id=event.id, item_id=session.query(GiftItem).filter_by(slug=slug).one().id))


def _period(row: Given, programme: Programme) -> tuple[date, date, str]:
    """First day, the day after the last, and how exactly that is known."""
    given = row.get("date", "")
    if len(given) == 10:
        day = date.fromisoformat(given)
        return day, day + timedelta(days=1), "day"
    if len(given) == 7:
        first = date.fromisoformat(f"{given}-01")
        return first, (first + timedelta(days=32)).replace(day=1), "month"
    if programme.planned_tenge:
        return SECOND_HALF
    return date(programme.first_year, 1, 1), date(programme.last_year + 1, 1, 1), "year"


def _add_results(session: Session, programme: Programme, event: Event, row: Given, *, now: datetime) -> None:
    for found in row.get("outcomes", []):
        species = found.get("species", "")
        session.add(_outcome(event, found["metric"], found["value"], found["unit"], "", species=species, now=now))
    if "participants" in row:
        session.add(_outcome(event, "participants", row["participants"], "people", "", now=now))
    if "children" in row:
        detail = row.get("children_note", "").replace("more than", ">")
        session.add(_outcome(event, "children", row["children"], "people", detail, now=now))
    if "cost" in row:
        session.add(_expense(programme, event, row["cost"], now=now))


def _outcome(
    event: Event, metric: str, value: int, unit: str, detail: str, *, species: str = "", now: datetime
) -> Outcome:
    return Outcome(
        event_id=event.id,
        metric=metric,
        quantity=Decimal(value),
        unit=unit,
        method="reported",
        detail=detail,
        species=species,
        recorded_at=now,
    )


def _expense(programme: Programme, event: Event | None, amount: int, *, now: datetime) -> Expense:
    return Expense(
        programme_id=programme.id,
        event_id=event.id if event else None,
        stage="actual",
        amount_tenge=amount,
        category="total",
        recorded_at=now,
    )


def _add_working_visit(session: Session, row: Given, *, now: datetime) -> None:
    """The file gives no day; what was heard there speaks of 2023, so it is kept with the precision of that year."""
    programme = Programme(id=new_id(), slug="working-visit-2023", name=texts.VISIT, first_year=2023, last_year=2023)
    site = Site(id=new_id(), slug="karaganda-enterprises", city=row["region"], kind="other", name=texts.VISIT_PLACE)
    programme.created_at = site.created_at = now
    session.add_all([programme, site])
    session.flush()
    event = Event(id=new_id(), slug="working-visit", programme_id=programme.id, site_id=site.id, kind="visit")
    event.status, event.title, event.description = "completed", texts.VISIT, texts.VISIT_ABOUT
    event.starts_at, event.ends_at, event.date_precision = (
        _midnight(date(2023, 1, 1)),
        _midnight(date(2024, 1, 1)),
        "year",
    )
    event.audience, event.created_at, event.published_at = "everyone", now, now
    session.add(event)
    session.flush()
    for given, (title, note) in zip(row["stops"], texts.VISIT_STOPS, strict=True):
        stop = Stop(event_id=event.id, position=given["order"], title=title, note=note, host=given.get("host", ""))
        session.add(stop)
    _give_instructions(session, row, event, now=now)


def _give_instructions(session: Session, row: Given, event: Event, *, now: datetime) -> None:
    """What was asked for on the way; the file names an owner for some and a day for one."""
    for number, (given, text) in enumerate(zip(row["instructions"], texts.INSTRUCTIONS, strict=True), start=1):
        task = Task(key=f"working-visit:{number}", kind="instruction", text=text, city=row["region"], event_id=event.id)
        task.owner = given["owner"] if given["owner"] == "KazAutoZhol" else ""
        task.due_on = date(2023, 12, 31) if given.get("due") == "end of the year" else None
        task.id, task.created_at = new_id(), now
        session.add(task)
        session.flush()
        session.add(TaskEntry(task_id=task.id, at=now, kind="made"))


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZONE)
