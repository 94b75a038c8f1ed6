"""Pages of safety, for coordinators and safety officers alone: briefings with signatures, incidents. Of the desk."""

import json
from datetime import datetime, time
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.accounts.actor import COORDINATOR, SAFETY_OFFICER
from app.attendance.entry_ids import new_entry_id
from app.attendance.incident_models import NEAR_MISS, Incident
from app.consents.briefing_models import BriefingSignature
from app.desk.day.policy import can_see_safety
from app.desk.roster.queries import event_of_roster
from app.desk.safety.forms import IncidentForm
from app.desk.safety.incidents import incident_of, photo_of, report_incident, withdraw_incident
from app.desk.safety.queries import MOST, briefings_of, incidents_of, people_of, signatures_of
from app.errors import require
from app.events.forms import offered
from app.events.models import Event
from app.gifts.kit_lending import lent_kit
from app.web.access import with_role
from app.web.actor import current_actor

bp = Blueprint("safety", __name__)
ROLES = (COORDINATOR, SAFETY_OFFICER)
MARGIN = 8  # around a signature, in its own units


@bp.get("/events/<event_id>/safety")
@with_role(*ROLES)
def show(event_id: str) -> ResponseReturnValue:
    """Briefings, who signed them, what is lent, and what went wrong."""
    event = _event(event_id)
    return _unkept(
        render_template(
            "desk/safety.html",
            event=event,
            briefings=briefings_of(event),
            signatures=signatures_of(event, page=request.args.get("page", default=1, type=int)),
            incidents=incidents_of(event),
            lent=lent_kit(event.id),
            drawn=drawn,
            entry_id=new_entry_id,
        )
    )


@bp.route("/events/<event_id>/incidents", methods=["GET", "POST"])
@with_role(*ROLES)
def incidents(event_id: str) -> ResponseReturnValue:
    """A report of what went wrong or nearly did, or a correction of one."""
    actor, now, event = current_actor(), clock.now(), _event(event_id)
    before = incident_of(event, corrected) if (corrected := request.values.get("corrects")) else None
    form = _prefilled(event, before, now) if request.method == "GET" else IncidentForm()
    q = request.args.get("q", "").strip()[:100]
    people = people_of(event, q=q, chosen=form.people.data or ())
    form.people.choices = offered(people)
    if form.validate_on_submit():
        photos = [found for file in form.photos.data or () if (found := file.read())]
        kept = form.attempt(
            report_incident, event, incident_id=form.incident_id.data or "", near_miss=form.kind.data == NEAR_MISS,
            at=_moment(event, form.at.data, now), where=form.where.data or "", people=form.people.data or (),
            text=form.text.data or "", action=form.action.data or "",
            guardian_told_at=_moment(event, form.guardian_told.data, now) if form.guardian_told.data else None,
            photos=photos, corrects=before.id if before else None, now=now, actor=actor,
        )  # fmt: skip
        if kept:
            flash(gettext("Written down. Only coordinators and safety officers read it."), "ok")
            return redirect(url_for(".show", event_id=event_id) + "#incidents", 303)
    shown = {"q": q, "are_many": bool(q) or len(people) >= MOST, "under": "desk.safety.show"}
    return _unkept(render_template("desk/incident.html", event=event, form=form, **shown), form.status)


@bp.post("/events/<event_id>/incidents/<incident_id>/withdrawal")
@with_role(*ROLES)
def withdrawal(event_id: str, incident_id: str) -> ResponseReturnValue:
    """It was none."""
    event = _event(event_id)
    found, entry_id = incident_of(event, incident_id), request.form.get("entry_id", "")
    withdraw_incident(event, found, entry_id=entry_id, now=clock.now(), actor=current_actor())
    flash(gettext("Taken back. The report stays, struck out."), "ok")
    return redirect(url_for(".show", event_id=event_id) + "#incidents", 303)


@bp.get("/events/<event_id>/incidents/photos/<photo_id>.jpg")
@with_role(*ROLES)
def photo(event_id: str, photo_id: str) -> Response:
    """A photograph of one."""
    response = make_response(photo_of(_event(event_id), photo_id))
    response.content_type = "image/jpeg"
    response.headers["Cache-Control"] = "no-store"
    return response


def drawn(signature: BriefingSignature) -> tuple[str, list[str]]:
    """A signature as (viewBox, points of each line) of an SVG."""
    lines: list[list[int]] = json.loads(signature.strokes)
    xs, ys = [x for line in lines for x in line[::2]] or [0], [y for line in lines for y in line[1::2]] or [0]
    left, top = min(xs) - MARGIN, min(ys) - MARGIN
    box = f"{left} {top} {max(xs) - left + MARGIN} {max(ys) - top + MARGIN}"
    return box, [" ".join(f"{x},{y}" for x, y in zip(line[::2], line[1::2], strict=True)) for line in lines]


def _event(event_id: str) -> Event:
    actor = current_actor()
    event = event_of_roster(actor, event_id)
    require(can_see_safety(actor, event))
    return event


def _prefilled(event: Event, before: Incident | None, now: datetime) -> IncidentForm:
    zone = ZoneInfo(event.timezone)
    data = {"incident_id": new_entry_id(), "at": min(now, event.ends_at).astimezone(zone).time()}
    if before:
        told = before.guardian_told_at
        data |= {"corrects": before.id, "kind": before.kind, "at": before.at.astimezone(zone).time()}
        data |= {"where": before.where, "text": before.text, "action": before.action, "people": before.people}
        data |= {"guardian_told": told.astimezone(zone).time() if told else None}
    return IncidentForm(formdata=None, data=data)


def _moment(event: Event, at: time | None, now: datetime) -> datetime:
    """That time on the event's day."""
    return datetime.combine(event.local_date, at, ZoneInfo(event.timezone)) if at else now


def _unkept(page: str, status: int = 200) -> ResponseReturnValue:
    response = make_response(page, status)
    response.headers["Cache-Control"] = "no-store"
    return response
