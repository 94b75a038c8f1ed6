"""Pages of appeals: writing to the coordinator, and the coordinator's two answers."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.accounts.actor import COORDINATOR
from app.attendance.no_shows import no_shows_of
from app.errors import N_
from app.events.queries import event_to_manage, visible_event
from app.signups.appeal_queries import appeal_to_answer, appeals_of
from app.signups.appealing import accept_appeal, refuse_appeal, write_appeal
from app.web.access import signed_in, with_role
from app.web.actor import current_actor

bp = Blueprint("appeals", __name__)


@bp.post("/events/<event_id>/appeals")
@signed_in
def create(event_id: str) -> ResponseReturnValue:
    """Asks the coordinator for an exception, for oneself or one's child."""
    actor, now = current_actor(), clock.now()
    event = visible_event(actor, event_id)
    person_id = request.form.get("person", "") or str(actor.person_id)
    text = request.form.get("text", "").replace("\x00", "")
    write_appeal(event, person_id, text, absences=no_shows_of([person_id], now=now), now=now, actor=actor)
    flash(gettext(N_("Your letter is with the coordinator. You get the answer by mail.")), "ok")
    return redirect(url_for("events.show", event_id=event_id), 303)


@bp.get("/events/<event_id>/appeals")
@with_role(COORDINATOR)
def index(event_id: str) -> ResponseReturnValue:
    """What people wrote, those unanswered first."""
    event = event_to_manage(current_actor(), event_id)
    return render_template("signups/appeals.html", event=event, appeals=appeals_of(event.id))


@bp.post("/appeals/<appeal_id>/acceptance")
@with_role(COORDINATOR)
def acceptance(appeal_id: str) -> ResponseReturnValue:
    """Takes the person after all."""
    actor = current_actor()
    task = appeal_to_answer(actor, appeal_id)
    signup = accept_appeal(task, now=clock.now(), actor=actor)
    words = N_("Signed up.") if signup.status == "confirmed" else N_("There is no free seat: put into the queue.")
    flash(gettext(words), "ok")
    return redirect(url_for(".index", event_id=signup.event_id), 303)


@bp.post("/appeals/<appeal_id>/refusal")
@with_role(COORDINATOR)
def refusal(appeal_id: str) -> ResponseReturnValue:
    """Stays with the rule."""
    actor = current_actor()
    task = appeal_to_answer(actor, appeal_id)
    event_id = task.event_id
    refuse_appeal(task, note=request.form.get("note", "").replace("\x00", ""), now=clock.now(), actor=actor)
    flash(gettext(N_("Answered. They get a letter.")), "ok")
    return redirect(url_for(".index", event_id=event_id), 303)
