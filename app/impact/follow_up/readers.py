"""Who is written to about a follow-up: its owner, if an address is known, and its coordinators."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select

from app.access.sessions import standing_grants
from app.accounts.actor import COORDINATOR
from app.accounts.models import Account, Grant
from app.db import db
from app.events.models import Event
from app.mail.outbox import Recipient
from app.people.models import City, Person
from app.signups.approvers import coordinators_of
from app.tasks.models import Task
from app.web.dates import HOME_ZONE


@dataclass(frozen=True)
class FollowUp:
    """A task with the event that it comes from and the colleague who is to do it, where there are such."""

    task: Task
    event: Event | None = None
    person: Person | None = None
    timezone: str = HOME_ZONE

    @property
    def owner_name(self) -> str:
        """Who is to do it; empty where nobody is named."""
        return self.person.short_name if self.person else self.task.owner

    @property
    def has_owner(self) -> bool:
        """Whether somebody is named."""
        return bool(self.owner_name)

    @property
    def reader(self) -> Recipient | None:
        """The owner by mail; None for whoever has no address, or left."""
        task, person = self.task, self.person
        if person is not None:
            if not person.email or person.deactivated_at is not None:
                return None
            return Recipient(person.email, person.short_name, person.language, person.id, person.given_name)
        if not task.owner_email:
            return None
        return Recipient(task.owner_email, task.owner, task.owner_language)


def with_its_own(task: Task) -> FollowUp:
    """One task with its event, owner and the clock of its place."""
    event = db.session.get(Event, task.event_id) if task.event_id else None
    person = db.session.get(Person, task.owner_id) if task.owner_id else None
    if event is not None:
        return FollowUp(task, event, person, event.timezone)
    city = db.session.get(City, task.city) if task.city else None
    return FollowUp(task, None, person, city.timezone if city else HOME_ZONE)


def coordinators_for(one: FollowUp, *, now: datetime) -> Sequence[Recipient]:
    """Those of its event, else those of its city; by e-mail."""
    if one.event is not None:
        return coordinators_of(one.event, now=now)
    holders = (
        select(Account.person_id)
        .join(Grant, Grant.account_id == Account.id)
        .where(
            Account.deactivated_at.is_(None),
            Grant.role == COORDINATOR,
            standing_grants(now),
            or_(Grant.city.is_(None), Grant.city == one.task.city),
            Grant.programme_id.is_(None),
            Grant.event_id.is_(None),
        )
    )
    query = select(Person).where(Person.id.in_(holders), Person.email.is_not(None), Person.deactivated_at.is_(None))
    return [
        Recipient(person.email or "", person.short_name, person.language, person.id, person.given_name)
        for person in db.session.scalars(query.order_by(Person.name_sort, Person.id))
    ]
