"""Who gets the mail about a person: they themselves, or for a minor those who decide for them."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select

from app.db import db
from app.mail.outbox import Recipient
from app.people.models import Guardianship, Institution, Person


def recipients_for(person: Person, *, on: date) -> list[Recipient]:
    """The person, or for somebody under age on that day all guardians who have an e-mail."""
    return recipients_of([person], on=on)[person.id]


def recipients_of(people: Iterable[Person], *, on: date) -> dict[str, list[Recipient]]:
    """The same for many people at once, by person id, in three queries at most.

    An institution's pupil without a guardian is represented by the institution's contact.
    """
    rows = list(people)
    minors = [person for person in rows if person.is_minor_on(on)]
    guardians = _guardians({person.id for person in minors})
    orphaned = {person.institution_id for person in minors if person.id not in guardians and person.institution_id}
    contacts = _contacts(orphaned)
    found: dict[str, list[Recipient]] = {}
    for person in rows:
        if not person.is_minor_on(on):
            found[person.id] = _reachable([person])
        elif person.id in guardians:
            found[person.id] = _reachable(guardians[person.id])
        else:
            contact = contacts.get(person.institution_id or "")
            found[person.id] = [contact] if contact else []
    return found


def _reachable(people: Iterable[Person]) -> list[Recipient]:
    return [
        Recipient(
            address=person.email,
            name=person.short_name,
            language=person.language,
            person_id=person.id,
            given_name=person.given_name,
        )
        for person in people
        if person.email
    ]


def _guardians(child_ids: set[str]) -> dict[str, list[Person]]:
    if not child_ids:
        return {}
    query = (
        select(Guardianship.child_id, Person)
        .join(Person, Person.id == Guardianship.guardian_id)
        .where(Guardianship.child_id.in_(child_ids), Guardianship.ended_at.is_(None), Person.deactivated_at.is_(None))
        .order_by(Person.name_sort, Person.id)
    )
    found: dict[str, list[Person]] = {}
    for child_id, guardian in db.session.execute(query):
        found.setdefault(child_id, []).append(guardian)
    return found


def _contacts(institution_ids: set[str]) -> dict[str, Recipient]:
    if not institution_ids:
        return {}
    query = select(Institution).where(Institution.id.in_(institution_ids), Institution.contact_email.is_not(None))
    return {
        row.id: Recipient(address=row.contact_email or "", name=row.contact_name, language="kk", person_id=None)
        for row in db.session.scalars(query)
    }
