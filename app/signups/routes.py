"""Pages of sign-ups: signing up, one's own events with tickets, cancelling, consents that followed later."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from app import clock
from app.accounts.actor import COORDINATOR
from app.attendance.hours import spoken_hours
from app.attendance.no_shows import AbsencesWhenAsked
from app.attendance.own_hours import minutes_given
from app.errors import N_, require
from app.events.policy import can_manage_event
from app.events.queries import event_to_manage
from app.people.queries import person_visible
from app.rosters.duty_queries import with_tasks
from app.rosters.whereabouts import whereabouts
from app.signups.cant_come_routes import bp as cant_come
from app.signups.feed_routes import bp as feeds
from app.signups.forms import PostedSheet, brigade_chosen, clothing_sizes, without_consents
from app.signups.models import SignUp
from app.signups.operations import cancel_place, cancel_signup, give_consent, revoke_consent, sign_up
from app.signups.panel import panel_for
from app.signups.policy import can_cancel, can_change_party
from app.signups.qr import qr_path
from app.signups.queries import (
    callers,
    event_named,
    family_ids,
    my_signups,
    people_ahead,
    place_of_family,
    place_to_cancel,
    seen_places,
    signup_to_cancel,
)
from app.signups.reach import without_letters
from app.signups.reanswer_queries import asking
from app.web.access import signed_in, with_role
from app.web.actor import current_actor
from app.web.addresses import own_path

bp = Blueprint("signups", __name__)
bp.register_blueprint(cant_come)
bp.register_blueprint(feeds)

CALLERS = 20


@bp.post("/events/<event_id>/signups")
@signed_in
def create(event_id: str) -> ResponseReturnValue:
    """Signs the chosen people up; afterwards the ticket is on the screen."""
    actor, now = current_actor(), clock.now()
    form = PostedSheet(request.form)
    people, caller = form.people, request.form.get("leader", "")
    for_another = bool(caller) and caller != actor.person_id
    answers = form.answers(event_id, no_shows=AbsencesWhenAsked(people, now=now))
    if for_another:
        require(can_manage_event(actor, event_named(event_id)))
        person_visible(actor, caller)
        answers = without_consents(answers)
    signup = sign_up(
        event_id,
        people,
        leader_id=caller if for_another else str(actor.person_id),
        answers=answers,
        accept_fewer=form.accept_fewer,
        brigade_id=brigade_chosen(request.form.getlist("brigades"), people, actor=actor),
        now=now,
        actor=actor,
    )
    return _signed_up_for(signup) if for_another else _signed_up(signup)


@bp.get("/events/<event_id>/signup")
@with_role(COORDINATOR)
def someone(event_id: str) -> ResponseReturnValue:
    """A coordinator signs up somebody who called: first who it is, then the same sheet as theirs."""
    actor, now = current_actor(), clock.now()
    event = event_to_manage(actor, event_id)
    q = request.args.get("q", "").strip()[:100]
    whom = person_visible(actor, request.args["person"]) if request.args.get("person") else None
    panel = None
    if whom:
        panel = panel_for(event, actor, now, sizes=clothing_sizes(event), whom=whom)
    return render_template(
        "signups/someone.html",
        event=event,
        q=q,
        found=callers(actor, q, limit=CALLERS + 1) if q else [],
        limit=CALLERS,
        panel=panel,
    )


@bp.get("/my")
@signed_in
def mine() -> ResponseReturnValue:
    """One's own, the children's and the brigade's events: tickets first, then the queue, then what was."""
    actor, now = current_actor(), clock.now()
    ahead, past = my_signups(actor, now=now), my_signups(actor, now=now, past=True, limit=20)
    in_front = people_ahead(ahead)
    seen = seen_places(actor, ahead)
    just = next((signup for signup in ahead if signup.id == request.args.get("new")), None)
    if just and just.status != "cancelled":
        flash(_welcome(just, in_front.get(just.id, 0)), "ok" if just.status == "confirmed" else "look")
    return render_template(
        "signups/mine.html",
        seated=[signup for signup in ahead if signup.status in ("confirmed", "offered")],
        waiting=[(signup, in_front[signup.id] + 1) for signup in ahead if signup.status == "waiting"],
        cancelled=[signup for signup in ahead if signup.status == "cancelled"],
        past=past,
        seen=seen,
        put=whereabouts([place.id for places in seen.values() for place in places]),
        may_change={signup.id for signup in ahead if can_change_party(actor, signup)},
        asking=asking(signup.event for signup in ahead),
        unreachable=without_letters(signup for signup in ahead if signup.leader_id == actor.person_id),
        shown=request.args.get("place"),
        with_tasks=with_tasks({signup.event_id for signup in ahead}),
        qr_path=qr_path,
        hours=spoken_hours(minutes_given(str(actor.person_id))) if past else "",
    )


@bp.get("/signups/<signup_id>/cancellation")
@signed_in
def ask_cancellation(signup_id: str) -> ResponseReturnValue:
    """Who is leaving? All of the party, or one."""
    actor = current_actor()
    signup = signup_to_cancel(actor, signup_id)
    places = seen_places(actor, [signup])[signup.id]
    everybody = can_cancel(actor, signup, family=family_ids(actor))
    return render_template("signups/cancellation.html", signup=signup, places=places, everybody=everybody)


@bp.post("/signups/<signup_id>/cancellation")
@signed_in
def cancellation(signup_id: str) -> ResponseReturnValue:
    """The whole party goes no longer."""
    actor = current_actor()
    signup = signup_to_cancel(actor, signup_id)
    cancel_signup(signup, now=clock.now(), actor=actor)
    flash(gettext(N_("Cancelled. Somebody in the queue will be glad of the seat.")), "ok")
    return redirect(own_path(request.form.get("next")) or url_for("signups.mine"), 303)


@bp.post("/places/<place_id>/cancellation")
@signed_in
def place_cancellation(place_id: str) -> ResponseReturnValue:
    """One person of the party goes no longer."""
    actor = current_actor()
    place = place_to_cancel(actor, place_id)
    cancel_place(place, now=clock.now(), actor=actor)
    flash(gettext(N_("%(name)s is taken off the list."), name=place.person.given_name or place.person.surname), "ok")
    return redirect(own_path(request.form.get("next")) or url_for("signups.mine"), 303)


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


def _signed_up(signup: SignUp) -> ResponseReturnValue:
    """The page welcomes them itself: hundreds get this answer while others wait, and to sign a greeting takes time."""
    return redirect(url_for("signups.mine", new=signup.id, _anchor=f"s-{signup.id}"), 303)


def _signed_up_for(signup: SignUp) -> ResponseReturnValue:
    """The coordinator reads how it stands, and whether a letter can say so."""
    name = signup.leader.short_name
    words = {
        "confirmed": N_("%(name)s is signed up."),
        "offered": N_("%(name)s is signed up and waits for approval."),
        "waiting": N_("%(name)s is in the queue."),
    }
    flash(gettext(words[signup.status], name=name), "ok" if signup.status == "confirmed" else "look")
    if without_letters([signup]):
        flash(gettext(N_("No letter can be sent: there is no e-mail. Print the ticket and hand it over.")), "look")
    return redirect(url_for("parties.show", signup_id=signup.id), 303)


def _welcome(signup: SignUp, ahead: int) -> str:
    if signup.status == "confirmed":
        return gettext(N_("You are in. Your ticket is below."))
    if signup.status == "offered":
        return gettext(N_("The seat is kept for you until the sign-up is approved. We will write to you."))
    return ngettext(
        "You are in the queue. %(num)s person is ahead of you.",
        "You are in the queue. %(num)s people are ahead of you.",
        ahead,
    )
