"""The plan of an event's reminders: changed by its coordinators, followed by rows, and by moves of the event."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from app.accounts.actor import Actor, Scope
from app.audit.models import AuditEntry
from app.db import db, transaction
from app.errors import Invalid, NotAllowed
from app.events.cloning import clone_event
from app.events.models import Event
from app.mail.models import Mail
from app.reminders import operations, planning
from app.reminders.audiences import next_batch
from app.reminders.models import ReminderRun
from app.reminders.operations import queue_due_reminders
from app.reminders.planning import plan_due_times, plan_reminders
from app.reminders.plans import CONFIRMED, DAYS, HOURS, USUAL, Planned
from app.rosters.changing import Wanted, make_change
from app.rosters.undoing import undo_change
from app.signups.capacity import change_event
from tests import factories

START = datetime(2030, 5, 18, 9, 0, tzinfo=ZoneInfo("Asia/Almaty"))
WEEK, DAY = START - timedelta(days=7), START - timedelta(days=1)
AIGUL = Actor(name="Aigul", scopes=(Scope("coordinator", city="balkhash"),))
ZHAN = Actor(name="Zhan", scopes=(Scope("coordinator", city="zhezkazgan"),))
THREE_DAYS = Planned(3, DAYS, (CONFIRMED,))


def work(now: datetime) -> None:
    """What the worker does about reminders at this moment."""
    while queue_due_reminders(now=now):
        pass
    db.session.expire_all()


def waiting() -> list[Mail]:
    return db.session.query(Mail).filter_by(template="reminders/reminder", status="queued").all()


def standing() -> dict[str, datetime]:
    """{kind: due at} of what is planned and not done."""
    rows = db.session.query(ReminderRun).filter_by(dropped_at=None, finished_at=None)
    return {run.kind: run.due_at for run in rows}


def move(event: Event, by: timedelta, now: datetime) -> None:
    make_change(event, Wanted("move", event.starts_at + by, event.ends_at + by), now=now, actor=AIGUL)


@pytest.fixture
def event(app: Flask) -> Event:
    """Nurlan goes."""
    at = factories.event(starts_at=START)
    factories.place(at, factories.employee())
    return at


def test_a_plan_is_changed_and_its_rows_follow(event: Event) -> None:
    work(WEEK - timedelta(days=1))
    assert set(standing()) == {"7d", "1d", "2h"}
    plan_reminders(event, [THREE_DAYS, Planned(5, HOURS, (CONFIRMED,))], now=WEEK - timedelta(hours=1), actor=AIGUL)
    work(WEEK - timedelta(minutes=50))
    assert standing() == {"3d": START - timedelta(days=3), "5h": START.replace(hour=8)}
    work(WEEK)
    assert waiting() == []
    work(START - timedelta(days=3))
    assert len(waiting()) == 1
    assert [one.verb for one in db.session.query(AuditEntry).filter_by(event_id=event.id)] == ["plan_reminders"]


def test_what_is_added_after_its_moment_goes_to_nobody_and_says_so(event: Event) -> None:
    plan_reminders(event, [THREE_DAYS, *USUAL[1:]], now=START - timedelta(days=2), actor=AIGUL)
    work(START - timedelta(days=2))
    assert waiting() == []
    (run,) = db.session.query(ReminderRun).filter_by(kind="3d")
    assert run.missed_reason == "added-late"


def test_letters_of_a_reminder_that_is_taken_out_stay_here(event: Event) -> None:
    work(WEEK)
    assert len(waiting()) == 1
    plan_reminders(event, [USUAL[1]], now=WEEK, actor=AIGUL)
    assert waiting() == []


@pytest.mark.parametrize(
    "lines",
    [
        [Planned(0, DAYS, (CONFIRMED,))],
        [Planned(61, DAYS, (CONFIRMED,))],
        [Planned(73, HOURS, (CONFIRMED,))],
        [Planned(2, "w", (CONFIRMED,))],
        [Planned(2, DAYS, ())],
        [THREE_DAYS, THREE_DAYS],
        [Planned(number, DAYS, (CONFIRMED,)) for number in range(1, 10)],
    ],
)
def test_a_plan_that_cannot_be_meant_is_refused(event: Event, lines: list[Planned]) -> None:
    with pytest.raises(Invalid):
        plan_reminders(event, lines, now=WEEK, actor=AIGUL)
    assert event.reminder_plan is None


def test_coordinators_of_another_city_plan_nothing_here(event: Event) -> None:
    with pytest.raises(NotAllowed):
        plan_reminders(event, [], now=WEEK, actor=ZHAN)


def test_an_empty_plan_reminds_nobody_and_the_usual_one_comes_back(event: Event) -> None:
    plan_reminders(event, [], now=WEEK - timedelta(days=1), actor=AIGUL)
    work(WEEK)
    assert standing() == {} and waiting() == []
    plan_reminders(event, None, now=WEEK + timedelta(hours=1), actor=AIGUL)
    work(DAY)
    assert len(waiting()) == 1


@pytest.mark.full
def test_moved_and_moved_back_is_reminded_of_anew(event: Event) -> None:
    work(DAY)
    move(event, timedelta(days=7), DAY + timedelta(minutes=5))
    move(event, timedelta(days=-7), DAY + timedelta(minutes=10))
    work(DAY + timedelta(minutes=20))
    assert len(waiting()) == 1
    assert db.session.query(ReminderRun).filter_by(kind="1d").count() == 2


def test_another_day_in_the_plan_takes_back_what_speaks_of_the_old_one(event: Event) -> None:
    work(WEEK)
    values = {"starts_at": event.starts_at + timedelta(days=3), "ends_at": event.ends_at + timedelta(days=3)}
    change_event(event, values, now=WEEK + timedelta(days=1), actor=AIGUL)
    db.session.expire_all()
    assert waiting() == []
    work(WEEK + timedelta(days=3))
    (letter,) = waiting()
    assert letter.expires_at == START + timedelta(days=3)


def test_another_title_takes_nothing_back(event: Event) -> None:
    work(WEEK)
    change_event(event, {"title": {"kk": "Жаңа"}}, now=WEEK, actor=AIGUL)
    db.session.expire_all()
    assert len(waiting()) == 1 and event.reminder_occasion == 0


@pytest.mark.parametrize("kind", ["postpone", "cancel"])
def test_what_does_not_take_place_drops_its_reminders_after_the_minute(event: Event, kind: str) -> None:
    work(WEEK)
    make_change(event, Wanted(kind, reason={"kk": "Жел"}), now=WEEK + timedelta(hours=1), actor=AIGUL)
    work(WEEK + timedelta(hours=1, seconds=30))
    assert set(standing()) == {"1d", "2h"}
    work(WEEK + timedelta(hours=1, seconds=61))
    assert standing() == {} and waiting() == []
    work(DAY)
    assert waiting() == []


def test_an_undone_move_leaves_rows_and_letters_as_they_were(event: Event) -> None:
    work(WEEK)
    before = [(run.id, run.finished_at, run.dropped_at) for run in db.session.query(ReminderRun)]
    letters = [(mail.id, mail.status) for mail in waiting()]
    at = WEEK + timedelta(hours=1)
    change = make_change(
        event,
        Wanted("move", event.starts_at + timedelta(days=1), event.ends_at + timedelta(days=1)),
        now=at,
        actor=AIGUL,
    )
    work(at + timedelta(seconds=30))
    undo_change(change, now=at + timedelta(seconds=40), actor=AIGUL)
    work(at + timedelta(seconds=90))
    assert [(run.id, run.finished_at, run.dropped_at) for run in db.session.query(ReminderRun)] == before
    assert [(mail.id, mail.status) for mail in waiting()] == letters


def test_a_move_between_the_look_and_the_lock_is_noticed(event: Event, monkeypatch: pytest.MonkeyPatch) -> None:
    plan_due_times(now=DAY)
    seen: list[int] = []

    def meanwhile(*args: object, **asked: object) -> object:
        found = next_batch(*args, **asked)  # type: ignore[arg-type]
        if not seen:
            seen.append(1)
            move(db.session.get_one(Event, event.id), timedelta(days=14), DAY)
        return found

    monkeypatch.setattr(operations, "next_batch", meanwhile)
    work(DAY)
    assert waiting() == [] and seen


def test_who_leaves_between_the_look_and_the_lock_gets_none(event: Event, monkeypatch: pytest.MonkeyPatch) -> None:
    stan = factories.place(event, factories.employee("Стан", "Стэн"))
    seen: list[int] = []

    def meanwhile(*args: object, **asked: object) -> object:
        found = next_batch(*args, **asked)  # type: ignore[arg-type]
        if not seen:
            seen.append(1)
            with transaction():
                stan.status, stan.cancelled_at = "cancelled", DAY
        return found

    monkeypatch.setattr(operations, "next_batch", meanwhile)
    work(DAY)
    assert {mail.person_id for mail in waiting()} == {
        place_person for (place_person,) in db.session.query(Mail.person_id) if place_person != stan.person_id
    }
    assert len(waiting()) == 1


def test_a_clone_takes_the_plan_along_and_sends_nothing(event: Event) -> None:
    plan_reminders(event, [THREE_DAYS], now=WEEK, actor=AIGUL)
    clone = clone_event(event, now=WEEK, actor=AIGUL)
    assert clone.reminder_plan == [{"amount": 3, "unit": "d", "audiences": ["confirmed"]}]
    work(clone.starts_at - timedelta(days=3))
    assert not db.session.query(ReminderRun).filter_by(event_id=clone.id).count()
    assert not db.session.query(Mail).filter_by(event_id=clone.id).count()


def test_two_workers_plan_the_same_rows_once(event: Event, monkeypatch: pytest.MonkeyPatch) -> None:
    plan_due_times(now=WEEK - timedelta(days=1))
    monkeypatch.setattr(planning, "standing_runs", lambda now: [])  # as the second one saw it
    plan_due_times(now=WEEK - timedelta(days=1))
    assert db.session.query(ReminderRun).count() == 3
