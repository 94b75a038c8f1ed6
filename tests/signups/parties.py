"""Parties for tests of answers and of the queue, written as rows: a seat is kept for them, or they wait."""

from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from typing import Any

from app.db import db, transaction
from app.events.models import Event
from app.mail.models import Mail
from app.mail.rendering import Claimed, written
from app.people.models import Person
from app.signups.approval_mails import mail_approval_asked
from app.signups.models import Approval, Offer, Place, SignUp
from app.signups.offer_mails import mail_offered

# A Monday in May 2030, 12:00 in Balkhash, five days before the events of the factories.
NOON = datetime(2030, 5, 13, 7, 0, tzinfo=UTC)


def party(event: Event, *people: Person, status: str = "waiting", awaits: str | None = None, **fields: Any) -> SignUp:
    """A sign-up of these people, the first leads; keeps the event's counts."""
    leader = fields.pop("leader", people[0])
    until = fields.pop("until", NOON + timedelta(hours=2))
    with transaction() as session:
        event.last_queue_number += 1
        row = SignUp(
            event_id=event.id, leader_id=leader.id, queue_number=event.last_queue_number, created_at=NOON, **fields
        )
        session.add(row)
        session.flush()
        for position, person in enumerate(people, start=1):
            place = Place(
                signup_id=row.id, event_id=event.id, person_id=person.id, position=position, status=status,
                awaits=awaits, offer_expires_at=until if awaits else None, created_at=NOON,
            )  # fmt: skip
            session.add(place)
        row.waiting = len(people) if status == "waiting" else 0
        event.people_waiting += row.waiting
        event.seats_taken += len(people) - row.waiting
    return row


def offered(event: Event, *people: Person, until: datetime | None = None, **fields: Any) -> Offer:
    """A party with an open offer and its letters."""
    until = until or NOON + timedelta(hours=2)
    signup = party(event, *people, status="offered", awaits="answer", until=until, **fields)
    with transaction() as session:
        offer = Offer(signup_id=signup.id, made_at=NOON, expires_at=until)
        session.add(offer)
        session.flush()
        mail_offered(signup, signup.places, offer, now=NOON)
    return offer


def asked(event: Event, *people: Person, due_at: datetime | None = None, **fields: Any) -> Approval:
    """A party whose seats are kept until somebody approves, with the letters."""
    due_at = due_at or NOON + timedelta(hours=48)
    manager = fields.pop("manager", None)
    signup = party(event, *people, status="offered", awaits="approval", until=due_at, **fields)
    with transaction() as session:
        approval = Approval(
            signup_id=signup.id, asked="manager" if manager else "coordinator",
            asked_person_id=manager.id if manager else event.coordinator_id, asked_at=NOON, due_at=due_at, note="",
        )  # fmt: skip
        session.add(approval)
        session.flush()
        mail_approval_asked(signup, signup.places, approval, now=NOON)
    return approval


def letters(template: str) -> list[Mail]:
    """The queued letters of this kind."""
    return db.session.query(Mail).filter_by(template=f"signups/{template}", status="queued").all()


def link(template: str, to: Person) -> str:
    """The address in this reader's letter."""
    return next(mail.context["url"] for mail in letters(template) if mail.person_id == to.id)


def words(mail: Mail) -> tuple[str, str, str]:
    """Subject, text and HTML as the worker writes them."""
    claimed = Claimed(**{name: getattr(mail, name) for name in Claimed.__dataclass_fields__ if name != "override"})
    message = message_from_bytes(written(claimed, now=NOON)[2], policy=policy.default)
    text, html = (message.get_body((kind,)).get_content() for kind in ("plain", "html"))
    return message["Subject"], text, html


def all_rows() -> dict[str, list[Any]]:
    """Every row of every table."""
    db.session.rollback()
    tables = db.metadata.sorted_tables
    return {table.name: sorted(map(repr, db.session.execute(table.select()))) for table in tables}
