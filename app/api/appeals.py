"""Appeals for programs: writing to the coordinator of an event that refuses for absences, and the two answers."""

from typing import Any

from marshmallow import Schema, fields

from app import clock
from app.accounts.actor import COORDINATOR
from app.api.blueprint import Blueprint
from app.api.fields import Text
from app.api.once import once
from app.api.signups import SignUpOut, signup_json
from app.attendance.no_shows import no_shows_of
from app.events.queries import visible_event
from app.signups.appeal_queries import appeal_to_answer
from app.signups.appealing import accept_appeal, refuse_appeal, write_appeal
from app.tasks.models import Task
from app.web.access import signed_in, with_role
from app.web.actor import current_actor

bp = Blueprint("api_appeals", __name__, description="Appeals")


class AppealIn(Schema):
    """A short letter, about oneself or one's child."""

    text = Text(required=True, up_to=1000, lines=True)
    person_id = Text(up_to=16, load_default="", metadata={"description": "The caller, if left out"})


class AppealOut(Schema):
    """The letter; `done_at` once it is answered."""

    id = fields.String(required=True)
    event_id = fields.String(required=True)
    person_id = fields.String(required=True)
    created_at = fields.DateTime(required=True)
    done_at = fields.DateTime(allow_none=True)


class Note(Schema):
    """What the person should know."""

    note = Text(up_to=1000, lines=True, load_default="")


@bp.route("/events/<event_id>/appeals", methods=["POST"])
@signed_in
@once
@bp.arguments(AppealIn)
@bp.response(201, AppealOut)
def write(said: dict[str, Any], event_id: str) -> Any:
    """Asks the coordinator for an exception from the rule about absences."""
    actor, now = current_actor(), clock.now()
    event = visible_event(actor, event_id)
    person_id = said["person_id"] or str(actor.person_id)
    absences = no_shows_of([person_id], now=now)
    return write_appeal(event, person_id, said["text"], absences=absences, now=now, actor=actor)


@bp.route("/appeals/<appeal_id>/acceptance", methods=["POST"])
@with_role(COORDINATOR)
@once
@bp.response(201, SignUpOut)
def accept(appeal_id: str) -> Any:
    """Signs the person up all the same."""
    actor = current_actor()
    return signup_json(accept_appeal(appeal_to_answer(actor, appeal_id), now=clock.now(), actor=actor))


@bp.route("/appeals/<appeal_id>/refusal", methods=["POST"])
@with_role(COORDINATOR)
@once
@bp.arguments(Note, required=False)
@bp.response(201, AppealOut)
def refuse(said: dict[str, Any], appeal_id: str) -> Any:
    """Stays with the rule; the person gets a letter."""
    actor = current_actor()
    task: Task = appeal_to_answer(actor, appeal_id)
    refuse_appeal(task, note=said.get("note", ""), now=clock.now(), actor=actor)
    return task
