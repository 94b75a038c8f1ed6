"""Who has a task on the day, with a seat or without, stands in every list that leaves the house: a part of its own."""

import io
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook

from app.desk.roster.staff import staff_lines
from app.events.models import Event
from app.people.models import Person
from app.rosters.duty_models import Duty, Need, Section
from app.rosters.models import Bus
from app.signups.models import Place
from app.web.pdf import Document
from tests import factories

LogIn = Callable[[Person], FlaskClient]
LISTS = ("roster", "sign-in", "groups", "sections", "manifest")


@pytest.fixture
def event(app: Flask) -> Event:
    """Two buses; Bolat drives the first, Serik leads a section and rides in the second, Olga is a medic by herself."""
    event = factories.event(audience="families")
    factories.saved(Bus(event_id=event.id, name="1-көлік", seats=40, driver_phone="8 708 654 18 86"))
    second = factories.saved(Bus(event_id=event.id, name="2-көлік", seats=40))
    section = factories.saved(Section(event_id=event.id, position=1, name={"kk": "Солтүстік жағалау"}))
    bolat = factories.employee("Жүнісов", "Болат", phone="+77086541886")
    olga = factories.employee("Ким", "Ольга", phone="")
    serik = factories.place(event, factories.employee("Әбенов", "Серік"), bus_id=second.id)
    task(event, "driver", person=bolat)
    task(event, "first_aid", person=olga)
    task(event, "section_leader", place=serik, section_id=section.id)
    return event


def task(event: Event, role: str, *, person: Person | None = None, place: Place | None = None, **where: str) -> None:
    values = {"event_id": event.id, "position": 1, "role": role, "minimum": 1, "maximum": 1}
    need = factories.saved(Need(**values, **where))
    who = {"person_id": person.id} if person else {"place_id": place.id if place else None}
    factories.saved(Duty(need_id=need.id, how="placed", taken_at=factories.LONG_AGO, **who))


def test_each_says_role_phone_bus_section_and_whether_there_is_a_seat(event: Event) -> None:
    said = [
        (one.name.split()[0], one.need.role, one.bus, bool(one.section), one.has_seat) for one in staff_lines(event)
    ]
    assert said == [
        ("Әбенов", "section_leader", "2-көлік", True, True),
        ("Жүнісов", "driver", "1-көлік", False, False),
        ("Ким", "first_aid", "", False, False),
    ]


def test_the_spreadsheets_have_a_part_for_them_with_telephones(event: Event, log_in: LogIn) -> None:
    aigul = log_in(factories.coordinator(language="en"))
    text = aigul.get(f"/events/{event.id}/roster.csv").data.decode("utf-8-sig")
    rows, staff = text.split("\r\n\r\n")[:2]
    assert "Жүнісов" not in rows and "Әбенов" in rows
    assert staff.splitlines()[0] == "Staff of the day"
    assert staff.splitlines()[3].startswith("Жүнісов Болат;Driver;'+7") and "1-көлік" in staff.splitlines()[3]
    book = CalamineWorkbook.from_filelike(io.BytesIO(aigul.get(f"/events/{event.id}/roster.xlsx").data))
    assert len(book.sheet_names) == 2
    sheet = book.get_sheet_by_index(1).to_python()
    assert [row[:2] for row in sheet[1:4]] == [
        ["Әбенов Серік", "Section leader"], ["Жүнісов Болат", "Driver"], ["Ким Ольга", "First aid"],
    ]  # fmt: skip


def test_where_nobody_has_a_task_there_is_no_such_part(app: Flask, log_in: LogIn) -> None:
    event, aigul = factories.event(), log_in(factories.coordinator(language="en"))
    assert "Staff of the day" not in aigul.get(f"/events/{event.id}/roster.csv").text
    book = CalamineWorkbook.from_filelike(io.BytesIO(aigul.get(f"/events/{event.id}/roster.xlsx").data))
    assert len(book.sheet_names) == 1


@pytest.mark.parametrize("kind", LISTS)
def test_every_printed_list_names_them(event: Event, log_in: LogIn, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    drawn: list[str] = []
    real = Document.lines

    def lines(paper: Document, heads, rows, shares, **more):  # type: ignore[no-untyped-def]
        drawn.extend(row[0] for row in rows)
        real(paper, heads, rows, shares, **more)

    monkeypatch.setattr(Document, "lines", lines)
    aigul = log_in(factories.coordinator())
    assert aigul.get(f"/events/{event.id}/prints/{kind}.pdf").status_code == 200
    assert "Ким Ольга" in drawn
    assert ("Жүнісов Болат" in drawn) is (kind != "manifest"), "the driver of the first bus is not in the second"
    assert ("Әбенов Серік" in drawn) is (kind != "sign-in"), "who has a seat signs above"
