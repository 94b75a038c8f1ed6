"""Certificates: for whoever came or decides for them, true for anybody who knows the code, until they are not."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import clock
from app.access.tries import PER_ADDRESS
from app.attendance.log_models import DeskDay
from app.audit.models import AuditEntry
from app.db import db, transaction
from app.impact.thanks.codes import new_code, printed, read_code
from app.impact.thanks.links import thanks_path
from app.impact.thanks.models import Certificate, SurveyAnswer
from app.mail.outbox import Recipient
from app.people.models import Guardianship, Person
from tests import factories
from tests.impact.thanks.days import CLOSED, DUE, came, closed, was_absent, work

pytestmark = pytest.mark.full
LogIn = Callable[[Person], FlaskClient]
NOW = DUE + timedelta(days=1)


@pytest.fixture(autouse=True)
def day_after(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def test_codes_are_read_as_people_type_them() -> None:
    code = new_code()
    assert re.fullmatch("[2-9B-Z]{12}", code) and new_code() != code
    for typed in (printed(code), printed(code).lower(), f" {code[:4]}-{code[4:8]}–{code[8:]} "):
        assert read_code(typed) == code
    assert read_code(code[:11]) is None and read_code(code + "A") is None and read_code("") is None


def test_nurlan_takes_his_certificate_and_anybody_can_ask_about_it(app: Flask, log_in: LogIn) -> None:
    event, nurlan = factories.event(), factories.employee(patronymic="Ерболұлы")
    place = came(event, nurlan, minutes=225)
    closed(event)
    mine = log_in(nurlan)
    assert "3:45" in mine.get("/my/thanks").text
    assert mine.get(f"/places/{place.id}/certificate").status_code == 404, "looking makes none"
    for _ in range(2):
        answer = mine.post(f"/places/{place.id}/certificate", data={"language": "ru"}, follow_redirects=True)
        assert answer.status_code == 200 and answer.data.startswith(b"%PDF-")
        assert answer.headers["Cache-Control"] == "private, no-store"
    (row,) = db.session.query(Certificate)
    assert db.session.query(AuditEntry).filter_by(verb="issue_certificate").count() == 1
    page = app.test_client().get(f"/verify/{printed(row.code).lower()}")
    assert page.status_code == 200 and page.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert "Нұрлан\u00a0С." in page.text and "3:45" in page.text
    assert "Сейітқали" not in page.text and "Ерболұлы" not in page.text, "names are shortened"


def test_a_code_counts_no_more_in_the_same_words_as_one_that_never_did(app: Flask, log_in: LogIn) -> None:
    event, nurlan = factories.event(), factories.employee()
    place = came(event, nurlan)
    closed(event)
    log_in(nurlan).post(f"/places/{place.id}/certificate")
    code = db.session.query(Certificate).one().code
    anybody = app.test_client()
    assert anybody.get(f"/verify/{code}").status_code == 200
    was_absent(place, at=CLOSED)
    pages = [anybody.get(f"/verify/{one}") for one in (code, new_code(), "nonsense", "А" * 12)]
    assert [page.status_code for page in pages] == [404] * 4
    bare = {re.sub(r'(content|value)="[^"]*"', "", page.text) for page in pages}
    assert len(bare) == 1
    assert log_in(nurlan).get(f"/places/{place.id}/certificate").status_code == 404


@pytest.mark.parametrize("change", ["reopened", "erased"])
def test_an_open_day_and_an_erased_person_prove_nothing(app: Flask, log_in: LogIn, change: str) -> None:
    event, nurlan = factories.event(), factories.employee()
    place = came(event, nurlan)
    closed(event)
    log_in(nurlan).post(f"/places/{place.id}/certificate")
    code = db.session.query(Certificate).one().code
    with transaction():
        if change == "reopened":
            db.session.get_one(DeskDay, event.id).reopened_at = NOW
        else:
            db.session.get_one(Person, nurlan.id).erased_at = NOW
    assert app.test_client().get(f"/verify/{code}").status_code == 404


def test_whoever_tries_codes_is_asked_to_wait(app: Flask) -> None:
    anybody = app.test_client()
    answers = [anybody.get(f"/verify/{new_code()}").status_code for _ in range(PER_ADDRESS + 2)]
    assert answers == [404] * PER_ADDRESS + [429, 429]


def test_a_code_that_is_typed_leads_to_its_answer(app: Flask) -> None:
    answer = app.test_client().get("/verify?code=7kq2+m4xd+9rtb")
    assert answer.status_code == 303 and answer.location == "/verify/7kq2%20m4xd%209rtb"


def test_a_childs_certificate_is_for_guardians_alone(app: Flask, log_in: LogIn) -> None:
    event, nurlan = factories.event(audience="families"), factories.employee()
    dina, stan = factories.child(nurlan), factories.employee("Стан", "Стэн")
    place = came(event, dina)
    closed(event)
    paper = f"/places/{place.id}/certificate"
    factories.account(dina)
    for who in (dina, stan, factories.coordinator()):
        assert log_in(who).post(paper).status_code == 404, who.given_name
    assert log_in(nurlan).post(paper, follow_redirects=True).data.startswith(b"%PDF-")
    with transaction():
        db.session.query(Guardianship).filter_by(child_id=dina.id).update({"ended_at": NOW})
    assert log_in(nurlan).get(paper).status_code == 404, "whoever no longer decides for her"


def test_the_name_stands_as_the_person_writes_it(app: Flask, log_in: LogIn) -> None:
    event = factories.event()
    who = factories.employee("Әлімғазыұлы-Өтеғенова", "Үміт Қаршыға", patronymic="Іңкәрқызы")
    place = came(event, who, minutes=60)
    closed(event)
    pages = {}
    for language in ("kk", "ru", "en"):
        mine = log_in(who)
        answer = mine.post(f"/places/{place.id}/certificate", data={"language": language}, follow_redirects=True)
        pages[language] = answer.data
    assert len(set(pages.values())) == 3
    for raw in pages.values():
        assert len(raw) < 200_000 and b"/MediaBox [0 0 841.89 595.28]" in raw


def test_the_letters_page_needs_no_login_and_counts_for_a_year(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    event, nurlan = factories.event(audience="families"), factories.employee(language="ru")
    dina = factories.child(nurlan)
    own, hers = came(event, nurlan), came(event, dina)
    closed(event)
    (letter,) = work(DUE)
    path, anybody = str(letter.context["url"]), app.test_client()
    page = anybody.get(path)
    assert page.status_code == 200 and 'lang="ru"' in page.text and page.headers["Referrer-Policy"] == "no-referrer"
    assert anybody.post(f"{path}/places/{own.id}/answer", data={"scale": "5"}).status_code == 422
    said = {"scale": "5", "choice": "nothing", "word": "Рахмет"}
    for place in (own, hers):
        assert anybody.post(f"{path}/places/{place.id}/answer", data=said).status_code == 303
    assert db.session.query(SurveyAnswer).count() == 2
    sheet = f"{path}/places/{hers.id}/certificate"
    assert anybody.get(sheet).status_code == 404
    assert anybody.post(sheet, follow_redirects=True).data.startswith(b"%PDF-")
    stranger = came(event, factories.employee())
    assert anybody.post(f"{path}/places/{stranger.id}/certificate").status_code == 404
    assert anybody.post(f"{path}/places/{stranger.id}/answer", data=said).status_code == 404
    assert anybody.get(path + "x").status_code == 404
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=370))
    assert anybody.get(path).status_code == 410


def test_a_letters_page_is_closed_to_whoever_left_or_has_no_say_any_more(app: Flask) -> None:
    event, nurlan = factories.event(), factories.employee()
    place = came(event, nurlan)
    closed(event)
    path = thanks_path(event, Recipient("", "", "kk", nurlan.id))
    assert path and app.test_client().get(path).status_code == 200
    was_absent(place, at=CLOSED)
    assert app.test_client().get(path).status_code == 404
    assert thanks_path(event, Recipient("school@torangy.example", "", "kk")) is None
