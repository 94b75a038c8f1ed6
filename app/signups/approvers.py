"""Who may say whether a party goes: the leader's manager or the coordinators, as the event asks."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select

from app.access.sessions import standing_grants
from app.accounts.actor import COORDINATOR, Actor, Scope
from app.accounts.models import Account, Grant
from app.db import db
from app.errors import NotFound
from app.events.models import Event
from app.events.policy import can_manage_event
from app.mail.outbox import Recipient
from app.people.models import Person
from app.signups.models import Approval


def can_answer_approval(actor: Actor, approval: Approval) -> bool:
    """Whoever is asked, and the event's coordinators; what a manager is asked, nobody answers for themselves."""
    signup = approval.signup
    if actor.person_id is None or (approval.asked == "manager" and actor.person_id == signup.leader_id):
        return False
    asked = (approval.asked_person_id, signup.event.coordinator_id)
    return actor.person_id in asked or can_manage_event(actor, signup.event)


def approvers(approval: Approval, *, now: datetime) -> list[Recipient]:
    """Who gets the letter: the person asked, else the event's coordinator, else all coordinators of it; by e-mail."""
    event = approval.signup.event
    for person_id in (approval.asked_person_id, event.coordinator_id):
        person = db.session.get(Person, person_id) if person_id else None
        if person is not None and person.email and person.deactivated_at is None:
            return [_recipient(person)]
    return [_recipient(person) for person in _coordinators(event, now=now)]


def coordinators_of(event: Event, *, now: datetime) -> list[Recipient]:
    """Whom to write to about an event: its coordinator, else all coordinators of it; those with an e-mail."""
    person = db.session.get(Person, event.coordinator_id) if event.coordinator_id else None
    if person is not None and person.email and person.deactivated_at is None:
        return [_recipient(person)]
    return [_recipient(other) for other in _coordinators(event, now=now)]


def reader_of(person_id: str | None, *, now: datetime) -> Actor:
    """Somebody who came by a link: known by name and by what they may, but not signed in. Raises NotFound."""
    person = db.session.get(Person, person_id) if person_id else None
    if person is None or person.deactivated_at is not None:
        raise NotFound
    held = select(Grant).join(Account, Account.id == Grant.account_id)
    held = held.where(Account.person_id == person.id, Account.deactivated_at.is_(None), standing_grants(now))
    scopes = tuple(Scope(g.role, g.city, g.programme_id, g.event_id, g.lent_by_id) for g in db.session.scalars(held))
    return Actor(person_id=person.id, name=person.short_name, language=person.language, city=person.city, scopes=scopes)


def _coordinators(event: Event, *, now: datetime) -> Sequence[Person]:
    """Those who coordinate here and have an address."""
    holders = (
        select(Account.person_id)
        .join(Grant, Grant.account_id == Account.id)
        .where(
            Account.deactivated_at.is_(None),
            Grant.role == COORDINATOR,
            standing_grants(now),
            or_(Grant.city.is_(None), Grant.city == event.site.city),
            or_(Grant.programme_id.is_(None), Grant.programme_id == event.programme_id),
            or_(Grant.event_id.is_(None), Grant.event_id == event.id),
        )
    )
    query = select(Person).where(Person.id.in_(holders), Person.email.is_not(None), Person.deactivated_at.is_(None))
    return db.session.scalars(query.order_by(Person.name_sort, Person.id)).all()


def _recipient(person: Person) -> Recipient:
    return Recipient(person.email or "", person.short_name, person.language, person.id, given_name=person.given_name)
