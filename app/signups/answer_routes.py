"""Answering: an offered seat, or whether a party may go. By the link of a letter without a login, or logged in.

Mail scanners open every address, so a GET shows a page with buttons and changes nothing; only their POST answers.
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, gettext

from app import clock
from app.accounts.actor import Actor
from app.errors import N_
from app.signups.answer_forms import RefusalForm
from app.signups.answer_queries import (
    approval_by_link,
    approval_of,
    is_of_party,
    offer_by_link,
    offer_of,
    open_approvals,
    places_shown,
)
from app.signups.approval_mails import asked_about
from app.signups.approving import approve, held_places, refuse
from app.signups.models import Approval, Offer
from app.signups.offering import accept_offer, decline_offer
from app.signups.qr import qr_path
from app.web.access import open_to_all, signed_in
from app.web.actor import current_actor

bp = Blueprint("answers", __name__)


@bp.get("/offers/<token>")
@open_to_all
def offer(token: str) -> ResponseReturnValue:
    """A seat is held: who, when, until when, and two buttons; after the answer, what became of it."""
    now = clock.now()
    found, reader = offer_by_link(token, now=now)
    return _offer_page(found, reader, token, now=now)


@bp.post("/offers/<token>/acceptance")
@open_to_all
def offer_acceptance(token: str) -> ResponseReturnValue:
    """The party takes the seats; the page then holds the tickets."""
    now = clock.now()
    found, reader = offer_by_link(token, now=now)
    if _offer_state(found, now=now) != "open":
        return _offer_page(found, reader, token, too_late=True, now=now), 409
    accept_offer(found.id, now=now, actor=reader, by_person_id=reader.person_id)
    return redirect(url_for("answers.offer", token=token), 303)


@bp.post("/offers/<token>/refusal")
@open_to_all
def offer_refusal(token: str) -> ResponseReturnValue:
    """The party leaves the seats to the next in the queue."""
    now = clock.now()
    found, reader = offer_by_link(token, now=now)
    if _offer_state(found, now=now) != "open":
        return _offer_page(found, reader, token, too_late=True, now=now), 409
    decline_offer(found.id, now=now, actor=reader, by_person_id=reader.person_id)
    return redirect(url_for("answers.offer", token=token), 303)


@bp.post("/signups/<signup_id>/offer/acceptance")
@signed_in
def own_offer_acceptance(signup_id: str) -> ResponseReturnValue:
    """The same by a button on "my events"."""
    actor = current_actor()
    found = offer_of(actor, signup_id)
    accept_offer(found.id, now=clock.now(), actor=actor, by_person_id=actor.person_id)
    flash(gettext(N_("The answer is written down.")), "ok")
    return redirect(_page_of(actor, found), 303)


@bp.post("/signups/<signup_id>/offer/refusal")
@signed_in
def own_offer_refusal(signup_id: str) -> ResponseReturnValue:
    """The same by a button on "my events"."""
    actor = current_actor()
    found = offer_of(actor, signup_id)
    decline_offer(found.id, now=clock.now(), actor=actor, by_person_id=actor.person_id)
    flash(gettext(N_("The seat goes to the next in the queue. Thank you for saying so.")), "ok")
    return redirect(_page_of(actor, found), 303)


@bp.get("/approvals")
@signed_in
def approvals() -> ResponseReturnValue:
    """Who waits for a yes of this reader, the most urgent first."""
    page = open_approvals(current_actor(), now=clock.now(), cursor=request.args.get("cursor"))
    asked = [(one, asked_about(one.signup, held_places(one.signup))) for one in page.items]
    return render_template("signups/answers/approvals.html", asked=asked, next=page.next, form=RefusalForm())


@bp.get("/approvals/<token>")
@open_to_all
def approval(token: str) -> ResponseReturnValue:
    """May this party go? Who, where, until when, and two buttons; after the answer, what became of it."""
    now = clock.now()
    found, reader = approval_by_link(token, now=now)
    return _approval_page(found, reader, token, RefusalForm(), now=now)


@bp.post("/approvals/<token>/approval")
@open_to_all
def approval_approval(token: str) -> ResponseReturnValue:
    """The party may go."""
    now = clock.now()
    found, reader = approval_by_link(token, now=now)
    if _approval_state(found, now=now) != "open":
        return _approval_page(found, reader, token, RefusalForm(), too_late=True, now=now), 409
    approve(found.id, now=now, actor=reader, by=reader.person_id)
    return redirect(url_for("answers.approval", token=token), 303)


@bp.post("/approvals/<token>/refusal")
@open_to_all
def approval_refusal(token: str) -> ResponseReturnValue:
    """The party may not go, with a note that it gets to read."""
    now, form = clock.now(), RefusalForm()
    found, reader = approval_by_link(token, now=now)
    if _approval_state(found, now=now) != "open":
        return _approval_page(found, reader, token, form, too_late=True, now=now), 409
    if form.validate_on_submit():
        refuse(found.id, now=now, actor=reader, by=reader.person_id, note=form.note_said)
        return redirect(url_for("answers.approval", token=token), 303)
    return _approval_page(found, reader, token, form, now=now), form.status


@bp.post("/signups/<signup_id>/approval")
@signed_in
def own_approval(signup_id: str) -> ResponseReturnValue:
    """The party may go: by a button on the list."""
    actor = current_actor()
    found = approval_of(actor, signup_id)
    approve(found.id, now=clock.now(), actor=actor, by=actor.person_id)
    flash(gettext(N_("Approved. %(name)s has a letter about it."), name=found.signup.leader.short_name), "ok")
    return redirect(url_for("answers.approvals"), 303)


@bp.post("/signups/<signup_id>/refusal")
@signed_in
def own_refusal(signup_id: str) -> ResponseReturnValue:
    """The party may not go: by a button on the list."""
    actor, now, form = current_actor(), clock.now(), RefusalForm()
    found = approval_of(actor, signup_id)
    if form.validate_on_submit():
        refuse(found.id, now=now, actor=actor, by=actor.person_id, note=form.note_said)
        flash(gettext(N_("Refused. %(name)s has a letter about it."), name=found.signup.leader.short_name), "ok")
        return redirect(url_for("answers.approvals"), 303)
    asked = [(found, asked_about(found.signup, held_places(found.signup)))]
    return render_template("signups/answers/approvals.html", asked=asked, next=None, form=form), form.status


def _page_of(actor: Actor, found: Offer) -> str:
    """Where its reader sees the party: a family among its events, a coordinator on the party's page."""
    if is_of_party(actor, found.signup):
        return url_for("signups.mine", _anchor=f"s-{found.signup_id}")
    return url_for("queues.show", signup_id=found.signup_id)


def _offer_page(found: Offer, reader: Actor, token: str, *, too_late: bool = False, now: datetime) -> str:
    signup, state = found.signup, _offer_state(found, now=now)
    places = [place for place in signup.places if place.awaits == "answer"] if state == "open" else []
    seated = [place for place in signup.places if place.is_confirmed] if state == "accepted" else []
    with _spoken_to(reader):
        return render_template(
            "signups/answers/offer.html",
            offer=found,
            event=signup.event,
            state=state,
            places=places_shown(reader, places),
            tickets=places_shown(reader, seated),
            is_pending=any(place.awaits == "approval" for place in signup.places),
            token=token,
            too_late=too_late,
            qr_path=qr_path,
        )


def _approval_page(
    found: Approval, reader: Actor, token: str, form: RefusalForm, *, too_late: bool = False, now: datetime
) -> str:
    with _spoken_to(reader):
        return render_template(
            "signups/answers/approval.html",
            approval=found,
            event=found.signup.event,
            state=_approval_state(found, now=now),
            token=token,
            form=form,
            too_late=too_late,
            **_asked(found),
        )


def _asked(found: Approval) -> Mapping[str, Any]:
    """Whom the question is about; who it was about, once it is answered."""
    return asked_about(found.signup, held_places(found.signup) or list(found.signup.places))


def _offer_state(found: Offer, *, now: datetime) -> str:
    return found.answer or ("open" if now < found.expires_at else "expired")


def _approval_state(found: Approval, *, now: datetime) -> str:
    return found.answer or ("open" if now < found.due_at else "expired")


def _spoken_to(reader: Actor) -> AbstractContextManager[Any]:
    """A page that a letter led to speaks the letter's language, unless this browser chose one."""
    if current_actor().is_signed_in or "language" in session or reader.person_id is None:
        return nullcontext()
    return force_locale(reader.language)
