"""What an event asks those who sign up, for programs: reading it, asking one more thing, changing a question."""

from typing import Any

from marshmallow import Schema, fields

from app import clock
from app.accounts.actor import COORDINATOR
from app.api.blueprint import Blueprint, PageArguments, page_schema
from app.api.fields import Text, Texts, Whole, Word, YesNo, in_three, without_empty
from app.api.once import once
from app.events.models import QUESTION_KINDS, Question
from app.events.queries import event_to_manage, visible_event
from app.events.question_drafts import MOST_OPTIONS, MOST_SEATS, OptionDraft, QuestionDraft
from app.events.questions import add_question, change_question, question_to_manage
from app.signups.asked import Asked
from app.signups.question_queries import questions_of, seats_chosen
from app.web.access import signed_in, with_role
from app.web.actor import current_actor

bp = Blueprint("api_questions", __name__, description="Questions of events")


class OptionIn(Schema):
    """One answer to choose from."""

    label = in_three(required=True)
    seats = Whole(high=MOST_SEATS, allow_none=True, load_default=None, metadata={"description": "Without: no limit"})


class QuestionIn(Schema):
    """A question, asked after all others. It may be shown only after one answer to an earlier one."""

    kind = Word(QUESTION_KINDS, required=True)
    label = in_three(required=True)
    options = fields.List(fields.Nested(OptionIn), load_default=list, metadata={"maxItems": MOST_OPTIONS})
    per_person = YesNo(load_default=False)
    required = YesNo(load_default=False)
    shown_if_id = Text(up_to=16, allow_none=True, load_default=None)
    shown_if_answer = Text(up_to=60, load_default="")


class OptionChange(OptionIn):
    """One answer to choose from; one that stands already is named by its key."""

    key = Text(up_to=16, load_default="")


class QuestionChange(Schema):
    """What may be changed later; what is left out stays. Answers that somebody gave stay, too."""

    kind = Word(QUESTION_KINDS)
    label = in_three()
    options = fields.List(
        fields.Nested(OptionChange), metadata={"maxItems": MOST_OPTIONS, "description": "All of them"}
    )
    per_person = YesNo()
    required = YesNo()
    shown_if_id = Text(up_to=16, allow_none=True)
    shown_if_answer = Text(up_to=60)


class OptionOut(Schema):
    """One answer with its key, which is what a sign-up sends as `value`."""

    key = fields.String(required=True)
    label = fields.Nested(Texts, required=True)
    seats = fields.Integer(required=True, allow_none=True)
    chosen = fields.Integer(metadata={"description": "People; counted where there is a limit"})


class QuestionOut(Schema):
    """A question as it stands."""

    id = fields.String(required=True)
    kind = fields.String(required=True)
    label = fields.Nested(Texts, required=True)
    options = fields.List(fields.Nested(OptionOut), required=True)
    per_person = fields.Boolean(required=True)
    required = fields.Boolean(required=True)
    shown_if_id = fields.String(required=True, allow_none=True)
    shown_if_answer = fields.String(required=True)


@bp.route("/events/<event_id>/questions", methods=["GET"])
@signed_in
@bp.arguments(PageArguments, location="query")
@bp.response(200, page_schema(QuestionOut))
def questions(asked: dict[str, Any], event_id: str) -> Any:
    """All that the event asks, in order; there are never so many that they come in parts."""
    event = visible_event(current_actor(), event_id)
    found = questions_of(event.id)
    limited = [question.id for question in found if question.is_limited]
    chosen = seats_chosen(limited) if limited else {}
    return {"items": [_json(question, chosen) for question in found], "next": None}


@bp.route("/events/<event_id>/questions", methods=["POST"])
@with_role(COORDINATOR)
@once
@bp.arguments(QuestionIn)
@bp.response(201, QuestionOut)
def add(wanted: dict[str, Any], event_id: str) -> Any:
    """Asks one more thing of those who sign up from now on."""
    actor = current_actor()
    event = event_to_manage(actor, event_id)
    draft = QuestionDraft(
        kind=wanted["kind"],
        label=without_empty(wanted["label"]),
        options=tuple(OptionDraft(without_empty(one["label"]), one["seats"]) for one in wanted["options"]),
        is_per_person=wanted["per_person"],
        is_required=wanted["required"],
        shown_if_id=wanted["shown_if_id"] or None,
        shown_if_answer=wanted["shown_if_answer"],
    )
    question = add_question(event, draft, now=clock.now(), actor=actor)
    return next(_json(one, {}) for one in questions_of(event.id) if one.id == question.id)


@bp.route("/questions/<question_id>", methods=["PATCH"])
@with_role(COORDINATOR)
@bp.arguments(QuestionChange)
@bp.response(200, QuestionOut)
def change(wanted: dict[str, Any], question_id: str) -> Any:
    """Changes the words, the answers and their seats; of a question that was answered its kind stays."""
    actor = current_actor()
    question = question_to_manage(actor, question_id)
    change_question(question, _draft(question, wanted), now=clock.now(), actor=actor)
    chosen = seats_chosen([question.id])
    return next(_json(one, chosen) for one in questions_of(question.event_id) if one.id == question.id)


def _draft(question: Question, wanted: dict[str, Any]) -> QuestionDraft:
    """The question as it stands, with what the caller says anew."""
    options = wanted.get("options", question.options)
    return QuestionDraft(
        kind=wanted.get("kind", question.kind),
        label=without_empty(wanted["label"]) if "label" in wanted else question.label,
        options=tuple(OptionDraft(without_empty(one["label"]), one.get("seats"), one["key"]) for one in options),
        is_per_person=wanted.get("per_person", question.is_per_person),
        is_required=wanted.get("required", question.is_required),
        shown_if_id=wanted.get("shown_if_id", question.shown_if_id) or None,
        shown_if_answer=wanted.get("shown_if_answer", question.shown_if_answer),
    )


def _json(question: Asked, chosen: dict[tuple[str, str], int]) -> dict[str, Any]:
    return {
        "id": question.id,
        "kind": question.kind,
        "label": question.label,
        "options": [
            {
                "key": option.key,
                "label": option.label,
                "seats": option.seats,
                **({} if option.seats is None else {"chosen": chosen.get((question.id, option.key), 0)}),
            }
            for option in question.options
        ],
        "per_person": question.is_per_person,
        "required": question.is_required,
        "shown_if_id": question.shown_if_id,
        "shown_if_answer": question.shown_if_answer,
    }
