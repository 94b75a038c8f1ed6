"""Messages to a part of a roster, for programs."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient

from app.access.tokens import create_token
from app.accounts.actor import SYSTEM
from app.db import db
from app.desk.roster.models import Message
from app.people.models import Person
from tests import factories

NOW = factories.SATURDAY - timedelta(days=3)
WORDS = {"subject": {"kk": "Автобус"}, "text": {"kk": "Сағат жетіде"}}


@pytest.fixture(autouse=True)
def _clock() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def bearer(person: Person) -> dict[str, str]:
    token = create_token(factories.account(person), name="test", now=NOW, actor=SYSTEM)
    return {"Authorization": f"Bearer {token}"}


def test_a_trial_counts_and_writes_nothing(client: FlaskClient):
    aigul, event = factories.coordinator(), factories.event()
    factories.place(event, factories.employee())
    factories.place(event, factories.employee("А", "Асан", email=None))
    said = WORDS | {"is_trial": True, "filters": {"status": "confirmed"}}
    answer = client.post(f"/api/v1/events/{event.id}/messages", json=said, headers=bearer(aigul))
    assert answer.status_code == 201
    counted = {name: answer.json[name] for name in ("state", "people_then", "letters_then", "unreached")}
    assert counted == {"state": "trial", "people_then": 2, "letters_then": 1, "unreached": 1}
    assert db.session.query(Message).count() == 0


def test_it_is_written_for_later_listed_and_cancelled_once(client: FlaskClient):
    aigul, event = factories.coordinator(), factories.event()
    factories.place(event, factories.employee())
    headers, at = bearer(aigul), (NOW + timedelta(hours=5)).isoformat()
    made = client.post(f"/api/v1/events/{event.id}/messages", json=WORDS | {"send_at": at}, headers=headers)
    assert (made.status_code, made.json["state"], made.json["people_then"]) == (201, "planned", 1)
    listed = client.get(f"/api/v1/events/{event.id}/messages", headers=headers).json
    assert [one["id"] for one in listed["items"]] == [made.json["id"]]
    path = f"/api/v1/messages/{made.json['id']}"
    assert client.get(path, headers=headers).json["state"] == "planned"
    assert client.post(f"{path}/cancellation", headers=headers).json["state"] == "cancelled"
    again = client.post(f"{path}/cancellation", headers=headers)
    assert (again.status_code, again.json["type"]) == (409, "message-left")


def test_another_city_finds_no_message_and_a_filter_that_fits_nobody_is_refused(client: FlaskClient):
    aigul, zhan, event = factories.coordinator(), factories.coordinator("zhezkazgan"), factories.event()
    factories.place(event, factories.employee())
    made = client.post(f"/api/v1/events/{event.id}/messages", json=WORDS, headers=bearer(aigul))
    assert client.get(f"/api/v1/messages/{made.json['id']}", headers=bearer(zhan)).status_code == 404
    nobody = WORDS | {"filters": {"status": "waiting"}}
    answer = client.post(f"/api/v1/events/{event.id}/messages", json=nobody, headers=bearer(aigul))
    assert answer.status_code in (409, 422)
