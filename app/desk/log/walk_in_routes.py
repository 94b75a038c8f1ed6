"""People who came without a place: a coordinator gives them a seat. Part of the desk."""

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.accounts.actor import COORDINATOR
from app.desk.log.walk_in_seats import seat_walk_in
from app.desk.roster.queries import event_of_roster
from app.web.access import with_role
from app.web.actor import current_actor

bp = Blueprint("walk_ins", __name__)


@bp.post("/events/<event_id>/walk-ins/<walk_in_id>/seat")
@with_role(COORDINATOR)
def seat(event_id: str, walk_in_id: str) -> ResponseReturnValue:
    """Theirs, if there is one left."""
    actor = current_actor()
    event = event_of_roster(actor, event_id)
    place = seat_walk_in(event, walk_in_id, now=clock.now(), actor=actor)
    flash(gettext("%(name)s has a place now.", name=place.person.short_name), "ok")
    return redirect(url_for("desk.roster", event_id=event_id), 303)
