"""Size, diet and health with a sign-up: remembered or for one event, encrypted, and who reads them."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from app.accounts.actor import Actor, Scope
from app.audit.models import AuditEntry, AuditValues
from app.db import db
from app.desk.roster.health import read_health
from app.errors import NotFound
from app.events.models import Event
from app.files import FileStore
from app.mail.models import Mail
from app.people.models import MedicalNote, Person
from app.privacy.purging import purge
from app.signups.answer_errors import DietUnknown
from app.signups.asking import ask_usual
from app.signups.models import Place
from app.signups.operations import Answers, sign_up
from app.signups.question_queries import sheet_for
from tests import factories
from tests.signups.answering import ALLERGY, NOW, acting, event, nurlan, signed_up

__all__ = ["event", "nurlan"]

LogIn = Callable[[Person], FlaskClient]


def test_size_and_diet_are_remembered_for_the_next_time(nurlan: Person):
    event = factories.event(asks_diet=True, asks_size=True)
    signup = signed_up(event, nurlan, sizes={nurlan.id: "XL"}, diets={nurlan.id: "no-dairy"})
    assert (signup.places[0].tshirt_size, signup.places[0].diet) == ("XL", "no-dairy")
    assert (nurlan.tshirt_size, nurlan.diet) == ("XL", "no-dairy")
    again = signed_up(factories.event(asks_diet=True, starts_at=factories.SATURDAY + timedelta(days=7)), nurlan)
    assert (again.places[0].tshirt_size, again.places[0].diet) == ("XL", "no-dairy")


def test_an_event_that_does_not_ask_knows_neither_diet_nor_health(event: Event):
    nurlan = factories.employee(diet="vegetarian")
    signup = signed_up(event, nurlan, diets={nurlan.id: "no-pork"}, medical={nurlan.id: ALLERGY})
    assert (signup.places[0].diet, signup.places[0].medical_note, nurlan.diet) == ("", None, "vegetarian")


def test_an_odd_diet_is_refused(nurlan: Person):
    with pytest.raises(DietUnknown):
        signed_up(factories.event(asks_diet=True), nurlan, diets={nurlan.id: "stones"})


def test_a_note_of_health_is_for_this_event_unless_the_guardian_keeps_it(nurlan: Person):
    event, dina = factories.event(audience="families", asks_medical=True), factories.child(nurlan)
    signup = signed_up(event, nurlan, dina, medical={dina.id: ALLERGY})
    assert signup.places[1].medical_note == ALLERGY
    assert db.session.query(MedicalNote).count() == 0
    assert sheet_for(event, [nurlan, dina]).notes == {}


def test_a_kept_note_is_filled_in_the_next_time_until_it_is_kept_no_more(nurlan: Person):
    dina = factories.child(nurlan)
    event = factories.event(audience="families", asks_medical=True)
    signed_up(event, nurlan, dina, medical={dina.id: "Only a cold"}, keep_medical={"stranger"})
    later = factories.event(audience="families", asks_medical=True, starts_at=factories.SATURDAY + timedelta(days=7))
    signed_up(later, nurlan, dina, medical={dina.id: ALLERGY}, keep_medical={dina.id})
    assert sheet_for(later, [nurlan, dina]).notes == {dina.id: ALLERGY}
    last = factories.event(audience="families", asks_medical=True, starts_at=factories.SATURDAY + timedelta(days=14))
    signed_up(last, nurlan, dina, medical={dina.id: ALLERGY})
    assert sheet_for(last, [nurlan, dina]).notes == {}


def test_a_colleague_s_profile_is_not_written_to_by_the_leader_of_a_party(nurlan: Person):
    event, dana = factories.event(asks_medical=True), factories.coordinator()
    answers = Answers(medical={nurlan.id: ALLERGY}, keep_medical={nurlan.id})
    actor = Actor(account_id=factories.account(dana).id, person_id=dana.id, scopes=(Scope("coordinator", "balkhash"),))
    sign_up(event.id, [nurlan.id], leader_id=dana.id, now=NOW, actor=actor, answers=answers)
    assert db.session.query(MedicalNote).count() == 0
    assert db.session.query(Place).one().medical_note == ALLERGY


def test_health_is_encrypted_in_the_table_and_absent_from_the_log(nurlan: Person):
    event = factories.event(asks_medical=True)
    signed_up(event, nurlan, medical={nurlan.id: ALLERGY}, keep_medical={nurlan.id})
    raw = db.session.connection().exec_driver_sql("SELECT medical_note FROM places").scalar()
    assert raw and "Peanuts" not in raw
    assert not any("Peanuts" in str(row.changes) for row in db.session.query(AuditValues))
    assert not any("Peanuts" in str(row.context) for row in db.session.query(Mail))


@pytest.mark.full
def test_coordinators_and_safety_officers_read_health_and_each_reading_is_written_down(
    log_in: LogIn, event: Event, nurlan: Person
):
    place = factories.place(event, nurlan, medical_note=ALLERGY)
    safety, keeper = factories.employee("Сақ", "Саят"), factories.employee("Кенже", "Кеңес")
    factories.account(safety, "safety_officer", city="balkhash")
    factories.account(keeper, "gift_keeper", city="balkhash")
    url = f"/events/{event.id}/roster/{place.id}"
    for reader in (factories.coordinator(), safety):
        client = log_in(reader)
        page = client.get(url)
        assert f"{url}/health" in page.text and "Peanuts" not in page.text
        note = client.post(f"{url}/health")
        assert "Peanuts" in note.text and note.headers["Cache-Control"] == "no-store"
    assert db.session.query(AuditEntry).filter_by(verb="view_medical", object_id=place.id).count() == 2
    client = log_in(keeper)
    assert f"{url}/health" not in client.get(url).text
    assert client.post(f"{url}/health").status_code == 403
    assert log_in(factories.employee("Стан", "Стэн")).post(f"{url}/health").status_code == 404
    assert db.session.query(AuditEntry).filter_by(verb="view_medical").count() == 2


def test_nobody_reads_the_health_of_those_who_do_not_come_or_came_long_ago(nurlan: Person):
    long_ago = factories.event(starts_at=NOW - timedelta(days=15))
    for place in (
        factories.place(long_ago, nurlan, medical_note=ALLERGY),
        factories.place(factories.event(), nurlan, status="cancelled", medical_note=ALLERGY),
    ):
        with pytest.raises(NotFound):
            read_health(place, now=NOW, actor=Actor(account_id="a", scopes=(Scope("admin"),)))


def test_a_note_for_one_event_goes_14_days_after_it(nurlan: Person):
    old = factories.place(factories.event(starts_at=NOW - timedelta(days=15)), nurlan, medical_note=ALLERGY)
    recent = factories.place(factories.event(starts_at=NOW - timedelta(days=13)), nurlan, medical_note=ALLERGY)
    assert purge(store=FileStore(Path()), now=NOW)["health_of_places"] == 1
    assert (old.medical_note, recent.medical_note) == (None, ALLERGY)


def test_asking_for_health_asks_guardians_for_one_consent_more(event: Event, nurlan: Person):
    dina = factories.child(nurlan)
    signup = sign_up(
        event.id, [nurlan.id, dina.id], leader_id=nurlan.id, now=NOW, actor=acting(nurlan),
        answers=Answers(consents=[dina.id]),
    )  # fmt: skip
    of_dina = signup.places[1]
    assert of_dina.consent_due_at is None
    aigul = factories.coordinator()
    actor = Actor(account_id=factories.account(aigul).id, scopes=(Scope("coordinator", "balkhash"),))
    ask_usual(event, size=False, diet=True, medical=False, now=NOW, actor=actor)
    assert of_dina.consent_due_at is None
    ask_usual(event, size=False, diet=True, medical=True, now=NOW, actor=actor)
    assert of_dina.consent_due_at is not None and of_dina.is_standing
