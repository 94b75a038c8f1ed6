"""One seat left, two who came without a place, two coordinators; and a phone hands over what it recorded meanwhile.

Nobody waits for another in a circle, and the seat is given once; on PostgreSQL.
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from unittest import mock
from uuid import uuid4

import pytest
from flask_migrate import upgrade

from app import create_app
from app.accounts.actor import COORDINATOR, Actor, Scope
from app.attendance.queries import attendance_of_event
from app.db import db
from app.desk.log.conflict_models import WalkIn
from app.desk.log.giving import Giver, facts_of
from app.desk.log.taking import take
from app.desk.log.walk_in_seats import seat_walk_in
from app.errors import DomainError
from app.events.models import Event
from tests import factories
from tests.bursts import environ_of

pytestmark = [pytest.mark.postgres, pytest.mark.slow]
AT, ROUNDS = factories.SATURDAY, 5
AIGUL = Actor(scopes=(Scope(COORDINATOR, city="balkhash"),))
GIVER = Giver(AIGUL, frozenset({"mark"}))


class Round:
    """An event with one free seat, two who came without a place, and Nurlan, who has one."""

    def __init__(self, number: int) -> None:
        event = factories.event(capacity=2)
        self.event_id, self.place_id = event.id, factories.place(event, factories.employee(f"Нұрлан{number}")).id
        self.came = [str(uuid4()) for _ in range(3)]
        self._take([came(self.came[0], "Ахметов"), came(self.came[1], "Ли")])

    def seat(self, which: int) -> None:
        seat_walk_in(db.session.get_one(Event, self.event_id), self.came[which], now=AT, actor=AIGUL)

    def hand_over(self) -> None:
        """A third person without a place, and marks of the others."""
        here = raw("check_in", str(uuid4()), {"place_id": self.place_id})
        self._take([came(self.came[2], "Ким"), here, raw("check_out", str(uuid4()), {"walk_in_id": self.came[0]})])

    def check(self) -> None:
        """One of two has a seat, with all that was said of them."""
        event = db.session.get_one(Event, self.event_id)
        seated = db.session.query(WalkIn).filter(WalkIn.event_id == event.id, WalkIn.place_id.is_not(None)).one()
        states = {id_: found.state for id_, found in attendance_of_event(event.id).items()}
        wanted = "left" if seated.id == self.came[0] else "present"
        assert event.seats_taken == 2 and states == {self.place_id: "present", seated.place_id: wanted}

    def _take(self, operations: list[dict[str, object]]) -> None:
        event = facts_of(db.session.get_one(Event, self.event_id))
        assert take(event, operations, sent_at=None, giver=GIVER, now=AT).refused == []


def raw(kind: str, id_: str, subject: dict[str, object]) -> dict[str, object]:
    return {"id": id_, "kind": kind, "subject": subject, "at": AT.isoformat()}


def came(id_: str, surname: str) -> dict[str, object]:
    return raw("walk_in", id_, {"walk_in": {"surname": surname}})


def test_the_last_seat_is_given_once_while_a_phone_hands_over(tmp_path: Path, database_url: str):
    with mock.patch.dict(os.environ, environ_of(tmp_path, database_url)):
        app = create_app()
    with app.app_context():
        upgrade()
        rounds = [Round(number) for number in range(ROUNDS)]
        db.session.remove()
        together = Barrier(3)

        def side(act: Callable[[Round], None]) -> list[str]:
            said = []
            with app.app_context():
                for one in rounds:
                    db.session.remove()
                    together.wait(20)
                    try:
                        act(one)
                        said.append("done")
                    except DomainError as error:
                        said.append(error.type)
                db.session.remove()
            return said

        with ThreadPoolExecutor(3) as hands:
            acts = (lambda one: one.seat(0), lambda one: one.seat(1), Round.hand_over)
            first, second, phone = hands.map(side, acts)
        assert phone == ["done"] * ROUNDS
        assert all(sorted(pair) == ["done", "full"] for pair in zip(first, second, strict=True)), (first, second)
        for one in rounds:
            one.check()
        db.session.remove()
        db.engine.dispose()
