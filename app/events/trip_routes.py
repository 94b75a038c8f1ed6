"""The trip: its stops as a form, and the whole day on one page to print. Part of the events' blueprint."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.accounts.actor import COORDINATOR, GIFT_KEEPER, SAFETY_OFFICER
from app.errors import require
from app.events.models import Event
from app.events.policy import can_manage_event, can_see_roster
from app.events.queries import all_sites, contact_of, event_to_manage, visible_event
from app.events.stop_drafts import outside_of
from app.events.stop_forms import first_row, offer_places, spans_days, stops_form
from app.events.stops import change_stops
from app.people.values import DIETS
from app.rosters.lunches import lunch_counts
from app.rosters.trip import trip_of
from app.web.access import with_role
from app.web.actor import current_actor
from app.web.forms import language

bp = Blueprint("trip", __name__)


@bp.route("/events/<event_id>/stops", methods=["GET", "POST"])
@with_role(COORDINATOR)
def stops(event_id: str) -> ResponseReturnValue:
    """The stops of the trip; "add a stop" and the arrows only draw the page again, nothing is saved by them."""
    actor, now = current_actor(), clock.now()
    event = event_to_manage(actor, event_id)
    sites = all_sites()
    form = stops_form(event, sites, language())
    form.arrange(request.form.getlist("order"), request.form.get("move", ""))
    if "add" in request.form or not form.stops.entries:
        form.stops.append_entry(first_row(event) if request.method == "GET" else None)
        offer_places(form, event, sites, language())
    elif "move" not in request.form and form.validate_on_submit():
        drafts = form.drafts(event, sites)
        form.attempt(change_stops, event, drafts, version=form.opened_at, now=now, actor=actor)
        if not form.errors:
            _say_saved(outside_of(event, drafts))
            return redirect(url_for("events.trip.show", event_id=event_id), 303)
    days = {"several_days": spans_days(event)}
    return render_template("events/stops.html", form=form, event=event, **days), form.status


@bp.get("/events/<event_id>/trip")
@with_role(COORDINATOR, SAFETY_OFFICER, GIFT_KEEPER)
def show(event_id: str) -> ResponseReturnValue:
    """The whole day: a picture of it, and stop by stop who receives us and what is heard. For the eye and for paper."""
    actor = current_actor()
    event = visible_event(actor, event_id)
    require(can_see_roster(actor, event))
    return render_template(
        "events/trip.html",
        event=event,
        trip=trip_of(event),
        lunch=lunch_counts(event.id) if event.lunch else {},
        contact=contact_of(event),
        manages=can_manage_event(actor, event),
        several_days=_has_days(event),
    )


@bp.app_template_filter("diet_name")
def _diet_name(word: str) -> str:
    """A diet as the reader says it, also where nothing was said."""
    return gettext(DIETS[word]) if word in DIETS else gettext("Not said")


def _has_days(event: Event) -> bool:
    return event.date_precision == "minute" and spans_days(event)


def _say_saved(outside: list[int]) -> None:
    flash(gettext("Saved."), "ok")
    if outside:
        numbers = ", ".join(map(str, outside))
        flash(gettext("Before the event begins or after it ends: stop %(numbers)s.", numbers=numbers), "look")
