"""Outcomes and expenses for programs, and the report that they make up."""

from typing import Any

from marshmallow import Schema, fields

from app import clock
from app.accounts.actor import COORDINATOR, MANAGEMENT
from app.api.blueprint import Blueprint
from app.api.fields import Day, Number, Quantity, Text, Whole, Word, YesNo
from app.api.once import once
from app.db import db
from app.errors import NotFound, require
from app.events.models import KINDS, Event, Programme
from app.events.queries import visible_event
from app.impact.money.models import STAGES
from app.impact.money.operations import record_expense
from app.impact.money.policy import can_record_expense
from app.impact.outcomes.metric_queries import metric_of
from app.impact.outcomes.models import METHODS
from app.impact.outcomes.operations import record_outcome
from app.impact.outcomes.policy import can_record_outcome
from app.impact.queries import cities_of
from app.impact.reports.entries import entries
from app.impact.reports.queries import check_known, gather, impact_json
from app.impact.reports.report import Asked
from app.web.access import signed_in, with_role
from app.web.actor import current_actor

bp = Blueprint("api_impact", __name__, description="Outcomes, expenses, the report")


class OutcomeIn(Schema):
    """A figure reported for an event, with its ground."""

    metric = Text(up_to=40, required=True, metadata={"description": "waste_removed ... or a metric of your own"})
    quantity = Quantity(required=True)
    unit = Text(up_to=20, metadata={"description": "t, kg or m3, km or m ...; the metric's own if left out"})
    density = Quantity(metadata={"description": "Tonnes in a cubic metre; 0.2 if left out"})
    method = Word(METHODS, load_default="reported")
    detail = Text(load_default="")
    evidence = Text(up_to=300, load_default="")
    said_by = Text(load_default="")
    said_on = Day(load_default=None, allow_none=True)
    species = Text(up_to=20, load_default="", metadata={"description": "Of fish: carp, pike_perch ..."})
    by_contractor = YesNo(load_default=False)
    contractor = Text(load_default="")
    sure = YesNo(load_default=True, metadata={"description": "false: refuse what looks like a slip or stands already"})


class OutcomeOut(Schema):
    """The figure as it counts."""

    id = fields.String(required=True)
    event_id = fields.String(required=True)
    metric = fields.String(required=True)
    quantity = fields.Float(required=True)
    unit = fields.String(required=True)
    density = fields.Float(allow_none=True)
    method = fields.String(required=True)


class ExpenseIn(Schema):
    """Money in whole tenge."""

    amount_tenge = Whole(low=1, required=True)
    category = Text(up_to=40, required=True)
    stage = Word(STAGES, load_default="actual")
    supplier = Text(load_default="")
    note = Text(up_to=300, load_default="")
    document_no = Text(up_to=60, load_default="")
    spent_on = Day(load_default=None, allow_none=True)
    sure = YesNo(load_default=True, metadata={"description": "false: refuse what looks like a slip or stands already"})


class ExpenseOut(Schema):
    """The money as it counts."""

    id = fields.String(required=True)
    programme_id = fields.String(required=True)
    event_id = fields.String(required=True, allow_none=True)
    amount_tenge = fields.Integer(required=True)
    category = fields.String(required=True)
    stage = fields.String(required=True)


class ImpactAsked(Schema):
    """Which part of the report."""

    programme = Text(up_to=60, load_default=None, metadata={"description": "Its slug"})
    year = Number(low=1990, high=2100, load_default=None)
    city = Text(up_to=40, load_default=None)
    kind = Word(KINDS, load_default=None)


class EntriesAsked(ImpactAsked):
    """Which total is to be opened."""

    of = Text(up_to=40, required=True, metadata={"description": "A metric, or spent, committed, planned, present ..."})
    page = Number(low=1, high=10_000, load_default=1)


class EntryOut(Schema):
    """One of the entries that a total is made of, in the total's unit; of what was counted here one per event."""

    id = fields.String(required=True)
    event_id = fields.String(required=True, allow_none=True)
    amount = fields.Float(required=True)
    method = fields.String()
    category = fields.String()
    by_contractor = fields.Boolean()


class EntriesOut(Schema):
    """A page of entries; `total` and `count` are of all of them."""

    of = fields.String(required=True)
    total = fields.Float(required=True)
    count = fields.Integer(required=True)
    items = fields.List(fields.Nested(EntryOut), required=True, attribute="rows")
    last_page = fields.Integer(required=True)


class Metric(Schema):
    """One total."""

    value = fields.Float(required=True, allow_none=True)
    unit = fields.String(required=True)
    by_contractor = fields.Float(allow_none=True)
    cost_per_unit_tenge = fields.Float(required=True, allow_none=True)


class ImpactOut(Schema):
    """What was reported, at what cost; what was counted here stands apart."""

    metrics = fields.Dict(keys=fields.String(), values=fields.Nested(Metric), required=True)
    cost_tenge = fields.Integer(required=True, allow_none=True)
    committed_tenge = fields.Integer(allow_none=True)
    planned_tenge = fields.Integer(required=True, allow_none=True)
    counted_here = fields.Dict()
    not_split = fields.List(fields.Dict())


@bp.route("/events/<event_id>/outcomes", methods=["POST"])
@with_role(COORDINATOR)
@once
@bp.arguments(OutcomeIn)
@bp.response(201, OutcomeOut)
def add_outcome(said: dict[str, Any], event_id: str) -> Any:
    """Records a figure on an event of the caller's."""
    actor = current_actor()
    event = visible_event(actor, event_id)
    require(can_record_outcome(actor, event))
    said.setdefault("unit", metric_of(said["metric"]).unit)
    return record_outcome(event, **said, now=clock.now(), actor=actor)


@bp.route("/events/<event_id>/expenses", methods=["POST"])
@with_role(COORDINATOR)
@once
@bp.arguments(ExpenseIn)
@bp.response(201, ExpenseOut)
def add_expense_of_event(said: dict[str, Any], event_id: str) -> Any:
    """Money for one event."""
    event = visible_event(current_actor(), event_id)
    return _expense(event.programme, event, said)


@bp.route("/programmes/<programme_id>/expenses", methods=["POST"])
@with_role(COORDINATOR)
@once
@bp.arguments(ExpenseIn)
@bp.response(201, ExpenseOut)
def add_expense(said: dict[str, Any], programme_id: str) -> Any:
    """Money of a whole programme, named by its id or its slug."""
    programme = db.session.get(Programme, programme_id)
    programme = programme or db.session.query(Programme).filter_by(slug=programme_id).one_or_none()
    if programme is None:
        raise NotFound
    return _expense(programme, None, said)


@bp.route("/impact", methods=["GET"])
@signed_in
@bp.arguments(ImpactAsked, location="query")
@bp.response(200, ImpactOut)
def impact(asked: dict[str, Any]) -> Any:
    """Totals, cost per unit, plan against actual."""
    return impact_json(asked["programme"] or None, asked["year"], asked["city"] or None, asked["kind"])


@bp.route("/impact/entries", methods=["GET"])
@with_role(COORDINATOR, MANAGEMENT)
@bp.arguments(EntriesAsked, location="query")
@bp.response(200, EntriesOut)
def impact_entries(asked: dict[str, Any]) -> Any:
    """What a total is made of, entry by entry."""
    narrowed = Asked(asked["year"], asked["city"] or None, asked["kind"])
    check_known(city=narrowed.city)
    return entries(gather(asked["programme"] or None), asked["of"], narrowed, page=asked["page"])


def _expense(programme: Programme, event: Event | None, said: dict[str, Any]) -> Any:
    actor = current_actor()
    require(can_record_expense(actor, programme, cities=cities_of(programme), event=event))
    return record_expense(programme, event=event, **said, now=clock.now(), actor=actor)
