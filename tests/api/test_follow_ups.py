"""Follow-ups and departments' shares by program."""

import pytest

from app.db import db
from app.tasks.models import TaskEntry
from tests import factories

pytestmark = pytest.mark.usefixtures("app")


@pytest.mark.full
def test_one_is_written_down_once_moved_and_found(program):
    aigul, zhan = program(factories.coordinator()), program(factories.coordinator("zhezkazgan"))
    wanted = {"text": {"kk": "Жәшік қою"}, "city": "balkhash", "owner": "Әкімдік", "due_on": "2030-06-15"}
    key = {"Idempotency-Key": "once"}
    made = [aigul.post("/follow-ups", json=wanted, headers=key) for _ in range(2)]
    assert [one.status_code for one in made] == [201, 201] and made[0].json == made[1].json
    task_id = made[0].json["id"]
    found = aigul.get("/follow-ups?state=open&city=balkhash").json
    assert [(one["id"], one["owner"], one["due_on"]) for one in found["items"]] == [(task_id, "Әкімдік", "2030-06-15")]
    assert zhan.get("/follow-ups").json["items"] == []
    move = f"/follow-ups/{task_id}/state"
    assert aigul.post(move, json={"state": "dropped"}).json["type"] == "no-reason"
    assert zhan.post(move, json={"state": "done"}).status_code == 404
    assert aigul.post(move, json={"state": "dropped", "note": "Керек емес"}).json["dropped_reason"] == "Керек емес"
    assert aigul.post(move, json={"state": "done"}).json["type"] == "no-such-move"
    assert db.session.query(TaskEntry).filter_by(task_id=task_id, kind="moved").count() == 1
    refused = aigul.post("/follow-ups", json={"text": {}, "city": "nowhere"})
    assert refused.status_code == 422 and set(refused.json["errors"]) == {"text", "city"}


def test_departments_are_told_without_those_that_are_too_small(program):
    for name, heads in (("Балқыту цехы", 5), ("Кеңсе", 4)):
        for _ in range(heads):
            factories.employee(department=name)
    found = program(factories.coordinator(department="")).get("/engagement/departments?year=2030").json
    assert [(one["name"], one["headcount"], one["took_part"]) for one in found["items"]] == [("Балқыту цехы", 5, 0)]
    assert found["hidden"] == 1
