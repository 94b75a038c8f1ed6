"""What one does at the shared computer: sign up, cancel, print the ticket. The rules are those of every other page."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.access.kiosk_door_routes import at_kiosk, this_kiosk, visit
from app.attendance.no_shows import AbsencesWhenAsked, blocked_of_family
from app.errors import N_
from app.events.queries import Filters, upcoming_events, visible_event
from app.rosters.tickets import PER_SHEET, tickets_of_party
from app.signups.forms import PostedSheet, brigade_chosen, clothing_sizes
from app.signups.operations import cancel_place, cancel_signup, sign_up
from app.signups.panel import panel_for
from app.signups.policy import can_cancel
from app.signups.qr import qr_path
from app.signups.queries import (
    family_ids,
    my_signups,
    my_states,
    people_ahead,
    place_to_cancel,
    seen_places,
    signup_to_cancel,
)

bp = Blueprint("kiosk_signups", __name__)

AT_ONCE = 30


@bp.get("/kiosk/events")
@at_kiosk
def events() -> ResponseReturnValue:
    """What is on in the kiosk's city, or everywhere."""
    everywhere = bool(request.args.get("everywhere"))
    filters = Filters(city=None if everywhere else this_kiosk().city)
    page = upcoming_events(now=clock.now(), filters=filters, cursor=request.args.get("cursor"), limit=AT_ONCE)
    mine = my_states(visit().actor, [event.id for event in page.items])
    return _page("kiosk/events.html", page=page, mine=mine, everywhere=everywhere)


@bp.get("/kiosk/events/<event_id>")
@at_kiosk
def show(event_id: str) -> ResponseReturnValue:
    """One event with the sheet to sign up on."""
    actor, now = visit().actor, clock.now()
    event = visible_event(actor, event_id)
    absences = {one.person.id: one.times for one in blocked_of_family(event, actor, now=now)}
    panel = panel_for(event, actor, now, sizes=clothing_sizes(event), absences=absences)
    return _page("kiosk/event.html", event=event, panel=panel, at_kiosk=True)


@bp.post("/kiosk/events/<event_id>/signups")
@at_kiosk
def create(event_id: str) -> ResponseReturnValue:
    """Signs the chosen part of the family or the brigade up."""
    actor, now, form = visit().actor, clock.now(), PostedSheet(request.form)
    people = form.people
    signup = sign_up(
        event_id,
        people,
        leader_id=str(actor.person_id),
        answers=form.answers(event_id, no_shows=AbsencesWhenAsked(people, now=now)),
        accept_fewer=form.accept_fewer,
        brigade_id=brigade_chosen(request.form.getlist("brigades"), people, actor=actor),
        now=now,
        actor=actor,
    )
    if signup.status == "confirmed":
        flash(gettext("You are in. Print the ticket, or show the code on your phone."), "ok")
    else:
        flash(gettext("The sign-up is written down. How it stands is said below."), "look")
    return redirect(url_for(".mine"), 303)


@bp.get("/kiosk/mine")
@at_kiosk
def mine() -> ResponseReturnValue:
    """One's own and the children's events."""
    actor = visit().actor
    ahead = [signup for signup in my_signups(actor, now=clock.now()) if signup.standing_places]
    in_front = people_ahead(ahead)
    rows = [(signup, in_front[signup.id] + 1 if signup.status == "waiting" else None) for signup in ahead]
    return _page("kiosk/mine.html", rows=rows, seen=seen_places(actor, ahead))


@bp.get("/kiosk/signups/<signup_id>/tickets")
@at_kiosk
def tickets(signup_id: str) -> ResponseReturnValue:
    """The sheet to print here."""
    signup, found = tickets_of_party(visit().actor, signup_id)
    return _page("kiosk/tickets.html", event=signup.event, tickets=found, per_sheet=PER_SHEET, qr_path=qr_path)


@bp.get("/kiosk/signups/<signup_id>/cancellation")
@at_kiosk
def ask_cancellation(signup_id: str) -> ResponseReturnValue:
    """Who is leaving?"""
    actor = visit().actor
    signup = signup_to_cancel(actor, signup_id)
    everybody = can_cancel(actor, signup, family=family_ids(actor))
    places = seen_places(actor, [signup])[signup.id]
    return _page("kiosk/cancellation.html", signup=signup, places=places, everybody=everybody)


@bp.post("/kiosk/signups/<signup_id>/cancellation")
@at_kiosk
def cancellation(signup_id: str) -> ResponseReturnValue:
    """The whole party goes no longer."""
    actor = visit().actor
    cancel_signup(signup_to_cancel(actor, signup_id), now=clock.now(), actor=actor)
    flash(gettext(N_("Cancelled. Somebody in the queue will be glad of the seat.")), "ok")
    return redirect(url_for(".mine"), 303)


@bp.post("/kiosk/places/<place_id>/cancellation")
@at_kiosk
def place_cancellation(place_id: str) -> ResponseReturnValue:
    """One person of the party goes no longer."""
    actor = visit().actor
    place = place_to_cancel(actor, place_id)
    cancel_place(place, now=clock.now(), actor=actor)
    flash(gettext(N_("%(name)s is taken off the list."), name=place.person.given_name), "ok")
    return redirect(url_for(".mine"), 303)


def _page(template: str, **facts: object) -> str:
    """The actor of the page is who stands here; the rest of the site knows nobody."""
    return render_template(template, actor=visit().actor, **facts)
