"""The public report: filters in the address, an empty start, the spreadsheet."""

import io

from flask import Flask
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook

from app import clock
from app.accounts.actor import SYSTEM
from app.db import db
from app.events.models import Event
from app.impact.operations import record_expense, record_outcome
from tests import factories

# Reads of one page: filters, report, city and programme names.
MOST_QUERIES = 16


def cleaned(quantity: int = 43, *, city: str = "balkhash", slug: str | None = None) -> Event:
    event = factories.event(programme=factories.programme(slug), city=city, status="completed")
    values = {"metric": "waste_removed", "quantity": quantity, "unit": "t", "method": "weighed"}
    record_outcome(event, **values, now=clock.now(), actor=SYSTEM)  # type: ignore[arg-type]
    record_expense(
        event.programme, event=event, amount_tenge=430_000, category="transport", now=clock.now(), actor=SYSTEM
    )
    return event


def test_an_empty_report_says_so(app: Flask, client: FlaskClient) -> None:
    answer = client.get("/impact")
    assert answer.status_code == 200
    assert 'class="empty"' in answer.get_data(as_text=True)


def test_filters_stand_in_the_address(app: Flask, client: FlaskClient) -> None:
    cleaned(43, slug="coast")
    cleaned(17, city="zhezkazgan", slug="steppe")
    assert "60 <small>" in client.get("/impact").get_data(as_text=True)
    for query in ("programme=coast", "city=balkhash", "city=balkhash&year=2030&programme=coast"):
        assert "43 <small>" in client.get(f"/impact?{query}").get_data(as_text=True)
    assert 'class="empty"' in client.get("/impact?year=1999").get_data(as_text=True)


def test_an_unknown_filter_is_not_found(app: Flask, client: FlaskClient) -> None:
    for query in ("programme=none", "city=atlantis", "year=soon", "year=99999999"):
        assert client.get(f"/impact?{query}").status_code == 404


def test_every_total_opens_down_to_its_entries(app: Flask, client: FlaskClient) -> None:
    event = cleaned()
    page = client.get("/impact").get_data(as_text=True)
    assert f"/programmes/{event.programme_id}/expenses" in page
    programme = client.get(f"/programmes/{event.programme_id}/expenses").get_data(as_text=True)
    assert f"/events/{event.id}/outcomes" in programme
    assert "430\u00a0000" in programme


def test_the_spreadsheet_holds_the_same_figures(app: Flask, client: FlaskClient) -> None:
    cleaned()
    answer = client.get("/impact.xlsx", headers={"Accept-Language": "en"})
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    assert rows[1][2] == 430_000
    assert rows[1][4] == 43
    assert rows[1][6] == 10_000


def test_the_spreadsheet_holds_costs_without_a_result(app: Flask, client: FlaskClient) -> None:
    record_expense(factories.programme(), amount_tenge=5_000, category="transport", now=clock.now(), actor=SYSTEM)
    answer = client.get("/impact.xlsx", headers={"Accept-Language": "en"})
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    assert rows[1][2] == 5_000


def test_the_number_of_queries_does_not_grow_with_the_number_of_events(app: Flask, client: FlaskClient) -> None:
    for number in range(5):
        cleaned(number + 1)
    from sqlalchemy import event as listen

    asked = []
    listen.listen(db.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    client.get("/impact")
    assert len(asked) <= MOST_QUERIES
