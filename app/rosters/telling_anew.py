"""Letters of those who came while an event stood on another day for less than a minute: they must say the day that
holds. What still waits is written anew; to whom it has left, the day is told again."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select, update

from app.db import db
from app.events.mail_facts import calendar_facts, event_facts
from app.events.models import Event
from app.mail.models import Mail
from app.rosters.change_models import EventChange
from app.signups.mails import mail_moved
from app.signups.models import Place


def tell_newcomers(
    event: Event,
    change: EventChange,
    places: Sequence[Place],
    *,
    touched: Collection[str],
    moved_to: datetime,
    now: datetime,
) -> None:
    """Called with the event as it is again; `moved_to` is the start that letters of that minute speak of."""
    if moved_to == event.starts_at and not _site_moved(change):
        return
    told = [letter for letter in _letters_since(event, change) if "event" in letter.context]
    for letter in told:
        if letter.status == "queued":
            _rewrite(event, letter, now=now)
    sent = [letter.key for letter in told if letter.status in ("sending", "sent")]
    newcomers = [place for place in places if _came_since(place, change, touched)]
    parties = {place.signup_id for place in newcomers if any(f":{place.id}:" in key for key in sent)}
    if parties:
        event.calendar_sequence += 2  # their calendars have heard of the other day, and ignore what isn't newer
        db.session.flush()
        mail_moved(event, [place for place in newcomers if place.signup_id in parties], now=now)


def _site_moved(change: EventChange) -> bool:
    return any("site_id" in group["was"] for group in change.before["changed"].get("events", ()))


def _came_since(place: Place, change: EventChange, touched: Collection[str]) -> bool:
    seated = place.confirmed_at is not None and place.confirmed_at >= change.made_at
    return place.created_at >= change.made_at or seated or place.id in touched


def _letters_since(event: Event, change: EventChange) -> list[Mail]:
    query = select(Mail).where(
        Mail.event_id == event.id, Mail.created_at >= change.made_at, Mail.key.not_like("undone:%")
    )
    return list(db.session.scalars(query.where(Mail.status.in_(("queued", "sending", "sent")))))


def _rewrite(event: Event, letter: Mail, *, now: datetime) -> None:
    calendar = calendar_facts(event, method=letter.calendar["method"], now=now) if letter.calendar else None
    values = {"context": {**letter.context, "event": event_facts(event)}, "calendar": calendar}
    waiting = update(Mail).where(Mail.id == letter.id, Mail.status == "queued").values(**values)
    db.session.execute(waiting.execution_options(synchronize_session=False))
