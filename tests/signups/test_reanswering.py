"""Answers are changed after the sign-up: by the family until it may cancel no more, by coordinators until it begins."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import clock
from app.accounts.actor import Actor, Scope
from app.audit.models import AuditEntry, AuditValues
from app.db import db, transaction
from app.errors import NotAllowed
from app.events.models import Event
from app.people.models import MedicalNote, Person
from app.signups.answer_errors import AnswerMissingOf, AnswerUnknown, ChoiceFull, DietUnknown
from app.signups.errors import CancelClosed, EventHasBegun, NothingToCancel, UnknownSize
from app.signups.models import Place, SignUp
from app.signups.operations import cancel_signup
from app.signups.reanswering import NewAnswers, answers_of, change_answers
from tests import factories
from tests.signups.answering import ALLERGY, NOW, acting, program, question, signed_up

LogIn = Callable[[Person], FlaskClient]


@pytest.fixture
def event(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Event:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    factories.consent_texts()
    return factories.event(audience="families", asks_size=True, asks_diet=True, asks_medical=True)


@pytest.fixture
def nurlan(event: Event) -> Person:
    return factories.employee(language="en")


def change(signup: SignUp, by: Person | Actor, *, now=NOW, **said) -> None:
    actor = by if isinstance(by, Actor) else acting(by)
    change_answers(signup, NewAnswers(**said), now=now, actor=actor)
    db.session.expire_all()


def coordinating() -> Actor:
    aigul = factories.coordinator()
    return replace(acting(aigul), scopes=(Scope("coordinator", "balkhash"),))


def place_of(signup: SignUp, person: Person) -> Place:
    return next(place for place in signup.places if place.person_id == person.id)


def test_size_food_and_answers_change_and_are_written_down(event: Event, nurlan: Person):
    dina = factories.child(nurlan)
    bus, spade = question(event), question(event, "yes-no", is_per_person=True)
    signup = signed_up(event, nurlan, dina, questions={(bus.id, ""): "big", (spade.id, dina.id): "yes"})
    said = {(bus.id, ""): "small", (spade.id, dina.id): "", (spade.id, nurlan.id): "no"}
    change(signup, nurlan, questions=said, sizes={dina.id: "152"}, diets={nurlan.id: "no-dairy"})
    assert answers_of(signup) == {(bus.id, ""): "small", (spade.id, nurlan.id): "no"}
    assert (place_of(signup, dina).tshirt_size, place_of(signup, nurlan).diet) == ("152", "no-dairy")
    assert (dina.tshirt_size, nurlan.diet) == ("152", "no-dairy"), "and are known the next time"
    written = {entry.object_id for entry in db.session.query(AuditEntry).filter_by(verb="change_answers")}
    assert written == {signup.id, *(place.id for place in signup.places)}


def test_what_is_said_again_in_the_same_words_writes_nothing(event: Event, nurlan: Person):
    bus = question(event)
    signup = signed_up(event, nurlan, questions={(bus.id, ""): "big"}, diets={nurlan.id: "no-pork"})
    change(signup, nurlan, questions={(bus.id, ""): "big"}, diets={nurlan.id: "no-pork"})
    assert db.session.query(AuditEntry).filter_by(verb="change_answers").count() == 0


def test_the_old_choice_comes_free_and_a_full_one_refuses(event: Event, nurlan: Person):
    bus = question(event, is_per_person=True)  # the small bus has two seats
    people = [nurlan, *(factories.employee(name) for name in ("Бір", "Екі"))]
    parties = [signed_up(event, one, questions={(bus.id, one.id): "small"}) for one in people[:2]]
    parties.append(signed_up(event, people[2], questions={(bus.id, people[2].id): "big"}))
    with pytest.raises(ChoiceFull) as refusal:
        change(parties[2], people[2], questions={(bus.id, people[2].id): "small"})
    assert refusal.value.params["person_id"] == people[2].id
    db.session.expire_all()
    assert answers_of(parties[2]) == {(bus.id, people[2].id): "big"}
    change(parties[0], nurlan, questions={(bus.id, nurlan.id): "small"})  # one's own choice is never full
    change(parties[0], nurlan, questions={(bus.id, nurlan.id): "big"})
    change(parties[2], people[2], questions={(bus.id, people[2].id): "small"})
    assert answers_of(parties[2]) == {(bus.id, people[2].id): "small"}


def test_whoever_chose_before_the_seats_became_fewer_may_change_something_else(event: Event, nurlan: Person):
    bus, spade = question(event, is_per_person=True), question(event, "yes-no", is_per_person=True)
    signup = signed_up(event, nurlan, questions={(bus.id, nurlan.id): "small"})
    with transaction():
        bus.options = [{**option, "seats": 0} for option in bus.options]
    change(signup, nurlan, questions={(bus.id, nurlan.id): "small", (spade.id, nurlan.id): "yes"})
    assert answers_of(signup)[spade.id, nurlan.id] == "yes"


@pytest.mark.full
def test_two_who_want_the_last_seat_of_a_choice_at_once(app: Flask, event: Event, nurlan: Person):
    bus = question(event, is_per_person=True)
    with transaction():
        bus.options = [{**option, "seats": 1 if option["key"] == "small" else None} for option in bus.options]
    people = [factories.employee(f"Адам{number}") for number in range(6)]
    wanted = [(signed_up(event, one).id, one.id, acting(one)) for one in people]
    bus_id = bus.id
    db.session.remove()

    def wants(one) -> bool:
        signup_id, person_id, actor = one
        with app.app_context():
            answers = NewAnswers(questions={(bus_id, person_id): "small"})
            try:
                change_answers(db.session.get_one(SignUp, signup_id), answers, now=NOW, actor=actor)
            except ChoiceFull:
                return False
            return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(wants, wanted)) == 1


def test_a_new_answer_may_show_a_question_that_must_be_answered(event: Event, nurlan: Person):
    dina = factories.child(nurlan)
    bus = question(event)
    hangs = {"shown_if_id": bus.id, "shown_if_answer": "small", "is_per_person": True, "is_required": True}
    seat = question(event, "yes-no", **hangs)
    signup = signed_up(event, nurlan, dina, questions={(bus.id, ""): "big"})
    with pytest.raises(AnswerMissingOf):
        change(signup, nurlan, questions={(bus.id, ""): "small", (seat.id, nurlan.id): "yes"})
    said = {(seat.id, one.id): "yes" for one in (nurlan, dina)}
    change(signup, nurlan, questions={(bus.id, ""): "small", **said})
    change(signup, nurlan, questions={(bus.id, ""): "big"})
    assert answers_of(signup) == {(bus.id, ""): "big"}, "what is asked no more is forgotten"


def test_odd_answers_are_refused(event: Event, nurlan: Person):
    bus, signup = question(event, is_per_person=True), signed_up(event, nurlan)
    for said, error in (
        ({"questions": {(bus.id, nurlan.id): "plane"}}, AnswerUnknown),
        ({"diets": {nurlan.id: "gravel"}}, DietUnknown),
        ({"sizes": {nurlan.id: "giant"}}, UnknownSize),
    ):
        with pytest.raises(error):
            change(signup, nurlan, **said)


def test_the_family_until_the_deadline_the_coordinator_until_it_begins(event: Event, nurlan: Person):
    with transaction():
        event.cancel_closes_at = event.starts_at - timedelta(days=2)
    signup, aigul = signed_up(event, nurlan), coordinating()
    late = event.starts_at - timedelta(days=1)
    with pytest.raises(CancelClosed):
        change(signup, nurlan, diets={nurlan.id: "no-pork"}, now=late)
    change(signup, aigul, diets={nurlan.id: "no-pork"}, now=late)
    with pytest.raises(EventHasBegun):
        change(signup, aigul, diets={nurlan.id: "ordinary"}, now=event.starts_at)
    cancel_signup(signup, now=NOW, actor=aigul)
    with pytest.raises(NothingToCancel):
        change(signup, aigul, diets={nurlan.id: "ordinary"})


def test_a_leader_answers_for_colleagues_but_neither_their_food_nor_their_health(event: Event, nurlan: Person):
    serik = factories.employee("Әбенов", "Серік")
    factories.brigade(nurlan, serik)
    bus, signup = question(event, is_per_person=True), signed_up(event, nurlan, serik)
    change(signup, nurlan, questions={(bus.id, serik.id): "big"})
    for said in ({"diets": {serik.id: "no-pork"}}, {"sizes": {serik.id: "M"}}, {"medical": {serik.id: "x"}}):
        with pytest.raises(NotAllowed):
            change(signup, nurlan, **said)
    change(signup, serik, diets={serik.id: "no-pork"})
    together = question(event)
    with pytest.raises(NotAllowed):
        change(signup, serik, questions={(together.id, ""): "big"})


def test_a_stranger_changes_nothing(event: Event, nurlan: Person):
    signup, stan = signed_up(event, nurlan), factories.employee("Стан", "Стэн")
    with pytest.raises(NotAllowed):
        change(signup, stan, diets={nurlan.id: "no-pork"})


def test_health_is_the_familys_to_write_and_stands_in_no_audit(event: Event, nurlan: Person):
    dina = factories.child(nurlan)
    signup, aigul = signed_up(event, nurlan, dina), coordinating()
    change(signup, nurlan, medical={dina.id: ALLERGY}, keep_medical=[dina.id])
    assert place_of(signup, dina).medical_note == ALLERGY
    assert db.session.query(MedicalNote).one().text == ALLERGY
    with pytest.raises(NotAllowed):
        change(signup, aigul, medical={dina.id: ""})
    change(signup, nurlan, medical={dina.id: " "})
    assert place_of(signup, dina).medical_note is None
    assert "Peanuts" not in " ".join(str(row.changes) for row in db.session.query(AuditValues))


@pytest.mark.full
def test_the_page_opens_as_it_was_filled_in_and_saves(event: Event, nurlan: Person, log_in: LogIn):
    bus = question(event, is_per_person=True)
    signup = signed_up(event, nurlan, questions={(bus.id, nurlan.id): "small"}, medical={nurlan.id: ALLERGY})
    change(signup, nurlan, diets={nurlan.id: "no-dairy"}, sizes={nurlan.id: "L"})
    client = log_in(nurlan)
    assert f"/signups/{signup.id}/answers" in client.get(f"/signups/{signup.id}/party").text
    page = client.get(f"/signups/{signup.id}/answers").text
    for chosen in ('value="small" selected', f'{nurlan.id}:no-dairy" selected', f'{nurlan.id}:L" selected', "Peanuts"):
        assert chosen in page
    fields = {"diets": f"{nurlan.id}:ordinary", f"question-{bus.id}-{nurlan.id}": "", f"medical-{nurlan.id}": ""}
    assert client.post(f"/signups/{signup.id}/answers", data=fields).status_code == 303
    db.session.expire_all()
    assert (signup.places[0].diet, signup.places[0].medical_note, answers_of(signup)) == ("ordinary", None, {})


def test_a_refusal_keeps_what_was_typed(event: Event, nurlan: Person, log_in: LogIn):
    spade = question(event, "yes-no", is_per_person=True, is_required=True)
    signup = signed_up(event, nurlan, questions={(spade.id, nurlan.id): "yes"})
    address = f"/signups/{signup.id}/answers"
    fields = {"diets": f"{nurlan.id}:no-pork", f"question-{spade.id}-{nurlan.id}": ""}
    answer = log_in(nurlan).post(address, data=fields, headers={"Referer": f"http://localhost{address}"})
    assert answer.status_code == 422
    assert f'{nurlan.id}:no-pork" selected' in answer.text and "please answer this question" in answer.text


def test_the_coordinator_comes_from_the_roster_and_reads_no_health_here(event: Event, nurlan: Person, log_in: LogIn):
    signup = signed_up(event, nurlan, medical={nurlan.id: ALLERGY})
    place, client = signup.places[0], log_in(factories.coordinator(language="en"))
    roster = f"/events/{event.id}/roster/{place.id}"
    assert f"/signups/{signup.id}/answers?place={place.id}" in client.get(roster).text.replace("&amp;", "&")
    address = f"/signups/{signup.id}/answers?place={place.id}"
    assert "Peanuts" not in client.get(address).text
    saved = client.post(address, data={"diets": f"{nurlan.id}:no-pork"})
    assert (saved.status_code, saved.headers["Location"]) == (303, roster)
    db.session.expire_all()
    assert (place.diet, place.medical_note) == ("no-pork", ALLERGY)


def test_after_the_deadline_the_page_says_who_can_help(
    event: Event, nurlan: Person, log_in: LogIn, monkeypatch: pytest.MonkeyPatch
):
    signup = signed_up(event, nurlan)
    monkeypatch.setattr(clock, "now", lambda: event.starts_at)
    client = log_in(nurlan)
    assert "It is too late" in client.get(f"/signups/{signup.id}/answers").text
    assert client.post(f"/signups/{signup.id}/answers", data={"diets": f"{nurlan.id}:no-pork"}).status_code == 409


def test_a_program_changes_what_its_family_said(app: Flask, event: Event, nurlan: Person):
    bus, signup = question(event, is_per_person=True), signed_up(event, nurlan)
    path, caller = f"/api/v1/places/{signup.places[0].id}", program(app, nurlan)
    body = {"tshirt_size": "L", "diet": "no-pork", "answers": [{"question_id": bus.id, "value": "big"}]}
    changed = caller("patch", path, body | {"medical": {"text": ALLERGY}})
    assert (changed.status_code, changed.json["diet"], changed.json["tshirt_size"]) == (200, "no-pork", "L")
    assert changed.json["answers"] == body["answers"] and "Peanuts" not in changed.text
    db.session.expire_all()
    assert signup.places[0].medical_note == ALLERGY
    odd = caller("patch", path, {"answers": [{"question_id": "nosuch", "value": "big"}]})
    assert (odd.status_code, list(odd.json["errors"])) == (422, ["answers"])
    stan, aigul = program(app, factories.employee("Стан", "Стэн")), program(app, factories.coordinator())
    assert stan("patch", path, body).status_code == 404
    assert aigul("patch", path, {"medical": {"text": "x"}}).status_code == 403
    assert aigul("patch", path, {"diet": "ordinary"}).json["diet"] == "ordinary"


def test_a_guardians_program_writes_of_health_with_the_sign_up(app: Flask, event: Event, nurlan: Person):
    dina, path = factories.child(nurlan), f"/api/v1/events/{event.id}/signups"
    body = {"participant_ids": [dina.id], "medical": [{"person_id": dina.id, "text": ALLERGY, "keep": True}]}
    aigul = program(app, factories.coordinator())
    assert list(aigul("post", path, body).json["errors"]) == ["medical"], "nobody but the family"
    caller = program(app, nurlan)
    plain = f"/api/v1/events/{factories.event(audience='families', starts_at=event.ends_at).id}/signups"
    assert list(caller("post", plain, body).json["errors"]) == ["medical"], "it asks nothing of that kind"
    odd = body | {"medical": [{"person_id": nurlan.id, "text": "x"}]}
    assert list(caller("post", path, odd).json["errors"]) == ["medical"]
    answer = caller("post", path, body)
    assert answer.status_code == 201 and "Peanuts" not in answer.text
    assert db.session.query(Place).one().medical_note == ALLERGY
    assert db.session.query(MedicalNote).one().text == ALLERGY


def test_a_colleague_who_does_not_lead_finds_the_page_under_mine(event: Event, nurlan: Person, log_in: LogIn):
    serik = factories.employee("Әбенов", "Серік")
    factories.brigade(nurlan, serik)
    signup = signed_up(event, nurlan, serik)
    assert f"/signups/{signup.id}/answers" in log_in(serik).get("/my").text
    page = log_in(serik).get(f"/signups/{signup.id}/answers").text
    assert f'name="medical-{serik.id}"' in page and nurlan.id not in page
