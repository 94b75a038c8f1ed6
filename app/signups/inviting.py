"""Inviting an institution to bring people: seats promised, a deadline for names, and a link for each of its contacts.

A link's secret stands in the letter alone; the table keeps its SHA-256.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.access.sessions import hashed
from app.accounts.actor import Actor
from app.audit.operations import differences, record
from app.db import db, lock, new_id, transaction
from app.errors import N_, Invalid, NotFound, require
from app.events.models import Event
from app.events.policy import can_manage_event
from app.people.institutions import LANGUAGES
from app.people.models import Institution
from app.signups.institution_errors import (
    AlreadyInvited,
    ContactThere,
    NotOpenForLists,
    SeatsBelowList,
    SeatsNotFree,
)
from app.signups.institution_seating import guarded_among
from app.signups.invitation_mails import (
    drop_letters,
    drop_link_letters,
    mail_invitation,
    mail_withdrawn,
    plan_reminder,
    put_letters_into_language,
)
from app.signups.invitation_queries import contacts_of, list_of, seats_promised
from app.signups.mails import mail_cancelled, take_letters_back
from app.signups.models import Invitation, InvitationContact, SignUp
from app.signups.queries import locked_event
from app.signups.seating import free, promote

OPEN = ("published", "closed")


@dataclass(frozen=True)
class NewContact:
    """Somebody at the institution who gets a link; a representative may answer the consents."""

    name: str
    email: str
    language: str = "kk"
    is_representative: bool = False


def invite_institution(
    event: Event,
    institution: Institution,
    *,
    contacts: Sequence[NewContact],
    seats: int,
    names_due_at: datetime,
    now: datetime,
    actor: Actor,
) -> Invitation:
    """Promises seats to an institution and writes a letter with a link to each contact.

    Nothing is reserved: seats are taken as names come. Raises NotOpenForLists, AlreadyInvited, SeatsNotFree,
    ContactThere, Invalid by field, NotAllowed.
    """
    with transaction() as session:
        event = locked_event(event.id)
        require(can_manage_event(actor, event))
        _check_open(event, now=now)
        _check_new(event, institution)
        _check_seats(event, seats)
        _check_deadline(event, names_due_at, now=now)
        invitation = Invitation(
            id=new_id(),
            event_id=event.id,
            institution_id=institution.id,
            seats=seats,
            names_due_at=names_due_at,
            created_at=now,
            created_by_id=actor.account_id,
        )
        session.add(invitation)
        session.flush()
        record(actor, "invite_institution", invitation, now=now)
        for contact in contacts:
            _add_contact(invitation, contact, now=now, actor=actor)
    return invitation


def change_invitation(
    invitation: Invitation, *, seats: int, names_due_at: datetime, now: datetime, actor: Actor
) -> None:
    """More or fewer seats, another deadline; reminders move with it. Raises SeatsNotFree, SeatsBelowList, Invalid."""
    with transaction():
        event = _locked(invitation, now=now, actor=actor)
        used = len(list_of(invitation))
        if seats < used:
            raise SeatsBelowList(used=used)
        if seats > invitation.seats:
            _check_seats(event, seats - used, but=invitation.id)
        if names_due_at != invitation.names_due_at:
            _check_deadline(event, names_due_at, now=now)
        changes = differences(invitation, {"seats": seats, "names_due_at": names_due_at})
        invitation.seats, invitation.names_due_at = seats, names_due_at
        if "names_due_at" in changes:
            for contact in contacts_of([invitation.id])[invitation.id]:
                plan_reminder(contact, now=now)
        record(actor, "change_invitation", invitation, now=now, changes=changes)


def withdraw_invitation(invitation: Invitation, *, now: datetime, actor: Actor) -> list[SignUp]:
    """Ends the links, frees every seat of the list and tells the contacts. Returns the sign-ups that were promoted."""
    with transaction():
        event = _locked(invitation, now=now, actor=actor)
        places = list_of(invitation)
        free(event, places, reason="invitation", now=now, actor=actor)
        take_letters_back(event, places, now=now)
        if guarded := guarded_among(places):
            mail_cancelled(event, guarded, reason="coordinator", now=now)
        promoted = promote(event, now=now, actor=actor)
        invitation.revoked_at = now
        for contact in contacts_of([invitation.id])[invitation.id]:
            contact.revoked_at = now
            drop_letters(contact, now=now)
            mail_withdrawn(contact, now=now)
        record(actor, "withdraw_invitation", invitation, now=now, changes={"places": (len(places), 0)})
        return promoted


def add_contact(invitation: Invitation, contact: NewContact, *, now: datetime, actor: Actor) -> InvitationContact:
    """One more person at the institution gets a link. Raises ContactThere, Invalid."""
    with transaction():
        _locked(invitation, now=now, actor=actor)
        return _add_contact(invitation, contact, now=now, actor=actor)


def revoke_contact(contact: InvitationContact, *, now: datetime, actor: Actor) -> None:
    """Their link opens nothing any more, and no letter follows; what they wrote stays."""
    with transaction():
        _locked(contact.invitation, now=now, actor=actor)
        lock(contact)
        if contact.revoked_at is None:
            contact.revoked_at = now
            drop_letters(contact, now=now)
            record(actor, "revoke_contact", contact, now=now)


def renew_link(contact: InvitationContact, *, now: datetime, actor: Actor) -> None:
    """A new link by letter; the one before opens nothing any more."""
    with transaction():
        _locked(contact.invitation, now=now, actor=actor)
        lock(contact)
        if contact.revoked_at:
            raise NotFound
        drop_link_letters(contact, now=now)
        _send_link(contact, now=now)
        record(actor, "renew_link", contact, now=now)


def change_language(contact: InvitationContact, language: str, *, now: datetime, actor: Actor) -> None:
    """Letters to this contact are in this language from now on, those that wait too. Raises Invalid, NotFound."""
    with transaction():
        _locked(contact.invitation, now=now, actor=actor)
        lock(contact)
        if contact.revoked_at:
            raise NotFound
        if language not in LANGUAGES:
            raise Invalid({"language": N_("Choose a language.")})
        changes = differences(contact, {"language": language})
        if changes:
            contact.language = language
            put_letters_into_language(contact, now=now)
            record(actor, "change_contact", contact, now=now, changes=changes)


def _locked(invitation: Invitation, *, now: datetime, actor: Actor) -> Event:
    """The event, locked, for whoever plans it while it is still ahead and the invitation stands."""
    event = locked_event(invitation.event_id)
    lock(invitation)
    require(can_manage_event(actor, event))
    if invitation.revoked_at:
        raise NotFound
    _check_open(event, now=now)
    return event


def _check_open(event: Event, *, now: datetime) -> None:
    if event.status not in OPEN or event.starts_at <= now or event.date_precision != "minute":
        raise NotOpenForLists


def _check_new(event: Event, institution: Institution) -> None:
    query = select(Invitation.id).where(
        Invitation.event_id == event.id,
        Invitation.institution_id == institution.id,
        Invitation.revoked_at.is_(None),
    )
    if db.session.scalar(query):
        raise AlreadyInvited


def _check_seats(event: Event, wanted: int, *, but: str | None = None) -> None:
    """What one institution was promised and hasn't used is not promised to a second one."""
    if event.seats_free is None:
        return
    free_seats = max(0, event.seats_free - seats_promised(event, but=but))
    if wanted > free_seats:
        raise SeatsNotFree(free=free_seats)


def _check_deadline(event: Event, names_due_at: datetime, *, now: datetime) -> None:
    if not now < names_due_at <= event.starts_at:
        raise Invalid({"names_due_at": N_("The deadline lies between now and the start of the event.")})


def _add_contact(invitation: Invitation, wanted: NewContact, *, now: datetime, actor: Actor) -> InvitationContact:
    name, email = " ".join(wanted.name.split())[:200], wanted.email.strip().lower()
    if not name:
        raise Invalid({"name": N_("Please fill this in.")})
    if any(one.email == email for one in contacts_of([invitation.id])[invitation.id]):
        raise ContactThere
    contact = InvitationContact(
        id=new_id(),
        invitation_id=invitation.id,
        name=name,
        email=email,
        language=wanted.language,
        is_representative=wanted.is_representative,
        secret_hash="",
        created_at=now,
    )
    contact.invitation = invitation
    _send_link(contact, now=now)
    db.session.add(contact)
    db.session.flush()
    record(actor, "add_contact", contact, now=now)
    return contact


def _send_link(contact: InvitationContact, *, now: datetime) -> None:
    secret = secrets.token_urlsafe(32)
    contact.secret_hash = hashed(secret)
    mail_invitation(contact, secret=secret, now=now)
    plan_reminder(contact, now=now)
