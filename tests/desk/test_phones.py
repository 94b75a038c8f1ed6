"""Phones that take an event along: who may, what they get, what they hand over sealed, and when it ends."""

import io
import json
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from app import clock
from app.access.pins import pin_tries
from app.access.sessions import actor_from, end_sessions_of
from app.access.tries import count_try
from app.accounts.models import Account, Grant, Session
from app.attendance.log_models import DeskOperation
from app.audit.models import AuditEntry
from app.db import db, transaction
from app.desk.phone.models import DeskDevice
from app.desk.phone.snapshot import snapshot_of
from app.desk.phone.taking_along import taker_of
from app.people.models import MedicalNote
from app.rosters.models import Group
from tests import factories
from tests.desk.sealing import PIN, TestPhone, check_in, taken_along, with_pin

pytestmark = pytest.mark.full
AT = "2030-05-18T09:01:00+05:00"


@pytest.fixture
def aigul(app: Flask):
    person = factories.coordinator("balkhash")
    with_pin(person)
    return person


@pytest.fixture
def event(app: Flask):
    return factories.event()


@pytest.fixture
def phone(aigul, event, log_in) -> TestPhone:
    return taken_along(log_in(aigul), event.id)


def log() -> list[DeskOperation]:
    return db.session.query(DeskOperation).all()


def test_only_who_has_a_task_may_take_it_along(event, aigul, log_in, client):
    for person, status in ((factories.employee(), 403), (factories.coordinator("zhezkazgan"), 403), (aigul, 200)):
        assert log_in(person).get(f"/events/{event.id}/desk/opening").status_code == status
    assert client.get(f"/events/{event.id}/desk").status_code == 303
    page = log_in(aigul).get(f"/events/{event.id}/desk")
    assert page.status_code == 200 and "trusted-types desk" in page.headers["Content-Security-Policy"]


def test_a_wrong_pin_opens_nothing_and_locks_after_five(event, aigul, log_in):
    said = {"install_id": "0b6ab9cb-4a4c-4b4e-8d8a-0c3a6f1f0d11", "name": "x"}
    wrong = log_in(aigul).post(f"/events/{event.id}/desk/devices", data=said | {"pin": "111222"})
    assert (wrong.status_code, list(wrong.json["errors"])) == (422, ["pin"])
    for _ in range(4):
        count_try(pin_tries(aigul.personnel_number), address="", now=clock.now())
    locked = log_in(aigul).post(f"/events/{event.id}/desk/devices", data=said | {"pin": PIN})
    assert locked.status_code == 429 and db.session.query(DeskDevice).count() == 0


def test_who_has_no_pin_chooses_one_with_the_password(event, log_in):
    keeper = factories.employee("Кенже", "Кеңес")
    account = factories.account(keeper, "gift_keeper", city="balkhash")
    assert log_in(keeper).get(f"/events/{event.id}/desk/opening").json["needs_pin"]
    said = {"install_id": "0b6ab9cb-4a4c-4b4e-8d8a-0c3a6f1f0d11", "name": "x", "pin": PIN, "password": "a wrong one"}
    answer = log_in(keeper).post(f"/events/{event.id}/desk/devices", data=said)
    assert answer.status_code == 422 and list(answer.json["errors"]) == ["password"]
    assert db.session.get_one(Account, account.id).pin_hash is None


def test_a_phone_reads_and_hands_over_for_its_own_event_alone(phone, event, aigul):
    place = factories.place(event, factories.employee())
    assert phone.get().json["places"][0]["id"] == place.id
    one = check_in(place.id, AT)
    assert phone.post(phone.sealed(one)).json["applied"] == [one["id"]]
    assert phone.post(phone.sealed(one)).json["known"] == [one["id"]]
    [kept] = log()
    assert (kept.device_id, kept.account_id) == (phone.told["device_id"], with_pin(aigul).id)
    assert phone.get("/changes").json["operations"][0]["id"] == one["id"]
    other = TestPhone(factories.event().id, phone.told, phone.client)
    assert [other.get().status_code, other.get("/changes").status_code, other.post().status_code] == [401] * 3
    elsewhere = {"Authorization": f"Bearer {phone.told['token']}"}
    for path in ("/api/v1/events", f"/api/v1/events/{event.id}/roster", "/api/v1/openapi.json"):
        assert phone.client.get(path, headers=elsewhere).status_code == 401


def test_what_lies_in_clear_on_a_stolen_phone_reads_nothing(phone, event):
    place = factories.place(event, factories.employee())
    assert [phone.get(key="drop").status_code, phone.get("/changes", key="drop").status_code] == [401, 401]
    plain = check_in(place.id, AT)
    answer = phone.client.post(
        f"/api/v1/events/{event.id}/desk/operations",
        json={"operations": [plain]},
        headers={"Authorization": f"Bearer {phone.told['drop']}"},
    )
    assert [one["why"] for one in answer.json["refused"]] == ["not-allowed"] and not log()
    sealed = phone.sealed(check_in(place.id, AT))
    assert phone.post(sealed, key="drop").json["applied"] == [sealed["id"]]


def test_a_changed_envelope_is_not_taken(phone, event):
    place, other = factories.place(event, factories.employee()), factories.event()
    one, two = check_in(place.id, AT), check_in(place.id, AT)
    forged = [
        phone.sealed(one, id=two["id"]),
        phone.sealed(two, proof="guessed"),
        phone.sealed(one, bound_to=two["id"], id=two["id"]),
        phone.sealed(check_in(place.id, AT), epk="AAAA"),
        phone.sealed(check_in(place.id, AT), device_id="bcdfghjkmnpqrstv"),
    ]
    assert other.id
    refused = phone.post(*forged, phone.sealed(one)).json
    assert [each["why"] for each in refused["refused"]] == ["unreadable"] * 4 + ["unknown-device"]
    assert refused["applied"] == [one["id"]] and len(log()) == 1
    assert phone.post({"id": "x"}).json["refused"][0]["why"] == "malformed"


def test_a_revoked_phone_reads_nothing_and_what_it_recorded_before_counts(phone, event, aigul, log_in):
    place = factories.place(event, factories.employee())
    now = clock.now()
    before = phone.sealed(check_in(place.id, (now - timedelta(hours=1)).isoformat()))
    after = phone.sealed(check_in(place.id, (now + timedelta(hours=1)).isoformat()))
    page = f"/events/{event.id}/desk/devices/{phone.told['device_id']}/revocation"
    stranger, keeper = factories.employee(), factories.employee("Кенже", "Кеңес")
    factories.account(keeper, "gift_keeper", city="balkhash")
    assert [log_in(stranger).post(page).status_code, log_in(keeper).post(page).status_code] == [403, 403]
    assert log_in(aigul).post(page).status_code == 303
    answer = phone.get()
    assert answer.status_code == 401 and answer.json["type"] == "desk-revoked"
    assert phone.post(before).status_code == 401
    said = phone.post(before, after, key="drop").json
    assert said["applied"] == [before["id"]]
    assert [one["why"] for one in said["refused"]] == ["after-revocation"]
    verbs = {entry.verb for entry in db.session.query(AuditEntry).filter_by(object_type="desk_devices")}
    assert verbs == {"take_along", "revoke_device"}


def test_logging_out_ends_it_and_a_session_that_ran_out_does_not(phone, event, aigul, log_in):
    with transaction() as session:
        session.execute(update(Session).values(expires_at=clock.now() - timedelta(minutes=1)))
    assert phone.get().status_code == 200
    end_sessions_of(with_pin(aigul).id, now=clock.now())
    assert phone.get().json["type"] == "desk-revoked"
    again = taken_along(log_in(aigul), event.id)
    place = factories.place(event, factories.employee())
    old = phone.sealed(check_in(place.id, AT))
    assert again.post(old).json["applied"] == [old["id"]]


def test_the_same_browser_gets_new_keys_and_the_old_ones_end(event, aigul, log_in):
    install = "0b6ab9cb-4a4c-4b4e-8d8a-0c3a6f1f0d11"
    first = taken_along(log_in(aigul), event.id, install_id=install)
    late = first.sealed(check_in(factories.place(event, factories.employee()).id, "2031-01-01T00:00:00+05:00"))
    second = taken_along(log_in(aigul), event.id, install_id=install)
    assert [first.get().status_code, second.get().status_code] == [401, 200]
    assert second.post(late).json["applied"] == [late["id"]]  # a wrong clock is no reason: it is the same person


def test_it_ends_by_itself(phone, event):
    with transaction() as session:
        session.get_one(DeskDevice, phone.told["device_id"]).expires_at = clock.now()
    assert phone.get().json["type"] == "desk-revoked"
    assert phone.post(key="drop").status_code == 401


def test_a_helper_takes_along_no_word_too_many(event, log_in):
    """Every value of the database that is none of a helper's business is looked for in the text."""
    helper = factories.employee("Көмек", "Ші")
    factories.account(helper, "helper", event_id=event.id)
    nurlan = factories.employee(phone="+77011234567", department="Цех 7", birth_date=date(1984, 11, 9))
    dina = factories.child(nurlan, birth_date=date(2017, 3, 21), phone="+77019998877")
    factories.saved(MedicalNote(person_id=dina.id, text="жаңғаққа аллергия", updated_at=factories.LONG_AGO))
    factories.place(event, nurlan, medical_note="астма")
    factories.place(event, dina)
    with_pin(helper)
    phone = taken_along(log_in(helper), event.id)
    text = phone.get().get_data(as_text=True)
    for word in (nurlan.email, "+7701", "1984", "2017", "аллергия", "астма", "11-09", "03-21"):
        assert word not in text, word
    child = next(row for row in json.loads(text)["places"] if row.get("child"))
    assert child["age"] == 13 and child["flags"] == ["consent", "health"]
    assert json.loads(text)["me"]["powers"] == ["give", "lead", "mark"]


def test_a_helper_takes_it_along_from_the_day_before(log_in):
    helper = factories.employee("Көмек", "Ші")
    with_pin(helper)
    for days, status in ((3, 409), (1, 200)):
        event = factories.event(starts_at=clock.now() + timedelta(days=days))
        named = {"valid_from": event.local_date, "valid_until": event.local_date}
        account = factories.account(helper)
        scope = {"event_id": event.id, "scope_key": f"::{event.id}"}
        factories.saved(Grant(account_id=account.id, role="helper", granted_at=factories.LONG_AGO, **scope, **named))
        assert log_in(helper).get(f"/events/{event.id}/desk").status_code == status
    phone = taken_along(log_in(helper), event.id)
    assert phone.get().json["me"]["powers"] == ["give", "lead", "mark"]
    assert log_in(factories.employee()).get(f"/events/{event.id}/desk").status_code == 403


def test_a_leader_without_a_role_sees_more_only_of_their_own_group(log_in):
    event = factories.event(starts_at=clock.now() + timedelta(hours=2))
    leader = factories.employee("Топ", "Басы")
    group = factories.saved(Group(event_id=event.id, name="1", leader_id=leader.id))
    own = factories.place(event, factories.employee("А", "А"), group_id=group.id)
    factories.place(event, factories.employee("Б", "Б"))
    with_pin(leader)
    rows = taken_along(log_in(leader), event.id).get().json["places"]
    assert [row.get("own", True) for row in rows] == [True, False]
    assert rows[0]["id"] == own.id and "number" in rows[0] and "number" not in rows[1]


def test_a_gift_keeper_gets_no_signs_of_health(event):
    keeper = factories.employee("Кенже", "Кеңес")
    factories.account(keeper, "gift_keeper", city="balkhash")
    factories.place(event, factories.employee(), medical_note="астма")
    account = db.session.query(Account).filter_by(person_id=keeper.id).one()
    actor = actor_from(account.id, keeper, db.session.query(Grant).filter_by(account_id=account.id).all())
    body, _ = snapshot_of(event, taker_of(actor, event, now=clock.now()), now=clock.now())
    assert "flags" not in json.loads(body)["places"][0]


def test_an_unchanged_snapshot_is_not_sent_again(phone, event):
    first = phone.get(**{"Accept-Encoding": "gzip"})
    assert first.headers["Content-Encoding"] == "gzip"
    assert phone.get(**{"If-None-Match": first.headers["ETag"]}).status_code == 304
    factories.place(event, factories.employee())
    assert phone.get(**{"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_a_file_is_looked_at_and_then_taken(phone, event, aigul, log_in):
    place = factories.place(event, factories.employee("Омаров", "Асан"))
    one = phone.sealed(check_in(place.id, AT))
    file = json.dumps({"format": "torangy-desk-1", "event_id": event.id, "envelopes": [one]})
    page, browser = f"/events/{event.id}/desk/imports", log_in(aigul)
    shown = browser.post(page, data={"file": (io.BytesIO(file.encode()), "torangy.json")})
    assert shown.status_code == 200 and "Омаров" in shown.text and not log()
    assert browser.post(page, data={"content": file}).status_code == 303
    assert [kept.id for kept in log()] == [one["id"]]
    assert db.session.query(AuditEntry).filter_by(verb="import_operations").count() == 1
    for wrong in ("no json", json.dumps({"format": "torangy-desk-1", "event_id": "another", "envelopes": []})):
        assert browser.post(page, data={"content": wrong}).status_code == 422
    assert log_in(factories.coordinator("zhezkazgan")).get(page).status_code == 403


def test_the_app_is_one_version_of_all_its_files(client):
    worker = client.get("/desk/sw.js")
    assert worker.headers["Service-Worker-Allowed"] == "/"
    assets = json.loads(worker.text.split("const ASSETS = ")[1].split(";\n")[0])
    assert {"/desk/shell", "/static/desk/app.js", "/desk/words/kk.json"} <= set(assets)
    for path in assets:
        with client.get(path) as answer:
            assert answer.status_code == 200, path
    words = client.get("/desk/words/ru.json").json
    assert set(words["hand.unsent"]) == {"one", "few", "many", "other"}
    assert client.get("/desk/words/de.json").status_code == 404


def test_files_of_the_app_leave_the_session_alone(aigul, log_in):
    browser = log_in(aigul)
    with browser.session_transaction() as cookie:
        cookie.permanent = True
    assert "Set-Cookie" in browser.get("/").headers
    for path in ("/desk/sw.js", "/desk/shell", "/desk/words/kk.json", "/desk/decoder.js"):
        assert "Set-Cookie" not in browser.get(path).headers, path
