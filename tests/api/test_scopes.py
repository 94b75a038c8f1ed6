"""Search, history and handing over by program."""

import pytest

from app.accounts.actor import SYSTEM
from app.accounts.models import Delegation
from app.audit.operations import record
from app.db import db, transaction
from app.search.indexing import index_titles
from tests import factories

pytestmark = pytest.mark.usefixtures("app")


def test_search_answers_with_what_the_caller_may_see(program, stranger):
    nurlan, aigul, stan = factories.employee(), factories.coordinator(), factories.employee("Стан", "Стэн")
    event = factories.event(title={"en": "Seitkali day"})
    while index_titles(now=factories.LONG_AGO):
        pass

    hers = program(aigul).get("/search?q=seitk").json
    assert [person["id"] for person in hers["people"]] == [nurlan.id]
    assert [found["id"] for found in hers["events"]] == [event.id]
    assert program(stan).get("/search?q=seitk").json["people"] == []
    assert stranger.get("/search?q=seitk").status_code == 401
    assert program(aigul).get("/search?q=x&limit=0").status_code == 422


def test_history_comes_with_stored_values_in_pages(program):
    event, aigul = factories.event(), factories.coordinator()
    for number in range(3):
        with transaction():
            record(SYSTEM, "change", event, now=factories.LONG_AGO, changes={"capacity": (number, number + 1)})

    first = program(aigul).get(f"/events/{event.id}/history?limit=2").json
    rest = program(aigul).get(f"/events/{event.id}/history?limit=2&cursor={first['next']}").json

    assert len(first["items"]) == 2 and len(rest["items"]) == 1 and rest["next"] is None
    assert first["items"][0]["fields"] == ["capacity"]
    assert program(factories.coordinator("zhezkazgan")).get(f"/events/{event.id}/history").status_code == 403
    assert program(aigul).get(f"/events/{event.id}/history?since=yesterday").status_code == 422
    narrowed = program(aigul).get(f"/events/{event.id}/history", query_string={"since": "2030-01-01T00:00:00+05:00"})
    assert narrowed.json["items"] == []


@pytest.mark.full
def test_a_program_hands_over_once_and_ends_it(program):
    aigul, nurlan = factories.coordinator(), factories.employee()
    factories.account(nurlan)
    said = {"deputy": nurlan.email, "from_on": "2030-01-01", "until_on": "2030-01-09", "reason": "Leave"}

    answers = [program(aigul).post("/me/delegations", json=said, headers={"Idempotency-Key": "once"}) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [201, 201]
    [row] = db.session.query(Delegation).all()
    assert program(aigul).post("/me/delegations", json=said).status_code == 409
    assert [one["id"] for one in program(nurlan).get("/me/delegations").json["items"]] == [row.id]
    stan = factories.employee("Стан", "Стэн")
    assert program(stan).post(f"/delegations/{row.id}/ending").status_code == 404
    assert program(aigul).post(f"/delegations/{row.id}/ending").status_code == 201
