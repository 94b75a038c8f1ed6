"""Consents for programs: who has answered for an event's children, a guardian's answer, taking it back."""

from typing import Any

from marshmallow import Schema, fields

from app import clock
from app.accounts.actor import COORDINATOR
from app.api.blueprint import Blueprint, PageArguments, page_schema
from app.api.events import local_iso
from app.api.fields import Text, Word, YesNo
from app.api.once import once
from app.consents.cover import required_kinds
from app.consents.models import KINDS, Consent
from app.events.models import Event
from app.events.queries import event_to_manage
from app.signups.consent_queries import ChildLine, child_line, children_of_event, place_to_answer
from app.signups.consenting import answer_consents, revoke_consent
from app.web.access import signed_in, with_role
from app.web.actor import current_actor

bp = Blueprint("api_consents", __name__, description="Consents")


class AnswerIn(Schema):
    """A guardian's answer: their own, or, sent by a coordinator's program, of the guardian who is named."""

    kinds = fields.List(
        Word(KINDS), load_default=None, metadata={"description": "Unless given: all that the event requires"}
    )
    yes = YesNo(load_default=True)
    guardian_id = Text(up_to=16, load_default=None)


class RevocationIn(Schema):
    """What is taken back: all kinds, unless some are named."""

    kinds = fields.List(Word(KINDS), load_default=list)
    guardian_id = Text(up_to=16, load_default=None)


class GivenAnswer(Schema):
    """One answer that stands."""

    id = fields.String(required=True)
    kind = fields.String(required=True)
    yes = fields.Boolean(required=True)
    guardian_id = fields.String(required=True, allow_none=True)
    given_by_name = fields.String(metadata={"description": "Of an institution's representative"})
    channel = fields.String(required=True)
    language = fields.String(required=True)
    text_id = fields.String(required=True)
    given_at = fields.String(required=True, metadata={"format": "date-time"})


class ChildConsents(Schema):
    """One child of the event: whether it may go, what is missing, what was said."""

    place_id = fields.String(required=True)
    person_id = fields.String(required=True)
    covered = fields.Boolean(required=True)
    missing = fields.List(fields.String(), required=True)
    guardian_ids = fields.List(fields.String(), required=True)
    consent_due_at = fields.String(required=True, allow_none=True, metadata={"format": "date-time"})
    answers = fields.List(fields.Nested(GivenAnswer), required=True)


class ConsentsAsked(PageArguments):
    """Which children."""

    open = YesNo(load_default=False, metadata={"description": "Only those who are not covered"})


@bp.route("/events/<event_id>/consents", methods=["GET"])
@with_role(COORDINATOR)
@bp.arguments(ConsentsAsked, location="query")
@bp.response(200, page_schema(ChildConsents))
def consents(asked: dict[str, Any], event_id: str) -> Any:
    """The children who go or wait, in the order of the Kazakh alphabet."""
    event = event_to_manage(current_actor(), event_id)
    page = children_of_event(event, only_open=asked["open"], cursor=asked["cursor"], limit=asked["limit"])
    return {"items": [_line(line, event) for line in page.items], "next": page.next}


@bp.route("/places/<place_id>/consents", methods=["POST"])
@signed_in
@once
@bp.arguments(AnswerIn)
@bp.response(201, ChildConsents)
def answer(said: dict[str, Any], place_id: str) -> Any:
    """Writes the answer down; the other guardians are told. The same answer again changes nothing."""
    actor = current_actor()
    place = place_to_answer(actor, place_id)
    kinds = required_kinds(place.event) if said["kinds"] is None else said["kinds"]
    answers = dict.fromkeys(kinds, said["yes"])
    answer_consents(place, answers, guardian_id=said["guardian_id"], channel="api", now=clock.now(), actor=actor)
    return _line(child_line(place), place.event)


@bp.route("/places/<place_id>/consents/revocation", methods=["POST"])
@signed_in
@once
@bp.arguments(RevocationIn)
@bp.response(201, ChildConsents)
def revocation(said: dict[str, Any], place_id: str) -> Any:
    """Either guardian takes consent back, and that outweighs every yes until they agree again."""
    actor = current_actor()
    place = place_to_answer(actor, place_id)
    revoke_consent(
        place, kinds=said["kinds"], guardian_id=said["guardian_id"], channel="api", now=clock.now(), actor=actor
    )
    return _line(child_line(place), place.event)


def _line(line: ChildLine, event: Event) -> dict[str, Any]:
    return {
        "place_id": line.place.id,
        "person_id": line.place.person_id,
        "covered": line.is_covered,
        "missing": list(line.missing),
        "guardian_ids": [row.guardian_id for row in line.guardians],
        "consent_due_at": local_iso(line.place.consent_due_at, event.timezone),
        "answers": [_answer(row, event) for row in line.answers],
    }


def _answer(row: Consent, event: Event) -> dict[str, Any]:
    plain = {name: getattr(row, name) for name in ("id", "kind", "guardian_id", "given_by_name", "channel", "language")}
    return plain | {"yes": row.is_yes, "text_id": row.text_id, "given_at": local_iso(row.given_at, event.timezone)}
