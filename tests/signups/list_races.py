"""Races of lists: two contacts write on a school's, and an HR file takes away who signs up."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from app.accounts.actor import ADMIN, Actor, Scope
from app.db import db
from app.events.models import Event
from app.files import FileStore
from app.mail.models import Mail
from app.people.importing import Plan
from app.people.models import Person
from app.signups.hr_files import apply_hr_file
from app.signups.institution_roster import change_row, name_person, remove_row
from app.signups.institution_seating import Entry
from app.signups.inviting import invite_institution
from app.signups.models import STANDING, InvitationContact, Place
from app.signups.row_versions import version_of
from app.signups.signing_up import sign_up
from tests import factories
from tests.signups.inviting import BORN, DIRECTOR, TEACHER, voice
from tests.signups.race_facts import DAY, ROUNDS, Facts, Race, acting, common_ground, place_of, recounted
from tests.signups.recount import recount

# Two contacts of one school.


def _lists() -> list[Facts]:
    factories.consent_texts()
    aigul, ground = factories.coordinator(email="aigul@torangy.example"), common_ground()
    rounds = []
    for number in range(ROUNDS):
        event = factories.event(audience="institution", kind="excursion", coordinator_id=aigul.id, **ground)
        actor = Actor(account_id=factories.account(aigul).id, person_id=aigul.id, scopes=(Scope(ADMIN),))
        invitation = invite_institution(
            event, factories.institution(f"school-{number}"), contacts=[DIRECTOR, TEACHER], seats=2,
            names_due_at=DAY + timedelta(days=4), now=DAY, actor=actor,
        )  # fmt: skip
        contacts = db.session.query(InvitationContact).filter_by(invitation_id=invitation.id)
        one, other = contacts.order_by(InvitationContact.email)
        place = name_person(one, Entry("Сейітқали", "Дина", birth_date=BORN), now=DAY, actor=voice(one))
        deed = ("name", "change", "remove")[number % 3]
        rounds.append(
            {"event": event.id, "contacts": [one.id, other.id], "deed": deed, "place": place.id}
            | {"version": version_of(place)}
        )
    return rounds


def _contact(side: int) -> Callable[[Facts], object]:
    def write(facts: Facts) -> None:
        contact = db.session.get_one(InvitationContact, facts["contacts"][side])
        seen = {"version": facts["version"], "now": DAY, "actor": voice(contact)}
        if facts["deed"] == "name":
            name_person(contact, Entry("Сейітқали", f"Арман{side}", birth_date=BORN), now=DAY, actor=voice(contact))
        elif facts["deed"] == "change":
            change_row(contact, facts["place"], {"given_name": f"Дина{side}"}, **seen)
        else:
            remove_row(contact, facts["place"], **seen)

    return write


def _one_was_faster(facts: Facts, said: list[str]) -> None:
    assert said.count("done") == 1, (facts["deed"], said)
    slower = {"name": {"full"}, "change": {"row-changed"}, "remove": {"row-gone"}}
    assert {*said} - {"done"} <= slower[facts["deed"]], said
    db.session.expire_all()
    event = db.session.get_one(Event, facts["event"])
    assert event.seats_taken == {"name": 2, "change": 1, "remove": 0}[facts["deed"]]
    if facts["deed"] == "change":
        assert db.session.get_one(Place, facts["place"]).person.given_name == f"Дина{said.index('done')}"
    recount(event, letters=False)


SCHOOL = Race(_lists, (_contact(0), _contact(1)), _one_was_faster)


# Somebody leaves the company by an HR file, and signs up.


def _leavers() -> list[Facts]:
    ground, boss, rounds = common_ground(), factories.admin(), []
    omar = [factories.employee(f"Омар{number}") for number in range(ROUNDS)]
    leavers = [factories.employee(f"Кетуші{number}") for number in range(ROUNDS)]
    for person in (*omar, *leavers):
        factories.account(person)
    for number in range(ROUNDS):
        event = factories.event(capacity=1, starts_at=factories.SATURDAY + timedelta(days=number), **ground)
        staying = [*omar, boss, *leavers[number + 1 :]]
        rows = [f"{one.personnel_number};{one.surname};{one.given_name}" for one in staying]
        file = "\n".join(["Табельный номер;Фамилия;Имя", *rows])
        rounds.append(
            {"event": event.id, "leaver": leavers[number].id, "omar": omar[number].id, "boss": boss.id, "file": file}
        )
    return rounds


def _leave(facts: Facts) -> None:
    boss = db.session.get_one(Person, facts["boss"])
    actor = Actor(account_id=factories.account(boss).id, person_id=boss.id, scopes=(Scope(ADMIN),))
    plan = Plan(kind="employees", city="balkhash", is_complete=True)
    store = FileStore(Path(os.environ["TORANGY_INSTANCE"]) / "uploads")
    apply_hr_file("people.csv", facts["file"].encode(), plan, store=store, now=DAY, actor=actor)


def _come(who: str) -> Callable[[Facts], object]:
    def come(facts: Facts) -> None:
        person = db.session.get_one(Person, facts[who])
        sign_up(facts["event"], [person.id], leader_id=person.id, now=DAY, actor=acting(person))

    return come


def _leaver_has_no_seat(facts: Facts, said: list[str]) -> None:
    assert said[0] == said[2] == "done", said
    assert db.session.get_one(Person, facts["leaver"]).deactivated_at is not None
    standing = db.session.query(Place).filter(Place.person_id == facts["leaver"], Place.status.in_(STANDING))
    assert standing.count() == 0, "who left has a place"
    assert place_of(facts, "omar").status == "confirmed"
    letters = db.session.query(Mail).filter_by(event_id=facts["event"], person_id=facts["leaver"], status="queued")
    assert letters.count() == 0, "who left is written to"
    recounted(facts)


LEAVER = Race(_leavers, (_leave, _come("leaver"), _come("omar")), _leaver_has_no_seat)
