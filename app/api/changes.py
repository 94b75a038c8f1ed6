"""Moving, postponing and cancelling for programs: what it would do, doing it, and taking it back within a minute."""

from typing import Any

from marshmallow import Schema, fields

from app import clock
from app.accounts.actor import COORDINATOR
from app.api.blueprint import Blueprint, PageArguments, page_schema
from app.api.events import EventOut, event_json, local_iso, undoable_json
from app.api.fields import Moment, Number, Text, Word, in_three, without_empty
from app.api.once import once
from app.errors import N_, Invalid
from app.events.models import Event
from app.events.queries import event_to_manage
from app.rosters.change_models import KINDS, EventChange
from app.rosters.change_queries import change_of, changes_of
from app.rosters.changing import Wanted, check, make_change
from app.rosters.others_told import outsiders_of
from app.rosters.previewing import preview
from app.rosters.undoing import undo_change
from app.web.access import with_role
from app.web.actor import current_actor

bp = Blueprint("api_changes", __name__, description="Changes of events")
MOMENT = {"format": "date-time"}


class EventChangeIn(Schema):
    """What is to become of the event. A move names its times; without a place it stays where it is."""

    to = Word(KINDS, required=True)
    starts_at = Moment()
    ends_at = Moment()
    site_id = Text(up_to=16)
    reason = in_three()


class EventChangeAsked(Schema):
    """The same for a look at what it would do."""

    to = Word(KINDS, required=True)
    starts_at = Moment()
    ends_at = Moment()
    site_id = Text(up_to=16)
    page = Number(low=1, high=10_000, load_default=1)


class EventChangeTold(Schema):
    """Somebody who will be told, or must be called."""

    name = fields.String(required=True)
    kind = fields.String(required=True)
    reach = fields.String(required=True, metadata={"description": "mail, bounces or phone"})
    contact = fields.String(required=True)


class EventChangePreview(Schema):
    """What the change would do; nothing is done."""

    to = fields.String(required=True)
    letters = fields.Integer(required=True)
    unreached = fields.Integer(required=True)
    consents_lapsing = fields.Integer(required=True)
    places_freed = fields.Integer(required=True)
    letters_dropped = fields.Integer(required=True)
    calendar_sequence = fields.Integer(required=True)
    told = fields.List(fields.Nested(EventChangeTold), required=True)
    pages = fields.Integer(required=True)


class EventChangeOut(Schema):
    """A change that was made, and until when it can be taken back."""

    id = fields.String(required=True)
    event_id = fields.String(required=True)
    to = fields.String(required=True)
    letters = fields.Integer(required=True)
    made_at = fields.String(required=True, metadata=MOMENT)
    undoable_until = fields.String(required=True, metadata=MOMENT)
    undone_at = fields.String(required=True, allow_none=True, metadata=MOMENT)
    undoable = fields.Boolean(required=True, metadata={"description": "Whether its letters still wait"})
    seconds_left = fields.Integer(required=True, metadata={"description": "In which it can be taken back"})
    to_call = fields.List(
        fields.Nested(EventChangeTold), metadata={"description": "Hosts, bus firms, staff whom no letter reaches"}
    )


class Reason(Schema):
    """Why; stands in the letter to everybody."""

    reason = in_three()


@bp.route("/events/<event_id>/changes/preview", methods=["GET"])
@with_role(COORDINATOR)
@bp.arguments(EventChangeAsked, location="query")
@bp.response(200, EventChangePreview)
def look(asked: dict[str, Any], event_id: str) -> Any:
    """Who would be told and what else would happen."""
    event, now = event_to_manage(current_actor(), event_id), clock.now()
    check(event, asked["to"], now=now)
    found = preview(event, _wanted(asked), now=now)
    return {
        "to": found.kind,
        "letters": found.letters,
        "unreached": found.unreached,
        "consents_lapsing": len(found.lapsing),
        "places_freed": len(found.freed),
        "letters_dropped": found.letters_dropped,
        "calendar_sequence": found.sequence,
        "told": [vars(one) for one in found.page(asked["page"])],
        "pages": found.pages,
    }


@bp.route("/events/<event_id>/changes", methods=["POST"])
@with_role(COORDINATOR)
@once
@bp.arguments(EventChangeIn)
@bp.response(201, EventChangeOut)
def make(said: dict[str, Any], event_id: str) -> Any:
    """Makes the change at once; its letters wait for a minute."""
    actor = current_actor()
    event = event_to_manage(actor, event_id)
    return _change_json(make_change(event, _wanted(said), now=clock.now(), actor=actor), event)


@bp.route("/events/<event_id>/changes", methods=["GET"])
@with_role(COORDINATOR)
@bp.arguments(PageArguments, location="query")
@bp.response(200, page_schema(EventChangeOut))
def made(asked: dict[str, Any], event_id: str) -> Any:
    """What was moved, postponed or cancelled, the latest first."""
    event = event_to_manage(current_actor(), event_id)
    page = changes_of(event.id, cursor=asked["cursor"], limit=asked["limit"])
    return {"items": [_change_json(one, event) for one in page.items], "next": page.next}


@bp.route("/events/<event_id>/changes/<change_id>", methods=["GET"])
@with_role(COORDINATOR)
@bp.response(200, EventChangeOut)
def one(event_id: str, change_id: str) -> Any:
    """One of them: its letters, whether it can still be taken back and for how long, and whom somebody must call."""
    event = event_to_manage(current_actor(), event_id)
    calls = [
        {"name": one.name, "kind": one.kind, "reach": "phone", "contact": one.contact}
        for one in outsiders_of(event)
        if not one.gets_letter
    ]
    return _change_json(change_of(event.id, change_id), event) | {"to_call": calls}


@bp.route("/events/<event_id>/changes/<change_id>/undo", methods=["POST"])
@with_role(COORDINATOR)
@once
@bp.response(201, EventChangeOut)
def undo(event_id: str, change_id: str) -> Any:
    """Takes everything back, before a letter has left."""
    actor = current_actor()
    event = event_to_manage(actor, event_id)
    change = change_of(event.id, change_id)
    undo_change(change, now=clock.now(), actor=actor)
    return _change_json(change, event)


@bp.route("/events/<event_id>/postponement", methods=["POST"])
@with_role(COORDINATOR)
@once
@bp.response(201, EventOut)
def postpone(event_id: str) -> Any:
    """It won't be on its day; seats are kept until a new date is published. Letters wait for a minute."""
    return _done(event_id, Wanted("postpone"))


@bp.route("/events/<event_id>/cancellation", methods=["POST"])
@with_role(COORDINATOR)
@once
@bp.arguments(Reason, required=False)
@bp.response(201, EventOut)
def cancel(said: dict[str, Any], event_id: str) -> Any:
    """Called off for good; everybody who had a place is told, once a minute is over in which it can be undone."""
    return _done(event_id, Wanted("cancel", reason=without_empty(said.get("reason"))))


def _done(event_id: str, wanted: Wanted) -> Any:
    actor = current_actor()
    event = event_to_manage(actor, event_id)
    change = make_change(event, wanted, now=clock.now(), actor=actor)
    return event_json(event) | undoable_json(change)


def _wanted(said: dict[str, Any]) -> Wanted:
    needed = [name for name in ("starts_at", "ends_at") if said["to"] == "move" and name not in said]
    if needed:
        raise Invalid(dict.fromkeys(needed, N_("Missing data for required field.")))
    times = (said.get("starts_at"), said.get("ends_at"))
    return Wanted(said["to"], *times, said.get("site_id") or None, without_empty(said.get("reason")))


def _change_json(change: EventChange, event: Event) -> dict[str, Any]:
    moments = {
        name: local_iso(getattr(change, name), event.timezone) for name in ("made_at", "undoable_until", "undone_at")
    }
    plain = {"id": change.id, "event_id": change.event_id, "to": change.kind, "letters": change.letters}
    left = change.seconds_left(clock.now())
    return plain | moments | {"undoable": left > 0, "seconds_left": left}
