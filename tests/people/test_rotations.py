"""Rotation calendars: read from a file, row by row, again and again; by those who coordinate the people in it."""

import io
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import xlsxwriter

from app.accounts.actor import Actor, Scope
from app.audit.models import AuditEntry
from app.db import db
from app.files import FileStore
from app.people import rotations
from app.people.headings import ColumnMissing
from app.people.models import Person, WorkStretch
from app.people.rotation_sheets import stretches_in
from app.people.rotations import import_rotations
from app.people.sheets import EmptyFile, UnreadableFile
from app.privacy.purging import purge
from tests import factories

NOW = factories.LONG_AGO
HEADINGS = "Табельный номер;С;По"
AIGUL = Actor(name="Aigul", scopes=(Scope("coordinator", city="balkhash"),))


def csv(*rows: str, headings: str = HEADINGS) -> bytes:
    return "\n".join([headings, *rows]).encode("utf-8-sig")


def read(*rows: str, actor: Actor = AIGUL, **options: bool):
    return import_rotations(csv(*rows), now=NOW, actor=actor, **options)


def days_of(person: Person) -> list[tuple[date, date]]:
    rows = db.session.query(WorkStretch).filter_by(person_id=person.id).order_by(WorkStretch.starts_on)
    return [(row.starts_on, row.ends_on) for row in rows]


def number(person: Person) -> str:
    return str(person.personnel_number)


@pytest.fixture
def nurlan(app):
    return factories.employee()


class TestReading:
    @pytest.mark.parametrize(
        "headings", [HEADINGS, "Табель нөмірі;Бастап;Дейін", "personnel number;From;To", "To;x;Personnel number;from"]
    )
    def test_headings_are_found_in_three_languages_and_any_order(self, headings):
        row = "31.05.2030;-;7;16.05.2030" if headings.startswith("To") else "7;16.05.2030;31.05.2030"
        (stretch,), refused = stretches_in(csv(row, headings=headings))
        assert (stretch.number, stretch.starts_on, stretch.ends_on) == ("7", date(2030, 5, 16), date(2030, 5, 31))
        assert refused == []

    def test_a_workbook_with_real_dates_is_read_too(self):
        file = io.BytesIO()
        with xlsxwriter.Workbook(file, {"in_memory": True, "default_date_format": "dd.mm.yyyy"}) as book:
            sheet = book.add_worksheet()
            sheet.write_row(0, 0, ["Табельный номер", "С", "По"])
            sheet.write_row(1, 0, [100123, datetime(2030, 5, 16), datetime(2030, 5, 31)])
        (stretch,), _ = stretches_in(file.getvalue())
        assert (stretch.number, stretch.starts_on) == ("100123", date(2030, 5, 16))

    @pytest.mark.parametrize(
        ("row", "field", "why"),
        [
            (";16.05.2030;31.05.2030", "personnel_number", "The personnel number is missing."),
            ("7;;31.05.2030", "starts_on", "The first day is missing."),
            ("7;16.05.2030;", "ends_on", "The last day is missing."),
            ("7;31.04.2030;31.05.2030", "starts_on", "There is no such date. April has 30 days."),
            ("7;16.05.2030;15.05.2030", "ends_on", "The last day is before the first."),
            ("7;16.05.0203;15.06.0203", "starts_on", "Check the year."),
            ("7;01.01.2030;31.12.2030", "ends_on", "These are more than 120 days. Check the dates."),
        ],
    )
    def test_a_row_that_cant_be_is_refused_with_its_column(self, row, field, why):
        good, refused = stretches_in(csv(row, "8;01.05.2030;02.05.2030"))
        assert [stretch.number for stretch in good] == ["8"]
        assert [(r.row, r.field, r.why % r.params) for r in refused] == [(2, field, why)]

    def test_days_that_overlap_within_the_file_are_refused_and_name_the_row(self):
        good, refused = stretches_in(csv("7;01.05.2030;15.05.2030", "7;15.05.2030;20.05.2030"))
        assert len(good) == 1
        assert refused[0].why % refused[0].params == "These days overlap those in row 2."

    def test_a_file_without_a_column_or_without_rows_is_refused_whole(self):
        with pytest.raises(ColumnMissing, match="По"):
            stretches_in(csv("7;1", headings="Табельный номер;С"))
        with pytest.raises(EmptyFile):
            stretches_in(csv())
        with pytest.raises(UnreadableFile):
            stretches_in(b"%PDF-1.4")


class TestImporting:
    def test_days_are_kept_and_reading_again_changes_nothing(self, nurlan):
        row = f"{number(nurlan)};16.05.2030;31.05.2030"
        first, again = read(row), read(row)
        assert (first.created, first.updated, first.unchanged) == (1, 0, 0)
        assert (again.created, again.updated, again.unchanged) == (0, 0, 1)
        assert days_of(nurlan) == [(date(2030, 5, 16), date(2030, 5, 31))]
        assert db.session.query(AuditEntry).filter_by(verb="change_rotation", object_id=nurlan.id).count() == 1

    def test_a_trial_changes_nothing_and_says_what_would_be(self, nurlan):
        report = read(f"{number(nurlan)};16.05.2030;31.05.2030", dry_run=True)
        assert (report.created, report.is_dry_run, days_of(nurlan)) == (1, True, [])
        assert db.session.query(AuditEntry).count() == 0

    def test_moved_days_replace_those_that_they_overlap_and_leave_the_others(self, nurlan):
        mine = number(nurlan)
        read(f"{mine};01.05.2030;15.05.2030", f"{mine};01.06.2030;15.06.2030")
        report = read(f"{mine};03.05.2030;17.05.2030")
        assert (report.created, report.updated) == (0, 1)
        assert days_of(nurlan) == [(date(2030, 5, 3), date(2030, 5, 17)), (date(2030, 6, 1), date(2030, 6, 15))]

    def test_one_long_stretch_may_become_two_and_two_one(self, nurlan):
        mine = number(nurlan)
        read(f"{mine};01.05.2030;30.05.2030")
        split = read(f"{mine};01.05.2030;10.05.2030", f"{mine};20.05.2030;30.05.2030")
        assert (split.updated, split.created) == (1, 1)
        assert days_of(nurlan) == [(date(2030, 5, 1), date(2030, 5, 10)), (date(2030, 5, 20), date(2030, 5, 30))]
        read(f"{mine};01.05.2030;30.05.2030")
        assert days_of(nurlan) == [(date(2030, 5, 1), date(2030, 5, 30))]

    def test_nobody_learns_who_works_in_another_city(self, nurlan):
        theirs = factories.employee(city="zhezkazgan")
        left = factories.employee(deactivated_at=NOW)
        report = read(*(f"{who};16.05.2030;31.05.2030" for who in (number(theirs), number(left), "nobody")))
        assert [(refusal.row, refusal.field) for refusal in report.refused] == [
            (2, "personnel_number"), (3, "personnel_number"), (4, "personnel_number"),
        ]  # fmt: skip
        assert len({refusal.why for refusal in report.refused}) == 1
        assert db.session.query(WorkStretch).count() == 0

    def test_a_long_file_is_taken_in_several_transactions(self, app, monkeypatch):
        monkeypatch.setattr(rotations, "ROWS_AT_ONCE", 2)
        people = [factories.employee() for _ in range(5)]
        report = read(*(f"{number(person)};16.05.2030;31.05.2030" for person in people))
        assert report.created == db.session.query(WorkStretch).count() == 5


def test_days_of_work_are_forgotten_a_year_later(nurlan):
    mine = number(nurlan)
    read(f"{mine};01.05.2030;15.05.2030", f"{mine};01.06.2030;15.06.2030")
    assert purge(store=FileStore(Path()), now=datetime(2031, 5, 17, tzinfo=UTC))["work_stretches"] == 1
    assert days_of(nurlan) == [(date(2030, 6, 1), date(2030, 6, 15))]


class TestFaces:
    def test_aigul_tries_the_file_then_reads_it(self, nurlan, log_in):
        aigul = log_in(factories.coordinator(language="en"))
        assert "Rotation calendar" in aigul.get("/people").text
        content = csv(f"{number(nurlan)};16.05.2030;31.05.2030", "nobody;16.05.2030;31.05.2030")
        trial = aigul.post("/people/rotations", data={"file": (io.BytesIO(content), "r.csv"), "is_dry_run": "y"})
        assert trial.status_code == 200
        assert "This was a trial" in trial.text
        assert days_of(nurlan) == []
        done = aigul.post("/people/rotations", data={"file": (io.BytesIO(content), "r.csv")})
        assert "No employee of your cities has the personnel number NOBODY." in done.text
        assert days_of(nurlan) == [(date(2030, 5, 16), date(2030, 5, 31))]

    def test_a_file_that_cant_be_read_is_said_beside_the_field(self, log_in, app):
        aigul = log_in(factories.coordinator(language="en"))
        answer = aigul.post("/people/rotations", data={"file": (io.BytesIO(b"%PDF"), "r.pdf")})
        assert answer.status_code == 422
        assert "This file is not a spreadsheet." in answer.text

    def test_strangers_and_employees_read_no_calendar(self, client, log_in, nurlan):
        assert client.get("/people/rotations").status_code == 303
        assert log_in(nurlan).get("/people/rotations").status_code == 403

    def test_the_command_reports_what_it_refused(self, app, nurlan, tmp_path):
        file = tmp_path / "rotations.csv"
        file.write_bytes(csv(f"{number(nurlan)};16.05.2030;31.05.2030", "1;2;3"))
        done = app.test_cli_runner().invoke(args=["import-rotations", str(file)])
        assert done.exit_code == 0, done.output
        assert "1 new, 0 changed, 0 as before, 2 refused" in done.output
        assert "row 3" in done.output
