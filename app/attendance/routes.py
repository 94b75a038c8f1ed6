"""Marks made at the door: by ticket, by one tap on the roster, and taken back; and one's own hours."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app import clock
from app.accounts.actor import COORDINATOR, HELPER, SAFETY_OFFICER
from app.attendance.hours import spoken_hours
from app.attendance.operations import check_out, mark_absent, mark_excused, mark_present, undo_mark
from app.attendance.own_hours import minutes_given, own_hours
from app.attendance.policy import can_mark
from app.attendance.queries import place_by_ticket
from app.db import db
from app.desk.roster.answers import after_mark
from app.desk.roster.queries import event_of_roster, mark_of_roster, place_of_roster
from app.errors import N_, Invalid, require
from app.signups.models import Place
from app.web.access import signed_in, with_role
from app.web.actor import current_actor

bp = Blueprint("attendance", __name__)

MARKS = {"present": mark_present, "left": check_out, "absent": mark_absent, "excused": mark_excused}


@bp.post("/events/<event_id>/attendance")
@with_role(COORDINATOR, SAFETY_OFFICER, HELPER)
def admission(event_id: str) -> ResponseReturnValue:
    """Lets in whoever holds this ticket."""
    actor, now = current_actor(), clock.now()
    event = event_of_roster(actor, event_id)
    require(can_mark(actor, event))
    place = place_by_ticket(event, request.form.get("ticket", ""), at=now, actor=actor)
    mark_present(place, entry_id=request.form.get("entry_id", ""), at=now, now=now, actor=actor)
    return after_mark(place_of_roster(actor, place.id))


@bp.post("/places/<place_id>/attendance")
@with_role(COORDINATOR, SAFETY_OFFICER, HELPER)
def mark(place_id: str) -> ResponseReturnValue:
    """Marks one person: present, left, absent or excused."""
    actor, now = current_actor(), clock.now()
    place = place_of_roster(actor, place_id)
    require(can_mark(actor, place.event))
    operation = MARKS.get(request.form.get("kind", "present"))
    if operation is None:
        raise Invalid({"kind": N_("A mark is present, left, absent or excused.")})
    operation(place, entry_id=request.form.get("entry_id", ""), at=now, now=now, actor=actor)
    return after_mark(place_of_roster(actor, place_id))


@bp.post("/attendance/<mark_id>/undoing")
@with_role(COORDINATOR, SAFETY_OFFICER, HELPER)
def undoing(mark_id: str) -> ResponseReturnValue:
    """Takes a mark back, with the reason."""
    actor, now = current_actor(), clock.now()
    entry = mark_of_roster(actor, mark_id)
    require(can_mark(actor, db.session.get_one(Place, entry.place_id).event))
    undo = undo_mark(
        entry,
        entry_id=request.form.get("entry_id", ""),
        reason=request.form.get("reason", ""),
        now=now,
        actor=actor,
    )
    return after_mark(place_of_roster(actor, undo.place_id))


@bp.get("/my/hours")
@signed_in
def own() -> ResponseReturnValue:
    """The hours that one gave as a volunteer, event by event and in sum."""
    person_id, cursor = str(current_actor().person_id), request.args.get("cursor")
    return render_template(
        "attendance/own_hours.html",
        page=own_hours(person_id, now=clock.now(), cursor=cursor),
        minutes=minutes_given(person_id),
        spoken_hours=spoken_hours,
        is_later_page=cursor is not None,
    )
