"""Lunch: who cooks, how many of which diet, and what the caterer was told. Numbers only, no names."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, ScalarSelect, and_, exists, func, or_, select

from app.accounts.actor import SYSTEM, Actor
from app.audit.operations import differences, record
from app.db import db, lock, new_id, transaction
from app.errors import N_, Invalid, require
from app.events.lifecycle import after
from app.events.models import Event
from app.events.policy import can_manage_event
from app.rosters.change_models import EventChange
from app.rosters.change_queries import may_go_back
from app.rosters.duty_models import LunchOrder
from app.rosters.lunch_mails import mail_counts_changed, mail_order
from app.rosters.trip_errors import NoCaterer, NoLunch, NothingNew
from app.signups.models import Place

IN = "confirmed"
GOING = ("published", "closed", "running")
Counts = dict[str, int]


@dataclass(frozen=True)
class LunchDraft:
    """Who cooks, when people eat, and when the caterer is told the numbers."""

    caterer_name: str = ""
    caterer_email: str = ""
    caterer_language: str = "kk"
    lunch_at: datetime | None = None
    lunch_cutoff_at: datetime | None = None


def plan_lunch(event: Event, draft: LunchDraft, *, now: datetime, actor: Actor) -> None:
    """Says who cooks and until when the numbers may change. Raises Invalid by field, NoLunch, NotAllowed."""
    with transaction():
        lock(event)
        require(can_manage_event(actor, event))
        after("change", event.status)
        if not event.lunch:
            raise NoLunch
        _check(event, draft)
        wanted = vars(draft) | {name: getattr(draft, name) or None for name in ("caterer_name", "caterer_email")}
        changes = differences(event, wanted)
        for name, value in wanted.items():
            setattr(event, name, value)
        if changes:
            record(actor, "plan_lunch", event, now=now, changes=changes)


def order_lunch(event: Event, *, now: datetime, actor: Actor) -> LunchOrder:
    """Sends the numbers of this moment to the caterer. Raises NoLunch, NoCaterer, NothingNew, NotAllowed."""
    with transaction():
        lock(event)
        require(can_manage_event(actor, event))
        if not event.lunch:
            raise NoLunch
        if not event.caterer_email:
            raise NoCaterer
        last = last_order(event.id)
        if last is not None and last.counts == lunch_counts(event.id):
            raise NothingNew
        return _order(event, None, lunch_counts(event.id), now=now, actor=actor)


def send_due_orders(*, now: datetime) -> bool:
    """The worker's step at the cut-off: one event; says whether there may be more. A second worker finds it done."""
    event_id = db.session.scalar(select(Event.id).where(_due(now)).order_by(Event.lunch_cutoff_at, Event.id).limit(1))
    if event_id is None:
        return False
    with transaction() as session:
        event = session.get_one(Event, event_id)
        lock(event)
        if session.scalar(select(Event.id).where(_due(now), Event.id == event_id)) is not None:
            _order(event, event.lunch_cutoff_at, lunch_counts(event.id), now=now, actor=SYSTEM)
    return True


def follow_changes(*, now: datetime) -> bool:
    """The worker's step for what was moved, put off or cancelled: one event; says whether there may be more.

    The caterer hears the new day, or that it is 0 people, once nobody can take the change back any more.
    """
    for event in db.session.scalars(select(Event).where(or_(_called_off(now), _moved(now)))).all():
        with transaction() as session:
            lock(event)
            last = last_order(event.id)
            here = session.scalar(select(Event.id).where(Event.id == event.id, or_(_called_off(now), _moved(now))))
            if here is not None and last is not None and last.total:
                counts = lunch_counts(event.id) if event.status in GOING else {}
                _order(event, None, counts, now=now, actor=SYSTEM)
                return True
    return False


def warn_of_changes(*, now: datetime) -> bool:
    """The worker's step after the cut-off: the coordinator hears once of each change of the numbers."""
    for event in db.session.scalars(select(Event).where(*_ordered_ahead(now))).all():
        last, counts = last_order(event.id), lunch_counts(event.id)
        if last is not None and last.counts != counts:
            with transaction():
                mail_counts_changed(event, last, counts, now=now)
    return False


def lunch_counts(event_id: str) -> Counts:
    """{diet: people who are in}; "" are those who didn't say."""
    query = select(Place.diet, func.count()).where(Place.event_id == event_id, Place.status == IN)
    return {row.diet: row[1] for row in db.session.execute(query.group_by(Place.diet).order_by(Place.diet))}


def last_order(event_id: str) -> LunchOrder | None:
    """What the caterer was told last."""
    query = select(LunchOrder).where(LunchOrder.event_id == event_id)
    return db.session.scalars(query.order_by(LunchOrder.number.desc()).limit(1)).first()


def orders_of(event_id: str) -> list[LunchOrder]:
    """All that the caterer was told, latest first."""
    query = select(LunchOrder).where(LunchOrder.event_id == event_id)
    return list(db.session.scalars(query.order_by(LunchOrder.number.desc()).limit(50)))


def _order(event: Event, cutoff_at: datetime | None, counts: Counts, *, now: datetime, actor: Actor) -> LunchOrder:
    last = last_order(event.id)
    order = LunchOrder(
        id=new_id(),
        event_id=event.id,
        number=last.number + 1 if last else 1,
        counts=counts,
        total=sum(counts.values()),
        cutoff_at=cutoff_at,
        sent_at=now,
        sent_by_id=actor.account_id,
    )
    db.session.add(order)
    db.session.flush()
    mail_order(event, order, last, now=now)
    record(actor, "order_lunch", event, now=now, changes={"lunch": (last.counts if last else None, counts)})
    return order


def _due(now: datetime) -> ColumnElement[bool]:
    told = exists().where(LunchOrder.event_id == Event.id, LunchOrder.cutoff_at == Event.lunch_cutoff_at)
    return and_(*_ahead(now), Event.lunch_cutoff_at <= now, ~told)


def _ordered_ahead(now: datetime) -> list[ColumnElement[bool]]:
    return [*_ahead(now), Event.lunch_cutoff_at <= now, exists().where(LunchOrder.event_id == Event.id)]


def _called_off(now: datetime) -> ColumnElement[bool]:
    off = (Event.status.in_(("cancelled", "postponed")), Event.starts_at > now, Event.caterer_email.is_not(None))
    return and_(*off, _last_number() > 0, ~may_go_back(now))


def _moved(now: datetime) -> ColumnElement[bool]:
    """It stands on another day, or elsewhere, than when the caterer was last told."""
    told_at = select(func.max(LunchOrder.sent_at)).where(LunchOrder.event_id == Event.id).scalar_subquery()
    since = exists().where(
        EventChange.event_id == Event.id, EventChange.kind == "move", EventChange.undone_at.is_(None),
        EventChange.made_at >= told_at,
    )  # fmt: skip
    return and_(*_ahead(now), _last_number() > 0, since)


def _last_number() -> ScalarSelect[int]:
    """How many lunches the caterer cooks as things stand."""
    orders = select(LunchOrder.total).where(LunchOrder.event_id == Event.id)
    return orders.order_by(LunchOrder.number.desc()).limit(1).correlate(Event).scalar_subquery()


def _ahead(now: datetime) -> list[ColumnElement[bool]]:
    return [
        Event.lunch.is_(True),
        Event.caterer_email.is_not(None),
        Event.status.in_(GOING),
        Event.starts_at > now,
        ~may_go_back(now),
    ]


def _check(event: Event, draft: LunchDraft) -> None:
    wrong = {}
    if draft.lunch_cutoff_at is not None and not draft.caterer_email:
        wrong["caterer_email"] = N_("The numbers need an address to go to.")
    if draft.lunch_cutoff_at is not None and draft.lunch_cutoff_at >= event.starts_at:
        wrong["lunch_cutoff_at"] = N_("The caterer hears the numbers before the event begins.")
    if draft.lunch_at is not None and not event.starts_at <= draft.lunch_at <= event.ends_at:
        wrong["lunch_at"] = N_("Lunch lies outside the hours of the event.")
    if draft.caterer_language not in ("kk", "ru", "en"):
        wrong["caterer_language"] = N_("Choose one of the list.")
    if wrong:
        raise Invalid(wrong)
