"""The questions of an event: asking, changing, moving, asking no more; and the three usual ones, switched on or off."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from app.accounts.actor import Actor
from app.audit.operations import differences, record
from app.db import db, lock, transaction
from app.errors import N_, DomainError, Invalid, NotFound, require
from app.events.changing import Changes
from app.events.errors import StaleForm
from app.events.lifecycle import after
from app.events.models import Event, Question
from app.events.policy import can_manage_event
from app.events.queries import event_to_manage
from app.events.question_drafts import (
    MOST_QUESTIONS,
    QuestionDraft,
    Surroundings,
    question_problems,
    question_values,
    question_version,
)

STEPS = {"up": -1, "down": 1}


class TooManyQuestions(DomainError):
    """Nobody answers that many."""

    type = "too-many-questions"
    message = N_("One event asks up to %(limit)s questions of its own.")


class QuestionHangs(DomainError):
    """Another question is shown by an answer to this one."""

    type = "question-hangs"
    message = N_("Another question is shown by one of its answers. Change that one first.")


def asked_questions(event_id: str) -> list[Question]:
    """The questions of the event in their order."""
    query = select(Question).where(Question.event_id == event_id, Question.deactivated_at.is_(None))
    return list(db.session.scalars(query.order_by(Question.position, Question.id)))


def question_to_manage(actor: Actor, question_id: str) -> Question:
    """A question that is still asked, for those who plan its event; raises NotFound, NotAllowed."""
    question = db.session.get(Question, question_id)
    if question is None or question.deactivated_at is not None:
        raise NotFound
    event_to_manage(actor, question.event_id)
    return question


def add_question(event: Event, draft: QuestionDraft, *, now: datetime, actor: Actor) -> Question:
    """Asks one more thing, after all others. Raises Invalid by field, TooManyQuestions, IsCancelled, NotAllowed."""
    with transaction() as session:
        asked = _locked(event, actor)
        if len(asked) >= MOST_QUESTIONS:
            raise TooManyQuestions(limit=MOST_QUESTIONS)
        _refuse(draft, Surroundings(before=asked))
        position = max((one.position for one in asked), default=0) + 1
        question = Question(event_id=event.id, position=position, created_at=now, **question_values(draft))
        session.add(question)
        session.flush()
        record(actor, "add_question", question, now=now)
    return question


def change_question(
    question: Question, draft: QuestionDraft, *, version: str | None = None, now: datetime, actor: Actor
) -> None:
    """Changes wording, answers and seats. Once answered, its kind and the answers given stay. Raises Invalid."""
    with transaction():
        asked = _locked(_event_of(question), actor)
        lock(question)
        _refuse_gone(question)
        if version and version != question_version(question):
            raise StaleForm
        before = asked[: asked.index(question)]
        hanging = [one for one in asked if one.shown_if_id == question.id]
        _refuse(draft, Surroundings(before, question, answers_given(question.id), hanging))
        changes = differences(question, question_values(draft))
        for name, (_, value) in changes.items():
            setattr(question, name, value)
        if changes:
            record(actor, "change_question", question, now=now, changes=changes)


def move_question(question: Question, direction: str, *, now: datetime, actor: Actor) -> None:
    """One place up or down; never past the question that decides whether it is shown. Raises QuestionHangs."""
    with transaction():
        asked = _locked(_event_of(question), actor)
        _refuse_gone(question)
        at = asked.index(question)
        to = at + STEPS[direction]
        if not 0 <= to < len(asked):
            return
        first, second = sorted((at, to))
        if asked[second].shown_if_id == asked[first].id:
            raise QuestionHangs
        asked[at], asked[to] = asked[to], asked[at]
        for position, one in enumerate(asked, start=1):
            one.position = position
        record(actor, "move_question", question, now=now)


def deactivate_question(question: Question, *, now: datetime, actor: Actor) -> None:
    """Asked no more; what was answered stays. Raises QuestionHangs."""
    with transaction():
        asked = _locked(_event_of(question), actor)
        _refuse_gone(question)
        if any(one.shown_if_id == question.id for one in asked):
            raise QuestionHangs
        question.deactivated_at = now
        record(actor, "deactivate_question", question, now=now)


def set_usual(event: Event, wanted: dict[str, bool], *, now: datetime, actor: Actor) -> Changes:
    """Whether the sheet asks for size, diet, health: {"asks_size": True}. A plain function, in an open transaction."""
    _locked(event, actor)
    changes = differences(event, wanted)
    for name, (_, value) in changes.items():
        setattr(event, name, value)
    if changes:
        record(actor, "change", event, now=now, changes=changes)
    return changes


def answers_given(question_id: str) -> dict[str, int]:
    """{answer: how often}; sign-ups are a room further right, here their rows are known by name alone."""
    answered = db.metadata.tables["question_answers"].c
    query = select(answered.value, func.count()).where(answered.question_id == question_id).group_by(answered.value)
    return dict(db.session.execute(query).all())


def _locked(event: Event, actor: Actor) -> list[Question]:
    """The questions under the event's lock, so that sign-ups and other coordinators wait."""
    lock(event)
    require(can_manage_event(actor, event))
    after("change", event.status)
    return asked_questions(event.id)


def _event_of(question: Question) -> Event:
    return db.session.get_one(Event, question.event_id)


def _refuse_gone(question: Question) -> None:
    if question.deactivated_at is not None:
        raise NotFound


def _refuse(draft: QuestionDraft, around: Surroundings) -> None:
    if found := question_problems(draft, around):
        raise Invalid(found)


def event_questions(actor: Actor, event_id: str) -> tuple[Event, Sequence[Question]]:
    """The event and what it asks, for those who plan it; raises NotFound, NotAllowed."""
    event = event_to_manage(actor, event_id)
    return event, asked_questions(event.id)
