"""Notes of health for programs of those who lead: who told something, and one note, its reading written down."""

from typing import Any

from marshmallow import Schema, fields

from app import clock
from app.api.blueprint import Blueprint
from app.api.fields import Text
from app.desk.roster.health import people_with_notes, place_at, reach_or_refusal, read_health
from app.events.queries import visible_event
from app.web.access import signed_in
from app.web.actor import current_actor

bp = Blueprint("api_health_notes", __name__, description="Health")


class WithNotesAsked(Schema):
    """Which part of the list."""

    cursor = Text(up_to=500, load_default=None, metadata={"description": "`next` of the part before"})


class WithNote(Schema):
    """Somebody who told something; not what."""

    place_id = fields.String(required=True)
    person_id = fields.String(required=True)
    name = fields.String(required=True)
    group_id = fields.String(required=True, allow_none=True)


class WithNotesOut(Schema):
    """A hundred people at once, by name."""

    items = fields.List(fields.Nested(WithNote), required=True)
    next = fields.String(required=True, allow_none=True)


class HealthNotesOut(Schema):
    """What was told for this event, and what stands on the person's own profile; empty where there is none."""

    here = fields.String(required=True)
    on_profile = fields.String(required=True)


@bp.route("/events/<event_id>/health", methods=["GET"])
@signed_in
@bp.arguments(WithNotesAsked, location="query")
@bp.response(200, WithNotesOut)
def people(asked: dict[str, Any], event_id: str) -> Any:
    """Who told something: for a group's leader those of that group, for the medic and the desk all."""
    actor = current_actor()
    event = visible_event(actor, event_id)
    reach = reach_or_refusal(actor, event, now=clock.now())
    page = people_with_notes(event, reach, cursor=asked["cursor"])
    items = [
        {"place_id": one.id, "person_id": one.person_id, "name": one.person.short_name, "group_id": one.group_id}
        for one in page.items
    ]
    return {"items": items, "next": page.next}


@bp.route("/events/<event_id>/roster/<place_id>/health", methods=["POST"])
@signed_in
@bp.response(200, HealthNotesOut)
def read(event_id: str, place_id: str) -> Any:
    """One note. A POST, because the reading is written down; each time anew, so that no answer is kept for a repeat."""
    return read_health(place_at(event_id, place_id), now=clock.now(), actor=current_actor())
