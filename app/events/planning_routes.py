"""Pages of planning beyond one sheet: calendar, warnings, copies, series. Part of the events' blueprint."""

from datetime import date, timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from app import clock
from app.accounts.actor import COORDINATOR
from app.db import db
from app.events.calendar_month import month_named, neighbours, weeks_of
from app.events.calendar_month import span_of as span
from app.events.cloning import clone_event, usual_day
from app.events.models import Event, Site
from app.events.periods import local_day
from app.events.plan_forms import DayForm, HalfTyped, SeriesForm
from app.events.planning_checks import Warned
from app.events.planning_queries import event_warnings, month_events, plan_warnings
from app.events.queries import event_to_manage
from app.events.series import events_of_series, make_series, publish_series
from app.rosters.change_forms import on_day
from app.rosters.replanning import move_to_day
from app.web.access import with_role
from app.web.actor import current_actor
from app.web.dates import HOME_ZONE
from app.web.forms import language
from app.web.words import in_language

bp = Blueprint("plans", __name__)
TWO_MONTHS = timedelta(days=56)


@bp.get("/planning/calendar")
@with_role(COORDINATOR)
def calendar() -> ResponseReturnValue:
    """A month as on the wall: what is on which day, and which days are holidays."""
    today = local_day(clock.now(), HOME_ZONE)
    month = month_named(request.args.get("month"), today)
    events = month_events(current_actor(), *span(month))
    before, after = neighbours(month)
    return render_template(
        "events/month.html", month=month, weeks=weeks_of(month, events), today=today, before=before, after=after
    )


@bp.get("/planning/warnings")
@with_role(COORDINATOR)
def warnings() -> ResponseReturnValue:
    """What to know about the plan as it stands on the sheet; a part of a page."""
    form = HalfTyped(request.args)
    site = db.session.get(Site, form.site_id.data) if form.site_id.data else None
    found = plan_warnings(current_actor(), now=clock.now(), but=request.args.get("event"), **form.known(site))
    return render_template("events/_warnings.html", warned=found)


@bp.post("/events/<event_id>/day")
@with_role(COORDINATOR)
def day(event_id: str) -> ResponseReturnValue:
    """Moves an event that nobody is in yet; what is to know about its new day stands above the calendar."""
    actor, now = current_actor(), clock.now()
    event = event_to_manage(actor, event_id)
    form = DayForm()
    if form.validate_on_submit() and form.day.data:
        if event.seats_taken or event.people_waiting:  # they are told: first a look at whom and what
            return redirect(url_for("changes.show", event_id=event.id, to="move", **on_day(event, form.day.data)), 303)
        form.attempt(move_to_day, event, form.day.data, now=now, actor=actor)
    if form.errors:
        return render_template("events/clone.html", form=form, event=event, moves=True), form.status
    title = in_language(event.title, language())
    flash(gettext("Moved: %(event)s.", event=title), "ok")
    for warned in event_warnings(event, now=now, actor=actor):
        flash(spoken_warning(warned), "look")
    month = event.local_date.strftime("%Y-%m")
    return redirect(url_for(".calendar", month=month, _anchor=f"day-{event.local_date.isoformat()}"), 303)


@bp.route("/events/<event_id>/clone", methods=["GET", "POST"])
@with_role(COORDINATOR)
def clone(event_id: str) -> ResponseReturnValue:
    """The same plan on another day, as a draft."""
    actor, now = current_actor(), clock.now()
    event = event_to_manage(actor, event_id)
    form = DayForm(data={"day": usual_day(event, now)})
    if form.validate_on_submit():
        copy = form.attempt(clone_event, event, form.day.data, now=now, actor=actor)
        if copy:
            flash(gettext("The copy is a draft. Look it over and publish it."), "ok")
            return redirect(url_for("events.show", event_id=copy.id), 303)
    return render_template("events/clone.html", form=form, event=event, moves=False), form.status


@bp.route("/events/<event_id>/series", methods=["GET", "POST"])
@with_role(COORDINATOR)
def series(event_id: str) -> ResponseReturnValue:
    """The same event on every such weekday; below, the dates that the series has."""
    actor, now = current_actor(), clock.now()
    event = event_to_manage(actor, event_id)
    form = SeriesForm(data=_usual_series(event))
    if form.validate_on_submit():
        wanted: dict[str, Any] = {"first": form.first_on.data, "last": form.last_on.data}
        wanted["weekday"] = int(form.weekday.data)
        added = form.attempt(make_series, event, **wanted, now=now, actor=actor)
        if added:
            words = ngettext("%(num)s draft is added.", "%(num)s drafts are added.", len(added))
            flash(words, "ok")
            return redirect(url_for(".series", event_id=event_id), 303)
    dates = events_of_series(event.series_id) if event.series_id else []
    return render_template("events/series.html", form=form, event=event, dates=dates), form.status


@bp.post("/events/<event_id>/series/publication")
@with_role(COORDINATOR)
def series_publication(event_id: str) -> ResponseReturnValue:
    """Everybody sees all dates of the series from now on."""
    actor = current_actor()
    event = event_to_manage(actor, event_id)
    published = publish_series(event, now=clock.now(), actor=actor)
    flash(ngettext("%(num)s date is published.", "%(num)s dates are published.", published), "ok")
    return redirect(url_for(".series", event_id=event_id), 303)


def spoken_warning(warned: Warned) -> str:
    """The sentence of a warning in the reader's language."""
    spoken = language()
    params: dict[str, Any] = {
        name: in_language(value, spoken) if isinstance(value, dict) else value for name, value in warned.params.items()
    }
    if warned.words:
        params["rules"] = ", ".join(gettext(word) for word in warned.words)
    return gettext(warned.sentence, **params)


bp.app_template_filter("warning")(spoken_warning)


def _usual_series(event: Event) -> dict[str, Any]:
    day: date = event.local_date
    return {"weekday": str(day.weekday()), "first_on": day, "last_on": day + TWO_MONTHS}
