"""The page of an event's reminders: what leaves when, why something was not sent, and the form."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from app.db import db, transaction
from app.events.models import Event
from app.reminders.models import ReminderRun
from app.reminders.operations import queue_due_reminders
from tests import factories

DAY = factories.SATURDAY - timedelta(days=1)
BEFORE = factories.SATURDAY - timedelta(days=10)


def row(number: int, amount: str, unit: str, *who: str) -> dict[str, str]:
    """What the form sends of one row."""
    fields = {"amount": amount, "unit": unit} | dict.fromkeys(who, "y")
    return {f"lines-{number}-{name}": value for name, value in fields.items()}


@pytest.fixture
def event(app: Flask) -> Event:
    """Nurlan goes to the shore at nine."""
    at = factories.event(starts_at=factories.SATURDAY)
    factories.place(at, factories.employee())
    return at


def address(event: Event) -> str:
    return f"/events/{event.id}/reminders"


def test_the_page_says_when_each_leaves_and_what_the_night_does(event: Event, log_in: Any) -> None:
    with time_machine.travel(BEFORE, tick=False):
        page = log_in(factories.coordinator(language="en")).get(address(event)).text
    assert "Saturday, 11\u00a0May, 09:00" in page and "Friday, 17\u00a0May, 09:00" in page
    assert "Saturday, 18\u00a0May, 08:00" in page and "Planned for 07:00, moved out of the night." in page
    assert page.count("1 reader now") == 3


def test_a_plan_is_changed_on_the_page(event: Event, log_in: Any) -> None:
    sent = row(0, "3", "d", "confirmed", "hosts") | row(1, "", "d") | row(2, "5", "h", "escorts")
    with time_machine.travel(BEFORE, tick=False):
        client = log_in(factories.coordinator(language="en"))
        assert client.post(address(event), data=sent).status_code == 303
        db.session.expire_all()
        assert [(line["amount"], line["unit"], line["audiences"]) for line in event.reminder_plan or ()] == [
            (3, "d", ["confirmed", "hosts"]), (5, "h", ["escorts"]),
        ]  # fmt: skip
        assert client.post(f"{address(event)}/usual").status_code == 303
    db.session.expire_all()
    assert event.reminder_plan is None


def test_looking_first_keeps_nothing(event: Event, log_in: Any) -> None:
    with time_machine.travel(BEFORE, tick=False):
        page = log_in(factories.coordinator(language="en")).post(
            address(event), data=row(0, "2", "d", "confirmed") | {"look": "1"}
        )
    assert page.status_code == 200
    assert "Nothing is saved yet" in page.text and "Thursday, 16\u00a0May, 09:00" in page.text
    db.session.expire_all()
    assert event.reminder_plan is None


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        (row(0, "61", "d", "confirmed"), "From 1 to 60 days before the start."),
        (row(0, "2", "d"), "Say to whom the reminder goes."),
        (row(0, "2", "d", "hosts") | row(1, "2", "d", "confirmed"), "Two reminders are planned for the same moment."),
        (row(0, "soon", "d", "confirmed"), ""),
    ],
)
@pytest.mark.parametrize("how", [{}, {"look": "1"}])
@pytest.mark.full
def test_what_cannot_be_meant_is_refused_with_the_reason(
    event: Event, log_in: Any, sent: dict[str, str], why: str, how: dict[str, str]
) -> None:
    page = log_in(factories.coordinator(language="en")).post(address(event), data=sent | how)
    assert page.status_code == 422 and why in page.text
    db.session.expire_all()
    assert event.reminder_plan is None


def test_a_row_is_added_without_losing_what_was_typed(event: Event, log_in: Any) -> None:
    page = log_in(factories.coordinator()).post(address(event), data=row(0, "13", "d", "hosts") | {"add": "1"}).text
    assert 'name="lines-0-amount"' in page and 'value="13"' in page and 'name="lines-1-amount"' in page


def test_what_was_missed_says_why_on_the_page_and_on_the_board(event: Event, log_in: Any) -> None:
    late = factories.SATURDAY - timedelta(minutes=10)
    while queue_due_reminders(now=late):
        pass
    with time_machine.travel(late, tick=False):
        client = log_in(factories.coordinator(language="en"))
        page, board = client.get(address(event)).text, client.get(f"/events/{event.id}/departure").text
    assert page.count("It was too late: the event was about to begin.") == 3
    assert "Nobody was reminded: it was too late." in board


def test_the_board_counts_the_letters_of_the_last_days(event: Event, log_in: Any) -> None:
    while queue_due_reminders(now=DAY):
        pass
    with time_machine.travel(DAY, tick=False):
        assert "1 letters" in log_in(factories.coordinator(language="en")).get(f"/events/{event.id}/departure").text
    with transaction():
        db.session.query(ReminderRun).update({"dropped_at": DAY})
    late = factories.SATURDAY - timedelta(hours=2)
    with time_machine.travel(late, tick=False):
        assert (
            "Nobody was reminded."
            in log_in(factories.coordinator(language="en")).get(f"/events/{event.id}/departure").text
        )


def test_coordinators_of_another_city_see_and_change_nothing(event: Event, log_in: Any) -> None:
    client = log_in(factories.coordinator("zhezkazgan"))
    assert client.get(address(event)).status_code == 403
    assert client.post(address(event), data=row(0, "2", "d", "hosts")).status_code == 403
    assert client.post(f"{address(event)}/usual").status_code == 403
    assert event.reminder_plan is None


@pytest.mark.full
def test_the_page_asks_no_more_for_many(event: Event, log_in: Any) -> None:
    from tests.desk.test_departing import counted

    client = log_in(factories.coordinator())
    client.get(address(event))
    few = counted(client, address(event))
    for _ in range(15):
        factories.place(event, factories.employee())
    assert counted(client, address(event)) == few <= 12
