"""Standing at the shared computer at the gate: nothing of one person is left for the next."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from app import clock
from app.access.codes import ACTIVATION, issue_code
from app.access.errors import PinLocked, WrongPin
from app.access.kiosk_sessions import LONGEST, log_in_at_kiosk, visit_of
from app.access.pins import set_pin
from app.access.sessions import actor_of
from app.accounts.actor import Actor
from app.accounts.models import Session
from app.db import db, transaction
from app.signups.models import Place
from tests import factories
from tests.access.kiosks import COOKIE, PIN, come, enrolled, screen, with_pin
from tests.access.logins import NOW, PASSWORD, ROOT, with_password

pytestmark = [pytest.mark.usefixtures("app"), pytest.mark.slow]


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
