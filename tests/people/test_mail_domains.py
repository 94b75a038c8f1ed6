"""Mistyped domains are asked about once, when they are typed; who says that it is right is believed."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from app.db import db
from app.people.mail_domains import USUAL, distance, doubt
from app.people.models import Institution, Person
from app.people.values import Unfit, read_email
from tests import factories

LogIn = Callable[[Person], FlaskClient]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("gmial.com", "gmail.com"),
        ("gmail.con", "gmail.com"),
        ("gmail.ru", "gmail.com"),
        ("gmai.com", "gmail.com"),
        ("gnail.com", "gmail.com"),
        ("gmаil.com", "gmail.com"),  # with a Cyrillic a
        ("mial.ru", "mail.ru"),
        ("maill.ru", "mail.ru"),
        ("mail.ri", "mail.ru"),
        ("yandx.kz", "yandex.kz"),
        ("yanedx.ru", "yandex.ru"),
        ("hotmial.com", "hotmail.com"),
        ("outlok.com", "outlook.com"),
        ("iclould.com", "icloud.com"),
        ("rambelr.ru", "rambler.ru"),
    ],
)
def test_a_slip_is_asked_about(typed: str, meant: str) -> None:
    assert doubt(f"dina.2@{typed}") == f"dina.2@{meant}"


@pytest.mark.parametrize("domain", [*USUAL, "kazakhmys.example", "uk.ru", "nur.kz", "ya.kz", "пошта.қаз", "gov.kz"])
def test_what_is_usual_or_like_nothing_is_not_asked_about(domain: str) -> None:
    assert doubt(f"dina@{domain}") is None


def test_what_many_of_ours_have_is_right_and_the_first_that_is_meant() -> None:
    assert doubt("dina@kazakhmis.kz", ["kazakhmys.kz"]) == "dina@kazakhmys.kz"
    assert doubt("dina@mail.kg", ["mail.kg"]) is None


@pytest.mark.parametrize("text", ["", "@", "dina", "dina@", "@gmial.com"])
def test_what_is_no_address_is_not_asked_about(text: str) -> None:
    assert doubt(text) is None


@given(st.text("abc.", max_size=7), st.text("abc.", max_size=7))
def test_distance_is_the_same_both_ways_and_none_only_between_equals(one: str, other: str) -> None:
    steps = distance(one, other, most=9)
    assert steps == distance(other, one, most=9) and (steps == 0) == (one == other)
    assert distance(one, other, most=1) == min(steps, 2)


@given(st.sampled_from(USUAL), st.integers(0, 20), st.sampled_from("qxz"))
def test_one_wrong_letter_never_leads_elsewhere_than_near(domain: str, at: int, letter: str) -> None:
    typed = domain[: at % len(domain)] + letter + domain[at % len(domain) + 1 :]
    meant = doubt(f"a@{typed}")
    assert (
        meant is None or distance(meant.partition("@")[2], typed, most=3) <= 2 or "gmail" in meant or "icloud" in meant
    )


def typed(person: Person, email: str, **more: str) -> dict[str, str]:
    names = {"surname": person.surname, "given_name": person.given_name, "city": person.city or ""}
    return {**names, "language": "kk", "personnel_number": person.personnel_number or "", "email": email, **more}


def test_the_form_asks_once_and_believes_who_says_that_it_is_right(app: Flask, log_in: LogIn) -> None:
    nurlan, aigul = factories.employee(email=None), log_in(factories.coordinator())
    page = f"/people/{nurlan.id}/edit"
    asked = aigul.post(page, data=typed(nurlan, "Nurlan@gmial.com"))
    assert asked.status_code == 422 and "gmail.com" in asked.text
    assert 'name="address_is_right" value="nurlan@gmial.com"' in asked.text
    other = aigul.post(page, data=typed(nurlan, "nurlan@yandx.ru", address_is_right="nurlan@gmial.com"))
    assert other.status_code == 422
    said = aigul.post(page, data=typed(nurlan, "Nurlan@gmial.com", address_is_right="nurlan@gmial.com"))
    assert said.status_code == 303
    db.session.expire_all()
    assert nurlan.email == "nurlan@gmial.com"
    assert aigul.post(page, data=typed(nurlan, "nurlan@gmial.com", department="x")).status_code == 303


def test_the_domain_of_five_of_ours_needs_no_question(app: Flask, log_in: LogIn) -> None:
    nurlan, aigul = factories.employee(email=None), log_in(factories.coordinator())
    page = f"/people/{nurlan.id}/edit"
    for number in range(4):
        factories.employee(email=f"a{number}@mail.rv")
    assert aigul.post(page, data=typed(nurlan, "nurlan@mail.rv")).status_code == 422
    factories.employee(email="a5@mail.rv")
    assert aigul.post(page, data=typed(nurlan, "nurlan@mail.rv")).status_code == 303
    assert "mail.rv демекші" in aigul.post(page, data=typed(nurlan, "nurlan@maill.rv")).text


def test_an_institution_is_asked_too(app: Flask, log_in: LogIn) -> None:
    aigul = log_in(factories.coordinator())
    form = {"name-kk": "Мектеп", "kind": "school", "city": "balkhash", "contact_email": "school@mail.ry"}
    form["contact_language"] = "kk"
    assert "mail.ru" in aigul.post("/institutions", data=form).text
    assert db.session.query(Institution).count() == 0
    form["address_is_right"] = "school@mail.ry"
    assert aigul.post("/institutions", data=form).status_code == 303


@pytest.mark.parametrize("text", ["дина@mail.ru", "dinа@mail.ru", "әсел@пошта.қаз"])
def test_cyrillic_before_the_sign_is_refused_where_it_is_typed(text: str) -> None:
    with pytest.raises(Unfit, match="only Latin letters"):
        read_email(text)


def test_a_kazakh_domain_is_taken() -> None:
    assert read_email("Asel@Пошта.ҚАЗ") == "asel@пошта.қаз"


@pytest.mark.parametrize(
    "text",
    ["a@b.kz\nBcc: x@y.kz", 'a@b.kz, "x" <c@d.kz>', "a@b.kz>", '"a b"@c.kz', "a\u2028@b.kz", "a@[1]"],
)
def test_nothing_is_smuggled_in_with_an_address(text: str) -> None:
    with pytest.raises(Unfit):
        read_email(text)


def test_what_can_not_be_printed_is_dropped() -> None:
    assert read_email("a@b.kz\x00") == read_email("a@b.kz\u200b") == "a@b.kz"
