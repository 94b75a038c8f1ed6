"""Each declared term has somebody who keeps it: a walk over all personal columns, and what was blanked looked at."""

from datetime import timedelta
from pathlib import Path

import pytest

import app.models  # noqa: F401 - all tables
from app.accounts.actor import Actor
from app.accounts.models import Delegation
from app.attendance.models import AttendanceEntry
from app.audit.models import AuditValues
from app.audit.operations import record
from app.db import db, new_id, transaction
from app.desk.departure.models import Override
from app.events.models import SeasonImport
from app.files import FileStore
from app.privacy.blanking import blanks
from app.privacy.purging import purge, terms
from app.rosters import journal
from app.rosters.models import Bus
from app.tasks.models import Task
from tests import factories
from tests.factories import saved

NOW = factories.LONG_AGO + timedelta(days=30)
# These end by what somebody does, not by the clock; "as the place" ends with the person's name.
BY_HAND = {"until erased", "as the place", "while active", "while it bounces", "until removed", "until it goes again"}
pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "uploads")


def test_every_column_whose_term_the_clock_ends_is_purged():
    kept = {f"{one.column.class_.__tablename__}.{one.column.key}" for one in blanks(NOW)}
    whole = {*terms(NOW), "mails", "mail_forms"} - {"tasks"}  # of tasks only appeals go as rows
    forgotten = [
        f"{table.name}.{column.name}: {declared['term']}"
        for table in db.metadata.sorted_tables
        for column in table.columns
        if (declared := column.info.get("personal")) and declared["term"] not in BY_HAND
        if table.name not in whole and f"{table.name}.{column.name}" not in kept
    ]
    assert not forgotten, "Let app/privacy/purging.py delete the rows, or blanking.py the column:\n" + "\n".join(
        forgotten
    )


def test_a_change_of_an_event_keeps_no_personal_column_beside_the_table():
    for name, columns in journal.WATCHED.items():
        table = journal.table(name)
        assert not [column for column in columns if table.c[column].info.get("personal")], name


@pytest.mark.full
def test_who_drove_is_forgotten_a_year_after_the_event_and_not_a_day_before(store):
    at = factories.event(starts_at=NOW - timedelta(days=1), ends_at=NOW)
    firm = {"firm": "Ақжол", "firm_email": "bus@torangy.example"}
    bus = saved(Bus(event_id=at.id, name="1", seats=40, driver="Серік", driver_phone="77010000000", **firm))
    assert "drivers" not in purge(store=store, now=NOW + timedelta(days=365))
    told = purge(store=store, now=NOW + timedelta(days=366))
    assert (told["drivers"], told["bus_firms"]) == (2, 2)
    assert (bus.driver, bus.driver_phone, bus.firm, bus.firm_email, bus.name) == ("", "", "", "", "1")


def test_why_a_mark_was_changed_and_on_whose_phone_is_forgotten_after_a_year(store):
    at = factories.event()
    place = factories.place(at, factories.employee())
    values = {"event_id": at.id, "place_id": place.id, "device": "Айгүл", "reason": "Шатасып кетті"}
    old, recent = (
        saved(AttendanceEntry(id=new_id(), kind=kind, at=day, recorded_at=day, **values))
        for kind, day in (("check_in", NOW - timedelta(days=366)), ("check_out", NOW - timedelta(days=364)))
    )
    purge(store=store, now=NOW)
    assert (old.device, old.reason, recent.device, recent.reason) == ("", "", "Айгүл", "Шатасып кетті")


def test_reasons_and_changed_values_are_kept_for_three_years_as_evidence(store):
    at, old = factories.event(), NOW - timedelta(days=3 * 365 + 1)
    for made_at in (old, NOW - timedelta(days=3 * 365 - 1)):
        saved(Override(event_id=at.id, line="ratio", reason="Екі ата-ана бар", made_at=made_at))
        with transaction():
            record(Actor(), "change_event", at, now=made_at, changes={"title": ("Ескі", "Жаңа")})
    assert {name: n for name, n in purge(store=store, now=NOW).items() if "over" in name or "audit" in name} == {
        "departure_overrides": 1,
        "audit_values": 1,
    }
    assert sorted(row.reason for row in db.session.query(Override)) == ["-", "Екі ата-ана бар"]
    assert db.session.query(AuditValues).count() == 1


def test_names_in_a_follow_up_are_forgotten_a_year_after_it_was_done_and_it_stays_done(store):
    done = {"kind": "possible-duplicate", "owner": "Айгүл", "created_at": factories.LONG_AGO}
    old = saved(Task(key="a", text={"kk": "Дина екеу ме?"}, done_at=NOW - timedelta(days=366), **done))
    open_ = saved(Task(key="b", text={"kk": "Дина екеу ме?"}, **done))
    assert purge(store=store, now=NOW)["follow_ups"] == 2
    assert (old.text, old.owner, old.key) == ({}, "", "a") and open_.owner == "Айгүл" and open_.text
    assert "follow_ups" not in purge(store=store, now=NOW), "again changes nothing"


def test_why_somebody_was_away_is_forgotten_a_year_after(store):
    away, deputy = (factories.account(factories.employee(name)) for name in ("Айгүл", "Сәуле"))
    last = (NOW - timedelta(days=366)).date()
    who = {"from_account_id": away.id, "to_account_id": deputy.id, "created_at": NOW}
    row = saved(Delegation(from_on=last, until_on=last, reason="Емделуде", **who))
    assert purge(store=store, now=NOW)["delegations"] == 1 and row.reason == "-"


def test_a_seasons_file_of_which_nobody_made_drafts_goes_after_a_month(store):
    key = store.save(b"season")
    saved(SeasonImport(file_name="2027.xlsx", file_key=key, started_at=NOW - timedelta(days=31)))
    assert purge(store=store, now=NOW)["season_imports"] == 1
    with pytest.raises(FileNotFoundError):
        store.read(key)
