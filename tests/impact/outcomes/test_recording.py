"""Writing results down, correcting and withdrawing them: totals follow, nothing is lost, strangers stay out."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import clock
from app.accounts.actor import SYSTEM
from app.audit.models import AuditEntry
from app.db import db
from app.events.models import Event
from app.impact import errors
from app.impact.outcomes import errors as outcome_errors
from app.impact.outcomes.models import Outcome
from app.impact.outcomes.operations import correct_outcome, record_outcome, withdraw_outcome
from app.impact.reports.queries import impact, impact_json
from app.people.models import Person
from tests import factories

LogIn = Callable[[Person], FlaskClient]
WASTE = {"metric": "waste_removed", "unit": "t", "method": "weighed"}
FORM = {"metric": "waste_removed", "quantity": "43", "unit": "t", "method": "weighed", "said_by": "Айгүл"}


def record(event: Event, quantity: object = 43, **given: object) -> Outcome:
    return record_outcome(event, quantity=quantity, **(WASTE | given), now=clock.now(), actor=SYSTEM)  # type: ignore[arg-type]


def tonnes() -> object:
    return impact_json()["metrics"]["waste_removed"]["value"]


def test_a_recorded_figure_is_in_the_report(app: Flask) -> None:
    event = factories.event()
    record(event)
    record(event, "500", unit="kg")
    assert tonnes() == 43.5


def test_a_correction_replaces_the_figure_and_the_old_one_stays_to_be_seen(app: Flask) -> None:
    old = record(factories.event())
    new = correct_outcome(old, quantity="34", unit="t", method="weighed", now=clock.now(), actor=SYSTEM)
    assert tonnes() == 34
    assert (new.corrects_id, db.session.query(Outcome).count()) == (old.id, 2)
    with pytest.raises(outcome_errors.OutcomeReplaced):
        correct_outcome(old, quantity="35", unit="t", method="weighed", now=clock.now(), actor=SYSTEM)


def test_a_withdrawn_figure_counts_no_longer_and_what_it_corrected_does_not_come_back(app: Flask) -> None:
    old = record(factories.event())
    new = correct_outcome(old, quantity="34", unit="t", method="weighed", now=clock.now(), actor=SYSTEM)
    withdraw_outcome(new, now=clock.now(), actor=SYSTEM)
    assert tonnes() == 0
    with pytest.raises(errors.AlreadyWithdrawn):
        withdraw_outcome(new, now=clock.now(), actor=SYSTEM)


def test_a_slip_is_asked_about_and_saved_when_somebody_is_sure(app: Flask) -> None:
    event = factories.event()
    with pytest.raises(outcome_errors.UnlikelyFigure):
        record(event, 43_000)
    record(event, 43_000, sure=True)
    assert tonnes() == 43_000


def test_the_same_figure_twice_is_asked_about(app: Flask) -> None:
    event = factories.event()
    record(event)
    with pytest.raises(outcome_errors.SaidTwice):
        record(event)
    assert tonnes() == 43


def test_a_cancelled_event_has_no_results(app: Flask) -> None:
    with pytest.raises(outcome_errors.NothingToReport):
        record(factories.event(status="cancelled"))


def test_every_change_is_in_the_log(app: Flask) -> None:
    old = record(factories.event())
    new = correct_outcome(old, quantity="34", unit="t", method="weighed", now=clock.now(), actor=SYSTEM)
    withdraw_outcome(new, now=clock.now(), actor=SYSTEM)
    verbs = [entry.verb for entry in db.session.query(AuditEntry).filter_by(object_type="outcomes")]
    assert sorted(verbs) == ["correct", "record", "withdraw"]


def test_aigul_records_a_result_of_her_city(app: Flask, log_in: LogIn) -> None:
    aigul, event_id = log_in(factories.coordinator()), factories.event().id
    answer = aigul.post(f"/events/{event_id}/outcomes", data=FORM)
    assert answer.status_code == 303
    assert "43" in aigul.get(answer.location).get_data(as_text=True)
    assert tonnes() == 43


def test_a_wrong_figure_comes_back_beside_its_field_and_nothing_is_saved(app: Flask, log_in: LogIn) -> None:
    aigul, event_id = log_in(factories.coordinator()), factories.event().id
    for quantity in ("-1", "много", "1,2345", "43000"):
        answer = aigul.post(f"/events/{event_id}/outcomes", data=FORM | {"quantity": quantity})
        assert answer.status_code == 422
        assert 'id="quantity-e"' in answer.get_data(as_text=True)
    assert db.session.query(Outcome).count() == 0


def test_the_doubt_is_overcome_by_a_tick(app: Flask, log_in: LogIn) -> None:
    aigul, event_id = log_in(factories.coordinator()), factories.event().id
    page = aigul.post(f"/events/{event_id}/outcomes", data=FORM | {"quantity": "43000"}).get_data(as_text=True)
    assert 'name="sure"' in page
    assert aigul.post(f"/events/{event_id}/outcomes", data=FORM | {"quantity": "43000", "sure": "y"}).status_code == 303


def test_aigul_corrects_and_withdraws_from_the_page(app: Flask, log_in: LogIn) -> None:
    aigul = log_in(factories.coordinator())
    old_id = record(factories.event()).id
    assert aigul.get(f"/outcomes/{old_id}/correction").status_code == 200
    answer = aigul.post(f"/outcomes/{old_id}/correction", data=FORM | {"quantity": "34,5"})
    assert answer.status_code == 303
    assert tonnes() == 34.5
    new_id = db.session.query(Outcome.id).filter(Outcome.corrects_id == old_id).scalar()
    assert aigul.post(f"/outcomes/{new_id}/withdrawal").status_code == 303
    assert tonnes() == 0


def test_who_said_a_figure_is_for_coordinators_alone(app: Flask, client: FlaskClient, log_in: LogIn) -> None:
    event = factories.event()
    record(event, said_by="Бригадир Сәкен")
    url = f"/events/{event.id}/outcomes"
    assert "Сәкен" in log_in(factories.coordinator()).get(url).get_data(as_text=True)
    assert "Сәкен" not in client.get(url).get_data(as_text=True)


def test_what_was_counted_stands_apart_on_the_events_page(app: Flask, client: FlaskClient) -> None:
    event = factories.event()
    factories.place(event, factories.employee())
    record(event, 400, metric="participants", unit="people")
    assert impact().metrics["participants"].value == 400
    assert "400" in client.get(f"/events/{event.id}/outcomes").get_data(as_text=True)


@pytest.mark.parametrize(
    "path", ["/events/{event}/outcomes", "/outcomes/{outcome}/correction", "/outcomes/{outcome}/withdrawal"]
)
def test_strangers_employees_and_other_cities_write_nothing_down(
    app: Flask, client: FlaskClient, log_in: LogIn, path: str
) -> None:
    event = factories.event()
    url = path.format(event=event.id, outcome=record(event, 1).id)
    assert client.post(url, data=FORM).status_code == 303, "to the login"
    assert log_in(factories.employee()).post(url, data=FORM).status_code == 403
    assert log_in(factories.coordinator("zhezkazgan")).post(url, data=FORM).status_code == 403
    assert tonnes() == 1


def test_a_draft_is_unknown_to_strangers(app: Flask, client: FlaskClient) -> None:
    assert client.get(f"/events/{factories.event(status='draft').id}/outcomes").status_code == 404
