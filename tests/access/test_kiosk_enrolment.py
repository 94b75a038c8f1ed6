"""The shared computer at the gate works only where a coordinator enrolled it, and until it is ended."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from app.access.errors import WrongKioskCode
from app.access.kiosk_sessions import log_in_at_kiosk, visit_of
from app.access.kiosks import add_kiosk, enrol, kiosk_of, revoke_kiosk
from app.access.models import Kiosk
from app.accounts.actor import COORDINATOR, Actor, Scope
from app.audit.models import AuditEntry
from app.db import db
from app.errors import Invalid, NotAllowed, NotFound
from tests import factories
from tests.access.kiosks import PIN, enrolled, with_pin
from tests.access.logins import NOW, ROOT

pytestmark = [pytest.mark.usefixtures("app"), pytest.mark.slow]


def test_a_code_enrols_one_computer_once_and_only_hashes_are_kept():
    factories.city()
    kiosk, code = add_kiosk("  Gate   2 ", "balkhash", now=NOW, actor=ROOT)
    assert kiosk.name == "Gate 2" and kiosk_of(code, now=NOW) is None
    secret = enrol(f" {code[:5]} {code[5:].lower()}", address="a", now=NOW, actor=Actor())
    assert kiosk_of(secret, now=NOW).id == kiosk.id
    with pytest.raises(WrongKioskCode):
        enrol(code, address="a", now=NOW, actor=Actor())
    row = db.session.get(Kiosk, kiosk.id, populate_existing=True)
    assert secret not in row.secret_hash and code not in row.secret_hash
    verbs = {entry.verb for entry in db.session.query(AuditEntry)}
    assert {"add_kiosk", "enrol_kiosk"} <= verbs


def test_a_code_is_void_after_a_day_and_after_the_end():
    factories.city()
    _, code = add_kiosk("Gate 2", "balkhash", now=NOW, actor=ROOT)
    with pytest.raises(WrongKioskCode):
        enrol(code, address="a", now=NOW + timedelta(hours=24), actor=Actor())
    kiosk, code = add_kiosk("Gate 3", "balkhash", now=NOW, actor=ROOT)
    revoke_kiosk(kiosk.id, now=NOW, actor=ROOT)
    with pytest.raises(WrongKioskCode):
        enrol(code, address="a", now=NOW, actor=Actor())


def test_coordinators_keep_the_kiosks_of_their_own_city():
    kiosk, secret = enrolled()
    zhan = Actor(account_id="z", scopes=(Scope(COORDINATOR, city="zhezkazgan"),))
    with pytest.raises(NotAllowed):
        add_kiosk("Mine", "balkhash", now=NOW, actor=zhan)
    with pytest.raises(NotFound):
        revoke_kiosk(kiosk.id, now=NOW, actor=zhan)
    assert kiosk_of(secret, now=NOW)
    with pytest.raises(Invalid):
        add_kiosk(" ", "balkhash", now=NOW, actor=ROOT)
    with pytest.raises(Invalid):
        add_kiosk("Gate", "atlantis", now=NOW, actor=ROOT)


def test_ending_a_kiosk_logs_out_whoever_stands_there():
    kiosk, cookie = enrolled()
    nurlan = factories.employee()
    with_pin(nurlan)
    secret = log_in_at_kiosk(kiosk, nurlan.personnel_number, PIN, now=NOW)
    revoke_kiosk(kiosk.id, now=NOW, actor=ROOT)
    assert kiosk_of(cookie, now=NOW) is None and visit_of(secret, kiosk, now=NOW) is None


def test_aigul_adds_a_kiosk_and_types_its_code_there(app, log_in):
    aigul = factories.coordinator(language="en")
    browser = log_in(aigul)
    page = browser.post("/kiosks", data={"name": "Gate 2", "city": "balkhash"}).text
    code = "".join(page.split('<p class="code">')[1].split("</p>")[0].split())
    assert "Code not used yet" in browser.get("/kiosks").text
    there = log_in(aigul)
    answer = there.post("/kiosk/enrolment", data={"code": code})
    assert answer.status_code == 303 and "HttpOnly" in answer.headers["Set-Cookie"]
    assert "keypad" in there.get("/kiosk").text
    assert there.get("/me").status_code == 303, "who enrolled it is not left logged in"
    assert "In use" in browser.get("/kiosks").text
    kiosk = db.session.query(Kiosk).one()
    assert browser.post(f"/kiosks/{kiosk.id}/revocation").status_code == 303
    assert there.get("/kiosk").status_code == 403


def test_wrong_codes_are_counted(client: FlaskClient):
    for _ in range(5):
        assert client.post("/kiosk/enrolment", data={"code": "BBBBBBBBBB"}).status_code == 422
    assert client.post("/kiosk/enrolment", data={"code": "BBBBBBBBBB"}).status_code == 429
