"""Reports of mail servers: a recorded corpus is read right, each acts once, forged and broken ones do nothing."""

import io
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from app import clock
from app.audit.models import AuditEntry
from app.db import db, new_id, transaction
from app.mail.bounces import note_bad_address
from app.mail.models import Mail, Suppression
from app.mail.report_models import Report as ReportRow
from app.mail.report_reading import LONGEST, read_report
from app.mail.reports import reports_of, take_report
from app.mail.verp import mail_id_in, return_path
from app.people.models import Person
from app.tasks.models import Task
from tests import factories

SHAPES = sorted(Path(__file__).with_name("reports").glob("*.eml"))
NOW = clock.now()
LogIn = Callable[[Person], FlaskClient]


def shape(name: str, mail_id: str) -> bytes:
    """One recorded report, about this letter."""
    (path,) = [path for path in SHAPES if path.name.startswith(f"{name}.")]
    return about(path.read_bytes(), mail_id)


def about(raw: bytes, mail_id: str) -> bytes:
    return raw.replace(b"{id}", mail_id.encode()).replace(b"{ID}", mail_id.upper().encode())


def letter(key: str = "k", *, recipient: str = "dina@mail.ru", **more: Any) -> Mail:
    values: dict[str, Any] = {"template": "reminders/reminder", "language": "kk", "context": {}, "created_at": NOW}
    values |= {"not_before": NOW, "due_at": NOW, "status": "sent", "sent_at": NOW, "recipient_name": "Дина"}
    return factories.saved(Mail(key=key, recipient=recipient, **(values | more)))


def reasons() -> set[tuple[str, str, str]]:
    db.session.rollback()
    return {(row.address, row.reason, row.kind) for row in db.session.query(Suppression)}


@pytest.mark.parametrize("path", SHAPES, ids=lambda path: path.name)
def test_each_recorded_shape_is_read(path: Path) -> None:
    kind, *status = path.name.split(".")[1:-1]
    mail_id = new_id()
    report = read_report(about(path.read_bytes(), mail_id))
    assert (report.kind, report.words) == (kind, report.words or "?")
    assert report.mail_id == mail_id or kind == "none"
    if status:
        assert report.status == status[0].replace("-", ".")


def test_there_are_twenty_shapes_and_all_are_read_fast_without_a_wrong_letter() -> None:
    assert len(SHAPES) >= 20
    ids = {new_id(): path for path in SHAPES for _ in range(10)}
    letters = {mail_id: about(path.read_bytes(), mail_id) for mail_id, path in ids.items()}
    begun = time.process_time()
    found = {mail_id: read_report(raw) for mail_id, raw in letters.items()}
    seconds = time.process_time() - begun
    assert all(report.mail_id in (mail_id, None) for mail_id, report in found.items())
    assert len(found) / seconds > 300


@given(st.binary(max_size=600), st.sampled_from(SHAPES), st.integers(0, 3000), st.integers(0, 400))
@settings(max_examples=150, deadline=None)
@pytest.mark.full
def test_nothing_that_somebody_writes_raises(noise: bytes, path: Path, at: int, length: int) -> None:
    raw = path.read_bytes()
    read_report(raw[:at] + noise + raw[at + length :])
    read_report(noise)


@pytest.mark.full
def test_what_is_too_long_or_nested_too_deep_is_left(app: Flask) -> None:
    assert take_report(b"To: a@b\n\n" + b"x" * LONGEST, now=NOW) == "nothing done: longer than 2 MB"
    nested = b"".join(b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (n, n) for n in range(3000))
    assert "nothing done" in take_report(nested, now=NOW)


@given(st.text(alphabet="bcdfghjkmnpqrstvwxz23456789", min_size=16, max_size=16))
def test_a_return_path_says_its_letter_however_its_case_was_changed(mail_id: str) -> None:
    path = return_path(mail_id, "bounces@example.kz")
    assert path == f"bounces+{mail_id}@example.kz" and len(path.partition("@")[0]) <= 64
    assert mail_id_in(path) == mail_id_in(f"<{path.upper()}>") == mail_id


@pytest.mark.parametrize("address", ["bounces@example.kz", "bounces+@example.kz", "a+aeiou67890123456@b.kz", "", "+@"])
def test_an_address_without_a_letter_names_none(address: str) -> None:
    assert mail_id_in(address) is None


def test_a_bounce_marks_the_address_once_and_asks_the_coordinator(app: Flask) -> None:
    nurlan = factories.employee(email="dina@mail.ru")
    mail = letter(person_id=nurlan.id)
    raw = shape("postfix-unknown-user", mail.id)
    assert take_report(raw, now=NOW) == f"bounced: letter {mail.id}"
    assert reasons() == {("dina@mail.ru", "bounced", "")}
    task = db.session.query(Task).one()
    assert (task.city, task.person_id, "dina@mail.ru" in task.text["ru"]) == ("balkhash", nurlan.id, True)
    with transaction():
        db.session.query(Task).one().done_at = NOW
    assert take_report(raw.replace(b"10:11:12", b"10:11:13"), now=NOW) == "nothing done: reported before"
    db.session.rollback()
    assert db.session.query(Task).one().done_at is not None
    (row,) = reports_of(mail.id)
    assert (row.kind, row.status) == ("bounced", "5.1.1") and "user not found" in row.words


def test_who_unsubscribed_and_then_bounced_is_both(app: Flask) -> None:
    mail = letter()
    factories.saved(Suppression(address="dina@mail.ru", reason="unsubscribed", kind="reminder", since=NOW))
    take_report(shape("postfix-unknown-user", mail.id), now=NOW)
    assert reasons() == {("dina@mail.ru", "bounced", ""), ("dina@mail.ru", "unsubscribed", "reminder")}


def test_three_soft_bounces_in_fourteen_days_are_one_bounce(app: Flask) -> None:
    letters = [letter(f"k{number}") for number in range(4)]
    for number, days in ((0, 0), (1, 13), (2, 15)):
        take_report(shape("gmail-over-quota", letters[number].id), now=NOW + timedelta(days=days))
        take_report(shape("gmail-over-quota", letters[number].id), now=NOW + timedelta(days=days))
    assert reasons() == set()
    take_report(shape("postfix-expired", letters[3].id), now=NOW + timedelta(days=16))
    assert reasons() == {("dina@mail.ru", "bounced", "")}


@pytest.mark.parametrize("name", ["postfix-delayed", "gmail-unauthenticated", "mailru-spam", "sender-rejected"])
def test_what_is_late_or_about_ourselves_marks_nobody(app: Flask, name: str) -> None:
    for number in range(4):
        take_report(shape(name, letter(f"k{number}").id), now=NOW)
    assert reasons() == set() and db.session.query(Task).count() == 0
    assert db.session.query(ReportRow).count() == 4


def test_a_complaint_stops_what_is_optional_and_asks_for_a_word(app: Flask) -> None:
    mail = letter(event_id=factories.event().id)
    assert take_report(shape("arf-abuse", mail.id), now=NOW) == f"complaint: letter {mail.id}"
    assert reasons() == {("dina@mail.ru", "complained", "")}
    assert "spam" in db.session.query(Task).one().text["en"]


def test_a_forged_report_does_nothing(app: Flask) -> None:
    waiting = letter("waiting", status="queued", sent_at=None)
    forgotten = letter("forgotten", recipient="")
    for mail_id in (new_id(), waiting.id, forgotten.id):
        assert take_report(shape("postfix-unknown-user", mail_id), now=NOW) == ("nothing done: names no letter of ours")
    named_only = shape("postfix-unknown-user", "x").replace(b"bounces+x@", b"bounces@")
    assert "nothing done" in take_report(named_only, now=NOW)
    assert reasons() == set() and db.session.query(ReportRow).count() == 0


def test_a_letter_sent_again_may_come_back_again(app: Flask) -> None:
    mail = letter()
    raw = shape("postfix-unknown-user", mail.id)
    take_report(raw, now=NOW)
    with transaction() as session:
        session.query(Suppression).delete()
        session.get_one(Mail, mail.id).sent_at = NOW + timedelta(hours=1)
    assert take_report(raw, now=NOW + timedelta(hours=2)) == f"bounced: letter {mail.id}"
    assert reasons() == {("dina@mail.ru", "bounced", "")}


def test_reports_come_through_a_pipe_too(app: Flask) -> None:
    mail = letter()
    raw = shape("postfix-unknown-user", mail.id)
    db.session.remove()

    def piped(content: bytes) -> Result:
        return app.test_cli_runner().invoke(args=["mail", "bounce"], input=io.BytesIO(content))

    assert piped(raw).output.strip() == f"bounced: letter {mail.id}"
    assert (piped(raw).exit_code, piped(b"\xff\x00").exit_code) == (0, 0)
    assert "2 MB" in piped(b"x" * (LONGEST + 5)).output
    assert reasons() == {("dina@mail.ru", "bounced", "")}


@pytest.mark.full
def test_the_page_of_a_person_says_that_letters_come_back_and_lets_the_coordinator_trust_the_address(
    app: Flask, log_in: LogIn
) -> None:
    nurlan = factories.employee(email="dina@mail.ru")
    mail = letter(person_id=nurlan.id)
    take_report(shape("postfix-unknown-user", mail.id), now=NOW)
    page, trial = f"/people/{nurlan.id}", f"/people/{nurlan.id}/address-trial"
    aigul, zhan = log_in(factories.coordinator()), log_in(factories.coordinator("zhezkazgan"))
    assert "user not found" in aigul.get(page).text
    assert zhan.post(trial).status_code == 404 and log_in(nurlan).post(trial).status_code == 403
    assert reasons() == {("dina@mail.ru", "bounced", "")}
    for _ in range(2):
        assert aigul.post(trial).status_code == 303
    assert reasons() == set()
    assert "user not found" not in aigul.get(page).text
    assert db.session.query(AuditEntry).filter_by(verb="lift_suppression").count() == 1


def test_trusting_an_address_keeps_what_its_reader_does_not_want(app: Flask, log_in: LogIn) -> None:
    nurlan = factories.employee(email="dina@mail.ru")
    factories.saved(Suppression(address="dina@mail.ru", reason="unsubscribed", kind="", since=NOW))
    note_bad_address(letter(person_id=nurlan.id).id, now=NOW)
    log_in(factories.coordinator()).post(f"/people/{nurlan.id}/address-trial")
    assert reasons() == {("dina@mail.ru", "unsubscribed", "")}
