"""Letters to hosts and guides, and to the coordinator when one says no: one function each."""

from datetime import datetime
from typing import Any

from app.events.mail_facts import event_facts
from app.events.trip_models import Host
from app.mail.outbox import Recipient, cancel_mails, queue_mail
from app.rosters.host_queries import closes_at, guests_of, host_token
from app.signups.approvers import coordinators_of


def mail_invited(host: Host, *, now: datetime) -> None:
    """Will you receive us? When, where, how many, and the link to answer by."""
    more = {"answer_until_at": closes_at(host.event).isoformat(), "url": f"/hosts/{host_token(host)}"}
    _mail(host, "host_invited", now.isoformat(), more, now=now)


def mail_list(host: Host, *, now: datetime) -> None:
    """The final list is ready: how many come. The names stand behind the link alone: a letter is passed on and kept."""
    guests = guests_of(host.event)
    counted = {"people": len(guests), "children": sum(guest.is_child for guest in guests)}
    counted["escorts"] = sum(guest.is_escort for guest in guests)
    more = counted | {"url": f"/hosts/{host_token(host)}/names"}
    _mail(host, "host_list", now.isoformat(), more, now=now)


def mail_cancelled(host: Host, *, now: datetime) -> None:
    """Nobody comes: the event is cancelled, or has no day yet."""
    more = {"is_postponed": host.event.status == "postponed"}
    _mail(host, "host_cancelled", f"{host.event.status}:{host.asked_for_at}", more, now=now)


def mail_declined(host: Host, *, now: datetime) -> None:
    """To the coordinator: somebody else is needed."""
    own = {"host": host.name, "note": host.answer_note, "url": f"/events/{host.event_id}/hosts"}
    for reader in coordinators_of(host.event, now=now):
        queue_mail(
            key=f"trip:host_declined:{host.id}:{now.isoformat()}:{reader.person_id}",
            template="rosters/host_declined",
            to=reader,
            context=_facts(host, now) | own | {"name": reader.given_name},
            now=now,
            event_id=host.event_id,
            expires_at=host.event.ends_at,
        )


def take_invitation_back(host: Host, *, now: datetime) -> None:
    """What was queued for this host and not sent yet stays here."""
    for letter in ("host_invited", "host_list"):
        cancel_mails(now=now, key_prefix=f"trip:{letter}:{host.id}:")


def _mail(host: Host, letter: str, occasion: str, more: dict[str, Any], *, now: datetime) -> None:
    if not host.email:
        return
    queue_mail(
        key=f"trip:{letter}:{host.id}:{occasion}",
        template=f"rosters/{letter}",
        to=Recipient(host.email, host.name, host.language),
        context=_facts(host, now) | {"name": host.name} | more,
        now=now,
        event_id=host.event_id,
        expires_at=host.event.ends_at,
    )


def _facts(host: Host, now: datetime) -> dict[str, Any]:
    event, stop = host.event, host.stop
    reader = coordinators_of(event, now=now)
    return {
        "event": event_facts(event),
        "kind": host.kind,
        "stop": stop.title if stop else None,
        "arrives_at": stop.arrives_at.isoformat() if stop and stop.arrives_at else None,
        "seats": event.seats_taken,
        "reply_to": reader[0].address if reader else None,
    }
