"""Races for an offer: accepted, declined, cancelled and run out at once, and clicked eight times."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest import mock

from flask_migrate import upgrade

from app import clock, create_app
from app.accounts.actor import Actor
from app.db import db
from app.mail.models import Mail
from app.people.models import Person
from app.signups.cancelling import cancel_signup
from app.signups.models import Offer, SignUp
from app.signups.offering import accept_offer, decline_offer, expire_offers
from app.signups.signing_up import sign_up
from bench.server import served
from tests import factories
from tests.bursts import environ_of
from tests.clicks import click_together
from tests.signups.parties import link, offered, party
from tests.signups.race_facts import DAY, MINUTE, ROUNDS, Facts, Race, acting, common_ground, place_of, recounted
from tests.signups.recount import recount

# An offer is accepted, declined, cancelled and run out at once.


def _open_offers() -> list[Facts]:
    ground, rounds = common_ground(), []
    for number in range(ROUNDS):
        now = DAY + number * MINUTE
        event = factories.event(capacity=1, promotion="offer", **ground)
        people = [factories.employee(f"{name}{number}") for name in ("Бірінші", "Дана", "Омар")]
        first, second, _ = [sign_up(event.id, [one.id], leader_id=one.id, now=now, actor=acting(one)) for one in people]
        cancel_signup(first, now=now, actor=acting(people[0]))
        offer = db.session.query(Offer).filter_by(signup_id=second.id).one()
        facts = {"event": event.id, "offer": offer.id, "signup": second.id, "now": now, "due": offer.expires_at}
        rounds.append(facts | {"dana": people[1].id, "omar": people[2].id})
    return rounds


def _accept(facts: Facts) -> None:
    accept_offer(facts["offer"], now=facts["now"], actor=_dana(facts))


def _decline(facts: Facts) -> None:
    decline_offer(facts["offer"], now=facts["now"], actor=_dana(facts))


def _cancel(facts: Facts) -> None:
    cancel_signup(db.session.get_one(SignUp, facts["signup"]), now=facts["now"], actor=_dana(facts))


def _run_out(facts: Facts) -> None:
    while expire_offers(now=facts["due"]):
        pass


def _dana(facts: Facts) -> Actor:
    return acting(db.session.get_one(Person, facts["dana"]))


def _offer_answered_once(facts: Facts, said: list[str]) -> None:
    offer = db.session.get_one(Offer, facts["offer"])
    assert said[:3].count("done") <= (2 if said[0] == "done" else 1), said
    assert (offer.answer == "accepted") == (said[0] == "done")
    dana, omar = place_of(facts, "dana"), place_of(facts, "omar")
    keeps = said[0] == "done" and said[2] != "done"
    assert (dana.status == "confirmed") == keeps
    # His own offer may have run out too, since the clock of one side is two hours ahead.
    assert omar.status in (("waiting",) if keeps else ("offered", "declined"))
    offers = db.session.query(Offer).filter_by(signup_id=omar.signup_id).count()
    assert offers == (0 if keeps else 1), "the seat went on, once"
    told = db.session.query(Mail).filter_by(event_id=facts["event"], person_id=facts["dana"], status="queued")
    letters = {mail.template for mail in told}
    assert ("signups/confirmed" in letters) == keeps, "who left gets no confirmation, who stays gets one"
    recounted(facts)


OFFER = Race(_open_offers, (_accept, _decline, _cancel, _run_out), _offer_answered_once)


def offers_clicked_together(folder: Path, database_url: str | None = None, *, offers: int = 3) -> None:
    """Eight processes with the letters of both parents click "take the seat" at once, over HTTP at a served app."""
    environ = environ_of(folder, database_url)
    with mock.patch.dict(os.environ, environ):
        app = create_app()
    with app.app_context():
        upgrade()
        clicks = [_both_parents_links(**common_ground()) for _ in range(offers)]
        db.session.remove()
        db.engine.dispose()
    with served(environ) as port:
        statuses = [click_together(port, links * 4, "/acceptance") for _, links in clicks]
    assert statuses == [[303] + [409] * 7] * offers, "exactly one of eight takes the seats"
    with app.app_context():
        for offer_id, _ in clicks:
            _taken_once(db.session.get_one(Offer, offer_id))
        db.session.remove()
        db.engine.dispose()


def _both_parents_links(**ground: Any) -> tuple[str, list[str]]:
    father, mother, omar = (factories.employee(name) for name in ("Нұрлан", "Әлия", "Омар"))
    dina = factories.child(father)
    factories.second_guardian(dina, mother)
    event = factories.event(audience="families", capacity=2, **ground)
    offer = offered(event, father, dina, until=clock.now() + timedelta(hours=2))
    party(event, omar)
    return offer.id, [link("offer", parent) for parent in (father, mother)]


def _taken_once(offer: Offer) -> None:
    event = offer.signup.event
    assert (offer.answer, event.seats_taken, event.people_waiting) == ("accepted", 2, 1)
    assert [place.status for place in offer.signup.places] == ["confirmed", "confirmed"]
    letters = db.session.query(Mail).filter_by(event_id=event.id, template="signups/confirmed")
    assert letters.count() == 2, "one letter a parent"
    recount(event)
