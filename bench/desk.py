"""The desk of the day: single marks and whole batches from phones, what a phone takes along, eight phones at once."""

import http.client
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import insert, select

from app.access.models import Token
from app.access.sessions import hashed
from app.accounts.models import Account
from app.attendance.operation import Operation
from app.attendance.queries import attendance_of_event
from app.db import db, new_id, transaction
from app.desk.log.conflict_models import DeskConflict
from app.desk.log.merging import merge
from app.signups.models import Place
from bench import roster
from bench.data import Visitor, log_in_all, make_employees, make_event, make_ground, now, seat_all
from bench.exports import Measured
from bench.load import Outcome, Request, fire
from bench.server import served

JSON = {"Content-Type": "application/json"}
KINDS = ("check_in",) * 7 + ("check_out", "absent", "undo")
PHONES, AT_ONCE = 8, 1000
SNAPSHOT = 300  # ms
BATCH = 500  # ms for a thousand operations
FIRST = 4_000_000  # personnel numbers


@dataclass(frozen=True)
class Phone:
    """An account that hands over: its key, and the browser that it is logged in with besides."""

    key: str
    visitor: Visitor

    @property
    def headers(self) -> dict[str, str]:
        """As a program sends them."""
        return {**JSON, "Authorization": f"Bearer {self.key}"}


def measure(app: Flask, environ: dict[str, str], *, workers: int, quick: bool) -> list[Measured]:
    """All of it on one server."""
    event_id, places, phones = prepare(app, people=600 if quick else 2000, first=FIRST)
    batched, seats, _ = prepare(app, people=AT_ONCE, first=FIRST + 100_000, phones=0)
    large = roster.prepare(app, people=10_000, first=FIRST + 200_000)
    shared, everybody, _ = prepare(app, people=5_000, first=FIRST + 300_000, phones=0)
    with app.app_context():
        roster.settle()
    said = histories(everybody, each=500 if quick else 5000)
    with served(environ, workers=workers) as port:
        # The limit before and after: the machine's own speed changes within a minute.
        before = rate_of(account_route(port, phones), 204)
        marked = rate_of(marks(port, event_id, places, phones), 200)
        account = (before + rate_of(account_route(port, phones), 204)) / 2
        took = [batch(port, batched, seats, phones[0], seed=seed) for seed in range(3 if quick else 7)]
        along = snapshots(port, large, phones[0], count=5 if quick else 15)
        begins = time.perf_counter()
        all_at_once(port, shared, said, phones[:PHONES])
        together = time.perf_counter() - begins
    check_same(app, shared, [one for of_phone in said for one in of_phone])
    thousands = sum(map(len, said)) / AT_ONCE
    return [
        Measured("marks", marked, "a second", account, "route that only loads the account"),
        Measured("batch", _middle(took) * 1000, "ms", BATCH, "0.5 s for 1,000 operations"),
        Measured("snapshot_10000", _middle(along) * 1000, "ms", SNAPSHOT, "0.3 s"),
        Measured("converge", together, "s", thousands * BATCH / 1000, "each 1,000 by themselves"),
    ]


def prepare(app: Flask, *, people: int, first: int, phones: int | None = None) -> tuple[str, list[str], list[Phone]]:
    """An event with so many seats taken, and for each (or the first) of these people a phone; places by person."""
    with app.app_context():
        moment = now()
        event_id = make_event(make_ground(now=moment), capacity=people, now=moment)
        ids = make_employees(people, now=moment, first=first)
        seat_all(event_id, ids, now=moment)
        visitors = log_in_all(app, ids[:phones], now=moment, role="coordinator") if phones != 0 else []
        keys = _keys([one.person_id for one in visitors])
        seated = select(Place.person_id, Place.id).where(Place.event_id == event_id)
        by_person = {row.person_id: row.id for row in db.session.execute(seated)}
        return event_id, [by_person[id_] for id_ in ids], [Phone(keys[one.person_id], one) for one in visitors]


def marks(port: int, event_id: str, places: Sequence[str], phones: Sequence[Phone]) -> Outcome:
    """Each phone lets one person in, over 50 connections."""
    random = Random("marks")
    asked = [
        Request(
            f"/api/v1/events/{event_id}/desk/operations",
            phone.headers,
            _body([_raw(_id(random), "check_in", place_id)]),
        )
        for phone, place_id in zip(phones, places, strict=True)
    ]
    return fire(port, asked)


def account_route(port: int, phones: Sequence[Phone]) -> Outcome:
    """The same people on the route that only loads who they are."""
    asked = [Request("/bench/account", {"Cookie": phone.visitor.cookie}, b"x=1") for phone in phones]
    return fire(port, asked)


def batch(port: int, event_id: str, places: Sequence[str], phone: Phone, *, seed: int) -> float:
    """Seconds of one request with a thousand operations, all of which are taken."""
    said = _history(Random(f"batch {seed}"), list(places), AT_ONCE, device=f"phone {seed}")
    begins = time.perf_counter()
    answer = _post(port, f"/api/v1/events/{event_id}/desk/operations", phone, [told(one) for one in said])
    took = time.perf_counter() - begins
    if len(answer["applied"]) != AT_ONCE:
        raise RuntimeError(f"of a thousand operations {len(answer['applied'])} were taken: {answer['refused'][:3]}")
    return took


def snapshots(port: int, event_id: str, phone: Phone, *, count: int) -> list[float]:
    """Seconds until what a phone takes along is there, each time after somebody changed something."""
    return [_opened(port, f"/api/v1/events/{event_id}/desk", phone) for _ in range(count)]


def all_at_once(port: int, event_id: str, said: Sequence[Sequence[Operation]], phones: Sequence[Phone]) -> None:
    """Every phone hands over all that it has, in batches, in any order, some of it twice."""
    random, asked = Random(2), []
    for operations, phone in zip(said, phones, strict=True):
        left = random.sample(operations, len(operations))
        batches = [left[first : first + AT_ONCE] for first in range(0, len(left), AT_ONCE)]
        path = f"/api/v1/events/{event_id}/desk/operations"
        asked += [Request(path, phone.headers, _body([told(one) for one in one_batch])) for one_batch in batches]
        asked.append(asked[-1])
    random.shuffle(asked)
    rate_of(fire(port, asked, connections=PHONES), 200)


def check_same(app: Flask, event_id: str, said: Sequence[Operation]) -> None:
    """The tables say what one device says that heard all of it in order."""
    merged = merge(said)
    wanted = {key[2:]: found.state for key, found in merged.of("presence").items() if found.state != "expected"}
    with app.app_context():
        marked = attendance_of_event(event_id).items()
        stands = {place_id: one.state for place_id, one in marked if one.state != "expected"}
        query = select(DeskConflict.word).where(
            DeskConflict.event_id == event_id, DeskConflict.gone_at.is_(None), DeskConflict.kind != "no-consent"
        )
        conflicts = set(db.session.scalars(query))
        db.session.remove()
    if stands != wanted or conflicts != {one.word for one in merged.conflicts}:
        raise RuntimeError(f"{len(set(stands.items()) ^ set(wanted.items()))} people stand otherwise than on one phone")


def histories(places: Sequence[str], *, each: int) -> list[list[Operation]]:
    """What so many phones say of the same people, each knowing only its own."""
    return [_history(Random(f"phone {n}"), list(places), each, device=f"phone {n}") for n in range(PHONES)]


def _history(random: Random, places: Sequence[str], many: int, *, device: str) -> list[Operation]:
    known: dict[str, list[Operation]] = {}
    said: list[Operation] = []
    begins = now() - timedelta(hours=1)
    for number in range(many):
        place_id, kind = random.choice(places), random.choice(KINDS)
        target = random.choice(said) if kind == "undo" and said else None
        if target and target.kind != "undo":
            place_id = target.key[2:]
        elif kind == "undo":
            kind, target = "check_in", None
        of_place = known.setdefault(place_id, [])
        at, after = begins + timedelta(seconds=number), frozenset(one.id for one in of_place)
        names = target.id if target else None
        one = Operation(_id(random), kind, f"p:{place_id}", at, at, names=names, after=after, device=device)
        said.append(one)
        if kind != "undo":
            of_place.append(one)
    return said


def told(one: Operation) -> dict[str, Any]:
    raw = _raw(one.id, one.kind, one.key[2:]) | {"at": one.at.isoformat(), "after": sorted(one.after)}
    return raw | ({"operation_id": one.names} if one.names else {})


def _raw(id_: str, kind: str, place_id: str) -> dict[str, Any]:
    return {"id": id_, "kind": kind, "subject": {"place_id": place_id}, "at": now().isoformat()}


def _body(operations: Sequence[dict[str, Any]]) -> bytes:
    return json.dumps({"device": "bench", "sent_at": now().isoformat(), "operations": operations}).encode()


def _id(random: Random) -> str:
    return str(UUID(int=random.getrandbits(128), version=4))


def _keys(person_ids: Sequence[str]) -> dict[str, str]:
    """A key for each of these people, just used; {person: key}."""
    query = select(Account.person_id, Account.id).where(Account.person_id.in_(person_ids))
    accounts = {row.person_id: row.id for row in db.session.execute(query)}
    keys, moment = {person_id: f"torangy_{new_id()}{new_id()}" for person_id in person_ids}, now()
    rows = [
        {"id": new_id(), "account_id": accounts[person_id], "name": "bench", "token_hash": hashed(key)}
        | {"created_at": moment, "last_used_at": moment}
        for person_id, key in keys.items()
    ]
    if rows:
        with transaction() as session:
            session.execute(insert(Token), rows)
    return keys


def _post(port: int, path: str, phone: Phone, operations: Sequence[dict[str, Any]]) -> dict[str, Any]:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    line.request("POST", path, _body(operations), phone.headers)
    answer = line.getresponse()
    body = answer.read()
    line.close()
    if answer.status != 200:
        raise RuntimeError(f"{path} answered {answer.status}: {body[:300]!r}")
    found: dict[str, Any] = json.loads(body)
    return found


def _opened(port: int, path: str, phone: Phone) -> float:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    begins = time.perf_counter()
    line.request("GET", path, headers={**phone.headers, "Accept-Encoding": "gzip"})
    answer = line.getresponse()
    answer.read()
    took = time.perf_counter() - begins
    line.close()
    if answer.status != 200:
        raise RuntimeError(f"{path} answered {answer.status}")
    return took


def rate_of(outcome: Outcome, status: int) -> float:
    """Answers a second, if all were the expected ones."""
    if set(outcome.statuses) != {status}:
        raise RuntimeError(f"expected only {status}, got {dict(outcome.statuses)}")
    return outcome.per_second


def _middle(took: Sequence[float]) -> float:
    return sorted(took)[len(took) // 2]
