"""Queueing the reminders that are due, a page of places a transaction; every step can be done twice."""

from datetime import datetime

from app.db import lock, transaction
from app.events.models import Event
from app.mail.outbox import queue_mails
from app.reminders.audiences import next_batch, still_going
from app.reminders.due import Due, Verdict, decide, due_times
from app.reminders.mails import reminder_row, shared_facts
from app.reminders.models import ReminderRun
from app.reminders.planning import plan_due_times
from app.reminders.plans import plan_of
from app.reminders.queries import TOLD, due_runs, is_settled


def queue_due_reminders(*, now: datetime) -> bool:
    """One step: due times put in step with the plans, one page of readers written to, or one reminder noted as
    missed. Says whether to go on."""
    if plan_due_times(now=now):
        return True
    for run in due_runs(now):
        event = run.event
        dues = due_times(plan_of(event.reminder_plan), event.starts_at, event.timezone)
        due = next((one for one in dues if one.line.key == run.kind), None)
        if due is None:
            continue
        verdict = decide(due, dues, starts_at=event.starts_at, timezone=event.timezone, now=now)
        if verdict.what == "miss":
            _miss(run, event, verdict, now=now)
            return True
        if verdict.what == "send":
            _send_a_page(run, event, due, verdict, now=now)
            return True
    return False


def _miss(run: ReminderRun, event: Event, verdict: Verdict, *, now: datetime) -> None:
    """Nobody, or nobody any more, is reminded: the page and the board say why."""
    seen = _as_seen(run, event)
    with transaction():
        lock(event)
        if _as_seen(run, event) == seen and event.status in TOLD and is_settled(event, now=now):
            run.missed_reason, run.finished_at = verdict.reason, now


def _send_a_page(run: ReminderRun, event: Event, due: Due, verdict: Verdict, *, now: datetime) -> None:
    """Readers are found and letters written before the lock is asked for; under it only what may have changed is
    looked at again, so that nobody who is just leaving is reminded and sign-ups hardly wait."""
    seen = _as_seen(run, event)
    batch = next_batch(event, verdict.audiences, due_at=due.due_at, cursor=run.cursor)
    shared = shared_facts(event, now=now)
    written = [reminder_row(run, event, reader, shared, now=now) for reader in batch.readers]
    rows, place_ids = [row for row in written if row is not None], batch.place_ids
    with transaction():
        lock(event)
        if _as_seen(run, event) != seen or event.status not in TOLD or not is_settled(event, now=now):
            return
        if still_going(place_ids) != place_ids:
            return  # somebody left meanwhile: the page is read again
        run.queued += queue_mails(rows)
        run.skipped += len(written) - len(rows)
        run.cursor, run.finished_at = batch.cursor, now if batch.cursor is None else None


def _as_seen(run: ReminderRun, event: Event) -> tuple[object, ...]:
    """What must not change between looking and writing."""
    of_run = (run.occasion, run.occurrence, run.cursor, run.finished_at, run.dropped_at)
    of_event = (event.reminder_occasion, event.starts_at, event.timezone, event.reminder_plan)
    return *of_run, *of_event
