"""Putting an event off: people keep their places, and are told that the day is no longer the day."""

from datetime import datetime

from app.accounts.actor import Actor
from app.db import lock, transaction
from app.errors import require
from app.events.models import Event
from app.events.operations import put_off
from app.events.policy import can_manage_event
from app.mail.outbox import cancel_mails
from app.signups.capacity import standing_people, standing_places
from app.signups.holding import back_to_line
from app.signups.invitation_mails import mail_event_news
from app.signups.mails import mail_postponed


def postpone_event(event: Event, *, now: datetime, actor: Actor) -> int:
    """Keeps all places, takes unsent letters back, and mails everybody. Returns how many places.

    Seats that are offered at that moment are nobody's again, and their parties wait where they waited.
    """
    with transaction():
        lock(event)
        require(can_manage_event(actor, event))
        put_off(event, now=now, actor=actor)
        places = standing_people(event)
        if any(place.awaits == "answer" for place in places):
            places = standing_places(event)
        back_to_line(event, places, now=now)
        cancel_mails(now=now, event_id=event.id)
        mail_postponed(event, places, now=now)
        mail_event_news(event, "postponed", now=now)
    return len(places)
