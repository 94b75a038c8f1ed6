"""An institution's invitation: its links, the seats promised and what its contacts are told."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from app.db import db
from app.errors import Invalid, NotAllowed, NotFound
from app.rosters.cancelling import cancel_event
from app.signups.capacity import change_event
from app.signups.institution_consents import agree_for
from app.signups.institution_errors import (
    AlreadyInvited,
    ContactThere,
    InvitationOver,
    NotOpenForLists,
    SeatsBelowList,
    SeatsNotFree,
)
from app.signups.invitation_queries import contact_of_secret
from app.signups.inviting import (
    NewContact,
    add_contact,
    change_invitation,
    invite_institution,
    renew_link,
    revoke_contact,
    withdraw_invitation,
)
from app.signups.models import Place
from tests import factories
from tests.signups.inviting import (
    DIRECTOR,
    DUE,
    NOW,
    actor_of,
    escort,
    invited_school,
    later,
    letters,
    link_of,
    named,
    pupil,
    voice,
)


def test_a_link_is_written_in_one_letter_and_the_table_keeps_only_its_hash(app: Flask):
    school = invited_school()
    secret = link_of(school.director).rpartition("/")[2]
    assert contact_of_secret(secret, now=NOW).id == school.director.id
    assert secret != school.director.secret_hash
    assert {mail.recipient for mail in letters("invitation:invitation:")} == {
        "gulnar@school.example",
        "serik@school.example",
    }
    with pytest.raises(NotFound):
        contact_of_secret("a stranger's guess", now=NOW)


def test_a_link_ends_with_the_event_and_by_revocation_and_by_a_new_one(app: Flask):
    school = invited_school()
    secret = link_of(school.director).rpartition("/")[2]
    with pytest.raises(InvitationOver):
        contact_of_secret(secret, now=school.event.ends_at)
    renew_link(school.director, now=later(1), actor=school.coordinator)
    with pytest.raises(NotFound):
        contact_of_secret(secret, now=later(1))
    newest = link_of(school.director).rpartition("/")[2]
    assert contact_of_secret(newest, now=later(1)).id == school.director.id
    revoke_contact(school.director, now=later(2), actor=school.coordinator)
    with pytest.raises(NotFound):
        contact_of_secret(newest, now=later(2))
    with pytest.raises(NotFound):
        named(school.director, escort(), now=later(2))


def test_the_reminder_waits_until_two_days_before_moves_and_is_dropped(app: Flask):
    school = invited_school()
    (reminder,) = letters(f"invitation:names_due:{school.director.id}")
    assert reminder.not_before == DUE - timedelta(days=2)
    again = reminder.context["url"].rpartition("/")[2]
    assert contact_of_secret(again, now=NOW).id == school.director.id
    assert school.director.secret_hash not in again
    sooner = DUE - timedelta(days=4)
    change_invitation(school.invitation, seats=20, names_due_at=sooner, now=later(1), actor=school.coordinator)
    db.session.expire_all()
    waiting = [mail for mail in letters(f"invitation:names_due:{school.director.id}") if mail.status == "queued"]
    assert [mail.not_before for mail in waiting] == [sooner - timedelta(days=2)]
    revoke_contact(school.director, now=later(2), actor=school.coordinator)
    db.session.expire_all()
    assert {mail.status for mail in letters(f"invitation:names_due:{school.director.id}")} == {"cancelled"}


def test_seats_promised_to_one_school_are_not_promised_to_another(app: Flask):
    school = invited_school(seats=30, capacity=40)
    other = factories.institution("orphanage")
    invite: dict[str, Any] = {"contacts": [DIRECTOR], "names_due_at": DUE, "now": NOW, "actor": school.coordinator}
    with pytest.raises(SeatsNotFree) as refused:
        invite_institution(school.event, other, seats=11, **invite)
    assert refused.value.params["free"] == 10
    invite_institution(school.event, other, seats=10, **invite)
    with pytest.raises(AlreadyInvited):
        invite_institution(school.event, other, seats=1, **invite)
    with pytest.raises(SeatsNotFree):
        change_invitation(school.invitation, seats=31, names_due_at=DUE, now=NOW, actor=school.coordinator)


def test_nothing_is_reserved_and_a_list_shrinks_no_lower_than_its_names(app: Flask):
    school = invited_school(seats=30, capacity=40)
    assert school.event.seats_taken == 0
    named(school.director, escort())
    named(school.director, pupil())
    assert school.event.seats_taken == 2
    with pytest.raises(SeatsBelowList):
        change_invitation(school.invitation, seats=1, names_due_at=DUE, now=NOW, actor=school.coordinator)


def test_only_the_coordinator_of_the_event_invites(app: Flask):
    school = invited_school()
    zhan = actor_of(factories.coordinator("zhezkazgan"))
    with pytest.raises(NotAllowed):
        invite_institution(
            school.event, factories.institution("x"), contacts=[], seats=1, names_due_at=DUE, now=NOW, actor=zhan
        )
    with pytest.raises(NotAllowed):
        add_contact(school.invitation, NewContact("Стэн", "stan@x.example"), now=NOW, actor=zhan)
    with pytest.raises(NotAllowed):
        withdraw_invitation(school.invitation, now=NOW, actor=voice(school.director))


def test_a_draft_an_odd_deadline_and_a_second_link_to_one_mailbox_are_refused(app: Flask):
    school = invited_school()
    with pytest.raises(ContactThere):
        add_contact(school.invitation, NewContact("G", "Gulnar@School.example"), now=NOW, actor=school.coordinator)
    options: dict[str, Any] = {"contacts": [], "seats": 1, "now": NOW, "actor": school.coordinator}
    other = factories.institution("other")
    with pytest.raises(Invalid):
        invite_institution(school.event, other, names_due_at=school.event.starts_at + timedelta(hours=1), **options)
    draft = factories.event(status="draft", site=school.event.site)
    with pytest.raises(NotOpenForLists):
        invite_institution(draft, other, names_due_at=DUE, **options)


def test_withdrawing_frees_the_seats_ends_the_links_and_says_so(app: Flask):
    school = invited_school(seats=2, capacity=2, ratio=None)
    link = link_of(school.director).rpartition("/")[2]
    named(school.teacher, pupil("Дина"))
    named(school.teacher, pupil("Арман"))
    waiting = factories.place(school.event, factories.employee(), status="waiting")
    withdraw_invitation(school.invitation, now=later(1), actor=school.coordinator)
    db.session.expire_all()
    assert db.session.get_one(Place, waiting.id).status == "confirmed"
    assert {mail.recipient for mail in letters("invitation:withdrawn:")} == {DIRECTOR.email, "serik@school.example"}
    with pytest.raises(NotFound):
        contact_of_secret(link, now=later(1))


def test_the_contacts_hear_when_the_event_moves_is_put_off_or_called_off(app: Flask):
    school = invited_school(ratio=None)
    place = named(school.teacher, pupil())
    agree_for(school.director, [place.id], photos=False, read={}, now=later(1), actor=voice(school.director))
    changes = {
        "starts_at": school.event.starts_at + timedelta(days=1),
        "ends_at": school.event.ends_at + timedelta(days=1),
    }
    change_event(school.event, changes, now=later(2), actor=school.coordinator)
    moved = letters("invitation:event_news:")
    assert {(mail.recipient, mail.context["news"]) for mail in moved} == {
        ("gulnar@school.example", "moved"),
        ("serik@school.example", "moved"),
    }
    assert moved[0].context["url"].startswith("/invitations/")
    db.session.expire_all()
    assert place.consent_due_at is not None, "the consent was given for another day"
    cancel_event(school.event, reason={"en": "Storm"}, now=later(3), actor=school.coordinator)
    news = [mail.context["news"] for mail in letters("invitation:event_news:")]
    assert sorted(news) == ["cancelled", "cancelled", "moved", "moved"]
    assert {mail.status for mail in letters("invitation:names_due:")} == {"cancelled"}
