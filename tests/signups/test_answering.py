"""Answers with a sign-up: required, conditional, limited, written down; size, diet and health; who reads them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event as on

from app.access.tokens import create_token
from app.accounts.actor import SYSTEM, Actor, Scope
from app.accounts.models import Account
from app.audit.models import AuditEntry, AuditValues
from app.db import db
from app.desk.health import read_health
from app.errors import NotFound
from app.events.models import Event, Question
from app.files import FileStore
from app.mail.models import Mail
from app.people.models import MedicalNote, Person
from app.privacy.purging import purge
from app.signups.answer_errors import (
    AnswerMissing,
    AnswerMissingOf,
    AnswerTooLong,
    AnswerUnknown,
    ChoiceFull,
    DietUnknown,
)
from app.signups.asking import ask_usual
from app.signups.changing import add_to_party, replace_in_party
from app.signups.models import Place, QuestionAnswer, SignUp
from app.signups.operations import Answers, cancel_signup, sign_up
from app.signups.question_queries import seats_chosen, sheet_for, sheet_of_party
from tests import factories

NOW = factories.LONG_AGO + timedelta(days=30)
LogIn = Callable[[Person], FlaskClient]
OPTIONS = [
    {"key": "big", "label": {"en": "Big bus"}, "seats": None},
    {"key": "small", "label": {"en": "Small bus"}, "seats": 2},
]
ALLERGY = "Peanuts: carries a pen in the red bag"


@pytest.fixture
def event(app: Flask) -> Event:
    factories.consent_texts()
    return factories.event(audience="families")


@pytest.fixture
def nurlan(event: Event) -> Person:
    return factories.employee()


def question(event: Event, kind: str = "choice", **fields: Any) -> Question:
    number = db.session.query(Question).count() + 1
    values: dict[str, Any] = {"label": {"en": f"Question {number}"}, "created_at": factories.LONG_AGO}
    values |= {"options": OPTIONS if kind == "choice" else []}
    return factories.saved(Question(event_id=event.id, kind=kind, position=number, **(values | fields)))


def acting(person: Person) -> Actor:
    return Actor(account_id=factories.account(person).id, person_id=person.id, language="en", city=person.city)


def signed_up(event: Event, *people: Person, **said: Any) -> SignUp:
    answers = Answers(consent_may_follow=True, **said)
    ids = [person.id for person in people]
    return sign_up(event.id, ids, leader_id=people[0].id, now=NOW, actor=acting(people[0]), answers=answers)


def answers_of(signup: SignUp) -> dict[tuple[str, str | None], str]:
    rows = db.session.query(QuestionAnswer).filter_by(signup_id=signup.id)
    return {(row.question_id, row.place_id): row.value for row in rows}


def test_answers_are_kept_by_party_and_by_person(event: Event, nurlan: Person):
    dina = factories.child(nurlan)
    bus, spade = question(event), question(event, "yes-no", is_per_person=True)
    said = {(bus.id, ""): "big", (spade.id, dina.id): "yes", (spade.id, "stranger"): "no", ("nosuch", ""): "x"}
    signup = signed_up(event, nurlan, dina, questions=said)
    of_dina = next(place for place in signup.places if place.person_id == dina.id)
    assert answers_of(signup) == {(bus.id, None): "big", (spade.id, of_dina.id): "yes"}


def test_a_required_answer_that_is_missing_keeps_the_party_out_and_nothing_is_changed(event: Event, nurlan: Person):
    bus = question(event, is_required=True)
    with pytest.raises(AnswerMissing) as refusal:
        signed_up(event, nurlan)
    assert refusal.value.params["question"] == bus.id and refusal.value.params["person_id"] == ""
    assert refusal.value.status == 422 and "Question 1" in str(refusal.value)
    assert db.session.query(SignUp).count() == 0 and db.session.query(Mail).count() == 0


def test_the_sentence_names_the_person_whose_answer_is_missing(event: Event, nurlan: Person):
    dina = factories.child(nurlan)
    spade = question(event, "yes-no", is_per_person=True, is_required=True)
    with pytest.raises(AnswerMissingOf) as refusal:
        signed_up(event, nurlan, dina, questions={(spade.id, nurlan.id): "no"})
    assert (refusal.value.params["person_id"], refusal.value.params["name"]) == (dina.id, "Дина")


@pytest.mark.parametrize(
    ("kind", "value", "error"),
    [
        ("choice", "boat", AnswerUnknown),
        ("yes-no", "perhaps", AnswerUnknown),
        ("size", "XXXS", AnswerUnknown),
        ("text", "а" * 1001, AnswerTooLong),
    ],
)
def test_an_odd_answer_is_refused(event: Event, nurlan: Person, kind: str, value: str, error: type[Exception]):
    asked = question(event, kind)
    with pytest.raises(error):
        signed_up(event, nurlan, questions={(asked.id, ""): value})


def test_what_is_not_shown_is_neither_required_nor_kept(event: Event, nurlan: Person):
    bus = question(event)
    stop = question(event, "text", is_required=True, shown_if_id=bus.id, shown_if_answer="small")
    signup = signed_up(event, nurlan, questions={(bus.id, ""): "big", (stop.id, ""): "at the lake"})
    assert answers_of(signup) == {(bus.id, None): "big"}


def test_a_question_asked_no_more_is_required_of_nobody(event: Event, nurlan: Person):
    question(event, is_required=True, deactivated_at=NOW)
    assert signed_up(event, nurlan).status == "confirmed"


def test_a_full_choice_is_refused_by_name_and_a_party_takes_a_seat_for_each(event: Event, nurlan: Person):
    bus = question(event)
    signed_up(event, nurlan, questions={(bus.id, ""): "small"})
    dana = factories.employee("Дана")
    with pytest.raises(ChoiceFull) as refusal:
        signed_up(event, dana, factories.child(dana), questions={(bus.id, ""): "small"})
    assert refusal.value.status == 409 and "Small bus" in str(refusal.value)
    assert refusal.value.params["question"] == bus.id
    assert signed_up(event, dana, questions={(bus.id, ""): "small"}).status == "confirmed"


def test_a_cancelled_party_gives_its_choice_back(event: Event, nurlan: Person):
    bus = question(event, is_per_person=True, options=[{"key": "one", "label": {"en": "One"}, "seats": 1}])
    first = signed_up(event, nurlan, questions={(bus.id, nurlan.id): "one"})
    dana = factories.employee("Дана")
    with pytest.raises(ChoiceFull):
        signed_up(event, dana, questions={(bus.id, dana.id): "one"})
    cancel_signup(first, now=NOW, actor=acting(nurlan))
    assert signed_up(event, dana, questions={(bus.id, dana.id): "one"}).status == "confirmed"


def test_a_party_that_grows_takes_more_of_what_it_chose(event: Event, nurlan: Person):
    bus = question(event, is_required=True)
    signup = signed_up(event, nurlan, questions={(bus.id, ""): "small"})
    first, second = factories.child(nurlan), factories.child(nurlan, "Тимур", age=9)
    later = Answers(consent_may_follow=True)
    add_to_party(signup, [first.id], answers=later, now=NOW, actor=acting(nurlan))
    assert seats_chosen([bus.id]) == {(bus.id, "small"): 2}
    with pytest.raises(ChoiceFull):
        add_to_party(signup, [second.id], answers=later, now=NOW, actor=acting(nurlan))


def test_who_takes_over_a_place_takes_over_its_choice(event: Event, nurlan: Person):
    bus = question(event)
    first, second = factories.child(nurlan), factories.child(nurlan, "Тимур", age=9)
    signup = signed_up(event, nurlan, first, questions={(bus.id, ""): "small"})
    of_first = next(place for place in signup.places if place.person_id == first.id)
    later = Answers(consent_may_follow=True)
    replace_in_party(of_first, second.id, answers=later, now=NOW, actor=acting(nurlan))
    assert seats_chosen([bus.id]) == {(bus.id, "small"): 2}


def test_a_limited_choice_is_never_oversold_by_people_who_come_at_once(app: Flask, event: Event):
    bus = question(event, is_required=True, options=[{"key": "few", "label": {"en": "Few"}, "seats": 5}])
    people = [factories.employee("Көп", f"Адам{number}") for number in range(16)]
    ids, event_id, asked = [(one.id, acting(one)) for one in people], event.id, bus.id

    def come(person_id: str, actor: Actor) -> str:
        with app.app_context():
            try:
                answers = Answers(questions={(asked, ""): "few"})
                sign_up(event_id, [person_id], leader_id=person_id, now=NOW, actor=actor, answers=answers)
            except ChoiceFull:
                return "full"
            finally:
                db.session.remove()
            return "in"

    with ThreadPoolExecutor(8) as pool:
        outcome = list(pool.map(lambda one: come(*one), ids))
    assert outcome.count("in") == 5 and outcome.count("full") == 11
    db.session.remove()
    db.engine.dispose()
    assert seats_chosen([asked]) == {(asked, "few"): 5}


def test_an_event_without_questions_pays_one_small_read(event: Event, nurlan: Person):
    statements: list[str] = []
    actor = acting(nurlan)
    listen = lambda *args: statements.append(args[2])  # noqa: E731
    on.listen(db.engine, "before_cursor_execute", listen)
    try:
        sign_up(event.id, [nurlan.id], leader_id=nurlan.id, now=NOW, actor=actor)
    finally:
        on.remove(db.engine, "before_cursor_execute", listen)
    assert sum("question" in statement for statement in statements) == 1
    assert sum("UPDATE people" in statement for statement in statements) == 0


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
    assert log_in(factories.employee("Стан", "Стэн")).post(f"{url}/health").status_code == 403
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


def test_answers_stand_in_the_file_and_on_the_page_but_health_never(log_in: LogIn, nurlan: Person):
    event = factories.event(asks_diet=True, asks_medical=True)
    bus, words = question(event), question(event, "text", is_per_person=True)
    said = {(bus.id, ""): "small", (words.id, nurlan.id): "=1+1"}
    signup = signed_up(event, nurlan, questions=said, diets={nurlan.id: "no-pork"}, medical={nurlan.id: ALLERGY})
    keeper = factories.employee("Кенже", "Кеңес")
    factories.account(keeper, "gift_keeper", city="balkhash")
    aigul = log_in(factories.coordinator(language="en"))
    csv = aigul.get(f"/events/{event.id}/roster.csv").text
    assert "Small bus" in csv and "'=1+1" in csv and "No pork" in csv and "Question 1" in csv
    assert "Peanuts" not in csv and aigul.get(f"/events/{event.id}/roster.xlsx").status_code == 200
    place = aigul.get(f"/events/{event.id}/roster/{signup.places[0].id}").text
    assert "Small bus" in place and "=1+1" in place and "Peanuts" not in place
    summary = aigul.get(f"/events/{event.id}/answers").text
    assert "Small bus" in summary and "=1+1" in summary and "No pork" in summary and "Peanuts" not in summary
    assert "Small bus" not in log_in(keeper).get(f"/events/{event.id}/roster.csv").text
    assert log_in(keeper).get(f"/events/{event.id}/answers").status_code == 403


def test_the_sheet_asks_refuses_beside_the_question_and_keeps_what_was_typed(log_in: LogIn, nurlan: Person):
    event = factories.event(asks_diet=True, asks_medical=True)
    bus = question(event, is_required=True)
    words = question(event, "text", is_per_person=True, shown_if_id=bus.id, shown_if_answer="small")
    client = log_in(nurlan)
    page = client.get(f"/events/{event.id}").text
    for name in (f"question-{bus.id}", f"question-{words.id}-{nurlan.id}", f"medical-{nurlan.id}"):
        assert f'name="{name}"' in page
    assert f'data-if="question-{bus.id}" data-if-answer="small"' in page
    typed = {"people": nurlan.id, "diets": f"{nurlan.id}:no-dairy", f"question-{words.id}-{nurlan.id}": "by the door"}
    here = {"Referer": f"http://localhost/events/{event.id}"}
    wrong = client.post(f"/events/{event.id}/signups", data=typed, headers=here)
    assert wrong.status_code == 422 and f'id="question-{bus.id}-e"' in wrong.text
    assert "by the door" in wrong.text and f'value="{nurlan.id}:no-dairy" selected' in wrong.text
    # Browsers name the page by the address of the form from now on.
    here = {"Referer": f"http://localhost/events/{event.id}/signups"}
    again = client.post(f"/events/{event.id}/signups", data=typed, headers=here)
    assert again.status_code == 422 and f'id="question-{bus.id}-e"' in again.text and "by the door" in again.text
    right = client.post(f"/events/{event.id}/signups", data=typed | {f"question-{bus.id}": "small"})
    assert right.status_code == 303
    place = db.session.query(Place).one()
    assert place.diet == "no-dairy" and len(answers_of(place.signup)) == 2


def test_a_program_asks_and_answers(app: Flask, nurlan: Person):
    event = factories.event(asks_diet=True)
    aigul = program(app, factories.coordinator())
    typed = {"kind": "choice", "label": {"en": "Bus?"}, "required": True, "per_person": True}
    path = f"/api/v1/events/{event.id}/questions"
    assert aigul("post", path, typed).status_code == 422
    asked = aigul("post", path, typed | {"options": [{"label": {"en": "A"}, "seats": 1}, {"label": {"en": "B"}}]})
    assert asked.status_code == 201
    caller = program(app, nurlan)
    assert caller("post", path, typed).status_code == 403
    listed = caller("get", path).json["items"][0]
    assert listed["options"][0]["chosen"] == 0
    path, key = f"/api/v1/events/{event.id}/signups", listed["options"][0]["key"]
    missing = caller("post", path, {"participant_ids": [nurlan.id]})
    assert (missing.status_code, missing.json["type"]) == (422, "answer-missing")
    answer = {"question_id": listed["id"], "person_id": nurlan.id, "value": key}
    for odd in ({"question_id": "nosuch"}, {"person_id": None}):
        given = {"participant_ids": [nurlan.id], "answers": [answer | odd]}
        assert "answers" in caller("post", path, given).json["errors"]
    given = {"participant_ids": [nurlan.id], "answers": [answer], "diets": {nurlan.id: "vegetarian"}}
    assert caller("post", path, given).status_code == 201
    assert db.session.query(Place).one().diet == "vegetarian"
    roster = aigul("get", f"/api/v1/events/{event.id}/roster").json["items"][0]
    assert (roster["diet"], roster["answers"]) == ("vegetarian", {listed["id"]: key})


def program(app: Flask, person: Person) -> Callable[..., Any]:
    account = db.session.query(Account).filter_by(person_id=person.id).one_or_none() or factories.account(person)
    token = create_token(account, name="test", now=NOW, actor=SYSTEM)

    def call(method: str, path: str, body: Any = None) -> Any:
        client = app.test_client()
        return getattr(client, method)(path, json=body, headers={"Authorization": f"Bearer {token}"})

    return call


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


def test_who_joins_a_party_is_not_asked_what_it_answered_and_cannot_bend_it(event: Event, nurlan: Person):
    bus = question(event, is_required=True)
    stop = question(event, "text", is_per_person=True, shown_if_id=bus.id, shown_if_answer="small")
    signup = signed_up(event, nurlan, questions={(bus.id, ""): "big"})
    sheet = sheet_of_party(sheet_for(event, [nurlan]), signup)
    assert (sheet.of_party, sheet.of_person) == ([], [])
    dina = factories.child(nurlan)
    later = Answers(consent_may_follow=True, questions={(bus.id, ""): "small", (stop.id, dina.id): "x"})
    add_to_party(signup, [dina.id], answers=later, now=NOW, actor=acting(nurlan))
    assert answers_of(signup) == {(bus.id, None): "big"}


def test_what_a_party_says_for_the_first_time_takes_seats_for_all_of_it(event: Event, nurlan: Person):
    signup = signed_up(event, nurlan, factories.child(nurlan))
    bus, timur = question(event), factories.child(nurlan, "Тимур", age=9)
    later = Answers(consent_may_follow=True, questions={(bus.id, ""): "small"})
    with pytest.raises(ChoiceFull):
        add_to_party(signup, [timur.id], answers=later, now=NOW, actor=acting(nurlan))
