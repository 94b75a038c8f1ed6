"""The pages of the day ask no more often because more people come, and show no endless lists."""

from datetime import timedelta
from itertools import count
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from app import clock
from app.accounts.actor import SYSTEM
from app.accounts.models import Account, Grant
from app.attendance.hour_models import HoursEntry
from app.attendance.incident_models import Incident
from app.attendance.log_models import DeskDay, DeskOperation
from app.attendance.models import AttendanceEntry
from app.consents.briefing_models import Briefing, BriefingSignature
from app.db import db, new_id, transaction
from app.desk.log.conflict_models import DeskConflict, WalkIn
from app.desk.log.conflict_queries import MOST as MOST_LATE
from app.desk.log.conflict_queries import OPEN_AT_ONCE
from app.desk.paper.models import TickSheet
from app.desk.phone.models import DeskDevice
from app.desk.safety.queries import MOST, SHOWN
from app.desk.trip.models import Boarding, HandOver
from app.events.models import Event
from app.gifts.items import create_item
from app.people.models import Person
from app.people.names import search_text, sort_key
from app.rosters.models import Bus
from app.signups.models import Place, SignUp
from tests import factories
from tests.test_query_counts import banner_is_known, statements

__all__ = ["banner_is_known"]

pytestmark = pytest.mark.slow
MOST_STATEMENTS = 12
_queue = count(1)
LONGEST = 200_000  # letters of a page: what a phone with a bad line loads in a few seconds
PAGES = (
    "day",
    "conflicts",
    "safety",
    "incidents",
    "hours",
    "legs",
    "legs?leg=back",
    "helpers",
    "desk/devices",
    "desk/typing",
    "departure",
)


@pytest.fixture
def event(app: Flask) -> Event:
    event = factories.event(starts_at=clock.now() - timedelta(hours=2), audience="families", capacity=20_000)
    site = {"event_id": event.id, "site_id": event.site_id, "hazard_class": "high"}
    factories.saved(Briefing(**site, text="Helmets on", given_at=event.starts_at, version="1"))
    for name in "12":
        factories.saved(Bus(event_id=event.id, name=name, seats=40))
    return event


def crowd(event: Event, number: int, *, is_closed: bool) -> None:
    """So many more: adults and children, some here, some not; each row that a page of the day lists."""
    with transaction() as session:
        at = event.starts_at
        bus_ids = [bus.id for bus in session.query(Bus).filter_by(event_id=event.id)]
        people = [_person(event, one, bus_ids[one % 2]) for one in range(number)]
        for kind in range(4):
            session.add_all(rows[kind] for rows in people)
            session.flush()
        session.add_all(row for one, rows in enumerate(people) for row in _day_of(event, rows, one, at, is_closed))
        vest = create_item(name={"en": "Vest"}, now=at, actor=SYSTEM)
        session.add_all(_lent(event, rows, vest.id, at) for rows in people)
        session.flush()
        sheet = session.query(TickSheet).filter_by(event_id=event.id).count() + 1
        places = [row.id for row in session.query(Place).filter_by(event_id=event.id)]
        session.add(TickSheet(event_id=event.id, number=sheet, place_ids=places, printed_at=at))


def _person(event: Event, one: int, bus_id: str) -> list[Any]:
    kind = "child" if one % 2 else "other"
    name = (f"Адам{one}", f"Ата{new_id()}")
    now = factories.LONG_AGO
    who = Person(
        id=new_id(), surname=name[0], given_name=name[1], kind=kind, city="balkhash", created_at=now, language="en",
        name_sort=sort_key(*name), name_search=search_text(*name), email=f"{new_id()}@torangy.example",
    )  # fmt: skip
    party = SignUp(id=new_id(), event_id=event.id, leader_id=who.id, queue_number=next(_queue), created_at=now)
    place = Place(
        id=new_id(), signup_id=party.id, event_id=event.id, person_id=who.id, status="confirmed", created_at=now,
        confirmed_at=now, bus_id=bus_id,
    )  # fmt: skip
    return [who, Account(id=new_id(), person_id=who.id, created_at=now, activated_at=now), party, place]


def _lent(event: Event, person: list[Any], item_id: str, at: Any) -> DeskOperation:
    _, account, _, place = person
    about = {"event_id": event.id, "place_id": place.id, "key": f"p:{place.id}", "account_id": account.id}
    when = {"at": at, "corrected_at": at, "recorded_at": at}
    return DeskOperation(id=str(uuid4()), kind="kit_out", after=[], body={"item_id": item_id}, **about, **when)


def _day_of(event: Event, person: list[Any], one: int, at: Any, is_closed: bool) -> list[Any]:
    """What was said of one person; every fourth is not marked yet."""
    _, account, _, place = person
    here: dict[str, Any] = {"event_id": event.id, "place_id": place.id}
    said: dict[str, Any] = here | {"key": f"p:{place.id}", "after": [], "body": {}, "at": at, "corrected_at": at}
    ids = [str(uuid4()) for _ in range(4)]
    late_at = at if is_closed else None
    rows: list[Any] = [
        DeskOperation(id=ids[0], kind="absent", recorded_at=at, late_at=late_at, account_id=account.id, **said),
        DeskConflict(
            event_id=event.id, word=f"present-and-absent|p:{place.id}|", kind="present-and-absent", key=f"p:{place.id}",
            place_id=place.id, operations=[ids[0]], severity="low", found_at=at,
        ),
        WalkIn(id=ids[1], event_id=event.id, surname=f"Ашық{one}", is_child=bool(one % 2), came_at=at, recorded_at=at),
        Grant(
            account_id=account.id, role="helper", granted_at=at, event_id=event.id, scope_key=f"::{event.id}",
            valid_from=event.local_date, valid_until=event.local_date,
        ),
        DeskDevice(
            event_id=event.id, account_id=account.id, install_id=ids[3], token_hash=new_id(), drop_hash=new_id(),
            proof_hash="", envelope_key="x", powers=[], pin_salt="", issued_at=at, expires_at=at, unsent=1,
        ),
        HoursEntry(minutes=60, source="plan", recorded_at=at, **here),
    ]  # fmt: skip
    if one % 10 == 0:
        happened = {"kind": "near_miss", "at": at, "recorded_at": at, "people": [place.id], "text": "x", "action": ""}
        rows.append(Incident(id=ids[2], event_id=event.id, reported_by_id=account.id, **happened))
    if one % 4:
        rows.append(AttendanceEntry(id=new_id(), kind="check_in", at=at, recorded_at=at, **here))
        rows.append(Boarding(id=new_id(), bus_id=place.bus_id, leg="out", at=at, **here))
    if one % 4 == 1:
        rows.append(HandOver(id=new_id(), how="guardian", at=at, account_id=account.id, is_proved=True, **here))
    if one % 3 == 0:
        when = {"signed_at": at, "recorded_at": at}
        rows.append(
            BriefingSignature(id=new_id(), version="1", language="ru", strokes="[[1, 2, 3, 4]]", **when, **here)
        )
    return rows


def asked(browser, event_id: str) -> dict[str, int]:
    """{page: how often it asks}; none is endless."""
    found = {}
    for page in PAGES:
        db.session.remove()
        with statements() as heard:
            answer = browser.get(f"/events/{event_id}/{page}")
        assert answer.status_code == 200, page
        assert len(heard) <= MOST_STATEMENTS, f"{page}: {len(heard)}"
        assert len(answer.text) < LONGEST, f"{page}: {len(answer.text)} letters"
        found[page] = len(heard)
    return found


@pytest.mark.parametrize("is_closed", [False, True])
def test_no_page_of_the_day_asks_more_often_because_more_come(event, log_in, is_closed):
    event_id, browser = event.id, log_in(factories.coordinator(language="en"))
    crowd(event, 8, is_closed=is_closed)
    if is_closed:
        factories.saved(DeskDay(event_id=event_id, closed_at=clock.now()))
    few = asked(browser, event_id)
    crowd(db.session.get_one(Event, event_id), 16, is_closed=is_closed)
    assert asked(browser, event_id) == few


def test_long_lists_come_in_pages(event, log_in):
    event_id, browser = event.id, log_in(factories.coordinator(language="en"))
    crowd(event, MOST + 40, is_closed=True)
    factories.saved(DeskDay(event_id=event_id, closed_at=clock.now()))
    asked(browser, event_id)
    hours = browser.get(f"/events/{event_id}/hours").text
    assert f"{MOST + 40}:00 hours in all" in hours and 'rel="next"' in hours
    safety, here = browser.get(f"/events/{event_id}/safety").text, f"/events/{event_id}/safety?page=2"
    assert "page=2" in safety and f"and {(MOST + 40) * 2 // 3 - SHOWN} more" in safety
    assert safety.count("polyline") == SHOWN and browser.get(here).text.count("polyline") == (MOST + 40) // 3 - SHOWN
    with transaction() as session:
        for model in (Boarding, HandOver):
            session.query(model).delete()
        session.query(Place).update({"bus_id": session.query(Bus).filter_by(event_id=event_id).first().id})
    legs = browser.get(f"/events/{event_id}/legs").text
    assert f"and {MOST + 40 - 200} more" in legs and legs.count('name="place"') == 200
    form = browser.get(f"/events/{event_id}/incidents").text
    assert form.count('name="people"') == MOST and 'name="q"' in form
    name = "Адам239"
    found = browser.get(f"/events/{event_id}/incidents?q={name}").text
    assert found.count('name="people"') == 1 and name in found
    conflicts = browser.get(f"/events/{event_id}/conflicts").text
    assert f"and {MOST + 40 - OPEN_AT_ONCE} more" in conflicts and f"and {MOST + 40 - MOST_LATE} more" in conflicts
