"""Roster, outcomes, expenses, the report and the outbox by program."""

import pytest

from app.db import db
from app.impact.money.models import Expense
from app.impact.outcomes.models import Outcome
from tests import factories

pytestmark = pytest.mark.usefixtures("app")


def test_the_roster_as_json_csv_and_xlsx(program):
    event, nurlan = factories.event(), factories.employee()
    place = factories.place(event, nurlan)
    aigul = program(factories.coordinator())
    (line,) = aigul.get(f"/events/{event.id}/roster").json["items"]
    assert (line["id"], line["person"]["id"], line["status"]) == (place.id, nurlan.id, "confirmed")
    assert (line["attendance"], line["group"], line["gifts"]) == ("expected", None, [])
    csv = aigul.get(f"/events/{event.id}/roster?format=csv")
    assert csv.data.startswith("\ufeff".encode())
    assert nurlan.surname in csv.text
    assert aigul.get(f"/events/{event.id}/roster?format=xlsx").data[:2] == b"PK"
    assert aigul.get(f"/events/{event.id}/roster?q=seitkali").json["items"][0]["id"] == place.id
    assert aigul.get(f"/events/{event.id}/roster?format=doc").status_code == 422


def test_the_roster_is_for_those_who_run_the_day(program):
    event = factories.event()
    assert program(factories.employee()).get(f"/events/{event.id}/roster").status_code == 403
    assert program(factories.coordinator("zhezkazgan")).get(f"/events/{event.id}/roster").status_code == 403


def test_an_outcome_and_expenses_appear_in_the_report(program):
    event = factories.event(status="completed", programme=factories.programme("clean-coast", planned_tenge=2_000_000))
    aigul = program(factories.coordinator())
    outcome = aigul.post(
        f"/events/{event.id}/outcomes",
        json={"metric": "waste_removed", "quantity": 4300, "unit": "kg", "method": "weighed"},
    )
    assert (outcome.status_code, outcome.json["quantity"], outcome.json["unit"]) == (201, 4300, "kg")
    assert (
        aigul.post(f"/events/{event.id}/expenses", json={"amount_tenge": 430_000, "category": "transport"}).status_code
        == 201
    )
    report = aigul.get("/impact?programme=clean-coast&year=2030").json
    assert report["metrics"]["waste_removed"]["value"] == 4.3
    assert report["metrics"]["waste_removed"]["cost_per_unit_tenge"] == 100_000
    assert (report["cost_tenge"], report["planned_tenge"]) == (430_000, 2_000_000)


def test_money_of_a_programme_is_named_by_id_or_slug(program):
    row = factories.programme("clean-coast")
    admin = program(factories.admin())
    for name, amount in ((row.id, 100_000), (row.slug, 200_000)):
        assert (
            admin.post(f"/programmes/{name}/expenses", json={"amount_tenge": amount, "category": "lunch"}).status_code
            == 201
        )
    assert (
        admin.post("/programmes/nothing/expenses", json={"amount_tenge": 100_000, "category": "lunch"}).status_code
        == 404
    )
    assert db.session.query(Expense).count() == 2


def test_wrong_figures_are_refused_by_field(program):
    event = factories.event()
    aigul = program(factories.coordinator())
    for quantity in (-1, "many", None, True, 10**400):
        answer = aigul.post(f"/events/{event.id}/outcomes", json={"metric": "waste_removed", "quantity": quantity})
        assert (answer.status_code, list(answer.json["errors"])) == (422, ["quantity"]), quantity
    for amount in (0, -5, 1.5, "1000", 2**70):
        answer = aigul.post(f"/events/{event.id}/expenses", json={"amount_tenge": amount, "category": "lunch"})
        assert (answer.status_code, list(answer.json["errors"])) == (422, ["amount_tenge"]), amount
    assert aigul.post(f"/events/{event.id}/outcomes", json={"metric": "joy", "quantity": 1}).status_code == 422
    assert db.session.query(Outcome).count() + db.session.query(Expense).count() == 0


def test_others_record_nothing(program):
    event = factories.event()
    for who in (factories.employee(), factories.coordinator("zhezkazgan")):
        call = program(who)
        outcome = {"metric": "waste_removed", "quantity": 1}
        expense = {"amount_tenge": 100_000, "category": "lunch"}
        assert call.post(f"/events/{event.id}/outcomes", json=outcome).status_code == 403
        assert call.post(f"/events/{event.id}/expenses", json=expense).status_code == 403
        assert call.post(f"/programmes/{event.programme_id}/expenses", json=expense).status_code == 403


def test_the_outbox_is_read_by_event_and_status(program):
    event, nurlan = factories.event(), factories.employee()
    program(nurlan).post(f"/events/{event.id}/signups", json={"participant_ids": [nurlan.id]})
    aigul = program(factories.coordinator())
    (mail,) = aigul.get(f"/mails?event={event.id}&status=queued").json["items"]
    assert (mail["recipient"], mail["kind"], mail["attempts"], mail["last_error"]) == (
        nurlan.email,
        "signups/confirmed",
        0,
        None,
    )
    assert aigul.get(f"/mails?event={event.id}&status=sent").json["items"] == []
    assert aigul.get("/mails?status=war").status_code == 422
    assert program(nurlan).get("/mails").status_code == 403
    assert program(factories.coordinator("zhezkazgan")).get("/mails").json["items"] == []


def test_cubic_metres_and_species_come_by_program_and_a_wrong_figure_is_told_by_its_field(program):
    event = factories.event()
    aigul, url = program(factories.coordinator()), f"/events/{event.id}/outcomes"
    loose = {"metric": "waste_removed", "quantity": 100, "unit": "m3", "density": 0.25, "method": "estimated"}
    answer = aigul.post(url, json=loose)
    assert (answer.status_code, answer.json["density"]) == (201, 0.25)
    assert aigul.get("/impact").json["metrics"]["waste_removed"]["value"] == 25
    fish = {"metric": "fish_released", "quantity": 448_463, "method": "counted", "species": "carp"}
    assert aigul.post(url, json=fish).status_code == 201
    for wrong, field in (({"quantity": -1}, "quantity"), ({"metric": "joy"}, "metric"), ({"density": 9}, "density")):
        refused = aigul.post(url, json=loose | wrong)
        assert (refused.status_code, list(refused.json["errors"])) == (422, [field])
