"""Pages of moving, postponing and cancelling: what it would do, the one press, and a minute to take it back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.accounts.actor import COORDINATOR
from app.errors import N_, DomainError, NotFound
from app.events.forms import offered
from app.events.models import Event
from app.events.queries import event_to_manage
from app.reminders.due import due_times
from app.reminders.plans import plan_of
from app.rosters.change_forms import OF_MOVE, ChangeForm, begun_with, for_other_date
from app.rosters.change_models import KINDS, EventChange
from app.rosters.change_queries import change_of, places_to_go
from app.rosters.changing import make_change, refusal_of
from app.rosters.others_told import KINDS as OUTSIDERS
from app.rosters.others_told import outsiders_of
from app.rosters.previewing import Preview, preview
from app.rosters.replanning import dates_left
from app.rosters.undoing import undo_change
from app.web.access import with_role
from app.web.actor import current_actor
from app.web.dates import local
from app.web.forms import language
from app.web.words import in_language

bp = Blueprint("changes", __name__)

READERS = {
    "seated": N_("Have a seat"),
    "waiting": N_("In the queue"),
    "guardian": N_("Guardians"),
    "institution": N_("Institutions"),
}


@bp.get("/events/<event_id>/change")
@with_role(COORDINATOR)
def show(event_id: str) -> ResponseReturnValue:
    """Who will be told and what else will happen; nothing happens yet."""
    event, kind = _asked(event_id)
    form, zones = _form(event, kind, request.args if "day" in request.args else None)
    found = None
    refusal = refusal_of(event, kind, now=clock.now())
    if refusal is None and (kind != "move" or ("day" in request.args and form.validate())):
        found = form.attempt(preview, event, form.wanted(kind, zones), now=clock.now())
    return _page(event, kind, form, found, refusal)


@bp.post("/events/<event_id>/change")
@with_role(COORDINATOR)
def make(event_id: str) -> ResponseReturnValue:
    """Makes the change; its letters wait a minute."""
    event, kind = _asked(event_id)
    actor = current_actor()
    form, zones = _form(event, kind, request.form)
    if form.validate():
        wanted = form.wanted(kind, zones)
        change = form.attempt(make_change, event, wanted, now=clock.now(), actor=actor)
        if change:
            return redirect(_made_page(change, request.form), 303)
    return _page(event, kind, form, None)


@bp.get("/events/<event_id>/changes/<change_id>")
@with_role(COORDINATOR)
def made(event_id: str, change_id: str) -> ResponseReturnValue:
    """What was done, how many letters wait until when, and the way back while there is one."""
    now = clock.now()
    event = event_to_manage(current_actor(), event_id)
    change = change_of(event.id, change_id)
    until = local(change.undoable_until, event.timezone).strftime("%H:%M:%S")
    return render_template(
        "rosters/changed.html",
        event=event,
        change=change,
        left=change.seconds_left(now),
        until=until,
        calls=[one for one in outsiders_of(event) if not one.gets_letter],
        outsiders=OUTSIDERS,
        others=_others(event, request.args, now),
    )


@bp.post("/events/<event_id>/changes/<change_id>/undoing")
@with_role(COORDINATOR)
def undoing(event_id: str, change_id: str) -> ResponseReturnValue:
    """Takes everything back."""
    actor = current_actor()
    event = event_to_manage(actor, event_id)
    undo_change(change_of(event.id, change_id), now=clock.now(), actor=actor)
    flash(gettext("Taken back. Nobody was told anything."), "ok")
    return redirect(url_for("events.show", event_id=event.id), 303)


def _asked(event_id: str) -> tuple[Event, str]:
    event = event_to_manage(current_actor(), event_id)
    kind = request.args.get("to", "move")
    if kind not in KINDS:
        raise NotFound
    return event, kind


def _made_page(change: EventChange, typed: Mapping[str, Any]) -> str:
    """Where it can be undone; of a series with the hours that other dates shall get too."""
    series: dict[str, Any] = {name: typed[name] for name in ("all", "day", "starts_at", "ends_at") if typed.get("all")}
    return url_for(".made", event_id=change.event_id, change_id=change.id, **series)


def _form(event: Event, kind: str, typed: Any) -> tuple[ChangeForm, dict[str, str]]:
    """The form, and {site's id: its zone} of the places that it offers."""
    sites = places_to_go(event) if kind == "move" else []
    form = ChangeForm(typed, data=begun_with(event), meta={"csrf": False} if request.method == "GET" else {})
    form.site_id.choices = offered((site.id, in_language(site.name, language())) for site, _ in sites)
    for name in OF_MOVE if kind != "move" else ("reason",):
        del form[name]
    return form, {site.id: zone for site, zone in sites}


def _page(
    event: Event, kind: str, form: ChangeForm, found: Preview | None, refusal: DomainError | None = None
) -> ResponseReturnValue:
    number, now = min(max(1, request.args.get("page", 1, type=int)), found.pages if found else 1), clock.now()
    values = {
        "event": event, "kind": kind, "form": form, "preview": found, "page": number,
        "reminders": _reminders(found, event, now), "readers": READERS, "outsiders": OUTSIDERS,
        "typed": {name: request.values[name] for name in (*OF_MOVE, "to", "all") if request.values.get(name)},
        "of_move": OF_MOVE, "refusal": refusal, "others": _others(event, request.args, now),
    }  # fmt: skip
    return render_template("rosters/change.html", **values), form.status


def _others(event: Event, asked: Mapping[str, str], now: datetime) -> list[tuple[Event, str]]:
    """The other dates of a series that shall get the same hours, each with the page where it does."""
    if "all" not in asked or "day" not in asked:
        return []
    form = ChangeForm(asked, meta={"csrf": False})
    if form.starts_at.data is None or form.ends_at.data is None:
        return []
    found = dates_left(event, form.starts_at.data, form.ends_at.data, now=now)
    return [(one, url_for(".show", event_id=one.id, to="move", **for_other_date(one, asked))) for one in found]


def _reminders(found: Preview | None, event: Event, now: datetime) -> list[datetime]:
    """When the new day's reminders leave; there are none for what doesn't take place."""
    if found is None or found.kind != "move":
        return []
    dues = due_times(plan_of(event.reminder_plan), found.planned.starts_at, event.timezone)
    return [one.due_at for one in dues if one.due_at > now and not one.is_dropped]
