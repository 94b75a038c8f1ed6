"""Guardians answer, take back, are asked again; deadlines free seats once, and nobody who agreed loses one."""

import dataclasses
from datetime import date, timedelta
from email import message_from_bytes, policy

import pytest
from flask import Flask

from app.accounts.actor import COORDINATOR, SYSTEM, Actor, Scope
from app.audit.models import AuditEntry
from app.consents.errors import NeedsNoConsent, NoAnswer, NotAGuardian, NotAsked, TextChanged
from app.consents.models import Consent
from app.consents.queries import consent_states, missing_for
from app.db import db, transaction
from app.errors import NotAllowed
from app.events.models import Event
from app.mail.models import Mail
from app.mail.rendering import Claimed, written
from app.people.models import Guardianship, Person
from app.signups.answers import Answers
from app.signups.cancelling import cancel_place
from app.signups.capacity import change_event
from app.signups.consent_deadlines import ask_again_where_moved
from app.signups.consent_mails import mail_consent_asked
from app.signups.consenting import (
    answer_consents,
    ask_again,
    free_unconsented,
    give_consent,
    revoke_consent,
    settle_child,
    write_signup_consents,
)
from app.signups.errors import EventHasBegun, NothingToCancel
from app.signups.models import Place
from app.signups.signing_up import sign_up
from tests import factories

NOW = factories.SATURDAY - timedelta(days=10)


def acting(person: Person, language: str = "ru") -> Actor:
    return Actor(
        account_id=factories.account(person).id, person_id=person.id, name=person.short_name, language=language
    )


def coordinating() -> Actor:
    aigul = factories.coordinator()
    scopes = (Scope(COORDINATOR, city="balkhash"),)
    return Actor(account_id=factories.account(aigul).id, person_id=aigul.id, scopes=scopes)


def mother_of(child: Person) -> Person:
    mother = factories.employee("Сейітқали", "Айжан")
    key = db.session.query(Guardianship).filter_by(child_id=child.id).first().child_key
    factories.saved(
        Guardianship(guardian_id=mother.id, child_id=child.id, child_key=key, created_at=factories.LONG_AGO)
    )
    return mother


def letters(name: str) -> list[Mail]:
    return db.session.query(Mail).filter_by(template=f"signups/{name}").order_by(Mail.key).all()


def covered(event: Event, child: Person) -> bool:
    db.session.expire_all()
    return not missing_for(event, child.id)


@pytest.fixture
def nurlan(app: Flask) -> Person:
    factories.consent_texts()
    return factories.employee()


@pytest.fixture
def event(nurlan: Person) -> Event:
    return factories.event(audience="families", transport="bus", asks_medical=True)


@pytest.fixture
def dina(nurlan: Person) -> Person:
    return factories.child(nurlan)


@pytest.fixture
def place(event: Event, dina: Person) -> Place:
    return factories.place(event, dina, consent_due_at=NOW + timedelta(days=3))


def test_one_tick_on_the_sheet_stands_for_all_that_is_required(event, nurlan, dina):
    answers = Answers(consents=[dina.id], photos=[dina.id])
    signup = sign_up(
        event.id, [nurlan.id, dina.id], leader_id=nurlan.id, now=NOW, actor=acting(nurlan), answers=answers
    )
    rows = db.session.query(Consent).all()
    assert {row.kind for row in rows} == {"participation", "transport", "medical", "photo"}
    assert {(row.channel, row.language, row.is_yes, row.guardian_id) for row in rows} == {
        ("page", "ru", True, nurlan.id)
    }
    assert rows[0].bound_to["transport"] == "bus"
    assert all(one.consent_due_at is None for one in signup.places)
    assert letters("consent_asked") == []


def test_a_coordinator_who_ticks_for_somebody_elses_child_gives_no_consent(event, nurlan, dina):
    actor, said = coordinating(), Answers(consents=[dina.id])
    with transaction():
        owing = write_signup_consents(event, [dina], answers=said, leader_id=str(actor.person_id), actor=actor, now=NOW)
    assert owing == {dina.id}
    assert db.session.query(Consent).count() == 0


def test_signing_up_with_consent_to_follow_asks_each_guardian_by_a_link_and_reminds_a_day_before(event, nurlan, dina):
    mother = mother_of(dina)
    answers = Answers(consent_may_follow=True)
    signup = sign_up(event.id, [dina.id], leader_id=nurlan.id, now=NOW, actor=acting(nurlan), answers=answers)
    assert signup.places[0].consent_due_at == NOW + timedelta(days=3)
    asked, reminders = letters("consent_asked"), letters("consent_reminder")
    assert {mail.person_id for mail in asked} == {mail.person_id for mail in reminders} == {nurlan.id, mother.id}
    assert all(mail.context["url"].startswith("/consents/answers/") for mail in asked)
    assert len({mail.context["url"] for mail in asked}) == 2, "each guardian has a link of their own"
    due = signup.places[0].consent_due_at
    assert all(timedelta(hours=12) < due - mail.not_before < timedelta(hours=36) for mail in reminders)
    with transaction():
        mail_consent_asked(signup.places, now=NOW)
    assert len(letters("consent_asked")) == 2, "asking twice in the same moment writes once"


def test_a_yes_lifts_the_deadline_takes_the_reminder_back_and_tells_the_other_guardian(place, event, nurlan, dina):
    mother = mother_of(dina)
    with transaction():
        mail_consent_asked([place], now=NOW)
    give_consent(place, now=NOW + timedelta(hours=1), actor=acting(nurlan))
    assert covered(event, dina)
    assert place.consent_due_at is None
    assert {mail.status for mail in [*letters("consent_asked"), *letters("consent_reminder")]} == {"cancelled"}
    (told,) = letters("consent_given")
    assert (told.person_id, told.context["by"]) == (mother.id, nurlan.short_name)
    give_consent(place, now=NOW + timedelta(hours=2), actor=acting(nurlan))
    assert db.session.query(Consent).count() == 3, "the same answer again changes nothing"
    assert len(letters("consent_given")) == 1


def test_either_guardian_takes_it_back_and_that_wins_until_they_agree_themselves(place, event, nurlan, dina):
    mother = mother_of(dina)
    give_consent(place, now=NOW, actor=acting(nurlan))
    revoke_consent(place, now=NOW + timedelta(hours=1), actor=acting(mother))
    assert not covered(event, dina)
    assert place.consent_due_at == NOW + timedelta(days=3, hours=1)
    assert [mail.person_id for mail in letters("consent_revoked")] == [nurlan.id]
    give_consent(place, now=NOW + timedelta(hours=2), actor=acting(nurlan))
    assert not covered(event, dina), "the father's yes does not outweigh the mother's no"
    give_consent(place, now=NOW + timedelta(hours=3), actor=acting(mother))
    assert covered(event, dina)
    assert place.consent_due_at is None
    ended = db.session.query(Consent).filter(Consent.revoked_at.is_not(None)).all()
    assert {(row.is_yes, row.guardian_id, row.revoked_by_person_id) for row in ended} == {(False, mother.id, mother.id)}


def test_a_photograph_may_be_refused_and_the_child_goes_all_the_same(place, event, nurlan, dina):
    give_consent(place, now=NOW, actor=acting(nurlan))
    answer_consents(place, {"photo": False}, now=NOW, actor=acting(nurlan))
    assert covered(event, dina)
    assert place.consent_due_at is None


def test_the_guardian_of_yesterday_counts_no_more(place, event, nurlan, dina):
    mother = mother_of(dina)
    give_consent(place, now=NOW, actor=acting(nurlan))
    with transaction():
        db.session.query(Guardianship).filter_by(guardian_id=nurlan.id).one().ended_at = NOW
    assert not covered(event, dina)
    assert settle_child(dina.id, now=NOW + timedelta(hours=1), actor=SYSTEM) == 1
    assert [mail.person_id for mail in letters("consent_asked")] == [mother.id]
    with pytest.raises(NotAllowed):
        give_consent(place, now=NOW, actor=acting(nurlan))
    give_consent(place, now=NOW, actor=acting(mother))
    assert covered(event, dina)


def test_whoever_is_of_age_on_the_day_needs_none(event, nurlan):
    arman = factories.child(nurlan, "Арман", birth_date=date(2012, 5, 18))
    place = factories.place(event, arman, consent_due_at=NOW + timedelta(days=1))
    assert settle_child(arman.id, now=NOW, actor=SYSTEM) == 0
    assert db.session.get(Place, place.id).consent_due_at is None
    with pytest.raises(NeedsNoConsent):
        give_consent(place, now=NOW, actor=acting(nurlan))


def test_a_stranger_may_not_answer_and_nobody_for_a_place_that_is_gone_or_begun(place, event, nurlan, dina):
    stan = factories.employee("Стан", "Стэн")
    with pytest.raises(NotAllowed):
        give_consent(place, now=NOW, actor=acting(stan))
    with pytest.raises(NotAllowed):
        revoke_consent(place, now=NOW, actor=acting(stan), guardian_id=nurlan.id)
    with pytest.raises(EventHasBegun):
        give_consent(place, now=event.starts_at, actor=acting(nurlan))
    gone = factories.place(event, factories.child(nurlan, "Арман"), status="cancelled")
    with pytest.raises(NothingToCancel):
        give_consent(gone, now=NOW, actor=acting(nurlan))


def test_a_coordinators_program_names_a_guardian_of_the_child(place, event, nurlan, dina):
    actor, stan = coordinating(), factories.employee("Стан", "Стэн")
    with pytest.raises(NotAGuardian):
        answer_consents(place, {"participation": True}, guardian_id=stan.id, now=NOW, actor=actor)
    answer_consents(place, {"participation": True}, guardian_id=nurlan.id, now=NOW, actor=actor, channel="api")
    assert db.session.query(Consent).one().channel == "api"


def test_nothing_said_unasked_kinds_and_an_old_text_are_refused(event, nurlan, dina):
    plain = factories.event(audience="families")
    place = factories.place(plain, dina)
    with pytest.raises(NoAnswer):
        answer_consents(place, {}, now=NOW, actor=acting(nurlan))
    with pytest.raises(NotAsked):
        answer_consents(place, {"transport": True}, now=NOW, actor=acting(nurlan))
    with pytest.raises(TextChanged):
        answer_consents(place, {"photo": True}, now=NOW, actor=acting(nurlan), read={"photo": "old"})
    assert db.session.query(Consent).count() == 0


def test_another_day_asks_again_and_the_seat_waits(place, event, nurlan, dina):
    give_consent(place, now=NOW, actor=acting(nurlan))
    later = NOW + timedelta(hours=1)
    moved = {"starts_at": event.starts_at + timedelta(days=7), "ends_at": event.ends_at + timedelta(days=7)}
    change_event(event, moved, now=later, actor=coordinating())
    place = db.session.get(Place, place.id)
    assert (place.status, place.consent_due_at) == ("confirmed", later + timedelta(days=3))
    assert not covered(event, dina)
    assert {row.lapsed_at for row in db.session.query(Consent)} == {later}
    assert [mail.person_id for mail in letters("consent_asked")] == [nurlan.id]
    give_consent(place, now=later, actor=acting(nurlan))
    assert covered(event, dina)


def test_an_hour_later_on_the_same_day_asks_nobody(place, event, nurlan, dina):
    give_consent(place, now=NOW, actor=acting(nurlan))
    change_event(event, {"starts_at": event.starts_at + timedelta(hours=1)}, now=NOW, actor=coordinating())
    assert covered(event, dina)
    assert letters("consent_asked") == []


def test_going_by_bus_from_now_on_asks_again(nurlan, dina):
    event = factories.event(audience="families")
    place = factories.place(event, dina)
    give_consent(place, now=NOW, actor=acting(nurlan))
    change_event(event, {"transport": "bus"}, now=NOW, actor=coordinating())
    assert missing_for(event, dina.id) == ("participation", "transport")
    assert place.consent_due_at is not None


def test_a_higher_hazard_class_of_the_site_stops_at_the_gate_at_once_and_asks_again(place, event, nurlan, dina):
    give_consent(place, now=NOW, actor=acting(nurlan))
    with transaction():
        event.site.hazard_class = "high"
    assert not covered(event, dina), "even before anybody was asked"
    assert ask_again_where_moved(now=NOW) is True
    assert db.session.get(Place, place.id).consent_due_at == NOW + timedelta(days=3)
    assert ask_again_where_moved(now=NOW) is False, "running twice is harmless"
    assert len(letters("consent_asked")) == 1


def test_a_guardians_no_outlives_a_change_of_the_plan(place, event, nurlan, dina):
    revoke_consent(place, now=NOW, actor=acting(nurlan))
    mother = mother_of(dina)
    with transaction():
        event.site.hazard_class = "high"
    ask_again_where_moved(now=NOW)
    give_consent(place, now=NOW, actor=acting(mother))
    assert not covered(event, dina)


def test_the_deadline_frees_the_seat_promotes_once_and_tells_everybody(nurlan, dina):
    event = factories.event(audience="families", capacity=1, promotion="at-once")
    place = factories.place(event, dina, consent_due_at=NOW)
    stan = factories.place(event, factories.employee("Стан", "Стэн"), status="waiting")
    assert free_unconsented(now=NOW - timedelta(seconds=1)) is False
    assert free_unconsented(now=NOW) is True
    assert free_unconsented(now=NOW) is False
    db.session.expire_all()
    place, stan = db.session.get(Place, place.id), db.session.get(Place, stan.id)
    assert (place.status, place.cancel_reason) == ("cancelled", "no-consent")
    assert (stan.status, db.session.get(Event, event.id).seats_taken) == ("confirmed", 1)
    (missed,) = letters("consent_missed")
    assert (missed.person_id, missed.calendar["method"]) == (nurlan.id, "CANCEL")
    assert len(letters("promoted")) == 1
    assert db.session.query(AuditEntry).filter_by(verb="free_seat", object_id=place.id).count() == 1


def test_who_agreed_in_the_last_second_keeps_the_seat(place, event, nurlan, dina):
    factories.consent(event, dina, nurlan, "participation", "transport", "medical")
    assert free_unconsented(now=NOW + timedelta(days=4)) is True
    assert (place.status, place.consent_due_at) == ("confirmed", None)
    assert letters("consent_missed") == []


def test_once_the_event_has_begun_the_gate_decides_and_not_the_deadline(place, event):
    assert free_unconsented(now=event.starts_at) is False
    assert place.status == "confirmed"


def test_with_the_last_child_the_escorts_seat_goes_too(nurlan, dina):
    event = factories.event(audience="children")
    answers = Answers(consent_may_follow=True)
    signup = sign_up(
        event.id, [nurlan.id, dina.id], leader_id=nurlan.id, now=NOW, actor=acting(nurlan), answers=answers
    )
    free_unconsented(now=NOW + timedelta(days=3))
    db.session.expire_all()
    assert {place.status for place in signup.places} == {"cancelled"}
    assert db.session.get(Event, event.id).seats_taken == 0


def test_for_a_child_who_left_nobody_is_reminded_though_the_father_stays(event, nurlan, dina):
    answers = Answers(consent_may_follow=True)
    signup = sign_up(
        event.id, [nurlan.id, dina.id], leader_id=nurlan.id, now=NOW, actor=acting(nurlan), answers=answers
    )
    cancel_place(signup.places[1], now=NOW, actor=acting(nurlan))
    assert {mail.status for mail in [*letters("consent_asked"), *letters("consent_reminder")]} == {"cancelled"}


def test_a_deadline_that_lies_after_an_earlier_start_is_drawn_in(place, event, dina):
    with transaction():
        event.starts_at = NOW + timedelta(days=1)
        ask_again(event, [place], now=NOW, actor=SYSTEM)
    assert place.consent_due_at == event.starts_at


def test_a_deadline_that_passed_while_the_event_was_postponed_is_set_anew(place, event):
    with transaction():
        place.consent_due_at = NOW - timedelta(days=1)
        ask_again(event, [place], now=NOW, actor=SYSTEM)
    assert place.consent_due_at == NOW + timedelta(days=3)
    assert len(letters("consent_asked")) == 1


def test_an_answer_for_a_place_that_is_gone_asks_nobody_again(event, nurlan, dina):
    factories.place(event, dina, status="cancelled")
    factories.consent(event, dina, nurlan)
    with transaction():
        event.site.hazard_class = "high"
    assert ask_again_where_moved(now=NOW) is False


def test_covered_children_are_found_for_a_whole_event_at_once(place, event, nurlan, dina):
    timur = factories.child(nurlan, "Тимур")
    factories.place(event, timur)
    factories.consent(event, dina, nurlan, "participation", "transport", "medical")
    factories.consent(event, timur, nurlan, "participation")
    assert consent_states(event) == {dina.id: True}


@pytest.mark.full
def test_every_letter_says_who_is_asked_what_and_until_when(place, event, nurlan, dina):
    mother = mother_of(dina)
    with transaction():
        mail_consent_asked([place], now=NOW)
    give_consent(place, now=NOW, actor=acting(nurlan))
    revoke_consent(place, now=NOW, actor=acting(mother))
    free_unconsented(now=NOW + timedelta(days=4))
    rows = db.session.query(Mail).filter(Mail.template.startswith("signups/consent_")).all()
    assert {row.template.removeprefix("signups/consent_") for row in rows} == {
        "asked",
        "reminder",
        "given",
        "revoked",
        "missed",
    }
    for row in rows:
        letter = message_from_bytes(words_of(row), policy=policy.default)
        text = letter.get_body(("plain",)).get_content()
        assert "Дина" in letter["Subject"]
        assert "http://localhost:5000/" in text
        assert "{" not in text


def words_of(row: Mail) -> bytes:
    fields = {field.name: getattr(row, field.name) for field in dataclasses.fields(Claimed) if field.name != "override"}
    return written(Claimed(**fields), now=NOW)[2]
