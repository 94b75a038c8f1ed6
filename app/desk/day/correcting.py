"""A coordinator corrects how somebody stands after the day was closed, with a reason. Operations like any other."""

from dataclasses import replace
from datetime import datetime

from app.accounts.actor import Actor
from app.attendance.counting_hours import DayOpen
from app.attendance.entry_ids import new_entry_id
from app.attendance.errors import NotConfirmed
from app.attendance.operation import UNDO, Operation
from app.attendance.presence_rules import ARRIVALS, AWAY, presence_of
from app.audit.operations import record
from app.db import db, transaction
from app.desk.day.policy import can_close_day
from app.desk.log.giving import Giver, facts_of
from app.desk.log.held import Held, hold, with_ledger
from app.desk.log.merging import merge
from app.desk.log.taking import write_down
from app.errors import N_, DomainError, Invalid, require
from app.signups.models import Place

LONGEST = 200
# What somebody can be corrected to, and the mark that says so.
STATES = {"present": "check_in", "absent": "absent", "excused": "excused"}
MARKS = (*ARRIVALS, "check_out", *AWAY)


class AsItStands(DomainError):
    """Nothing to correct."""

    type = "as-it-stands"
    message = N_("%(name)s stands so already.")


def correct_mark(place: Place, state: str, *, reason: str, now: datetime, actor: Actor) -> None:
    """After the day is closed: here (from the planned beginning on), absent or excused; hours follow.

    Raises NotAllowed, NotConfirmed, DayOpen, AsItStands, and Invalid without a reason or with another state.
    """
    require(can_close_day(actor, place.event))
    why = " ".join(reason.split())[:LONGEST]
    if not why:
        raise Invalid({"reason": N_("Say why, in a few words.")})
    if state not in STATES:
        raise Invalid({"state": N_("Choose one of the list.")})
    if not place.is_confirmed:
        raise NotConfirmed(name=place.person.short_name)
    facts, place_id, name = facts_of(place.event), place.id, place.person.short_name
    with transaction() as session:
        held = hold(facts, [f"p:{place_id}"], [])
        if not held.is_closed:
            raise DayOpen
        held = replace(held, operations=with_ledger(held, facts, now=now))
        new = _instead(held, f"p:{place_id}", state, why, starts_at=facts.starts_at, now=now, actor=actor)
        if not new:
            raise AsItStands(name=name)
        write_down(facts, held, new, {}, giver=Giver(actor, frozenset({"manage"})), now=now)
        session.expire_all()
        corrected = db.session.get_one(Place, place_id)
        record(actor, "correct_mark", corrected, now=now, changes={"reason": ("", why)})


def _instead(
    held: Held, key: str, state: str, why: str, *, starts_at: datetime, now: datetime, actor: Actor
) -> list[Operation]:
    """Takes back what stands and says what is so; nothing where it stands so already."""
    said = merge(held.operations, held.same).said.get(key)
    if said and presence_of(said).state == state:
        return []
    standing = [one for one in said.counts if one.kind in MARKS] if said else []
    body = {"reason": why}
    at = min(now, starts_at) if state == "present" else now
    undos = [_operation(UNDO, key, now, actor, body, names=one.id) for one in standing]
    return [*undos, _operation(STATES[state], key, at, actor, body)]


def _operation(
    kind: str, key: str, at: datetime, actor: Actor, said: dict[str, str], *, names: str | None = None
) -> Operation:
    return Operation(new_entry_id(), kind, key, at, at, dict(said), names, account_id=actor.account_id)
