"""The pages of reading a file: choosing it, watching it, what became of every row."""

import io
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import clock
from app.db import db
from app.files import FileStore
from app.people.models import ImportRun, Person
from app.signups.hr_files import continue_hr_files
from tests import factories

GOOD = "Табельный номер;Фамилия;Имя;Дата рождения\n100514;Сейітқали;Нұрлан;05.03.1985\n100515;Ким;Анна;31.02.1980"
LogIn = Callable[[Person], FlaskClient]


@pytest.fixture
def aigul(app: Flask, log_in: LogIn) -> FlaskClient:
    """Who coordinates Balkhash, logged in."""
    return log_in(factories.coordinator())


def send(client: FlaskClient, content: bytes | str = GOOD, **fields: str):  # type: ignore[no-untyped-def]
    """Chooses a file and sends it."""
    data = content.encode() if isinstance(content, str) else content
    form = {"kind": "employees", "city": "balkhash", "is_dry_run": "y", **fields}
    form = {name: value for name, value in form.items() if value}
    return client.post("/people/imports/new", data={**form, "file": (io.BytesIO(data), "люди.csv")})


def work(app: Flask) -> None:
    """What the worker does."""
    store = FileStore(app.config["TORANGY"].instance / "uploads")
    while continue_hr_files(store=store, now=clock.now()):
        pass


def test_aigul_tries_a_file_and_then_reads_it(aigul: FlaskClient, app: Flask) -> None:
    tried = send(aigul)
    assert tried.status_code == 303
    assert "hx-get" in aigul.get(tried.location).text
    work(app)

    page = aigul.get(tried.location).text
    assert "hx-get" not in page
    assert "1980" in page
    assert db.session.query(Person).filter_by(personnel_number="100514").count() == 0

    send(aigul, is_dry_run="")
    work(app)
    assert db.session.query(Person).filter_by(personnel_number="100514").count() == 1


def test_the_page_refreshes_its_part_alone(aigul: FlaskClient) -> None:
    where = send(aigul).location

    part = aigul.get(where, headers={"HX-Request": "true"}).text

    assert "<html" not in part
    assert "<progress" in part or "<svg" in part


@pytest.mark.parametrize(
    "content", [b"%PDF-1.7", "Имя\nПётр".encode("cp1251"), "Имя\nПётр".encode(), b"", 'Имя\n"Пётр'.encode()]
)
def test_a_bad_file_is_said_beside_the_field_and_nothing_is_kept(content: bytes, aigul: FlaskClient) -> None:
    answer = send(aigul, content)

    assert 400 <= answer.status_code < 500
    assert 'id="file-e"' in answer.text
    assert db.session.query(ImportRun).count() == 0


@pytest.mark.full
def test_fifty_megabytes_are_refused(aigul: FlaskClient) -> None:
    head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="f.csv"\r\n\r\n'
    body = head + b"x" * 50_000_000 + b"\r\n--b--\r\n"

    answer = aigul.post("/people/imports/new", data=body, content_type="multipart/form-data; boundary=b")

    assert answer.status_code == 413
    assert db.session.query(ImportRun).count() == 0


def test_aigul_reads_no_file_into_another_city(aigul: FlaskClient) -> None:
    factories.city("zhezkazgan")

    assert 400 <= send(aigul, city="zhezkazgan").status_code < 500
    assert db.session.query(ImportRun).count() == 0


def test_nobody_else_sends_files_or_sees_what_became_of_them(
    aigul: FlaskClient, client: FlaskClient, log_in: LogIn
) -> None:
    where = send(aigul).location
    nurlan = log_in(factories.employee())
    far = log_in(factories.coordinator("zhezkazgan"))

    assert send(client).status_code == 303
    assert send(nurlan).status_code == 403
    assert (nurlan.get(where).status_code, far.get(where).status_code) == (403, 404)
    assert db.session.query(ImportRun).count() == 1
