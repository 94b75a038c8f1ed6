"""What coordinators keep beside a roster: saved views, labels and notes. Part of the desk."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.accounts.actor import COORDINATOR, GIFT_KEEPER, SAFETY_OFFICER
from app.attendance.entry_ids import new_entry_id
from app.desk.roster.asked_routes import asked_in_form
from app.desk.roster.batches import Order, do_for_many
from app.desk.roster.notes import add_note, remove_note
from app.desk.roster.queries import event_of_roster, place_of_roster
from app.desk.roster.views import remove_view, save_view
from app.errors import NotFound
from app.signups.models import Place
from app.web.access import with_role
from app.web.actor import current_actor

bp = Blueprint("keeping", __name__)

ROLES = (COORDINATOR, SAFETY_OFFICER, GIFT_KEEPER)


@bp.post("/events/<event_id>/roster/views")
@with_role(*ROLES)
def views(event_id: str) -> ResponseReturnValue:
    """Keeps filters, order and columns of the roster under a name."""
    actor = current_actor()
    event = event_of_roster(actor, event_id)
    view = save_view(
        event,
        asked_in_form(),
        name=request.form.get("name", ""),
        is_shared=request.form.get("shared") == "1",
        here_only=request.form.get("here") == "1",
        now=clock.now(),
        actor=actor,
    )
    flash(gettext("Saved: %(name)s", name=view.name), "ok")
    return redirect(url_for("desk.roster", event_id=event_id, view=view.id), 303)


@bp.post("/events/<event_id>/roster/views/removal")
@with_role(*ROLES)
def view_removal(event_id: str) -> ResponseReturnValue:
    """Forgets one of one's own views."""
    actor = current_actor()
    event = event_of_roster(actor, event_id)
    remove_view(request.form.get("view", ""), now=clock.now(), actor=actor)
    flash(gettext("The view is removed."), "ok")
    return redirect(url_for("desk.roster", event_id=event.id), 303)


@bp.post("/events/<event_id>/roster/<place_id>/labels")
@with_role(COORDINATOR)
def labels(event_id: str, place_id: str) -> ResponseReturnValue:
    """A label for one person, or away with it."""
    actor = current_actor()
    place = _place_here(event_id, place_id)
    action = "unlabel" if request.form.get("remove") else "label"
    order = Order(action, new_entry_id(), label=request.form.get("remove") or request.form.get("label", ""))
    report = do_for_many(place.event, [place.id], order=order, is_trial=False, now=clock.now(), actor=actor)
    for _, why in report.left_out:
        raise why
    return _back(event_id, place_id)


@bp.post("/events/<event_id>/roster/<place_id>/notes")
@with_role(COORDINATOR)
def notes(event_id: str, place_id: str) -> ResponseReturnValue:
    """A note about one person for the other coordinators; `remove` takes one away."""
    actor, now = current_actor(), clock.now()
    place = _place_here(event_id, place_id)
    if note_id := request.form.get("remove"):
        remove_note(note_id, now=now, actor=actor)
    else:
        add_note(place, request.form.get("text", ""), now=now, actor=actor)
    return _back(event_id, place_id)


def _place_here(event_id: str, place_id: str) -> Place:
    place = place_of_roster(current_actor(), place_id)
    if place.event_id != event_id:
        raise NotFound
    return place


def _back(event_id: str, place_id: str) -> ResponseReturnValue:
    return redirect(url_for("desk.place", event_id=event_id, place_id=place_id), 303)
