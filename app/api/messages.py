"""Messages to a part of a roster for programs: written now or for later, tried first, listed, cancelled."""

from typing import Any

from marshmallow import Schema, fields

from app import clock
from app.accounts.actor import COORDINATOR
from app.api.blueprint import Blueprint, PageArguments, page_schema
from app.api.events import local_iso
from app.api.fields import Moment, Text, YesNo, in_three, without_empty
from app.api.once import once
from app.attendance.entry_ids import new_entry_id
from app.desk.roster.asking import asked
from app.desk.roster.messages import (
    Draft,
    cancel_message,
    look_at,
    message_to_manage,
    messages_at,
    plan_message,
)
from app.desk.roster.models import Message
from app.events.queries import event_to_manage
from app.web.access import with_role
from app.web.actor import current_actor

bp = Blueprint("api_messages", __name__, description="Rosters")
FILTERS = {"description": "The same words as of the roster's own address: q, status, group, bus, city, label ..."}


class MessageIn(Schema):
    """Who of the roster, in which words, and when; without `send_at` at once."""

    filters = fields.Dict(keys=Text(up_to=20), values=Text(up_to=100), load_default=dict, metadata=FILTERS)
    subject = in_three(required=True)
    text = in_three(required=True)
    footer = in_three(load_default=dict)
    send_at = Moment(load_default=None, allow_none=True)
    is_trial = YesNo(load_default=False, metadata={"description": "Writes nothing and says what would happen"})


class MessageOut(Schema):
    """A message: what was counted when it was written, and what became of it when it left."""

    id = fields.String(required=True, allow_none=True)
    state = fields.String(required=True, metadata={"enum": ["trial", "planned", "leaving", "sent", "cancelled"]})
    send_at = fields.String(required=True, allow_none=True, metadata={"format": "date-time"})
    people_then = fields.Integer(required=True)
    letters_then = fields.Integer(required=True)
    people = fields.Integer(required=True)
    letters = fields.Integer(required=True)
    unreached = fields.Integer(allow_none=True, metadata={"description": "Whom somebody has to call; in a trial"})
    is_at_night = fields.Boolean(allow_none=True, metadata={"description": "People sleep then; in a trial"})


@bp.route("/events/<event_id>/messages", methods=["GET"])
@with_role(COORDINATOR)
@bp.arguments(PageArguments, location="query")
@bp.response(200, page_schema(MessageOut))
def messages(page: dict[str, Any], event_id: str) -> Any:
    """What was written to this event's people, the latest to leave first."""
    found = messages_at(event_to_manage(current_actor(), event_id), **page)
    return {"items": [_message(one) for one in found.items], "next": found.next}


@bp.route("/events/<event_id>/messages", methods=["POST"])
@with_role(COORDINATOR)
@once
@bp.arguments(MessageIn)
@bp.response(201, MessageOut)
def write(wanted: dict[str, Any], event_id: str) -> Any:
    """Writes to whoever fits, now or later; the filter is asked again when it leaves."""
    actor, now = current_actor(), clock.now()
    event = event_to_manage(actor, event_id)
    words = {name: without_empty(wanted[name]) for name in ("subject", "text", "footer")}
    draft = Draft(new_entry_id(), asked(wanted["filters"]).wanted, **words, send_at=wanted["send_at"])
    if not wanted["is_trial"]:
        return _message(plan_message(event, draft, now=now, actor=actor))
    look = look_at(event, draft, now=now, actor=actor)
    tried = {"id": None, "state": "trial", "send_at": local_iso(draft.send_at, event.timezone), "people": 0}
    counted = {"people_then": look.people, "letters_then": look.letters, "letters": 0}
    return tried | counted | {"unreached": len(look.unreached), "is_at_night": look.is_at_night}


@bp.route("/messages/<message_id>", methods=["GET"])
@with_role(COORDINATOR)
@bp.response(200, MessageOut)
def message(message_id: str) -> Any:
    """One message."""
    return _message(message_to_manage(current_actor(), message_id))


@bp.route("/messages/<message_id>/cancellation", methods=["POST"])
@with_role(COORDINATOR)
@once
@bp.response(201, MessageOut)
def cancellation(message_id: str) -> Any:
    """It doesn't leave; refused once its first letter is written."""
    actor = current_actor()
    found = message_to_manage(actor, message_id)
    cancel_message(found, now=clock.now(), actor=actor)
    return _message(found)


def _message(one: Message) -> dict[str, Any]:
    names = ("id", "state", "people_then", "letters_then", "people", "letters")
    return {name: getattr(one, name) for name in names} | {"send_at": local_iso(one.send_at, one.event.timezone)}
