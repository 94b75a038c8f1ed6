"""Helpers of one event for programs: who they are, naming one, taking it back."""

from typing import Any

from marshmallow import Schema, fields

from app import clock
from app.accounts.actor import COORDINATOR
from app.accounts.models import Grant
from app.api.blueprint import Blueprint
from app.api.fields import Text
from app.api.once import once
from app.desk.day.hands import end_help, hands_of, name_helper
from app.events.queries import event_to_manage
from app.web.access import with_role
from app.web.actor import current_actor

bp = Blueprint("api_hands", __name__, description="Helpers")


class HelperIn(Schema):
    """Whom."""

    helper = Text(up_to=254, required=True, metadata={"description": "E-mail or personnel number of somebody's login"})


class HelperOut(Schema):
    """A helper's grant, its first and its last day."""

    id = fields.String(required=True)
    from_on = fields.Date(required=True, attribute="valid_from")
    until_on = fields.Date(required=True, attribute="valid_until")


class HelperNamed(HelperOut):
    """The same with who it is."""

    person_id = fields.String(required=True)
    name = fields.String(required=True)


class HelpersOut(Schema):
    """All helpers of the event; there are never so many that they come in parts."""

    items = fields.List(fields.Nested(HelperNamed), required=True)
    next = fields.String(required=True, allow_none=True)


@bp.route("/events/<event_id>/helpers", methods=["GET"])
@with_role(COORDINATOR)
@bp.response(200, HelpersOut)
def helpers(event_id: str) -> Any:
    """Who helps on the day, by name."""
    days = ("id", "valid_from", "valid_until")
    items = [
        {name: getattr(grant, name) for name in days} | {"person_id": person.id, "name": person.short_name}
        for grant, person in hands_of(event_to_manage(current_actor(), event_id))
    ]
    return {"items": items, "next": None}


@bp.route("/events/<event_id>/helpers", methods=["POST"])
@with_role(COORDINATOR)
@once
@bp.arguments(HelperIn)
@bp.response(201, HelperOut)
def name(wanted: dict[str, str], event_id: str) -> Grant:
    """They may mark and hand out on the event's days, and hear of it."""
    actor = current_actor()
    return name_helper(event_to_manage(actor, event_id), wanted["helper"], now=clock.now(), actor=actor)


@bp.route("/events/<event_id>/helpers/<grant_id>/ending", methods=["POST"])
@with_role(COORDINATOR)
@once
@bp.response(204)
def ending(event_id: str, grant_id: str) -> Any:
    """They help no more."""
    actor = current_actor()
    end_help(event_to_manage(actor, event_id), grant_id, now=clock.now(), actor=actor)
