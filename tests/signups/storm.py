"""Many processes do all that can be done to two events at once, in any order; afterwards everything is counted anew."""

import multiprocessing
import os
import random
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from unittest import mock

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import select

from app import create_app
from app.accounts.actor import SYSTEM, Actor, Scope
from app.accounts.models import Account
from app.db import db
from app.errors import DomainError
from app.events.models import Event
from app.people.models import Person
from app.signups.cancelling import cancel_place, cancel_signup, free_seats_of
from app.signups.capacity import change_event
from app.signups.changing import add_to_party, replace_in_party
from app.signups.models import STANDING, Offer, Place, SignUp
from app.signups.moves import hold_reason
from app.signups.offering import accept_offer, decline_offer, expire_offers, promote_after_quiet_hours
from app.signups.signing_up import sign_up
from tests import factories
from tests.bursts import environ_of
from tests.signups.recount import recount

PROCESSES = 8
PEOPLE = 90
# Eleven o'clock in Balkhash, a week before: offers are made, and two hours later they are over.
DAY = factories.SATURDAY - timedelta(days=7) + timedelta(hours=2)
LATER = DAY + timedelta(hours=2)


def storm(folder: Path, database_url: str | None = None, *, deeds: int = 40) -> None:
    """Runs it and asserts every promise from the tables."""
    environ = environ_of(folder, database_url)
    with mock.patch.dict(os.environ, environ):
        app = create_app()
    with app.app_context():
        upgrade()
        events = _stage()
        db.session.remove()
        db.engine.dispose()
    context = multiprocessing.get_context("spawn")
    results = context.Queue()
    workers = [
        context.Process(target=_work, args=(environ, events, number, deeds, results)) for number in range(PROCESSES)
    ]
    for worker in workers:
        worker.start()
    done = [results.get(timeout=240) for _ in workers]
    for worker in workers:
        worker.join()
    assert all(isinstance(count, int) for count in done), done
    assert sum(done) > PROCESSES * deeds / 4, "most of what was tried was refused: nothing was tested"
    _settle(app, events)


def aigul() -> Actor:
    """Who coordinates both events."""
    return Actor(account_id=db.session.scalar(select(Account.id)), scopes=(Scope("coordinator", "balkhash"),))


def _stage() -> list[str]:
    """Two events on the same morning, one that gives seats at once and one that offers them."""
    factories.coordinator()
    for number in range(PEOPLE):
        factories.employee(f"Омар{number}")
    ground = {"site": factories.site(), "programme": factories.programme()}
    return [factories.event(capacity=12, promotion=promotion, **ground).id for promotion in ("at-once", "offer")]


def _work(environ: dict[str, str], events: list[str], seed: int, deeds: int, results) -> None:  # type: ignore[no-untyped-def]
    os.environ.update(environ)
    app, chance, done = create_app(), random.Random(seed), 0
    with app.app_context():
        for _ in range(deeds):
            try:
                done += _deed(events, chance)
            except DomainError:
                db.session.rollback()
            except BaseException as error:
                results.put(repr(error)[:2000])
                return
            db.session.remove()
        db.engine.dispose()
    results.put(done)


def _deed(events: list[str], chance: random.Random) -> bool:
    """One thing that somebody does; says whether there was something to do."""
    deeds: list[Callable[[str, random.Random], bool]] = [_come, _come, _come, _cancel, _drop, _leave]
    deeds += [_capacity, _answer, _answer, _expire, _grow, _replace]
    return chance.choice(deeds)(chance.choice(events), chance)


def _one(chance: random.Random, query) -> str | None:  # type: ignore[no-untyped-def]
    ids = sorted(db.session.scalars(query))
    return chance.choice(ids) if ids else None


def _person(chance: random.Random) -> str:
    """Mostly somebody who goes nowhere yet."""
    going = select(Place.person_id).where(Place.status.in_(STANDING))
    query = select(Person.id)
    return _one(chance, query.where(Person.id.not_in(going)) if chance.random() < 0.8 else query) or ""


def _party(event_id: str, chance: random.Random) -> SignUp | None:
    standing = select(SignUp.id).where(SignUp.event_id == event_id, SignUp.cancelled_at.is_(None))
    found = _one(chance, standing)
    return db.session.get(SignUp, found) if found else None


def _place(event_id: str, chance: random.Random) -> Place | None:
    found = _one(chance, select(Place.id).where(Place.event_id == event_id, Place.status.in_(STANDING)))
    return db.session.get(Place, found) if found else None


def _come(event_id: str, chance: random.Random) -> bool:
    people = list({_person(chance) for _ in range(chance.randint(1, 4))})
    fewer = chance.random() < 0.3
    sign_up(event_id, people, leader_id=people[0], now=DAY, actor=aigul(), accept_fewer=fewer)
    return True


def _cancel(event_id: str, chance: random.Random) -> bool:
    party = _party(event_id, chance)
    if party:
        cancel_signup(party, now=DAY, actor=aigul())
    return bool(party)


def _drop(event_id: str, chance: random.Random) -> bool:
    place = _place(event_id, chance)
    if place:
        cancel_place(place, now=DAY, actor=aigul())
    return bool(place)


def _leave(event_id: str, chance: random.Random) -> bool:
    place = _place(event_id, chance)
    if place:
        free_seats_of(place.person, reason="left", now=DAY, actor=SYSTEM)
    return bool(place)


def _capacity(event_id: str, chance: random.Random) -> bool:
    change_event(db.session.get_one(Event, event_id), {"capacity": chance.randint(8, 16)}, now=DAY, actor=aigul())
    return True


def _answer(event_id: str, chance: random.Random) -> bool:
    offer_id = _one(chance, select(Offer.id).where(Offer.answered_at.is_(None)))
    if offer_id:
        chance.choice([accept_offer, decline_offer])(offer_id, now=DAY, actor=aigul())
    return bool(offer_id)


def _expire(event_id: str, chance: random.Random) -> bool:
    return expire_offers(now=LATER) if chance.random() < 0.3 else promote_after_quiet_hours(now=DAY)


def _grow(event_id: str, chance: random.Random) -> bool:
    party = _party(event_id, chance)
    if party:
        add_to_party(party, [_person(chance)], now=DAY, actor=aigul())
    return bool(party)


def _replace(event_id: str, chance: random.Random) -> bool:
    place = _place(event_id, chance)
    if place:
        replace_in_party(place, _person(chance), now=DAY, actor=aigul())
    return bool(place)


def _settle(app: Flask, event_ids: list[str]) -> None:
    with app.app_context():
        for event_id in event_ids:
            event = db.session.get_one(Event, event_id)
            recount(event)
            parties = select(SignUp).where(SignUp.event_id == event_id, SignUp.waiting > 0)
            reasons = [hold_reason(event, signup, now=DAY) for signup in db.session.scalars(parties)]
            assert None not in reasons
            if "no-seat" in reasons:
                assert event.seats_free == 0, "a seat is idle while somebody who fits waits"
        seats = select(Place.person_id).where(Place.status.in_(STANDING))
        held = list(db.session.scalars(seats))
        assert len(held) == len(set(held)), "somebody has places at two events of the same morning"
        db.session.remove()
        db.engine.dispose()
