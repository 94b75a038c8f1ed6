"""Sums from a spreadsheet: every line is shown first, then all are kept or none, and a file twice adds nothing."""

import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.actor import COORDINATOR, Actor, Scope
from app.db import db
from app.events.models import Event, Programme
from app.files import FileStore
from app.impact.money import errors
from app.impact.money.importing import CheckedLine, check_lines, checked_lines, keep_file, make_entries
from app.impact.money.models import Expense
from app.impact.money.operations import withdraw_expense
from app.impact.money.paper_models import ExpenseImport
from app.impact.money.sheet_rows import UnitsDiffer
from app.people.headings import ColumnMissing
from app.people.models import Person
from tests import factories

LogIn = Callable[[Person], FlaskClient]
HEADINGS = ("Программа", "Событие", "Состояние", "Сумма", "Единица", "На что", "Кому", "Документ", "Дата")
BUS = ("Чистый берег", "", "Факт", 250_000, "", "Транспорт", "Ақжол", "17", "05.03.2030")
LUNCH = ("clean-coast", "Таза жағалау", "Заказано", "180 000", "тенге", "Питание", "", "", "")


def sheet(*rows: Sequence[object], headings: Sequence[str] = HEADINGS) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        page = book.add_worksheet()
        for number, row in enumerate((headings, *rows)):
            page.write_row(number, 0, row)
    return file.getvalue()


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "uploads")


@pytest.fixture
def programme(app: Flask) -> Programme:
    return factories.programme("clean-coast")


@pytest.fixture
def event(programme: Programme) -> Event:
    return factories.event(programme=programme)


@pytest.fixture
def aigul(event: Event) -> Actor:
    account = factories.account(factories.coordinator())
    return Actor(account_id=account.id, scopes=(Scope(COORDINATOR, city="balkhash"),))


def checked(actor: Actor, *rows: Sequence[object], unit: str = "tenge") -> list[CheckedLine]:
    return checked_lines(sheet(*rows), unit=unit, actor=actor)


def kept(actor: Actor, store: FileStore, *rows: Sequence[object], **given: Any) -> ExpenseImport:
    how: dict[str, Any] = {"unit": "tenge", "store": store, "now": factories.LONG_AGO, "actor": actor}
    return keep_file("s.xlsx", sheet(*rows, **given), **how)


def made(file: ExpenseImport, actor: Actor, store: FileStore, *sure: int) -> ExpenseImport:
    return make_entries(file, sure=sure, store=store, now=factories.LONG_AGO, actor=actor)


def test_every_line_becomes_an_entry_of_its_programme_or_event(event: Event, aigul: Actor, store: FileStore) -> None:
    file = kept(aigul, store, BUS, LUNCH)
    assert [one.state for one in check_lines(file, store=store, actor=aigul)] == ["new", "new"]
    assert db.session.query(Expense).count() == 0, "looking writes nothing"
    made(file, aigul, store)
    bus, lunch = db.session.query(Expense).order_by(Expense.amount_tenge.desc()).all()
    assert (bus.event_id, bus.stage, bus.category, bus.supplier, bus.document_no) == (
        None, "actual", "transport", "Ақжол", "17",
    )  # fmt: skip
    assert (lunch.event_id, lunch.stage, lunch.amount_tenge) == (event.id, "committed", 180_000)
    assert (file.created, file.total_tenge, file.file_key) == (2, 430_000, None)
    assert list(store.folder.iterdir()) == [], "what was read is forgotten"


def test_one_wrong_line_and_nothing_is_kept(aigul: Actor, store: FileStore) -> None:
    file = kept(aigul, store, BUS, ("Нет такой", *BUS[1:]))
    with pytest.raises(errors.LinesWrong):
        made(file, aigul, store, 2, 3)
    assert db.session.query(Expense).count() == 0 and file.finished_at is None


@pytest.mark.parametrize(
    ("column", "cell", "field"),
    [
        (0, "", "programme"),
        (0, "Таза су", "programme"),
        (1, "Басқа іс-шара", "event"),
        (2, "Потеряно", "stage"),
        (3, "-5", "amount_tenge"),
        (3, "много", "amount_tenge"),
        (3, 0.5, "amount_tenge"),
        (3, "#DIV/0!", "amount_tenge"),
        (4, "доллары", "unit"),
        (5, "Шампанское", "category"),
        (8, "31.02.2030", "spent_on"),
    ],
)
def test_each_wrong_cell_says_what_is_wrong(aigul: Actor, column: int, cell: object, field: str) -> None:
    row = [*BUS]
    row[column] = cell
    [line] = checked(aigul, row)
    assert line.state == "wrong" and [one.field for one in line.problems] == [field]


def test_thousands_are_thousands_and_a_line_says_its_own_unit(aigul: Actor) -> None:
    first, second = checked(aigul, [*BUS[:3], 24370.628, *BUS[4:]], LUNCH, unit="thousand")
    assert first.row.values["amount_tenge"] == 24_370_628
    assert second.row.values["amount_tenge"] == 180_000, "its unit column says tenge"


def test_a_heading_that_says_another_unit_is_refused(aigul: Actor) -> None:
    headings = [*HEADINGS]
    headings[3] = "Сумма, тыс. тенге"
    with pytest.raises(UnitsDiffer):
        checked_lines(sheet(BUS, headings=headings), unit="tenge", actor=aigul)
    with pytest.raises(ColumnMissing):
        checked_lines(sheet(BUS[1:], headings=HEADINGS[1:]), unit="tenge", actor=aigul)


def test_a_slip_is_asked_about_and_kept_only_when_it_is_ticked(aigul: Actor, store: FileStore) -> None:
    file = kept(aigul, store, BUS, [*BUS[:3], 250, *BUS[4:]])
    assert [one.state for one in check_lines(file, store=store, actor=aigul)] == ["new", "asked"]
    with pytest.raises(errors.LinesWrong):
        made(file, aigul, store)
    assert made(file, aigul, store, 3).created == 2


def test_the_same_file_and_the_same_lines_add_nothing(aigul: Actor, store: FileStore) -> None:
    content = sheet(BUS, BUS, LUNCH)
    how: dict[str, Any] = {"unit": "tenge", "store": store, "now": factories.LONG_AGO, "actor": aigul}
    made(keep_file("s.xlsx", content, **how), aigul, store)
    assert db.session.query(Expense).count() == 3, "two equal lines of one file are two sums"
    with pytest.raises(errors.FileReadBefore):
        keep_file("renamed.xlsx", content, **how)
    withdraw_expense(db.session.query(Expense).filter_by(category="catering").one(), now=how["now"], actor=aigul)
    longer = kept(aigul, store, LUNCH, BUS, BUS, [*BUS[:3], 260_000, *BUS[4:]])
    assert [one.state for one in check_lines(longer, store=store, actor=aigul)] == ["known", "known", "known", "new"]
    assert made(longer, aigul, store).created == 1
    assert made(longer, aigul, store).created == 1, "pressed twice"
    assert db.session.query(Expense).count() == 4


def test_money_of_another_city_is_not_hers(programme: Programme, aigul: Actor) -> None:
    factories.event(programme=programme, city="zhezkazgan", title={"ru": "Там"})
    whole, lunch, there = checked(aigul, BUS, LUNCH, [BUS[0], "Там", *BUS[2:]])
    assert [one.state for one in (whole, there)] == ["wrong", "wrong"]
    assert [one.field for one in (*whole.problems, *there.problems)] == ["programme", "event"]
    assert lunch.state == "new"


def test_several_events_of_one_name_are_told_apart_by_their_day(programme: Programme, aigul: Actor) -> None:
    factories.event(programme=programme, starts_at=factories.SATURDAY.replace(month=6))
    [both] = checked(aigul, LUNCH)
    assert both.state == "wrong" and both.problems[0].field == "event"
    [june] = checked(aigul, [LUNCH[0], "Таза жағалау 18.06.2030", *LUNCH[2:]])
    assert june.state == "new"


def test_aigul_reads_a_file_on_its_pages(event: Event, log_in: LogIn) -> None:
    aigul = log_in(factories.coordinator())
    assert aigul.get("/money/files/template.xlsx").status_code == 200
    file = {"file": (io.BytesIO(sheet(BUS, [*BUS[:3], 250, *BUS[4:]])), "шығын.xlsx")}
    assert aigul.post("/money/files", data=dict(file)).status_code == 422, "the unit is never guessed"
    file = {"file": (io.BytesIO(sheet(BUS, [*BUS[:3], 250, *BUS[4:]])), "шығын.xlsx")}
    answer = aigul.post("/money/files", data={"unit": "tenge", **file})
    assert answer.status_code == 303
    page = aigul.get(answer.location).get_data(as_text=True)
    assert "250\u00a0000" in page and 'name="sure" value="3"' in page
    assert aigul.post(f"{answer.location}/entries").status_code == 409
    assert aigul.post(f"{answer.location}/entries", data={"sure": "3"}).status_code == 303
    assert db.session.query(Expense).count() == 2
    assert aigul.get(answer.location).status_code == 200
    zhan = log_in(factories.coordinator("zhezkazgan"))
    assert zhan.get(answer.location).status_code == 404
