"""Pages and files of pictures: what a browser sends, what comes back, who sees what, and what caches may keep."""

import io
import re

import pytest
from flask import Flask
from PIL import Image

from app import clock
from app.access.tokens import create_token
from app.accounts.actor import SYSTEM
from app.db import db, transaction
from app.impact.pictures import routes
from app.impact.pictures.models import PhotoRefusal, Picture
from app.impact.pictures.objecting import refuse_photos
from tests import factories
from tests.impact.pictures.making import ALT, NOBODY, THEN, acting, added, blobs, bomb, photo, published, store_of

JSON = {"Accept": "application/json"}


@pytest.fixture(autouse=True)
def monday(monkeypatch: pytest.MonkeyPatch) -> None:
    """The event was on Saturday."""
    monkeypatch.setattr(clock, "now", lambda: THEN)


@pytest.fixture
def aigul(app: Flask):
    return factories.coordinator("balkhash")


@pytest.fixture
def marat(app: Flask):
    return factories.employee("Оспанов", "Марат")


@pytest.fixture
def event(app: Flask):
    store = store_of()
    for name in blobs(store):
        store.delete(name)
    return factories.event(audience="families")


def sent(content: bytes, name: str = "photo.jpg") -> tuple[io.BytesIO, str]:
    return io.BytesIO(content), name


def test_one_picture_of_many_answers_for_itself(event, aigul, log_in):
    browser, address = log_in(aigul), f"/events/{event.id}/pictures"
    answer = browser.post(address, data={"pictures": [sent(photo())]}, headers=JSON)
    assert answer.status_code == 201
    [picture] = db.session.query(Picture)
    assert answer.json == {"id": picture.id, "url": f"/pictures/{picture.id}"}
    again = browser.post(address, data={"pictures": [sent(photo())]}, headers=JSON)
    assert again.status_code == 422 and again.json["type"] == "picture-known"


@pytest.mark.parametrize(
    ("content", "type"), [(b"%PDF-1.7\n%%EOF", "picture-unfit"), (bomb(), "picture-too-fine"), (b"", "no-picture")]
)
def test_what_is_no_picture_is_refused_in_words(event, aigul, log_in, content: bytes, type: str):
    answer = log_in(aigul).post(f"/events/{event.id}/pictures", data={"pictures": [sent(content)]}, headers=JSON)
    assert (answer.status_code, answer.json["type"]) == (422, type) and answer.json["detail"]
    assert not blobs(store_of()) and not db.session.query(Picture).count()


def test_a_file_of_200_mb_is_refused_before_it_is_read(event, aigul, log_in):
    class Endless(io.BytesIO):
        taken = 0

        def read(self, size: int | None = -1) -> bytes:
            Endless.taken += abs(size or 0)
            return b"x" * abs(size or 0)

    claimed = {"CONTENT_LENGTH": str(200 * 1024 * 1024), "CONTENT_TYPE": "multipart/form-data; boundary=x"}
    browser, address = log_in(aigul), f"/events/{event.id}/pictures"
    answer = browser.post(address, input_stream=Endless(), headers=JSON, environ_overrides=claimed)
    assert answer.status_code == 413 and "20" in answer.json["detail"]
    assert Endless.taken < 1024 * 1024 and not blobs(store_of())


def test_a_plain_form_keeps_what_is_fit_and_names_the_rest(event, aigul, log_in):
    with transaction():
        aigul.language = "en"
    browser, address = log_in(aigul), f"/events/{event.id}/pictures"
    files = [sent(photo()), sent(b"%PDF-1.7", "akt.jpg"), sent(photo(colour=(9, 9, 9)), "b.jpg")]
    page = browser.post(address, data={"pictures": files}, follow_redirects=True)
    text = page.get_data(as_text=True)
    assert db.session.query(Picture).count() == 2
    assert "akt.jpg: This file is no picture" in text and "Kept: 2." in text
    empty = browser.post(address, data={"pictures": []})
    assert empty.status_code == 422


def test_a_form_of_many_may_be_larger_than_other_forms(event, aigul, log_in, app: Flask, monkeypatch):
    monkeypatch.setitem(app.config, "MAX_CONTENT_LENGTH", 2000)
    browser, data = log_in(aigul), {"pictures": [sent(photo((900, 900), quality=95))]}
    assert browser.post(f"/events/{event.id}/pictures", data=data, headers=JSON).status_code == 201
    assert browser.post(f"/events/{event.id}/pictures/words", data={"x": "y" * 5000}).status_code == 413
    assert routes.MOST_AT_ONCE > 20 * 1024 * 1024


def test_the_file_is_for_those_who_run_the_event_until_it_is_published(event, aigul, marat, log_in, client):
    picture = added(event, acting(aigul))
    address = f"/pictures/{picture.id}/small.jpg"
    assert client.get(address).status_code == 404 == log_in(marat).get(address).status_code
    own = log_in(aigul).get(address)
    assert own.status_code == 200 and own.headers["Cache-Control"] == "private, no-cache"
    assert Image.open(io.BytesIO(own.data)).size == (480, 360)
    assert client.get("/pictures/nosuchpicture/small.jpg").status_code == 404
    assert log_in(aigul).get(f"/pictures/{picture.id}/huge.jpg").status_code == 404


def test_a_published_file_is_kept_by_browsers_and_gone_when_it_is_taken_down(event, aigul, marat, log_in, client):
    picture = published(event, acting(aigul), acting(marat))
    address = f"/pictures/{picture.id}/medium.jpg"
    first = client.get(address)
    assert first.status_code == 200 and first.content_type == "image/jpeg"
    assert first.headers["Cache-Control"] == "public, max-age=604800, s-maxage=300, immutable"
    assert "Set-Cookie" not in first.headers
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304 and not again.data
    assert log_in(aigul).post(f"/pictures/{picture.id}/withdrawal").status_code == 303
    for headers in ({}, {"If-None-Match": first.headers["ETag"]}):
        assert client.get(address, headers=headers).status_code == 404
    assert picture.id not in client.get(f"/events/{event.id}/album").get_data(as_text=True)


def test_an_event_kept_from_the_public_shows_its_pictures_to_those_who_are_known(aigul, marat, log_in, client):
    event = factories.event(is_hidden=True)
    picture = published(event, acting(aigul), acting(marat))
    address = f"/pictures/{picture.id}/small.jpg"
    assert client.get(address).status_code == 404
    known = log_in(factories.employee()).get(address)
    assert known.status_code == 200 and "private" in known.headers["Cache-Control"]


def test_from_the_form_to_the_album(event, aigul, log_in, client):
    second = factories.employee("Оспанов", "Марат")
    factories.account(second, "coordinator", city="balkhash")
    picture = added(event, acting(aigul))
    address = f"/pictures/{picture.id}"
    form = {f"alt-{code}": text for code, text in ALT.items()} | {"shows": "agreed", "revision": "0"}
    factories.place(event, factories.child(second))
    unread = log_in(aigul).post(address, data=form)
    assert unread.status_code == 422 and 'name="read_refusals"' in unread.get_data(as_text=True)
    assert log_in(aigul).post(address, data=form | {"read_refusals": "y"}).status_code == 303
    assert log_in(aigul).post(f"{address}/publication").status_code == 409
    assert log_in(aigul).post(address, data=form | {"shows": "nobody"}).status_code == 409, "somebody wrote meanwhile"
    assert log_in(second).post(f"{address}/publication").status_code == 303
    album = client.get(f"/events/{event.id}/album", headers={"Accept-Language": "ru"}).get_data(as_text=True)
    assert ALT["ru"] in album and re.search(rf'src="{address}/small.jpg" srcset="[^"]*large.jpg 640w', album)


def test_who_must_not_be_shown_stands_beside_the_form_for_those_who_run_the_event_alone(event, aigul, log_in, client):
    nurlan = factories.employee()
    factories.place(event, nurlan)
    refuse_photos(nurlan, now=THEN, actor=acting(aigul))
    picture = published(event, acting(aigul), acting(factories.employee("Оспанов", "Марат")), NOBODY)
    for address in (f"/events/{event.id}/pictures", f"/pictures/{picture.id}"):
        assert "Сейітқали Нұрлан" in log_in(aigul).get(address).get_data(as_text=True)
        assert log_in(nurlan).get(address).status_code == 403
    assert "Сейітқали" not in client.get(f"/events/{event.id}/album").get_data(as_text=True)


def test_one_says_oneself_that_one_wants_to_be_on_no_picture(event, aigul, marat, log_in):
    nurlan = factories.employee()
    dina = factories.child(nurlan)
    factories.place(event, dina)
    picture = published(event, acting(aigul), acting(marat))
    browser = log_in(nurlan)
    page = browser.get("/my/pictures").get_data(as_text=True)
    assert "Дина" in page and f"/events/{event.id}/album" in page
    answer = browser.post(f"/people/{dina.id}/photo-refusal")
    assert (answer.status_code, answer.location) == (303, "/my/pictures")
    assert not db.session.get_one(Picture, picture.id).is_published
    assert browser.post(f"/people/{marat.id}/photo-refusal").status_code == 404
    browser.post(f"/people/{dina.id}/photo-refusal/withdrawal")
    assert db.session.query(PhotoRefusal).filter_by(withdrawn_at=None).count() == 0


def test_a_coordinator_writes_down_what_was_said_by_word_of_mouth(event, aigul, log_in):
    nurlan = factories.employee()
    factories.place(event, nurlan)
    browser, address = log_in(aigul), f"/events/{event.id}/pictures/refusals"
    assert nurlan.id in browser.get(f"{address}?q=нұр").get_data(as_text=True)
    assert nurlan.id not in browser.get(f"{address}?q=дина").get_data(as_text=True)
    answer = browser.post(f"/people/{nurlan.id}/photo-refusal", data={"event": event.id, "q": "нұр"})
    assert answer.status_code == 303 and answer.location.startswith(address)


def test_programs_read_the_published_album(event, aigul, marat, app):
    shown = published(event, acting(aigul), acting(marat))
    added(event, acting(aigul), colour=(1, 2, 3))
    token = create_token(factories.account(factories.employee()), name="test", now=THEN, actor=SYSTEM)
    answer = app.test_client().get(f"/api/v1/events/{event.id}/pictures", headers={"Authorization": f"Bearer {token}"})
    [one] = answer.json["items"]
    assert (one["id"], one["alt"], one["width"], answer.json["next"]) == (shown.id, ALT, 640, None)
    assert one["files"]["large"].endswith(f"/pictures/{shown.id}/large.jpg") and one["files"]["large"].startswith(
        "http"
    )
