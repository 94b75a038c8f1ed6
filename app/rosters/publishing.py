"""Publishing an event; one that was put off has its new day now, and everybody who kept a place is told."""

from datetime import datetime

from app.accounts.actor import Actor
from app.db import lock, transaction
from app.events.models import Event
from app.events.operations import make_public
from app.signups.capacity import standing_places
from app.signups.invitation_mails import mail_event_news, plan_reminders_anew
from app.signups.mails import mail_moved
from app.signups.seating import promote


def publish_event(event: Event, *, now: datetime, actor: Actor) -> None:
    """Everybody sees it from now on; raises NotReady with what is missing, or the error that names its state."""
    with transaction():
        lock(event)
        was_put_off = event.status == "postponed"
        make_public(event, now=now, actor=actor)
        if was_put_off:
            mail_moved(event, standing_places(event), now=now)
            mail_event_news(event, "moved", now=now)
            plan_reminders_anew(event, now=now)
        promote(event, now=now, actor=actor, cause="moved")
