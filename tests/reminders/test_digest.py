"""The coordinators' morning letter: once a day at half past seven of their city, and none where nothing is to say."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from app.accounts.actor import Actor, Scope
from app.accounts.models import Account
from app.db import db, transaction
from app.events.models import ChecklistItem, Event
from app.mail.delivery import deliver_batch
from app.mail.models import Mail
from app.mail.smtp import Post
from app.people.models import City, Person
from app.reminders.digest import queue_digests
from app.reminders.models import DigestDay
from app.rosters.changing import Wanted, make_change
from app.rosters.undoing import undo_change
from app.tasks.models import Task
from tests import factories
from tests.mail.sink import Sink
from tests.reminders.test_queueing import words_of

START = datetime(2030, 5, 18, 9, 0, tzinfo=ZoneInfo("Asia/Almaty"))
MORNING = datetime(2030, 4, 10, 7, 30, tzinfo=ZoneInfo("Asia/Almaty"))
YESTERDAY = MORNING - timedelta(hours=15)
ZHAN = Actor(name="Zhan", scopes=(Scope("coordinator", city="balkhash"),))


def digests(now: datetime = MORNING) -> dict[str, Mail]:
    """{address: letter} of what this moment makes."""
    before = {mail.id for mail in db.session.query(Mail)}
    while queue_digests(now=now):
        pass
    db.session.expire_all()
    return {mail.recipient: mail for mail in db.session.query(Mail) if mail.id not in before}


@pytest.fixture
def aigul(app: Flask) -> Person:
    return factories.coordinator(email="aigul@torangy.example")


@pytest.fixture
def event(aigul: Person) -> Event:
    """An event in five weeks, where nothing happens."""
    return factories.event(starts_at=START)


def said(**about: Any) -> dict[str, Any]:
    """What the only letter of this morning says of the only event."""
    (letter,) = digests().values()
    (one,) = letter.context["events"]
    return (
        {name: one[name] for name in about} | {"kind": letter.kind} | {name: one[name] for name in ("joined", "left")}
    )


def test_nothing_to_say_is_no_letter(event: Event) -> None:
    assert digests() == {}
    (day,) = db.session.query(DigestDay)
    assert (day.day, day.lines) == (date(2030, 4, 10), 0)


def test_who_came_and_who_left_since_is_counted(event: Event) -> None:
    factories.place(event, factories.employee(), created_at=YESTERDAY)
    factories.place(event, factories.employee(), status="waiting", created_at=YESTERDAY)
    factories.place(event, factories.employee(), status="cancelled", cancelled_at=YESTERDAY)
    factories.place(event, factories.employee(), status="cancelled", cancelled_at=YESTERDAY, created_at=YESTERDAY)
    factories.place(event, factories.employee())
    assert said() == {"kind": "digest", "joined": 2, "left": 1}


def test_once_a_day_and_only_what_is_new(event: Event) -> None:
    factories.place(event, factories.employee(), created_at=YESTERDAY)
    assert len(digests()) == 1
    assert digests(MORNING + timedelta(minutes=1)) == {}
    assert digests(MORNING + timedelta(days=1)) == {}
    factories.place(event, factories.employee(), created_at=MORNING + timedelta(days=1, hours=3))
    (letter,) = digests(MORNING + timedelta(days=2)).values()
    assert letter.context["events"][0]["joined"] == 1


@pytest.mark.parametrize(
    ("hour", "minute", "comes"), [(7, 29, False), (7, 30, True), (11, 59, True), (12, 0, False), (3, 0, False)]
)
def test_it_leaves_in_the_morning_of_the_coordinators_city(event: Event, hour: int, minute: int, comes: bool) -> None:
    factories.place(event, factories.employee(), created_at=YESTERDAY)
    assert bool(digests(MORNING.replace(hour=hour, minute=minute))) == comes


def test_each_reads_in_their_own_morning(app: Flask, event: Event) -> None:
    factories.saved(City(slug="moscow", name={"en": "Moscow"}, timezone="Europe/Moscow"))
    boss = factories.employee(city="moscow", email="boss@torangy.example")
    factories.account(boss, "coordinator")
    factories.place(event, factories.employee(), created_at=YESTERDAY)
    assert set(digests()) == {"aigul@torangy.example"}
    assert set(digests(MORNING + timedelta(hours=2))) == {"boss@torangy.example"}


def test_a_coordinator_of_another_city_hears_nothing_of_it(event: Event) -> None:
    factories.coordinator("zhezkazgan", email="zhan@torangy.example")
    factories.place(event, factories.employee(), created_at=YESTERDAY)
    assert set(digests()) == {"aigul@torangy.example"}


def test_whoever_lost_the_role_or_left_gets_none(event: Event, aigul: Person) -> None:
    factories.place(event, factories.employee(), created_at=YESTERDAY)
    with transaction():
        aigul.deactivated_at = YESTERDAY
    assert digests() == {}


def test_a_move_by_somebody_else_is_told_and_one_undone_is_not(event: Event) -> None:
    wanted = Wanted("move", event.starts_at + timedelta(days=7), event.ends_at + timedelta(days=7))
    change = make_change(event, wanted, now=YESTERDAY, actor=ZHAN)
    event_id = event.id
    assert said(news="")["news"] == "move"
    with transaction():
        db.session.query(DigestDay).delete()
        db.session.query(Mail).filter_by(kind="digest").delete()
    undo_change(change, now=YESTERDAY + timedelta(seconds=30), actor=ZHAN)
    assert db.session.get_one(Event, event_id).starts_at == START
    assert digests() == {}


def test_what_one_did_oneself_is_no_news(event: Event, aigul: Person) -> None:
    account = db.session.query(Account).filter_by(person_id=aigul.id).one()
    actor = Actor(account.id, scopes=(Scope("coordinator", city="balkhash"),))
    make_change(event, Wanted("cancel", reason={"kk": "Жел"}), now=YESTERDAY, actor=actor)
    assert digests() == {}


def test_what_is_missing_stands_there_in_the_last_week(app: Flask, aigul: Person) -> None:
    soon = factories.event(starts_at=MORNING + timedelta(hours=20), transport="bus")
    factories.place(soon, factories.employee())
    (letter,) = digests().values()
    (one,) = letter.context["events"]
    assert "Buses" in one["missing"]


def test_what_ends_within_a_day_is_due(event: Event, aigul: Person) -> None:
    with transaction():
        event.signup_closes_at = MORNING + timedelta(hours=10)
        event.lunch, event.lunch_cutoff_at = True, MORNING + timedelta(hours=11)
    days = (event.local_date - MORNING.date()).days
    item = {"text": {"en": "Gloves"}, "created_at": YESTERDAY, "days_before": days}
    factories.saved(ChecklistItem(event_id=event.id, **item))
    factories.saved(
        Task(
            key="one",
            kind="instruction",
            text={"en": "Call"},
            city="balkhash",
            due_on=MORNING.date(),
            created_at=YESTERDAY,
        )
    )
    factories.saved(
        Task(
            key="two",
            kind="instruction",
            text={"en": "Call"},
            city="balkhash",
            due_on=date(2031, 1, 1),
            created_at=YESTERDAY,
        )
    )
    (letter,) = digests().values()
    assert sorted(letter.context["events"][0]["due"]) == [
        "numbers for the caterer", "the checklist", "the sign-up closes",
    ]  # fmt: skip
    assert letter.context["tasks"] == 1


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_letter_is_written_in_the_coordinators_language(
    app: Flask, event: Event, aigul: Person, sink: Sink, language: str
) -> None:
    with transaction():
        aigul.language = language
    factories.place(event, factories.employee(), created_at=YESTERDAY)
    digests()
    with Post(app.config) as post:
        deliver_batch(post, now=MORNING)
    (received,) = sink.received
    for kind in ("plain", "html"):
        text = words_of(received.message, kind)
        assert event.title[language] in text and f"/events/{event.id}" in text and "/planning" in text
        assert "/mail/unsubscriptions/" in text
