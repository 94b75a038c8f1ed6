"""One action for many people of a roster: tried first, which changes nothing and says how many and who, then done.

Both are the same code: what is tried is taken back at the end of its transaction. Some hundred people at a time, so
that sign-ups never wait for long.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.actor import Actor
from app.attendance.policy import can_mark
from app.db import Texts, db, lock, transaction
from app.desk.roster.batch_actions import confirm, label, mark, message, move, unlabel
from app.desk.roster.batch_errors import NobodyPicked
from app.errors import N_, DomainError, Invalid, require
from app.events.models import Event
from app.events.policy import can_manage_event
from app.people.models import Person
from app.signups.models import Place, SignUp

AT_ONCE = 200
MOST = 10_000
LONGEST_SUBJECT = 150


class LeftOut(NamedTuple):
    """Somebody for whom it could not be done, and the rule that says why."""

    name: str
    why: DomainError


@dataclass
class Report:
    """Who it was, or would be, done for, and who was left out and why. `letters` are those that were queued."""

    done: list[str] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    letters: int = 0


@dataclass(frozen=True)
class Order:
    """What is to be done. `batch` is a UUID made with the form: sent again, it writes nobody a second letter."""

    action: str
    batch: str
    target: str = ""
    label: str = ""
    subject: Texts = field(default_factory=dict)
    text: Texts = field(default_factory=dict)
    footer: Texts = field(default_factory=dict)


class _Rehearsed(Exception):
    """Takes back what was only tried."""


Act = Callable[..., tuple[int, dict[str, DomainError]]]
ACTS: dict[str, Act] = {
    "confirm": confirm,
    "group": move,
    "bus": move,
    "shift": move,
    "message": message,
    "present": mark,
    "absent": mark,
    "label": label,
    "unlabel": unlabel,
}
# Safety officers mark who came; everything else is the coordinators'.
MARKS = ("present", "absent")


def check_order(event: Event, order: Order, *, actor: Actor) -> None:
    """Whether this may be asked at all: raises NotAllowed, or Invalid for what is missing."""
    if order.action not in ACTS:
        raise Invalid({"action": N_("There is no such action.")})
    require(can_mark(actor, event) if order.action in MARKS else can_manage_event(actor, event))
    if order.action in ("label", "unlabel") and not order.label.strip():
        raise Invalid({"label": N_("Write the label.")})
    if order.action == "message":
        _check_letter(order)


def _check_letter(order: Order) -> None:
    if not (order.subject and order.text):
        raise Invalid({"subject": N_("Write a subject and a text, in one language at least.")})
    if any(len(subject) > LONGEST_SUBJECT for subject in order.subject.values()):
        raise Invalid({"subject": N_("A subject has 150 letters at most.")})


def do_for_many(
    event: Event, place_ids: Sequence[str], *, order: Order, is_trial: bool, now: datetime, actor: Actor
) -> Report:
    """Does it for these places of the event, or tries it; the report names everybody once.

    Raises NobodyPicked, NotAllowed, Invalid.
    """
    check_order(event, order, actor=actor)
    if not place_ids:
        raise NobodyPicked
    report = Report()
    for part in _parts(place_ids[:MOST], 500 if is_trial else AT_ONCE):
        try:
            with transaction():
                _act(event, part, order=order, report=report, now=now, actor=actor)
                if is_trial:
                    raise _Rehearsed
        except _Rehearsed:
            pass
    if not (report.done or report.left_out):
        raise NobodyPicked
    return report


def _act(event: Event, place_ids: Sequence[str], *, order: Order, report: Report, now: datetime, actor: Actor) -> None:
    lock(event)
    places = _read(event, place_ids)
    letters, refusals = ACTS[order.action](event, places, order=order, now=now, actor=actor)
    report.letters += letters
    for place in places:
        name = place.person.short_name
        if place.id in refusals:
            report.left_out.append(LeftOut(name, refusals[place.id]))
        else:
            report.done.append(name)


def _read(event: Event, place_ids: Sequence[str]) -> list[Place]:
    query = (
        select(Place)
        .join(Person, Person.id == Place.person_id)
        .where(Place.id.in_(place_ids), Place.event_id == event.id)
        .options(
            joinedload(Place.person),
            joinedload(Place.signup).joinedload(SignUp.leader),
            joinedload(Place.signup).selectinload(SignUp.places).joinedload(Place.person),
            selectinload(Place.event),
        )
        .order_by(Person.name_sort, Place.id)
        .execution_options(populate_existing=True)
    )
    return list(db.session.scalars(query).unique())


def _parts(ids: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    for first in range(0, len(ids), size):
        yield ids[first : first + size]
