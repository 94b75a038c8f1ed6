"""Pages of a coordinator who invites institutions: whom, who holds a link, and how far their lists are."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.accounts.actor import COORDINATOR
from app.errors import N_
from app.events.periods import local_clock, local_day
from app.events.queries import event_to_manage
from app.people.forms import OWN_NAMES
from app.people.queries import institutions_of
from app.signups.institution_forms import ContactForm, InvitationForm, SeatsForm
from app.signups.invitation_queries import (
    contact_to_manage,
    contacts_of,
    institution_named,
    invitation_to_manage,
    invitations_of,
    list_of,
    progress_of,
    seats_promised,
)
from app.signups.inviting import (
    add_contact,
    change_invitation,
    change_language,
    invite_institution,
    renew_link,
    revoke_contact,
    withdraw_invitation,
)
from app.signups.models import Invitation
from app.web.access import with_role
from app.web.actor import current_actor
from app.web.forms import language
from app.web.words import in_language

bp = Blueprint("invitations", __name__)


@bp.get("/events/<event_id>/invitations")
@with_role(COORDINATOR)
def index(event_id: str) -> ResponseReturnValue:
    """Who is invited and how far each list is."""
    event = event_to_manage(current_actor(), event_id)
    rows = invitations_of(event)
    ids = [row.id for row in rows]
    return render_template(
        "signups/invitations.html", event=event, rows=rows, progress=progress_of(rows), contacts=contacts_of(ids)
    )


@bp.route("/events/<event_id>/invitations/new", methods=["GET", "POST"])
@with_role(COORDINATOR)
def new(event_id: str) -> ResponseReturnValue:
    """One more institution, with its first contact."""
    actor = current_actor()
    event = event_to_manage(actor, event_id)
    institutions = institutions_of(actor)
    form = InvitationForm()
    form.offer((row.id, in_language(row.name, language())) for row in institutions)
    if form.validate_on_submit():
        invitation = form.attempt(
            invite_institution, event, institution_named(form.institution_id.data), contacts=[form.contact()],
            seats=form.seats.data or 0, names_due_at=form.due_at(event), now=clock.now(), actor=actor,
        )  # fmt: skip
        if invitation:
            flash(gettext(N_("The letter with the link is on its way.")), "ok")
            return _to(invitation)
    free = None if event.seats_free is None else max(0, event.seats_free - seats_promised(event))
    return render_template(
        "signups/invitation_new.html", form=form, event=event, free=free, institutions=institutions
    ), form.status


@bp.route("/events/<event_id>/invitations/<invitation_id>", methods=["GET", "POST"])
@with_role(COORDINATOR)
def show(event_id: str, invitation_id: str) -> ResponseReturnValue:
    """One invitation: progress, links, names; changing its seats and its deadline."""
    actor = current_actor()
    invitation = invitation_to_manage(actor, event_id, invitation_id)
    form = SeatsForm(data=_seats(invitation))
    if form.validate_on_submit():
        form.attempt(
            change_invitation, invitation, seats=form.seats.data or 0, names_due_at=form.due_at(invitation.event),
            now=clock.now(), actor=actor,
        )  # fmt: skip
        if not form.errors:
            flash(gettext(N_("Saved.")), "ok")
            return _to(invitation)
    return _page(invitation, form, ContactForm(formdata=None)), form.status


@bp.post("/events/<event_id>/invitations/<invitation_id>/contacts")
@with_role(COORDINATOR)
def contacts(event_id: str, invitation_id: str) -> ResponseReturnValue:
    """One more person at the institution gets a link."""
    actor = current_actor()
    invitation = invitation_to_manage(actor, event_id, invitation_id)
    form = ContactForm()
    if form.validate_on_submit() and form.attempt(
        add_contact, invitation, form.contact(), now=clock.now(), actor=actor
    ):
        flash(gettext(N_("The letter with the link is on its way.")), "ok")
        return _to(invitation)
    return _page(invitation, SeatsForm(formdata=None, data=_seats(invitation)), form), form.status


@bp.post("/events/<event_id>/invitations/<invitation_id>/contacts/<contact_id>/revocation")
@with_role(COORDINATOR)
def revocation(event_id: str, invitation_id: str, contact_id: str) -> ResponseReturnValue:
    """A link opens nothing any more."""
    actor = current_actor()
    invitation = invitation_to_manage(actor, event_id, invitation_id)
    contact = contact_to_manage(invitation, contact_id)
    revoke_contact(contact, now=clock.now(), actor=actor)
    flash(gettext(N_("The link of %(name)s opens nothing any more."), name=contact.name), "ok")
    return _to(invitation)


@bp.post("/events/<event_id>/invitations/<invitation_id>/contacts/<contact_id>/renewal")
@with_role(COORDINATOR)
def renewal(event_id: str, invitation_id: str, contact_id: str) -> ResponseReturnValue:
    """A new link by letter, the old one ends."""
    actor = current_actor()
    invitation = invitation_to_manage(actor, event_id, invitation_id)
    contact = contact_to_manage(invitation, contact_id)
    renew_link(contact, now=clock.now(), actor=actor)
    flash(gettext(N_("A new link for %(name)s is on its way; the old one has ended."), name=contact.name), "ok")
    return _to(invitation)


@bp.post("/events/<event_id>/invitations/<invitation_id>/contacts/<contact_id>/language")
@with_role(COORDINATOR)
def contact_language(event_id: str, invitation_id: str, contact_id: str) -> ResponseReturnValue:
    """Letters to a contact in another language."""
    actor = current_actor()
    invitation = invitation_to_manage(actor, event_id, invitation_id)
    contact = contact_to_manage(invitation, contact_id)
    change_language(contact, request.form.get("language", ""), now=clock.now(), actor=actor)
    flash(gettext(N_("Saved.")), "ok")
    return _to(invitation)


@bp.get("/events/<event_id>/invitations/<invitation_id>/withdrawal")
@with_role(COORDINATOR)
def ask_withdrawal(event_id: str, invitation_id: str) -> ResponseReturnValue:
    """What taking the invitation back would do."""
    invitation = invitation_to_manage(current_actor(), event_id, invitation_id)
    return render_template(
        "signups/invitation_withdrawal.html",
        invitation=invitation,
        event=invitation.event,
        progress=progress_of([invitation])[invitation.id],
    )


@bp.post("/events/<event_id>/invitations/<invitation_id>/withdrawal")
@with_role(COORDINATOR)
def withdrawal(event_id: str, invitation_id: str) -> ResponseReturnValue:
    """Ends the links and frees the seats."""
    actor = current_actor()
    invitation = invitation_to_manage(actor, event_id, invitation_id)
    withdraw_invitation(invitation, now=clock.now(), actor=actor)
    flash(gettext(N_("The invitation is taken back, its seats are free.")), "ok")
    return redirect(url_for(".index", event_id=event_id), 303)


def _seats(invitation: Invitation) -> dict[str, Any]:
    zone, due = invitation.event.timezone, invitation.names_due_at
    day, at = local_day(due, zone), local_clock(due, zone)
    return {"seats": invitation.seats, "names_due_at": day, "names_due_clock": at}


def _page(invitation: Invitation, form: SeatsForm, contact_form: ContactForm) -> str:
    return render_template(
        "signups/invitation.html",
        invitation=invitation,
        event=invitation.event,
        form=form,
        contact_form=contact_form,
        contacts=contacts_of([invitation.id])[invitation.id],
        own_names=OWN_NAMES,
        progress=progress_of([invitation])[invitation.id],
        rows=list_of(invitation),
    )


def _to(invitation: Invitation) -> ResponseReturnValue:
    return redirect(url_for(".show", event_id=invitation.event_id, invitation_id=invitation.id), 303)
