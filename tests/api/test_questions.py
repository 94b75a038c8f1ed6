"""Questions of an event by program: changed in words and seats; what was answered stays."""

import pytest

from app.signups.models import QuestionAnswer
from tests import factories

pytestmark = pytest.mark.usefixtures("app")
OPTIONS = [{"label": {"en": "Big bus"}}, {"label": {"en": "Small bus"}, "seats": 2}]


def asked(call, event, **typed):
    body = {"kind": "choice", "label": {"en": "Bus?"}, "options": OPTIONS} | typed
    return call.post(f"/events/{event.id}/questions", json=body).json


def test_words_seats_and_answers_change_and_keys_stay(program):
    event, aigul = factories.event(), program(factories.coordinator())
    question = asked(aigul, event)
    big, small = question["options"]
    options = [{**big, "seats": 5}, {**small, "label": {"en": "Minibus"}}, {"label": {"en": "Own car"}}]
    for option in options:
        option.pop("chosen", None)
    changed = aigul("PATCH", f"/questions/{question['id']}", json={"options": options, "required": True})
    assert changed.status_code == 200
    assert [(one["label"]["en"], one["seats"]) for one in changed.json["options"]] == [
        ("Big bus", 5), ("Minibus", 2), ("Own car", None),
    ]  # fmt: skip
    assert [one["key"] for one in changed.json["options"][:2]] == [big["key"], small["key"]]
    assert (changed.json["required"], changed.json["label"]) == (True, {"en": "Bus?"})
    assert aigul.get(f"/events/{event.id}/questions").json["items"] == [changed.json]


def test_an_answer_that_somebody_chose_stays(program):
    event, aigul = factories.event(), program(factories.coordinator())
    question = asked(aigul, event)
    place = factories.place(event, factories.employee())
    key = question["options"][0]["key"]
    values = {"question_id": question["id"], "signup_id": place.signup_id, "answered_at": factories.LONG_AGO}
    factories.saved(QuestionAnswer(**values, value=key))
    path = f"/questions/{question['id']}"
    refused = aigul("PATCH", path, json={"options": OPTIONS})
    assert (refused.status_code, list(refused.json["errors"])) == (422, ["options"])
    assert list(aigul("PATCH", path, json={"kind": "text"}).json["errors"]) == ["kind"]


def test_others_change_no_question(program):
    event, aigul = factories.event(), program(factories.coordinator())
    path = f"/questions/{asked(aigul, event)['id']}"
    assert program(factories.employee())("PATCH", path, json={}).status_code == 403
    assert program(factories.coordinator("zhezkazgan"))("PATCH", path, json={}).status_code == 403
    assert aigul("PATCH", "/questions/nosuch", json={}).status_code == 404
