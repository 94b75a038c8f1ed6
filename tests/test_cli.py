"""The commands: each does its one thing, says so in a line, and refuses with exit code 2."""

import tarfile
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from app import cli, clock
from app.access.models import FailedLogin
from app.access.tokens import actor_of_token
from app.accounts.models import Account
from app.db import db, transaction
from app.events.models import Event
from app.people.models import MedicalNote, Person
from tests import factories

Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask) -> Run:
    """Runs `flask WORDS`; what the test holds is committed, so that the command sees it."""

    def _run(*words: object) -> Result:
        db.session.remove()
        return app.test_cli_runner().invoke(args=[str(word) for word in words])

    return _run


def serving(app: Flask, monkeypatch: pytest.MonkeyPatch, **settings: object) -> list[list[str]]:
    """Catches the server's command line instead of running it, under changed settings."""
    started: list[list[str]] = []
    monkeypatch.setattr(cli, "_become", started.append)
    monkeypatch.setitem(app.config, "TORANGY", replace(app.config["TORANGY"], **settings))
    return started


def test_prepare_is_harmless_again(run: Run):
    for _ in range(2):
        assert run("prepare").output.startswith("Database ready")


def test_serve_answers_on_this_machine_alone_when_the_address_is_local(run: Run, app: Flask, monkeypatch):
    started = serving(app, monkeypatch)
    assert run("serve").exit_code == 0
    (command,) = started
    assert command[command.index("--host") + 1] == "127.0.0.1"
    assert "--respawn-failed-workers" in command


def test_serve_answers_the_world_under_a_real_address(run: Run, app: Flask, monkeypatch):
    started = serving(app, monkeypatch, base_url="https://events.example.kz")
    assert run("serve").exit_code == 0
    assert started[0][started[0].index("--host") + 1] == "0.0.0.0"


def test_serve_refuses_demo_logins_for_the_world(run: Run, app: Flask, monkeypatch):
    started = serving(app, monkeypatch, base_url="https://events.example.kz")
    account = factories.account(factories.employee())
    with transaction():
        account.is_demo = True
    result = run("serve")
    assert (result.exit_code, len(result.output.splitlines()), started) == (2, 1, [])
    assert "demo logins" in result.output


@pytest.mark.parametrize("command", ["serve", "worker", "purge", "demo"])
def test_nothing_runs_on_old_tables(run: Run, app: Flask, monkeypatch, command: str):
    started = serving(app, monkeypatch)
    monkeypatch.setattr(cli, "is_schema_behind", lambda: True)
    result = run(command)
    assert (result.exit_code, started) == (2, [])
    assert "flask prepare" in result.output


def test_an_account_is_opened_with_a_link_and_a_token_printed_alone(run: Run):
    factories.city()
    made = run("accounts", "create", "new@torangy.example", "--role", "coordinator", "--city", "balkhash")
    assert "/activation/" in made.output
    token = run("tokens", "create", "new@torangy.example").output
    actor = actor_of_token(token.strip(), now=clock.now())
    assert actor is not None and actor.holds("coordinator", city="balkhash")
    assert not actor.holds("coordinator", city="zhezkazgan")


@pytest.mark.full
def test_an_account_with_a_password_can_log_in_at_once(run: Run):
    words = ["accounts", "create", "root@torangy.example", "--role", "admin", "--password", "seven yellow boats"]
    assert run(*words).exit_code == 0
    assert db.session.query(Account).one().is_active


def test_nonsense_is_one_line_and_exit_code_2(run: Run):
    for words in (
        ("accounts", "create", "nonsense", "--role", "admin"),
        ("accounts", "create", "a@b.kz", "--role", "coordinator", "--city", "atlantis"),
        ("accounts", "create", "a@b.kz", "--role", "admin", "--password", "short"),
        ("tokens", "create", "nobody@torangy.example"),
    ):
        result = run(*words)
        assert (result.exit_code, len(result.output.splitlines())) == (2, 1), words
    assert db.session.query(Account).count() == 0


def test_the_doctor_finds_seats_that_are_counted_wrongly(run: Run, app: Flask, monkeypatch, sink):
    serving(app, monkeypatch, mail_port=sink.port)
    event = factories.event()
    assert "seats: counted right" in run("doctor").output
    with transaction() as session:
        session.get_one(Event, event.id).seats_taken = 3
    result = run("doctor")
    assert result.exit_code == 1
    assert f"LOOK  seats: 1 events count wrongly: {event.id}" in result.output


@pytest.mark.full
def test_a_backup_brings_everything_back(run: Run, app: Flask, tmp_path: Path):
    uploads = app.config["TORANGY"].instance / "uploads"
    uploads.mkdir(exist_ok=True)
    (uploads / "abc").write_bytes(b"photo")
    factories.employee()
    file = tmp_path / "backup.tar.gz"
    assert run("backup", file).exit_code == 0
    with tarfile.open(file) as archive:
        assert "secret_key" not in " ".join(archive.getnames())
    factories.employee("Дана")
    (uploads / "abc").unlink()
    refused = run("restore", file)
    assert (refused.exit_code, "--force" in refused.output) == (2, True)
    assert run("restore", file, "--force").exit_code == 0
    assert db.session.query(Person).count() == 1
    assert (uploads / "abc").read_bytes() == b"photo"


def test_what_is_no_backup_is_refused(run: Run, tmp_path: Path):
    file = tmp_path / "notes.txt"
    file.write_text("nothing")
    result = run("restore", file)
    assert (result.exit_code, len(result.output.splitlines())) == (2, 1)


def test_purge_removes_what_is_past_its_term_and_nothing_else(run: Run):
    now = clock.now()
    old, kept = factories.employee(), factories.employee("Дана")
    with transaction() as session:
        session.add_all(
            FailedLogin(login="x", address="y", at=now - age) for age in (timedelta(hours=1), timedelta(days=2))
        )
        session.add(MedicalNote(person_id=old.id, text="pollen", keep=False, updated_at=now - timedelta(days=30)))
        session.add(MedicalNote(person_id=kept.id, text="nuts", keep=True, updated_at=now - timedelta(days=30)))
    assert run("purge").output.strip() == "failed_logins: 1, medical_notes: 1"
    assert run("purge").output.strip() == "Nothing was past its term."
    assert db.session.query(MedicalNote).one().person_id == kept.id


def test_a_health_note_stays_until_two_weeks_after_the_return(run: Run):
    now, nurlan = clock.now(), factories.employee()
    factories.place(factories.event(starts_at=now - timedelta(days=10)), nurlan)
    with transaction() as session:
        session.add(MedicalNote(person_id=nurlan.id, text="pollen", keep=False, updated_at=now - timedelta(days=30)))
    run("purge")
    assert db.session.query(MedicalNote).count() == 1


def test_a_file_of_employees_is_read_and_its_refusals_named(run: Run, tmp_path: Path):
    factories.city()
    file = tmp_path / "people.csv"
    file.write_text("Табельный номер;Фамилия;Имя\n100001;Сейітқали;Нұрлан\n100002;;Дана\n", encoding="utf-8-sig")
    tried = run("import-people", file, "--city", "balkhash", "--dry-run")
    assert "1 new" in tried.output and "nothing was changed" in tried.output
    lines = run("import-people", file, "--city", "balkhash").output.splitlines()
    assert lines[0].startswith("row 3, surname:")
    assert lines[-1].startswith("1 new, 0 changed, 0 as before, 0 left, 1 refused")
    for words in (("--city", "atlantis"), ("--institution", "atlantis")):
        assert run("import-people", file, *words).exit_code == 2
