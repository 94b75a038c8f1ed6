"""The page of an event's helpers, for its coordinator. Part of desk."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.access.forms import HelperForm
from app.accounts.actor import COORDINATOR
from app.desk.day.hands import end_help, hands_of, name_helper
from app.events.queries import event_to_manage
from app.web.access import with_role
from app.web.actor import current_actor

bp = Blueprint("hands", __name__)


@bp.route("/events/<event_id>/helpers", methods=["GET", "POST"])
@with_role(COORDINATOR)
def index(event_id: str) -> ResponseReturnValue:
    """Who helps on the day, and naming one more."""
    actor, form = current_actor(), HelperForm()
    event = event_to_manage(actor, event_id)
    typed, now = str(form.helper.data), clock.now()
    if form.validate_on_submit() and form.attempt(name_helper, event, typed, now=now, actor=actor):
        flash(gettext("Named. They may mark and hand out on the event's days."), "ok")
        return redirect(url_for(".index", event_id=event_id), 303)
    return render_template("desk/hands.html", event=event, form=form, hands=hands_of(event)), form.status


@bp.post("/events/<event_id>/helpers/<grant_id>/ending")
@with_role(COORDINATOR)
def ending(event_id: str, grant_id: str) -> ResponseReturnValue:
    """They help no more."""
    actor = current_actor()
    end_help(event_to_manage(actor, event_id), grant_id, now=clock.now(), actor=actor)
    flash(gettext("They see the list no more."), "ok")
    return redirect(url_for(".index", event_id=event_id), 303)
