"""Coordinators see who has answered, record papers with their scan, and print the register."""

import io
from datetime import timedelta

import pytest
from flask import Flask

from app import clock
from app.audit.models import AuditEntry
from app.consents import scans
from app.consents.models import Consent
from app.consents.queries import missing_for
from app.db import db
from app.people.queries import guardians_of
from app.signups.models import Place
from tests import factories

PDF = b"%PDF-1.7 signed"


@pytest.fixture
def place(app: Flask) -> Place:
    factories.consent_texts()
    event = factories.event(audience="families")
    due = clock.now() + timedelta(days=3)
    return factories.place(event, factories.child(factories.employee(email=None)), consent_due_at=due)


@pytest.fixture
def aigul(place: Place, log_in):
    return log_in(factories.coordinator(language="en"))


def guardian_of(place: Place) -> str:
    return str(guardians_of(place.person_id)[0].id)


def paper(place: Place, content: bytes = PDF, **fields: str) -> dict[str, object]:
    said = {"guardian_id": guardian_of(place), "language": "ru", "participation": "yes", **fields}
    return said | {"scan": (io.BytesIO(content), "scan.exe")}


def test_the_list_names_who_is_missing_and_how_to_reach_the_guardian(place, aigul):
    page = aigul.get(f"/events/{place.event_id}/consents").text
    assert "Сейітқали Дина" in page
    assert "no e-mail: give them the paper form" in page
    factories.consent(place.event, place.person, db.session.get(type(place.person), guardian_of(place)))
    assert "Сейітқали Дина" not in aigul.get(f"/events/{place.event_id}/consents?open=1").text


def test_a_signed_paper_is_recorded_with_its_scan_and_who_did(place, aigul):
    answer = aigul.post(f"/places/{place.id}/consent/paper", data=paper(place))
    assert answer.status_code == 303
    row = db.session.query(Consent).one()
    assert (row.channel, row.language, row.is_yes, row.recorded_by_id is not None) == ("paper", "ru", True, True)
    assert not missing_for(place.event, place.person_id)
    assert db.session.get(Place, place.id).consent_due_at is None
    scan = aigul.get(f"/consents/{row.id}/scan")
    assert (scan.data, scan.mimetype) == (PDF, "application/pdf")
    assert scan.headers["Content-Disposition"].startswith("attachment")
    assert db.session.query(AuditEntry).filter_by(verb="view_consent_scan", object_id=row.id).count() == 1


@pytest.mark.parametrize(
    "content",
    [b"", b"MZ a program", b"<svg onload=alert(1)>", PDF + b"0" * 100],
    ids=["none", "exe", "svg", "huge"],
)
def test_what_is_no_scan_is_refused_whatever_it_is_called(place, aigul, content, monkeypatch):
    monkeypatch.setattr(scans, "LARGEST", 50)
    assert aigul.post(f"/places/{place.id}/consent/paper", data=paper(place, content)).status_code == 422
    assert db.session.query(Consent).count() == 0


def test_nobody_elses_name_counts_on_paper(place, aigul):
    stan = factories.employee("Стан", "Стэн")
    assert aigul.post(f"/places/{place.id}/consent/paper", data=paper(place, guardian_id=stan.id)).status_code == 422
    assert aigul.post(f"/places/{place.id}/consent/paper", data=paper(place, participation="")).status_code == 422


def test_a_refused_paper_leaves_no_file(place, aigul, app):
    uploads = app.config["TORANGY"].instance / "uploads"
    before = set(uploads.glob("*")) if uploads.exists() else set()
    aigul.post(f"/places/{place.id}/consent/paper", data=paper(place, guardian_id="nobody"))
    assert (set(uploads.glob("*")) if uploads.exists() else set()) == before


def test_another_citys_coordinator_sees_neither_list_nor_scan(place, aigul, log_in):
    aigul.post(f"/places/{place.id}/consent/paper", data=paper(place))
    row = db.session.query(Consent).one()
    zhan = log_in(factories.coordinator("zhezkazgan"))
    assert zhan.get(f"/events/{place.event_id}/consents").status_code == 403
    assert zhan.get(f"/consents/{row.id}/scan").status_code == 404
    assert zhan.get(f"/places/{place.id}/consent/paper").status_code == 404


def test_the_paper_form_is_in_the_chosen_language(place, aigul):
    page = aigul.get(f"/places/{place.id}/consent/form?language=kk").text
    assert "Мен баланың заңды өкілімін" in page
    assert "Я законный представитель" in aigul.get(f"/places/{place.id}/consent/form?language=ru").text


def test_the_register_keeps_what_was_taken_back_and_says_which_version_in_which_language(place, aigul):
    person = db.session.get(type(place.person), guardian_of(place))
    at = factories.LONG_AGO.replace(hour=20)
    factories.consent(
        place.event, place.person, person, given_at=at, language="ru", revoked_at=at + timedelta(days=1),
        revoked_by_person_id=person.id,
    )  # fmt: skip
    page = aigul.get(f"/events/{place.event_id}/consents/register").text
    assert "02.01.2026 01:00" in page, "in the event's zone, where it was tomorrow already"
    assert "Taken back 03.01.2026 01:00" in page
    assert "Русский" in page
    sheet = aigul.get(f"/events/{place.event_id}/consents/register.csv").data.decode("utf-8-sig")
    line = sheet.splitlines()[1].split(";")
    assert line[0] == place.person.full_name
    assert (line[3], line[4], line[7], line[8]) == ("yes", person.full_name, "1", "ru")
    assert "03.01.2026 01:00" in line
