"""The queue for programs: where a party stands and why, the whole line, and answers to offers and approvals."""

from typing import Any

from marshmallow import Schema, fields

from app import clock
from app.accounts.actor import COORDINATOR, Actor
from app.api.blueprint import Blueprint, PageArguments, page_schema
from app.api.events import local_iso
from app.api.fields import Text
from app.api.once import once
from app.api.signups import Promoted, SignUpOut, signup_json
from app.events.models import Event
from app.events.queries import event_to_manage
from app.signups.answer_queries import approval_named, offer_named
from app.signups.approving import approve, refuse
from app.signups.models import SignUp
from app.signups.moves import Story, hold_reason, story_of
from app.signups.offer_hours import QUIET_FROM, QUIET_UNTIL
from app.signups.offering import accept_offer, decline_offer
from app.signups.queries import seen_places, signup_to_cancel
from app.signups.queue_queries import InLine, line_of, offered_from, position_of
from app.web.access import signed_in, with_role
from app.web.actor import current_actor

bp = Blueprint("api_queue", __name__, description="Queue")
MOMENT = {"format": "date-time"}
WHY = "not-open, no-seat, too-large, too-large-for-event, kept-for-first or quiet-hours"


class RuleOut(Schema):
    """How freed seats are given at this event: to the first party that fits."""

    promotion = fields.String(required=True, metadata={"description": "at-once, late-offer or offer"})
    offered_from = fields.String(
        required=True, allow_none=True, metadata={**MOMENT, "description": "late-offer: before it at once, then asked"}
    )
    offer_hours = fields.Integer(required=True)
    pass_limit = fields.Integer(required=True, metadata={"description": "So often a larger party is passed over"})
    quiet_from = fields.String(required=True)
    quiet_until = fields.String(required=True)
    approval = fields.String(required=True)


class MoveOut(Schema):
    """One move as the party saw it."""

    at = fields.String(required=True, metadata=MOMENT)
    kind = fields.String(required=True)
    people = fields.Integer(required=True)
    reason = fields.String(required=True)
    position_before = fields.Integer(required=True, allow_none=True)
    position_after = fields.Integer(required=True, allow_none=True)


class PartyInQueue(Schema):
    """Where the party stands, why it is not seated now, by which rule, and every move, latest first."""

    id = fields.String(required=True)
    status = fields.String(required=True)
    position = fields.Integer(required=True, allow_none=True, metadata={"description": "Counts people, from 1"})
    held = fields.String(required=True, allow_none=True, metadata={"description": WHY})
    rule = fields.Nested(RuleOut, required=True)
    moves = fields.List(fields.Nested(MoveOut), required=True)


class LineOut(Schema):
    """One party of the line."""

    signup_id = fields.String(required=True)
    leader_id = fields.String(required=True)
    position = fields.Integer(required=True)
    people = fields.Integer(required=True)
    accept_fewer = fields.Boolean(required=True)
    passed_over = fields.Integer(required=True)
    held = fields.String(required=True, metadata={"description": WHY})
    created_at = fields.String(required=True, metadata=MOMENT)


class RefusalIn(Schema):
    """What the party should know."""

    note = Text(up_to=500, lines=True, load_default="")


@bp.route("/signups/<signup_id>/queue", methods=["GET"])
@signed_in
@bp.response(200, PartyInQueue)
def of_signup(signup_id: str) -> Any:
    """The queue as this party sees it."""
    signup = signup_to_cancel(current_actor(), signup_id)
    event = signup.event
    return {
        "id": signup.id,
        "status": signup.status,
        "position": position_of(signup) if signup.waiting else None,
        "held": hold_reason(event, signup, now=clock.now()),
        "rule": _rule(event),
        "moves": [_move(move, event) for move in story_of(signup)],
    }


@bp.route("/events/<event_id>/queue", methods=["GET"])
@with_role(COORDINATOR)
@bp.arguments(PageArguments, location="query")
@bp.response(200, page_schema(LineOut))
def of_event(asked: dict[str, Any], event_id: str) -> Any:
    """The whole line, first come first."""
    event = event_to_manage(current_actor(), event_id)
    page = line_of(event, now=clock.now(), cursor=asked["cursor"], limit=asked["limit"])
    return {"items": [_in_line(one, event) for one in page.items], "next": page.next}


@bp.route("/offers/<offer_id>/acceptance", methods=["POST"])
@signed_in
@once
@bp.response(201, SignUpOut)
def accept(offer_id: str) -> Any:
    """Takes the seats that are kept for the party."""
    actor = current_actor()
    offer = offer_named(actor, offer_id)
    return _as_read_by(actor, accept_offer(offer.id, now=clock.now(), actor=actor, by_person_id=actor.person_id))


@bp.route("/offers/<offer_id>/refusal", methods=["POST"])
@signed_in
@once
@bp.response(201, Promoted)
def decline(offer_id: str) -> Any:
    """Leaves the seats to the next in the queue."""
    actor = current_actor()
    offer = offer_named(actor, offer_id)
    promoted = decline_offer(offer.id, now=clock.now(), actor=actor, by_person_id=actor.person_id)
    return {"promoted": [signup.id for signup in promoted]}


@bp.route("/approvals/<approval_id>/approval", methods=["POST"])
@signed_in
@once
@bp.response(201, SignUpOut)
def approve_party(approval_id: str) -> Any:
    """The party may go: its seats are its own."""
    actor = current_actor()
    approval = approval_named(actor, approval_id)
    return _as_read_by(actor, approve(approval.id, now=clock.now(), actor=actor, by=actor.person_id))


@bp.route("/approvals/<approval_id>/refusal", methods=["POST"])
@signed_in
@once
@bp.arguments(RefusalIn)
@bp.response(201, Promoted)
def refuse_party(said: dict[str, Any], approval_id: str) -> Any:
    """The party may not go: its seats go to the queue, and it gets the note."""
    actor = current_actor()
    approval = approval_named(actor, approval_id)
    promoted = refuse(approval.id, now=clock.now(), actor=actor, by=actor.person_id, note=said["note"])
    return {"promoted": [signup.id for signup in promoted]}


def _as_read_by(actor: Actor, signup: SignUp) -> dict[str, Any]:
    """A manager who approves, or a parent of one child, holds no ticket of anybody else in the party."""
    seen = {place.id for place in seen_places(actor, [signup])[signup.id]}
    party = signup_json(signup)
    return party | {"places": [place for place in party["places"] if place["id"] in seen]}


def _rule(event: Event) -> dict[str, Any]:
    return {
        **{name: getattr(event, name) for name in ("promotion", "offer_hours", "pass_limit", "approval")},
        "offered_from": local_iso(offered_from(event), event.timezone),
        "quiet_from": QUIET_FROM.isoformat("minutes"),
        "quiet_until": QUIET_UNTIL.isoformat("minutes"),
    }


def _move(move: Story, event: Event) -> dict[str, Any]:
    plain = {name: getattr(move, name) for name in ("kind", "people", "reason", "position_before", "position_after")}
    return {"at": local_iso(move.at, event.timezone), **plain}


def _in_line(one: InLine, event: Event) -> dict[str, Any]:
    signup = one.signup
    return {
        "signup_id": signup.id,
        "leader_id": signup.leader_id,
        "people": signup.waiting,
        "accept_fewer": signup.accept_fewer,
        "created_at": local_iso(signup.created_at, event.timezone),
        **{name: getattr(one, name) for name in ("position", "passed_over", "held")},
    }
