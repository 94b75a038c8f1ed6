"""Looking for something among 100,000 people and 1,000 events: the page, as a coordinator opens it."""

import random
import time
from datetime import timedelta
from urllib.parse import quote

from flask import Flask
from sqlalchemy import insert, text

from app.db import db, new_id, transaction
from app.events.models import Event
from app.people.models import Person
from app.people.names import fold, search_text, sort_key
from app.people.words import LAST_LETTER, index_names
from app.search.indexing import index_titles
from bench.data import Visitor, log_in_all, make_employees, make_ground, now
from bench.load import Outcome, Request, fire

SURNAMES = "Смағұлов Омаров Ахметов Сейітқали Жұмабаев Қасымов Ерланов Тілеубаев Иванов Ким Petrov Әбілқасымов".split()
ENDINGS = ["", "а", "бек", "ұлы", "баев", "ов", "ова", "ханов", "жанов", "ғалиев"]
GIVEN = "Нұрлан Айгүл Ерлан Дина Жан Гүлнар Арман Әсель Ұлан Қанат Иван Наталья Бауыржан Мәдина".split()
AT_ONCE = 5000
# What is typed: a first letter, initials, two beginnings, Latin, a number, a name of thousands, nobody.
TYPED = (
    "с", "н смағ", "nurlan smag", "Смагулова", "айг", "7000", "Иван", "coast", "жағалау 12", "zzzz", "kim natalia",
    "smagulovbek n", "ө", "тілеу", "Әбілқасымов Бауыржан",
)  # fmt: skip


def prepare(app: Flask, *, people: int, events: int = 1000) -> Visitor:
    """The rows with their words, and a coordinator who looks for them."""
    with app.app_context():
        ground = make_ground(now=now())
        _people(people)
        _events(ground, events)
        while index_names(now=now()) or index_titles(now=now()):
            pass
        _settle()
        [coordinator] = log_in_all(app, make_employees(1, now=now(), first=800000), now=now(), role="coordinator")
    return coordinator


def looked_for(port: int, coordinator: Visitor, *, count: int) -> Outcome:
    """One coordinator types one thing after another."""
    paths = [f"/search?q={quote(TYPED[number % len(TYPED)])}" for number in range(count)]
    requests = [Request(path, {"Cookie": coordinator.cookie}) for path in paths]
    return fire(port, requests, processes=1, connections=1)


def bare(app: Flask) -> float:
    """Seconds that the index alone takes for what is typed: the middle of the longest words, ten people each."""
    query = text("SELECT person_id FROM person_words WHERE word >= :first AND word < :last ORDER BY word LIMIT 10")
    took = []
    with app.app_context(), db.engine.connect() as line:
        for typed in TYPED * 20:
            word = max(fold(typed).split(), key=len)
            begins = time.perf_counter()
            line.execute(query, {"first": word, "last": word + LAST_LETTER}).all()
            took.append(time.perf_counter() - begins)
    return sorted(took)[len(took) // 2]


def _people(count: int) -> None:
    chance = random.Random(7)
    for first in range(0, count, AT_ONCE):
        rows = [_person(number, chance) for number in range(first, min(first + AT_ONCE, count))]
        with transaction() as database:
            database.execute(insert(Person), rows)


def _person(number: int, chance: random.Random) -> dict[str, object]:
    surname, given = chance.choice(SURNAMES) + chance.choice(ENDINGS), chance.choice(GIVEN)
    personnel_number = str(7000000 + number)
    return {
        "id": new_id(),
        "kind": "employee",
        "surname": surname,
        "given_name": given,
        "name_sort": sort_key(surname, given),
        "name_search": search_text(surname, given, "", personnel_number),
        "email": f"p{number}@torangy.example" if number % 2 else None,
        "personnel_number": personnel_number,
        "city": "balkhash",
        "language": "kk",
        "created_at": now(),
    }


def _events(ground: tuple[str, str], count: int) -> None:
    rows, start = [], now() + timedelta(days=400)
    for number in range(count):
        title = {"kk": f"Таза жағалау {number}", "ru": f"Чистый берег {number}", "en": f"Clean coast {number}"}
        times = {"starts_at": start, "ends_at": start + timedelta(hours=4), "created_at": now()}
        fixed = {"programme_id": ground[0], "site_id": ground[1], "kind": "cleanup", "status": "published"}
        rows.append({"id": new_id(), "title": title, **times, **fixed})
        start += timedelta(hours=5)
    with transaction() as database:
        database.execute(insert(Event), rows)


def _settle() -> None:
    """What a database does by itself within minutes of so many new rows."""
    with transaction() as database:
        database.connection().exec_driver_sql("ANALYZE")
