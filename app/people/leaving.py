"""Who isn't in a complete list has left: how many that would be, and their leaving. Part of an import's transaction."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import func, select

from app.accounts.actor import Actor
from app.accounts.models import Account
from app.audit.operations import record
from app.db import db
from app.people.changing import close_accounts
from app.people.differences import keep_differences, leaver
from app.people.models import ImportRun, Person

MOST_LEAVERS = 0.1  # of the employees of the city, without a person who knows of it
A_FEW = 5  # so many may leave a small city unasked
AT_ONCE = 300
ASKED_AT_ONCE = 2000

Numbers = Callable[[], set[str]]


def hold_if_many_leave(run: ImportRun, numbers: Numbers, *, now: datetime, actor: Actor) -> None:
    """Before its first row: a list without more than a tenth of the employees becomes a report that waits for a person.

    A file cut in half would otherwise close half of the logins in a night.
    """
    if not run.is_complete or run.rows_done or run.confirmed_at:
        return
    leave = len(_missing_from(run, numbers()))
    there = select(func.count()).where(
        Person.kind == "employee", Person.city == run.city, Person.deactivated_at.is_(None)
    )
    if leave > A_FEW and leave > MOST_LEAVERS * (db.session.scalar(there) or 0):
        run.held_at, run.is_dry_run = now, True
        record(actor, "hold_import", run, now=now)


def let_leave(run: ImportRun, numbers: Numbers, *, now: datetime, actor: Actor) -> int:
    """Marks those who aren't in the list as gone; says how many."""
    gone = _missing_from(run, numbers())
    for first in range(0, len(gone), AT_ONCE):
        _leave(run, gone[first : first + AT_ONCE], after=run.created + run.updated + first, now=now, actor=actor)
    return len(gone)


def _missing_from(run: ImportRun, listed: set[str]) -> list[str]:
    """Employees of this city who aren't in the list have left; those in a refused row are in the list."""
    numbers = select(Person.id, Person.personnel_number).where(
        Person.kind == "employee", Person.city == run.city, Person.deactivated_at.is_(None)
    )
    # The demo's logins stand in no list of anybody's: trying the import out must not lock everyone out.
    numbers = numbers.where(Person.id.not_in(select(Account.person_id).where(Account.is_demo)))
    in_order = numbers.order_by(Person.name_sort, Person.id).execution_options(yield_per=ASKED_AT_ONCE)
    found = db.session.execute(in_order)
    return [person_id for person_id, number in found if number not in listed]


def _leave(run: ImportRun, person_ids: list[str], *, after: int, now: datetime, actor: Actor) -> None:
    known = {person.id: person for person in db.session.scalars(select(Person).where(Person.id.in_(person_ids)))}
    people = [known[person_id] for person_id in person_ids]
    keep_differences(run, [leaver(person) for person in people], after=after)
    if run.is_dry_run:
        return
    for person in people:
        person.deactivated_at = now
        record(actor, "leave", person, now=now)
    close_accounts(person_ids, now=now)
