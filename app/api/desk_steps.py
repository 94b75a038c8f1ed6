"""Small steps of the desk for programs: lines of the checklist, a series published, a host's answer, notes read."""

from typing import Any

from marshmallow import Schema, fields

from app import clock
from app.accounts.actor import COORDINATOR
from app.api.blueprint import Blueprint
from app.api.events import local_iso
from app.api.fields import YesNo
from app.api.once import once
from app.desk.roster.notes import notes_of, remove_note
from app.desk.roster.queries import place_of_roster
from app.errors import require
from app.events.checklists import item_to_manage, remove_item, untick_item
from app.events.policy import can_manage_event
from app.events.queries import event_to_manage
from app.events.series import publish_series
from app.rosters.host_queries import host_to_manage
from app.rosters.hosts import answer_host
from app.web.access import with_role
from app.web.actor import current_actor

bp = Blueprint("api_desk_steps", __name__, description="The desk")


class Published(Schema):
    """How many dates."""

    published = fields.Integer(required=True)


class HostAnswerIn(Schema):
    """What a host said on the telephone."""

    confirmed = YesNo(required=True)


class HostAnswerOut(Schema):
    """How they stand now."""

    id = fields.String(required=True)
    state = fields.String(required=True)


class NoteRead(Schema):
    """A note with who wrote it and when."""

    id = fields.String(required=True)
    text = fields.String(required=True)
    by = fields.String(required=True, allow_none=True)
    at = fields.String(required=True, metadata={"format": "date-time"})


class NotesRead(Schema):
    """All of them, the latest first."""

    items = fields.List(fields.Nested(NoteRead), required=True)
    next = fields.String(required=True, allow_none=True)


@bp.route("/checklist/<line_id>/reopening", methods=["POST"])
@with_role(COORDINATOR)
@once
@bp.response(204)
def reopen(line_id: str) -> Any:
    """It isn't done after all."""
    actor = current_actor()
    untick_item(item_to_manage(actor, line_id), now=clock.now(), actor=actor)


@bp.route("/checklist/<line_id>/removal", methods=["POST"])
@with_role(COORDINATOR)
@once
@bp.response(204)
def take_off(line_id: str) -> Any:
    """This event needs none of it."""
    actor = current_actor()
    remove_item(item_to_manage(actor, line_id), now=clock.now(), actor=actor)


@bp.route("/events/<event_id>/series/publication", methods=["POST"])
@with_role(COORDINATOR)
@once
@bp.response(201, Published)
def publish(event_id: str) -> Any:
    """Everybody sees all dates of the series from now on."""
    actor = current_actor()
    return {"published": publish_series(event_to_manage(actor, event_id), now=clock.now(), actor=actor)}


@bp.route("/hosts/<host_id>/answer", methods=["POST"])
@with_role(COORDINATOR)
@once
@bp.arguments(HostAnswerIn)
@bp.response(201, HostAnswerOut)
def answer(wanted: dict[str, bool], host_id: str) -> Any:
    """Written down as the coordinator heard it."""
    actor = current_actor()
    host = host_to_manage(actor, host_id)
    answer_host(host, wanted["confirmed"], now=clock.now(), actor=actor)
    return host


@bp.route("/places/<place_id>/notes", methods=["GET"])
@with_role(COORDINATOR)
@bp.response(200, NotesRead)
def notes(place_id: str) -> Any:
    """What coordinators of the event wrote down about somebody."""
    actor = current_actor()
    place = place_of_roster(actor, place_id)
    require(can_manage_event(actor, place.event))
    items = [
        {"id": one.id, "text": one.text, "by": one.by, "at": local_iso(one.at, place.event.timezone)}
        for one in notes_of(place, actor)
    ]
    return {"items": items, "next": None}


@bp.route("/notes/<note_id>/removal", methods=["POST"])
@with_role(COORDINATOR)
@once
@bp.response(204)
def note_removal(note_id: str) -> Any:
    """The note goes; that there was one stays in the history."""
    remove_note(note_id, now=clock.now(), actor=current_actor())
