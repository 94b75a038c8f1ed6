"""Moving, postponing or cancelling an event as one act: done at once, while its letters wait a minute for an undo."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from app.accounts.actor import Actor
from app.audit.operations import record
from app.db import Texts, db, lock, new_id, transaction
from app.errors import N_, Invalid, require
from app.events.drafts import version_of
from app.events.errors import StaleForm
from app.events.lifecycle import WHY_NOT
from app.events.models import Event, Shift, Stop
from app.events.policy import can_manage_event
from app.mail.models import Mail
from app.mail.outbox import cancel_mails
from app.rosters import journal
from app.rosters.cancelling import cancel_event
from app.rosters.change_errors import NothingMoves
from app.rosters.change_models import EventChange
from app.rosters.postponing import postpone_event
from app.rosters.publishing import publish_event
from app.signups.capacity import change_event

UNDO_FOR = timedelta(seconds=60)
MOVES_FROM = ("published", "closed", "postponed")
# These keep their distance from the beginning.
ALONG = ("signup_closes_at", "cancel_closes_at", "lunch_at", "lunch_cutoff_at")
PLANNED_ALONG = ("signup_closes_at", "cancel_closes_at")


@dataclass(frozen=True)
class Wanted:
    """What is to become of an event. A move names its times, and the site where that changes too; `version` is the
    word of version_of() that the page was opened at."""

    kind: str
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    site_id: str | None = None
    reason: Texts = field(default_factory=dict)
    version: str | None = None


def make_change(event: Event, wanted: Wanted, *, now: datetime, actor: Actor) -> EventChange:
    """Makes it so, and keeps what it was for a minute in which undo_change() takes everything back.

    Raises NotAllowed, StaleForm, Invalid, NothingMoves, CanNotBeCancelled, or the error that names the event's state.
    """
    with transaction() as session:
        lock(event)
        require(can_manage_event(actor, event))
        if wanted.version is not None and wanted.version != version_of(event):
            raise StaleForm
        before = journal.look(event.id)
        ACTS[wanted.kind](event, wanted, now=now, actor=actor)
        rows = journal.compare(before, journal.look(event.id))
        until = now + UNDO_FOR
        change = EventChange(
            id=new_id(), event_id=event.id, kind=wanted.kind, made_at=now, made_by_id=actor.account_id,
            undoable_until=until, before=rows, letters=_held(rows, until=until),
        )  # fmt: skip
        session.add(change)
        session.flush()
        record(actor, f"{wanted.kind}_at_once", event, now=now, changes={"letters": (0, change.letters)})
    return change


def moved_values(event: Event, wanted: Wanted) -> dict[str, Any]:
    """The columns of the plan that a move sets; deadlines keep their distance from the beginning."""
    if wanted.starts_at is None or wanted.ends_at is None:
        raise Invalid({"day": N_("Say the new day.")})
    shift = wanted.starts_at - event.starts_at
    values: dict[str, Any] = {
        "starts_at": wanted.starts_at, "ends_at": wanted.ends_at, "site_id": wanted.site_id or event.site_id,
        "date_precision": "minute",
    }  # fmt: skip
    along = {name: getattr(event, name) for name in PLANNED_ALONG}
    return values | {name: moment + shift for name, moment in along.items() if moment is not None}


def check_move(event: Event, values: dict[str, Any], *, now: datetime) -> None:
    """Raises the error that names the state it can't be moved from, Invalid, or NothingMoves."""
    if event.status not in MOVES_FROM:
        raise WHY_NOT[event.status]
    if values["starts_at"] <= now:
        raise Invalid({"day": N_("This moment is over already.")})
    if event.status != "postponed" and all(getattr(event, name) == value for name, value in values.items()):
        raise NothingMoves


def _move(event: Event, wanted: Wanted, *, now: datetime, actor: Actor) -> None:
    values = moved_values(event, wanted)
    check_move(event, values, now=now)
    shift = values["starts_at"] - event.starts_at
    cancel_mails(now=now, event_id=event.id, template_prefix="reminders/")
    _shift_the_day(event, shift)
    change_event(event, values, now=now, actor=actor)
    if event.status == "postponed":
        publish_event(event, now=now, actor=actor)


def _shift_the_day(event: Event, shift: timedelta) -> None:
    """What hangs at hours of the day goes along: stops, shifts, lunch."""
    for stop in db.session.scalars(select(Stop).where(Stop.event_id == event.id)):
        stop.arrives_at = stop.arrives_at and stop.arrives_at + shift
        stop.departs_at = stop.departs_at and stop.departs_at + shift
    for part in db.session.scalars(select(Shift).where(Shift.event_id == event.id)):
        part.starts_at, part.ends_at = part.starts_at + shift, part.ends_at + shift
    for name in ALONG:
        moment = getattr(event, name, None)
        if moment is not None and name not in PLANNED_ALONG:
            setattr(event, name, moment + shift)


def _postpone(event: Event, _: Wanted, *, now: datetime, actor: Actor) -> None:
    postpone_event(event, now=now, actor=actor)


def _cancel(event: Event, wanted: Wanted, *, now: datetime, actor: Actor) -> None:
    cancel_event(event, reason=wanted.reason, now=now, actor=actor)


def _held(rows: dict[str, Any], *, until: datetime) -> int:
    """The letters of the change wait until nobody can take it back any more. Says how many."""
    letters = rows["added"].get("mails", [])
    for some in journal.portions(letters):
        early = update(Mail).where(Mail.id.in_(some), Mail.due_at < until)
        waiting = early.values(not_before=until, due_at=until).execution_options(synchronize_session=False)
        db.session.execute(waiting)
    return len(letters)


ACTS: dict[str, Callable[..., None]] = {"move": _move, "postpone": _postpone, "cancel": _cancel}
