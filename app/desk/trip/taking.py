"""What the server alone can check before it writes operations about the trip down: the bus and the leg are there, a
second person's PIN is theirs, whoever takes a child over may, and whoever hands over answers for that child.

A fact is never sent back for a wrong PIN or an unknown adult: it is kept, and comes up as a conflict.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.access.errors import TooManyTries
from app.access.pins import check_pin, pin_tries
from app.access.tries import count_try, forget_tries
from app.accounts.models import Account
from app.attendance.log import known_among
from app.attendance.operation import UNDO
from app.db import db
from app.desk.day.leading import charge_of
from app.desk.log.bodies import MANAGE
from app.desk.log.giving import EventFacts, Giver
from app.desk.log.reading import Read, Refused
from app.desk.trip.codes import generations_of, is_code
from app.desk.trip.confirming import may_confirm
from app.desk.trip.models import Collector
from app.desk.trip.rules import BACK, CODE, COLLECTOR, COORDINATOR, GUARDIAN, OUT
from app.events.models import Event, Stop
from app.people.models import Guardianship
from app.rosters.models import Bus
from app.signups.models import Place

RIDES, OF_A_BUS = ("board", "alight"), ("headcount", "departure", "confirm")
CHECKED = (*RIDES, *OF_A_BUS, "hand_over")


def checked(
    reads: Sequence[Read], event: EventFacts, giver: Giver, *, now: datetime
) -> tuple[list[Read], list[Refused]]:
    """The same, with what was found out about them; refused is what is about no bus or leg of this event, and a
    hand-over by somebody who doesn't answer for the child. Asks nothing where there is nothing of the trip.
    """
    ours = [one for one in reads if one.kind in CHECKED]
    undone = _hand_overs_undone(reads)
    if not ours and not undone:
        return list(reads), []
    rules = _Rules(event, giver, ours, now=now)
    found, refused = [], []
    for one in reads:
        why = rules.why_not(one, undone)
        if why:
            refused.append(Refused(one.sent_id, why, str(one.body.get("leg", ""))))
        else:
            found.append(rules.completed(one))
    return found, refused


class _Rules:
    """What this event allows, asked once for a batch."""

    def __init__(self, event: EventFacts, giver: Giver, ours: Sequence[Read], *, now: datetime) -> None:
        self.giver, self.now = giver, now
        self.row = db.session.get_one(Event, event.id)
        stops = db.session.scalars(select(Stop.id).where(Stop.event_id == event.id))
        self.legs = {OUT, BACK, *(f"s:{id_}" for id_ in stops)}
        self.buses = {"", *db.session.scalars(select(Bus.id).where(Bus.event_id == event.id))}
        self.known = known_among([one.id for one in ours])
        overs = [one for one in ours if one.kind == "hand_over"]
        self.charge = charge_of(giver.actor, self.row)
        self.places = _places([one.key for one in overs])

    def why_not(self, one: Read, undone: Mapping[str, str]) -> str | None:
        """Why it is refused, None where it is taken."""
        if one.kind in RIDES:
            is_there = one.body.get("leg") in self.legs and one.body.get("bus_id", "") in self.buses
            return None if is_there else "unknown-leg"
        if one.kind in OF_A_BUS:
            return None if one.key.split(":", 2)[2] in self.legs else "unknown-leg"
        if one.kind == "hand_over" or one.names in undone:
            return None if self._answers_for(one.key) else "not-allowed"
        return None

    def completed(self, one: Read) -> Read:
        """With what the server alone knows. A PIN and a code go no further than here."""
        if one.kind == "departure":
            return replace(one, body={**one.body, "by": self.giver.actor.account_id})
        if one.kind == "confirm":
            return self._confirmed(one)
        if one.kind == "hand_over":
            told = {"receiver": (one.secret or {}).get("receiver", "")}
            body = dict(one.body) if self._is_proved(one) else {**one.body, "unproved": True}
            return replace(one, body=body, secret=told)
        return one

    def _answers_for(self, key: str) -> bool:
        """A child that came without a place is the business of those who run the day."""
        place = self.places.get(key) or _places([key]).get(key)
        if place is None:
            return self.charge.everybody
        return self.charge.holds(place.group_id, place.bus_id)

    def _confirmed(self, one: Read) -> Read:
        """What the log holds already isn't looked at again."""
        by = None if one.id in self.known else self._confirmed_by(one)
        body = {**one.body, "by": by} if by else {**one.body, "unverified": True}
        return replace(one, secret=None, body=body, verified_by=by)

    def _confirmed_by(self, one: Read) -> str | None:
        """Whoever hands it over speaks for themselves; anybody else by their PIN."""
        account_id, pin = str(one.body.get("by", "")), str((one.secret or {}).get("pin", ""))
        if not account_id or account_id == self.giver.actor.account_id:
            return self.giver.actor.account_id
        account = db.session.get(Account, account_id)
        if account is None or not pin or not may_confirm(account, self.row):
            return None
        tries = pin_tries(f"desk:{account_id}")
        try:
            count_try(tries, address=f"desk:{self.giver.actor.account_id}", now=self.now)
        except TooManyTries:
            return None
        if not check_pin(account, pin):
            return None
        forget_tries(tries)
        return account_id

    def _is_proved(self, one: Read) -> bool:
        how, to = one.body.get("how"), str(one.body.get("to", ""))
        place = self.places.get(one.key)
        if how == COORDINATOR:
            return MANAGE in self.giver.powers and bool(one.body.get("reason"))
        if place is None:
            return False
        if how == CODE:
            row = generations_of([place.id]).get(place.id)
            return is_code(str((one.secret or {}).get("code", "")), place.id, row.generation if row else 0)
        return is_listed(place, to, how=str(how))


def is_listed(place: Place, to: str, *, how: str) -> bool:
    """Whether this adult may collect that child today: a guardian, or somebody whom a guardian wrote down."""
    if how == GUARDIAN:
        standing = (Guardianship.guardian_id == to, Guardianship.ended_at.is_(None))
        query: Any = select(Guardianship.id).where(Guardianship.child_id == place.person_id, *standing)
    elif how == COLLECTOR:
        query = select(Collector.id).where(
            Collector.id == to, Collector.child_id == place.person_id, Collector.removed_at.is_(None)
        )
        query = query.where(Collector.event_id.is_(None) | (Collector.event_id == place.event_id))
    else:
        return False
    return db.session.scalar(query.limit(1)) is not None


def _places(keys: Iterable[str]) -> dict[str, Place]:
    ids = [key[2:] for key in keys if key[:2] == "p:"]
    if not ids:
        return {}
    return {f"p:{place.id}": place for place in db.session.scalars(select(Place).where(Place.id.in_(ids)))}


def _hand_overs_undone(reads: Sequence[Read]) -> dict[str, str]:
    """{operation: its key} of hand-overs that these take back."""
    named = {one.names for one in reads if one.kind == UNDO and one.names}
    within = {one.id: one.key for one in reads if one.kind == "hand_over" and one.id in named}
    known = known_among([id_ for id_ in named if id_]) if named else {}
    return within | {id_: row.key for id_, row in known.items() if row.kind == "hand_over"}
