"""One-time codes: long ones in the links of letters, short readable ones on printed slips. Only a hash is kept."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select, update

from app.access.models import AccessCode
from app.access.sessions import hashed
from app.accounts.actor import Actor
from app.audit.operations import record
from app.db import TICKET_LETTERS, db, transaction
from app.people.models import Person

ACTIVATION, PASSWORD = "activation", "password"
LINK_LASTS = timedelta(days=3)
SLIP_LASTS = timedelta(days=30)
SLIP_LETTERS = 10


def issue_code(person: Person, *, purpose: str, now: datetime, actor: Actor, slip: bool = False) -> str:
    """A new code for this person; older ones for the same purpose end.

    For a link it lasts 3 days. With `slip` it is ten letters that are read well on paper, lasts 30 days, and counts
    only together with the personnel number.
    """
    with transaction():
        revoke_codes([person.id], purpose=purpose, now=now)
        code = new_slip_code() if slip else secrets.token_urlsafe(32)
        add_code(person, code, purpose=purpose, now=now, slip=slip)
        record(actor, "issue_code", person, now=now)
    return code


def add_code(person: Person, code: str, *, purpose: str, now: datetime, slip: bool = False) -> AccessCode:
    """The row of a code, inside the transaction of whoever gives it out."""
    row = AccessCode(
        person_id=person.id,
        purpose=purpose,
        code_hash=hashed(slip_words(person.personnel_number or "", code) if slip else code),
        created_at=now,
        expires_at=now + (SLIP_LASTS if slip else LINK_LASTS),
    )
    db.session.add(row)
    return row


def use_code(words: str, *, purpose: str, now: datetime) -> Person | None:
    """Whose code it is, used from now on; None when it was used, replaced, ran out or never was.

    Two clicks that arrive together use it once. The person's other codes end with it.
    """
    with transaction() as session:
        wanted = update(AccessCode).where(AccessCode.code_hash == hashed(words), *standing_codes(purpose, now))
        person_id = session.scalar(wanted.values(used_at=now).returning(AccessCode.person_id))
        person = session.get(Person, person_id) if person_id else None
        if person is None or person.deactivated_at:
            return None
        for other in (ACTIVATION, PASSWORD):
            revoke_codes([person.id], purpose=other, now=now)
        return person


def person_of_code(words: str, *, purpose: str, now: datetime) -> Person | None:
    """Whose code it is while it still holds; changes nothing."""
    query = select(Person).join(AccessCode, AccessCode.person_id == Person.id)
    return db.session.scalar(
        query.where(
            AccessCode.code_hash == hashed(words), *standing_codes(purpose, now), Person.deactivated_at.is_(None)
        )
    )


def revoke_codes(person_ids: Iterable[str], *, purpose: str, now: datetime) -> None:
    """Ends what was given out before and not used, inside the transaction of whoever gives out anew."""
    wanted = update(AccessCode).where(AccessCode.person_id.in_(list(person_ids)), *standing_codes(purpose, now))
    db.session.execute(wanted.values(revoked_at=now).execution_options(synchronize_session=False))


def new_slip_code() -> str:
    """Ten letters without vowels and without what is read wrongly."""
    return "".join(secrets.choice(TICKET_LETTERS) for _ in range(SLIP_LETTERS))


def slip_words(number: str, code: str) -> str:
    """What of a slip is hashed: number and code together, so that neither a link nor another number opens with it."""
    letters = "".join(code.split()).replace("-", "").upper()
    return f"{number.strip()}:{letters}"


def standing_codes(purpose: str, now: datetime) -> tuple[ColumnElement[bool], ...]:
    """The conditions under which a code still opens."""
    return (
        AccessCode.purpose == purpose,
        AccessCode.used_at.is_(None),
        AccessCode.revoked_at.is_(None),
        AccessCode.expires_at > now,
    )
