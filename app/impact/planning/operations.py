"""Agreeing the plan of a half-year as it stands, and saying why something of it slipped or was dropped."""

from collections.abc import Sequence
from datetime import datetime

from app.accounts.actor import Actor
from app.audit.operations import record
from app.db import lock, transaction
from app.events.models import Event, Programme
from app.impact.planning.comparing import Row
from app.impact.planning.errors import NoReason, NothingHappened, NothingPlanned
from app.impact.planning.halves import Half
from app.impact.planning.models import AgreedEvent, AgreedPlan, PlanReason
from app.impact.planning.queries import events_of_plan

LONGEST = 300
KINDS = {"slipped": "slipped", "late": "slipped", "dropped": "dropped"}


def agree_plan(programme: Programme, half: Half, *, now: datetime, actor: Actor) -> AgreedPlan:
    """Keeps what the programme plans for the half-year: its events, their days, their budget. Raises NothingPlanned."""
    with transaction() as session:
        lock(programme)
        events: Sequence[AgreedEvent] = events_of_plan(programme, half)
        if not events:
            raise NothingPlanned
        total = sum(one.planned_tenge for one in events)
        plan = AgreedPlan(programme_id=programme.id, half=half.name, budget_tenge=total, agreed_at=now)
        plan.agreed_by_id = actor.account_id
        session.add(plan)
        session.flush()
        for one in events:
            one.plan_id = plan.id
        session.add_all(events)
        session.flush()
        record(actor, "agree_plan", plan, now=now, changes={"half": (None, half.name)})
    return plan


def give_reason(event: Event, text: str, *, row: Row | None, now: datetime, actor: Actor) -> PlanReason:
    """Says why the event slipped or was dropped; `row` is what became of it. Raises NoReason or NothingHappened."""
    said = text.strip()
    if not said or len(said) > LONGEST:
        raise NoReason
    if row is None or row.fate not in KINDS:
        raise NothingHappened
    with transaction() as session:
        lock(event)
        reason = PlanReason(event_id=event.id, kind=KINDS[row.fate], text=said, said_at=now)
        reason.said_by_id = actor.account_id
        session.add(reason)
        session.flush()
        record(actor, "give_reason", reason, now=now, changes={"reason": (None, said)})
    return reason
