"""Letters about invitations: one function each. They go to the institution's contacts, and to the coordinator."""

from datetime import datetime, timedelta
from typing import Any

from app.events.mail_facts import event_facts, event_path
from app.events.models import Event
from app.mail.outbox import Recipient, cancel_mails, queue_mail
from app.mail.readdressing import readdress
from app.signups.answer_links import list_path
from app.signups.invitation_queries import contacts_of, coordinator_of, invitations_of, other_link_to
from app.signups.models import Invitation, InvitationContact

REMIND_BEFORE = timedelta(days=2)


def mail_invitation(contact: InvitationContact, *, secret: str, now: datetime) -> None:
    """Bring people to this event: how many, until when, and the link, which is written nowhere else."""
    _mail(contact, "invitation", contact.secret_hash[:12], url=f"/invitations/{secret}", now=now)


def plan_reminder(contact: InvitationContact, *, now: datetime) -> None:
    """Names are due in two days; planned anew when the deadline moves, and not at all when it is nearer than that."""
    cancel_mails(now=now, key_prefix=f"invitation:names_due:{contact.id}:")
    invitation = contact.invitation
    remind_at = invitation.names_due_at - REMIND_BEFORE
    if remind_at <= now:
        return
    occasion = f"{contact.secret_hash[:12]}:{invitation.names_due_at.isoformat()}:{now.isoformat()}"
    until = invitation.names_due_at
    _mail(contact, "names_due", occasion, url=list_path(contact), now=now, not_before=remind_at, expires_at=until)


def plan_reminders_anew(event: Event, *, now: datetime) -> None:
    """An event that was put off has its day again: the reminders that were taken back with the old one come again."""
    invitations = invitations_of(event)
    for contacts in contacts_of([invitation.id for invitation in invitations]).values():
        for contact in contacts:
            plan_reminder(contact, now=now)


def mail_withdrawn(contact: InvitationContact, *, now: datetime) -> None:
    """The invitation is taken back, and the list with it."""
    _mail(contact, "withdrawn", "once", url=event_path(contact.invitation.event), now=now)


def mail_event_news(event: Event, news: str, *, now: datetime) -> None:
    """The event is "cancelled", "postponed" or "moved": to every contact whom letters about the pupils don't reach.

    Those go to the address that stands with the institution itself.
    """
    invitations = invitations_of(event)
    contacts = contacts_of([invitation.id for invitation in invitations])
    for invitation in invitations:
        reached = (invitation.institution.contact_email or "").lower()
        for contact in contacts[invitation.id]:
            if contact.email != reached:
                url = event_path(event) if news == "cancelled" else list_path(contact)
                _mail(contact, "event_news", f"{news}:{event.calendar_sequence}", url=url, news=news, now=now)


def mail_list_changed(invitation: Invitation, *, now: datetime) -> None:
    """To the coordinator at the end of the hour, once for all that the contacts did in it."""
    person = coordinator_of(invitation)
    if person is None or not person.email:
        return
    hour = now.replace(minute=0, second=0, microsecond=0)
    to = Recipient(person.email, person.short_name, person.language, person.id, given_name=person.given_name)
    queue_mail(
        key=f"invitation:list_changed:{invitation.id}:{hour.isoformat()}",
        template="signups/institution_list_changed",
        to=to,
        context=_facts(invitation)
        | {
            "name": person.given_name or person.surname,
            "url": f"{event_path(invitation.event)}/invitations/{invitation.id}",
        },
        now=now,
        event_id=invitation.event_id,
        not_before=hour + timedelta(hours=1),
        expires_at=invitation.event.starts_at,
    )


def drop_link_letters(contact: InvitationContact, *, now: datetime) -> None:
    """What was queued with the link before and not sent yet stays here."""
    for letter in ("invitation", "names_due"):
        cancel_mails(now=now, key_prefix=f"invitation:{letter}:{contact.id}:")


def drop_letters(contact: InvitationContact, *, now: datetime) -> None:
    """Nothing that was queued for this contact leaves any more: news of the event and its reminders neither."""
    event_id = contact.invitation.event_id
    cancel_mails(now=now, event_id=event_id, key_prefix="invitation:", about=[contact.id])
    if not other_link_to(contact):
        readdress(contact.email, None, event_id=event_id, only=["reminders/visit"], now=now)


def put_letters_into_language(contact: InvitationContact, *, now: datetime) -> None:
    """What is queued for this contact leaves in the language that is theirs now."""
    to, event_id = Recipient(contact.email, contact.name, contact.language), contact.invitation.event_id
    readdress(contact.email, to, event_id=event_id, about=[contact.id], now=now)
    if not other_link_to(contact):
        readdress(contact.email, to, event_id=event_id, only=["reminders/visit"], now=now)


def _mail(
    contact: InvitationContact,
    letter: str,
    occasion: str,
    *,
    url: str,
    now: datetime,
    news: str = "",
    not_before: datetime | None = None,
    expires_at: datetime | None = None,
) -> None:
    invitation = contact.invitation
    own = {"name": contact.name, "url": url, "is_representative": contact.is_representative, "news": news}
    queue_mail(
        key=f"invitation:{letter}:{contact.id}:{occasion}",
        template=f"signups/institution_{letter}",
        to=Recipient(contact.email, contact.name, contact.language),
        context=_facts(invitation) | own,
        now=now,
        event_id=invitation.event_id,
        not_before=not_before,
        expires_at=expires_at or invitation.event.ends_at,
    )


def _facts(invitation: Invitation) -> dict[str, Any]:
    return {
        "event": event_facts(invitation.event),
        "institution": invitation.institution.name,
        "seats": invitation.seats,
        "ratio": invitation.event.site.adult_child_ratio,
        "names_due_at": invitation.names_due_at.isoformat(),
        "reply_to": person.email if (person := coordinator_of(invitation)) else None,
    }
