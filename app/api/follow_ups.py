"""Follow-ups for programs: a state of the board, one more, where it goes; departments' shares, nobody by name."""

from typing import Any

from marshmallow import Schema, fields

from app import clock
from app.accounts.actor import COORDINATOR, MANAGEMENT
from app.api.blueprint import Blueprint
from app.api.fields import Cleaned, Day, Number, Text, Texts, Word, YesNo, in_three, without_empty
from app.api.once import once
from app.impact.engagement.queries import departments
from app.impact.follow_up.drafts import Draft
from app.impact.follow_up.operations import add_follow_up, move_follow_up
from app.impact.follow_up.queries import Filters, board, follow_up_to_manage
from app.impact.follow_up.readers import FollowUp, with_its_own
from app.people.values import read_email
from app.tasks.models import OPEN, STATES
from app.web.access import with_role
from app.web.actor import current_actor

bp = Blueprint("api_follow_ups", __name__, description="Follow-ups and engagement")
LANGUAGES = ("kk", "ru", "en")


class FollowUpsAsked(Schema):
    """Which of them."""

    state = Word(STATES, load_default=OPEN)
    city = Text(up_to=40, load_default="")
    event_id = Text(up_to=16, load_default="")
    late = YesNo(load_default=False, metadata={"description": "Only those whose day has passed"})
    cursor = Text(up_to=500, load_default=None, metadata={"description": "`next` of the part before"})


class FollowUpIn(Schema):
    """What is to be done, by a colleague (`number`) or somebody outside (`owner`); of an event, or of a city."""

    text = in_three(required=True)
    event_id = Text(up_to=16, load_default="")
    city = Text(up_to=40, load_default="")
    number = Text(up_to=20, load_default="", metadata={"description": "A colleague's personnel number"})
    owner = Text(load_default="")
    owner_email = Cleaned(read_email, up_to=254, allow_none=True, load_default=None)
    owner_language = Word(LANGUAGES, load_default="kk")
    due_on = Day(allow_none=True, load_default=None)


class MoveIn(Schema):
    """Where it goes; `note` says why, which dropping needs."""

    state = Word(STATES, required=True)
    note = Text(up_to=500, load_default="")


class FollowUpOut(Schema):
    """One follow-up as it stands."""

    id = fields.String(required=True)
    state = fields.String(required=True, metadata={"enum": list(STATES)})
    text = fields.Nested(Texts, required=True)
    owner = fields.String(required=True)
    city = fields.String(required=True, allow_none=True)
    event_id = fields.String(required=True, allow_none=True)
    due_on = fields.Date(required=True, allow_none=True)
    dropped_reason = fields.String(required=True)


class FollowUpsOut(Schema):
    """Forty at once: what is ahead by its day, what is over with the latest first."""

    items = fields.List(fields.Nested(FollowUpOut), required=True)
    next = fields.String(required=True, allow_none=True)


class SharesAsked(Schema):
    """Of which year."""

    year = Number(low=1990, high=2100, required=True)
    city = Text(up_to=40, load_default="")


class DepartmentOut(Schema):
    """A department of five people at least: how many work there today, how many of them took part in the year."""

    city = fields.String(required=True)
    name = fields.String(required=True)
    headcount = fields.Integer(required=True)
    took_part = fields.Integer(required=True)


class SharesOut(Schema):
    """By the alphabet; `hidden` departments are too small to be shown."""

    items = fields.List(fields.Nested(DepartmentOut), required=True)
    next = fields.String(required=True, allow_none=True)
    hidden = fields.Integer(required=True)


@bp.route("/follow-ups", methods=["GET"])
@with_role(COORDINATOR)
@bp.arguments(FollowUpsAsked, location="query")
@bp.response(200, FollowUpsOut)
def index(asked: dict[str, Any]) -> Any:
    """Those of one's cities and events that stand in one state."""
    filters = Filters(city=asked["city"], event_id=asked["event_id"], late=asked["late"])
    found = board(current_actor(), filters, state=asked["state"], cursor=asked["cursor"], now=clock.now()).columns[0]
    return {"items": [_json(one) for one in found.cards], "next": found.next}


@bp.route("/follow-ups", methods=["POST"])
@with_role(COORDINATOR)
@once
@bp.arguments(FollowUpIn)
@bp.response(201, FollowUpOut)
def create(wanted: dict[str, Any]) -> Any:
    """Writes one down; its owner gets a letter with a link to answer by."""
    draft = Draft(
        **wanted | {"text": without_empty(wanted["text"]), "owner_email": wanted["owner_email"] or ""},
    )
    return _json(with_its_own(add_follow_up(draft, now=clock.now(), actor=current_actor())))


@bp.route("/follow-ups/<task_id>/state", methods=["POST"])
@with_role(COORDINATOR)
@once
@bp.arguments(MoveIn)
@bp.response(201, FollowUpOut)
def move(wanted: dict[str, Any], task_id: str) -> Any:
    """Takes it up, finishes it, drops it with a reason, opens it again."""
    actor = current_actor()
    one = follow_up_to_manage(actor, task_id)
    move_follow_up(one.task, wanted["state"], note=wanted["note"], now=clock.now(), actor=actor)
    return _json(with_its_own(one.task))


@bp.route("/engagement/departments", methods=["GET"])
@with_role(COORDINATOR, MANAGEMENT)
@bp.arguments(SharesAsked, location="query")
@bp.response(200, SharesOut)
def shares(asked: dict[str, Any]) -> Any:
    """How many of each department took part in a year."""
    found = departments(current_actor(), year=asked["year"], city=asked["city"])
    return {"items": [vars(one) for one in found.departments], "next": None, "hidden": found.hidden}


def _json(one: FollowUp) -> dict[str, Any]:
    names = ("id", "state", "text", "city", "event_id", "due_on", "dropped_reason")
    return {name: getattr(one.task, name) for name in names} | {"owner": one.owner_name}
