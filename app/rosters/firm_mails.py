"""The letter to the firm that the buses come from, when the day for which they were hired is another one, or none."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.db import db
from app.events.mail_facts import event_facts
from app.events.models import Event
from app.mail.outbox import Recipient, mail_row, post
from app.rosters.models import Bus
from app.signups.approvers import coordinators_of


def tell_firms(event: Event, news: str, *, now: datetime) -> None:
    """One letter to each address, about all its buses: "moved", "postponed" or "cancelled". Whoever has no address is
    among those whom somebody must call."""
    query = select(Bus).where(Bus.event_id == event.id, Bus.closed_at.is_(None), Bus.firm_email != "")
    found = db.session.scalars(query.options(selectinload(Bus.stops)).order_by(Bus.firm_email, Bus.name))
    firms = [(address, list(buses)) for address, buses in groupby(found, key=lambda bus: bus.firm_email)]
    if not firms:
        return
    readers = coordinators_of(event, now=now)
    reply_to = readers[0].address if readers else None
    post([_letter(event, address, buses, news, reply_to=reply_to, now=now) for address, buses in firms])


def _letter(
    event: Event, address: str, buses: Sequence[Bus], news: str, *, reply_to: str | None, now: datetime
) -> dict[str, Any]:
    context = {
        "event": event_facts(event),
        "news": news,
        "name": buses[0].firm,
        "buses": [_about(bus) for bus in buses],
        "reply_to": reply_to,
    }
    row = mail_row(
        key=f"firm:{news}:{event.id}:{buses[0].id}:{event.calendar_sequence}",
        template="rosters/firm_news",
        to=Recipient(address, buses[0].firm, buses[0].firm_language),
        context={name: value for name, value in context.items() if value is not None},
        now=now,
        event_id=event.id,
    )
    return row | {"expires_at": event.ends_at}


def _about(bus: Bus) -> dict[str, Any]:
    """Its name, and where it takes people in first; hours of the day stay when the day moves."""
    first = next((stop for stop in bus.stops if stop.direction == "out"), None)
    return {
        "name": bus.name,
        "plate": bus.plate,
        "seats": bus.seats,
        "place": first.place if first else {},
        "leaves": first.leaves_at.strftime("%H:%M") if first else "",
    }
