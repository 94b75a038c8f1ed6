"""Who gets the mail about a person: they themselves, or for a minor those who decide for them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import bindparam, select

from app.db import db
from app.mail.outbox import Recipient
from app.people.models import Guardianship, Institution, Person
from app.rows import read

G, P = Guardianship.__table__, Person.__table__
GUARDIANS = (
    select(G.c.child_id, P.c.id, P.c.surname, P.c.given_name, P.c.email, P.c.language, P.c.deactivated_at)
    .join(P, P.c.id == G.c.guardian_id)
    .where(G.c.child_id.in_(bindparam("children", expanding=True)), G.c.ended_at.is_(None))
    .order_by(P.c.name_sort, P.c.id)
)


class Guardian(NamedTuple):
    """Who decides for a child today, as letters and rules need them."""

    child_id: str
    person_id: str
    surname: str
    given_name: str
    email: str | None
    language: str
    deactivated_at: datetime | None


Guardians = Mapping[str, Sequence[Guardian]]


def recipients_for(person: Person, *, on: date) -> list[Recipient]:
    """The person, or for somebody under age on that day all guardians who have an e-mail."""
    return recipients_of([person], on=on)[person.id]


def recipients_of(
    people: Iterable[Person], *, on: date, guardians: Guardians | None = None
) -> dict[str, list[Recipient]]:
    """The same for many people at once, by person id, in two queries at most; `guardians` spare the first.

    An institution's pupil without a guardian is represented by the institution's contact.
    """
    rows = list(people)
    minors = [person for person in rows if person.is_minor_on(on)]
    deciding = guardians_by_child({person.id for person in minors}) if guardians is None else guardians
    guardians = {child_id: [g for g in found if g.deactivated_at is None] for child_id, found in deciding.items()}
    orphaned = {person.institution_id for person in minors if not guardians.get(person.id) and person.institution_id}
    contacts = _contacts(orphaned)
    found: dict[str, list[Recipient]] = {}
    for person in rows:
        if not person.is_minor_on(on):
            found[person.id] = _reachable([person])
        elif guardians.get(person.id):
            found[person.id] = [_guardian(one) for one in guardians[person.id] if one.email]
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


def guardians_by_child(child_ids: Iterable[str]) -> dict[str, list[Guardian]]:
    """{child's id: who decides for it today}, those who left the company too; a child of nobody is not in it."""
    found: dict[str, list[Guardian]] = {}
    ids = list(child_ids)
    for row in read(GUARDIANS, {"children": ids}) if ids else ():
        guardian = Guardian(*row)
        found.setdefault(guardian.child_id, []).append(guardian)
    return found


def _guardian(one: Guardian) -> Recipient:
    name = " ".join(part for part in (one.surname, one.given_name) if part)
    return Recipient(one.email or "", name, one.language, one.person_id, one.given_name)


def _contacts(institution_ids: set[str]) -> dict[str, Recipient]:
    if not institution_ids:
        return {}
    query = select(Institution).where(Institution.id.in_(institution_ids), Institution.contact_email.is_not(None))
    return {
        row.id: Recipient(row.contact_email or "", row.contact_name, row.contact_language)
        for row in db.session.scalars(query.where(Institution.deactivated_at.is_(None)))
    }
