"""Addresses that take no letters: each coordinator sees those of the city, and lifts what came back, not a wish."""

from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient

from app import clock
from app.audit.models import AuditEntry
from app.db import db, transaction
from app.mail.models import Suppression
from app.people.models import Person
from tests import factories

LogIn = Callable[[Person], FlaskClient]


def silent(address: str, reason: str = "bounced", kind: str = "") -> Suppression:
    return factories.saved(Suppression(address=address, reason=reason, kind=kind, since=clock.now()))


def test_the_page_says_which_addresses_get_nothing_and_whose_they_are(app: Flask, log_in: LogIn) -> None:
    nurlan = factories.employee(email="Nurlan@torangy.example")
    school = factories.institution()
    with transaction():
        school.contact_email, school.city = "school@torangy.example", "balkhash"
    silent("nurlan@torangy.example")
    silent("school@torangy.example", "complained")
    silent(str(factories.employee("Стан", email="stan@torangy.example", city="zhezkazgan").email))
    page = log_in(factories.coordinator()).get("/suppressions").text
    assert f'href="/people/{nurlan.id}"' in page and "school@<wbr>torangy.example" in page
    assert "stan@" not in page
    everybodys = log_in(factories.admin()).get("/suppressions").text
    assert "nurlan@" in everybodys and "stan@" in everybodys


def test_it_is_searched_by_a_piece_of_the_address_and_by_reason(app: Flask, log_in: LogIn) -> None:
    for name in ("dina", "nurlan"):
        factories.employee(email=f"{name}@mail.ru")
        silent(f"{name}@mail.ru", "unsubscribed" if name == "dina" else "bounced", "reminder" if name == "dina" else "")
    aigul = log_in(factories.coordinator())
    assert "dina@" not in aigul.get("/suppressions?q=NURL").text
    unwanted = aigul.get("/suppressions?reason=unsubscribed").text
    assert "dina@" in unwanted and "nurlan@" not in unwanted and "/removal" not in unwanted
    assert "dina@" not in aigul.get("/suppressions?q=%25").text, "a percent sign is a letter like any other"


def test_a_mended_mailbox_is_let_go_once_and_that_is_in_the_history(app: Flask, log_in: LogIn) -> None:
    row = silent(str(factories.employee(email="dina@mail.ru").email))
    away, aigul = f"/suppressions/{row.id}/removal", log_in(factories.coordinator())
    assert aigul.post(away).status_code == 303
    assert "dina@mail.ru" in aigul.get("/suppressions").text, "it is said which address it was"
    assert aigul.post(away).status_code == 404
    assert db.session.query(Suppression).count() == 0
    assert db.session.query(AuditEntry).filter_by(verb="lift_suppression").count() == 1


def test_what_a_reader_asked_for_is_not_lifted_by_staff(app: Flask, log_in: LogIn) -> None:
    nurlan = factories.employee(email="nurlan@mail.ru")
    wishes = [silent("nurlan@mail.ru", "unsubscribed"), silent("nurlan@mail.ru", "complained")]
    for staff in (factories.coordinator(), factories.admin()):
        for row in wishes:
            assert log_in(staff).post(f"/suppressions/{row.id}/removal").status_code == 409
    assert db.session.query(Suppression).count() == 2
    assert log_in(nurlan).get("/suppressions").status_code == 403


def test_strangers_and_other_cities_reach_nothing(app: Flask, client: FlaskClient, log_in: LogIn) -> None:
    row = silent(str(factories.employee(email="dina@mail.ru").email))
    away = f"/suppressions/{row.id}/removal"
    assert client.post(away).status_code == 303 and client.get("/suppressions").status_code == 303
    zhan = log_in(factories.coordinator("zhezkazgan"))
    assert zhan.post(away).status_code == 404 and "dina@" not in zhan.get("/suppressions").text
    assert db.session.query(Suppression).count() == 1
