"""The page of one party: who is in it, adding, putting one in the place of another, the order of preference."""

from dataclasses import replace

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.accounts.actor import COORDINATOR, Actor
from app.attendance.no_shows import AbsencesWhenAsked
from app.errors import N_, NotFound
from app.events.queries import event_to_manage
from app.signups.answers import Answers
from app.signups.changing import add_to_party, reorder_party, replace_in_party
from app.signups.forms import PostedSheet, clothing_sizes, without_consents
from app.signups.models import Place, SignUp
from app.signups.panel import Panel, panel_for
from app.signups.policy import can_change_party
from app.signups.queries import people_ahead_of, place_to_cancel, seen_places, signup_to_cancel, signup_to_change
from app.signups.question_queries import sheet_of_party
from app.signups.reach import unreached_at, without_letters
from app.signups.reanswer_queries import asking
from app.web.access import signed_in, with_role
from app.web.actor import current_actor

bp = Blueprint("parties", __name__)


@bp.get("/signups/<signup_id>/party")
@signed_in
def show(signup_id: str) -> ResponseReturnValue:
    """Who is in the party, and what can be changed; `?instead=` a place shows who may go in its stead."""
    actor = current_actor()
    signup = signup_to_cancel(actor, signup_id)
    places = seen_places(actor, [signup])[signup.id]
    instead = next((place for place in places if place.id == request.args.get("instead")), None)
    return render_template(
        "signups/party.html",
        signup=signup,
        event=signup.event,
        places=places,
        others=len(signup.standing_places) - len(places),
        may_change=can_change_party(actor, signup),
        panel=_panel(signup, actor),
        instead=instead,
        position=people_ahead_of(signup) + 1 if signup.waiting else None,
        asks=bool(asking([signup.event])),
        unreachable=without_letters([signup]).get(signup.id, []) if can_change_party(actor, signup) else [],
    )


@bp.post("/signups/<signup_id>/people")
@signed_in
def add(signup_id: str) -> ResponseReturnValue:
    """More people go along."""
    actor = current_actor()
    signup = signup_to_change(actor, signup_id)
    form = PostedSheet(request.form)
    answers = _answers(form, signup, actor)
    add_to_party(signup, form.people, answers=answers, now=clock.now(), actor=actor)
    flash(gettext(N_("Your party is larger now.")), "ok" if not signup.waiting else "look")
    return redirect(url_for(".show", signup_id=signup_id), 303)


@bp.post("/places/<place_id>/replacement")
@signed_in
def replacement(place_id: str) -> ResponseReturnValue:
    """Somebody else goes in this one's stead."""
    actor = current_actor()
    place = _place_to_change(actor, place_id)
    form = PostedSheet(request.form)
    person_id = next(iter(form.people), "")
    answers = _answers(form, place.signup, actor)
    new = replace_in_party(place, person_id, answers=answers, now=clock.now(), actor=actor)
    names = {"old": place.person.given_name or place.person.surname, "new": new.person.given_name or new.person.surname}
    flash(gettext(N_("%(new)s goes instead of %(old)s."), **names), "ok")
    return redirect(url_for(".show", signup_id=place.signup_id), 303)


@bp.post("/signups/<signup_id>/order")
@signed_in
def order(signup_id: str) -> ResponseReturnValue:
    """One goes a step up: who goes first when there is room only for some."""
    actor = current_actor()
    signup = signup_to_change(actor, signup_id)
    people = moved_up(request.form.getlist("people"), request.form.get("up", ""))
    reorder_party(signup, people, now=clock.now(), actor=actor)
    return redirect(url_for(".show", signup_id=signup_id, _anchor="people"), 303)


@bp.get("/events/<event_id>/unreached")
@with_role(COORDINATOR)
def unreached(event_id: str) -> ResponseReturnValue:
    """Who gets no letters about this event: call them, or hand the ticket over."""
    event = event_to_manage(current_actor(), event_id)
    return render_template("signups/unreached.html", event=event, places=unreached_at(event))


def moved_up(people: list[str], one: str) -> list[str]:
    """The same list with this one a step nearer to the top."""
    at = people.index(one) if one in people else 0
    if at == 0:
        return people
    return [*people[: at - 1], one, people[at - 1], *people[at + 1 :]]


def _place_to_change(actor: Actor, place_id: str) -> Place:
    place = place_to_cancel(actor, place_id)
    if not can_change_party(actor, place.signup):
        raise NotFound
    return place


def _answers(form: PostedSheet, signup: SignUp, actor: Actor) -> Answers:
    absences = AbsencesWhenAsked(form.people, now=clock.now())
    answers = form.answers(signup.event_id, no_shows=absences)
    return answers if actor.person_id == signup.leader_id else without_consents(answers)


def _panel(signup: SignUp, actor: Actor) -> Panel:
    """The sheet of those who are not in it yet."""
    whom = signup.leader if actor.person_id != signup.leader_id and can_change_party(actor, signup) else None
    panel = panel_for(signup.event, actor, clock.now(), sizes=clothing_sizes(signup.event), whom=whom)
    return replace(panel, sheet=sheet_of_party(panel.sheet, signup))
