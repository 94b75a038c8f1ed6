"""Rotation calendars of shift workers, read from HR's file as often as they change.

A stretch of days takes the place of those that it overlaps, so that a calendar that moved is simply read again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from app.accounts.actor import Actor
from app.audit.operations import record
from app.db import db, new_id, transaction
from app.errors import N_
from app.people.checking import Refusal
from app.people.models import Person, WorkStretch
from app.people.policy import can_change_person
from app.people.rotation_sheets import Stretch, stretches_in

ROWS_AT_ONCE = 300
UNKNOWN = N_("No employee of your cities has the personnel number %(number)s.")


@dataclass
class Report:
    """What became of the file; a dry run says what would."""

    is_dry_run: bool = False
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: list[Refusal] = field(default_factory=list)


def import_rotations(content: bytes, *, dry_run: bool = False, now: datetime, actor: Actor) -> Report:
    """Writes down who works when, for employees of the cities that the actor coordinates.

    A few hundred rows a transaction, so that sign-ups don't wait. Reading a file again changes nothing. Raises
    UnreadableFile and ColumnMissing; rows that can't be are refused one by one, the others are taken.
    """
    stretches, refused = stretches_in(content)
    report = Report(dry_run, refused=refused)
    for first in range(0, len(stretches), ROWS_AT_ONCE):
        some = stretches[first : first + ROWS_AT_ONCE]
        if dry_run:
            _take(some, report, now=now, actor=actor)
            continue
        with transaction() as session:
            _take(some, report, now=now, actor=actor)
            session.flush()
    report.refused.sort(key=lambda refusal: refusal.row)
    return report


def _take(some: Sequence[Stretch], report: Report, *, now: datetime, actor: Actor) -> None:
    people = _employees({stretch.number for stretch in some})
    standing = _standing([person.id for person in people.values()])
    for stretch in some:
        person = people.get(stretch.number)
        if person is None or not can_change_person(actor, person):
            report.refused.append(Refusal(stretch.row, "personnel_number", UNKNOWN, {"number": stretch.number}))
            continue
        before = [old for old in standing.get(person.id, ()) if _overlap(old, stretch)]
        if [(old.starts_on, old.ends_on) for old in before] == [(stretch.starts_on, stretch.ends_on)]:
            report.unchanged += 1
            continue
        report.updated += bool(before)
        report.created += not before
        # What one row replaced is gone for the next.
        standing[person.id] = [old for old in standing.get(person.id, ()) if old not in before]
        if not report.is_dry_run:
            _write(person, stretch, before, now=now, actor=actor)


def _write(person: Person, stretch: Stretch, before: Sequence[WorkStretch], *, now: datetime, actor: Actor) -> None:
    """These days, in place of those that they overlap."""
    for old in before:
        db.session.delete(old)
    if before:
        db.session.flush()
    new = WorkStretch(id=new_id(), person_id=person.id, starts_on=stretch.starts_on, ends_on=stretch.ends_on)
    new.created_at = now
    db.session.add(new)
    old_days = ", ".join(f"{old.starts_on.isoformat()}/{old.ends_on.isoformat()}" for old in before) or None
    days = f"{stretch.starts_on.isoformat()}/{stretch.ends_on.isoformat()}"
    record(actor, "change_rotation", person, now=now, changes={"work_days": (old_days, days)})


def _employees(numbers: set[str]) -> dict[str, Person]:
    query = select(Person).where(
        Person.personnel_number.in_(numbers), Person.kind == "employee", Person.deactivated_at.is_(None)
    )
    return {str(person.personnel_number): person for person in db.session.scalars(query)}


def _standing(person_ids: Sequence[str]) -> dict[str, list[WorkStretch]]:
    query = select(WorkStretch).where(WorkStretch.person_id.in_(person_ids)).order_by(WorkStretch.starts_on)
    found: dict[str, list[WorkStretch]] = {}
    for stretch in db.session.scalars(query):
        found.setdefault(stretch.person_id, []).append(stretch)
    return found


def _overlap(old: WorkStretch, new: Stretch) -> bool:
    return old.starts_on <= new.ends_on and new.starts_on <= old.ends_on
