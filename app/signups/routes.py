"""Pages of sign-ups: signing up, one's own events with tickets, cancelling, consents that followed later."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from app import clock
from app.errors import N_
from app.signups.forms import SignUpForm
from app.signups.models import SignUp
from app.signups.operations import cancel_place, cancel_signup, give_consent, revoke_consent, sign_up
from app.signups.qr import qr_path
from app.signups.queries import my_signups, people_ahead_of, place_of_family, signup_to_cancel
from app.web.access import signed_in
from app.web.actor import current_actor

bp = Blueprint("signups", __name__)


@bp.post("/events/<event_id>/signups")
@signed_in
def create(event_id: str) -> ResponseReturnValue:
    """Signs the chosen part of the family up; afterwards the ticket is on the screen."""
    actor, now = current_actor(), clock.now()
    form = SignUpForm()
    form.validate()
    signup = sign_up(
        event_id,
        form.people.data or [],
        leader_id=str(actor.person_id),
        answers=form.answers(event_id),
        accept_fewer=bool(form.accept_fewer.data),
        now=now,
        actor=actor,
    )
    flash(_welcome(signup), "ok" if signup.status == "confirmed" else "look")
    return redirect(url_for("signups.mine", _anchor=f"s-{signup.id}"), 303)


@bp.get("/my")
@signed_in
def mine() -> ResponseReturnValue:
    """One's own and the children's events: tickets first, then the queue, then what was."""
    actor, now = current_actor(), clock.now()
    ahead = my_signups(actor, now=now)
    return render_template(
        "signups/mine.html",
        seated=[signup for signup in ahead if signup.status in ("confirmed", "offered")],
        waiting=[(signup, people_ahead_of(signup) + 1) for signup in ahead if signup.status == "waiting"],
        cancelled=[signup for signup in ahead if signup.status == "cancelled"],
        past=my_signups(actor, now=now, past=True, limit=20),
        shown=request.args.get("place"),
        qr_path=qr_path,
    )


@bp.get("/signups/<signup_id>/cancellation")
@signed_in
def ask_cancellation(signup_id: str) -> ResponseReturnValue:
    """Who is leaving? All of the party, or one."""
    signup = signup_to_cancel(current_actor(), signup_id)
    return render_template("signups/cancellation.html", signup=signup)


@bp.post("/signups/<signup_id>/cancellation")
@signed_in
def cancellation(signup_id: str) -> ResponseReturnValue:
    """The whole party goes no longer."""
    actor = current_actor()
    signup = signup_to_cancel(actor, signup_id)
    cancel_signup(signup, now=clock.now(), actor=actor)
    flash(gettext(N_("Cancelled. Somebody in the queue will be glad of the seat.")), "ok")
    return redirect(url_for("signups.mine"), 303)


@bp.post("/places/<place_id>/cancellation")
@signed_in
def place_cancellation(place_id: str) -> ResponseReturnValue:
    """One person of the party goes no longer."""
    actor = current_actor()
    place = place_of_family(actor, place_id)
    cancel_place(place, now=clock.now(), actor=actor)
    flash(gettext(N_("%(name)s is taken off the list."), name=place.person.given_name), "ok")
    return redirect(url_for("signups.mine"), 303)


@bp.post("/places/<place_id>/consent")
@signed_in
def consent(place_id: str) -> ResponseReturnValue:
    """A guardian agrees after the sign-up was made by somebody else."""
    actor = current_actor()
    place = place_of_family(actor, place_id)
    give_consent(place, now=clock.now(), actor=actor)
    flash(gettext(N_("Your consent for %(name)s is written down."), name=place.person.given_name), "ok")
    return redirect(url_for("signups.mine"), 303)


@bp.post("/places/<place_id>/consent/revocation")
@signed_in
def consent_revocation(place_id: str) -> ResponseReturnValue:
    """A guardian takes consent back."""
    actor = current_actor()
    place = place_of_family(actor, place_id)
    revoke_consent(place, now=clock.now(), actor=actor)
    flash(gettext(N_("Your consent for %(name)s is taken back."), name=place.person.given_name), "look")
    return redirect(url_for("signups.mine"), 303)


def _welcome(signup: SignUp) -> str:
    if signup.status == "confirmed":
        return gettext(N_("You are in. Your ticket is below."))
    ahead = people_ahead_of(signup)
    return ngettext(
        "You are in the queue. %(num)s person is ahead of you.",
        "You are in the queue. %(num)s people are ahead of you.",
        ahead,
    )
