"""Moving, postponing or cancelling an event as one act: done at once, while its letters wait a minute for an undo."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from app.accounts.actor import Actor
from app.audit.operations import record
from app.db import Texts, db, lock, new_id, transaction
from app.errors import N_, DomainError, Invalid, require
from app.events.drafts import version_of
from app.events.errors import StaleForm
from app.events.lifecycle import WHY_NOT, after
from app.events.models import Event, Shift, Stop
from app.events.policy import can_manage_event
from app.mail.locking import in_order
from app.mail.models import Mail
from app.mail.outbox import cancel_mails
from app.rosters import journal
from app.rosters.cancelling import CAN_BE_CANCELLED, CanNotBeCancelled, cancel_event
from app.rosters.change_errors import HasSetOut, IsOver, NothingMoves
from app.rosters.change_models import EventChange
from app.rosters.firm_mails import tell_firms
from app.rosters.hands import hands_follow, tell_hands
from app.rosters.models import Departure
from app.rosters.postponing import postpone_event
from app.rosters.publishing import publish_event
from app.signups.capacity import MOVES, change_event

UNDO_FOR = timedelta(seconds=60)
MOVES_FROM = ("published", "closed", "postponed")
TAKES_PLACE = ("published", "closed", "running")
# These keep their distance from the beginning.
ALONG = ("signup_closes_at", "cancel_closes_at", "lunch_at", "lunch_cutoff_at", "gifts_order_by")
# What a page asks for with the day, and a move therefore takes along as it was typed.
WITH_THE_DAY = ("signup_opens_at", "signup_closes_at", "cancel_closes_at", "date_precision")
PLANNED_ALONG = ("signup_closes_at", "cancel_closes_at")


@dataclass(frozen=True)
class Wanted:
    """What is to become of an event. A move names its times, and the site where that changes too; `more` are other
    columns of the plan that are said with it: deadlines that shall not just keep their distance, and whatever a
    program changes besides. `stays_off`: a postponed event gets its new plan, and somebody publishes it later.
    `version` is the word of version_of() that the page was opened at."""

    kind: str
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    site_id: str | None = None
    reason: Texts = field(default_factory=dict)
    more: Mapping[str, Any] = field(default_factory=dict)
    stays_off: bool = False
    version: str | None = None


def make_change(event: Event, wanted: Wanted, *, now: datetime, actor: Actor) -> EventChange:
    """Makes it so, and keeps what it was for a minute in which undo_change() takes everything back.

    Raises NotAllowed, StaleForm, Invalid, NothingMoves, HasSetOut, IsOver, CanNotBeCancelled, or the error that names
    the event's state.
    """
    with transaction() as session:
        lock(event)
        require(can_manage_event(actor, event))
        if wanted.version is not None and wanted.version != version_of(event):
            raise StaleForm
        check(event, wanted.kind, now=now)
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


def change_plan(event: Event, values: Mapping[str, Any], *, now: datetime, actor: Actor) -> EventChange | None:
    """Changes any columns of the plan. Another day or place that others know of is a move, with its minute to undo.

    Raises what make_change() or change_event() raise.
    """
    if not is_move(event, values):
        change_event(event, values, now=now, actor=actor)
        return None
    said = {name: values.get(name, getattr(event, name)) for name in ("starts_at", "ends_at", "site_id")}
    more = {name: value for name, value in values.items() if name not in (*said, "version")}
    more.setdefault("date_precision", event.date_precision)
    wanted = Wanted("move", **said, more=more, stays_off=True, version=values.get("version"))
    return make_change(event, wanted, now=now, actor=actor)


def publish_plan(event: Event, *, now: datetime, actor: Actor) -> EventChange | None:
    """Makes an event public. Where it was put off, everybody hears that the day as planned now is its new one.

    Raises what make_change() or publish_event() raise.
    """
    if event.status == "postponed":
        as_planned = {"date_precision": event.date_precision}
        return make_change(event, Wanted("move", event.starts_at, event.ends_at, more=as_planned), now=now, actor=actor)
    publish_event(event, now=now, actor=actor)
    return None


def refusal_of(event: Event, kind: str, *, now: datetime) -> DomainError | None:
    """Why there is no such change of this event as it stands, for a page to say before anybody presses."""
    try:
        check(event, kind, now=now)
    except DomainError as refusal:
        return refusal
    return None


def check(event: Event, kind: str, *, now: datetime) -> None:
    """Raises HasSetOut, IsOver, or the error that names a state from which there is no such change."""
    if kind == "cancel" and event.status not in CAN_BE_CANCELLED:
        raise CanNotBeCancelled
    if kind == "postpone":
        after("postpone", event.status)
    if kind == "move" and event.status not in MOVES_FROM:
        raise WHY_NOT[event.status]
    if db.session.get(Departure, event.id) is not None:
        raise HasSetOut
    if event.status in TAKES_PLACE and event.ends_at <= now:
        raise IsOver


def is_move(event: Event, values: Mapping[str, Any]) -> bool:
    """Whether these columns of the plan are another day, other hours or another place of an event that others know of.

    Then make_change() is the way. A draft is nobody's but its coordinator's; what is over is only put right.
    """
    return event.status in MOVES_FROM and any(
        getattr(event, name) != values.get(name, getattr(event, name)) for name in MOVES
    )


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
    return values | {name: moment + shift for name, moment in along.items() if moment is not None} | dict(wanted.more)


def check_move(event: Event, values: dict[str, Any], *, now: datetime) -> None:
    """Raises Invalid or NothingMoves. What has begun may still end later than it was to."""
    if values["starts_at"] != event.starts_at and values["starts_at"] <= now:
        raise Invalid({"day": N_("This moment is over already.")})
    if event.status != "postponed" and all(getattr(event, name) == value for name, value in values.items()):
        raise NothingMoves


def _move(event: Event, wanted: Wanted, *, now: datetime, actor: Actor) -> None:
    values = moved_values(event, wanted)
    check_move(event, values, now=now)
    shift, day = values["starts_at"] - event.starts_at, event.local_date
    cancel_mails(now=now, event_id=event.id, template_prefix="reminders/")
    _shift_the_day(event, shift)
    change_event(event, values, now=now, actor=actor)
    hands_follow(event, moved_from=day)
    if event.status == "postponed" and wanted.stays_off:
        return
    if event.status == "postponed":
        publish_event(event, now=now, actor=actor)
    tell_hands(event, "moved", now=now)
    tell_firms(event, "moved", now=now)


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
    db.session.flush()  # whoever locks the event again reads it anew


def _postpone(event: Event, _: Wanted, *, now: datetime, actor: Actor) -> None:
    postpone_event(event, now=now, actor=actor)
    tell_hands(event, "postponed", now=now)
    tell_firms(event, "postponed", now=now)


def _cancel(event: Event, wanted: Wanted, *, now: datetime, actor: Actor) -> None:
    cancel_event(event, reason=wanted.reason, now=now, actor=actor)
    tell_hands(event, "cancelled", now=now)
    tell_firms(event, "cancelled", now=now)


def _held(rows: dict[str, Any], *, until: datetime) -> int:
    """The letters of the change wait until nobody can take it back any more. Says how many."""
    letters = rows["added"].get("mails", [])
    for some in journal.portions(letters):
        early = update(Mail).where(in_order(Mail.id.in_(some), Mail.due_at < until))
        waiting = early.values(not_before=until, due_at=until).execution_options(synchronize_session=False)
        db.session.execute(waiting)
    return len(letters)


ACTS: dict[str, Callable[..., None]] = {"move": _move, "postpone": _postpone, "cancel": _cancel}
