"""Saved views of rosters for programs: one's own and those shared with one, saving, removing."""

from typing import Any

from marshmallow import Schema, fields

from app import clock
from app.accounts.actor import COORDINATOR, GIFT_KEEPER, SAFETY_OFFICER
from app.api.blueprint import Blueprint
from app.api.fields import Text, Word, YesNo
from app.api.once import once
from app.desk.roster.asking import COLUMNS, SORTS, asked
from app.desk.roster.models import LONGEST_NAME, RosterView
from app.desk.roster.queries import event_of_roster
from app.desk.roster.views import remove_view, save_view, views_for
from app.web.access import with_role
from app.web.actor import current_actor

bp = Blueprint("api_roster_views", __name__, description="Rosters")
ROLES = (COORDINATOR, SAFETY_OFFICER, GIFT_KEEPER)
FILTERS = {"description": "The same words as of the roster's own address: q, status, group, bus, city, label ..."}


class RosterViewIn(Schema):
    """A filter, an order and columns under a name; the same name again replaces it."""

    name = Text(up_to=LONGEST_NAME, required=True)
    filters = fields.Dict(keys=Text(up_to=20), values=Text(up_to=100), load_default=dict, metadata=FILTERS)
    sort = Word(SORTS, load_default="name")
    down = YesNo(load_default=False)
    columns = fields.List(Word(COLUMNS), load_default=list, metadata={"maxItems": len(COLUMNS)})
    shared = YesNo(load_default=False, metadata={"description": "With the coordinators of the city"})
    here = YesNo(load_default=True, metadata={"description": "For this event alone"})


class RosterViewOut(Schema):
    """A view; `query` is what an address of the roster says for it."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    query = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    own = fields.Boolean(required=True)
    shared = fields.Boolean(required=True)
    here = fields.Boolean(required=True)


class RosterViewsOut(Schema):
    """All of them, by name."""

    items = fields.List(fields.Nested(RosterViewOut), required=True)
    next = fields.String(required=True, allow_none=True)


@bp.route("/events/<event_id>/roster/views", methods=["GET"])
@with_role(*ROLES)
@bp.response(200, RosterViewsOut)
def views(event_id: str) -> Any:
    """The views that one finds on this roster."""
    actor = current_actor()
    return {"items": [_view(one) for one in views_for(event_of_roster(actor, event_id), actor)], "next": None}


@bp.route("/events/<event_id>/roster/views", methods=["POST"])
@with_role(*ROLES)
@once
@bp.arguments(RosterViewIn)
@bp.response(201, RosterViewOut)
def save(wanted: dict[str, Any], event_id: str) -> Any:
    """Keeps it; sharing is the coordinators'."""
    actor = current_actor()
    event = event_of_roster(actor, event_id)
    said = wanted["filters"] | {"sort": wanted["sort"], "down": "1" if wanted["down"] else ""}
    view = save_view(
        event,
        asked(said, wanted["columns"]),
        name=wanted["name"],
        is_shared=wanted["shared"],
        here_only=wanted["here"],
        now=clock.now(),
        actor=actor,
    )
    return _view(view)


@bp.route("/roster-views/<view_id>/removal", methods=["POST"])
@with_role(*ROLES)
@once
@bp.response(204)
def removal(view_id: str) -> Any:
    """Forgets one of one's own."""
    remove_view(view_id, now=clock.now(), actor=current_actor())


def _view(view: RosterView) -> dict[str, Any]:
    kept = {"own": view.account_id == current_actor().account_id, "shared": view.city is not None}
    return {"id": view.id, "name": view.name, "query": view.query, "here": view.event_id is not None} | kept
