"""The desk of the day for programs and phones: handing operations over, and asking what others said since."""

from typing import Any

from flask import Response, jsonify, make_response, request
from flask_babel import gettext
from marshmallow import EXCLUDE, Schema, fields

from app import clock
from app.accounts.actor import COORDINATOR, GIFT_KEEPER, HELPER, SAFETY_OFFICER
from app.api.blueprint import Blueprint
from app.api.events import local_iso
from app.api.fields import Number, Text, UpTo
from app.api.once import once_apart
from app.desk.log.conflict_words import refusal_words, spoken_conflict
from app.desk.log.feed import MOST, Changes, changes_since
from app.desk.log.giving import EventFacts, Giver, facts_of
from app.desk.log.reading import Refused, ahead_by
from app.desk.log.taking import Answer, take
from app.desk.phone.phones import Phone, note_exchange
from app.desk.phone.sealed import take_sealed
from app.desk.roster.policy import desk_powers
from app.desk.roster.queries import event_of_roster
from app.events.models import Event
from app.web.access import desk_phone, desk_program
from app.web.actor import current_actor

bp = Blueprint("api_desk", __name__, description="The desk of the day")
MOMENT = {"format": "date-time"}
UNTOLD = ("phone", "birth_date")  # of walk-ins: the list of them shows it to whom it concerns
# Why a child was given to somebody, why a pack was opened: pages show it to whom it concerns.
UNTOLD_OF = {("hand_over", "reason"), ("pack_opened", "reason")}


class OperationsIn(Schema):
    """Each operation is {id: a UUID, kind, subject, at, ...}; what can't be read is refused by itself."""

    class Meta:
        """Phones of another version may say more."""

        unknown = EXCLUDE

    device = Text(up_to=60, load_default="")
    sent_at = fields.Raw(load_default=None, metadata={"description": "The sender's clock; tells how far it is off"})
    operations = fields.List(fields.Raw(allow_none=True), required=True, validate=UpTo(max=MOST))
    envelopes = fields.List(
        fields.Raw(allow_none=True),
        load_default=list,
        validate=UpTo(max=MOST),
        metadata={"description": "Operations that a phone of this event sealed: {id, device_id, epk, iv, data}"},
    )
    unsent = Number(low=0, high=1_000_000, load_default=0)
    version = Text(up_to=16, load_default="")


class RefusedOut(Schema):
    """One that was not taken: `why` is stable, `detail` the sentence in the caller's language."""

    id = fields.String(required=True, allow_none=True)
    why = fields.String(required=True)
    detail = fields.String(required=True)


class ConflictOut(Schema):
    """One that was taken and contradicts another; `with` is null where it contradicts what we know."""

    id = fields.String(required=True)
    with_ = fields.String(required=True, allow_none=True, data_key="with")
    why = fields.String(required=True)
    conflict_id = fields.String(required=True)
    detail = fields.String(required=True)


class OperationsOut(Schema):
    """What became of each."""

    applied = fields.List(fields.String(), required=True)
    known = fields.List(fields.String(), required=True)
    refused = fields.List(fields.Nested(RefusedOut), required=True)
    conflicts = fields.List(fields.Nested(ConflictOut), required=True)
    now = fields.String(required=True, metadata=MOMENT)


class ChangesAsked(Schema):
    """Since when."""

    since = Text(up_to=40, load_default="", metadata={"description": "`cursor` of the answer before"})
    limit = Number(low=1, high=MOST, load_default=MOST)


class OperationOut(Schema):
    """One that somebody said, as others may know it."""

    id = fields.String(required=True)
    kind = fields.String(required=True)
    key = fields.String(required=True)
    names = fields.String(allow_none=True)
    after = fields.List(fields.String(), required=True)
    at = fields.String(required=True, metadata=MOMENT)
    device = fields.String(required=True)
    late = fields.Boolean(required=True)
    body = fields.Dict(required=True)


class DayOut(Schema):
    """Whether a coordinator closed the day."""

    closed_at = fields.String(required=True, allow_none=True, metadata=MOMENT)


class ChangesOut(Schema):
    """What is new; `more` says to ask again at once."""

    cursor = fields.String(required=True)
    operations = fields.List(fields.Nested(OperationOut), required=True)
    more = fields.Boolean(required=True)
    conflicts = fields.Integer(required=True)
    day = fields.Nested(DayOut, required=True)
    now = fields.String(required=True, metadata=MOMENT)


@bp.route("/events/<event_id>/desk/operations", methods=["POST"])
@desk_program(COORDINATOR, SAFETY_OFFICER, GIFT_KEEPER, HELPER, sealed=True)
@once_apart
@bp.arguments(OperationsIn)
@bp.alt_response(200, schema=OperationsOut, success=True)
def operations(wanted: dict[str, Any], event_id: str) -> Any:
    """Takes what was recorded, up to 1,000 at a time: again, in another order, with a wrong clock, the same result."""
    phone, now = desk_phone(), clock.now()
    event = phone.event if phone else event_of_roster(current_actor(), event_id)
    facts, giver = facts_of(event), _giver(phone, event, wanted["device"])
    answer = take(facts, wanted["operations"], sent_at=wanted["sent_at"], giver=giver, now=now)
    if wanted["envelopes"]:
        answer = answer + take_sealed(facts, wanted["envelopes"], sent_at=wanted["sent_at"], now=now)
    if phone:
        left = max(0, wanted["unsent"] - len(answer.applied) - len(answer.known))
        clock_off = round(ahead_by(wanted["sent_at"], facts, now=now).total_seconds())
        note_exchange(phone, now=now, unsent=left, version=wanted["version"], clock_off=clock_off)
    told = _answered(answer) | ({"conflicts": []} if phone and phone.is_drop else {})
    return jsonify(told | {"now": local_iso(now, facts.timezone)})


@bp.route("/events/<event_id>/desk/changes", methods=["GET"])
@desk_program(COORDINATOR, SAFETY_OFFICER, GIFT_KEEPER, HELPER)
@bp.arguments(ChangesAsked, location="query")
@bp.alt_response(200, schema=ChangesOut, success=True)
@bp.alt_response(304, description="Nothing is new since the answer with this ETag", success=True)
def changes(asked: dict[str, Any], event_id: str) -> Response:
    """What anybody recorded since, in the order in which it was kept."""
    phone = desk_phone()
    event = phone.event if phone else event_of_roster(current_actor(), event_id)
    if phone:
        note_exchange(phone, now=clock.now())
    found = changes_since(event.id, asked["since"], limit=asked["limit"])
    response = make_response()
    response.set_etag(found.tag, weak=True)
    response.headers["Cache-Control"] = "private, no-cache"
    if request.if_none_match.contains_weak(found.tag):
        response.status_code = 304
        return response
    response.content_type = "application/json"
    response.set_data(jsonify(_told(found, facts_of(event))).get_data())
    return response


def _giver(phone: Phone | None, event: Event, device: str) -> Giver:
    if phone is None:
        actor = current_actor()
        return Giver(actor, desk_powers(actor, event), device=device)
    return Giver(phone.actor, phone.powers, device=phone.device.name, device_id=phone.device.id)


def _answered(answer: Answer) -> dict[str, Any]:
    return {
        "applied": answer.applied,
        "known": answer.known,
        "refused": [_refused(one) for one in answer.refused],
        "conflicts": [
            _conflict(row, id_, answer.own[id_])
            for row in answer.conflicts
            for id_ in row.operations
            if id_ in answer.own
        ],
    }


def _refused(one: Refused) -> dict[str, Any]:
    sentence = gettext(refusal_words(one.why))
    return {"id": one.id, "why": one.why, "detail": sentence % {"about": one.about}}


def _conflict(row: Any, id_: str, sent_id: str) -> dict[str, Any]:
    others = [side for side in row.operations if side != id_]
    return {
        "id": sent_id,
        "with": others[0] if others else None,
        "why": row.kind,
        "conflict_id": row.id,
        "detail": gettext(spoken_conflict(row.kind)),
    }


def _told(found: Changes, event: EventFacts) -> dict[str, Any]:
    return {
        "cursor": found.cursor,
        "operations": [_operation(row, event) for row in found.rows],
        "more": found.more,
        "conflicts": found.conflicts,
        "day": {"closed_at": local_iso(found.closed_at, event.timezone)},
        "now": local_iso(clock.now(), event.timezone),
    }


def _operation(row: Any, event: EventFacts) -> dict[str, Any]:
    return {
        "id": row.id,
        "kind": row.kind,
        "key": row.key,
        "names": row.names,
        "after": row.after,
        "at": local_iso(row.corrected_at, event.timezone),
        "device": row.device,
        "late": row.late_at is not None,
        "body": {
            name: value for name, value in row.body.items() if name not in UNTOLD and (row.kind, name) not in UNTOLD_OF
        },
    }
