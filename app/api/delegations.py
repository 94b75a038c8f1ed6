"""Handing one's tasks over while away, for programs."""

from typing import Any

from marshmallow import Schema, fields

from app import clock
from app.access.delegating import Away, Standing, delegate, delegations_of, end_delegation
from app.api.blueprint import Blueprint
from app.api.fields import Day, Text
from app.api.once import once
from app.web.access import signed_in
from app.web.actor import current_actor

bp = Blueprint("api_delegations", __name__, description="Delegations")


class DelegationIn(Schema):
    """Who stands in for the caller, from which day to which, and why."""

    deputy = Text(required=True, up_to=254, metadata={"description": "E-mail or personnel number"})
    from_on = Day(required=True)
    until_on = Day(required=True)
    reason = Text(required=True, up_to=200)


class DelegationOut(Schema):
    """One delegation; `ended_at` once somebody ended it before its last day."""

    id = fields.String(required=True)
    from_account_id = fields.String(required=True)
    to_account_id = fields.String(required=True)
    from_on = fields.Date(required=True)
    until_on = fields.Date(required=True)
    reason = fields.String(required=True)
    ended_at = fields.DateTime(allow_none=True)


class Delegations(Schema):
    """Those of a year."""

    items = fields.List(fields.Nested(DelegationOut), required=True)
    next = fields.String(required=True, allow_none=True)


@bp.route("/me/delegations", methods=["GET"])
@signed_in
@bp.response(200, Delegations)
def mine() -> Any:
    """Who stands in for the caller, and for whom the caller stands in."""
    rows: list[Standing] = list(delegations_of(str(current_actor().account_id), now=clock.now()))
    return {"items": [row.delegation for row in rows], "next": None}


@bp.route("/me/delegations", methods=["POST"])
@signed_in
@once
@bp.arguments(DelegationIn)
@bp.response(201, DelegationOut)
def hand_over(said: dict[str, Any]) -> Any:
    """Lends the caller's roles, but an administrator's, to the deputy for these days."""
    actor, deputy = current_actor(), said.pop("deputy")
    return delegate(str(actor.account_id), deputy, Away(**said), now=clock.now(), actor=actor)


@bp.route("/delegations/<delegation_id>/ending", methods=["POST"])
@signed_in
@once
@bp.response(201)
def ending(delegation_id: str) -> Any:
    """Ends it at once; for the caller, the deputy, or an administrator."""
    end_delegation(delegation_id, now=clock.now(), actor=current_actor())
    return {}
