"""The shared computer at the gate: only where a coordinator enrolled it, by a PIN that no colleague can guess, and
nothing of one person is left for the next."""

from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient

from app import clock
from app.access.codes import ACTIVATION, issue_code
from app.access.errors import PinLocked, WrongKioskCode, WrongLogin, WrongPassword, WrongPin
from app.access.joining import activate_by_link
from app.access.kiosk_sessions import LONGEST, log_in_at_kiosk, visit_of
from app.access.kiosks import add_kiosk, enrol, kiosk_of, revoke_kiosk
from app.access.logging_in import log_in as log_in_by_password
from app.access.models import Kiosk
from app.access.pins import check_pin, keep_pin, set_pin
from app.access.sessions import actor_of
from app.accounts.actor import COORDINATOR, Actor, Scope
from app.accounts.models import Account, Session
from app.audit.models import AuditEntry
from app.db import db, transaction
from app.errors import Invalid, NotAllowed, NotFound
from app.people.models import Person
from app.signups.models import Place
from tests import factories
from tests.access.logins import NOW, PASSWORD, ROOT, with_password

pytestmark = [pytest.mark.usefixtures("app"), pytest.mark.slow]
PIN = "482915"
COOKIE = "torangy-kiosk"


def with_pin(person: Person, pin: str = PIN) -> Account:
    account = factories.account(person)
    with transaction():
        keep_pin(account, person, pin, now=NOW, actor=ROOT)
    return account


def enrolled(*, now=None) -> tuple[Kiosk, str]:
    """A kiosk at the gate of the smelter in Balkhash and its cookie."""
    factories.city("balkhash")
    kiosk, code = add_kiosk("Gate 2", "balkhash", now=now or NOW, actor=ROOT)
    return kiosk, enrol(code, address="10.0.0.1", now=now or NOW, actor=Actor())


def screen(app) -> FlaskClient:
    """The browser of an enrolled kiosk."""
    client = app.test_client()
    client.set_cookie(COOKIE, enrolled(now=clock.now())[1])
    return client


def come(client: FlaskClient, person: Person, pin: str = PIN):
    return client.post("/kiosk", data={"number": person.personnel_number, "pin": pin})


# PINs


@pytest.mark.parametrize("weak", ["123456", "654321", "111111", "121212", "789012", "482482"])
def test_a_pin_that_everybody_tries_first_is_refused(weak: str):
    nurlan = factories.employee()
    with pytest.raises(Invalid) as refusal:
        with_pin(nurlan, weak)
    assert "guessed" in refusal.value.errors["pin"]


@pytest.mark.parametrize("wrong", ["", "12345", "4829150", "48291a", "４８２９１５"])
def test_a_pin_has_six_digits(wrong: str):
    with pytest.raises(Invalid):
        with_pin(factories.employee(), wrong)


@pytest.mark.parametrize("known", ["050385", "850305", "030585", "198503", "031985"])
def test_a_birth_date_is_no_pin(known: str):
    nurlan = factories.employee(birth_date=date(1985, 3, 5))
    with pytest.raises(Invalid) as refusal:
        with_pin(nurlan, known)
    assert "Colleagues know" in refusal.value.errors["pin"]


def test_neither_the_own_number_nor_the_phone_is_a_pin():
    nurlan = factories.employee(personnel_number="904172", phone="+77015837264")
    for known in ("904172", "837264"):
        with pytest.raises(Invalid):
            with_pin(nurlan, known)


def test_only_a_slow_hash_of_the_pin_is_kept():
    account = with_pin(factories.employee())
    assert account.pin_hash.startswith("$argon2") and PIN not in account.pin_hash
    assert check_pin(account, PIN) and not check_pin(account, "482916") and not check_pin(None, PIN)


def test_a_pin_is_chosen_with_the_first_password_if_one_likes():
    nurlan = factories.employee()
    code = issue_code(nurlan, purpose=ACTIVATION, now=NOW, actor=ROOT)
    with pytest.raises(Invalid):
        activate_by_link(code, PASSWORD, now=NOW, pin="111111")
    account = activate_by_link(code, PASSWORD, now=NOW, pin=PIN)
    assert check_pin(account, PIN)


def test_the_page_of_activation_asks_for_it(client: FlaskClient):
    nurlan = factories.employee(language="en")
    code = issue_code(nurlan, purpose=ACTIVATION, now=clock.now(), actor=ROOT)
    assert 'id="pin"' in client.get(f"/activation/{code}").text
    data = {"password": PASSWORD, "again": PASSWORD, "pin": "050385"}
    answer = client.post(f"/activation/{code}", data=data)
    assert answer.status_code == 422 and 'id="pin-e"' in answer.text
    assert client.post(f"/activation/{code}", data=data | {"pin": PIN}).status_code == 303
    assert check_pin(db.session.query(Account).one(), PIN)


def test_a_new_pin_asks_for_the_present_password():
    nurlan = factories.employee()
    account = with_password(nurlan)
    actor = Actor(account_id=account.id, person_id=nurlan.id)
    with pytest.raises(WrongPassword):
        set_pin(PIN, present="a guess of a stranger", address="", now=NOW, actor=actor)
    set_pin(PIN, present=PASSWORD, address="", now=NOW, actor=actor)
    assert check_pin(db.session.get(Account, account.id, populate_existing=True), PIN)
    with pytest.raises(NotFound):
        set_pin(PIN, present=PASSWORD, address="", now=NOW, actor=Actor())


def test_the_page_of_ones_own_data_changes_the_pin(log_in):
    nurlan = factories.employee(language="en")
    with_password(nurlan)
    browser = log_in(nurlan)
    assert "You have none yet" in browser.get("/me").text
    answer = browser.post("/me/pin", data={"pin-pin": "111111", "pin-present": PASSWORD})
    assert answer.status_code == 422 and "easily guessed" in answer.text
    assert browser.post("/me/pin", data={"pin-pin": PIN, "pin-present": PASSWORD}).status_code == 303
    assert "Yours was set on" in browser.get("/me").text


def test_a_pin_never_opens_the_ordinary_page_to_log_in(client: FlaskClient):
    nurlan = factories.employee()
    with_password(nurlan)
    with_pin(nurlan)
    with pytest.raises(WrongLogin):
        log_in_by_password(nurlan.personnel_number, PIN, address="", device="", now=NOW)
    assert client.post("/login", data={"login": nurlan.personnel_number, "password": PIN}).status_code == 422


# Enrolling


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


# Standing there


def test_without_enrolment_nothing_opens(client: FlaskClient):
    nurlan, event = factories.employee(), factories.event()
    with_pin(nurlan)
    assert client.get("/kiosk").status_code == 403
    assert come(client, nurlan).status_code == 403
    for address in ("/kiosk/events", "/kiosk/mine", f"/kiosk/events/{event.id}"):
        assert client.get(address).status_code == 403
    client.set_cookie(COOKIE, "forged")
    assert come(client, nurlan).status_code == 403


def test_a_session_is_dead_after_half_a_minute_and_lives_by_steps():
    kiosk, _ = enrolled()
    nurlan = factories.employee()
    with_pin(nurlan)
    secret = log_in_at_kiosk(kiosk, nurlan.personnel_number, PIN, now=NOW)
    seconds = timedelta(seconds=1)
    first = visit_of(secret, kiosk, now=NOW + 29 * seconds)
    assert first.actor.person_id == nurlan.id and first.seconds == 30
    assert visit_of(secret, kiosk, now=NOW + 58 * seconds)
    assert visit_of(secret, kiosk, now=NOW + 88 * seconds) is None
    assert visit_of(secret, kiosk, now=NOW + 88 * seconds) is None


def test_five_minutes_are_the_end_however_busy_one_is():
    kiosk, _ = enrolled()
    nurlan = factories.employee()
    with_pin(nurlan)
    secret, at = log_in_at_kiosk(kiosk, nurlan.personnel_number, PIN, now=NOW), NOW
    while at < NOW + LONGEST - timedelta(seconds=20):
        at += timedelta(seconds=20)
        left = visit_of(secret, kiosk, now=at)
    assert left.seconds == 20
    assert visit_of(secret, kiosk, now=NOW + LONGEST) is None


def test_the_secret_of_a_kiosk_opens_no_ordinary_page_and_no_other_kiosk():
    kiosk, _ = enrolled()
    other, _ = enrolled()
    aigul = factories.coordinator()
    with_pin(aigul)
    secret = log_in_at_kiosk(kiosk, aigul.personnel_number, PIN, now=NOW)
    assert actor_of(secret, now=NOW) is None
    assert visit_of(secret, other, now=NOW) is None
    assert visit_of(secret, kiosk, now=NOW).actor.scopes == (), "a PIN brings no role"


def test_five_wrong_pins_lock_it_for_a_quarter_of_an_hour():
    kiosk, _ = enrolled()
    nurlan, dana = factories.employee(), factories.employee("Дана")
    with_pin(nurlan)
    with_pin(dana)
    for _ in range(5):
        with pytest.raises(WrongPin):
            log_in_at_kiosk(kiosk, nurlan.personnel_number, "482916", now=NOW)
    with pytest.raises(PinLocked):
        log_in_at_kiosk(kiosk, nurlan.personnel_number, PIN, now=NOW + timedelta(minutes=14))
    assert log_in_at_kiosk(kiosk, dana.personnel_number, PIN, now=NOW), "others are not locked"
    assert log_in_at_kiosk(kiosk, nurlan.personnel_number, PIN, now=NOW + timedelta(minutes=15, seconds=1))


def test_a_locked_pin_answers_as_too_many_tries(app):
    nurlan, client = factories.employee(language="en"), screen(app)
    with_pin(nurlan)
    assert [come(client, nurlan, "482916").status_code for _ in range(5)] == [422] * 5
    locked = come(client, nurlan)
    assert (locked.status_code, "15" in locked.text) == (429, True)


def test_a_new_pin_set_with_the_password_opens_the_lock():
    kiosk, _ = enrolled()
    nurlan = factories.employee()
    account = with_password(nurlan)
    for _ in range(5):
        with pytest.raises(WrongPin):
            log_in_at_kiosk(kiosk, nurlan.personnel_number, "482916", now=NOW)
    actor = Actor(account_id=account.id, person_id=nurlan.id)
    set_pin(PIN, present=PASSWORD, address="", now=NOW, actor=actor)
    assert log_in_at_kiosk(kiosk, nurlan.personnel_number, PIN, now=NOW)


def test_no_pin_an_unknown_number_and_a_leaver_get_the_same_answer():
    kiosk, _ = enrolled()
    nobody = factories.employee()
    factories.account(nobody)
    leaver = factories.employee("Кеткен")
    with_pin(leaver)
    with transaction():
        leaver.deactivated_at = NOW
    for number in (nobody.personnel_number, "000000", leaver.personnel_number, leaver.email):
        with pytest.raises(WrongPin):
            log_in_at_kiosk(kiosk, number, PIN, now=NOW)


def test_the_lock_is_said_on_the_screen(app):
    nurlan, kiosk = factories.employee(), screen(app)
    with_pin(nurlan)
    for _ in range(5):
        assert come(kiosk, nurlan, "482916").status_code == 422
    page = come(kiosk, nurlan).text
    assert 'id="pin-e"' in page and PIN not in page and kiosk.get("/kiosk/events").status_code == 303


def test_nurlan_signs_up_prints_and_cancels_at_the_gate(app):
    nurlan, event, kiosk = factories.employee(), factories.event(), screen(app)
    with_pin(nurlan)
    assert come(kiosk, nurlan).headers["Location"] == "/kiosk/events"
    assert event.id in kiosk.get("/kiosk/events").text
    assert 'name="people"' in kiosk.get(f"/kiosk/events/{event.id}").text
    assert kiosk.post(f"/kiosk/events/{event.id}/signups", data={"people": nurlan.id}).status_code == 303
    place = db.session.query(Place).one()
    assert place.printed_ticket in kiosk.get("/kiosk/mine").text
    sheet = kiosk.get(f"/kiosk/signups/{place.signup_id}/tickets")
    assert place.printed_ticket in sheet.text and sheet.headers["Cache-Control"] == "no-store"
    assert kiosk.get(f"/kiosk/signups/{place.signup_id}/cancellation").status_code == 200
    assert kiosk.post(f"/kiosk/signups/{place.signup_id}/cancellation").status_code == 303
    assert db.session.get(Place, place.id, populate_existing=True).status == "cancelled"


def test_a_refusal_is_said_on_the_kiosks_own_page(app):
    nurlan, event, kiosk = factories.employee(language="ru"), factories.event(status="closed"), screen(app)
    with_pin(nurlan)
    come(kiosk, nurlan)
    page = f"/kiosk/events/{event.id}"
    answer = kiosk.post(f"{page}/signups", data={"people": nurlan.id}, headers={"Referer": f"http://localhost{page}"})
    assert answer.status_code == 409 and "flash-stop" in answer.text and "data-end" in answer.text


def test_who_comes_after_done_sees_nothing_of_the_one_before(app):
    nurlan, stan, event, kiosk = (
        factories.employee(),
        factories.employee("Стан", "Стэн"),
        factories.event(),
        screen(app),
    )
    place = factories.place(event, nurlan)
    with_pin(nurlan)
    with_pin(stan)
    come(kiosk, nurlan)
    kiosk.get("/kiosk/mine")
    assert kiosk.post("/kiosk/end").status_code == 303
    assert db.session.query(Session).one().ended_at is not None
    door = kiosk.get("/kiosk").text
    assert nurlan.personnel_number not in door and "Нұрлан" not in door
    assert kiosk.get("/kiosk/mine").status_code == 303, "the way back leads to the door"
    come(kiosk, stan)
    pages = [kiosk.get(address) for address in ("/kiosk/events", "/kiosk/mine", f"/kiosk/events/{event.id}")]
    assert not any("Нұрлан" in page.text or place.printed_ticket in page.text for page in pages)
    for address in ("tickets", "cancellation"):
        assert kiosk.get(f"/kiosk/signups/{place.signup_id}/{address}").status_code == 404
    assert kiosk.post(f"/kiosk/signups/{place.signup_id}/cancellation").status_code == 404
    assert kiosk.post(f"/kiosk/places/{place.id}/cancellation").status_code == 404


def test_whoever_stands_there_is_a_stranger_to_the_rest_of_the_site(app):
    aigul, kiosk = factories.coordinator(), screen(app)
    with_pin(aigul)
    come(kiosk, aigul)
    for address in ("/my", "/me", "/people", "/kiosks"):
        assert kiosk.get(address).headers["Location"].startswith("/login")
    assert kiosk.get("/login").headers["Location"] == "/kiosk", "nobody leaves a password behind"
    assert "offline-worker" not in kiosk.get("/").text


def test_a_consent_to_read_leads_back_to_the_kiosk(app, client: FlaskClient):
    factories.consent_texts()
    page = screen(app).get("/consents/participation").text
    assert 'http-equiv="refresh" content="60;url=/kiosk"' in page
    assert "http-equiv" not in client.get("/consents/participation").text


def test_who_makes_their_login_at_the_gate_is_not_left_logged_in(app):
    nurlan, kiosk = factories.employee(), screen(app)
    code = issue_code(nurlan, purpose=ACTIVATION, now=clock.now(), actor=ROOT)
    answer = kiosk.post(f"/activation/{code}", data={"password": PASSWORD, "again": PASSWORD, "pin": PIN})
    assert answer.headers["Location"] == "/kiosk"
    assert kiosk.get("/me").status_code == 303
    assert db.session.query(Session).one().ended_at is not None
    assert come(kiosk, nurlan).headers["Location"] == "/kiosk/events"


def test_pages_are_never_kept_and_reload_themselves_into_the_door(app):
    nurlan, kiosk = factories.employee(), screen(app)
    with_pin(nurlan)
    door = kiosk.get("/kiosk")
    assert door.headers["Cache-Control"] == "no-store" and 'autocomplete="off"' in door.text
    come(kiosk, nurlan)
    page = kiosk.get("/kiosk/events")
    assert page.headers["Cache-Control"] == "no-store"
    assert 'content="31;url=/kiosk"' in page.text and "offline-worker" not in page.text
    assert kiosk.post("/kiosk/presence").json == {"seconds": 30}


def test_the_screen_speaks_the_language_chosen_on_it_and_forgets_it(app):
    nurlan, kiosk = factories.employee(language="ru"), screen(app)
    with_pin(nurlan)
    come(kiosk, nurlan)
    assert '<html lang="ru">' in kiosk.get("/kiosk/events").text
    kiosk.post("/kiosk/end")
    kiosk.post("/language", data={"language": "en", "next": "/kiosk"})
    come(kiosk, nurlan)
    assert '<html lang="en">' in kiosk.get("/kiosk/events").text
    kiosk.post("/kiosk/end")
    assert '<html lang="en">' not in kiosk.get("/kiosk").text
