"""One box over people, events and sites: in any spelling, and only what one may see."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from app.accounts.actor import STRANGER, Actor
from app.db import db, transaction
from app.people.models import Person, PersonWord
from app.people.words import index_names
from app.search.indexing import index_titles
from app.search.queries import Found, found_for
from tests import factories
from tests.people.test_sight import acting
from tests.signups.test_query_counts import counted

NOW = factories.SATURDAY - timedelta(days=30)


def indexed() -> None:
    """What the worker does in its next round."""
    while index_names(now=NOW) or index_titles(now=NOW):
        pass


def names(found: Found) -> list[str]:
    """The people that were found."""
    return [person.short_name for person in found.people]


def titles(actor: Actor, q: str) -> list[str]:
    """The events that were found, in English."""
    return [event.title["en"] for event in found_for(actor, q, now=NOW).events]


@pytest.fixture
def aigul(app: Flask) -> Actor:
    """Coordinates Balkhash."""
    return acting(factories.coordinator("balkhash"))


@pytest.mark.parametrize(
    "typed",
    [
        "смагулов",
        "Смағұлов",
        "smag",
        "nurlan smag",
        "SMAGULOV N.",
        "Н. Смағ",
        "7001",
        "smagulov.n@",
        "Смагулов, Нурлан",
    ],
)
@pytest.mark.parametrize("is_indexed", [True, False])
@pytest.mark.full
def test_nurlan_is_found_in_any_spelling_before_and_after_the_worker_came(typed: str, is_indexed: bool, aigul: Actor):
    factories.employee("Смағұлов", "Нұрлан", personnel_number="700123", email="smagulov.n@torangy.example")
    factories.employee("Смағұлов", "Ерлан", personnel_number="800123")
    if is_indexed:
        indexed()

    found = names(found_for(aigul, typed, now=NOW))

    assert "Смағұлов Нұрлан" in found
    if len(typed.split()) > 1:
        assert found == ["Смағұлов Нұрлан"]


def test_a_word_must_begin_so_and_a_sign_finds_nobody(aigul: Actor):
    factories.employee("Смағұлов", "Нұрлан")
    indexed()

    for typed in ("мағұлов", "%", "_", "", "smagulov erlan", "x" * 500):
        assert found_for(aigul, typed, now=NOW).is_empty


def test_strangers_find_no_people_colleagues_no_children_and_a_guardian_their_own(aigul: Actor):
    nurlan, stan = factories.employee(), factories.employee("Стан", "Стэн")
    factories.child(nurlan)
    indexed()

    assert names(found_for(STRANGER, "дина", now=NOW)) == []
    assert names(found_for(STRANGER, "нұрлан", now=NOW)) == []
    assert names(found_for(acting(stan), "дина", now=NOW)) == []
    assert names(found_for(acting(stan), "нұрлан", now=NOW)) == []
    assert names(found_for(acting(nurlan), "дина", now=NOW)) == ["Сейітқали Дина"]
    assert names(found_for(aigul, "дина", now=NOW)) == ["Сейітқали Дина"]


def test_a_coordinator_of_another_city_finds_nobody_here(app: Flask):
    factories.employee()
    zhan = acting(factories.coordinator("zhezkazgan"))
    indexed()

    assert names(found_for(zhan, "сейітқали", now=NOW)) == []


def test_a_name_that_changed_is_found_at_once_and_the_old_one_no_more(aigul: Actor):
    nurlan = factories.employee()
    indexed()
    with transaction():
        row = db.session.get_one(Person, nurlan.id)
        row.surname, row.name_search = "Ахметов", " ahmetov nurlan"

    assert names(found_for(aigul, "ахмет", now=NOW)) == ["Ахметов Нұрлан"]
    indexed()
    assert names(found_for(aigul, "ахмет", now=NOW)) == ["Ахметов Нұрлан"]
    assert names(found_for(aigul, "сейіт", now=NOW)) == []


def test_somebody_erased_leaves_no_word_behind(aigul: Actor):
    nurlan = factories.employee()
    indexed()
    with transaction():
        row = db.session.get_one(Person, nurlan.id)
        row.name_search, row.email, row.erased_at = "", None, NOW
    indexed()

    assert db.session.query(PersonWord).filter_by(person_id=nurlan.id).count() == 0


@pytest.mark.full
def test_events_are_found_in_three_languages_and_latin_by_title_and_place(aigul: Actor):
    factories.event(status="draft", title={"kk": "Қайың отырғызу", "ru": "Посадка берёз", "en": "Planting birches"})
    factories.event()
    indexed()

    for typed in ("қайың", "kaiyn otyr", "берез", "Posadka", "birch"):
        assert titles(aigul, typed) == ["Planting birches"]
    assert titles(STRANGER, "қайың") == [], "nobody sees a draft"
    assert titles(STRANGER, "жағалауы балқаш") == ["Clean coast"]
    assert titles(STRANGER, "coast") == ["Clean coast"]


def test_what_is_ahead_comes_before_what_was(aigul: Actor):
    for weeks, name in ((-40, "Last year"), (3, "In May"), (1, "In April"), (-60, "Long ago")):
        factories.event(starts_at=NOW + timedelta(weeks=weeks), title={"en": f"Cleanup {name}"})
    indexed()

    assert titles(STRANGER, "cleanup") == [
        f"Cleanup {name}" for name in ("In April", "In May", "Last year", "Long ago")
    ]


def test_sites_are_for_those_who_plan(aigul: Actor):
    factories.site()
    indexed()

    assert [site.name["en"] for site in found_for(aigul, "побереж", now=NOW).sites] == ["City coast"]
    assert not found_for(acting(factories.employee()), "побереж", now=NOW).sites
    assert index_titles(now=NOW) is False, "what is indexed is left alone"


def test_there_are_more_than_ten(aigul: Actor):
    for number in range(11):
        factories.employee("Ким", f"Наталья{number:02d}")

    found = found_for(aigul, "ким", now=NOW)

    assert len(found.people) == 10
    assert "people" in found.more


def test_the_page_groups_what_was_found_and_says_when_there_is_nothing(log_in, client):
    nurlan, aigul = factories.employee(), factories.coordinator()
    factories.event(title={"en": "Seitkali day"})
    indexed()

    page = log_in(aigul).get("/search?q=seitk").text
    assert "Сейітқали" in page and "Seitkali day" in page
    assert f"/people/{nurlan.id}" in page
    stranger = client.get("/search?q=seitk").text
    assert "Сейітқали" not in stranger and "Seitkali day" in stranger
    assert "zzz" in log_in(aigul).get("/search?q=zzz").text


def test_the_page_asks_at_most_twelve_questions(log_in):
    factories.event(title={"en": "Seitkali day"})
    for number in range(5):
        factories.employee("Сейітқали", f"Нұрлан{number}")
    indexed()
    browser = log_in(factories.coordinator())

    with counted() as asked:
        browser.get("/search?q=seitk")

    assert len(asked) <= 12


def test_a_word_is_found_in_an_index(app: Flask):
    indexed()
    if db.engine.dialect.name != "sqlite":
        pytest.skip("SQLite's own way to say how it looks")
    plan = db.session.execute(
        text("EXPLAIN QUERY PLAN SELECT person_id FROM person_words WHERE word >= 'a' AND word < 'b'")
    )
    assert "SEARCH" in str(plan.all())
