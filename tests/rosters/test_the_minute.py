"""All letters of a change wait for the same minute, whoever writes them: undone in it, none ever leaves and all is as
it was; else each leaves once."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.actor import Actor
from app.accounts.models import Grant
from app.consents.models import Consent
from app.db import db, transaction
from app.desk.day.hands import name_helper
from app.events.models import Event
from app.mail.delivery import deliver_batch
from app.mail.models import Mail
from app.mail.smtp import Post
from app.rosters.change_errors import HasSetOut, IsOver
from app.rosters.changing import UNDO_FOR, Wanted, make_change
from app.rosters.day_plan import NeedDraft
from app.rosters.duties import name_on_duty
from app.rosters.hosts import HostDraft, add_host, answer_host, invite_host
from app.rosters.lunches import LunchDraft, order_lunch, plan_lunch
from app.rosters.models import Departure
from app.rosters.others_told import outsiders_of
from app.rosters.undoing import undo_change
from app.signups.inviting import NewContact, invite_institution
from app.signups.models import Place
from app.worker import Rounds
from tests import factories
from tests.rosters.test_duties import needs
from tests.rosters.test_undoing import AIGUL, facts

NOW = factories.SATURDAY - timedelta(days=10)
LATER = NOW + timedelta(hours=2)
A_WEEK = timedelta(days=7)
QUIET = {"purge", "folder", "files", "search", "bounces"}
TOLD = {
    "move": {
        "signups/moved": 2, "signups/consent_asked": 1, "rosters/host_invited": 1, "rosters/hand_news": 2,
        "rosters/lunch_order": 1, "signups/institution_event_news": 1,
    },
    "postpone": {
        "signups/postponed": 2, "rosters/host_cancelled": 1, "rosters/hand_news": 2, "rosters/lunch_order": 1,
        "signups/institution_event_news": 1,
    },
    "cancel": {
        "signups/event_cancelled": 2, "rosters/host_cancelled": 1, "rosters/hand_news": 2, "rosters/lunch_order": 1,
        "signups/institution_event_news": 1,
    },
}  # fmt: skip


@pytest.fixture
def event(app: Flask, sink: Any) -> Event:
    """Nurlan and Dina go (one reader), Stan waits; a host, a cafe, Asel who helps, Bolat who drives, a school."""
    factories.consent_texts()
    aigul = Actor(factories.account(factories.coordinator()).id, scopes=AIGUL.scopes)
    at = factories.event(audience="families", capacity=2, lunch=True, signup_closes_at=factories.SATURDAY - A_WEEK / 7)
    _invite_a_school(at, aigul)
    nurlan = factories.employee()
    dina = factories.child(nurlan)
    for person, status in ((nurlan, "confirmed"), (dina, "confirmed"), (factories.employee("Стан", "Стэн"), "waiting")):
        factories.place(at, person, status=status)
    factories.consent(at, dina, nurlan)
    host = add_host(at, HostDraft("Сәуле", email="saule@museum.example"), now=NOW, actor=aigul)
    invite_host(host, now=NOW, actor=aigul)
    answer_host(host, True, now=NOW, actor=aigul)
    cut_off = factories.SATURDAY - timedelta(days=2)
    plan_lunch(at, LunchDraft("Ас", "cook@cafe.example", "ru", None, cut_off), now=NOW, actor=aigul)
    order_lunch(at, now=NOW, actor=aigul)
    asel = factories.employee("Ибраева", "Әсел")
    factories.account(asel)
    name_helper(at, asel.email or "", now=NOW, actor=aigul)
    (driver,) = needs(at, aigul, NeedDraft("driver", 1, 1))
    name_on_duty(driver, factories.employee("Жүнісов", "Болат"), now=NOW, actor=aigul)
    event_id = at.id
    rounds(app, NOW + timedelta(hours=1))
    return db.session.get_one(Event, event_id)


def _invite_a_school(at: Event, aigul: Actor) -> None:
    contacts = [NewContact("Серік", "serik@school.example", "ru")]
    terms = {"contacts": contacts, "names_due_at": factories.SATURDAY - timedelta(days=3)}
    with transaction():
        at.audience = "institution"
    invite_institution(at, factories.institution(), **terms, seats=2, now=NOW, actor=aigul)
    with transaction():
        at.audience = "families"


def rounds(app: Flask, now: datetime) -> None:
    """Everything that the worker does, until nothing is left."""
    with Post(app.config) as post:
        steps = {name: step for name, step in Rounds(app)._steps().items() if name not in QUIET}
        steps["mail"] = lambda now: deliver_batch(post, now=now)
        for _ in range(3):
            for step in steps.values():
                while step(now):
                    db.session.remove()
                db.session.remove()


def changed(event: Event, kind: str, now: datetime = LATER) -> Any:
    event = db.session.get_one(Event, event.id)
    wanted = Wanted(kind, event.starts_at + A_WEEK, event.ends_at + A_WEEK)
    return make_change(event, wanted, now=now, actor=AIGUL)


def sent(event_id: str, after: datetime) -> Counter[str]:
    """Letters that left since, by template."""
    left = select(Mail.template).where(Mail.event_id == event_id, Mail.status == "sent", Mail.sent_at > after)
    return Counter(db.session.scalars(left))


def everything(event_id: str) -> dict[str, Any]:
    event = db.session.get_one(Event, event_id)
    days = db.session.scalars(select(Grant).where(Grant.event_id == event_id))
    lapsed = db.session.scalars(select(Consent).where(Consent.event_id == event_id))
    found = facts(event)
    found["helpers"] = [(grant.valid_from, grant.valid_until) for grant in days]
    found["consents"] = sorted((one.id, one.lapsed_at) for one in lapsed)
    return found


@pytest.mark.parametrize("kind", ["move", "postpone", "cancel"])
@pytest.mark.full
def test_undone_in_its_minute_no_letter_leaves_and_all_is_as_it_was(app, event, kind):
    event_id, before = event.id, everything(event.id)
    change = changed(event, kind)
    for seconds in (1, 30, 59):
        rounds(app, LATER + timedelta(seconds=seconds))
    assert not sent(event_id, LATER)
    undo_change(db.session.merge(change), now=LATER + timedelta(seconds=59), actor=AIGUL)
    assert everything(event_id) == before
    rounds(app, LATER + timedelta(hours=1))
    assert not sent(event_id, LATER)
    assert everything(event_id) == before


@pytest.mark.parametrize("kind", ["move", "postpone", "cancel"])
@pytest.mark.full
def test_else_each_leaves_once_as_the_minute_ends(app, event, kind):
    event_id = event.id
    changed(event, kind)
    rounds(app, LATER + UNDO_FOR - timedelta(seconds=1))
    assert not sent(event_id, LATER)
    for minutes in range(3):
        rounds(app, LATER + UNDO_FOR + timedelta(minutes=minutes))
    assert sent(event_id, LATER) == TOLD[kind]


@pytest.mark.full
def test_a_helper_goes_along_and_is_named_in_the_preview(app, event):
    (told,) = [one for one in outsiders_of(event) if one.kind == "helper"]
    assert "Ибраева" in told.name and told.gets_letter
    changed(event, "move")
    day = (factories.SATURDAY + A_WEEK).date()
    (grant,) = db.session.scalars(select(Grant).where(Grant.event_id == event.id))
    assert (grant.valid_from, grant.valid_until) == (day, day)


@pytest.mark.parametrize("kind", ["move", "postpone", "cancel"])
def test_what_has_set_out_or_is_over_stays_as_it_is(app, kind):
    gone, over = factories.event(), factories.event()
    at = factories.SATURDAY - timedelta(hours=1)
    factories.saved(Departure(event_id=gone.id, departed_at=at, people=2))
    with pytest.raises(HasSetOut):
        changed(gone, kind, at)
    with pytest.raises(IsOver):
        changed(over, kind, over.ends_at)
    assert changed(over, kind, over.ends_at - timedelta(minutes=1))


@pytest.mark.full
def test_the_seats_of_a_cancelled_event_are_nobodys(app, event):
    changed(event, "cancel")
    event = db.session.get_one(Event, event.id)
    places = list(db.session.scalars(select(Place).where(Place.event_id == event.id)))
    assert {place.status for place in places} == {"cancelled"} and (event.seats_taken, event.people_waiting) == (0, 0)
    assert all(place.signup.cancelled_at and not place.signup.waiting for place in places)
