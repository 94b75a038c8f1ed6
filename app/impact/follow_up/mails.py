"""Letters about follow-ups: to whoever is to do it, and to the coordinators. One function each."""

from datetime import datetime
from typing import Any

from app.impact.follow_up.due import Step
from app.impact.follow_up.links import answer_path
from app.impact.follow_up.readers import FollowUp, coordinators_for
from app.mail.outbox import Recipient, cancel_mails, mail_row, queue_mails
from app.mail.quiet_hours import after_quiet_hours


def mail_given(one: FollowUp, *, is_changed: bool = False, now: datetime) -> bool:
    """This is yours: what, until when, and the link to answer by. False for whoever has no address."""
    more = {"is_changed": is_changed, "url": answer_path(one.task, now=now)}
    return _to_owner(one, "follow_up_given", f"given:{one.task.version}:{now.isoformat()}", more, now=now)


def mail_due(one: FollowUp, step: Step, *, now: datetime) -> bool:
    """It is due soon, or was: how many days, and the link. False for whoever has no address."""
    assert one.task.due_on is not None
    more = {"days": step.days, "url": answer_path(one.task, now=now)}
    return _to_owner(one, "follow_up_due", step.occasion(one.task.due_on), more, now=now)


def mail_late(one: FollowUp, step: Step, *, now: datetime) -> None:
    """To the coordinators: its day has passed, and nobody said that it is done."""
    assert one.task.due_on is not None
    more = {"days": step.days, "url": f"/follow-ups/{one.task.id}"}
    _to_coordinators(one, "follow_up_late", step.occasion(one.task.due_on), more, now=now)


def mail_answered(one: FollowUp, *, state: str, note: str, has_file: bool, now: datetime) -> None:
    """To the coordinators: what its owner says."""
    more = {"state": state, "note": note, "has_file": has_file, "url": f"/follow-ups/{one.task.id}"}
    _to_coordinators(one, "follow_up_answered", f"answered:{now.isoformat()}", more, now=now)


def take_letters_back(one: FollowUp, *, now: datetime) -> None:
    """What was queued for its owner and not sent yet stays here: it is over, or somebody else's."""
    for letter in ("follow_up_given", "follow_up_due"):
        cancel_mails(now=now, key_prefix=f"follow_up:{letter}:{one.task.id}:")


def _to_owner(one: FollowUp, letter: str, occasion: str, more: dict[str, Any], *, now: datetime) -> bool:
    reader = one.reader
    if reader is not None:
        contact = next(iter(coordinators_for(one, now=now)), None)
        own = {"reply_to": contact.address if contact else None}
        queue_mails([_row(one, letter, occasion, reader, more | own, now=now)])
    return reader is not None


def _to_coordinators(one: FollowUp, letter: str, occasion: str, more: dict[str, Any], *, now: datetime) -> None:
    queue_mails(
        [
            _row(one, letter, f"{occasion}:{reader.person_id}", reader, more, now=now)
            for reader in coordinators_for(one, now=now)
        ]
    )


def _row(
    one: FollowUp, letter: str, occasion: str, reader: Recipient, more: dict[str, Any], *, now: datetime
) -> dict[str, Any]:
    row = mail_row(
        key=f"follow_up:{letter}:{one.task.id}:{occasion}",
        template=f"impact/{letter}",
        to=reader,
        context=_facts(one) | {"name": reader.given_name or reader.name} | more,
        now=now,
        event_id=one.task.event_id,
        not_before=after_quiet_hours(now, one.timezone),
    )
    return row | {"reader_zone": one.timezone}


def _facts(one: FollowUp) -> dict[str, Any]:
    task, event = one.task, one.event
    return {
        "text": task.text,
        "owner": one.owner_name,
        "due_on": task.due_on.isoformat() if task.due_on else None,
        "event_title": event.title if event else None,
    }
