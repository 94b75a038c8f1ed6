"""The letter of thanks: one to each reader, about everybody of theirs who came, with each one's own share."""

from datetime import datetime, timedelta
from typing import Any

from app.attendance.hours import spoken_hours
from app.events.mail_facts import event_facts
from app.events.models import Event
from app.events.queries import contact_of
from app.impact.thanks.due import LATEST
from app.impact.thanks.links import thanks_path
from app.impact.thanks.models import Thanks
from app.impact.thanks.readers import Reader
from app.impact.thanks.shares import Came, Share
from app.mail.outbox import mail_row
from app.mail.quiet_hours import after_quiet_hours
from app.signups.readers import who

TEMPLATE = "impact/thanks"
HELD_UP = timedelta(days=7)  # a mail server that stands still for longer thanks nobody any more


def shared_facts(event: Event, row: Thanks) -> dict[str, Any]:
    """The same for each reader, put together once."""
    contact = contact_of(event)
    facts = {"event": event_facts(event), "reply_to": contact.email if contact else None}
    return facts | {"asks": row.takes_answers}


def thanks_row(event: Event, reader: Reader, shared: dict[str, Any], *, now: datetime) -> dict[str, Any]:
    """The row of one letter, which waits for the reader's morning. Its key names the event and the reader alone:
    whatever happens to the day afterwards, nobody is thanked twice."""
    row = mail_row(
        key=f"thanks:{event.id}:{who(reader.to)}",
        template=TEMPLATE,
        to=reader.to,
        context=shared | own_facts(event, reader),
        now=now,
        event_id=event.id,
        not_before=after_quiet_hours(now, reader.zone),
        expires_at=now + LATEST + HELD_UP,
    )
    return row | {"reader_zone": reader.zone}


def own_facts(event: Event, reader: Reader) -> dict[str, Any]:
    """What this reader alone is told: whose share, and where certificates and questions are."""
    is_institution = reader.to.person_id is None
    came = [] if is_institution else sorted(reader.came, key=lambda one: one[1].id != reader.to.person_id)
    return {
        "name": reader.to.given_name or reader.to.name,
        "url": thanks_path(event, reader.to),
        "people": reader.people,
        "pupils": len(reader.came) if is_institution else 0,
        "came_too": any(person.id == reader.to.person_id for _, person in came),
        "shares": [_share(reader, one) for one in came],
        "places": [place.id for place, _ in reader.came],
    }


def _share(reader: Reader, one: Came) -> dict[str, Any]:
    place, person = one
    share = reader.shares.get(place.id, Share())
    return {
        "name": "" if person.id == reader.to.person_id else person.given_name or person.surname,
        "hours": spoken_hours(share.minutes) if share.minutes else "",
        "section": share.section,
        "group": share.group or "",
        "kilograms": float(share.kilograms) if share.kilograms else None,
    }
