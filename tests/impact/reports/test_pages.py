"""The report's pages: filters in the address, totals that open, departments, the PDF and the workbook."""

import io
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import event as listen

from app import clock
from app.accounts.actor import SYSTEM
from app.db import db
from app.events.models import Event
from app.impact.money.operations import record_expense
from app.impact.outcomes.operations import record_outcome
from app.people.models import Person
from tests import factories

LogIn = Callable[[Person], FlaskClient]

MOST_QUERIES = 12


def cleaned(quantity: int = 43, *, city: str = "balkhash", slug: str | None = None) -> Event:
    event = factories.event(programme=factories.programme(slug), city=city, status="completed")
    values = {"metric": "waste_removed", "quantity": quantity, "unit": "t", "method": "weighed"}
    record_outcome(event, **values, now=clock.now(), actor=SYSTEM)  # type: ignore[arg-type]
    record_expense(
        event.programme, event=event, amount_tenge=430_000, category="transport", now=clock.now(), actor=SYSTEM
    )
    return event


def management(log_in: LogIn) -> FlaskClient:
    person = factories.employee("Директорова", "Сауле", language="en")
    factories.account(person, "management")
    return log_in(person)


def page(client: FlaskClient, address: str) -> str:
    answer = client.get(address, headers={"Accept-Language": "en"})
    assert answer.status_code == 200, address
    return answer.get_data(as_text=True).replace("\u00a0", " ").replace("&nbsp;", " ")


def sheets(data: bytes) -> dict[str, list[list[object]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_an_empty_report_says_so(app: Flask, client: FlaskClient) -> None:
    assert 'class="empty"' in page(client, "/impact/report")


def test_filters_stand_in_the_address(app: Flask, client: FlaskClient) -> None:
    cleaned(43, slug="coast")
    cleaned(17, city="zhezkazgan", slug="steppe")
    assert "60 t" in page(client, "/impact/report")
    for query in ("programme=coast", "city=balkhash", "city=balkhash&year=2030&programme=coast&kind=cleanup"):
        found = page(client, f"/impact/report?{query}")
        assert "43 t" in found and "60 t" not in found
    for query in ("year=1999", "kind=planting"):
        assert 'class="empty"' in page(client, f"/impact/report?{query}")


def test_an_unknown_filter_is_not_found(app: Flask, client: FlaskClient) -> None:
    for query in ("programme=none", "city=atlantis", "year=soon", "year=99999999", "year=²⁰²³", "kind=war"):
        assert client.get(f"/impact/report?{query}").status_code == 404


def test_a_stranger_sees_totals_but_opens_none(app: Flask, client: FlaskClient) -> None:
    cleaned()
    assert "/impact/report/entries" not in page(client, "/impact/report")
    assert client.get("/impact/report/entries?of=waste_removed").status_code == 303
    assert client.get("/impact/report.pdf").status_code == 303


def test_management_opens_a_total_down_to_its_entries(app: Flask, log_in: LogIn) -> None:
    event = cleaned()
    client = management(log_in)
    assert "/impact/report/entries?of=waste_removed&amp;city=balkhash" in page(client, "/impact/report?city=balkhash")
    opened = page(client, "/impact/report/entries?of=waste_removed&city=balkhash")
    assert "43 t" in opened and f"/events/{event.id}/outcomes" in opened and "Weighed" in opened
    assert "430 000" in page(client, "/impact/report/entries?of=spent")
    assert client.get("/impact/report/entries?of=nonsense").status_code == 404
    assert client.get("/impact/report/entries?of=spent&page=0").status_code == 404
    assert "430 000" not in page(client, "/impact/report/entries?of=spent&category=gifts")


def test_people_stand_event_by_event_reported_beside_counted(app: Flask, log_in: LogIn) -> None:
    event = cleaned()
    values = {"metric": "participants", "quantity": 400, "unit": "people", "method": "reported"}
    record_outcome(event, **values, now=clock.now(), actor=SYSTEM)  # type: ignore[arg-type]
    client = management(log_in)
    found = page(client, "/impact/report/people?year=2030")
    assert ">400 </td>" in found and f"/events/{event.id}/outcomes" in found
    assert ">400 </td>" not in page(client, "/impact/report/people?year=2029")


def test_a_department_shows_only_what_is_counted_here(app: Flask, client: FlaskClient, log_in: LogIn) -> None:
    cleaned()
    for number in range(5):
        factories.employee(f"Омаров{number}", department="Smelting")
    factories.employee("Жалғызов", department="One alone")
    boss = management(log_in)
    found = page(boss, "/impact/report?department=Smelting")
    assert 'id="department"' in found and "43 t" not in found
    assert "One alone" not in found, "of one person a figure would tell all"
    assert boss.get("/impact/report?department=One+alone").status_code == 404
    assert boss.get("/impact/report/entries?of=present&department=Smelting").status_code == 404
    assert client.get("/impact/report?department=Smelting").status_code == 403


def test_the_workbook_has_the_numbers_behind_each_chart(app: Flask, client: FlaskClient) -> None:
    cleaned(43, slug="coast")
    cleaned(17, city="zhezkazgan", slug="steppe")
    answer = client.get("/impact.xlsx", headers={"Accept-Language": "en"})
    found = sheets(answer.data)
    totals, *charts = found.values()
    assert totals[1][:3] == ["Waste taken away", 60, "t"]
    costs, cities = charts
    assert sum(row[2] for row in costs[1:]) == 860_000
    assert cities[1:] == [["Balkhash", 43], ["Zhezkazgan", 17]]


def test_entries_come_as_a_spreadsheet_with_their_sum(app: Flask, log_in: LogIn) -> None:
    cleaned()
    answer = management(log_in).get("/impact/report/entries.xlsx?of=waste_removed", headers={"Accept-Language": "en"})
    [rows] = sheets(answer.data).values()
    assert (rows[1][3], rows[-1][3]) == (43, 43)


def test_the_standard_says_what_is_not_covered(app: Flask, log_in: LogIn) -> None:
    cleaned()
    factories.city("zhezkazgan")
    client = management(log_in)
    found = page(client, "/impact/report/standards")
    assert "1 of 2 cities known here have results of programmes: 50 %." in found
    assert found.count("Not known here") == 5
    assert "430 000 ₸ spent on the events and programmes with this result, by 43." in found
    gri, company = sheets(client.get("/impact/report/standards.xlsx").data).values()
    assert len(gri) == 10
    assert company[1][1] == 43


@pytest.mark.full
def test_the_report_is_printed_in_three_languages(app: Flask, log_in: LogIn) -> None:
    cleaned(43, slug="coast")
    cleaned(17, city="zhezkazgan", slug="steppe")
    client = management(log_in)
    for language in ("kk", "ru", "en"):
        answer = client.get("/impact/report.pdf", headers={"Accept-Language": language})
        assert answer.mimetype == "application/pdf"
        assert answer.data.startswith(b"%PDF")


def test_the_number_of_queries_does_not_grow_with_the_number_of_events(app: Flask, log_in: LogIn) -> None:
    for number in range(5):
        cleaned(number + 1)
    client, asked = management(log_in), []
    listen.listen(db.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    client.get("/impact/report")
    assert len(asked) <= MOST_QUERIES, "\n".join(asked)
