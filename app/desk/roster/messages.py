"""A message to a part of a roster, at once or later: written and counted, cancelled until it leaves, and sent by the
worker in portions. Who fits is asked for anew when it leaves."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.accounts.actor import SYSTEM, Actor
from app.audit.operations import record
from app.db import Texts, db, lock, new_id, transaction
from app.desk.roster.asking import asked
from app.desk.roster.batch_errors import NobodyPicked
from app.desk.roster.lines import ids_in_order
from app.desk.roster.mails import message_rows
from app.desk.roster.models import Message
from app.desk.roster.roster import RosterFilter
from app.errors import N_, DomainError, Invalid, NotFound, require
from app.events.models import Event
from app.events.policy import can_manage_event
from app.mail.outbox import Recipient, queue_mails
from app.people.models import Guardianship
from app.signups.models import STANDING, Place
from app.signups.offer_hours import is_quiet
from app.signups.reach import bounced_among, unreached_among
from app.signups.readers import by_reader
from app.web.paging import Page, page_of

PORTION = 200
LONGEST_SUBJECT = 150
LATEST_AFTER = timedelta(days=90)


class MessageLeft(DomainError):
    """It has begun to leave, or was cancelled already."""

    type = "message-left"
    title = N_("Nothing left to cancel")
    message = N_("This message has left already, or was cancelled before.")


@dataclass(frozen=True)
class Draft:
    """What is to be written to whom and when; `batch` is a UUID made with the form, so that it is written once."""

    batch: str
    wanted: RosterFilter
    subject: Texts
    text: Texts
    footer: Texts
    send_at: datetime | None = None


@dataclass(frozen=True)
class Look:
    """What would happen: how many people, how many letters, whom somebody has to call, whether people sleep then."""

    people: int
    letters: int
    unreached: Sequence[Place]
    is_at_night: bool


def look_at(event: Event, draft: Draft, *, now: datetime, actor: Actor) -> Look:
    """Counts before anything is written. Raises NotAllowed, Invalid by field, NobodyPicked."""
    require(can_manage_event(actor, event))
    _check(event, draft, now=now)
    places = _fitting(event, draft.wanted)
    if not places:
        raise NobodyPicked
    readers = _alive(by_reader(event, places))
    at_night = is_quiet(draft.send_at or now, event.timezone)
    return Look(len(places), len(readers), unreached_among(event, places), at_night)


def plan_message(event: Event, draft: Draft, *, now: datetime, actor: Actor) -> Message:
    """Writes it down; the worker sends it, at once or when its time comes. The same form again changes nothing.

    Raises NotAllowed, Invalid by field, NobodyPicked.
    """
    look = look_at(event, draft, now=now, actor=actor)
    with transaction() as session:
        lock(event)
        require(can_manage_event(actor, event))
        known = session.scalar(select(Message).where(Message.batch == draft.batch, Message.event_id == event.id))
        if known is not None:
            return known
        message = Message(
            id=new_id(), batch=draft.batch, event_id=event.id, query=draft.wanted.words(), subject=draft.subject,
            text=draft.text, footer=draft.footer, send_at=max(draft.send_at or now, now), people_then=look.people,
            letters_then=look.letters, created_at=now, created_by_id=actor.account_id,
        )  # fmt: skip
        session.add(message)
        session.flush()
        changes = {"subject": (None, draft.subject), "letters": (None, look.letters)}
        record(actor, "plan_message", message, now=now, changes=changes)
    return message


def cancel_message(message: Message, *, now: datetime, actor: Actor) -> None:
    """It doesn't leave. Raises NotAllowed, MessageLeft once its first letter is written."""
    with transaction():
        lock(message)
        require(can_manage_event(actor, message.event))
        if message.state != "planned":
            raise MessageLeft
        message.cancelled_at, message.cancelled_by_id = now, actor.account_id
        record(actor, "cancel_message", message, now=now)


def send_messages(*, now: datetime) -> bool:
    """Writes the next portion of letters of one message that is due; says whether any was. For the worker."""
    open_ones = select(Message).where(Message.finished_at.is_(None), Message.cancelled_at.is_(None))
    message = db.session.scalar(open_ones.where(Message.send_at <= now).order_by(Message.send_at, Message.id).limit(1))
    if message is None:
        return False
    event, cursor = message.event, message.cursor
    portion = _fitting(event, asked(message.query).wanted, after=cursor, limit=PORTION)
    readers = _whole_families(event, asked(message.query).wanted, portion)
    rows = message_rows(event, readers, order=message, now=now)
    last, people = portion[-1].id if portion else cursor, len(portion)
    with transaction():
        lock(message)
        if message.state in ("sent", "cancelled") or message.cursor != cursor:
            return True  # somebody cancelled it, or another worker was faster
        message.letters += queue_mails(rows)
        message.people += people
        message.cursor, message.started_at = last, message.started_at or now
        if people < PORTION:
            message.finished_at = now
            changes = {"people": (message.people_then, message.people), "letters": (None, message.letters)}
            record(SYSTEM, "send_message", message, now=now, changes=changes)
    return True


def unreached_by(message: Message) -> list[Place]:
    """Whom somebody has to call, because no letter of it reaches them; as the roster stands now."""
    return unreached_among(message.event, _fitting(message.event, asked(message.query).wanted))


def messages_at(event: Event, *, cursor: str | None = None, limit: int = 50) -> Page[Message]:
    """What was written to parts of this roster, the latest to leave first."""
    query = select(Message).where(Message.event_id == event.id)
    keys = (Message.send_at, Message.id)
    return page_of(db.session(), query, keys, cursor=cursor, limit=limit, descending=True)


def message_to_manage(actor: Actor, message_id: str) -> Message:
    """A message of an event that the actor coordinates; raises NotFound otherwise."""
    message = db.session.get(Message, message_id)
    if message is None or not can_manage_event(actor, message.event):
        raise NotFound
    return message


def _check(event: Event, draft: Draft, *, now: datetime) -> None:
    if not (draft.subject and draft.text):
        raise Invalid({"subject": N_("Write a subject and a text, in one language at least.")})
    if any(len(subject) > LONGEST_SUBJECT for subject in draft.subject.values()):
        raise Invalid({"subject": N_("A subject has 150 letters at most.")})
    if draft.send_at is not None and draft.send_at < now - timedelta(minutes=5):
        raise Invalid({"send_on": N_("This moment is over. Choose one ahead.")})
    if draft.send_at is not None and draft.send_at > event.ends_at + LATEST_AFTER:
        raise Invalid({"send_on": N_("That is more than 90 days after the event.")})


def _fitting(event: Event, wanted: RosterFilter, *, after: str = "", limit: int | None = None) -> list[Place]:
    """Those who go or wait and fit the filter, in the order of their places' ids."""
    ids = ids_in_order(event, wanted, "name").where(Place.status.in_(STANDING), Place.id > after)
    ids = ids.order_by(Place.id).limit(limit)
    query = select(Place).where(Place.id.in_(ids.subquery().select())).options(joinedload(Place.person))
    return list(db.session.scalars(query.order_by(Place.id)))


def _whole_families(
    event: Event, wanted: RosterFilter, portion: Sequence[Place]
) -> list[tuple[Recipient, list[Place]]]:
    """The readers of a portion with all of theirs that fit, those of other portions too: each gets one letter."""
    readers = by_reader(event, portion)
    ids = [reader.person_id for reader, _ in readers if reader.person_id]
    children = select(Guardianship.child_id).where(Guardianship.guardian_id.in_(ids), Guardianship.ended_at.is_(None))
    theirs = ids_in_order(event, wanted, "name").where(
        Place.status.in_(STANDING), Place.person_id.in_(ids) | Place.person_id.in_(children)
    )
    more = select(Place).where(Place.id.in_(theirs.subquery().select())).options(joinedload(Place.person))
    there = {place.id for place in portion}
    others = [place for place in db.session.scalars(more.order_by(Place.id)) if place.id not in there]
    known = {reader for reader, _ in readers}
    whole = by_reader(event, [*portion, *others]) if others else readers
    return _alive((reader, places) for reader, places in whole if reader in known)


def _alive(readers: Iterable[tuple[Recipient, list[Place]]]) -> list[tuple[Recipient, list[Place]]]:
    """Without those whose letters come back: they are called."""
    rows = list(readers)
    dead = bounced_among(reader for reader, _ in rows)
    return [(reader, places) for reader, places in rows if reader.address.lower() not in dead]
