"""A child that comes without a place and without a consent: let in on somebody's word, and nobody overlooks it."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock
from app.db import db
from app.desk.day.closing import ConflictsOpen, close_day
from app.desk.departure.queries import board_of
from app.desk.departure.readiness import Facts, consents
from app.desk.log.conflict_models import DeskConflict, WalkIn
from app.desk.log.giving import Giver, facts_of
from app.desk.log.solving import solve_conflict
from app.desk.log.taking import take
from app.desk.roster.policy import desk_powers
from app.events.models import Event
from tests import factories
from tests.desk.test_conflicts import AIGUL, AT, NOW


@pytest.fixture
def event(app: Flask) -> Event:
    return factories.event()


def came(event: Event, reason: str = "", **more: Any) -> str:
    """What the phone at the door hands over."""
    who = {"surname": "Ахметов", "given_name": "Ерке", **more}
    raw = {"id": str(uuid4()), "kind": "walk_in", "subject": {"walk_in": who}, "at": AT.isoformat(), "reason": reason}
    giver = Giver(AIGUL, desk_powers(AIGUL, event), device="phone 1")
    assert take(facts_of(event), [raw], sent_at=None, giver=giver, now=NOW).applied == [raw["id"]]
    return str(raw["id"])


def found() -> list[tuple[str, str]]:
    rows = db.session.scalars(select(DeskConflict).where(DeskConflict.gone_at.is_(None)))
    return [(row.kind, row.severity) for row in rows]


def consents_line(event: Event) -> tuple[str, dict[str, object]]:
    db.session.expire_all()
    line = next(one for one in board_of(event, now=NOW).lines if one.key == "consents")
    return line.state, dict(line.params)


def test_it_is_an_important_conflict_with_the_reason_and_the_day_stays_open_until_it_is_decided(event, log_in):
    came(event, "parent", is_child=True)
    assert found() == [("no-consent", "high")]
    page = log_in(factories.coordinator(language="en")).get(f"/events/{event.id}/conflicts").text
    assert "A parent is here and agrees" in page and "Ахметов Ерке" in page and "phone 1" in page
    with pytest.raises(ConflictsOpen):
        close_day(event, now=NOW, actor=AIGUL)
    row = db.session.scalars(select(DeskConflict)).one()
    solve_conflict(event, row, keep="both", reason="agreed", now=NOW, actor=AIGUL)
    assert db.session.scalars(select(DeskConflict)).one().solved_at


@pytest.mark.parametrize(("born", "is_one"), [("2020-02-29", True), ("2012-05-18", False), ("2012-05-19", True)])
def test_a_birthday_says_it_too(event, born, is_one):
    came(event, birth_date=born)
    assert [kind for kind, _ in found()] == (["no-consent"] if is_one else [])
    assert db.session.scalars(select(WalkIn.is_child)).one() is is_one


def test_the_board_counts_its_consent_as_missing_until_it_is_taken_back(event):
    factories.place(event, factories.employee())
    assert consents_line(event)[0] == "grey"
    child = came(event, is_child=True)
    came(event)
    assert consents_line(event) == ("red", {"given": 0, "children": 1, "missing": 1})
    raw = {"id": str(uuid4()), "kind": "undo", "operation_id": child, "at": AT.isoformat()}
    take(facts_of(event), [raw], sent_at=None, giver=Giver(AIGUL, frozenset({"mark"})), now=NOW)
    assert consents_line(event)[0] == "grey"


def test_children_with_and_without_a_place_are_one_line():
    facts = Facts(now=NOW, starts_at=AT, children=3, consents_missing=1, children_unplanned=1)
    assert dict(consents(facts).params) == {"given": 2, "children": 4, "missing": 2}
    assert consents(Facts(now=NOW, starts_at=AT, children=3)).state == "green"


@pytest.mark.full
def test_the_way_home_says_it_beside_the_name(log_in):
    event = factories.event(starts_at=clock.now() - timedelta(hours=1))
    id_ = str(uuid4())
    who = {"surname": "Ахметов", "given_name": "Ерке", "is_child": True}
    raw = {"id": id_, "kind": "walk_in", "subject": {"walk_in": who}, "at": clock.now().isoformat()}
    take(facts_of(event), [raw], sent_at=None, giver=Giver(AIGUL, frozenset({"mark"})), now=clock.now())
    page = log_in(factories.coordinator(language="en")).get(f"/events/{event.id}/legs?leg=back").text
    assert "Ахметов Ерке" in page and "Consent missing" in page
