"""Reminders for programs: the plan read and planned anew, refused by the same rules as on the page."""

from datetime import timedelta

import pytest
import time_machine

from app.db import db
from tests import factories

BEFORE = factories.SATURDAY - timedelta(days=10)
PLAN = [
    {"amount": 3, "unit": "d", "audiences": ["hosts", "confirmed"]},
    {"amount": 5, "unit": "h", "audiences": ["escorts"]},
]


@pytest.fixture
def event(app):
    at = factories.event(starts_at=factories.SATURDAY)
    factories.place(at, factories.employee())
    return at


def test_a_program_reads_when_each_leaves_to_how_many(event, program):
    with time_machine.travel(BEFORE, tick=False):
        read = program(factories.coordinator()).get(f"/events/{event.id}/reminders").json
    assert read["is_usual"] is True
    assert [(one["key"], one["state"], one["readers"]) for one in read["plan"]] == [
        ("7d", "waits", 1), ("1d", "waits", 1), ("2h", "waits", 1),
    ]  # fmt: skip
    last = read["plan"][-1]
    assert (last["planned_for"], last["due_at"]) == ("2030-05-18T07:00:00+05:00", "2030-05-18T08:00:00+05:00")


def test_a_program_plans_all_of_them_anew_once(event, program):
    aigul = program(factories.coordinator())
    with time_machine.travel(BEFORE, tick=False):
        for _ in range(2):
            made = aigul.post(f"/events/{event.id}/reminders", json={"plan": PLAN}, headers={"Idempotency-Key": "one"})
            assert made.status_code == 201
            assert [(one["key"], one["audiences"]) for one in made.json["plan"]] == [
                ("3d", ["confirmed", "hosts"]), ("5h", ["escorts"]),
            ]  # fmt: skip
        assert aigul.post(f"/events/{event.id}/reminders", json={"plan": []}).json["plan"] == []
        assert aigul.post(f"/events/{event.id}/reminders", json={"plan": None}).json["is_usual"] is True


@pytest.mark.parametrize(
    "plan",
    [
        [{"amount": 61, "unit": "d", "audiences": ["confirmed"]}],
        [{"amount": 1, "unit": "w", "audiences": ["confirmed"]}],
        [{"amount": 1, "unit": "d", "audiences": []}],
        [{"amount": 1, "unit": "d", "audiences": ["everybody"]}],
        [PLAN[0], PLAN[0]],
        [PLAN[0]] * 9,
    ],
)
def test_what_cannot_be_meant_is_refused(event, program, plan):
    refused = program(factories.coordinator()).post(f"/events/{event.id}/reminders", json={"plan": plan})
    assert refused.status_code == 422 and refused.json["errors"]
    db.session.expire_all()
    assert event.reminder_plan is None


def test_strangers_and_other_cities_neither_read_nor_plan(event, program, stranger):
    path = f"/events/{event.id}/reminders"
    zhan, nurlan = program(factories.coordinator("zhezkazgan")), program(factories.employee())
    for one, status in ((stranger, 401), (zhan, 403), (nurlan, 403)):
        assert one.get(path).status_code == status
        assert one.post(path, json={"plan": []}).status_code == status
    db.session.expire_all()
    assert event.reminder_plan is None
