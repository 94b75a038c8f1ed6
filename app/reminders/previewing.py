"""The plan of an event as its page shows it: when each reminder leaves, to how many, and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, func, literal, select, union_all
from sqlalchemy.orm import aliased

from app.db import db
from app.events.models import Event
from app.events.trip_models import Host
from app.people.models import Guardianship, Institution, Person
from app.reminders.due import ADDED_LATE, NIGHT_UNTIL_START, Due, due_times
from app.reminders.models import ReminderRun
from app.reminders.plans import CONFIRMED, ESCORTS, HOSTS, INSTITUTIONS, Planned
from app.reminders.queries import TOLD, runs_of
from app.rosters.duty_models import Duty, Need
from app.rosters.duty_standing import standing
from app.signups.models import Invitation, InvitationContact, Place, SignUp


@dataclass(frozen=True)
class Readers:
    """How many get a letter: {(goes, escorts): readers} of the seats, and those who have none."""

    seats: dict[tuple[bool, bool], int]
    staff: int
    hosts: int
    contacts: int

    def of(self, audiences: Sequence[str]) -> int:
        """Readers of these audiences; whoever belongs to two of them reads one letter."""
        goes, escorts = CONFIRMED in audiences, ESCORTS in audiences
        seats = sum(
            number for (going, escort), number in self.seats.items() if (goes and going) or (escorts and escort)
        )
        others = ((escorts, self.staff), (HOSTS in audiences, self.hosts), (INSTITUTIONS in audiences, self.contacts))
        return seats + sum(number for is_asked, number in others if is_asked)


@dataclass(frozen=True)
class Shown:
    """One reminder of the plan. State: sent, going, missed, waits, off (nothing leaves while it is so)."""

    due: Due
    state: str
    readers: int
    letters: int = 0
    skipped: int = 0
    reason: str | None = None

    @property
    def line(self) -> Planned:
        """What is planned."""
        return self.due.line


def shown_plan(event: Event, plan: Sequence[Planned], *, now: datetime) -> list[Shown]:
    """Each reminder of this plan for the event as it stands, the earliest first; the plan may be a draft of one."""
    readers = readers_of_event(event)
    runs = {run.kind: run for run in runs_of(event)}
    dues = due_times(plan, event.starts_at, event.timezone)
    return [_shown(event, due, runs.get(due.line.key), readers.of(due.line.audiences), now) for due in dues]


def readers_of_event(event: Event) -> Readers:
    """Everybody who would get a letter now, counted by the database in two questions."""
    seats = {(bool(goes), bool(escorts)): number for goes, escorts, number in db.session.execute(_by_reader(event))}
    staff, hosts, contacts = db.session.execute(_without_seats(event)).one()
    return Readers(seats, staff, hosts, contacts)


def _shown(event: Event, due: Due, run: ReminderRun | None, readers: int, now: datetime) -> Shown:
    if run is not None and (run.finished_at is not None or run.cursor is not None):
        state = "missed" if run.missed_reason else "sent" if run.finished_at else "going"
        return Shown(due, state, readers, run.queued, run.skipped, run.missed_reason)
    if due.is_dropped:
        return Shown(due, "missed", readers, reason=NIGHT_UNTIL_START)
    since = due.line.since
    if due.due_at <= (since or now) and (run is None or since is not None):
        return Shown(due, "missed", readers, reason=ADDED_LATE)
    return Shown(due, "waits" if event.status in TOLD and event.date_precision == "minute" else "off", readers)


def _by_reader(event: Event) -> Select[Any]:
    """{whether they read for somebody who goes, for an escort: readers}."""
    who, role = union_all(*_reading(event)).subquery().c
    per = select(
        func.max(case((role == "participant", 1), else_=0)).label("goes"),
        func.max(case((role == "escort", 1), else_=0)).label("escorts"),
    ).group_by(who)
    each = per.subquery()
    return select(each.c.goes, each.c.escorts, func.count()).group_by(each.c.goes, each.c.escorts)


def _reading(event: Event) -> list[Any]:
    """(reader, role of whom they read for): grown-ups themselves, guardians, schools of pupils without guardians."""
    minor, guardian = Person.minors_on(event.local_date), aliased(Person)
    decides = (Guardianship.child_id == Person.id, Guardianship.ended_at.is_(None), guardian.deactivated_at.is_(None))
    cared_for = select(Guardianship.child_id).join(guardian, guardian.id == Guardianship.guardian_id).where(*decides)
    seats = select(literal("").concat(Person.id), Place.role).join(Place, Place.person_id == Person.id)
    seats = seats.where(Place.event_id == event.id, Place.status == "confirmed")
    guarded = seats.join(Guardianship, Guardianship.child_id == Person.id).where(minor, *decides)
    schooled = seats.join(Institution, Institution.id == Person.institution_id).where(minor, ~cared_for.exists())
    return [
        seats.where(~minor, Person.email.is_not(None)),
        guarded.join(guardian, guardian.id == Guardianship.guardian_id)
        .where(guardian.email.is_not(None))
        .with_only_columns(guardian.id, Place.role, maintain_column_froms=True),
        schooled.where(Institution.contact_email.is_not(None)).with_only_columns(
            literal("@").concat(Institution.id), Place.role, maintain_column_froms=True
        ),
    ]


def _without_seats(event: Event) -> Select[Any]:
    """Staff, hosts and institutions' contacts, each a number."""
    staff = standing(select(func.count(Duty.person_id.distinct()))).where(
        Need.event_id == event.id, Duty.person_id.is_not(None), Person.email.is_not(None)
    )
    hosts = select(func.count()).where(
        Host.event_id == event.id, Host.removed_at.is_(None), Host.confirmed_at.is_not(None), Host.email != ""
    )
    named = (
        select(Place.id)
        .join(SignUp, SignUp.id == Place.signup_id)
        .where(SignUp.invitation_id == Invitation.id, Place.status == "confirmed")
    )
    contacts = (
        select(func.count(InvitationContact.id))
        .join(Invitation, Invitation.id == InvitationContact.invitation_id)
        .where(
            Invitation.event_id == event.id, Invitation.revoked_at.is_(None), InvitationContact.revoked_at.is_(None),
            named.exists(),
        )
    )  # fmt: skip
    return select(staff.scalar_subquery(), hosts.scalar_subquery(), contacts.scalar_subquery())
