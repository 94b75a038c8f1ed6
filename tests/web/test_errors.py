"""What bad requests get: a sentence and a 4xx, never a broken page."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from app import clock
from app.db import transaction
from app.mail import mailbox
from app.people.models import City, Person
from app.signups import answer_routes
from config import MAX_UPLOAD_BYTES
from tests import factories
from tests.signups.parties import link, offered

LogIn = Callable[[Person], FlaskClient]
STALE = "open for too long"
ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def guarded(app: Flask) -> Iterator[Flask]:
    """As in a browser: forms need their token."""
    app.config["WTF_CSRF_ENABLED"] = True
    yield app
    app.config["WTF_CSRF_ENABLED"] = False


@pytest.fixture
def aigul(app: Flask) -> Person:
    """A coordinator of Balkhash who reads English."""
    return factories.coordinator(language="en")


def posted(client: FlaskClient, path: str, *, page: str, **fields: str):  # type: ignore[no-untyped-def]
    headers = {**ENGLISH, "Referer": f"http://localhost{page}"}
    return client.post(path, data=fields, headers=headers)


def test_a_stale_form_keeps_what_was_typed(guarded: Flask, log_in: LogIn, aigul: Person) -> None:
    answer = posted(log_in(aigul), "/programmes/new", page="/programmes/new", **{"name-en": "Saiga steppe"})
    assert answer.status_code == 400
    assert STALE in answer.text
    assert 'value="Saiga steppe"' in answer.text


@pytest.mark.parametrize("page", ["/programmes/new", "/events/nowhere", "/events.ics", "http://[::1/me"])
def test_a_stale_form_is_a_sentence_even_when_its_page_refuses_too(
    guarded: Flask, client: FlaskClient, page: str
) -> None:
    answer = posted(client, "/programmes/new", page=page)
    assert answer.status_code == 400
    assert answer.text.count(STALE) == 1


def test_a_stale_form_from_a_broken_address_is_a_sentence(guarded: Flask, client: FlaskClient) -> None:
    answer = client.post("/logout", headers={**ENGLISH, "Referer": "http://[::1/me"})
    assert answer.status_code == 400
    assert STALE in answer.text


def test_too_large_a_file_is_refused_on_the_page_it_came_from(app: Flask, log_in: LogIn, aigul: Person) -> None:
    client = log_in(aigul)
    answer = client.post(
        "/people/imports/new",
        data=b"x" * (MAX_UPLOAD_BYTES + 1),
        content_type="multipart/form-data; boundary=x",
        headers={"Referer": "http://localhost/people/imports/new"},
    )
    assert answer.status_code == 413
    assert "The limit is 20 MB" in answer.text
    assert 'type="file"' in answer.text


def test_a_nul_is_no_text(app: Flask, log_in: LogIn, aigul: Person) -> None:
    client = log_in(aigul)
    answer = posted(client, "/programmes/new", page="/programmes/new", **{"name-en": "a\x00b", "first_year": "2026"})
    assert answer.status_code == 422
    assert "can be printed" in answer.text
    assert client.get("/people?q=%00").status_code == 400
    assert client.get("/events/%00").status_code == 404


def test_a_letter_beyond_all_numbers_is_not_there(app: Flask) -> None:
    settings = replace(app.config["TORANGY"], demo=True, embedded_mailbox=True)
    assert mailbox.letter(settings, 10**30) is None
    assert mailbox.letters(settings, before=10**30) == []


def test_two_clicks_that_arrive_together_are_told_so_and_nothing_is_stored_twice(app: Flask):
    factories.city("balkhash")
    with app.test_request_context("/cities", method="POST", headers=ENGLISH):
        with pytest.raises(IntegrityError) as collision, transaction() as session:
            session.execute(
                insert(City), {"slug": "balkhash", "name": {"en": "Twice"}, "region": {}, "timezone": "UTC"}
            )
        answer = app.make_response(app.handle_user_exception(collision.value))
    assert answer.status_code == 409
    assert "Look again, then repeat your change." in answer.get_data(as_text=True)


@pytest.mark.full
def test_what_broke_is_logged_without_the_links_secret_and_without_peoples_names(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Whoever reads the log could otherwise take Nurlan's seat, or learn who Dina is."""
    nurlan = factories.employee()
    offered(factories.event(), nurlan, until=clock.now() + timedelta(hours=2))
    path, dina = link("offer", nurlan), {"id": nurlan.id, "kind": "child", "surname": "С", "given_name": "Дина"}

    def twice(*_args: object, **_facts: object) -> None:
        with transaction() as session:
            session.execute(insert(Person).values(dina))

    monkeypatch.setattr(answer_routes, "accept_offer", twice)
    assert client.post(f"{path}/acceptance").status_code == 409
    assert "collision: POST /offers/<token>/acceptance" in caplog.text
    assert path.rsplit("/", 1)[1] not in caplog.text
    assert "Дина" not in caplog.text
