"""Where people are on the day, for programs: a shift that they choose, and where coordinators put them."""

from typing import Any

from marshmallow import Schema, fields

from app import clock
from app.accounts.actor import COORDINATOR
from app.api.blueprint import Blueprint
from app.api.fields import Text, UpTo
from app.api.once import once
from app.events.queries import event_to_manage
from app.rosters.duties import choose_shift, put_people
from app.signups.models import Place
from app.signups.queries import family_ids, place_of_family
from app.web.access import signed_in, with_role
from app.web.actor import current_actor

bp = Blueprint("api_placings", __name__, description="Shifts, sections, needs and duties")
MOST = 500


class ShiftOfPlaceIn(Schema):
    """Into which shift; null for none."""

    shift_id = Text(up_to=16, allow_none=True, required=True)


class PlacingIn(Schema):
    """Where people are put; what is left out stays, null takes them out."""

    place_ids = fields.List(Text(up_to=16), required=True, validate=UpTo(max=MOST))
    shift_id = Text(up_to=16, allow_none=True)
    section_id = Text(up_to=16, allow_none=True)


class PlacedOut(Schema):
    """Where somebody is now."""

    id = fields.String(required=True)
    shift_id = fields.String(required=True, allow_none=True)
    section_id = fields.String(required=True, allow_none=True)


class PlacingOut(Schema):
    """All of them: all were put there, or nobody."""

    items = fields.List(fields.Nested(PlacedOut), required=True)


@bp.route("/places/<place_id>/shift", methods=["POST"])
@signed_in
@once
@bp.arguments(ShiftOfPlaceIn)
@bp.response(201, PlacedOut)
def choose(wanted: dict[str, Any], place_id: str) -> Place:
    """Oneself or one's child comes in this shift."""
    actor = current_actor()
    place, family = place_of_family(actor, place_id), family_ids(actor)
    choose_shift(place, wanted["shift_id"], now=clock.now(), actor=actor, family=family)
    return place


@bp.route("/events/<event_id>/placings", methods=["POST"])
@with_role(COORDINATOR)
@once
@bp.arguments(PlacingIn)
@bp.response(201, PlacingOut)
def put(wanted: dict[str, Any], event_id: str) -> Any:
    """Puts people into a shift, a section or both; if one of them can't be put there, nobody is."""
    actor = current_actor()
    event, ids = event_to_manage(actor, event_id), wanted.pop("place_ids")
    return {"items": put_people(event, ids, wanted, now=clock.now(), actor=actor)}
