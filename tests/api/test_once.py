"""Idempotency-Key: once, the same answer, also when two come at the same moment."""

import threading
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from app import clock
from app.api.models import IdempotencyKey
from app.db import db, transaction
from app.events.models import Programme
from tests import factories

pytestmark = pytest.mark.usefixtures("app")
BODY = {"name": {"en": "Clean Coast"}, "year": 2030}
KEY = {"Idempotency-Key": "k-1"}


def test_the_same_key_and_body_give_the_same_answer_made_once(program):
    admin = program(factories.admin())
    first = admin.post("/programmes", json=BODY, headers=KEY)
    again = admin.post("/programmes", json=dict(reversed(BODY.items())), headers=KEY)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json == again.json
    assert db.session.query(Programme).count() == 1
    assert again.headers["Idempotent-Replayed"] == "true"


def test_the_same_key_for_something_else_is_refused(program):
    admin = program(factories.admin())
    admin.post("/programmes", json=BODY, headers=KEY)
    other = admin.post("/programmes", json=BODY | {"year": 2031}, headers=KEY)
    assert (other.status_code, other.json["type"]) == (422, "idempotency-key-reused")
    elsewhere = admin.post("/sites", json=BODY, headers=KEY)
    assert elsewhere.json["type"] == "idempotency-key-reused"


def test_keys_of_different_logins_have_nothing_to_do_with_each_other(program):
    one, other = program(factories.admin()), program(factories.admin())
    assert (
        one.post("/programmes", json=BODY, headers=KEY).json != other.post("/programmes", json=BODY, headers=KEY).json
    )


def test_a_refusal_is_not_remembered(program):
    admin = program(factories.admin())
    assert admin.post("/sites", json={"name": {"en": "Coast"}, "city": "balkhash-2"}, headers=KEY).status_code == 422
    factories.city("balkhash-2")
    assert admin.post("/sites", json={"name": {"en": "Coast"}, "city": "balkhash-2"}, headers=KEY).status_code == 201


def test_without_a_key_each_request_counts(program):
    admin = program(factories.admin())
    assert admin.post("/programmes", json=BODY).json != admin.post("/programmes", json=BODY).json


@pytest.mark.parametrize("key", ["", "x" * 101, "ключ"])
def test_a_key_has_a_shape(program, key):
    answer = program(factories.admin()).post("/programmes", json=BODY, headers={"Idempotency-Key": key})
    assert answer.status_code == 422
    assert db.session.query(Programme).count() == 0


def test_two_that_come_at_the_same_moment_are_done_once(program, app):
    admin = program(factories.admin())
    db.session.remove()
    answers, gate = [], threading.Barrier(6)

    def call() -> None:
        gate.wait()
        answers.append(FlaskClient(app).post("/api/v1/programmes", json=BODY, headers=admin.headers | KEY).json)

    threads = [threading.Thread(target=call) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({answer["id"] for answer in answers}) == 1
    assert db.session.query(Programme).count() == 1


def test_long_work_that_died_may_be_begun_anew_after_a_while(program):
    from app.api.once import GIVEN_UP_AFTER

    owner = factories.admin()
    admin, account = program(owner), factories.account(owner)
    admin.post("/programmes", json=BODY, headers=KEY)
    with transaction():
        row = db.session.query(IdempotencyKey).filter_by(account_id=account.id).one()
        row.status, row.answer = None, None
    assert admin.post("/programmes", json=BODY, headers=KEY).json["type"] == "still-working"
    with transaction():
        row.created_at = clock.now() - GIVEN_UP_AFTER - timedelta(seconds=1)
    assert admin.post("/programmes", json=BODY, headers=KEY).status_code == 201
