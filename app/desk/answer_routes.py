"""Pages of what people answered: counted for the event, and a note of health for those who lead. Part of the desk."""

from flask import Blueprint, make_response, render_template
from flask.typing import ResponseReturnValue

from app import clock
from app.accounts.actor import COORDINATOR, SAFETY_OFFICER
from app.desk.health import read_health
from app.desk.queries import event_of_roster, place_of_roster
from app.desk.question_answers import can_see_answers, summary_of
from app.errors import NotFound, require
from app.events.policy import can_manage_event
from app.events.question_forms import spoken_answer
from app.web.access import with_role
from app.web.actor import current_actor

bp = Blueprint("answers", __name__)


@bp.get("/events/<event_id>/answers")
@with_role(COORDINATOR, SAFETY_OFFICER)
def summary(event_id: str) -> ResponseReturnValue:
    """How many answered what, and the words of those who wrote some."""
    actor = current_actor()
    event = event_of_roster(actor, event_id)
    require(can_see_answers(actor, event))
    return render_template(
        "desk/answers.html",
        event=event,
        summary=summary_of(event),
        spoken=spoken_answer,
        may_ask=can_manage_event(actor, event),
    )


@bp.post("/events/<event_id>/roster/<place_id>/health")
@with_role(COORDINATOR, SAFETY_OFFICER)
def health(event_id: str, place_id: str) -> ResponseReturnValue:
    """The note itself. A POST, because the reading is written down; nothing on the way keeps the answer."""
    actor = current_actor()
    place = place_of_roster(actor, place_id)
    if place.event_id != event_id:
        raise NotFound
    notes = read_health(place, now=clock.now(), actor=actor)
    response = make_response(
        render_template("desk/health.html", event=place.event, place=place, person=place.person, notes=notes)
    )
    response.headers["Cache-Control"] = "no-store"
    return response
