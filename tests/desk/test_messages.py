"""A message to a part of a roster: counted, looked at, sent now or later, once to each reader."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.actor import Actor, Scope
from app.accounts.models import Account
from app.attendance.entry_ids import new_entry_id
from app.audit.models import AuditEntry
from app.db import db, transaction
from app.desk.roster import messages
from app.desk.roster.batch_errors import NobodyPicked
from app.desk.roster.messages import (
    Draft,
    MessageLeft,
    cancel_message,
    look_at,
    plan_message,
    send_messages,
    unreached_by,
)
from app.desk.roster.models import Message
from app.desk.roster.roster import RosterFilter
from app.errors import Invalid, NotAllowed
from app.events.models import Event
from app.mail.models import Mail, Suppression
from app.people.models import Person
from tests import factories

NOW = factories.SATURDAY - timedelta(days=3)
LogIn = Callable[[Person], FlaskClient]


@pytest.fixture(autouse=True)
def _clock() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def coordinating(person: Person, city: str = "balkhash") -> Actor:
    account = db.session.query(Account).filter_by(person_id=person.id).one()
    scopes = (Scope("coordinator", city=city),)
    return Actor(account_id=account.id, person_id=person.id, name="Aigul", scopes=scopes)


@pytest.fixture
def aigul(app: Flask) -> Actor:
    return coordinating(factories.coordinator())


def draft(wanted: RosterFilter | None = None, **changes: Any) -> Draft:
    values: dict[str, Any] = {"subject": {"kk": "Автобус"}, "text": {"kk": "Сағат жетіде"}, "footer": {}}
    return Draft(new_entry_id(), wanted or RosterFilter(), **(values | changes))


def send_all(now: Any = NOW) -> int:
    steps = 0
    while send_messages(now=now):
        steps += 1
    db.session.expire_all()
    return steps


def letters() -> list[Mail]:
    return db.session.query(Mail).filter_by(template="desk/message").order_by(Mail.recipient).all()


def family(event: Event) -> tuple[Person, Person, Person]:
    """Nurlan with Dina and Erzhan, each in a party of their own."""
    nurlan = factories.employee()
    children = [factories.child(nurlan, name) for name in ("Дина", "Ержан")]
    for one in (nurlan, *children):
        factories.place(event, one)
    return nurlan, children[0], children[1]


def test_a_part_of_the_roster_gets_it_once_each_reader_and_guardians_for_children(aigul: Actor):
    event = factories.event(audience="families")
    nurlan, _, _ = family(event)
    stan = factories.employee("Стан", "Стэн")
    factories.place(event, stan, status="waiting")
    look = look_at(event, draft(RosterFilter(status="confirmed")), now=NOW, actor=aigul)
    assert (look.people, look.letters, list(look.unreached), look.is_at_night) == (3, 1, [], False)
    message = plan_message(event, draft(RosterFilter(status="confirmed")), now=NOW, actor=aigul)
    assert send_all() == 1
    (letter,) = letters()
    assert letter.person_id == nurlan.id and len(letter.context["people"]) == 3
    assert (message.state, message.people, message.letters) == ("sent", 3, 1)
    assert {"plan_message", "send_message"} <= {row.verb for row in db.session.query(AuditEntry)}


def test_portions_send_each_family_one_letter_that_names_all_of_it(aigul: Actor, monkeypatch: Any):
    monkeypatch.setattr(messages, "PORTION", 2)
    event = factories.event(audience="families")
    for _ in range(3):
        family(event)
    message = plan_message(event, draft(), now=NOW, actor=aigul)
    assert send_all() == 5
    assert [len(letter.context["people"]) for letter in letters()] == [3, 3, 3]
    assert (message.people, message.letters) == (9, 3)


def test_later_is_asked_again_when_it_leaves_and_both_counts_are_kept(aigul: Actor):
    event = factories.event()
    factories.place(event, factories.employee())
    at = NOW + timedelta(days=1)
    message = plan_message(event, draft(send_at=at), now=NOW, actor=aigul)
    assert send_all() == 0
    factories.place(event, factories.employee("Стан", "Стэн"))
    send_all(at)
    assert (message.people_then, message.letters_then, message.people, message.letters) == (1, 1, 2, 2)


def test_it_can_be_cancelled_until_its_first_letter_is_written(aigul: Actor):
    event = factories.event()
    factories.place(event, factories.employee())
    planned = plan_message(event, draft(send_at=NOW + timedelta(hours=1)), now=NOW, actor=aigul)
    cancel_message(planned, now=NOW, actor=aigul)
    send_all(NOW + timedelta(hours=2))
    assert letters() == [] and planned.state == "cancelled"
    sent = plan_message(event, draft(), now=NOW, actor=aigul)
    send_all()
    for message in (planned, sent):
        with pytest.raises(MessageLeft):
            cancel_message(message, now=NOW, actor=aigul)


def test_the_same_form_sent_twice_writes_one_message(aigul: Actor):
    event = factories.event()
    factories.place(event, factories.employee())
    said = draft()
    assert plan_message(event, said, now=NOW, actor=aigul).id == plan_message(event, said, now=NOW, actor=aigul).id
    send_all()
    assert len(letters()) == 1


def test_without_mail_or_with_an_address_that_bounced_one_is_called(aigul: Actor):
    event = factories.event()
    silent, bounced = factories.employee("А", "Асан", email=None), factories.employee("Б", "Болат")
    for one in (silent, bounced, factories.employee()):
        factories.place(event, one)
    factories.saved(Suppression(address=str(bounced.email).lower(), reason="bounced", since=NOW))
    look = look_at(event, draft(), now=NOW, actor=aigul)
    assert (look.people, look.letters) == (3, 1)
    assert {place.person_id for place in look.unreached} == {silent.id, bounced.id}
    message = plan_message(event, draft(), now=NOW, actor=aigul)
    send_all()
    assert message.letters == 1 and {place.person_id for place in unreached_by(message)} == {silent.id, bounced.id}


def test_at_night_the_look_warns(aigul: Actor):
    event = factories.event()
    factories.place(event, factories.employee())
    night = NOW.replace(hour=19)  # midnight in Balkhash
    assert look_at(event, draft(send_at=night), now=NOW, actor=aigul).is_at_night


@pytest.mark.parametrize(
    "wrong",
    [
        {"subject": {}},
        {"text": {}},
        {"subject": {"kk": "а" * 151}},
        {"send_at": NOW - timedelta(hours=1)},
        {"send_at": NOW + timedelta(days=400)},
    ],
)
def test_what_can_not_be_sent_is_refused(aigul: Actor, wrong: dict[str, Any]):
    event = factories.event()
    factories.place(event, factories.employee())
    with pytest.raises(Invalid):
        plan_message(event, draft(**wrong), now=NOW, actor=aigul)
    assert db.session.query(Message).count() == 0


def test_nobody_fits_and_nobody_else_writes(aigul: Actor):
    event = factories.event()
    factories.place(event, factories.employee(), status="cancelled")
    with pytest.raises(NobodyPicked):
        plan_message(event, draft(), now=NOW, actor=aigul)
    factories.place(event, factories.employee("Стан", "Стэн"))
    message = plan_message(event, draft(), now=NOW, actor=aigul)
    zhan = coordinating(factories.coordinator("zhezkazgan"), "zhezkazgan")
    with pytest.raises(NotAllowed):
        plan_message(event, draft(), now=NOW, actor=zhan)
    with pytest.raises(NotAllowed):
        cancel_message(message, now=NOW, actor=zhan)


def test_a_message_cancelled_while_a_worker_reads_does_not_leave(aigul: Actor, monkeypatch: Any):
    event = factories.event()
    factories.place(event, factories.employee())
    message = plan_message(event, draft(), now=NOW, actor=aigul)
    whole = messages._whole_families

    def cancelled_meanwhile(*args: Any) -> Any:
        found = whole(*args)
        with transaction():
            message.cancelled_at = NOW
        return found

    monkeypatch.setattr(messages, "_whole_families", cancelled_meanwhile)
    send_all()
    assert letters() == []


@pytest.mark.full
def test_the_pages_ask_show_and_cancel(app: Flask, log_in: LogIn):
    person = factories.coordinator()
    event = factories.event()
    factories.place(event, factories.employee())
    browser = log_in(person)
    new = f"/events/{event.id}/messages/new?status=confirmed"
    assert 'name="status" value="confirmed"' in browser.get(new).text
    said = {"batch": new_entry_id(), "subject-ru": "Автобус", "text-ru": "В семь", "status": "confirmed"}
    said |= {"when": "later", "send_on": "17.05.2030", "send_time": "23:30"}
    page = browser.post(f"/events/{event.id}/messages/preview", data=said)
    assert page.status_code == 200 and page.text.count("Автобус") >= 3 and "22:00" in page.text
    assert db.session.query(Message).count() == 0
    made = browser.post(f"/events/{event.id}/messages", data=said)
    assert made.status_code == 303
    message = db.session.query(Message).one()
    assert message.query == {"status": "confirmed"} and message.state == "planned"
    assert "Автобус" in browser.get(f"/events/{event.id}/messages").text
    assert browser.get(f"/messages/{message.id}").status_code == 200
    assert browser.post(f"/messages/{message.id}/cancellation").status_code == 303
    assert browser.post(f"/messages/{message.id}/cancellation").status_code == 409


def test_a_day_that_is_missing_is_said_beside_its_field(app: Flask, log_in: LogIn):
    event = factories.event()
    factories.place(event, factories.employee())
    said = {"batch": new_entry_id(), "subject-ru": "Автобус", "text-ru": "В семь", "when": "later"}
    page = log_in(factories.coordinator()).post(f"/events/{event.id}/messages/preview", data=said)
    assert page.status_code == 422 and "В семь" in page.text
