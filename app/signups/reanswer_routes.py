"""The page on which a party, or the coordinator, changes what was answered with the sign-up."""

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from app import clock
from app.accounts.actor import Actor
from app.errors import N_, NotFound
from app.events.policy import can_manage_event
from app.signups.forms import AnswersForm, clothing_sizes
from app.signups.models import Place, SignUp
from app.signups.queries import seen_places, signup_to_cancel
from app.signups.reanswer_queries import given_answers
from app.signups.reanswering import change_answers
from app.signups.rules import cancels_until
from app.web.access import signed_in
from app.web.actor import current_actor

bp = Blueprint("reanswers", __name__)


@bp.get("/signups/<signup_id>/answers")
@signed_in
def show(signup_id: str) -> ResponseReturnValue:
    """What was answered, in fields; `?place=` shows one person alone, as the roster asks."""
    actor, now = current_actor(), clock.now()
    signup = signup_to_cancel(actor, signup_id)
    event = signup.event
    given = given_answers(actor, signup, _shown(actor, signup), sizes=clothing_sizes(event))
    if not g.get("posted"):
        g.posted = MultiDict(given.fields)  # the sheet opens as it was filled in
    until = event.starts_at if can_manage_event(actor, event) else cancels_until(event)
    return render_template(
        "signups/given_answers.html",
        signup=signup,
        event=event,
        given=given,
        until=until,
        is_late=until <= now and not all(row.place.is_waiting for row in given.rows),
        back=_back(signup),
    )


@bp.post("/signups/<signup_id>/answers")
@signed_in
def change(signup_id: str) -> ResponseReturnValue:
    """Takes them instead of the old ones."""
    actor = current_actor()
    signup = signup_to_cancel(actor, signup_id)
    form = AnswersForm()
    form.validate()
    change_answers(signup, form.answers(signup.event_id, request.form), now=clock.now(), actor=actor)
    flash(gettext(N_("The answers are changed.")), "ok")
    return redirect(_back(signup), 303)


def _shown(actor: Actor, signup: SignUp) -> list[Place]:
    places, one = seen_places(actor, [signup])[signup.id], request.args.get("place")
    shown = [place for place in places if one in (None, place.id)]
    if not shown:
        raise NotFound
    return shown


def _back(signup: SignUp) -> str:
    """Where the reader came from: the roster's page of one person, or the party."""
    place = request.args.get("place")
    if place and can_manage_event(current_actor(), signup.event):
        return url_for("desk.place", event_id=signup.event_id, place_id=place)
    return url_for("parties.show", signup_id=signup.id)
