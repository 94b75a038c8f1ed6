"""Calling an event off, or putting it off: everybody who had a place is told, the places end with it."""

from datetime import datetime

from app.accounts.actor import Actor
from app.audit.operations import record
from app.db import Texts, lock, transaction
from app.errors import N_, DomainError, require
from app.events.models import Event
from app.events.policy import can_manage_event
from app.mail.outbox import cancel_mails
from app.signups.capacity import standing_people
from app.signups.emptying import free_everybody
from app.signups.invitation_mails import mail_event_news
from app.signups.mails import mail_event_cancelled

CAN_BE_CANCELLED = ("draft", "published", "closed", "postponed")


class CanNotBeCancelled(DomainError):
    """It runs, is over, or is cancelled already."""

    type = "not-cancellable"
    title = N_("It can't be cancelled")
    message = N_("Only an event that has not begun can be cancelled.")


def cancel_event(event: Event, *, reason: Texts, now: datetime, actor: Actor) -> int:
    """Cancels the event and all its places, takes unsent letters back, and mails everybody. Returns how many places."""
    with transaction():
        lock(event)
        require(can_manage_event(actor, event))
        if event.status not in CAN_BE_CANCELLED:
            raise CanNotBeCancelled
        before = event.status
        places = standing_people(event)
        event.status = "cancelled"
        event.cancelled_at = now
        event.cancelled_by_id = actor.account_id
        event.cancel_reason = reason
        event.calendar_sequence += 1
        cancel_mails(now=now, event_id=event.id)
        mail_event_cancelled(event, places, now=now)
        free_everybody(event, now=now, actor=actor)
        mail_event_news(event, "cancelled", now=now)
        record(actor, "cancel_event", event, now=now, changes={"status": (before, "cancelled")})
    return len(places)
