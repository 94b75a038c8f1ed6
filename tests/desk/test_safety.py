"""Briefings with signatures, and incidents that only coordinators and safety officers read."""

import base64
import io
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select, text

from app.accounts.actor import COORDINATOR, HELPER, SAFETY_OFFICER, Actor, Scope
from app.attendance.entry_ids import new_entry_id
from app.attendance.incident_models import Incident, IncidentPhoto
from app.attendance.log_models import DeskOperation
from app.audit.models import AuditEntry, AuditValues
from app.consents.briefing_models import Briefing, BriefingSignature
from app.db import db, transaction
from app.desk.departure.departing import record_briefing
from app.desk.departure.queries import board_of
from app.desk.log.feed import changes_since
from app.desk.log.giving import Giver, facts_of
from app.desk.log.taking import Answer, take
from app.desk.roster.policy import desk_powers
from app.desk.safety.incidents import IncidentGone, incident_of, photo_of, report_incident, withdraw_incident
from app.desk.safety.photos import LARGEST, PhotoTooLarge, PhotoUnfit, drawn_anew
from app.desk.safety.queries import incidents_of, signed_of_event
from app.desk.safety.routes import drawn
from app.errors import Invalid, NotAllowed, NotFound
from app.events.models import Event
from app.files import FileStore
from app.people.models import Person
from app.privacy.purging import purge
from app.rosters.models import Group
from app.signups.models import Place
from tests import factories

AT = factories.SATURDAY
NOW = AT + timedelta(hours=1)
SAFETY = Actor(name="Сақ Саят", scopes=(Scope(SAFETY_OFFICER, city="balkhash"),))
AIGUL = Actor(scopes=(Scope(COORDINATOR, city="balkhash"),))
ZHAN = Actor(scopes=(Scope(COORDINATOR, city="zhezkazgan"),))
STROKES = [[10, 10, 30, 40, 60, 12], [70, 20, 71, 20]]
LogIn = Callable[[Person], FlaskClient]


@pytest.fixture
def event(app: Flask) -> Event:
    return factories.event(site=factories.site(hazard_class="high", kind="smelter"))


@pytest.fixture
def nurlan(event: Event) -> Place:
    return factories.place(event, factories.employee())


def send(event: Event, actor: Actor, *operations: dict[str, Any]) -> Answer:
    giver = Giver(actor, desk_powers(actor, event), device="1")
    return take(
        facts_of(event), [{"at": AT.isoformat(), **one} for one in operations], sent_at=None, giver=giver, now=NOW
    )


def briefing(group_id: str = "", **said: Any) -> dict[str, Any]:
    told = {"version": "2", "language": "ru", "instructor": "Саят", "text": "Helmets on"}
    return {"id": str(uuid4()), "kind": "briefing", "subject": {"group_id": group_id}, **told, **said}


def signature(place: Place, **said: Any) -> dict[str, Any]:
    about = {"subject": {"place_id": place.id}, "version": "2", "language": "ru", "strokes": STROKES}
    return {"id": str(uuid4()), "kind": "briefing_signature", **about, **said}


def incident(**said: Any) -> dict[str, Any]:
    return {"id": str(uuid4()), "kind": "incident", "text": "Slipped on the rail", **said}


def report(event: Event, actor: Actor = SAFETY, **said: Any) -> str:
    usual: dict[str, Any] = {
        "incident_id": new_entry_id(), "near_miss": False, "at": AT, "where": "Gate 2", "people": [],
        "text": "Slipped on the rail", "action": "Cold pack", "guardian_told_at": None, "now": NOW, "actor": actor,
    }  # fmt: skip
    return report_incident(event, **usual | said)


def picture(size: tuple[int, int] = (40, 30), **saved: Any) -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", size, "red").save(kept, **({"format": "JPEG"} | saved))
    return kept.getvalue()


def states_of_board(event: Event) -> dict[str, str]:
    return {line.key: line.state for line in board_of(event, now=NOW).lines}


class TestBriefings:
    def test_one_from_a_phone_stands_in_the_journal_with_all_its_fields(self, event, nurlan):
        group = factories.saved(Group(event_id=event.id, name="1"))
        everybody, one_group = briefing(), briefing(group.id, version="3")
        assert send(event, SAFETY, everybody, one_group).refused == []
        rows = {row.group_id: row for row in db.session.scalars(select(Briefing))}
        row = rows[None]
        assert (row.version, row.language, row.instructor, row.text) == ("2", "ru", "Саят", "Helmets on")
        assert (row.site_id, row.hazard_class, row.given_at) == (event.site_id, "high", AT)
        assert rows[group.id].version == "3"
        send(event, SAFETY, {"id": str(uuid4()), "kind": "undo", "operation_id": one_group["id"]})
        assert [row.group_id for row in db.session.scalars(select(Briefing))] == [None]
        verbs = db.session.scalars(select(AuditEntry.verb).where(AuditEntry.event_id == event.id)).all()
        assert sorted(verbs) == ["record_briefing", "record_briefing", "withdraw_briefing"]

    def test_one_on_a_page_reaches_the_phones(self, event, nurlan):
        record_briefing(event, text="Helmets on", version="7", language="ru", now=NOW, actor=SAFETY)
        [row] = changes_since(event.id, "").rows
        assert (row.kind, row.key, row.body["version"], row.body["instructor"]) == ("briefing", "g:-", "7", "Сақ Саят")

    @pytest.mark.parametrize("field", ["version", "instructor", "text"])
    def test_what_the_journal_asks_for_is_needed(self, event, field):
        assert [one.why for one in send(event, SAFETY, briefing(**{field: " "})).refused] == ["malformed"]
        with pytest.raises(Invalid):
            record_briefing(event, text="x", version="v" * 21, now=NOW, actor=SAFETY)

    def test_a_helper_briefs_nobody(self, event):
        helper = Actor(scopes=(Scope(HELPER, event_id=event.id),))
        assert [one.why for one in send(event, helper, briefing()).refused] == ["not-allowed"]

    def test_the_board_asks_for_signatures_where_it_is_very_dangerous(self, event, nurlan):
        assert states_of_board(event)["briefings"] == "red"
        send(event, SAFETY, briefing())
        assert states_of_board(event)["briefings"] == "amber"
        send(event, SAFETY, signature(nurlan))
        assert states_of_board(event)["briefings"] == "green"


class TestSignatures:
    def test_a_signature_comes_back_as_it_was_drawn_and_is_sealed_in_the_database(self, event, nurlan):
        send(event, SAFETY, briefing(), signature(nurlan))
        row = db.session.scalars(select(BriefingSignature)).one()
        assert json.loads(row.strokes) == STROKES and (row.version, row.signed_at) == ("2", AT)
        assert drawn(row) == ("2 2 77 46", ["10,10 30,40 60,12", "70,20 71,20"])
        for table, column in (("briefing_signatures", "strokes"), ("desk_operations", "secret")):
            stored = db.session.execute(text(f"SELECT {column} FROM {table} WHERE {column} IS NOT NULL")).scalars()
            assert all("30" not in one[:2] and "[" not in one for one in stored)
        assert "strokes" not in str([dict(one.body) for one in changes_since(event.id, "").rows])

    def test_once_for_each_version_whatever_phones_say_and_taken_back_it_is_gone(self, event, nurlan):
        first, second = signature(nurlan), signature(nurlan)
        send(event, SAFETY, first, second, signature(nurlan, version="3"))
        stands = {row.version: row.id for row in db.session.scalars(select(BriefingSignature))}
        assert stands["2"] == min(first["id"], second["id"]) and set(stands) == {"2", "3"}
        send(event, SAFETY, {"id": str(uuid4()), "kind": "undo", "operation_id": stands["2"]})
        stands = {row.version: row.id for row in db.session.scalars(select(BriefingSignature))}
        assert stands["2"] == max(first["id"], second["id"])

    def test_who_signed_an_older_version_has_to_sign_again(self, event, nurlan):
        send(event, SAFETY, briefing(), signature(nurlan))
        assert signed_of_event(event)[0].signature
        send(event, SAFETY, briefing(version="3", at=NOW.isoformat()))
        [person] = signed_of_event(event)
        assert person.signature is None and person.older

    @pytest.mark.parametrize(
        "strokes", [None, [], [[1]], [[1, 2]], [[1, 2, 3]], [[1, 2, 3, "4"]], [[1, 2, 3, -4]], "x"]
    )
    def test_nonsense_is_no_signature(self, event, nurlan, strokes):
        assert [one.why for one in send(event, SAFETY, signature(nurlan, strokes=strokes)).refused] == ["malformed"]


class TestIncidents:
    def test_one_is_written_down_with_everything_and_corrected_by_a_new_one(self, event, nurlan):
        told_at = AT + timedelta(minutes=20)
        stranger = factories.place(factories.event(site=event.site), factories.employee())
        first = report(event, people=[nurlan.id, stranger.id], guardian_told_at=told_at, photos=[picture()])
        second = report(event, near_miss=True, corrects=first)
        by_id = {one.row.id: one for one in incidents_of(event)}
        row = by_id[first].row
        assert (row.kind, row.where, row.text, row.action) == ("incident", "Gate 2", "Slipped on the rail", "Cold pack")
        assert (row.guardian_told_at, list(by_id[first].people)) == (told_at, ["Сейітқали Нұрлан"])
        assert by_id[first].corrected_by == second and by_id[second].row.kind == "near_miss"
        assert Image.open(io.BytesIO(photo_of(event, row.photos[0]))).size == (40, 30)
        assert report(event, incident_id=first) == first and len(incidents_of(event)) == 2

    def test_one_that_was_none_is_struck_out_and_stays(self, event):
        found = incident_of(event, report(event))
        withdraw_incident(event, found, entry_id=new_entry_id(), now=NOW, actor=AIGUL)
        assert incident_of(event, found.id).undone_at == NOW
        with pytest.raises(IncidentGone):
            withdraw_incident(event, found, entry_id=new_entry_id(), now=NOW, actor=AIGUL)

    def test_what_happened_is_needed_and_nothing_lies_ahead(self, event):
        for wrong in ({"text": " "}, {"at": NOW + timedelta(hours=1)}, {"photos": [picture()] * 4}):
            with pytest.raises(Invalid):
                report(event, **wrong)
        with pytest.raises(NotFound):
            report(event, corrects=new_entry_id())
        assert incidents_of(event) == []

    def test_only_coordinators_and_safety_officers_of_the_place_write_on_the_page(self, event):
        helper = Actor(scopes=(Scope(HELPER, event_id=event.id),))
        for actor in (helper, ZHAN, Actor()):
            with pytest.raises(NotAllowed):
                report(event, actor)
        found = incident_of(event, report(event))
        with pytest.raises(NotAllowed):
            withdraw_incident(event, found, entry_id=new_entry_id(), now=NOW, actor=helper)

    def test_a_helper_s_phone_reports_one_after_the_day_too_and_nobody_else_hears_of_it(self, event, nurlan):
        factories.closed_day(event)
        helper = Actor(scopes=(Scope(HELPER, event_id=event.id),))
        packed = base64.b64encode(picture()).decode()
        one = incident(near_miss=True, people=[nurlan.id], photos=[packed, "bm8="])
        assert send(event, helper, one).applied == [one["id"]]
        row = incident_of(event, one["id"])
        assert (row.kind, row.people, len(row.photos)) == ("near_miss", [nurlan.id], 1)
        assert changes_since(event.id, "").rows == []
        assert db.session.scalars(select(DeskOperation)).one().body == {}

    def test_nothing_of_it_can_be_read_in_the_database_or_in_the_log_of_acts(self, event):
        found = report(event, photos=[picture()])
        for table in ("incidents", "desk_operations", "incident_photos"):
            for row in db.session.execute(text(f"SELECT * FROM {table}")):
                assert "Slipped" not in str(row) and "Cold" not in str(row) and "/9j/" not in str(row)
        act = db.session.scalars(select(AuditEntry).where(AuditEntry.object_id == found)).one()
        assert (act.verb, act.person_id, act.fields) == ("report_incident", None, [])
        assert db.session.query(AuditValues).count() == 0

    @pytest.mark.parametrize("wrong", [{"text": ""}, {"people": "x"}, {"photos": [7]}, {"guardian_told_at": "09:00"}])
    def test_what_can_t_be_read_is_refused(self, event, wrong):
        assert [one.why for one in send(event, SAFETY, incident(**wrong)).refused] == ["malformed"]

    @pytest.mark.full
    def test_all_of_it_is_forgotten_after_three_years_and_not_before(self, event, nurlan, tmp_path: Path):
        send(event, SAFETY, briefing(), signature(nurlan))
        report(event, photos=[picture()])
        with transaction():
            event.starts_at, event.ends_at = AT - timedelta(hours=4), AT
        for days, left in ((3 * 365, 1), (3 * 365 + 1, 0)):
            purge(store=FileStore(tmp_path), now=AT + timedelta(days=days))
            for model in (Incident, IncidentPhoto, BriefingSignature):
                assert db.session.query(model).count() == left, model


class TestPhotos:
    def test_place_and_camera_are_gone_and_the_picture_stands_upright_and_smaller(self):
        said = Image.Exif()
        said[0x010F], said[0x0112] = "Camera of Nurlan", 6
        kept = base64.b64decode(drawn_anew(picture((3200, 1000), exif=said)))
        found = Image.open(io.BytesIO(kept))
        assert found.size == (500, 1600) and not found.getexif() and b"Nurlan" not in kept

    def test_what_is_no_picture_or_too_large_is_refused(self):
        for wrong in (b"", b"%PDF-1.7", picture()[:60], picture(format="GIF")):
            with pytest.raises(PhotoUnfit):
                drawn_anew(wrong)
        with pytest.raises(PhotoTooLarge):
            drawn_anew(b"x" * (LARGEST + 1))


@pytest.mark.full
def test_safety_on_its_page(log_in: LogIn, app):
    start = AT.replace(year=2026, month=1, day=10)
    site = factories.site(hazard_class="high")
    event = factories.event(site=site, starts_at=start, ends_at=start + timedelta(hours=4))
    nurlan = factories.place(event, factories.employee())
    aigul = log_in(factories.coordinator(language="en"))
    said = {"text": "Helmets on", "group_id": "", "version": "4", "language": "ru", "instructor": "Саят"}
    assert aigul.post(f"/events/{event.id}/briefings", data=said).status_code == 303
    form = aigul.get(f"/events/{event.id}/incidents").text
    incident_id = form.split('name="incident_id" type="hidden" value="')[1][:36]
    told = {
        "incident_id": incident_id,
        "kind": "near_miss",
        "at": "09:20",
        "text": "The ladder slid",
        "people": [nurlan.id],
    }
    photo = (io.BytesIO(picture()), "a.jpg")
    where = f"/events/{event.id}/incidents"
    assert aigul.post(where, data=told | {"text": ""}).status_code == 422
    assert aigul.post(where, data=told | {"photos": (io.BytesIO(b"no"), "a.jpg")}).status_code == 422
    assert aigul.post(where, data=told | {"photos": photo}).status_code == 303
    page = aigul.get(f"/events/{event.id}/safety")
    assert page.headers["Cache-Control"] == "no-store"
    for words in ("The ladder slid", "Near-miss", "Сейітқали Нұрлан", "version 4", "Саят", "1 person has not signed"):
        assert words in page.text, words
    [id_] = incident_of(event, incident_id).photos
    picture_page = aigul.get(f"/events/{event.id}/incidents/photos/{id_}.jpg")
    assert picture_page.data.startswith(b"\xff\xd8") and picture_page.headers["Cache-Control"] == "no-store"
    assert "The ladder slid" in aigul.get(f"/events/{event.id}/incidents?corrects={incident_id}").text
    gone = {"entry_id": new_entry_id()}
    assert aigul.post(f"/events/{event.id}/incidents/{incident_id}/withdrawal", data=gone).status_code == 303
    assert "Taken back" in aigul.get(f"/events/{event.id}/safety").text


@pytest.mark.full
def test_a_helper_and_another_city_find_it_nowhere(log_in: LogIn, event, nurlan):
    found = report(event, people=[nurlan.id], photos=[picture()])
    helper = factories.employee("Көмек", "Ерлан")
    factories.account(helper, "helper", event_id=event.id)
    [photo] = incident_of(event, found).photos
    own = (
        f"/events/{event.id}/safety",
        f"/events/{event.id}/incidents",
        f"/events/{event.id}/incidents/photos/{photo}.jpg",
    )
    elsewhere = (f"/events/{event.id}/roster", f"/events/{event.id}/roster/{nurlan.id}", f"/events/{event.id}/history",
                 "/search?q=rail", f"/people/{nurlan.person_id}/history")  # fmt: skip
    both = factories.employee("Сақ", "Саят")
    factories.account(both, "helper", event_id=event.id)
    zhan = factories.coordinator("zhezkazgan")
    factories.account(both, "safety_officer", city="zhezkazgan")
    for person in (helper, both, zhan):
        browser = log_in(person)
        assert {browser.get(page).status_code for page in own} <= {403, 404}
        for page in elsewhere:
            answer = browser.get(page).text
            assert "Slipped" not in answer and "Gate 2" not in answer and found not in answer, page
