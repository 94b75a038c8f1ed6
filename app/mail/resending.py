"""Sending a letter again by hand: what left goes as a new letter to the address of today, the record of it stays."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.audit.operations import record
from app.db import ID_LETTERS, TICKET_LETTERS, lock, transaction
from app.errors import N_, DomainError
from app.mail.masking import is_secret
from app.mail.models import SEAT, Mail, Suppression
from app.mail.operations import MailTooLate
from app.mail.outbox import Recipient, mail_row, queue_mails
from app.mail.whereabouts import table

_ID = re.compile(rf"[{ID_LETTERS}]{{16}}")
_TICKET = re.compile(rf"[{TICKET_LETTERS}]{{4}} [{TICKET_LETTERS}]{{4}}")
KEY_ROOM = 200 - len(":again:999999")
# What an event's letter says of it, by the column that says the same today.
TOLD = ("title", "starts_at", "ends_at", "timezone")


class NotSentYet(DomainError):
    """It waits, or never left because it was taken back."""

    type = "mail-not-sent"
    title = N_("This letter has not left")
    message = N_("This letter has not left, so it can't be sent again.")


class LetterIsSecret(DomainError):
    """Its link was for one time."""

    type = "mail-secret"
    title = N_("A login letter is not sent again")
    message = N_("Links to log in work for a short time and once. Invite the person anew instead.")


class BodyDeleted(DomainError):
    """The term of what it said is over."""

    type = "mail-body-deleted"
    title = N_("What this letter said is deleted")
    message = N_("What this letter said was deleted after its term, so it can't be sent again.")


class AddressSilent(DomainError):
    """Nothing goes to this address."""

    type = "mail-suppressed"
    title = N_("Nothing goes to this address")
    message = N_("%(address)s takes no such letters: earlier ones came back, or its reader wants none.")


class NoAddress(DomainError):
    """The person has none any more."""

    type = "mail-no-address"
    title = N_("No e-mail")
    message = N_("This person has no e-mail any more. Enter one first.")


class FactsChanged(DomainError):
    """What it says is not so any more."""

    type = "mail-facts-changed"
    title = N_("This letter is out of date")
    message = N_("What this letter says has changed since. A newer letter says how it is now.")


def resend(mail: Mail, *, now: datetime, actor: Actor) -> Mail:
    """Queues what a sent letter said once more, for the address that its reader has now.

    Raises NotSentYet, MailTooLate, LetterIsSecret, BodyDeleted, NoAddress, AddressSilent, FactsChanged.
    """
    with transaction() as session:
        lock(mail)
        _check(session, mail, now=now)
        address = _address_of_today(session, mail)
        _check_address(session, mail, address)
        first = mail.again_of_id or mail.id
        count = 1 + (session.scalar(select(func.count()).where(Mail.again_of_id == first)) or 0)
        row = _row(mail, f"{_first_key(mail)}:again:{count}", address, now=now)
        queue_mails([row])
        again = session.get_one(Mail, row["id"])
        again.again_of_id = first
        record(actor, "send_again", mail, now=now, changes={"again": (None, again.id)})
        return again


def _check(session: Session, mail: Mail, *, now: datetime) -> None:
    if mail.status != "sent":
        raise NotSentYet
    if is_secret(mail.template):
        raise LetterIsSecret
    if mail.body_deleted_at is not None:
        raise BodyDeleted
    if mail.expires_at is not None and mail.expires_at <= now:
        raise MailTooLate
    if _event_differs(session, mail) or _has_newer(session, mail) or _names_dead_ticket(session, mail):
        raise FactsChanged


def _event_differs(session: Session, mail: Mail) -> bool:
    """Whether the event is not as the letter tells it."""
    told = mail.context.get("event")
    if mail.event_id is None or not isinstance(told, Mapping):
        return False
    events = table("events").c
    row = session.execute(select(*(events[name] for name in TOLD)).where(events.id == mail.event_id)).one()._mapping
    return any(name in told and told[name] != _as_told(row[name]) for name in TOLD)


def _as_told(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _has_newer(session: Session, mail: Mail) -> bool:
    """Whether a later letter tells the same reader of the same places: only the newest of a story holds."""
    named = set(_ID.findall(mail.key)) - {mail.person_id, mail.event_id}
    if not named or mail.event_id is None or mail.person_id is None:
        return False
    later = select(Mail.key).where(
        Mail.event_id == mail.event_id,
        Mail.person_id == mail.person_id,
        Mail.created_at > mail.created_at,
        func.coalesce(Mail.again_of_id, "") != (mail.again_of_id or mail.id),
        Mail.status != "cancelled",
    )
    return any(named & set(_ID.findall(key)) for key in session.scalars(later))


def _names_dead_ticket(session: Session, mail: Mail) -> bool:
    """Whether a ticket in it counts no more: its place was given up, or lost to a change."""
    tickets = {text.replace(" ", "") for text in _texts_in(mail.context) if _TICKET.fullmatch(text)}
    places = table("places").c
    if not tickets or mail.event_id is None:
        return False
    stand = select(places.ticket).where(
        places.event_id == mail.event_id, places.status == "confirmed", places.ticket.in_(tickets)
    )
    return set(session.scalars(stand)) != tickets


def _texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping | list):
        for one in value.values() if isinstance(value, Mapping) else value:
            yield from _texts_in(one)


def _address_of_today(session: Session, mail: Mail) -> str:
    if mail.person_id is None:
        return mail.recipient
    people = table("people").c
    address = session.scalar(select(people.email).where(people.id == mail.person_id))
    if not address:
        raise NoAddress
    return str(address)


def _check_address(session: Session, mail: Mail, address: str) -> None:
    rows = session.execute(
        select(Suppression.reason, Suppression.kind).where(Suppression.address == address.lower())
    ).all()
    unwanted = mail.optional and any(kind in ("", mail.kind) for _, kind in rows)
    if unwanted or any(reason == "bounced" for reason, _ in rows):
        raise AddressSilent(address=address)


def _first_key(mail: Mail) -> str:
    return mail.key.partition(":again:")[0][:KEY_ROOM]


def _row(mail: Mail, key: str, address: str, *, now: datetime) -> dict[str, Any]:
    reader = Recipient(address, mail.recipient_name, mail.language, mail.person_id)
    row = mail_row(
        key=key, template=mail.template, to=reader, context=mail.context, now=now, event_id=mail.event_id,
        expires_at=mail.expires_at, calendar=mail.calendar, optional=mail.optional, priority=min(mail.priority, SEAT),
    )  # fmt: skip
    return row | {"kind": mail.kind, "reader_zone": mail.reader_zone}
