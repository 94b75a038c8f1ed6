"""What an event asks: added, changed, moved, asked no more; what people answered is never bent."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.actor import Actor, Scope
from app.audit.models import AuditEntry
from app.db import db
from app.errors import Invalid, NotAllowed
from app.events.errors import IsCancelled, StaleForm
from app.events.models import Event, Question
from app.events.question_drafts import PLAIN, OptionDraft, QuestionDraft, question_version
from app.events.questions import (
    QuestionHangs,
    TooManyQuestions,
    add_question,
    asked_questions,
    change_question,
    deactivate_question,
    move_question,
)
from app.people.models import Person
from app.signups.asking import ask_usual
from app.signups.models import QuestionAnswer
from tests import factories

NOW = factories.LONG_AGO + timedelta(days=30)
LogIn = Callable[[Person], FlaskClient]
BUS = QuestionDraft("choice", {"en": "Which bus?"}, (OptionDraft({"en": "Big"}, 40), OptionDraft({"en": "Small"}, 8)))
SPADE = QuestionDraft("yes-no", {"en": "Can you bring a spade?"})


@pytest.fixture
def event(app: Flask) -> Event:
    return factories.event()


@pytest.fixture
def aigul(event: Event) -> Actor:
    account = factories.account(factories.coordinator())
    return Actor(account_id=account.id, person_id=account.person_id, scopes=(Scope("coordinator", city="balkhash"),))


def asked(event: Event, draft: QuestionDraft, aigul: Actor) -> Question:
    return add_question(event, draft, now=NOW, actor=aigul)


def answered(question: Question, value: str) -> None:
    place = factories.place(db.session.get_one(Event, question.event_id), factories.employee())
    factories.saved(QuestionAnswer(question_id=question.id, signup_id=place.signup_id, value=value, answered_at=NOW))


def draft_of(question: Question) -> QuestionDraft:
    options = tuple(OptionDraft(one["label"], one.get("seats"), one["key"]) for one in question.options)
    return QuestionDraft(options=options, **{name: getattr(question, name) for name in PLAIN})


def changed(question: Question, aigul: Actor, **fields: object) -> None:
    draft = QuestionDraft(**(vars(draft_of(question)) | fields))
    change_question(question, draft, now=NOW, actor=aigul)


def refused_by(question: Question, aigul: Actor, **fields: object) -> set[str]:
    with pytest.raises(Invalid) as refusal:
        changed(question, aigul, **fields)
    return set(refusal.value.errors)


def test_a_question_is_added_last_with_a_lasting_key_for_each_answer(event: Event, aigul: Actor):
    asked(event, SPADE, aigul)
    bus = asked(event, BUS, aigul)
    assert [question.id for question in asked_questions(event.id)][-1] == bus.id
    keys = [option["key"] for option in bus.options]
    assert len(set(keys)) == 2 and all(keys)
    assert [option["seats"] for option in bus.options] == [40, 8]
    assert db.session.query(AuditEntry).filter_by(verb="add_question", object_id=bus.id).count() == 1


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (QuestionDraft("text", {}), "label"),
        (QuestionDraft("text", {"kk": "а" * 301}), "label"),
        (QuestionDraft("poem", {"en": "?"}), "kind"),
        (QuestionDraft("choice", {"en": "?"}, (OptionDraft({"en": "One"}),)), "options"),
        (QuestionDraft("choice", {"en": "?"}, (OptionDraft({"en": "One"}), OptionDraft({}))), "options"),
        (QuestionDraft("choice", {"en": "?"}, (OptionDraft({"en": "1"}), OptionDraft({"en": "2"}, -1))), "options"),
        (QuestionDraft("choice", {"en": "?"}, (OptionDraft({"en": "1"}), OptionDraft({"en": "2"}, 1, "k"))), "options"),
        (QuestionDraft("text", {"en": "?"}, shown_if_id="nosuch", shown_if_answer="yes"), "shown_if"),
    ],
)
def test_what_cannot_be_asked_is_refused_beside_its_field(event: Event, aigul: Actor, draft: QuestionDraft, field: str):
    with pytest.raises(Invalid) as refusal:
        asked(event, draft, aigul)
    assert set(refusal.value.errors) == {field}


def test_the_party_is_not_asked_by_the_answer_of_one_person(event: Event, aigul: Actor):
    spade = asked(event, QuestionDraft("yes-no", {"en": "Spade?"}, is_per_person=True), aigul)
    hanging = QuestionDraft("text", {"en": "Which?"}, shown_if_id=spade.id, shown_if_answer="yes")
    with pytest.raises(Invalid):
        asked(event, hanging, aigul)
    each = QuestionDraft("text", {"en": "Which?"}, is_per_person=True, shown_if_id=spade.id, shown_if_answer="yes")
    assert asked(event, each, aigul).shown_if_id == spade.id


def test_an_answered_question_changes_its_words_but_not_its_kind(event: Event, aigul: Actor):
    spade = asked(event, SPADE, aigul)
    answered(spade, "yes")
    changed(spade, aigul, label={"en": "A spade?"})
    assert spade.label == {"en": "A spade?"}
    assert refused_by(spade, aigul, kind="text") == {"kind"}
    assert refused_by(spade, aigul, is_per_person=True) == {"is_per_person"}


def test_an_unanswered_question_may_change_its_kind(event: Event, aigul: Actor):
    spade = asked(event, SPADE, aigul)
    changed(spade, aigul, kind="text")
    assert spade.kind == "text"


def test_a_chosen_answer_stays_and_keeps_its_key_under_a_new_name(event: Event, aigul: Actor):
    bus = asked(event, BUS, aigul)
    big, small = draft_of(bus).options
    answered(bus, big.key)
    assert refused_by(bus, aigul, options=(small, OptionDraft({"en": "Other"}))) == {"options"}
    renamed = OptionDraft({"en": "Huge"}, 60, big.key)
    changed(bus, aigul, options=(renamed, OptionDraft({"en": "Other"})))
    assert bus.options[0] == {"key": big.key, "label": {"en": "Huge"}, "seats": 60}


def test_two_coordinators_do_not_overwrite_each_other(event: Event, aigul: Actor):
    spade = asked(event, SPADE, aigul)
    opened_at = question_version(spade)
    changed(spade, aigul, is_required=True)
    with pytest.raises(StaleForm):
        change_question(spade, SPADE, version=opened_at, now=NOW, actor=aigul)


def test_a_question_moves_but_not_before_the_one_that_shows_it(event: Event, aigul: Actor):
    bus, spade = asked(event, BUS, aigul), asked(event, SPADE, aigul)
    why = QuestionDraft("text", {"en": "Which one?"}, shown_if_id=spade.id, shown_if_answer="yes")
    why_row = asked(event, why, aigul)
    move_question(spade, "up", now=NOW, actor=aigul)
    assert [one.id for one in asked_questions(event.id)] == [spade.id, bus.id, why_row.id]
    move_question(spade, "up", now=NOW, actor=aigul)
    move_question(bus, "up", now=NOW, actor=aigul)
    for mover, direction in ((why_row, "up"), (spade, "down")):
        with pytest.raises(QuestionHangs):
            move_question(mover, direction, now=NOW, actor=aigul)


def test_a_question_on_which_another_hangs_stays_with_that_answer(event: Event, aigul: Actor):
    bus = asked(event, BUS, aigul)
    key = bus.options[0]["key"]
    asked(event, QuestionDraft("text", {"en": "Stop?"}, shown_if_id=bus.id, shown_if_answer=key), aigul)
    with pytest.raises(QuestionHangs):
        deactivate_question(bus, now=NOW, actor=aigul)
    assert refused_by(bus, aigul, kind="yes-no") == {"kind"}
    others = (draft_of(bus).options[1], OptionDraft({"en": "Boat"}))
    assert refused_by(bus, aigul, options=others) == {"options"}


def test_a_question_is_asked_no_more_and_its_answers_stay(event: Event, aigul: Actor):
    spade = asked(event, SPADE, aigul)
    answered(spade, "yes")
    deactivate_question(spade, now=NOW, actor=aigul)
    assert asked_questions(event.id) == []
    assert db.session.query(QuestionAnswer).count() == 1


def test_nobody_is_asked_thirty_one_questions(event: Event, aigul: Actor):
    for _ in range(30):
        asked(event, SPADE, aigul)
    with pytest.raises(TooManyQuestions):
        asked(event, SPADE, aigul)


def test_a_cancelled_event_asks_nothing_new(aigul: Actor):
    with pytest.raises(IsCancelled):
        asked(factories.event(status="cancelled"), SPADE, aigul)


def test_the_usual_are_switched_on_and_written_down(event: Event, aigul: Actor):
    ask_usual(event, size=True, diet=True, medical=False, now=NOW, actor=aigul)
    assert (event.asks_size, event.asks_diet, event.asks_medical) == (True, True, False)
    entry = db.session.query(AuditEntry).filter_by(verb="change", object_id=event.id).one()
    assert entry.fields == ["asks_diet", "asks_size"]


def test_a_stranger_asks_nothing(event: Event):
    stan = factories.account(factories.employee("Стан", "Стэн"))
    with pytest.raises(NotAllowed):
        asked(event, SPADE, Actor(account_id=stan.id, person_id=stan.person_id))


def test_the_pages_lead_from_the_list_to_a_question_and_back(event: Event, log_in: LogIn):
    client = log_in(factories.coordinator(language="en"))
    url = f"/events/{event.id}/questions"
    typed = {"label-en": "Which bus?", "kind": "choice", "options-0-label-en": "Big", "options-0-seats": "40"}
    more = client.post(f"{url}/new", data=typed | {"add": "1"})
    assert more.status_code == 200 and "options-1-label-en" in more.text
    wrong = client.post(f"{url}/new", data=typed)
    assert wrong.status_code == 422 and "A choice has 2 to 30 answers." in wrong.text
    assert client.post(f"{url}/new", data=typed | {"options-1-label-en": "Small"}).status_code == 303
    question = db.session.query(Question).one()
    page = client.get(url).text
    assert "Which bus?" in page and "Big" in page and "Small" in page
    form = client.get(f"/questions/{question.id}/edit").text
    assert question.options[0]["key"] in form and 'value="40"' in form
    usual = client.post(f"{url}/usual", data={"usual": ["diet"]})
    assert usual.status_code == 303 and db.session.get_one(Event, event.id).asks_diet
    assert client.post(f"/questions/{question.id}/deactivation").status_code == 303
    assert client.post(f"/questions/{question.id}/position", data={"direction": "up"}).status_code == 404
