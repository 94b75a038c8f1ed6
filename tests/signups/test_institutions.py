"""An institution's list: escorts first, rows with versions, seats, names from a file."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app.audit.models import AuditEntry, AuditValues
from app.db import db
from app.errors import NotFound
from app.events.models import Event
from app.people.changing import change_person
from app.people.models import Person
from app.signups.capacity import change_event
from app.signups.errors import TooYoung
from app.signups.institution_errors import (
    EscortNeeded,
    EscortsMissing,
    KnownAlready,
    ListFull,
    NamesWereDue,
    NotOpenForLists,
    OnListAlready,
    RowChanged,
    RowGone,
)
from app.signups.institution_forms import FileForm, entry_of
from app.signups.institution_roster import change_row, name_from_file, name_known, remove_row, replace_row
from app.signups.invitation_queries import known_people, list_of, progress_of, row_of
from app.signups.models import Place, SignUp
from app.signups.row_versions import version_of
from tests import factories
from tests.signups.inviting import DUE, NOW, escort, invited_school, later, letters, named, pupil, voice

PUPILS = Path(__file__).parent / "data" / "boarding-school-pupils.xlsx"


def pupils_of_the_file(app: Flask):
    with app.test_request_context():
        checked, _ = FileForm(formdata=None).check(PUPILS.read_bytes(), today=date(2026, 11, 22))
    return [entry_of(one) for one in checked if not one.refusals]


def test_children_come_only_after_the_escorts_whom_the_place_asks_for(app: Flask):
    school = invited_school(ratio=2)
    with pytest.raises(EscortsMissing) as refused:
        named(school.teacher, pupil())
    assert refused.value.params == {"missing": 1, "ratio": 2, "children": 1, "needed": 1}
    lead = named(school.teacher, escort())
    named(school.teacher, pupil("Дина"))
    named(school.teacher, pupil("Арман"))
    with pytest.raises(EscortsMissing) as refused:
        named(school.teacher, pupil("Айша"))
    assert refused.value.params["missing"] == 1
    with pytest.raises(EscortNeeded):
        remove_row(school.teacher, lead.id, version=version_of(lead), now=NOW, actor=voice(school.teacher))
    assert progress_of([school.invitation])[school.invitation.id].children == 2


@pytest.mark.full
def test_the_schools_file_of_63_pupils_passes_and_is_recognised_the_second_time(app: Flask):
    school = invited_school(seats=80, capacity=100, ratio=10)
    entries = pupils_of_the_file(app)
    assert len(entries) == 63
    with pytest.raises(EscortsMissing) as refused:
        name_from_file(school.teacher, entries, now=NOW, actor=voice(school.teacher))
    assert refused.value.params == {"missing": 7, "ratio": 10, "children": 63, "needed": 7}
    for number in range(7):
        named(school.director, escort(f"Ілесуші {number}"))
    places, passed = name_from_file(school.teacher, entries, now=NOW, actor=voice(school.teacher))
    assert (len(places), passed) == (63, 0)
    assert name_from_file(school.director, entries, now=NOW, actor=voice(school.director)) == ([], 63)
    assert db.session.get_one(Event, school.event.id).seats_taken == 70
    assert db.session.query(SignUp).filter_by(invitation_id=school.invitation.id).count() == 1
    assert {one.institution_id for one in db.session.query(Person).filter_by(kind="child")} == {
        school.invitation.institution_id
    }


def test_twins_and_namesakes_stay_two_and_the_same_child_is_recognised(app: Flask):
    school = invited_school()
    named(school.teacher, escort())
    named(school.teacher, pupil("Дина"))
    named(school.teacher, pupil("Динара"))
    named(school.teacher, pupil("Дина", born=date(2017, 1, 1)))
    with pytest.raises(OnListAlready):
        named(school.director, pupil("ДИНА", surname="Сейiткали"))
    named(school.director, pupil("Дина"), is_another=True)
    names = [place.person.given_name for place in list_of(school.invitation) if place.role == "participant"]
    assert sorted(names) == ["Дина", "Дина", "Дина", "Динара"]


def test_a_child_at_home_of_the_same_name_is_somebody_else(app: Flask):
    school = invited_school()
    named(school.teacher, escort())
    nurlan = factories.employee()
    dina = factories.child(nurlan, "Дина", birth_date=pupil().birth_date)
    place = named(school.teacher, pupil("Дина"))
    assert place.person_id != dina.id


def test_who_came_before_is_picked_from_the_own_list_and_from_no_other(app: Flask):
    school = invited_school()
    nurlan = factories.employee()
    stranger = factories.child(nurlan, "Арман")
    known = factories.person(
        "Сейітқали", "Дина", kind="child", birth_date=pupil().birth_date,
        institution_id=school.invitation.institution_id,
    )  # fmt: skip
    named(school.teacher, escort())
    assert [person.id for person in known_people(school.invitation, "child")] == [known.id]
    with pytest.raises(KnownAlready):
        named(school.teacher, pupil("Дина"))
    with pytest.raises(NotFound):
        name_known(school.teacher, [stranger.id], now=NOW, actor=voice(school.teacher))
    (place,) = name_known(school.teacher, [known.id], now=NOW, actor=voice(school.teacher))
    assert place.person_id == known.id
    assert known_people(school.invitation, "child") == []


def test_seats_used_up_are_refused_with_the_numbers_and_never_queued(app: Flask):
    school = invited_school(seats=2, ratio=None)
    named(school.teacher, pupil("Дина"))
    named(school.teacher, pupil("Арман"))
    with pytest.raises(ListFull) as refused:
        named(school.teacher, pupil("Айша"))
    assert refused.value.params == {"left": 0, "wanted": 1}
    assert db.session.query(Place).filter_by(status="waiting").count() == 0


@pytest.mark.full
def test_a_full_event_refuses_though_the_list_has_seats_and_whoever_waits_comes_first(app: Flask):
    school = invited_school(seats=20, capacity=20, ratio=None)
    factories.saved(school.event)
    for number in range(20):
        factories.place(school.event, factories.employee(given_name=f"Н{number}"))
    with pytest.raises(ListFull):
        named(school.teacher, pupil())


def test_taking_off_promotes_whoever_waits(app: Flask):
    school = invited_school(seats=2, capacity=2, ratio=None)
    first = named(school.teacher, pupil("Дина"))
    named(school.teacher, pupil("Арман"))
    waiting = factories.place(school.event, factories.employee(), status="waiting")
    promoted: Any = remove_row(
        school.teacher, first.id, version=version_of(first), now=NOW, actor=voice(school.teacher)
    )
    db.session.expire_all()
    assert [signup.id for signup in promoted] == [waiting.signup_id]
    assert db.session.get_one(Place, waiting.id).status == "confirmed"
    assert db.session.get_one(Event, school.event.id).seats_taken == 2


def test_replacing_keeps_the_seat_though_somebody_waits(app: Flask):
    school = invited_school(seats=2, capacity=2, ratio=None)
    first = named(school.teacher, pupil("Дина"))
    named(school.teacher, pupil("Арман"))
    waiting = factories.place(school.event, factories.employee(), status="waiting")
    second = replace_row(
        school.teacher, first.id, pupil("Айша"), version=version_of(first), now=NOW, actor=voice(school.teacher)
    )
    db.session.expire_all()
    assert second.ticket != first.ticket
    assert db.session.get_one(Place, first.id).status == "cancelled"
    assert db.session.get_one(Place, waiting.id).status == "waiting"


def test_a_stale_row_says_who_was_faster_and_nothing_is_written_over(app: Flask):
    school = invited_school(ratio=None)
    place = named(school.teacher, pupil("Дина", school_class="5 А"))
    seen = version_of(place)
    change_row(
        school.teacher, place.id, {"school_class": "5 Б"}, version=seen, now=later(1), actor=voice(school.teacher)
    )
    with pytest.raises(RowChanged) as refused:
        change_row(
            school.director, place.id, {"tshirt_size": "140"}, version=seen, now=later(2),
            actor=voice(school.director),
        )  # fmt: skip
    assert refused.value.params["who"] == "Серік Оспанов"
    assert row_of(school.invitation, place.id).person.school_class == "5 Б"
    now_seen = version_of(row_of(school.invitation, place.id))
    remove_row(school.teacher, place.id, version=now_seen, now=later(3), actor=voice(school.teacher))
    with pytest.raises(RowGone) as gone:
        remove_row(school.director, place.id, version=now_seen, now=later(4), actor=voice(school.director))
    assert gone.value.params["who"] == "Серік Оспанов"


def test_a_coordinators_change_is_seen_too(app: Flask):
    school = invited_school(ratio=None)
    place = named(school.teacher, pupil("Дина"))
    seen = version_of(place)
    change_person(place.person, {"given_name": "Диана"}, now=later(1), actor=school.coordinator)
    with pytest.raises(RowChanged) as refused:
        remove_row(school.teacher, place.id, version=seen, now=later(2), actor=voice(school.teacher))
    assert refused.value.params["who"] == "Омарова Айгүл"


def test_names_change_until_the_deadline_and_taking_off_until_the_start(app: Flask):
    school = invited_school(ratio=None)
    place = named(school.teacher, pupil())
    with pytest.raises(NamesWereDue):
        named(school.teacher, pupil("Арман"), now=DUE)
    with pytest.raises(NamesWereDue):
        change_row(
            school.teacher, place.id, {"school_class": "6"}, version=version_of(place), now=DUE,
            actor=voice(school.teacher),
        )  # fmt: skip
    seen = version_of(row_of(school.invitation, place.id))
    with pytest.raises(NotOpenForLists):
        remove_row(school.teacher, place.id, version=seen, now=school.event.starts_at, actor=voice(school.teacher))
    remove_row(school.teacher, place.id, version=seen, now=DUE, actor=voice(school.teacher))
    assert list_of(school.invitation) == []


def test_another_lists_row_is_not_found(app: Flask):
    school = invited_school(ratio=None)
    other = factories.place(school.event, factories.employee())
    with pytest.raises(NotFound):
        remove_row(school.teacher, other.id, version=version_of(other), now=NOW, actor=voice(school.teacher))


def test_the_rules_of_the_event_hold_for_pupils(app: Flask):
    school = invited_school(ratio=None, min_age=14)
    with pytest.raises(TooYoung):
        named(school.teacher, pupil())


@pytest.mark.full
def test_the_coordinator_hears_once_an_hour_that_the_list_changed(app: Flask):
    school = invited_school(ratio=None)
    for number in range(5):
        named(school.teacher, pupil(f"Бала {number}"), now=NOW + timedelta(minutes=number))
    (letter,) = letters("invitation:list_changed:")
    assert (letter.recipient, letter.not_before) == ("aigul@torangy.example", NOW + timedelta(hours=1))
    named(school.teacher, pupil("Айша"), now=later(1.1))
    assert len(letters("invitation:list_changed:")) == 2


def test_who_did_it_is_written_down_without_a_login(app: Flask):
    school = invited_school(ratio=None)
    place = named(school.teacher, pupil())
    entry = db.session.query(AuditEntry).filter_by(object_id=place.id, verb="name_person").one()
    assert entry.actor_account_id is None
    values = db.session.get_one(AuditValues, entry.id)
    assert values.changes["contact_id"] == [None, school.teacher.id]


def test_an_escort_stays_when_the_event_moves(app: Flask):
    school = invited_school(ratio=5, max_age=16)
    lead = named(school.teacher, escort())
    changes = {
        "starts_at": school.event.starts_at + timedelta(days=1),
        "ends_at": school.event.ends_at + timedelta(days=1),
    }
    change_event(school.event, changes, now=later(2), actor=school.coordinator)
    db.session.expire_all()
    assert db.session.get_one(Place, lead.id).status == "confirmed"
