"""The history of an event and of a person, for programs: stored words, not told ones."""

from typing import Any

from marshmallow import Schema, fields
from sqlalchemy import ColumnElement

from app.accounts.actor import COORDINATOR
from app.api.blueprint import Blueprint, PageArguments, page_schema
from app.api.fields import Text
from app.errors import require
from app.events.queries import event_to_manage
from app.history.queries import Line, Wanted, about_event, about_person, history_page
from app.people.policy import can_change_person
from app.people.queries import person_visible
from app.web.access import with_role
from app.web.actor import current_actor

bp = Blueprint("api_history", __name__, description="History")


class Asked(PageArguments):
    """Which acts."""

    who = Text(up_to=16, load_default="", metadata={"description": "Id of the account that acted, or `system`"})
    verb = Text(up_to=60, load_default="")
    field = Text(up_to=40, load_default="")
    since = fields.AwareDateTime(load_default=None)
    until = fields.AwareDateTime(load_default=None)


class Act(Schema):
    """One act; `changes` is {field: [before, after]}, null where its values were erased."""

    id = fields.String(required=True)
    at = fields.DateTime(required=True)
    account_id = fields.String(required=True, allow_none=True)
    for_account_id = fields.String(required=True, allow_none=True)
    who = fields.String(required=True, allow_none=True)
    verb = fields.String(required=True)
    object = fields.String(required=True)
    object_id = fields.String(required=True)
    person_id = fields.String(required=True, allow_none=True)
    fields_ = fields.List(fields.String(), required=True, data_key="fields")
    changes = fields.Dict(required=True, allow_none=True)


Acts = page_schema(Act)


@bp.route("/events/<event_id>/history", methods=["GET"])
@with_role(COORDINATOR)
@bp.arguments(Asked, location="query")
@bp.response(200, Acts)
def of_event(asked: dict[str, Any], event_id: str) -> Any:
    """What was done to an event, its sign-ups, places, stops and buses, the newest first."""
    return _page(about_event(event_to_manage(current_actor(), event_id)), asked)


@bp.route("/people/<person_id>/history", methods=["GET"])
@with_role(COORDINATOR)
@bp.arguments(Asked, location="query")
@bp.response(200, Acts)
def of_person(asked: dict[str, Any], person_id: str) -> Any:
    """What was done to a person of a city that the caller coordinates, the newest first."""
    actor = current_actor()
    person = person_visible(actor, person_id)
    require(can_change_person(actor, person))
    return _page(about_person(person), asked)


def _page(about: ColumnElement[bool], asked: dict[str, Any]) -> dict[str, Any]:
    cursor, limit = asked.pop("cursor"), asked.pop("limit")
    page = history_page(about, Wanted(**asked), cursor=cursor, limit=limit)
    return {"items": [_json(line) for line in page.items], "next": page.next}


def _json(line: Line) -> dict[str, Any]:
    entry = line.entry
    return {
        "id": entry.id,
        "at": entry.at,
        "account_id": entry.actor_account_id,
        "for_account_id": entry.for_account_id,
        "who": line.who.short_name if line.who else None,
        "verb": entry.verb,
        "object": entry.object_type,
        "object_id": entry.object_id,
        "person_id": entry.person_id,
        "fields_": entry.fields,
        "changes": line.changes,
    }
