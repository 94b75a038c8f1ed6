"""The plan of an event's reminders: a coordinator changes it, and the worker keeps the due times in step with it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.dialects import postgresql, sqlite

from app.accounts.actor import Actor
from app.audit.operations import record
from app.db import connection, db, lock, new_id, transaction
from app.errors import N_, Invalid, require
from app.events.models import Event
from app.events.policy import can_manage_event
from app.mail.outbox import cancel_mails
from app.reminders.due import due_times
from app.reminders.models import ReminderRun
from app.reminders.plans import MOST, MOST_LINES, USUAL, Planned, changed_plan, plan_of, to_keep
from app.reminders.queries import events_near, runs_of, standing_runs

ROWS_AT_ONCE = 300
WRONG_AMOUNT = {
    "d": N_("From 1 to 60 days before the start."),
    "h": N_("From 1 to 72 hours before the start."),
}
INSERT = {
    name: dialect.insert(ReminderRun.__table__).on_conflict_do_nothing()
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
}


def plan_reminders(event: Event, lines: Sequence[Planned] | None, *, now: datetime, actor: Actor) -> None:
    """The event's reminders from now on; None is the usual plan. Letters of one that is taken out stay here.

    Raises NotAllowed, Invalid.
    """
    with transaction():
        lock(event)
        require(can_manage_event(actor, event))
        old = event.reminder_plan
        planned = None if lines is None else changed_plan(plan_of(old), checked(lines), now=now)
        new = None if planned is None or planned == list(USUAL) else to_keep(planned)
        if new == old:
            return
        event.reminder_plan = new
        kept = {line.key for line in plan_of(new)}
        for run in runs_of(event):
            if run.kind not in kept:
                cancel_mails(now=now, event_id=event.id, key_prefix=f"reminder:{run.id}:")
        record(actor, "plan_reminders", event, now=now, changes={"reminder_plan": (_said(old), _said(new))})


def _said(kept: Sequence[Mapping[str, Any]] | None) -> str:
    """The plan in a line, for the log: 7d confirmed escorts, 2h confirmed."""
    return ", ".join(" ".join((line.key, *line.audiences)) for line in plan_of(kept))


def checked(lines: Sequence[Planned]) -> Sequence[Planned]:
    """The lines, if they can be meant. Raises Invalid."""
    if len(lines) > MOST_LINES:
        raise Invalid({"lines": N_("Eight reminders at most: nobody reads more.")})
    for line in lines:
        if line.unit not in MOST or not 1 <= line.amount <= MOST[line.unit]:
            raise Invalid({"lines": WRONG_AMOUNT.get(line.unit, WRONG_AMOUNT["d"])})
        if not line.audiences:
            raise Invalid({"lines": N_("Say to whom the reminder goes.")})
    if len({line.key for line in lines}) < len(lines):
        raise Invalid({"lines": N_("Two reminders are planned for the same moment.")})
    return lines


def plan_due_times(*, now: datetime) -> bool:
    """Rows as the plans of the events say, and none else; at most 300 in one transaction. Says whether any changed."""
    wanted = {_name(event, due.line.key, event): (event, due) for event in events_near(now) for due in _dues(event)}
    runs = standing_runs(now)
    standing = {(run.event_id, run.kind, run.occasion, run.occurrence): run for run in runs}
    near = {key[0]: (key[2], key[3]) for key in wanted}
    dropped = [run.id for key, run in standing.items() if key not in wanted and _goes(run, near.get(run.event_id))]
    moved = [
        (run.id, wanted[key][1].due_at)
        for key, run in standing.items()
        if key in wanted and run.finished_at is None and run.due_at != wanted[key][1].due_at
    ]
    added = [_row(event, due.line, due.due_at, now) for key, (event, due) in wanted.items() if key not in standing]
    if not (dropped or moved or added):
        return False
    _write(dropped[:ROWS_AT_ONCE], moved[:ROWS_AT_ONCE], added[:ROWS_AT_ONCE], now=now)
    return True


def _dues(event: Event) -> Iterable[Any]:
    return due_times(plan_of(event.reminder_plan), event.starts_at, event.timezone)


def _name(event: Event, kind: str, at: Event) -> tuple[str, str, int, datetime]:
    return event.id, kind, at.reminder_occasion, at.starts_at


def _goes(run: ReminderRun, stands: tuple[int, datetime] | None) -> bool:
    """What is done with stays as history, unless the event has another day by now."""
    return run.finished_at is None or (stands is not None and stands != (run.occasion, run.occurrence))


def _row(event: Event, line: Planned, due_at: datetime, now: datetime) -> dict[str, Any]:
    return {
        "id": new_id(), "event_id": event.id, "kind": line.key, "occurrence": event.starts_at,
        "occasion": event.reminder_occasion, "due_at": due_at, "planned_at": now, "queued": 0, "skipped": 0,
    }  # fmt: skip


def _write(
    dropped: Sequence[str], moved: Sequence[tuple[str, datetime]], added: Sequence[dict[str, Any]], *, now: datetime
) -> None:
    """Whoever else does the same meanwhile is in nobody's way: what stands already is left alone."""
    with transaction() as session:
        if dropped:
            stands = update(ReminderRun).where(ReminderRun.id.in_(dropped), ReminderRun.dropped_at.is_(None))
            session.execute(stands.values(dropped_at=now).execution_options(synchronize_session=False))
        for run_id, due_at in moved:
            waits = update(ReminderRun).where(ReminderRun.id == run_id, ReminderRun.finished_at.is_(None))
            session.execute(waits.values(due_at=due_at).execution_options(synchronize_session=False))
        if added:
            connection().execute(INSERT[session.get_bind().dialect.name], list(added))
    db.session.expire_all()
