"""A school's contacts answer the coordinator's questions for those on their list; nobody writes over the other."""

import pytest

from app import clock
from app.audit.models import AuditEntry
from app.db import db
from app.events.models import Event
from app.signups.answer_errors import AnswerMissingOf, ChoiceFull
from app.signups.institution_answers import AnswersChanged, answer_for_list, list_sheet, unanswered
from app.signups.institution_errors import NamesWereDue, NobodyOnList
from app.signups.institution_roster import name_person
from app.signups.institution_seating import ESCORT, Entry
from app.signups.invitation_queries import list_of
from app.signups.models import Place
from app.signups.reanswering import answers_of
from tests.signups.answering import question
from tests.signups.inviting import BORN, DUE, NOW, School, invited_school, link_of

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def school() -> School:
    """With Serik, who leads Dina and Arman."""
    found = invited_school()
    for entry in (
        Entry("Оспанов", "Серік", role=ESCORT),
        Entry("Сейітқали", "Дина", birth_date=BORN),
        Entry("Сейітқали", "Арман", birth_date=BORN),
    ):
        name_person(found.teacher, entry, now=NOW, actor=found.coordinator)
    return found


def child(school: School, name: str) -> Place:
    return next(place for place in list_of(school.invitation) if place.person.given_name == name)


def says(school: School, answers, *, version=None, now=NOW, contact=None) -> bool:
    version = list_sheet(school.invitation).version if version is None else version
    contact = contact or school.teacher
    return answer_for_list(contact, answers, version=version, now=now, actor=school.coordinator)


def test_answers_for_each_and_once_for_all_are_kept(school: School):
    spade, bus = question(school.event, "yes-no", is_per_person=True), question(school.event, "yes-no")
    dina = child(school, "Дина")
    assert says(school, {(spade.id, dina.person_id): "yes", (bus.id, ""): "no"})
    assert answers_of(dina.signup) == {(spade.id, dina.person_id): "yes", (bus.id, ""): "no"}
    assert db.session.query(AuditEntry).filter_by(verb="change_answers").count() == 1
    assert not says(school, {(spade.id, dina.person_id): "yes"}), "the same again is nothing new"


def test_who_is_passed_over_follows_later_but_nobody_is_answered_for_by_half(school: School):
    spade = question(school.event, "yes-no", is_per_person=True, is_required=True)
    why = question(school.event, "text", is_per_person=True)
    dina, arman = child(school, "Дина"), child(school, "Арман")
    assert unanswered(school.invitation) == 3
    blank = {(one.id, arman.person_id): "" for one in (spade, why)}
    assert says(school, {(spade.id, dina.person_id): "yes", **blank})
    assert unanswered(school.invitation) == 2
    with pytest.raises(AnswerMissingOf):
        says(school, {(spade.id, arman.person_id): "", (why.id, arman.person_id): "short arms"})


def test_two_contacts_do_not_write_over_each_other(school: School):
    spade = question(school.event, "yes-no", is_per_person=True)
    dina, opened_at = child(school, "Дина"), list_sheet(school.invitation).version
    says(school, {(spade.id, dina.person_id): "yes"}, version=opened_at)
    with pytest.raises(AnswersChanged):
        says(school, {(spade.id, dina.person_id): "no"}, version=opened_at, contact=school.director)
    assert answers_of(dina.signup) == {(spade.id, dina.person_id): "yes"}


def test_a_full_choice_refuses_the_list_too(school: School):
    bus = question(school.event, is_per_person=True)  # the small bus has two seats
    people = [place.person_id for place in list_of(school.invitation)]
    with pytest.raises(ChoiceFull):
        says(school, {(bus.id, person_id): "small" for person_id in people})
    assert says(school, {(bus.id, person_id): "small" for person_id in people[:2]})


def test_strangers_to_the_list_and_late_answers_count_for_nothing(school: School):
    spade = question(school.event, "yes-no", is_per_person=True)
    assert not says(school, {(spade.id, school.aigul.id): "yes"})
    with pytest.raises(NamesWereDue):
        says(school, {(spade.id, child(school, "Дина").person_id): "yes"}, now=DUE)
    empty = invited_school(seats=5)
    with pytest.raises(NobodyOnList):
        answer_for_list(empty.teacher, {}, version="", now=NOW, actor=empty.coordinator)


@pytest.mark.full
def test_the_contact_answers_behind_the_link(school: School, client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    client.post("/language", data={"language": "en"})
    link = link_of(school.teacher)
    assert f"{link}/answers" not in client.get(link).text, "nothing is asked yet"
    spade = question(school.event, "yes-no", is_per_person=True, is_required=True)
    page = client.get(link).text
    assert f"{link}/answers" in page and "3 answers" in page
    sheet, dina = client.get(f"{link}/answers").text, child(school, "Дина")
    field = f"question-{spade.id}-{dina.person_id}"
    assert f'name="{field}"' in sheet
    data = {field: "yes", "version": sheet.split('name="version" value="')[1].split('"')[0]}
    assert client.post(f"{link}/answers", data=data).status_code == 303
    assert answers_of(dina.signup) == {(spade.id, dina.person_id): "yes"}
    again = client.post(
        f"{link}/answers", data=data | {field: "no"}, headers={"Referer": f"http://localhost{link}/answers"}
    )
    assert again.status_code == 409 and 'value="no" selected' in again.text, "what was typed stays on the page"
    assert db.session.get_one(Event, school.event.id)
