"""Answers with a sign-up: required, conditional, limited, written down; on pages, in files and by program."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event as on

from app.accounts.actor import Actor
from app.db import db
from app.events.models import Event
from app.mail.models import Mail
from app.people.models import Person
from app.signups.answer_errors import AnswerMissing, AnswerMissingOf, AnswerTooLong, AnswerUnknown, ChoiceFull
from app.signups.changing import add_to_party, replace_in_party
from app.signups.models import Place, SignUp
from app.signups.operations import Answers, cancel_signup, sign_up
from app.signups.question_queries import seats_chosen, sheet_for, sheet_of_party
from tests import factories
from tests.signups.answering import ALLERGY, NOW, acting, answers_of, event, nurlan, program, question, signed_up

__all__ = ["event", "nurlan"]

LogIn = Callable[[Person], FlaskClient]


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


@pytest.mark.full
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


@pytest.mark.full
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
