"""A call that takes an e-mail says when its domain looks mistyped, and does its work all the same."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale, gettext

from app import clock
from app.people.doubting import DOUBTED
from app.people.models import Person
from tests import factories

Program = Callable[[Person], Any]
SLIP, MEANT = "dina@gmial.com", "dina@gmail.com"


@pytest.fixture
def aigul(app: Flask, program: Program) -> Any:
    return program(factories.coordinator())


def warned(answer: Any, field: str = "email") -> bool:
    """Whether it warns of just this field; the sentence names the address that was probably meant."""
    assert answer.status_code in (200, 201), answer.json
    told = answer.json["warnings"]
    assert [one["field"] for one in told] == ([field] if told else [])
    return bool(told) and MEANT in told[0]["why"]


def test_a_new_person(aigul: Any) -> None:
    person = {"surname": "Ким", "city": "balkhash"}
    answer = aigul.post("/people", json={**person, "email": SLIP})
    assert warned(answer) and answer.json["email"] == SLIP
    assert not warned(aigul.post("/people", json={**person, "email": "kim@mail.ru"}))
    assert not warned(aigul.post("/people", json=person))


def test_the_same_key_gets_the_same_warning(aigul: Any) -> None:
    call = {"json": {"surname": "Ким", "city": "balkhash", "email": SLIP}, "headers": {"Idempotency-Key": "one"}}
    first = aigul.post("/people", **call)
    assert warned(first) and aigul.post("/people", **call).json == first.json


def test_the_warning_is_said_in_the_callers_language(app: Flask, program: Program) -> None:
    russian = program(factories.coordinator(language="ru"))
    told = russian.post("/people", json={"surname": "Ким", "city": "balkhash", "email": SLIP}).json["warnings"]
    with force_locale("ru"):
        assert told[0]["why"] == gettext(DOUBTED, meant=MEANT, address=SLIP)


def test_a_host_once_when_the_address_is_new(aigul: Any) -> None:
    event = factories.event()
    added = aigul.post(f"/events/{event.id}/hosts", json={"name": "Зере", "email": SLIP})
    assert warned(added)
    same = aigul("PUT", f"/hosts/{added.json['id']}", json={"name": "Зере Ә.", "email": SLIP})
    assert not warned(same)
    assert warned(aigul("PUT", f"/hosts/{added.json['id']}", json={"name": "Зере", "email": "dina@gmail.con"}))


def test_a_caterer(aigul: Any) -> None:
    event = factories.event(lunch=True)
    for expected in (True, False):
        answer = aigul("PUT", f"/events/{event.id}/lunch", json={"caterer_name": "Дастархан", "caterer_email": SLIP})
        assert warned(answer, "caterer_email") is expected


def test_a_contact_of_an_institution(aigul: Any) -> None:
    event, school = factories.event(starts_at=clock.now() + timedelta(days=20)), factories.institution()
    contacts = [{"name": "Ә", "email": "a@mail.ru"}, {"name": "Б", "email": SLIP}]
    due = (clock.now() + timedelta(days=9)).isoformat()
    wanted = {"institution_id": school.id, "seats": 5, "names_due_at": due, "contacts": contacts}
    answer = aigul.post(f"/events/{event.id}/invitations", json=wanted)
    assert warned(answer, "contacts.1.email")


def test_a_file_of_people(aigul: Any) -> None:
    file = f"Табельный номер;Фамилия;Имя;Эл. почта\n1;Ким;Анна;{SLIP}\n2;Ли;Ян;yan@mail.ru"
    form = {"kind": "employees", "city": "balkhash", "file": (io.BytesIO(file.encode()), "hr.csv")}
    answer = aigul.post("/people/imports", data=form)
    assert (answer.status_code, answer.json["created"]) == (200, 2)
    (told,) = answer.json["warnings"]
    assert (told["row"], told["field"]) == (2, "email") and MEANT in told["why"]


def test_a_stranger_learns_nothing(stranger: Any, app: Flask, program: Program) -> None:
    person = {"surname": "Ким", "city": "balkhash", "email": SLIP}
    assert stranger.post("/people", json=person).status_code == 401
    far = program(factories.coordinator("zhezkazgan"))
    factories.city()
    assert far.post("/people", json=person).status_code == 403
