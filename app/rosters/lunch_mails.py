"""Letters about lunch: the numbers to the caterer, and to the coordinator when they changed afterwards."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from app.events.mail_facts import event_facts
from app.events.models import Event
from app.mail.outbox import Recipient, queue_mail
from app.people.values import DIETS
from app.rosters.duty_models import LunchOrder
from app.signups.approvers import coordinators_of


def mail_order(event: Event, order: LunchOrder, last: LunchOrder | None, *, now: datetime) -> None:
    """How many of which diet; a later letter says what was told before it."""
    readers = coordinators_of(event, now=now)
    context = {
        "event": event_facts(event),
        "lunch_at": event.lunch_at.isoformat() if event.lunch_at else None,
        "lines": lines_of(order.counts),
        "total": order.total,
        "before": last.total if last else None,
        "name": event.caterer_name,
        "reply_to": readers[0].address if readers else None,
    }
    queue_mail(
        key=f"lunch:order:{event.id}:{order.number}",
        template="rosters/lunch_order",
        to=Recipient(event.caterer_email or "", event.caterer_name or "", event.caterer_language),
        context={name: value for name, value in context.items() if value is not None},
        now=now,
        event_id=event.id,
        expires_at=event.ends_at,
    )


def mail_counts_changed(event: Event, order: LunchOrder, counts: Mapping[str, int], *, now: datetime) -> None:
    """The caterer knows other numbers: look and send them again. The same numbers are said once."""
    word = sha256(repr(sorted(counts.items())).encode()).hexdigest()[:12]
    for reader in coordinators_of(event, now=now):
        queue_mail(
            key=f"lunch:changed:{event.id}:{order.number}:{word}:{reader.person_id}",
            template="rosters/lunch_changed",
            to=reader,
            context={
                "event": event_facts(event),
                "lines": lines_of(counts),
                "total": sum(counts.values()),
                "before": order.total,
                "name": reader.given_name,
                "url": f"/events/{event.id}/lunch",
            },
            now=now,
            event_id=event.id,
            expires_at=event.starts_at,
        )


def lines_of(counts: Mapping[str, int]) -> list[dict[str, Any]]:
    """[{diet, count}] in the order in which diets are asked for; who didn't say comes last."""
    order = {diet: number for number, diet in enumerate(DIETS)}
    rows = sorted(counts.items(), key=lambda row: order.get(row[0], len(order)))
    return [{"diet": diet, "count": count} for diet, count in rows]
