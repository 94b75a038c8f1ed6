"""Reminding owners of what is due, and telling coordinators of what is late: one follow-up a step, each letter once."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.accounts.actor import SYSTEM
from app.db import db, lock, transaction
from app.impact.follow_up.due import OWNER, Step, due_steps, may_write, next_step_on
from app.impact.follow_up.history import write_entry
from app.impact.follow_up.mails import mail_due, mail_late
from app.impact.follow_up.readers import FollowUp, with_its_own
from app.tasks.models import INSTRUCTION, Task, TaskEntry

AT_ONCE = 100
FURTHEST_EAST = timedelta(hours=14)  # no calendar is ahead of UTC by more


def remind_of_follow_ups(*, now: datetime) -> bool:
    """One follow-up whose day has come, seen to; says whether there may be another. In the night nobody is woken."""
    query = select(Task).where(Task.kind == INSTRUCTION, Task.done_at.is_(None))
    query = query.where(Task.next_step_on <= (now + FURTHEST_EAST).date())
    for task in db.session.scalars(query.order_by(Task.next_step_on, Task.id).limit(AT_ONCE)).all():
        one = with_its_own(task)
        today = now.astimezone(ZoneInfo(one.timezone)).date()
        if task.next_step_on is not None and task.next_step_on <= today and may_write(now, one.timezone):
            _see_to(task, now=now)
            return True
    return False


def _see_to(task: Task, *, now: datetime) -> None:
    """Under the lock everything is asked again: another worker, or its owner, may have been faster."""
    with transaction():
        lock(task)
        one = with_its_own(task)
        today = now.astimezone(ZoneInfo(one.timezone)).date()
        if task.is_over or task.next_step_on is None or task.next_step_on > today:
            return
        query = select(TaskEntry.occasion).where(TaskEntry.task_id == task.id, TaskEntry.occasion.is_not(None))
        known = {str(occasion) for occasion in db.session.scalars(query)}
        for step in due_steps(task.due_on, since=task.next_step_on, today=today, known=known):
            _send(one, step, now=now)
        task.next_step_on = next_step_on(task.due_on, after=today)


def _send(one: FollowUp, step: Step, *, now: datetime) -> None:
    assert one.task.due_on is not None
    occasion = step.occasion(one.task.due_on)
    if step.reader != OWNER:
        mail_late(one, step, now=now)
        write_entry(one.task, "escalated", now=now, actor=SYSTEM, occasion=occasion)
    elif mail_due(one, step, now=now):
        write_entry(one.task, "reminded", now=now, actor=SYSTEM, occasion=occasion)
    else:
        one.task.unreached_at = now if one.has_owner else None
        write_entry(one.task, "unreached", now=now, actor=SYSTEM, occasion=occasion)
