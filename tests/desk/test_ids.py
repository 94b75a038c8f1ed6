"""An id names one operation for ever: the same again is known, anything else under it is refused with a reason."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.actor import SYSTEM, Actor, Scope
from app.attendance.log_models import DeskOperation
from app.db import db
from app.desk.log.giving import Giver, facts_of
from app.desk.log.taking import Answer, take
from app.desk.log.walk_in_seats import seat_walk_in
from app.events.models import Event
from app.signups.models import Place
from tests import factories

NOW = factories.SATURDAY + timedelta(hours=1)
AIGUL = Actor(scopes=(Scope("coordinator", city="balkhash"),))
EVERYTHING = Giver(SYSTEM, frozenset({"mark", "give", "lead", "manage", "safety"}))


@pytest.fixture
def event(app: Flask) -> Event:
    return factories.event(capacity=20)


@pytest.fixture
def nurlan(event: Event) -> Place:
    return factories.place(event, factories.employee())


@pytest.fixture
def timur(event: Event) -> Place:
    return factories.place(event, factories.employee("Омаров", "Тимур"))


def said(kind: str, place: Place | None = None, **fields: Any) -> dict[str, Any]:
    subject = {"subject": {"place_id": place.id}} if place else {}
    return {"id": str(uuid4()), "kind": kind, "at": NOW.isoformat(), **subject, **fields}


def sent(event: Event, *operations: dict[str, Any]) -> Answer:
    answer = take(facts_of(event), operations, sent_at=None, giver=EVERYTHING, now=NOW)
    db.session.rollback()
    return answer


def whys(answer: Answer) -> list[tuple[object, str]]:
    return [(one.id, one.why) for one in answer.refused]


def test_an_id_of_another_person_is_refused_and_the_first_stands(event: Event, nurlan: Place, timur: Place) -> None:
    first = said("check_in", nurlan)
    other = first | {"subject": {"place_id": timur.id}}
    assert sent(event, first).applied == [first["id"]]
    answer = sent(event, other)
    assert whys(answer) == [(first["id"], "id-taken")] and answer.known == answer.applied == []
    assert db.session.scalars(select(DeskOperation.key)).all() == [f"p:{nurlan.id}"]
    assert sent(event, first).known == [first["id"]]
    by_ticket = first | {"subject": {"ticket": nurlan.ticket}}
    assert sent(event, by_ticket).known == [first["id"]]
    elsewhere = factories.event()
    assert whys(sent(elsewhere, first | {"subject": {"place_id": factories.place(elsewhere, nurlan.person).id}}))


def test_two_of_one_batch_with_one_id_are_not_one(event: Event, nurlan: Place, timur: Place) -> None:
    first = said("check_in", nurlan)
    answer = sent(event, first, first, first | {"subject": {"place_id": timur.id}})
    assert answer.applied == [first["id"]] and whys(answer) == [(first["id"], "id-taken")]


def test_what_was_said_of_a_walk_in_is_known_again_wherever_they_sit_by_now(event: Event) -> None:
    factories.employee("Ахметов", "Ерлан", personnel_number="4711")
    came = said("walk_in", subject={"walk_in": {"surname": "Ахметов", "personnel_number": "4711"}})
    left = said("check_out", subject={"walk_in_id": came["id"]})
    assert sent(event, came, left).refused == []
    place = seat_walk_in(event, came["id"], now=NOW, actor=AIGUL)
    assert sent(event, came, left).known == [came["id"], left["id"]]
    assert sent(event, left).known == [left["id"]]
    at_the_seat = left | {"subject": {"place_id": place.id}}
    assert sent(event, at_the_seat).known == [left["id"]]
    other = said("walk_in", subject={"walk_in": {"surname": "Ли"}})
    assert whys(sent(event, other, left | {"subject": {"walk_in_id": other["id"]}})) == [(left["id"], "id-taken")]


def test_whoever_has_a_place_meanwhile_is_still_who_came(event: Event) -> None:
    nurlan = factories.employee("Ахметов", "Ерлан", personnel_number="4711")
    came = said("walk_in", subject={"walk_in": {"surname": "Ахметов", "personnel_number": "4711"}})
    left = said("check_out", subject={"walk_in_id": came["id"]})
    sent(event, came, left)
    factories.place(event, nurlan)
    assert sent(event, came, left).known == [came["id"], left["id"]]


def test_an_undo_is_known_again_wherever_its_target_turned_up(event: Event, nurlan: Place, timur: Place) -> None:
    mark = said("check_in", nurlan)
    alone, with_wrong = said("undo", operation_id=mark["id"]), said("undo", timur, operation_id=mark["id"])
    assert sent(event, alone, with_wrong).refused == []
    assert sorted(sent(event, alone, with_wrong).known) == sorted([alone["id"], with_wrong["id"]])
    sent(event, mark)
    assert sorted(sent(event, alone, with_wrong).known) == sorted([alone["id"], with_wrong["id"]])
    for one in (alone, with_wrong):
        assert whys(sent(event, one | {"operation_id": str(uuid4())})) == [(one["id"], "id-taken")]
