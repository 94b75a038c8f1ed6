"""Rules by program: rotation calendars, warnings that are waved, appeals; each with its stable type."""

import io
from datetime import UTC, date, datetime, timedelta

import pytest

from app.attendance.models import AttendanceEntry
from app.db import db
from app.people.models import WorkStretch
from app.signups.models import Place
from tests import factories

pytestmark = pytest.mark.usefixtures("app")


def send(program, *rows: str, query: str = ""):
    content = "\n".join(["Personnel number;From;To", *rows]).encode()
    words = {"file": (io.BytesIO(content), "rotations.csv")}
    return program.post(f"/people/rotations{query}", data=words, content_type="multipart/form-data")


def test_a_calendar_is_tried_read_and_read_again(program):
    nurlan, aigul = factories.employee(), program(factories.coordinator(language="en"))
    rows = (f"{nurlan.personnel_number};16.05.2030;31.05.2030", "nobody;16.05.2030;31.05.2030")
    tried = send(aigul, *rows, query="?dry_run=1")
    assert (tried.status_code, tried.json["created"], db.session.query(WorkStretch).count()) == (200, 1, 0)
    done, again = send(aigul, *rows), send(aigul, *rows)
    why = "No employee of your cities has the personnel number NOBODY."
    refused = [{"row": 3, "field": "personnel_number", "why": why}]
    assert done.json == {"created": 1, "updated": 0, "unchanged": 0, "refused": refused}
    assert again.json == {"created": 0, "updated": 0, "unchanged": 1, "refused": refused}


def test_no_calendar_without_the_role_or_without_its_columns(program, stranger):
    assert send(stranger).status_code == 401
    assert send(program(factories.employee())).status_code == 403
    assert program(factories.coordinator()).post("/people/rotations").status_code == 422
    wrong = {"file": (io.BytesIO(b"a;b\n1;2"), "r.csv")}
    answer = program(factories.coordinator()).post("/people/rotations", data=wrong, content_type="multipart/form-data")
    assert (answer.status_code, answer.json["type"]) == (422, "column-missing")


def test_a_shift_worker_is_warned_by_type_and_goes_on_knowingly(program):
    nurlan, event = factories.employee(), factories.event()
    days = {"starts_on": date(2030, 5, 10), "ends_on": date(2030, 5, 24)}
    factories.saved(WorkStretch(person_id=nurlan.id, created_at=factories.LONG_AGO, **days))
    caller, body = program(nurlan), {"participant_ids": [nurlan.id]}
    refused = caller.post(f"/events/{event.id}/signups", json=body)
    assert (refused.status_code, refused.json["type"]) == (409, "on-shift")
    assert "10.05–24.05.2030" in refused.json["detail"]
    assert caller.post(f"/events/{event.id}/signups", json=body | {"despite": ["age"]}).status_code == 422
    assert caller.post(f"/events/{event.id}/signups", json=body | {"despite": ["on-shift"]}).status_code == 201


def test_an_appeal_is_written_and_answered(program):
    nurlan, omarova = factories.employee(), factories.coordinator()
    event = factories.event(no_show_limit=1)
    begun = datetime.now(UTC) - timedelta(days=5)
    before = factories.event(starts_at=begun, signup_opens_at=None)
    place = factories.place(before, nurlan)
    mark = {"event_id": before.id, "place_id": place.id, "at": begun, "recorded_at": begun}
    factories.saved(AttendanceEntry(id="x" * 36, kind="absent", **mark))
    factories.closed_day(before)
    caller, aigul = program(nurlan), program(omarova)
    refused = caller.post(f"/events/{event.id}/signups", json={"participant_ids": [nurlan.id]})
    assert (refused.status_code, refused.json["type"]) == (409, "no-shows")
    appeal = caller.post(f"/events/{event.id}/appeals", json={"text": "I was ill."})
    assert (appeal.status_code, appeal.json["person_id"], appeal.json["done_at"]) == (201, nurlan.id, None)
    assert caller.post(f"/events/{event.id}/appeals", json={"text": "Again"}).json["type"] == "appeal-made"
    assert caller.post(f"/appeals/{appeal.json['id']}/acceptance").status_code == 403
    accepted = aigul.post(f"/appeals/{appeal.json['id']}/acceptance")
    assert (accepted.status_code, accepted.json["status"]) == (201, "confirmed")
    assert aigul.post(f"/appeals/{appeal.json['id']}/refusal").json["type"] == "appeal-answered"
    assert db.session.query(Place).filter_by(event_id=event.id).count() == 1
