"""Phones of an event: opening the desk on one, the list of all with "end", and reading in what one saved as a file."""

from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from flask_wtf.csrf import generate_csrf

from app import clock
from app.access.login import bearer_token
from app.accounts.actor import COORDINATOR, GIFT_KEEPER, HELPER, SAFETY_OFFICER
from app.desk.log.conflict_words import refusal_words
from app.desk.log.giving import facts_of
from app.desk.log.taking import Answer
from app.desk.phone.devices import needs_pin, open_device, revoke_device
from app.desk.phone.forms import LONGEST_FILE, ImportForm, TakeAlongForm
from app.desk.phone.importing import contents_of, envelopes_in
from app.desk.phone.phones import Phone, phone_of
from app.desk.phone.queries import event_of_phones, phones_of
from app.desk.phone.sealed import import_sealed
from app.desk.phone.taking_along import event_to_take, taker_of
from app.errors import require
from app.events.policy import can_manage_event
from app.web.access import open_to_all, signed_in, with_role
from app.web.actor import current_actor
from app.web.words import in_language

bp = Blueprint("devices", __name__)
ROLES = (COORDINATOR, SAFETY_OFFICER, GIFT_KEEPER, HELPER)


@bp.get("/events/<event_id>/desk/opening")
@open_to_all
def opening(event_id: str) -> ResponseReturnValue:
    """What the phone asks before it takes the event along: who it is, and whether a PIN has to be chosen.

    A stranger is told so; sent to log in, they would come back to this text.
    """
    actor = current_actor()
    if not actor.is_signed_in:
        return jsonify(csrf=None), 401
    event = event_to_take(event_id)
    taker_of(actor, event, now=clock.now())
    told = {"title": in_language(event.title, actor.language), "name": actor.name, "language": actor.language}
    return jsonify(told | {"csrf": generate_csrf(), "needs_pin": needs_pin(actor)})


@bp.post("/events/<event_id>/desk/devices")
@signed_in
def take_along(event_id: str) -> ResponseReturnValue:
    """The keys of this phone, once; or what is wrong, by field."""
    form, actor, now = TakeAlongForm(), current_actor(), clock.now()
    event = event_to_take(event_id)
    taker_of(actor, event, now=now)
    if form.validate_on_submit():
        said: dict[str, str] = {name: form[name].data or "" for name in ("install_id", "name", "pin", "password")}
        address = request.remote_addr or ""
        opened = form.attempt(open_device, event, **said, address=address, now=now, actor=actor)
        if opened:
            told = {name: getattr(opened, name) for name in opened.__dataclass_fields__}
            return jsonify(told | {"expires_at": opened.expires_at.isoformat(), "language": actor.language})
    return jsonify(errors=form.errors), form.status


@bp.get("/events/<event_id>/desk/devices")
@with_role(*ROLES)
def index(event_id: str) -> ResponseReturnValue:
    """Which phones took the event along, when each was last heard of, and what it hasn't handed over."""
    actor, now = current_actor(), clock.now()
    event = event_of_phones(actor, event_to_take(event_id))
    manages = can_manage_event(actor, event)
    lines = phones_of(event, actor)
    return render_template("desk/devices.html", event=event, lines=lines, now=now, manages=manages)


@bp.post("/events/<event_id>/desk/devices/<device_id>/revocation")
@with_role(*ROLES)
def revocation(event_id: str, device_id: str) -> ResponseReturnValue:
    """Ends a phone's access; it wipes itself when it next finds signal."""
    actor = current_actor()
    event = event_of_phones(actor, event_to_take(event_id))
    revoke_device(event, device_id, now=clock.now(), actor=actor)
    flash(gettext("Ended. The phone wipes itself when it next finds signal; what it sealed before still counts."), "ok")
    return redirect(url_for(".index", event_id=event_id), 303)


@bp.route("/events/<event_id>/desk/imports", methods=["GET", "POST"])
@with_role(COORDINATOR)
def imports(event_id: str) -> ResponseReturnValue:
    """A file that a phone saved: shown first, taken on the second press."""
    form, actor, now = ImportForm(), current_actor(), clock.now()
    event = event_of_phones(actor, event_to_take(event_id))
    require(can_manage_event(actor, event))
    facts, found, text = facts_of(event), None, ""
    if form.validate_on_submit():
        text = form.content.data or _text_of(form.file.data)
        found = form.attempt(contents_of, text, facts)
        if found and form.content.data:
            answer = import_sealed(facts, envelopes_in(text, facts.id), now=now, actor=actor)
            _tell(answer)
            return redirect(url_for("desk.devices.index", event_id=event_id), 303)
    page = render_template("desk/import.html", event=event, form=form, found=found, text=text)
    return page, form.status


def asking_phone(event_id: str) -> Phone | None:
    """The phone whose key came with the request; for the gate of the desk's calls."""
    return phone_of(bearer_token(request) or "", event_id=event_id, now=clock.now())


def _text_of(file: Any) -> str:
    return file.stream.read(LONGEST_FILE).decode("utf-8", "replace") if file else ""


def _tell(answer: Answer) -> None:
    number = len(answer.applied)
    flash(ngettext("%(num)s record was taken.", "%(num)s records were taken.", number), "ok")
    if answer.known:
        flash(gettext("%(num)s were here already.", num=len(answer.known)), "ok")
    for why in sorted({one.why for one in answer.refused}):
        about = next(one.about for one in answer.refused if one.why == why)
        flash(gettext(refusal_words(why)) % {"about": about}, "look")
