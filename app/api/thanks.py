"""What people said about an event, for programs: by the same rule as the page, nothing of fewer than five answers."""

from typing import Any

from marshmallow import Schema, fields

from app.accounts.actor import COORDINATOR, MANAGEMENT
from app.api.blueprint import Blueprint
from app.errors import require
from app.events.queries import visible_event
from app.impact.thanks.policy import can_read_results
from app.impact.thanks.queries import answers_so_far, survey_state, tallies_of
from app.web.access import with_role
from app.web.actor import current_actor

bp = Blueprint("api_thanks", __name__, description="What people said about an event")


class SurveyOut(Schema):
    """`mean`, `scale` and `choices` are null while the survey runs, and where fewer than five answered."""

    event_id = fields.String(required=True)
    state = fields.String(required=True, metadata={"description": "none, off, open, ended"})
    answers = fields.Integer(required=True)
    mean = fields.Float(required=True, allow_none=True, metadata={"description": "Of 1 (bad) to 5 (very good)"})
    scale = fields.Dict(
        keys=fields.String(), values=fields.Integer(), required=True, allow_none=True,
        metadata={"description": "{step of the scale: how often}"},
    )  # fmt: skip
    choices = fields.Dict(
        keys=fields.String(), values=fields.Integer(), required=True, allow_none=True,
        metadata={"description": "{what should be better: how often}"},
    )  # fmt: skip


@bp.route("/events/<event_id>/survey", methods=["GET"])
@with_role(COORDINATOR, MANAGEMENT)
@bp.response(200, SurveyOut)
def survey(event_id: str) -> Any:
    """What people said; for coordinators of the event and those who read its figures."""
    actor = current_actor()
    event = visible_event(actor, event_id)
    require(can_read_results(actor, event))
    tally = next((one.tally for one in tallies_of(event.programme_id) if one.event.id == event.id), None)
    return {
        "event_id": event.id,
        "state": survey_state(event.id),
        "answers": answers_so_far(event.id),
        "mean": float(tally.mean) if tally else None,
        "scale": {str(step): tally.scale.get(step, 0) for step in range(1, 6)} if tally else None,
        "choices": dict(tally.choices) if tally else None,
    }
