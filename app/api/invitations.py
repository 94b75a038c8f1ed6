"""Invitations of institutions for programs: who is asked to bring people, and how far each list is."""

from typing import Any

from marshmallow import Schema, fields, validate

from app import clock
from app.accounts.actor import COORDINATOR
from app.api.blueprint import Blueprint, page_schema
from app.api.events import local_iso
from app.api.fields import Cleaned, Moment, Text, Texts, Whole, Word, YesNo
from app.api.once import once
from app.api.warned import Warned, warnings_about
from app.errors import N_, Invalid
from app.events.queries import event_to_manage
from app.people.queries import institutions_of
from app.people.values import Unfit, read_email
from app.signups.invitation_queries import Progress, contacts_of, invitations_of, progress_of
from app.signups.inviting import NewContact, invite_institution
from app.signups.models import Invitation, InvitationContact
from app.web.access import with_role
from app.web.actor import current_actor

bp = Blueprint("api_invitations", __name__, description="Invitations of institutions")


def _address(text: str) -> str:
    """An address that is one; raises Unfit."""
    address = read_email(text)
    if address is None:
        raise Unfit(N_("The e-mail address is missing."))
    return address


class ContactIn(Schema):
    """Somebody at the institution who gets a link by mail."""

    name = Text(required=True, up_to=200)
    email = Cleaned(_address, required=True, up_to=254)
    language = Word(("kk", "ru", "en"), load_default="kk")
    is_representative = YesNo(load_default=False, metadata={"description": "May answer consents for the children"})


class InvitationIn(Schema):
    """Seats promised until names are due. Nothing is reserved."""

    institution_id = Text(required=True, up_to=16)
    seats = Whole(low=1, high=2000, required=True, metadata={"description": "Escorts included"})
    names_due_at = Moment(required=True)
    contacts = fields.List(fields.Nested(ContactIn), required=True, validate=validate.Length(1, 10))


class ContactOut(Schema):
    """Who holds a link; the link itself stands in the letter alone."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    email = fields.String(required=True)
    language = fields.String(required=True)
    is_representative = fields.Boolean(required=True)


class InvitationOut(Schema):
    """An invitation and how far its list is."""

    id = fields.String(required=True)
    institution_id = fields.String(required=True)
    institution = fields.Nested(Texts, required=True)
    seats = fields.Integer(required=True)
    names_due_at = fields.String(required=True, metadata={"format": "date-time"})
    contacts = fields.List(fields.Nested(ContactOut), required=True)
    escorts = fields.Integer(required=True)
    escorts_missing = fields.Integer(required=True)
    children = fields.Integer(required=True)
    consents_missing = fields.Integer(required=True)


class InvitationMade(InvitationOut, Warned):
    """A new one."""


@bp.route("/events/<event_id>/invitations", methods=["GET"])
@with_role(COORDINATOR)
@bp.response(200, page_schema(InvitationOut))
def list_invitations(event_id: str) -> Any:
    """The standing invitations of an event, for its coordinators."""
    event = event_to_manage(current_actor(), event_id)
    rows = invitations_of(event)
    contacts, progress = contacts_of([row.id for row in rows]), progress_of(rows)
    return {"items": [_json(row, contacts[row.id], progress[row.id]) for row in rows], "next": None}


@bp.route("/events/<event_id>/invitations", methods=["POST"])
@with_role(COORDINATOR)
@once
@bp.arguments(InvitationIn)
@bp.response(201, InvitationMade)
def add_invitation(wanted: dict[str, Any], event_id: str) -> Any:
    """Invites an institution of one's cities; each contact gets a letter with a link."""
    actor = current_actor()
    event = event_to_manage(actor, event_id)
    institution = next((row for row in institutions_of(actor) if row.id == wanted["institution_id"]), None)
    if institution is None:
        raise Invalid({"institution_id": N_("There is no such institution.")})
    invitation = invite_institution(
        event,
        institution,
        contacts=[NewContact(**contact) for contact in wanted["contacts"]],
        seats=wanted["seats"],
        names_due_at=wanted["names_due_at"],
        now=clock.now(),
        actor=actor,
    )
    contacts, progress = contacts_of([invitation.id])[invitation.id], progress_of([invitation])[invitation.id]
    written = [(f"contacts.{place}.email", one["email"]) for place, one in enumerate(wanted["contacts"])]
    return _json(invitation, contacts, progress) | {"warnings": warnings_about(*written)}


def _json(invitation: Invitation, contacts: list[InvitationContact], progress: Progress) -> dict[str, Any]:
    return {
        "id": invitation.id,
        "institution_id": invitation.institution_id,
        "institution": invitation.institution.name,
        "seats": invitation.seats,
        "names_due_at": local_iso(invitation.names_due_at, invitation.event.timezone),
        "contacts": contacts,
        "escorts": progress.escorts,
        "escorts_missing": progress.escorts_missing,
        "children": progress.children,
        "consents_missing": progress.owing,
    }
