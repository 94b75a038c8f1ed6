"""Pages about sign-ups ask the database as often for sixty as for six: nothing is asked once a row."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event as sqlalchemy_event

from app import clock
from app.accounts.actor import Actor
from app.db import db, transaction
from app.events.models import Event
from app.people.models import Person
from app.rosters.cancelling import cancel_event
from app.signups.answers import Answers
from app.signups.institution_roster import name_from_file
from app.signups.signing_up import sign_up
from tests import factories
from tests.signups.inviting import NOW, School, actor_of, invited_school, link_of, pupil, voice
from tests.signups.parties import asked

pytestmark = pytest.mark.slow

FEW, MANY = 6, 60
Browse = Callable[[Person], FlaskClient]


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements sent meanwhile."""
    sent: list[str] = []

    def note(_connection, _cursor, statement, *_rest) -> None:  # type: ignore[no-untyped-def]
        sent.append(statement)

    sqlalchemy_event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        sqlalchemy_event.remove(db.engine, "before_cursor_execute", note)


def queries(browser: FlaskClient, page: str) -> int:
    """How many statements one page costs, everything read anew."""
    browser.get(page)
    db.session.remove()
    with counted() as sent:
        assert browser.get(page).status_code == 200, page
    return len(sent)


@pytest.fixture(autouse=True)
def _may(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    factories.consent_texts()


def crowd(at: Event, aigul: Person, *, families: int) -> None:
    """So many families, a parent and a child who owes a consent; the seats are for half of them."""
    actor = actor_of(aigul)
    for number in range(families):
        parent = factories.employee(f"Омар{number}", email=None if number % 3 == 0 else f"p{number}@torangy.example")
        child = factories.child(parent)
        people, later = [parent.id, child.id], Answers(consent_may_follow=True)
        sign_up(at.id, people, leader_id=parent.id, now=NOW, actor=actor, answers=later)


PAGES = ["", "/queue", "/roster", "/consents", "/consents/register", "/unreached", "/tickets?all=1", "/invitations"]


@pytest.mark.parametrize("page", PAGES)
def test_a_coordinators_page_asks_no_more_for_sixty_than_for_six(page: str, log_in: Browse):
    aigul = factories.coordinator()
    counts = []
    for families in (FEW, MANY):
        at = factories.event(audience="families", capacity=families, coordinator_id=aigul.id)
        crowd(at, aigul, families=families)
        counts.append(queries(log_in(aigul), f"/events/{at.id}{page}"))
        with transaction():
            later = db.session.get_one(Event, at.id)
            later.starts_at, later.ends_at = later.starts_at - timedelta(days=9), later.ends_at - timedelta(days=9)
    assert counts[1] <= counts[0] + 1, counts


def test_the_event_page_of_somebody_in_a_queue_of_sixty_costs_what_it_costs_in_one_of_six(log_in: Browse):
    aigul, counts = factories.coordinator(), []
    for families in (FEW, MANY):
        at = factories.event(audience="families", capacity=2, coordinator_id=aigul.id)
        crowd(at, aigul, families=families)
        last = factories.employee("Соңғы")
        sign_up(at.id, [last.id], leader_id=last.id, now=NOW, actor=actor_of(aigul))
        counts.append(queries(log_in(last), f"/events/{at.id}"))
    assert counts[1] <= counts[0], counts


def school_with(pupils: int) -> School:
    school = invited_school(seats=100, capacity=100 + pupils, ratio=None)
    entries = [pupil(f"Оқушы{number}", row=number) for number in range(pupils)]
    name_from_file(school.teacher, entries, now=NOW, actor=voice(school.teacher))
    return school


@pytest.mark.parametrize("page", ["", "/consents", "/tickets", "/pupils/new"])
def test_a_schools_pages_ask_no_more_for_sixty_pupils_than_for_six(page: str, client: FlaskClient):
    counts = [queries(client, link_of(school_with(pupils).director) + page) for pupils in (FEW, MANY)]
    assert counts[1] <= counts[0], counts


def test_my_events_ask_no_more_for_twelve_parties_than_for_two(log_in: Browse):
    counts = []
    for parties in (2, 12):
        nurlan = factories.employee()
        dina = factories.child(nurlan)
        for number in range(parties):
            starts_at = factories.SATURDAY + timedelta(days=number)
            at = factories.event(audience="families", capacity=2, starts_at=starts_at)
            if number % 2:
                factories.place(at, factories.employee(f"Омар{number}"))
            answers = Answers(consents=[dina.id])
            people = [nurlan.id, dina.id]
            sign_up(at.id, people, leader_id=nurlan.id, now=NOW, actor=mine(nurlan), answers=answers)
        counts.append(queries(log_in(nurlan), "/my"))
    assert counts[1] <= counts[0] + 1, counts


def mine(person: Person) -> Actor:
    """Somebody who signs up themselves."""
    from app.accounts.actor import Actor

    return Actor(account_id=factories.account(person).id, person_id=person.id)


def test_the_list_of_approvals_asks_no_more_for_thirty_than_for_three(log_in: Browse):
    counts = []
    for many in (3, 30):
        aigul = factories.coordinator()
        at = factories.event(approval="coordinator", coordinator_id=aigul.id)
        for number in range(many):
            asked(at, factories.employee(f"Омар{number}"), due_at=factories.SATURDAY - timedelta(days=1))
        counts.append(queries(log_in(aigul), "/approvals"))
    assert counts[1] <= counts[0], counts


def test_cancelling_an_event_asks_as_often_for_sixty_parties_as_for_six():
    actor, counts = actor_of(factories.coordinator()), []
    for families in (FEW, MANY):
        at = factories.event(capacity=families)
        event_id = at.id
        for number in range(families):
            factories.place(at, factories.employee(f"Омар{families}-{number}"))
        db.session.remove()
        again = db.session.get_one(Event, event_id)
        with counted() as sent:
            assert cancel_event(again, reason={"kk": "Жел"}, now=NOW, actor=actor) == families
        counts.append(len(sent))
    assert counts[1] <= counts[0], counts
