"""Every letter can be looked at before anybody gets it, and sent as a test to oneself and to nobody else."""

from collections.abc import Callable
from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import clock
from app.db import db, transaction
from app.mail.models import Mail
from app.mail.press import Press
from app.mail.previewing import MOST_TESTS
from app.mail.rendering import Claimed
from app.mail.samples import templates_of_letters
from app.people.models import Person
from tests import factories

LogIn = Callable[[Person], FlaskClient]


@pytest.mark.full
def test_every_letter_is_listed_and_opens_in_three_languages(app: Flask, log_in: LogIn) -> None:
    aigul = log_in(factories.coordinator())
    listed = aigul.get("/mail/letters").text
    for template in templates_of_letters(app.jinja_env):
        assert f'href="/mail/letters/{template}"' in listed, f"{template} is in no room of templates/mail/letters.html"
        page = aigul.get(f"/mail/letters/{template}?language=ru")
        assert page.status_code == 200 and "sandbox=" in page.text, template
        html = aigul.get(f"/mail/letters/{template}/html?language=en")
        assert '<html lang="en">' in html.text and "cid:" not in html.text
        assert "default-src 'none'" in html.headers["Content-Security-Policy"]


def test_there_is_no_letter_of_that_name(app: Flask, log_in: LogIn) -> None:
    aigul = log_in(factories.coordinator())
    for name in ("signups/nothing", "mail/base", "signups/..", "desk/mail"):
        assert aigul.get(f"/mail/letters/{name}").status_code == 404
        assert aigul.get(f"/mail/letters/{name}/html").status_code == 404
        assert aigul.post(f"/mail/letters/{name}/test").status_code == 404


@pytest.mark.full
def test_a_test_goes_to_whoever_asks_and_says_that_it_is_one(app: Flask, log_in: LogIn) -> None:
    aigul = factories.coordinator()
    factories.employee()
    answer = log_in(aigul).post("/mail/letters/signups/confirmed/test?language=ru", data={"to": "stan@elsewhere.kz"})
    assert answer.status_code == 303
    (mail,) = db.session.query(Mail).all()
    assert (mail.recipient, mail.language, mail.event_id) == (aigul.email, "ru", None)
    claimed = {name: getattr(mail, name) for name in Claimed.__dataclass_fields__ if name in Mail.__table__.c}
    written = Press(app.config["TORANGY"]).directly(Claimed(**claimed), now=clock.now()).message
    assert str(message_from_bytes(written, policy=default)["Subject"]).startswith("[")
    assert "Вы записаны" in str(message_from_bytes(written, policy=default)["Subject"])


def test_ten_tests_an_hour_are_enough(app: Flask, log_in: LogIn) -> None:
    aigul = log_in(factories.coordinator())
    for _ in range(MOST_TESTS):
        assert aigul.post("/mail/letters/access/password/test").status_code == 303
    assert aigul.post("/mail/letters/access/password/test").status_code == 429
    assert db.session.query(Mail).count() == MOST_TESTS
    with transaction() as session:
        session.query(Mail).update({"created_at": clock.now() - timedelta(minutes=61)})
    assert aigul.post("/mail/letters/access/password/test").status_code == 303


def test_without_an_address_no_test_leaves(app: Flask, log_in: LogIn) -> None:
    aigul = factories.coordinator()
    browser = log_in(aigul)
    with transaction():
        db.session.get_one(Person, aigul.id).email = None
    assert browser.post("/mail/letters/access/password/test").status_code == 409
    assert db.session.query(Mail).count() == 0


@pytest.mark.parametrize("path", ["", "/signups/confirmed", "/signups/confirmed/html"])
def test_employees_and_strangers_see_none(app: Flask, client: FlaskClient, log_in: LogIn, path: str) -> None:
    assert client.get(f"/mail/letters{path}").status_code == 303
    assert log_in(factories.employee()).get(f"/mail/letters{path}").status_code == 403
