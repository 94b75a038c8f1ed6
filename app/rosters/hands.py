"""Whoever helps or works at one event goes along with it: helpers' days move with its day, and all hear of it."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select

from app.accounts.actor import HELPER
from app.accounts.models import Account, Grant
from app.db import db
from app.events.mail_facts import event_facts
from app.events.models import Event
from app.events.periods import local_day
from app.mail.outbox import Recipient, mail_row, post
from app.people.models import Person
from app.rosters.duty_standing import staff_of

STANDING = (Grant.lent_by_id.is_(None), Grant.revoked_at.is_(None))


def hands_follow(event: Event, *, moved_from: date) -> None:
    """Who may mark and hand out on the event's days may do so on its new days; the event has moved already."""
    by = event.local_date - moved_from
    for grant in db.session.scalars(select(Grant).where(Grant.event_id == event.id, *STANDING)):
        if grant.valid_on is not None:
            grant.valid_on += by
        if grant.role == HELPER and grant.valid_from is not None:
            grant.valid_from, grant.valid_until = event.local_date, local_day(event.ends_at, event.timezone)


def tell_hands(event: Event, news: str, *, now: datetime) -> None:
    """One letter to each: "moved", "postponed" or "cancelled"; to those who work there without a seat too."""
    helping = {person.id: person for person in hands_of(event)}
    working = {person.id: person for person, _need in db.session.execute(staff_of(event))}
    readers = [(person, False) for person in helping.values()]
    readers += [(person, True) for person_id, person in working.items() if person_id not in helping]
    post([_letter(event, person, news, works=works, now=now) for person, works in readers if person.email])


def hands_of(event: Event) -> Sequence[Person]:
    """Who helps at this event, by name."""
    helping = select(Account.person_id).join(Grant, Grant.account_id == Account.id)
    ids = helping.where(Grant.role == HELPER, Grant.event_id == event.id, *STANDING)
    query = select(Person).where(Person.id.in_(ids), Person.deactivated_at.is_(None))
    return db.session.scalars(query.order_by(Person.name_sort, Person.id)).all()


def _letter(event: Event, person: Person, news: str, *, works: bool, now: datetime) -> dict[str, object]:
    to = Recipient(person.email or "", person.short_name, person.language, person.id, given_name=person.given_name)
    page = ("/tasks" if works else "/roster") if news == "moved" else ""
    context = {
        "event": event_facts(event),
        "url": f"/events/{event.id}{page}",
        "name": person.given_name or person.surname,
        "news": news,
        "works": works,
    }
    key = f"hand:{news}:{event.id}:{person.id}:{event.calendar_sequence}"
    row = mail_row(key=key, template="rosters/hand_news", to=to, context=context, now=now, event_id=event.id)
    return row | {"expires_at": event.ends_at}
