"""Rosters as they look on the day: children with consents, groups, buses, two gifts, half of the people there."""

import http.client
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import insert, select

from app.attendance.models import AttendanceEntry
from app.consents.binding import bound_to
from app.consents.models import Consent
from app.consents.operations import install_first_texts
from app.consents.queries import newest_texts
from app.db import db, new_id, new_ticket, transaction
from app.events.models import Event
from app.gifts.models import EventGift, GiftItem, HandOut
from app.rosters.models import Bus, Group
from app.signups.models import Place, SignUp
from bench.data import Visitor, log_in_all, make_children, make_employees, make_event, make_ground, now
from bench.load import Outcome, Request, fire

SIZES = ["S", "M", "L", "XL"]
IN_A_BUS = 45
BROWSERS = "gzip, deflate, br, zstd"


def prepare(app: Flask, *, people: int, first: int) -> str:
    """An event with so many on its roster; returns its id. `first` keeps the personnel numbers of events apart."""
    with app.app_context():
        moment = now()
        install_first_texts(now=moment)
        event_id = make_event(make_ground(now=moment), capacity=people, now=moment)
        guardians = make_employees(people * 2 // 5, now=moment, first=first)
        families = make_children(guardians, now=moment)
        parties = [[guardian, *children] for guardian, children in zip(guardians, families, strict=True)]
        seated = _seat(event_id, parties, people, at=moment)
        _agree(event_id, parties, at=moment)
        _give(event_id, seated, at=moment)
        return event_id


def coordinator(app: Flask, *, first: int = 700_000) -> Visitor:
    """Who looks at all of it; `first` is their personnel number."""
    with app.app_context():
        [found] = log_in_all(app, make_employees(1, now=now(), first=first), now=now(), role="coordinator")
    return found


def opened(port: int, path: str, visitor: Visitor, *, count: int) -> Outcome:
    """One coordinator opens the same address again and again, one request at a time, as a browser asks for it."""
    headers = {"Cookie": visitor.cookie, "Accept-Encoding": BROWSERS}
    return fire(port, [Request(path, headers)] * count, processes=1, connections=1)


def compressed(port: int, path: str, visitor: Visitor) -> float:
    """How many kB of the page go over the wire."""
    line = http.client.HTTPConnection("127.0.0.1", port)
    line.request("GET", path, headers={"Cookie": visitor.cookie, "Accept-Encoding": BROWSERS})
    answer = line.getresponse()
    body = answer.read()
    line.close()
    if answer.status != 200 or not answer.headers.get("Content-Encoding"):
        raise RuntimeError(f"{path} answered {answer.status}, {answer.headers.get('Content-Encoding', 'as it is')}")
    return len(body) / 1000


def _seat(event_id: str, parties: Sequence[Sequence[str]], most: int, *, at: datetime) -> list[tuple[str, str]]:
    """Everybody has a place in a group and a bus; returns (place, person)."""
    groups, buses = _carriers(event_id, Group, most), _carriers(event_id, Bus, most)
    signups: list[dict[str, Any]] = []
    places: list[dict[str, Any]] = []
    for queue_number, party in enumerate(parties, start=1):
        signup = {"id": new_id(), "event_id": event_id, "leader_id": party[0], "queue_number": queue_number}
        signups.append(signup | {"created_at": at})
        for position, person_id in enumerate(party):
            carried = len(places) // IN_A_BUS
            place = {"id": new_id(), "signup_id": signup["id"], "event_id": event_id, "person_id": person_id}
            place |= {"status": "confirmed", "ticket": new_ticket(), "created_at": at, "confirmed_at": at}
            place |= {"position": position, "tshirt_size": SIZES[len(places) % len(SIZES)]}
            places.append(place | {"group_id": groups[carried], "bus_id": buses[carried]})
    places = places[:most]
    with transaction() as database:
        database.execute(insert(SignUp), signups)
        database.execute(insert(Place), places)
        event = db.session.get_one(Event, event_id)
        event.seats_taken, event.last_queue_number = len(places), len(signups)
    return [(place["id"], place["person_id"]) for place in places]


def _carriers(event_id: str, model: type[Group] | type[Bus], people: int) -> list[str]:
    rows = [{"id": new_id(), "event_id": event_id, "name": str(n + 1)} for n in range(people // IN_A_BUS + 2)]
    with transaction() as database:
        database.execute(insert(model), rows)
    return [row["id"] for row in rows]


def _agree(event_id: str, parties: Sequence[Sequence[str]], *, at: datetime) -> None:
    """Guardians agree for nine children of ten."""
    event, text_id = db.session.get_one(Event, event_id), newest_texts()["participation"]
    fixed = {"event_id": event_id, "kind": "participation", "text_id": text_id, "language": "kk", "given_at": at}
    fixed |= {"bound_to": bound_to(event), "is_yes": True}
    pairs = [(party[0], child) for party in parties for child in party[1:]]
    rows = [
        {"id": new_id(), "guardian_id": guardian, "child_id": child} | fixed
        for number, (guardian, child) in enumerate(pairs)
        if number % 10
    ]
    with transaction() as database:
        database.execute(insert(Consent), rows)


def _give(event_id: str, seated: Sequence[tuple[str, str]], *, at: datetime) -> None:
    """Every second is here and got a T-shirt; the caps are still due."""
    then = {"event_id": event_id, "at": at, "recorded_at": at + timedelta(seconds=1)}
    shirt, cap = _items(at=at)
    here = seated[::2]
    came = [{"id": f"in-{place}", "place_id": place, "kind": "check_in"} | then for place, _ in here]
    given = [{"id": f"gift-{place}", "person_id": who, "item_id": shirt, "size": "M"} | then for place, who in here]
    with transaction() as database:
        database.execute(insert(EventGift), [{"event_id": event_id, "item_id": item} for item in (shirt, cap)])
        database.execute(insert(AttendanceEntry), came)
        database.execute(insert(HandOut), given)


def _items(*, at: datetime) -> tuple[str, str]:
    known = dict(db.session.execute(select(GiftItem.slug, GiftItem.id)).tuples().all())
    if "bench-shirt" not in known:
        rows = [
            {"id": new_id(), "slug": "bench-shirt", "name": {"kk": "Жейде", "en": "T-shirt"}, "sizes": SIZES},
            {"id": new_id(), "slug": "bench-cap", "name": {"kk": "Кепка", "en": "Cap"}, "sizes": []},
        ]
        with transaction() as database:
            database.execute(insert(GiftItem), [row | {"created_at": at} for row in rows])
        known = {str(row["slug"]): str(row["id"]) for row in rows}
    return known["bench-shirt"], known["bench-cap"]


def settle() -> None:
    """What a database does by itself within minutes of so many new rows."""
    with transaction() as database:
        database.connection().exec_driver_sql("ANALYZE")
