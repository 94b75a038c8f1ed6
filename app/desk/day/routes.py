"""The day of an event: what is still to be done, closing it and opening it again, hours. Part of the desk."""

import re

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from app import clock
from app.accounts.actor import COORDINATOR, SAFETY_OFFICER
from app.attendance.counting_hours import correct_hours, hours_page
from app.attendance.days import is_closed
from app.attendance.hours import VOLUNTEERING, spoken_hours
from app.desk.day.closing import close_day, mark_rest_absent, reopen_day
from app.desk.day.correcting import correct_mark
from app.desk.day.policy import can_close_day, can_see_safety
from app.desk.day.queries import day_of, has_begun
from app.desk.roster.queries import event_of_roster, place_of_roster
from app.errors import NotFound, require
from app.events.models import Event
from app.signups.models import Place
from app.web.access import with_role
from app.web.actor import current_actor

bp = Blueprint("day", __name__)
HOURS = re.compile(r"(\d{1,2})(?:[:.](\d{1,2}))?")
UNREADABLE = -1


@bp.get("/events/<event_id>/day")
@with_role(COORDINATOR, SAFETY_OFFICER)
def show(event_id: str) -> ResponseReturnValue:
    """What must be done before the day can be closed; afterwards what came late."""
    actor = current_actor()
    event = _event(event_id)
    now = clock.now()
    return render_template(
        "desk/day.html",
        event=event,
        day=day_of(event, now=now),
        has_begun=has_begun(event, now),
        may_close=can_close_day(actor, event),
        spoken_hours=spoken_hours,
    )


@bp.post("/events/<event_id>/day/closing")
@with_role(COORDINATOR)
def closing(event_id: str) -> ResponseReturnValue:
    """From now on the marks are final."""
    event = _event(event_id)
    close_day(event, note=request.form.get("note", ""), now=clock.now(), actor=current_actor())
    return _done(event_id, gettext("The day is closed. Its marks are final."))


@bp.post("/events/<event_id>/day/reopening")
@with_role(COORDINATOR)
def reopening(event_id: str) -> ResponseReturnValue:
    """Marks may change again."""
    event = _event(event_id)
    reopen_day(event, reason=request.form.get("reason", ""), now=clock.now(), actor=current_actor())
    return _done(event_id, gettext("The day is open again."))


@bp.post("/events/<event_id>/day/absences")
@with_role(COORDINATOR)
def absences(event_id: str) -> ResponseReturnValue:
    """Whoever has no mark did not come."""
    event = _event(event_id)
    count = mark_rest_absent(event, now=clock.now(), actor=current_actor())
    words = ngettext("%(num)s person is marked as absent.", "%(num)s people are marked as absent.", count)
    return _done(event_id, words)


@bp.post("/events/<event_id>/roster/<place_id>/correction")
@with_role(COORDINATOR)
def correction(event_id: str, place_id: str) -> ResponseReturnValue:
    """How somebody stands is corrected after the day was closed."""
    place = _place(event_id, place_id)
    said = request.form
    correct_mark(place, said.get("state", ""), reason=said.get("reason", ""), now=clock.now(), actor=current_actor())
    flash(gettext("Corrected, with your name and your reason."), "ok")
    return redirect(url_for("desk.place", event_id=event_id, place_id=place_id), 303)


@bp.get("/events/<event_id>/hours")
@with_role(COORDINATOR, SAFETY_OFFICER)
def hours(event_id: str) -> ResponseReturnValue:
    """Hours of the volunteers, where each figure comes from, and what was corrected."""
    event, cursor = _event(event_id), request.args.get("cursor")
    return render_template(
        "desk/hours.html",
        event=event,
        page=hours_page(event, cursor=cursor),
        is_later_page=cursor is not None,
        is_closed=is_closed(event.id),
        counts=event.kind in VOLUNTEERING,
        may_correct=can_close_day(current_actor(), event),
        spoken_hours=spoken_hours,
        under="desk.day.show",
    )


@bp.post("/events/<event_id>/hours/<place_id>/correction")
@with_role(COORDINATOR)
def hours_correction(event_id: str, place_id: str) -> ResponseReturnValue:
    """Somebody's hours are others."""
    place = _place(event_id, place_id)
    minutes, reason = minutes_typed(request.form.get("hours", "")), request.form.get("reason", "")
    correct_hours(place, minutes=minutes, reason=reason, now=clock.now(), actor=current_actor())
    flash(gettext("Corrected, with your name and your reason."), "ok")
    return redirect(url_for("desk.day.hours", event_id=event_id), 303)


def minutes_typed(text: str) -> int:
    """3, 3:45 or 3.45 as minutes, -1 where it is none."""
    found = HOURS.fullmatch(text.strip())
    if found is None:
        return UNREADABLE
    hours_said, minutes = int(found[1]), int(found[2] or 0)
    return hours_said * 60 + minutes if minutes < 60 else UNREADABLE


def _event(event_id: str) -> Event:
    actor = current_actor()
    event = event_of_roster(actor, event_id)
    require(can_see_safety(actor, event))
    return event


def _place(event_id: str, place_id: str) -> Place:
    actor = current_actor()
    place = place_of_roster(actor, place_id)
    if place.event_id != event_id:
        raise NotFound
    require(can_see_safety(actor, place.event))
    return place


def _done(event_id: str, words: str) -> ResponseReturnValue:
    flash(words, "ok")
    return redirect(url_for("desk.day.show", event_id=event_id), 303)
