"""Queueing the reminders that are due, a few hundred letters a transaction; every step can be done twice."""

from datetime import datetime

from app.db import db, lock, transaction
from app.events.models import Event
from app.events.queries import contact_of
from app.mail.outbox import queue_mails
from app.reminders.due import Reminder, Verdict, decide, reminders_of
from app.reminders.mails import readers_of, reminder_mail
from app.reminders.models import ReminderRun
from app.reminders.queries import TOLD, confirmed_until, events_near, finished_runs, keys_standing

LETTERS_AT_ONCE = 300


def queue_due_reminders(*, now: datetime) -> bool:
    """One step: at most 300 letters of one reminder, or one reminder noted as missed. Says whether to go on."""
    events = events_near(now)
    done = finished_runs(events)
    for event in events:
        for reminder in reminders_of(event.starts_at, event.timezone):
            if (event.id, reminder.kind, event.starts_at) in done:
                continue
            verdict = decide(reminder, starts_at=event.starts_at, timezone=event.timezone, now=now)
            if verdict.what != "wait":
                _take_step(event, reminder, verdict, now=now)
                return True
    return False


def _take_step(event: Event, reminder: Reminder, verdict: Verdict, *, now: datetime) -> None:
    """Under the event's lock, so that nobody who is just leaving is reminded."""
    occurrence = event.starts_at
    with transaction():
        lock(event)
        if event.starts_at != occurrence or event.status not in TOLD:
            return
        run = _run(event, reminder, now=now)
        if verdict.what == "miss":
            run.missed_reason = verdict.reason
            run.finished_at = now
            return
        readers = readers_of(event, confirmed_until(event.id, reminder.due_at))
        reminded = keys_standing(event.id)
        contact = contact_of(event)
        reply_to = contact.email if contact else None
        rows = [reminder_mail(reminder.kind, event, to, going, reply_to=reply_to, now=now) for to, going in readers]
        missing = [row for row in rows if row["key"] not in reminded]
        run.queued += queue_mails(missing[:LETTERS_AT_ONCE])
        if len(missing) <= LETTERS_AT_ONCE:
            run.finished_at = now


def _run(event: Event, reminder: Reminder, *, now: datetime) -> ReminderRun:
    """The row of this reminder for this start, made by whoever comes first; the lock keeps the second one waiting."""
    which = {"event_id": event.id, "kind": reminder.kind, "occurrence": event.starts_at}
    run = db.session.query(ReminderRun).filter_by(**which).one_or_none()
    if run is None:
        run = ReminderRun(**which, due_at=reminder.due_at, queued=0)
        db.session.add(run)
    return run
