"""Somebody who comes to work takes a task on without a seat: the driver, the medic of the clinic."""

from datetime import timedelta

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from app.accounts.actor import Actor
from app.audit.models import AuditEntry
from app.db import db, transaction
from app.desk.departure.queries import board_of
from app.errors import NotAllowed
from app.events.models import Event
from app.mail.models import Mail
from app.people.models import Person
from app.rosters.day_plan import NeedDraft, SectionDraft, set_needs, set_sections, set_shifts
from app.rosters.duties import name_on_duty, place_on_duty, release_duty
from app.rosters.duty_errors import DutyFull, DutyOver, ForAdults, InUse, OfNobody, OnDuty, SkillMissing
from app.rosters.duty_models import Duty, Need
from app.rosters.duty_queries import found_staff, is_medic, need_rows, needs_of, section_leaders, sections_of, shifts_of
from app.rosters.others_told import outsiders_of
from app.rosters.skills import set_skill
from app.signups.models import Place
from tests import factories
from tests.events.drafting import NOW, coordinating
from tests.rosters.test_duties import acting, needs, shift
from tests.signups.parties import words

DRIVER = NeedDraft("driver", 1, 1)


@pytest.fixture
def event(app) -> Event:
    return factories.event(audience="families")


@pytest.fixture
def aigul(event) -> Actor:
    return coordinating(factories.coordinator())


@pytest.fixture
def bolat(app) -> Person:
    return factories.employee("Жүнісов", "Болат", email="bolat@torangy.example", phone="+77086541886")


def test_the_driver_is_named_without_a_seat_and_hears_of_it(event, aigul, bolat):
    (driver,), taken = needs(event, aigul, DRIVER), event.seats_taken
    duty = name_on_duty(driver, bolat, now=NOW, actor=aigul)
    (row,) = need_rows(event)
    assert (row.stands.state, [one.holder.id for one in row.duties]) == ("covered", [bolat.id])
    assert (duty.place_id, duty.how, event.seats_taken, db.session.query(Place).count()) == (None, "placed", taken, 0)
    (letter,) = db.session.query(Mail)
    assert (letter.template, letter.person_id) == ("rosters/duty_placed", bolat.id) and words(letter)
    entry = db.session.query(AuditEntry).filter_by(verb="name_on_duty").one()
    assert (entry.event_id, entry.person_id, entry.fields) == (event.id, bolat.id, ["duty"])
    assert ("staff", "Жүнісов Болат", "bolat@torangy.example") in {
        (o.kind, o.name, o.contact) for o in outsiders_of(event)
    }
    with pytest.raises(InUse):
        set_needs(event, [], now=NOW, actor=aigul)
    with pytest.raises(NotAllowed):
        release_duty(duty, now=NOW, actor=acting(factories.employee("Стан", "Стэн")))
    release_duty(duty, now=NOW, actor=aigul)
    assert need_rows(event)[0].stands.missing == 1
    assert {mail.template for mail in db.session.query(Mail)} == {"rosters/duty_placed", "rosters/duty_released"}


def test_who_is_named_may_give_it_back(event, aigul, bolat):
    (driver,) = needs(event, aigul, DRIVER)
    release_duty(name_on_duty(driver, bolat, now=NOW, actor=aigul), now=NOW, actor=acting(bolat))
    assert db.session.query(Duty).count() == 0


def test_who_may_not_be_named(event, aigul, bolat):
    driver, aid = needs(event, aigul, NeedDraft("driver", 1, 1), NeedDraft("first_aid", 1, 1, skill="first_aid"))
    dina, stranger = factories.child(bolat), factories.person("Стан", "Стэн")
    left = factories.employee("Кетті", "Кенже", deactivated_at=factories.LONG_AGO)
    refusals = [(dina, driver, ForAdults), (stranger, driver, OfNobody), (left, driver, OfNobody)]
    for person, need, refusal in [*refusals, (bolat, aid, SkillMissing)]:
        with pytest.raises(refusal):
            name_on_duty(need, person, now=NOW, actor=aigul)
    for actor in (acting(bolat), coordinating(factories.coordinator("zhezkazgan"), "zhezkazgan")):
        with pytest.raises(NotAllowed):
            name_on_duty(driver, bolat, now=NOW, actor=actor)
    name_on_duty(driver, bolat, now=NOW, actor=aigul)
    set_skill(bolat, "first_aid", valid_until=None, now=NOW, actor=aigul)
    with pytest.raises(OnDuty):
        name_on_duty(aid, bolat, now=NOW, actor=aigul)
    with pytest.raises(DutyFull):
        name_on_duty(driver, factories.employee("Б", "Б"), now=NOW, actor=aigul)
    with transaction():
        event.status = "completed"
    with pytest.raises(DutyOver):
        name_on_duty(aid, bolat, now=NOW, actor=aigul)


def test_the_medic_of_a_clinic_is_somebodys(event, aigul):
    (driver,) = needs(event, aigul, DRIVER)
    medic = factories.person("Әлиева", "Сәуле", institution_id=factories.institution().id)
    assert name_on_duty(driver, medic, now=NOW, actor=aigul).holder.id == medic.id


def test_nobody_is_at_two_events_at_once(event, aigul, bolat):
    later = factories.event(starts_at=event.starts_at + timedelta(hours=1))
    (driver,), (elsewhere,) = needs(event, aigul, DRIVER), needs(later, aigul, DRIVER)
    name_on_duty(driver, bolat, now=NOW, actor=aigul)
    with pytest.raises(OnDuty):
        name_on_duty(elsewhere, bolat, now=NOW, actor=aigul)
    set_shifts(event, [shift(event, (0, 1))], now=NOW, actor=aigul)
    (morning,) = shifts_of(event)
    needs(event, aigul, NeedDraft("driver", 1, 1, morning.id, id=driver.id))
    name_on_duty(elsewhere, bolat, now=NOW, actor=aigul)


def test_whoever_has_a_seat_keeps_it_and_is_placed(event, aigul, bolat):
    (driver,) = needs(event, aigul, DRIVER)
    place = factories.place(event, bolat)
    duty = name_on_duty(driver, bolat, now=NOW, actor=aigul)
    assert (duty.place_id, duty.person_id) == (place.id, None)


def test_a_place_or_a_person_and_never_both(event, aigul, bolat):
    (driver,) = needs(event, aigul, DRIVER)
    place = factories.place(event, bolat)
    for held in ({}, {"place_id": place.id, "person_id": bolat.id}):
        with pytest.raises(IntegrityError), transaction() as session:
            values = {"id": "x", "need_id": driver.id, "how": "placed", "taken_at": NOW}
            session.execute(insert(Duty).values(values | held))


def test_a_named_medic_is_the_first_aider_and_no_escort(event, aigul, bolat):
    (aid,) = needs(event, aigul, NeedDraft("first_aid", 1, 1))
    dina = factories.place(event, factories.child(bolat))
    lines = {line.key: line for line in board_of(event, now=NOW).lines}
    assert lines["first_aid"].state == "red"
    before = lines["ratio"].have
    name_on_duty(aid, bolat, now=NOW, actor=aigul)
    lines = {line.key: line for line in board_of(event, now=NOW).lines}
    assert lines["first_aid"].state == "green" and lines["ratio"].have == before and dina
    assert is_medic(event, bolat.id)
    factories.place(event, bolat)
    assert {line.key: line for line in board_of(event, now=NOW).lines}["first_aid"].have == lines["first_aid"].have


def test_who_left_the_company_covers_nothing(event, aigul, bolat):
    (driver,) = needs(event, aigul, DRIVER)
    name_on_duty(driver, bolat, now=NOW, actor=aigul)
    with transaction():
        bolat.deactivated_at = NOW
    assert need_rows(event)[0].stands.state == "short"
    place_on_duty(driver, factories.place(event, factories.employee("Б", "Б")), now=NOW, actor=aigul)


@pytest.mark.full
def test_the_pages_show_staff_and_name_them(event, bolat, log_in):
    aigul, base = log_in(factories.coordinator()), f"/events/{event.id}"
    (driver,) = needs(event, coordinating(factories.coordinator()), DRIVER)
    page = aigul.get(f"{base}/duties?q=Жүнісов").text
    assert f'name="person_id" value="{bolat.id}"' in page
    sent = {"person_id": bolat.id, "need_id": driver.id}
    assert aigul.post(f"{base}/duties", data=sent).status_code == 303
    assert aigul.post(f"{base}/duties", data=sent).status_code == 409
    assert aigul.post(f"{base}/duties", data=sent | {"person_id": "nobody"}).status_code == 404
    foreign = {"event_id": factories.event().id, "position": 1, "role": "water", "minimum": 1, "maximum": 2}
    other = factories.saved(Need(**foreign, skill=""))
    assert aigul.post(f"{base}/duties", data=sent | {"need_id": other.id}).status_code == 404
    for address in ("duties", "roster"):
        assert "Жүнісов Болат" in aigul.get(f"{base}/{address}").text
    for kind in ("roster", "manifest"):
        assert aigul.get(f"{base}/prints/{kind}.pdf").status_code == 200
    own = log_in(bolat)
    duty = db.session.query(Duty).one()
    assert f"/duties/{duty.id}/removal" in own.get(f"{base}/tasks").text
    assert log_in(factories.employee("Стан", "Стэн")).post(f"/duties/{duty.id}/removal").status_code == 404
    assert own.post(f"/duties/{duty.id}/removal").status_code == 303


def test_leaders_and_the_search_know_them(event, aigul, bolat):
    set_sections(event, [SectionDraft({"kk": "1"})], now=NOW, actor=aigul)
    (section,) = sections_of(event)
    (leads,) = needs(event, aigul, NeedDraft("section_leader", 1, 1, None, section.id))
    assert [one.id for one in found_staff(aigul, event, "Болат")] == [bolat.id]
    name_on_duty(leads, bolat, now=NOW, actor=aigul)
    assert section_leaders(event) == {section.id: ["Жүнісов Болат"]}
    assert len(needs_of(event)) == 1 and found_staff(aigul, event, "") == []
