"""What coordinators do on a roster, for programs: one action for many people, two parties swapped, notes."""

from typing import Any

from flask_babel import gettext
from marshmallow import Schema, fields

from app import clock
from app.accounts.actor import COORDINATOR, SAFETY_OFFICER
from app.api.blueprint import Blueprint
from app.api.events import local_iso
from app.api.fields import Text, UpTo, Word, YesNo, in_three, without_empty
from app.api.once import once
from app.attendance.entry_ids import new_entry_id
from app.desk.roster.batches import ACTS, LeftOut, Order, do_for_many
from app.desk.roster.models import LONGEST_LABEL, LONGEST_NOTE
from app.desk.roster.notes import add_note
from app.desk.roster.queries import event_of_roster, place_of_roster
from app.desk.roster.swapping import swap_parties
from app.web.access import with_role
from app.web.actor import current_actor

bp = Blueprint("api_roster_actions", __name__, description="Rosters")

MOST = 500


class ActionIn(Schema):
    """`target` is the id of a group, bus or shift, or none; subject, text and footer are those of a letter."""

    action = Word(tuple(ACTS), required=True)
    place_ids = fields.List(Text(up_to=16), required=True, validate=UpTo(max=MOST))
    target = Text(up_to=16, load_default="")
    label = Text(up_to=LONGEST_LABEL, load_default="")
    subject = in_three(load_default=dict)
    text = in_three(load_default=dict)
    footer = in_three(load_default=dict)
    is_trial = YesNo(load_default=False, metadata={"description": "Changes nothing and says what would happen"})


class LeftOutOut(Schema):
    """Somebody for whom it could not be done: `type` is stable, `why` the sentence in the caller's language."""

    name = fields.String(required=True)
    type = fields.String(required=True)
    why = fields.String(required=True)


class ActionOut(Schema):
    """The report."""

    done = fields.List(fields.String(), required=True, metadata={"description": "Names"})
    left_out = fields.List(fields.Nested(LeftOutOut), required=True)
    letters = fields.Integer(required=True)


class SwapIn(Schema):
    """Two sign-ups of one size."""

    seated_id = Text(up_to=16, required=True)
    waiting_id = Text(up_to=16, required=True)


class SwapOut(SwapIn):
    """As they were asked for; they have changed places."""


class NoteOfPlaceIn(Schema):
    """A note for the other coordinators of the event."""

    text = Text(up_to=LONGEST_NOTE, lines=True, required=True)


class NoteOfPlaceOut(NoteOfPlaceIn):
    """The note as it was written down."""

    id = fields.String(required=True)
    at = fields.String(required=True, metadata={"format": "date-time"})


@bp.route("/events/<event_id>/roster/actions", methods=["POST"])
@with_role(COORDINATOR, SAFETY_OFFICER)
@once
@bp.arguments(ActionIn)
@bp.response(201, ActionOut)
def act(wanted: dict[str, Any], event_id: str) -> Any:
    """Does one thing for many people, or tries it; the report names everybody once."""
    actor = current_actor()
    event = event_of_roster(actor, event_id)
    said = {name: without_empty(wanted[name]) for name in ("subject", "text", "footer")}
    order = Order(wanted["action"], new_entry_id(), target=wanted["target"], label=wanted["label"], **said)
    ids = list(dict.fromkeys(wanted["place_ids"]))
    report = do_for_many(event, ids, order=order, is_trial=wanted["is_trial"], now=clock.now(), actor=actor)
    return {"done": report.done, "left_out": [_left_out(one) for one in report.left_out], "letters": report.letters}


@bp.route("/events/<event_id>/roster/swaps", methods=["POST"])
@with_role(COORDINATOR)
@once
@bp.arguments(SwapIn)
@bp.response(201, SwapOut)
def swap(wanted: dict[str, str], event_id: str) -> Any:
    """A party that waits takes the seats of one that has some; both are told."""
    actor = current_actor()
    event = event_of_roster(actor, event_id)
    swap_parties(event, wanted["seated_id"], wanted["waiting_id"], now=clock.now(), actor=actor)
    return wanted


@bp.route("/places/<place_id>/notes", methods=["POST"])
@with_role(COORDINATOR)
@once
@bp.arguments(NoteOfPlaceIn)
@bp.response(201, NoteOfPlaceOut)
def note(wanted: dict[str, str], place_id: str) -> Any:
    """Writes something down about somebody at one event."""
    actor = current_actor()
    place = place_of_roster(actor, place_id)
    written = add_note(place, wanted["text"], now=clock.now(), actor=actor)
    return {"id": written.id, "text": written.text, "at": local_iso(written.at, place.event.timezone)}


def _left_out(one: LeftOut) -> dict[str, str]:
    sentence = gettext(one.why.message)
    return {"name": one.name, "type": one.why.type, "why": sentence % one.why.params if one.why.params else sentence}
