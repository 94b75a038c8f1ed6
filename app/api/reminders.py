"""The reminders of an event, for programs: the plan, when each leaves, to how many, what became of it."""

from typing import Any

from marshmallow import Schema, fields
from marshmallow.validate import Length, OneOf

from app import clock
from app.accounts.actor import COORDINATOR
from app.api.blueprint import Blueprint
from app.api.events import local_iso
from app.api.fields import Whole, Word
from app.api.once import once
from app.events.models import Event
from app.events.queries import event_to_manage
from app.reminders.planning import plan_reminders
from app.reminders.plans import AUDIENCES, MOST_LINES, UNITS, Planned, plan_of
from app.reminders.previewing import Shown, shown_plan
from app.web.access import with_role
from app.web.actor import current_actor

bp = Blueprint("api_reminders", __name__, description="Reminders")
MOMENT = {"format": "date-time"}


class ReminderIn(Schema):
    """One reminder: so many days (d) by the calendar of the event's place, or hours (h), before the start."""

    amount = Whole(required=True)
    unit = Word(UNITS, required=True)
    audiences = fields.List(fields.String(validate=OneOf(AUDIENCES)), required=True, validate=Length(1, len(AUDIENCES)))


class ReminderPlanIn(Schema):
    """The whole plan; null is the usual one, an empty list none."""

    plan = fields.List(fields.Nested(ReminderIn), required=True, allow_none=True, validate=Length(max=MOST_LINES))


class ReminderOut(Schema):
    """A reminder of the plan; `due_at` is the planned moment moved out of the night."""

    key = fields.String(required=True)
    amount = fields.Integer(required=True)
    unit = fields.String(required=True)
    audiences = fields.List(fields.String(), required=True)
    planned_for = fields.String(required=True, metadata=MOMENT)
    due_at = fields.String(required=True, metadata=MOMENT)
    state = fields.String(required=True, metadata={"description": "waits, off, going, sent, missed"})
    reason = fields.String(required=True, allow_none=True)
    readers = fields.Integer(required=True, metadata={"description": "who would get a letter now"})
    letters = fields.Integer(required=True, metadata={"description": "letters written"})


class ReminderPlanOut(Schema):
    """All reminders of an event."""

    event_id = fields.String(required=True)
    is_usual = fields.Boolean(required=True)
    plan = fields.List(fields.Nested(ReminderOut), required=True)


@bp.route("/events/<event_id>/reminders", methods=["GET"])
@with_role(COORDINATOR)
@bp.response(200, ReminderPlanOut)
def show(event_id: str) -> Any:
    """The plan as it stands."""
    return _plan_json(event_to_manage(current_actor(), event_id))


@bp.route("/events/<event_id>/reminders", methods=["POST"])
@with_role(COORDINATOR)
@once
@bp.arguments(ReminderPlanIn)
@bp.response(201, ReminderPlanOut)
def plan(said: dict[str, Any], event_id: str) -> Any:
    """Plans all of them anew; those that stood before keep what they have done."""
    actor = current_actor()
    event = event_to_manage(actor, event_id)
    lines = said["plan"] and [Planned(one["amount"], one["unit"], tuple(one["audiences"])) for one in said["plan"]]
    plan_reminders(event, lines, now=clock.now(), actor=actor)
    return _plan_json(event)


def _plan_json(event: Event) -> dict[str, Any]:
    shown = shown_plan(event, plan_of(event.reminder_plan), now=clock.now())
    plan = [_reminder_json(one, event.timezone) for one in shown]
    return {"event_id": event.id, "is_usual": event.reminder_plan is None, "plan": plan}


def _reminder_json(one: Shown, zone: str) -> dict[str, Any]:
    line = {name: getattr(one.line, name) for name in ("key", "amount", "unit", "audiences")}
    times = {"planned_for": local_iso(one.due.planned_for, zone), "due_at": local_iso(one.due.due_at, zone)}
    became = {name: getattr(one, name) for name in ("state", "reason", "readers", "letters")}
    return line | times | became
