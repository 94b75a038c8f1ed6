"""What a file would change, over JSON: shown in pages and applied."""

from collections.abc import Callable
from typing import Any

from flask import Flask

from app import clock
from app.accounts.actor import ADMIN, Actor, Scope
from app.db import db
from app.files import FileStore
from app.people.importing import Plan, run_import
from app.people.models import Person
from tests import factories

FILE = "Табельный номер;Фамилия;Имя\n1;Сейітқали;Нұрлан\n2;Ким;Анна"
EVERYTHING = Actor(name="operator", scopes=(Scope(ADMIN),))


def test_the_json_calls_show_and_apply_a_report(app: Flask, program: Callable[[Person], Any]) -> None:
    aigul = program(factories.coordinator())
    plan, store = Plan("employees", "balkhash", is_dry_run=True), FileStore(app.config["TORANGY"].instance / "uploads")
    run = run_import("hr.csv", FILE.encode(), plan, store=store, now=clock.now(), actor=EVERYTHING)

    shown = aigul.get(f"/people/imports/{run.id}/differences?limit=1").json
    assert [item["verb"] for item in shown["items"]] == ["new"]
    assert shown["next"]
    applied = aigul.post(f"/people/imports/{run.id}/application", json={})

    assert (applied.status_code, applied.json["created"], applied.json["held"]) == (200, 2, False)
    assert db.session.query(Person).filter(Person.personnel_number.in_(["1", "2"])).count() == 2
    assert aigul.post(f"/people/imports/{run.id}/application", json={}).status_code == 409
    far = program(factories.coordinator("zhezkazgan"))
    assert far.get(f"/people/imports/{run.id}/differences").status_code == 404
