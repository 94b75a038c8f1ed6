"""Pages on which a coordinator says what an event asks. Part of the events' blueprint."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.accounts.actor import COORDINATOR
from app.errors import NotFound
from app.events.question_forms import KINDS, question_form, spoken_answer
from app.events.questions import (
    STEPS,
    add_question,
    answers_given,
    change_question,
    deactivate_question,
    event_questions,
    move_question,
    question_to_manage,
)
from app.signups.asking import ask_usual
from app.signups.question_forms import asked_answer, diet_word
from app.web.access import with_role
from app.web.actor import current_actor

bp = Blueprint("questions", __name__)


@bp.get("/events/<event_id>/questions")
@with_role(COORDINATOR)
def index(event_id: str) -> ResponseReturnValue:
    """What those who sign up are asked, in order."""
    event, asked = event_questions(current_actor(), event_id)
    by_id = {question.id: question for question in asked}
    return render_template("events/questions.html", event=event, asked=asked, by_id=by_id, spoken=spoken_answer)


@bp.post("/events/<event_id>/questions/usual")
@with_role(COORDINATOR)
def usual(event_id: str) -> ResponseReturnValue:
    """The three that every event may ask: size, diet, health."""
    actor = current_actor()
    event, _asked = event_questions(actor, event_id)
    wanted = {name: name in request.form.getlist("usual") for name in ("size", "diet", "medical")}
    ask_usual(event, **wanted, now=clock.now(), actor=actor)
    flash(gettext("Saved."), "ok")
    return _back(event_id)


@bp.route("/events/<event_id>/questions/new", methods=["GET", "POST"])
@with_role(COORDINATOR)
def new(event_id: str) -> ResponseReturnValue:
    """One more question; "add an answer" only draws one more row."""
    actor = current_actor()
    event, asked = event_questions(actor, event_id)
    form = question_form(asked)
    if "add" in request.form:
        form.options.append_entry()
    elif form.validate_on_submit() and form.attempt(add_question, event, form.draft(), now=clock.now(), actor=actor):
        flash(gettext("The question is added."), "ok")
        return _back(event_id)
    return render_template("events/question.html", form=form, event=event, question=None, given={}), form.status


@bp.route("/questions/<question_id>/edit", methods=["GET", "POST"])
@with_role(COORDINATOR)
def edit(question_id: str) -> ResponseReturnValue:
    """The same sheet for a question that stands."""
    actor = current_actor()
    question = question_to_manage(actor, question_id)
    event, asked = event_questions(actor, question.event_id)
    form = question_form(asked[: list(asked).index(question)], question)
    if "add" in request.form:
        form.options.append_entry()
    elif form.validate_on_submit():
        draft, version = form.draft(), form.opened_at
        form.attempt(change_question, question, draft, version=version, now=clock.now(), actor=actor)
        if not form.errors:
            flash(gettext("Saved."), "ok")
            return _back(event.id)
    given = answers_given(question.id)
    return render_template("events/question.html", form=form, event=event, question=question, given=given), form.status


@bp.post("/questions/<question_id>/position")
@with_role(COORDINATOR)
def position(question_id: str) -> ResponseReturnValue:
    """One place up or down."""
    actor = current_actor()
    question = question_to_manage(actor, question_id)
    direction = request.form.get("direction", "")
    if direction not in STEPS:
        raise NotFound
    move_question(question, direction, now=clock.now(), actor=actor)
    return _back(question.event_id, anchor=f"q-{question.id}")


@bp.post("/questions/<question_id>/deactivation")
@with_role(COORDINATOR)
def deactivation(question_id: str) -> ResponseReturnValue:
    """Asked no more."""
    actor = current_actor()
    question = question_to_manage(actor, question_id)
    deactivate_question(question, now=clock.now(), actor=actor)
    flash(gettext("It is asked no more. What was answered stays."), "ok")
    return _back(question.event_id)


bp.app_template_filter("asked_answer")(asked_answer)
bp.app_template_filter("diet")(diet_word)


@bp.app_template_filter("question_kind")
def _kind(word: str) -> str:
    return gettext(KINDS.get(word, word))


def _back(event_id: str, *, anchor: str | None = None) -> ResponseReturnValue:
    return redirect(url_for("events.questions.index", event_id=event_id, _anchor=anchor), 303)
