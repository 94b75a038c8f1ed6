"""A trip for tests: two buses, Nurlan's and others' children, Aigul and Saule who lead, and what their phones say."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from app.access.passwords import password_hash
from app.accounts.actor import Actor
from app.accounts.models import Account
from app.db import db, transaction
from app.desk.log.giving import Giver, facts_of
from app.desk.log.taking import Answer, take
from app.desk.roster.policy import desk_powers
from app.events.models import Event, Stop
from app.rosters.models import Bus
from app.signups.models import Place
from tests import factories
from tests.people.test_sight import acting

NOW = factories.SATURDAY
PIN = "402917"


@dataclass
class Trip:
    """`dina` and `arman` ride in bus 1, `aliya` in bus 2; Aigul coordinates, Saule does too."""

    event: Event
    buses: list[Bus]
    guardian: Any
    dina: Place
    arman: Place
    aliya: Place
    aigul: Actor
    saule: Actor
    sent: list[dict[str, Any]] = field(default_factory=list)

    def says(self, kind: str, about: Any = None, phone_of: Actor | None = None, **more: Any) -> str:
        """One operation, handed over at once; its id. `about` is a place or (bus, leg)."""
        one = self.said(kind, about, **more)
        answer = self.hands_over([one], phone_of=phone_of)
        assert one["id"] in answer.applied, answer.refused
        return str(one["id"])

    def said(self, kind: str, about: Any = None, **more: Any) -> dict[str, Any]:
        """The same, not handed over yet."""
        subject = {} if about is None else {"subject": subject_of(about)}
        one = {"id": str(uuid4()), "kind": kind, "at": NOW.isoformat(), **subject, **more}
        self.sent.append(one)
        return one

    def hands_over(self, operations: Sequence[dict[str, Any]], phone_of: Actor | None = None) -> Answer:
        """As a phone of this person does."""
        actor = phone_of or self.aigul
        db.session.rollback()
        giver = Giver(actor, desk_powers(actor, self.event), device="phone")
        return take(facts_of(self.event), operations, sent_at=NOW.isoformat(), giver=giver, now=NOW)

    def boards(self, *places: Place, leg: str = "out", bus: int = 0, **more: Any) -> list[str]:
        """They got into that bus."""
        return [self.says("board", place, bus_id=self.buses[bus].id, leg=leg, **more) for place in places]

    def leaves(self, *aboard: Place, leg: str = "out", bus: int = 0, phone_of: Actor | None = None, **more: Any) -> str:
        """The bus leaves with these."""
        ids = [place.id for place in aboard]
        more = {"decision": "complete", "place_ids": ids} | more
        return self.says("departure", (self.buses[bus], leg), phone_of=phone_of, **more)


def subject_of(about: Any) -> dict[str, Any]:
    """As phones send it."""
    if isinstance(about, Place):
        return {"place_id": about.id}
    bus, leg = about
    return {"bus_id": bus.id if bus else "-", "leg": leg}


def trip() -> Trip:
    """One stop on the way, all confirmed, nobody marked."""
    event = factories.event()
    with transaction() as session:
        session.add(Stop(event_id=event.id, position=1, title={"en": "Museum"}))
        session.add(Stop(event_id=event.id, position=2, title={"en": "Grove"}))
    buses = [factories.saved(Bus(event_id=event.id, name=name, seats=40)) for name in ("1", "2")]
    nurlan = factories.employee()
    dina = factories.place(event, factories.child(nurlan, "Дина"), bus_id=buses[0].id)
    arman = factories.place(event, factories.child(nurlan, "Арман", age=10), bus_id=buses[0].id)
    aliya = factories.place(event, factories.child(nurlan, "Алия", age=9), bus_id=buses[1].id)
    saule = factories.employee("Серікова", "Сәуле")
    factories.account(saule, "coordinator", city="balkhash")
    aigul = acting(factories.coordinator())
    return Trip(event, buses, nurlan, dina, arman, aliya, aigul, acting(saule))


def with_pin(actor: Actor) -> str:
    """Their PIN from now on."""
    with transaction() as session:
        session.get_one(Account, actor.account_id).pin_hash = password_hash(PIN)
    return PIN
