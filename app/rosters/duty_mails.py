"""Letters about tasks of the day: one function each."""

from datetime import datetime

from app.events.mail_facts import event_facts
from app.mail.outbox import queue_mail
from app.people.recipients import recipients_for
from app.rosters.duty_models import Duty


def mail_placed(duty: Duty, *, now: datetime) -> None:
    """You are needed for this task."""
    _mail(duty, "duty_placed", now=now)


def mail_released(duty: Duty, *, now: datetime) -> None:
    """The task is not yours any more."""
    _mail(duty, "duty_released", now=now)


def _mail(duty: Duty, letter: str, *, now: datetime) -> None:
    need = duty.need
    for reader in recipients_for(duty.holder, on=need.event.local_date):
        queue_mail(
            key=f"duty:{letter}:{duty.id}:{reader.person_id}",
            template=f"rosters/{letter}",
            to=reader,
            context={
                "event": event_facts(need.event),
                "role": need.role,
                "title": need.title or {},
                "shift": need.shift.name if need.shift else {},
                "section": need.section.name if need.section else {},
                "name": reader.given_name,
                "url": f"/events/{need.event_id}/tasks",
            },
            now=now,
            event_id=need.event_id,
            expires_at=need.event.ends_at,
        )
