"""Inviting those who were imported to make their login: by a link in a letter, or by a slip where there is no mail."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from app.access.codes import ACTIVATION, PASSWORD, add_code, new_slip_code, revoke_codes
from app.access.errors import HasLogin, NoAddress, NoLoginForChildren
from app.access.mails import mail_activation, mail_new_password
from app.access.policy import can_invite, can_invite_city
from app.access.queries import account_of, to_invite
from app.accounts.actor import Actor
from app.audit.operations import record
from app.db import db, transaction
from app.errors import require
from app.people.models import City, Person

AT_ONCE = 200
SLIPS_AT_ONCE = 300
LETTERS = {ACTIVATION: mail_activation, PASSWORD: mail_new_password}


@dataclass(frozen=True)
class Slip:
    """What is printed for one person; the code is known at this moment only."""

    person: Person
    code: str

    @property
    def printed_code(self) -> str:
        """In two fives, as people read it aloud."""
        return f"{self.code[:5]} {self.code[5:]}"


def invite_person(person: Person, *, now: datetime, actor: Actor) -> None:
    """Writes the letter to one person, anew if need be; raises NoAddress, HasLogin, NoLoginForChildren, NotAllowed."""
    with transaction():
        require(can_invite(actor, person))
        _require_no_login(person, now=now)
        if not person.email:
            raise NoAddress(name=person.short_name)
        send_link(person, purpose=ACTIVATION, now=now, actor=actor)


def invite_people(people: Iterable[Person], *, now: datetime, actor: Actor) -> int:
    """Writes to all of them who have a mailbox and no login, and says to how many; in transactions of 200.

    Children and those whose account is active are passed over.
    """
    written, rows = 0, iter(list(people))
    while some := list(islice(rows, AT_ONCE)):
        with transaction():
            for person in some:
                require(can_invite(actor, person))
                if _could_join(person, now=now) and person.email:
                    send_link(person, purpose=ACTIVATION, now=now, actor=actor)
                    written += 1
    return written


def invite_city(city: City, *, now: datetime, actor: Actor) -> int:
    """Writes to all of the city who have a mailbox, no login, and no invitation that still holds; says to how many."""
    require(can_invite_city(actor, city.slug))
    people = list(db.session.scalars(to_invite(city.slug, now=now, by_mail=True).order_by(Person.id)))
    return invite_people(people, now=now, actor=actor)


def print_slip(person: Person, *, now: datetime, actor: Actor) -> Slip:
    """A slip with a new code for one person; raises HasLogin, NoLoginForChildren, NotAllowed."""
    with transaction():
        require(can_invite(actor, person) and bool(person.personnel_number))
        _require_no_login(person, now=now)
        return _slip(person, now=now, actor=actor)


def print_slips(city: City, *, now: datetime, actor: Actor) -> list[Slip]:
    """Slips for up to 300 of the city who have no mailbox, no login and no slip that still holds, by name."""
    with transaction():
        require(can_invite_city(actor, city.slug))
        query = to_invite(city.slug, now=now, by_mail=False).order_by(Person.name_sort, Person.id).limit(SLIPS_AT_ONCE)
        return [_slip(person, now=now, actor=actor) for person in db.session.scalars(query).all()]


def send_link(person: Person, *, purpose: str, now: datetime, actor: Actor) -> None:
    """Queues the letter with a new link, inside the transaction of whoever wants it; older links end."""
    secret = secrets.token_urlsafe(32)
    revoke_codes([person.id], purpose=purpose, now=now)
    code = add_code(person, secret, purpose=purpose, now=now)
    db.session.flush()
    LETTERS[purpose](person, code, secret=secret, now=now)
    record(actor, f"send_{purpose}_link", person, now=now)


def _slip(person: Person, *, now: datetime, actor: Actor) -> Slip:
    code = new_slip_code()
    revoke_codes([person.id], purpose=ACTIVATION, now=now)
    add_code(person, code, purpose=ACTIVATION, now=now, slip=True)
    record(actor, "print_slip", person, now=now)
    return Slip(person, code)


def _could_join(person: Person, *, now: datetime) -> bool:
    account = account_of(person.id)
    is_child = person.is_minor_on(now.date())
    return (
        not is_child
        and not person.deactivated_at
        and not (account and (account.activated_at or account.deactivated_at))
    )


def _require_no_login(person: Person, *, now: datetime) -> None:
    if person.is_minor_on(now.date()):
        raise NoLoginForChildren(name=person.short_name)
    if not _could_join(person, now=now):
        raise HasLogin(name=person.short_name)
