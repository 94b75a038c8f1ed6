"""Pages of go or no-go: the board, the weather, briefings, red lines taken on oneself, and setting out."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from wtforms import Form

from app import clock
from app.accounts.actor import COORDINATOR, SAFETY_OFFICER, Actor
from app.desk.departure import departing
from app.desk.departure import policy as departure_policy
from app.desk.departure.forms import BriefingForm, LimitForm, OverrideForm, ReadingForm
from app.desk.departure.line_words import spoken_line
from app.desk.departure.queries import Board, board_of, event_of_board
from app.desk.departure.readiness import KEYS, NAMES
from app.desk.trip.queries import children_not_home
from app.errors import N_, NotFound, require
from app.events.forms import offered
from app.events.models import Event
from app.events.policy import can_manage_event
from app.web.access import with_role
from app.web.actor import current_actor
from app.web.forms import language

bp = Blueprint("departures", __name__)
ROLES = (COORDINATOR, SAFETY_OFFICER)
# Where a coordinator mends each line: (endpoint, what else its address says).
PAGES: dict[str, tuple[str, dict[str, Any]]] = {
    "seats": ("desk.roster", {}), "ratio": ("groups.board", {"what": "groups"}),
    "consents": ("consents.roll.index", {}),
    "buses": ("groups.board", {"what": "buses"}), "first_aid": ("duties.index", {}), "gifts": ("gifts.of_event", {}),
    "kit": ("gifts.index", {}), "lunch": ("lunches.show", {}), "host": ("hosts.index", {}),
    "reminders": ("mail.index", {}), "addresses": ("parties.unreached", {}),
}  # fmt: skip
bp.app_template_filter("spoken_line")(spoken_line)
STATES = {
    "green": ("ok", N_("Ready")), "amber": ("look", N_("Please check")), "red": ("stop", N_("Missing")),
    "grey": ("none", N_("Not asked for")),
}  # fmt: skip


@bp.get("/events/<event_id>/departure")
@with_role(*ROLES)
def show(event_id: str) -> ResponseReturnValue:
    """The board."""
    event = event_of_board(current_actor(), event_id)
    found = board_of(event, now=clock.now())
    return _page(found, limit=LimitForm(obj=found.limit), reading=_reading(found), briefing=_briefing(found))


@bp.post("/events/<event_id>/departure")
@with_role(COORDINATOR)
def leaving(event_id: str) -> ResponseReturnValue:
    """Everybody is on the way; refused while a line is red."""
    actor = current_actor()
    event = event_of_board(actor, event_id)
    names = {key: gettext(name) for key, name in NAMES.items()}
    departing.depart(event, now=clock.now(), actor=actor, names=names)
    return _done(event, gettext("On the way. Have a good day!"))


@bp.route("/events/<event_id>/departure/<line>", methods=["GET", "POST"])
@with_role(*ROLES)
def override(event_id: str, line: str) -> ResponseReturnValue:
    """Asks for the reason, then takes the red line on oneself."""
    actor, now = current_actor(), clock.now()
    event = event_of_board(actor, event_id)
    if line not in KEYS:
        raise NotFound
    require(departure_policy.can_override(actor, event, line))
    form = OverrideForm()
    if form.validate_on_submit() and form.attempt(
        departing.override_line, event, line, reason=form.reason.data or "", now=now, actor=actor
    ):
        return _done(event, gettext("Written down with your name."))
    return render_template("desk/override.html", event=event, name=NAMES[line], form=form), form.status


@bp.post("/events/<event_id>/departure/weather-limit")
@with_role(*ROLES)
def weather_limit(event_id: str) -> ResponseReturnValue:
    """The safety officer's limit."""
    actor, now = current_actor(), clock.now()
    event = event_of_board(actor, event_id)
    require(departure_policy.can_enter_weather(actor, event))
    form = LimitForm()
    if form.validate_on_submit():
        values = {name: form[name].data for name in ("wind_max", "temperature_min", "temperature_max")}
        note = form.note.data or ""
        if form.attempt(departing.enter_weather_limit, event, **values, note=note, now=now, actor=actor):
            return _done(event, gettext("Saved."))
    found = board_of(event, now=now)
    return _page(found, limit=form, reading=_reading(found), briefing=_briefing(found))


@bp.post("/events/<event_id>/departure/weather")
@with_role(*ROLES)
def weather(event_id: str) -> ResponseReturnValue:
    """What the weather is, read by hand."""
    actor, now = current_actor(), clock.now()
    event = event_of_board(actor, event_id)
    form = ReadingForm()
    if form.validate_on_submit():
        values = {"wind": form.wind.data, "temperature": form.temperature.data}
        if form.attempt(departing.read_weather, event, **values, now=now, actor=actor):
            return _done(event, gettext("Saved."))
    found = board_of(event, now=now)
    return _page(found, limit=LimitForm(formdata=None, obj=found.limit), reading=form, briefing=_briefing(found))


@bp.post("/events/<event_id>/briefings")
@with_role(*ROLES)
def briefings(event_id: str) -> ResponseReturnValue:
    """Who was briefed about what."""
    actor, now = current_actor(), clock.now()
    event = event_of_board(actor, event_id)
    found = board_of(event, now=now)
    form = _briefing(found, typed=True)
    if form.validate_on_submit():
        text, group_id = form.text.data or "", form.group_id.data or None
        told = {"version": form.version.data or "", "instructor": form.instructor.data or ""}
        told["language"] = form.language.data or language()
        if form.attempt(departing.record_briefing, event, text=text, group_id=group_id, **told, now=now, actor=actor):
            return _done(event, gettext("Written down with your name."))
    return _page(found, limit=LimitForm(formdata=None, obj=found.limit), reading=_reading(found), briefing=form)


def _briefing(found: Board, *, typed: bool = False) -> BriefingForm:
    usual = {"language": language(), "instructor": current_actor().name}
    form = BriefingForm() if typed else BriefingForm(formdata=None, data=usual)
    form.group_id.choices = [*offered([("", gettext("Everybody"))]), *offered(found.groups)]
    return form


def _reading(found: Board) -> ReadingForm:
    limit = found.limit
    data = {"wind": limit.wind_read, "temperature": limit.temperature_read} if limit else {}
    return ReadingForm(formdata=None, data=data)


def _page(found: Board, *, limit: Form, reading: Form, briefing: Form) -> ResponseReturnValue:
    actor, event = current_actor(), found.event
    values = {
        "event": event, "board": found, "names": NAMES, "states": STATES, "limit": limit, "reading": reading,
        "briefing": briefing, "pages": _pages(actor, event), "may_leave": departure_policy.can_depart(actor, event),
        "open": children_not_home(event) if found.departure else (),
        "may_limit": departure_policy.can_enter_weather(actor, event),
        "may_take": {key for key in KEYS if departure_policy.can_override(actor, event, key)},
    }  # fmt: skip
    status = 422 if limit.errors or reading.errors or briefing.errors else 200
    return render_template("desk/departure.html", **values), status


def _pages(actor: Actor, event: Event) -> dict[str, str]:
    """{line: where it is mended}."""
    here = {"weather": "#weather", "briefings": "#briefings"}
    if not can_manage_event(actor, event):
        return here
    return here | {key: url_for(page, event_id=event.id, **more) for key, (page, more) in PAGES.items()}


def _done(event: Event, words: str) -> ResponseReturnValue:
    flash(words, "ok")
    return redirect(url_for("departures.show", event_id=event.id), 303)
