"""What phones hear of each other: never of an incident, whoever they are; who may read it reads it on its page."""

from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.actor import SYSTEM
from app.attendance.log_models import DeskDay
from app.db import db, transaction
from app.desk.log.conflict_models import DeskConflict
from app.desk.log.feed import UNTOLD, changes_since
from app.desk.log.giving import Giver, facts_of
from app.desk.log.taking import take
from app.errors import Invalid
from app.events.models import Event
from app.people.models import Person
from tests import factories
from tests.desk.sealing import TestPhone, check_in, taken_along, with_pin

pytestmark = pytest.mark.full
AT = "2030-05-18T09:01:00+05:00"
SAID = "Slipped on the rail"
ROLES = ("coordinator", "safety_officer", "gift_keeper", "helper")
READS_IT = {"coordinator": 200, "safety_officer": 200, "gift_keeper": 403, "helper": 403}


@pytest.fixture
def event(app: Flask) -> Event:
    return factories.event()


@pytest.fixture
def helper(event: Event, log_in) -> TestPhone:
    """A helper's phone with the event on it."""
    return taken_along(of_role("helper", event, log_in), event.id)


def of_role(role: str, event: Event, log_in) -> FlaskClient:
    person: Person = factories.employee(role)
    factories.account(person, role, **({"event_id": event.id} if role == "helper" else {"city": "balkhash"}))
    with_pin(person)
    return log_in(person)


def incident() -> dict[str, object]:
    return {"id": str(uuid4()), "kind": "incident", "at": AT, "text": SAID, "place": "Gate 2", "after": []}


def test_no_phone_hears_of_an_incident_and_only_coordinators_and_safety_officers_read_it(event, log_in):
    phones = {role: taken_along(of_role(role, event, log_in), event.id) for role in ROLES}
    place = factories.place(event, factories.employee())
    reports = [incident() for _ in ("helper", "safety_officer")]
    for reporter, report in zip(("helper", "safety_officer"), reports, strict=True):
        assert phones[reporter].post(phones[reporter].sealed(report)).json["applied"] == [report["id"]]
    here = check_in(place.id, AT)
    phones["helper"].post(phones["helper"].sealed(here))
    for role, phone in phones.items():
        changes = phone.get("/changes")
        assert [one["id"] for one in changes.json["operations"]] == [here["id"]], role
        for text in (changes.text, phone.get().text):
            assert "incident" not in text and SAID not in text, role
            assert not any(str(one["id"]) in text for one in reports), role
        page = phone.client.get(f"/events/{event.id}/safety")
        assert (page.status_code, SAID in page.text) == (READS_IT[role], READS_IT[role] == 200), role


def test_who_asks_on_from_an_incident_misses_nothing(event, helper):
    """The last row of the log may be one that is told to nobody."""
    place = factories.place(event, factories.employee())
    first, report, last = check_in(place.id, AT), incident(), check_in(place.id, AT)
    for one in (first, report):
        helper.post(helper.sealed(one))
    cursor = helper.get("/changes").json["cursor"]
    helper.post(helper.sealed(last))
    assert [one["id"] for one in helper.get(f"/changes?since={cursor}").json["operations"]] == [last["id"]]


def test_programs_hear_no_more_than_phones(event, helper, program):
    helper.post(helper.sealed(incident()))
    calls = program(factories.coordinator())
    assert calls.get(f"/events/{event.id}/desk/changes").json["operations"] == []
    db.session.rollback()
    assert UNTOLD == ("incident",) and changes_since(event.id, "").rows == []


def test_phones_hear_how_many_conflicts_are_open_and_whether_the_day_is_closed(event):
    def told() -> tuple[int, object, str]:
        db.session.rollback()
        found = changes_since(event.id, "")
        return found.conflicts, found.closed_at, found.tag

    quiet = told()
    assert quiet[:2] == (0, None)
    place, at = factories.place(event, factories.employee()), factories.SATURDAY
    row = {"event_id": event.id, "key": f"p:{place.id}", "place_id": place.id, "severity": "low", "found_at": at}
    ends = {"open": {}, "gone": {"gone_at": at}, "solved": {"solved_at": at}}
    for word, end in ends.items():
        factories.saved(DeskConflict(word=word, kind="no-seat", operations=[], **row, **end))
    one_open = told()
    assert one_open[0] == 1 and one_open[2] != quiet[2]
    factories.closed_day(event)
    closed = told()
    assert closed[1] == event.ends_at and closed[2] != one_open[2]
    with transaction() as session:
        session.get_one(DeskDay, event.id).reopened_at = event.ends_at
    assert told()[1] is None and told()[2] != closed[2]


def test_one_event_hears_nothing_of_another(event, helper):
    other = factories.event()
    place = factories.place(other, factories.employee())
    raw = {"id": str(uuid4()), "kind": "check_in", "subject": {"place_id": place.id}, "at": AT}
    giver = Giver(SYSTEM, frozenset({"mark"}))
    assert take(facts_of(other), [raw], sent_at=None, giver=giver, now=factories.SATURDAY).applied
    assert helper.get("/changes").json["operations"] == []
    with pytest.raises(Invalid):
        changes_since(event.id, "1." + "9" * 19)
    with pytest.raises(Invalid):
        changes_since(event.id, "١.٢")
