"""What an event asks those who sign up, for programs: reading it, and asking one more thing."""

from typing import Any

from marshmallow import Schema, fields

from app import clock
from app.accounts.actor import COORDINATOR
from app.api.blueprint import Blueprint, PageArguments, page_schema
from app.api.fields import Text, Texts, Whole, Word, YesNo, in_three, without_empty
from app.api.once import once
from app.events.models import QUESTION_KINDS
from app.events.queries import event_to_manage, visible_event
from app.events.question_drafts import MOST_OPTIONS, MOST_SEATS, OptionDraft, QuestionDraft
from app.events.questions import add_question
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
