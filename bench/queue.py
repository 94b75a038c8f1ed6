"""Somebody cancels, and one of 5,000 who wait gets the seat."""

import time
from datetime import datetime

from flask import Flask
from sqlalchemy import insert, select, update

from app.accounts.actor import Actor, Scope
from app.accounts.models import Account
from app.db import db, new_id, new_ticket, transaction
from app.events.models import Event
from app.signups.cancelling import cancel_signup
from app.signups.models import Place, SignUp
from bench.data import log_in_all, make_employees, make_event, make_ground, now, seat_all

WAITING = 5000


def prepare(app: Flask, *, seats: int, waiting: int = WAITING) -> tuple[str, Actor]:
    """A full event with so many in its queue; returns its id and its coordinator."""
    with app.app_context():
        moment = now()
        event_id = make_event(make_ground(now=moment), capacity=seats, now=moment)
        people = make_employees(seats + waiting, now=moment, first=300_000)
        log_in_all(app, people[:1], now=moment)
        seat_all(event_id, people[:seats], now=moment)
        _line_up(event_id, people[seats:], after=seats, at=moment)
        account_id = db.session.scalar(select(Account.id).where(Account.person_id == people[0]))
        return event_id, Actor(account_id=account_id, scopes=(Scope("coordinator"),))


def cancellations(app: Flask, event_id: str, actor: Actor) -> list[float]:
    """Seconds that each cancellation took that promoted one who waited, from first to last statement."""
    took = []
    with app.app_context():
        seated = select(SignUp.id).where(SignUp.event_id == event_id, SignUp.waiting == 0)
        for signup_id in list(db.session.scalars(seated)):
            db.session.remove()
            signup, begins = db.session.get_one(SignUp, signup_id), time.perf_counter()
            promoted = cancel_signup(signup, now=now(), actor=actor)
            took.append(time.perf_counter() - begins)
            if len(promoted) != 1:
                raise RuntimeError(f"a seat came free and {len(promoted)} parties got it")
        db.session.remove()
    return took


def _line_up(event_id: str, person_ids: list[str], *, after: int, at: datetime) -> None:
    signups, places = [], []
    for number, person_id in enumerate(person_ids, start=after + 1):
        signup_id = new_id()
        party = {"id": signup_id, "event_id": event_id, "leader_id": person_id, "queue_number": number, "waiting": 1}
        signups.append(party | {"created_at": at})
        place = {"id": new_id(), "signup_id": signup_id, "event_id": event_id, "person_id": person_id}
        places.append(place | {"status": "waiting", "ticket": new_ticket(), "created_at": at})
    with transaction() as database:
        database.execute(insert(SignUp), signups)
        database.execute(insert(Place), places)
        counts = {"people_waiting": len(person_ids), "last_queue_number": after + len(person_ids)}
        database.execute(update(Event).where(Event.id == event_id).values(counts))
