"""Contacts of institutions: their language can change, and what is queued for them follows or stays here."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.audit.models import AuditEntry, AuditValues
from app.db import db, transaction
from app.errors import Invalid, NotAllowed, NotFound
from app.mail.models import Mail
from app.mail.outbox import Recipient, queue_mail
from app.people.institutions import change_contact
from app.people.models import Institution, Person
from app.signups.answer_links import list_path
from app.signups.inviting import (
    NewContact,
    add_contact,
    change_language,
    invite_institution,
    renew_link,
    revoke_contact,
    withdraw_invitation,
)
from app.signups.models import InvitationContact
from tests import factories
from tests.signups.inviting import DUE, NOW, School, actor_of, invited_school, later, named, pupil

LogIn = Callable[[Person], FlaskClient]


@pytest.fixture
def school(app: Flask) -> School:
    return invited_school(ratio=None)


def visit(contact: InvitationContact, key: str = "reminder:run:reader") -> Mail:
    """A reminder that waits for the contact's morning."""
    context = {"name": contact.name, "url": list_path(contact), "people": 3}
    to = Recipient(contact.email, contact.name, contact.language)
    options: dict[str, Any] = {"event_id": contact.invitation.event_id, "not_before": DUE, "now": NOW}
    queue_mail(key=key, template="reminders/visit", to=to, context=context, **options)
    return db.session.query(Mail).filter_by(key=key).one()


def about_pupil(event_id: str, key: str, template: str, address: str) -> Mail:
    """A letter to the institution itself that has not left yet."""
    to = Recipient(address, "Сағат", "kk")
    queue_mail(key=key, template=template, to=to, context={"name": "Сағат"}, event_id=event_id, now=NOW)
    return db.session.query(Mail).filter_by(key=key).one()


def reads_at_the_office(school: School) -> Institution:
    """The institution has an address of its own for letters about its pupils."""
    with transaction() as session:
        institution = session.get_one(Institution, school.invitation.institution_id)
        institution.contact_email = "office@school.example"
    return institution


def standing(address: str) -> dict[str, str]:
    """{template: language} of what would still leave to this address."""
    db.session.expire_all()
    rows = db.session.query(Mail).filter_by(recipient=address, status="queued")
    return {mail.template: mail.language for mail in rows}


def changed() -> list[tuple[str, dict[str, Any]]]:
    query = db.select(AuditEntry.object_type, AuditValues.changes).join(
        AuditValues, AuditValues.entry_id == AuditEntry.id
    )
    return [(row[0], row[1]) for row in db.session.execute(query.where(AuditEntry.verb == "change_contact"))]


def test_a_contact_reads_another_language_and_so_do_letters_that_wait(school: School) -> None:
    visit(school.teacher)
    others = standing(school.director.email)
    assert set(standing(school.teacher.email).values()) == {"ru"}
    for _ in range(2):
        change_language(school.teacher, "en", now=later(1), actor=school.coordinator)
    assert standing(school.teacher.email) == {
        "signups/institution_invitation": "en",
        "signups/institution_names_due": "en",
        "reminders/visit": "en",
    }
    assert standing(school.director.email) == others
    assert changed() == [("invitation_contacts", {"language": ["ru", "en"]})]


def test_what_left_keeps_its_language(school: School) -> None:
    mail = visit(school.teacher)
    with transaction():
        mail.status, mail.sent_at = "sent", NOW
    change_language(school.teacher, "kk", now=later(1), actor=school.coordinator)
    assert db.session.query(Mail).filter_by(key="reminder:run:reader").one().language == "ru"


def test_only_the_events_coordinator_changes_it_to_a_language_that_we_speak(school: School) -> None:
    far = actor_of(factories.coordinator("zhezkazgan"))
    with pytest.raises(NotAllowed):
        change_language(school.teacher, "en", now=later(1), actor=far)
    with pytest.raises(Invalid):
        change_language(school.teacher, "de", now=later(1), actor=school.coordinator)
    revoke_contact(school.teacher, now=later(1), actor=school.coordinator)
    with pytest.raises(NotFound):
        change_language(school.teacher, "en", now=later(2), actor=school.coordinator)
    assert changed() == []


def test_whose_link_ended_gets_nothing_more(school: School) -> None:
    visit(school.teacher)
    visit(school.director, "reminder:run:another")
    others = standing(school.director.email)
    revoke_contact(school.teacher, now=later(1), actor=school.coordinator)
    assert standing(school.teacher.email) == {}
    assert standing(school.director.email) == others


def test_a_new_link_takes_back_the_old_links_letters_alone(school: School) -> None:
    visit(school.teacher)
    renew_link(school.teacher, now=later(1), actor=school.coordinator)
    assert "reminders/visit" in standing(school.teacher.email)


def test_a_mailbox_that_holds_another_link_is_still_reminded(school: School) -> None:
    same = NewContact("Серік Оспанов", school.teacher.email, "ru")
    other = factories.institution("other-school")
    invite_institution(
        school.event, other, contacts=[same], seats=2, names_due_at=DUE, now=NOW, actor=school.coordinator
    )
    visit(school.teacher)
    revoke_contact(school.teacher, now=later(1), actor=school.coordinator)
    assert "reminders/visit" in standing(school.teacher.email)


def test_after_a_withdrawal_only_the_withdrawal_leaves(school: School) -> None:
    reads_at_the_office(school)
    place = named(school.teacher, pupil("Дина"))
    visit(school.teacher)
    about_pupil(school.event.id, f"signup:moved:{place.id}:office", "signups/moved", "office@school.example")
    about_pupil(school.event.id, "reminder:run:office", "reminders/reminder", "office@school.example")
    withdraw_invitation(school.invitation, now=later(1), actor=school.coordinator)
    assert standing(school.teacher.email) == {"signups/institution_withdrawn": "ru"}
    assert standing("office@school.example") == {}


def test_a_reminder_about_another_pupil_of_the_institution_stays(school: School) -> None:
    institution = reads_at_the_office(school)
    place = named(school.teacher, pupil("Дина"))
    born = datetime(2018, 1, 1).date()
    timur = factories.person("Оқушы", "Тимур", kind="child", birth_date=born, institution_id=institution.id)
    factories.place(school.event, timur)
    about_pupil(school.event.id, f"signup:moved:{place.id}:office", "signups/moved", "office@school.example")
    about_pupil(school.event.id, "reminder:run:office", "reminders/reminder", "office@school.example")
    withdraw_invitation(school.invitation, now=later(1), actor=school.coordinator)
    assert standing("office@school.example") == {"reminders/reminder": "kk"}


def test_the_page_changes_a_language_in_one_step(school: School, log_in: LogIn) -> None:
    aigul = log_in(school.aigul)
    page = f"/events/{school.event.id}/invitations/{school.invitation.id}"
    address = f"{page}/contacts/{school.teacher.id}/language"
    assert aigul.post(address, data={"language": "en"}).status_code == 303
    db.session.expire_all()
    assert school.teacher.language == "en"
    assert f'id="language_{school.teacher.id}"' in aigul.get(page).text
    assert aigul.post(address, data={"language": "de"}).status_code == 422


@pytest.fixture
def boarding(app: Flask) -> Institution:
    return factories.institution(contact_name="Сағат", contact_email="office@school.example", contact_language="kk")


CONTACT = {"contact_name": "Гүлнар", "contact_email": "gulnar@school.example", "contact_language": "ru"}


def test_letters_that_wait_follow_to_the_new_contact(boarding: Institution) -> None:
    event, aigul = factories.event(), actor_of(factories.coordinator())
    about_pupil(event.id, "reminder:run:office", "reminders/reminder", "office@school.example")
    host = about_pupil(event.id, "reminder:run:host", "reminders/visit", "office@school.example")
    change_contact(boarding, CONTACT, now=NOW, actor=aigul)
    assert standing("gulnar@school.example") == {"reminders/reminder": "ru"}
    moved = db.session.query(Mail).filter_by(key="reminder:run:office").one()
    assert (moved.recipient_name, moved.context["name"], moved.domain) == ("Гүлнар", "Гүлнар", "school.example")
    assert standing("office@school.example") == {host.template: "kk"}
    (table, values), *more = changed()
    assert (table, values["contact_language"], more) == ("institutions", ["kk", "ru"], [])


def test_without_an_address_they_stay_here(boarding: Institution) -> None:
    event, aigul = factories.event(), actor_of(factories.coordinator())
    about_pupil(event.id, "reminder:run:office", "reminders/reminder", "office@school.example")
    change_contact(boarding, CONTACT | {"contact_email": None}, now=NOW, actor=aigul)
    assert standing("office@school.example") == {}
    assert db.session.query(Mail).one().status == "cancelled"


def test_who_reads_for_another_institution_too_keeps_what_waits(boarding: Institution) -> None:
    factories.institution("second", contact_email="office@school.example")
    event, aigul = factories.event(), actor_of(factories.coordinator())
    about_pupil(event.id, "reminder:run:office", "reminders/reminder", "office@school.example")
    change_contact(boarding, CONTACT, now=NOW, actor=aigul)
    assert standing("office@school.example") == {"reminders/reminder": "kk"}


def test_a_contact_is_changed_by_coordinators_of_its_city_alone(boarding: Institution, log_in: LogIn) -> None:
    with pytest.raises(NotAllowed):
        change_contact(boarding, CONTACT, now=NOW, actor=actor_of(factories.coordinator("zhezkazgan")))
    with pytest.raises(Invalid):
        values = CONTACT | {"contact_language": "de"}
        change_contact(boarding, values, now=NOW, actor=actor_of(factories.coordinator()))
    page = f"/institutions/{boarding.id}/contact"
    far, aigul = log_in(factories.coordinator("zhezkazgan")), factories.coordinator()
    assert far.post(page, data=CONTACT).status_code == 404
    browser = log_in(aigul)
    assert "office@school.example" in browser.get(page).text
    assert browser.post(page, data=CONTACT | {"contact_email": "gulnar@gmial.com"}).status_code == 422
    assert browser.post(page, data=CONTACT).status_code == 303
    db.session.expire_all()
    assert (boarding.contact_email, boarding.contact_language) == ("gulnar@school.example", "ru")


def test_one_more_contact_may_come_after_one_left(school: School) -> None:
    revoke_contact(school.teacher, now=later(1), actor=school.coordinator)
    again = NewContact("Серік Оспанов", school.teacher.email, "ru")
    add_contact(school.invitation, again, now=later(2), actor=school.coordinator)
    assert "signups/institution_invitation" in standing(school.teacher.email)
