"""Bulk actions on the roster, first tried, then done; and two parties that change places. Part of the desk."""

from dataclasses import replace

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.accounts.actor import COORDINATOR, HELPER, SAFETY_OFFICER
from app.attendance.entry_ids import new_entry_id
from app.desk.roster.asked_routes import asked_in_form
from app.desk.roster.batch_errors import NobodyPicked
from app.desk.roster.batches import Order, check_order, do_for_many
from app.desk.roster.choices import choices_of
from app.desk.roster.queries import event_of_roster, place_ids_of, place_of_roster
from app.desk.roster.swapping import swap_parties, waiting_parties
from app.errors import NotFound, require
from app.events.models import Event
from app.events.policy import can_manage_event
from app.web.access import with_role
from app.web.actor import current_actor

bp = Blueprint("batches", __name__)

LANGUAGES = ("kk", "ru", "en")
NEEDS_TARGET = {"group": "groups", "bus": "buses", "shift": "shifts"}


@bp.post("/events/<event_id>/roster/preview")
@with_role(COORDINATOR, SAFETY_OFFICER, HELPER)
def preview(event_id: str) -> ResponseReturnValue:
    """What the action would do: how many and who, who is left out and why. Changes nothing."""
    actor, now = current_actor(), clock.now()
    event = event_of_roster(actor, event_id)
    order, ids = _order(), _picked(event)
    if not ids:
        raise NobodyPicked
    report, asks = None, _asks(order)
    if asks and not request.form.get("filled"):
        check_order(event, replace(order, label="-", subject={"kk": "-"}, text={"kk": "-"}), actor=actor)
    else:
        report = do_for_many(event, ids, order=order, is_trial=True, now=now, actor=actor)
    return _page(event, order, ids, report=report, asks=asks)


@bp.post("/events/<event_id>/roster/batch")
@with_role(COORDINATOR, SAFETY_OFFICER, HELPER)
def batch(event_id: str) -> ResponseReturnValue:
    """Does it and reports: how many, and who was left out and why."""
    actor, now = current_actor(), clock.now()
    event = event_of_roster(actor, event_id)
    order, ids = _order(), _picked(event)
    report = do_for_many(event, ids, order=order, is_trial=False, now=now, actor=actor)
    return _page(event, order, ids, report=report, is_done=True)


@bp.get("/events/<event_id>/roster/<place_id>/swap")
@with_role(COORDINATOR)
def swap(event_id: str, place_id: str) -> ResponseReturnValue:
    """With whom of the queue the party of this person could change places."""
    actor = current_actor()
    place = place_of_roster(actor, place_id)
    if place.event_id != event_id:
        raise NotFound
    require(can_manage_event(actor, place.event))
    party = place.signup.standing_places
    waiting = waiting_parties(place.event, len(party)) if party else []
    return render_template("desk/swap.html", event=place.event, place=place, party=party, waiting=waiting)


@bp.post("/events/<event_id>/roster/<place_id>/swap")
@with_role(COORDINATOR)
def swapping(event_id: str, place_id: str) -> ResponseReturnValue:
    """They change places; both are told."""
    actor, now = current_actor(), clock.now()
    place = place_of_roster(actor, place_id)
    if place.event_id != event_id:
        raise NotFound
    swap_parties(place.event, place.signup_id, request.form.get("with", ""), now=now, actor=actor)
    flash(gettext("They changed places. Both parties get a letter."), "ok")
    return redirect(url_for("desk.place", event_id=event_id, place_id=place_id), 303)


def _order() -> Order:
    said = request.form

    def words(name: str) -> dict[str, str]:
        found = {code: said.get(f"{name}-{code}", "").strip()[:4000] for code in LANGUAGES}
        return {code: word for code, word in found.items() if word}

    return Order(
        action=said.get("action", ""),
        batch=said.get("batch") or new_entry_id(),
        target=said.get("target", "")[:40],
        label=said.get("label", "")[:100],
        subject=words("subject"),
        text=words("text"),
        footer=words("footer"),
    )


def _picked(event: Event) -> list[str]:
    """Those that were ticked, or all who fit the filter that the form carries along."""
    if request.form.get("all") == "1":
        return place_ids_of(event, asked_in_form().wanted)
    return list(dict.fromkeys(request.form.getlist("place")))


def _asks(order: Order) -> str:
    """What the page has to ask before anything can be tried."""
    if order.action in NEEDS_TARGET:
        return "target"
    return {"label": "label", "unlabel": "label", "message": "message"}.get(order.action, "")


def _page(event: Event, order: Order, ids: list[str], *, report: object, asks: str = "", is_done: bool = False) -> str:
    actor = current_actor()
    choices = choices_of(event, actor)
    return render_template(
        "desk/batch.html",
        event=event,
        order=order,
        ids=[] if request.form.get("all") == "1" else ids,
        number=len(ids),
        words=asked_in_form().words(),
        report=report,
        asks=asks,
        is_done=is_done,
        targets=getattr(choices, NEEDS_TARGET[order.action]) if order.action in NEEDS_TARGET else {},
        labels=choices.labels,
        codes=LANGUAGES,
    )
