"""Sending again: a new letter to the address of today, unless what it says holds no more."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from app import clock
from app.accounts.actor import SYSTEM
from app.audit.models import AuditEntry
from app.db import db, new_id, transaction
from app.errors import DomainError
from app.events.mail_facts import event_facts
from app.mail.models import SEAT, Mail, Suppression
from app.mail.operations import MailTooLate, retry_mail
from app.mail.resending import AddressSilent, FactsChanged, LetterIsSecret, NoAddress, NotSentYet, resend
from app.people.models import Person
from tests import factories
from tests.mail.letters_sent import letter, sent

LogIn = Callable[[Person], FlaskClient]
pytestmark = pytest.mark.usefixtures("app")


def confirmation(**more: Any) -> Mail:
    """Nurlan's, about a place that he has."""
    event, nurlan = factories.event(), factories.employee()
    place = factories.place(event, nurlan)
    context = {"event": event_facts(event), "people": [{"name": "Nurlan", "ticket": place.printed_ticket}]}
    values = {"template": "signups/confirmed", "event_id": event.id, "person_id": nurlan.id, "context": context}
    return sent(f"signup:confirmed:{place.id}:{nurlan.id}", **(values | more))


def again(mail: Mail) -> Mail:
    return resend(mail, now=clock.now(), actor=SYSTEM)


def test_a_letter_goes_again_as_a_new_one_to_the_address_of_today(log_in: LogIn):
    mail = confirmation(optional=True, priority=2, calendar={"uid": "u", "method": "REQUEST"})
    with transaction():
        db.session.get_one(Person, mail.person_id).email = "new@torangy.example"
    assert log_in(factories.coordinator()).post(f"/mails/{mail.id}/resending").status_code == 303
    db.session.expire_all()
    new = db.session.query(Mail).filter_by(status="queued").one()
    assert (new.recipient, new.key, new.again_of_id) == ("new@torangy.example", f"{mail.key}:again:1", mail.id)
    assert (new.context, new.calendar, new.template, new.language) == (
        mail.context, mail.calendar, mail.template, mail.language,
    )  # fmt: skip
    assert new.optional and new.priority == SEAT and new.id != mail.id
    assert mail.status == "sent" and mail.answer == "OK 4711"
    entry = db.session.query(AuditEntry).filter_by(verb="send_again").one()
    assert (entry.object_id, entry.event_id, entry.person_id) == (mail.id, mail.event_id, mail.person_id)


def test_a_third_time_is_counted_from_the_first_letter():
    mail = confirmation()
    first = again(mail)
    with transaction():
        first.status, first.sent_at = "sent", clock.now()
    second, third = again(first), again(mail)
    assert [one.key.rpartition(":")[2] for one in (first, second, third)] == ["1", "2", "3"]
    assert {one.again_of_id for one in (first, second, third)} == {mail.id}


@pytest.mark.parametrize("status", ["queued", "sending", "cancelled", "missed"])
def test_what_has_not_left_is_not_sent_again(status: str):
    mail = letter("m", status=status)
    with pytest.raises(NotSentYet):
        again(mail)


@pytest.mark.parametrize(
    ("refusal", "changes"),
    [
        (MailTooLate, {"expires_at": clock.now() - timedelta(seconds=1)}),
        (LetterIsSecret, {"template": "access/delegation"}),
    ],
)
def test_what_came_too_late_or_lets_somebody_in_is_not_sent_again(refusal: type[DomainError], changes: dict[str, Any]):
    with pytest.raises(refusal):
        again(confirmation(**changes))
    assert db.session.query(Mail).count() == 1


def test_a_moved_event_makes_its_letters_out_of_date():
    mail = confirmation()
    with transaction() as session:
        event = session.get_one(factories.Event, mail.event_id)
        event.starts_at += timedelta(days=1)
        event.ends_at += timedelta(days=1)
    with pytest.raises(FactsChanged):
        again(mail)


def test_a_place_that_was_given_up_makes_its_ticket_out_of_date():
    mail = confirmation()
    with transaction() as session:
        place = session.query(factories.Place).one()
        place.status, place.cancelled_at = "cancelled", clock.now()
    with pytest.raises(FactsChanged):
        again(mail)


def test_only_the_newest_letter_about_a_place_holds():
    mail = confirmation(context={})
    place_id = mail.key.split(":")[2]
    about = {"event_id": mail.event_id, "person_id": mail.person_id}
    sent(f"signup:confirmed:{new_id()}:{mail.person_id}", at=clock.now(), **about)
    assert again(mail).status == "queued", "another place is another story"
    newer = sent(f"signup:cancelled:{place_id}:{mail.person_id}:2", at=clock.now(), **about)
    with pytest.raises(FactsChanged):
        again(mail)
    assert again(newer).again_of_id == newer.id


@pytest.mark.parametrize(
    ("reason", "kind", "optional", "refused"),
    [
        ("bounced", "", False, True),
        ("bounced", "", True, True),
        ("unsubscribed", "", True, True),
        ("unsubscribed", "", False, False),
        ("unsubscribed", "digest", True, False),
        ("complained", "", False, False),
        ("complained", "", True, True),
    ],
)
def test_an_address_that_takes_none_gets_none(reason: str, kind: str, optional: bool, refused: bool):
    mail = confirmation(optional=optional)
    address = db.session.get_one(Person, mail.person_id).email
    factories.saved(Suppression(address=address, reason=reason, kind=kind, since=clock.now()))
    if not refused:
        assert again(mail).recipient == address
        return
    with pytest.raises(AddressSilent):
        again(mail)


def test_a_reader_without_an_address_is_named_as_the_reason():
    mail = confirmation()
    with transaction():
        db.session.get_one(Person, mail.person_id).email = None
    with pytest.raises(NoAddress):
        again(mail)


def test_a_held_letter_is_not_pulled_forward():
    later = clock.now() + timedelta(hours=1)
    mail = letter("m", status="failed", not_before=later, due_at=later)
    retry_mail(mail, now=clock.now(), actor=SYSTEM)
    assert mail.due_at == later
