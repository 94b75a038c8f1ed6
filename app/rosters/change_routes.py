"""Pages of moving, postponing and cancelling: what it would do, the one press, and a minute to take it back."""

from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import FormField, HiddenField, SelectField
from wtforms.validators import InputRequired, Optional

from app import clock
from app.accounts.actor import COORDINATOR
from app.errors import N_, NotFound
from app.events.drafts import version_of
from app.events.forms import offered, sent
from app.events.lifecycle import may
from app.events.models import Event, Site
from app.events.periods import local_clock, local_day, moment
from app.events.queries import all_sites, event_to_manage
from app.reminders.due import reminders_of
from app.rosters.cancelling import CAN_BE_CANCELLED
from app.rosters.change_models import KINDS
from app.rosters.change_queries import change_of
from app.rosters.changing import MOVES_FROM, Wanted, make_change
from app.rosters.others_told import KINDS as OUTSIDERS
from app.rosters.previewing import Preview, preview
from app.rosters.undoing import undo_change
from app.web.access import with_role
from app.web.actor import current_actor
from app.web.dates import local
from app.web.fields import DateField, TimeField
from app.web.forms import BaseForm, TextsForm, language, texts
from app.web.words import in_language

bp = Blueprint("changes", __name__)

READERS = {
    "seated": N_("Have a seat"),
    "waiting": N_("In the queue"),
    "guardian": N_("Guardians"),
    "institution": N_("Institutions"),
}


class ChangeForm(BaseForm):
    """The new day and place of a move; the reason of a cancellation. The same fields arrive with the press."""

    version = HiddenField(_("This page"))
    day = DateField(_("New date"), [InputRequired()])
    starts_at = TimeField(_("Begins at"), [InputRequired()])
    ends_at = TimeField(_("Ends at"), [InputRequired()])
    ends_on = DateField(_("Last day, if it takes several"), [Optional()])
    site_id = SelectField(_("Place"))
    reason = FormField(TextsForm, _("Reason"))

    def wanted(self, kind: str, event: Event, sites: dict[str, Site]) -> Wanted:
        """What was typed, with times of the zone where the event is or goes."""
        if kind != "move":
            return Wanted(kind, reason=texts(self.reason), version=sent(self.version) or None)
        zone, day, begins, ends = event.timezone, self.day.data, self.starts_at.data, self.ends_at.data
        if day is None or begins is None or ends is None:
            return Wanted(kind)
        starts_at, ends_at = moment(day, begins, zone), moment(self.ends_on.data or day, ends, zone)
        ends_at += timedelta(days=1) if ends_at <= starts_at and not self.ends_on.data else timedelta(0)
        return Wanted(kind, starts_at, ends_at, self.site_id.data, version=sent(self.version) or None)


@bp.get("/events/<event_id>/change")
@with_role(COORDINATOR)
def show(event_id: str) -> ResponseReturnValue:
    """Who will be told and what else will happen; nothing happens yet."""
    event, kind = _asked(event_id)
    sites = _sites(event)
    form = _form(event, kind, sites, request.args if "day" in request.args else None)
    found = None
    if kind != "move" or ("day" in request.args and form.validate()):
        found = form.attempt(preview, event, form.wanted(kind, event, sites), now=clock.now())
    return _page(event, kind, form, found)


@bp.post("/events/<event_id>/change")
@with_role(COORDINATOR)
def make(event_id: str) -> ResponseReturnValue:
    """Makes the change; its letters wait a minute."""
    event, kind = _asked(event_id)
    sites, actor = _sites(event), current_actor()
    form = _form(event, kind, sites, request.form)
    if form.validate():
        wanted = form.wanted(kind, event, sites)
        change = form.attempt(make_change, event, wanted, now=clock.now(), actor=actor)
        if change:
            return redirect(url_for("changes.made", event_id=event.id, change_id=change.id), 303)
    return _page(event, kind, form, None)


@bp.get("/events/<event_id>/changes/<change_id>")
@with_role(COORDINATOR)
def made(event_id: str, change_id: str) -> ResponseReturnValue:
    """What was done, how many letters wait until when, and the way back while there is one."""
    now = clock.now()
    event = event_to_manage(current_actor(), event_id)
    change = change_of(event.id, change_id)
    left = max(0, int((change.undoable_until - now).total_seconds())) if change.is_undoable_at(now) else 0
    until = local(change.undoable_until, event.timezone).strftime("%H:%M:%S")
    return render_template("rosters/changed.html", event=event, change=change, left=left, until=until)


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


def _sites(event: Event) -> dict[str, Site]:
    return {site.id: site for site in all_sites() if site.deactivated_at is None or site.id == event.site_id}


def _form(event: Event, kind: str, sites: dict[str, Site], typed: Any) -> ChangeForm:
    zone = event.timezone
    data = {
        "day": local_day(event.starts_at, zone), "starts_at": local_clock(event.starts_at, zone),
        "ends_at": local_clock(event.ends_at, zone), "site_id": event.site_id, "version": version_of(event),
    }  # fmt: skip
    last = local_day(event.ends_at, zone)
    data["ends_on"] = last if last != data["day"] else None
    form = ChangeForm(typed, data=data, meta={"csrf": False} if request.method == "GET" else {})
    form.site_id.choices = offered((site.id, in_language(site.name, language())) for site in sites.values())
    for name in ("day", "starts_at", "ends_at", "ends_on", "site_id") if kind != "move" else ("reason",):
        del form[name]
    return form


def _page(event: Event, kind: str, form: ChangeForm, found: Preview | None) -> ResponseReturnValue:
    number = min(max(1, request.args.get("page", 1, type=int)), found.pages if found else 1)
    values = {
        "event": event, "kind": kind, "form": form, "preview": found, "page": number,
        "reminders": _reminders(found, event, clock.now()), "readers": READERS, "outsiders": OUTSIDERS,
        "typed": {name: value for name, value in request.args.items() if name != "page"},
        "possible": _is_possible(event, kind),
    }  # fmt: skip
    return render_template("rosters/change.html", **values), form.status


def _is_possible(event: Event, kind: str) -> bool:
    if kind == "postpone":
        return may("postpone", event.status)
    return event.status in (MOVES_FROM if kind == "move" else CAN_BE_CANCELLED)


def _reminders(found: Preview | None, event: Event, now: datetime) -> list[datetime]:
    """When the new day's reminders leave; there are none for what doesn't take place."""
    if found is None or found.kind != "move":
        return []
    return [one.due_at for one in reminders_of(found.starts_at, event.timezone) if one.due_at > now]
