"""Pages of what people answered: counted for the event, and a note of health for those who lead. Part of the desk."""

from flask import Blueprint, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.accounts.actor import COORDINATOR, SAFETY_OFFICER
from app.desk.roster.health import Reach, people_with_notes, place_at, reach_or_refusal, read_health
from app.desk.roster.queries import event_of_roster
from app.desk.roster.question_answers import can_see_answers, summary_of
from app.errors import require
from app.events.models import Event
from app.events.policy import can_manage_event
from app.events.queries import visible_event
from app.events.question_forms import spoken_answer
from app.web.access import signed_in, with_role
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


@bp.get("/events/<event_id>/health")
@signed_in
def health_list(event_id: str) -> ResponseReturnValue:
    """Who told something of their health: for a group's leader those of that group, for medics and staff all."""
    actor, now = current_actor(), clock.now()
    event = visible_event(actor, event_id)
    reach = reach_or_refusal(actor, event, now=now)
    page = people_with_notes(event, reach, cursor=request.args.get("cursor"))
    back = _list_of(event, reach)
    return _unkept(render_template("desk/health_list.html", event=event, page=page, back=back))


@bp.post("/events/<event_id>/roster/<place_id>/health")
@signed_in
def health(event_id: str, place_id: str) -> ResponseReturnValue:
    """The note itself. A POST, because the reading is written down; nothing on the way keeps the answer."""
    actor = current_actor()
    place = place_at(event_id, place_id)
    notes = read_health(place, now=clock.now(), actor=actor)
    of_desk = can_see_answers(actor, place.event) and not request.form.get("listed")
    back = (
        url_for("desk.place", event_id=event_id, place_id=place_id)
        if of_desk
        else url_for("desk.answers.health_list", event_id=event_id)
    )
    return _unkept(
        render_template(
            "desk/health.html", event=place.event, person=place.person, notes=notes, back=back, of_desk=of_desk
        )
    )


def _list_of(event: Event, reach: Reach) -> str:
    """Where a leader came from: the list of the group; others from the event."""
    if reach.everybody:
        return url_for("events.show", event_id=event.id)
    group_id = min(reach.group_ids)
    return url_for("groups.containers.show", event_id=event.id, what="groups", container_id=group_id)


def _unkept(page: str) -> ResponseReturnValue:
    response = make_response(page)
    response.headers["Cache-Control"] = "no-store"
    return response
