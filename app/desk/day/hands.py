"""Who helps at one event on its day: named by its coordinator, seen no further, and gone by themselves."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, select

from app.access.queries import accounts_named
from app.accounts.actor import HELPER, Actor
from app.accounts.models import Account, Grant
from app.audit.operations import record
from app.db import db, lock, transaction
from app.errors import N_, Invalid, NotFound, require
from app.events.mail_facts import event_facts
from app.events.models import Event
from app.events.policy import can_manage_event
from app.mail.outbox import Recipient, queue_mail
from app.people.models import Person
from app.web.dates import local_date


def name_helper(event: Event, typed: str, *, now: datetime, actor: Actor) -> Grant:
    """Whoever has this e-mail or number may mark and hand out on the event's days; they get a letter.

    Naming somebody again moves their days to those of the event. Raises Invalid, NotAllowed.
    """
    require(can_manage_event(actor, event))
    with transaction() as session:
        lock(event)
        require(can_manage_event(actor, event))
        account = _account(typed, event)
        first, last = event.local_date, local_date(event.ends_at, event.timezone)
        query = select(Grant).where(Grant.account_id == account.id, *_standing(event))
        grant = session.scalar(query)
        if grant is None:
            key = {"role": HELPER, "event_id": event.id, "scope_key": f"::{event.id}"}
            grant = Grant(account_id=account.id, granted_at=now, granted_by_id=actor.account_id, **key)
            session.add(grant)
        grant.valid_from, grant.valid_until = first, last
        person = session.get_one(Person, account.person_id)
        record(actor, "name_helper", event, now=now, changes={"person": (None, person.id)})
        _mail(event, person, now=now)
    return grant


def end_help(event: Event, grant_id: str, *, now: datetime, actor: Actor) -> None:
    """Takes it back, from the next click on; raises NotFound for another event's, NotAllowed."""
    require(can_manage_event(actor, event))
    with transaction() as session:
        grant = session.scalar(select(Grant).where(Grant.id == grant_id, *_standing(event)))
        if grant is None:
            raise NotFound
        lock(grant)
        grant.revoked_at = grant.revoked_at or now
        person_id = session.get_one(Account, grant.account_id).person_id
        record(actor, "end_help", event, now=now, changes={"person": (person_id, None)})


def hands_of(event: Event) -> Sequence[tuple[Grant, Person]]:
    """The helpers of the event with their days, by name."""
    query = (
        select(Grant, Person)
        .join(Account, Account.id == Grant.account_id)
        .join(Person, Person.id == Account.person_id)
        .where(*_standing(event))
        .order_by(Person.name_sort, Person.id)
    )
    return [(grant, person) for grant, person in db.session.execute(query)]


def _standing(event: Event) -> tuple[ColumnElement[bool], ...]:
    return (Grant.role == HELPER, Grant.event_id == event.id, Grant.lent_by_id.is_(None), Grant.revoked_at.is_(None))


def _account(typed: str, event: Event) -> Account:
    found = [account for account in accounts_named(typed) if account.is_active]
    if len(found) != 1:
        raise Invalid({"helper": N_("Nobody with a login has this e-mail or number.")})
    if db.session.get_one(Person, found[0].person_id).is_minor_on(event.local_date):
        raise Invalid({"helper": N_("Helpers are grown-ups.")})
    return found[0]


def _mail(event: Event, person: Person, *, now: datetime) -> None:
    if person.email:
        to = Recipient(person.email, person.short_name, person.language, person.id, given_name=person.given_name)
        context = {
            "event": event_facts(event),
            "url": f"/events/{event.id}/desk",
            "name": person.given_name or person.surname,
        }
        key = f"desk:hand:{event.id}:{person.id}:{event.local_date.isoformat()}"
        queue_mail(key=key, template="desk/hand", to=to, context=context, now=now, event_id=event.id)
