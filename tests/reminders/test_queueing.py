"""Reminders in the outbox: once to each reader, about everybody of theirs who goes, in their own words."""

from datetime import datetime, timedelta
from email.message import EmailMessage
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from app.db import db, transaction
from app.events.models import Event
from app.mail.delivery import deliver_batch
from app.mail.models import Mail
from app.mail.outbox import cancel_mails
from app.mail.smtp import Post
from app.people.models import Guardianship
from app.reminders import audiences
from app.reminders.models import ReminderRun
from app.reminders.operations import queue_due_reminders
from tests import factories
from tests.mail.sink import Sink

START = datetime(2030, 5, 18, 9, 0, tzinfo=ZoneInfo("Asia/Almaty"))
WEEK, DAY, LAST = START - timedelta(days=7), START - timedelta(days=1), START - timedelta(hours=1)


def queue_all(now: datetime) -> list[Mail]:
    before = {mail.key for mail in db.session.query(Mail)}
    while queue_due_reminders(now=now):
        pass
    db.session.expire_all()
    return [mail for mail in db.session.query(Mail).order_by(Mail.recipient) if mail.key not in before]


def words_of(message: EmailMessage, kind: str) -> str:
    """The text of a letter, or its HTML."""
    body = message.get_body((kind,))
    return str(body.get_content()) if body else ""


def runs() -> dict[str, tuple[int, str | None]]:
    """What became of those that stand."""
    db.session.expire_all()
    done = db.session.query(ReminderRun).filter(ReminderRun.dropped_at.is_(None))
    return {run.kind: (run.queued, run.missed_reason) for run in done if run.finished_at}


def run_of(kind: str) -> ReminderRun:
    return db.session.query(ReminderRun).filter_by(kind=kind, dropped_at=None).one()


def change(event: Event, **values: object) -> None:
    with transaction():
        for name, value in values.items():
            setattr(event, name, value)


def test_each_reminder_is_queued_once_when_its_time_comes(app: Flask) -> None:
    event, nurlan = factories.event(starts_at=START), factories.employee()
    factories.place(event, nurlan)
    assert queue_all(WEEK - timedelta(minutes=1)) == []
    (week,) = queue_all(WEEK)
    assert week.key == f"reminder:{run_of('7d').id}:{nurlan.id}"
    assert (week.expires_at, week.optional, week.person_id) == (START, True, nurlan.id)
    assert (week.kind, week.reader_zone) == ("reminder", "Asia/Almaty")
    assert queue_all(WEEK + timedelta(hours=1)) == []
    (day,) = queue_all(DAY)
    assert day.context["days_ahead"] == 1
    (last,) = queue_all(LAST)
    assert last.context["days_ahead"] == 0
    assert runs() == {"7d": (1, None), "1d": (1, None), "2h": (1, None)}


def test_due_times_are_rows_long_before_they_are_due(app: Flask) -> None:
    event = factories.event(starts_at=START)
    queue_all(START - timedelta(days=40))
    rows = db.session.query(ReminderRun).order_by(ReminderRun.due_at)
    eight = START.replace(hour=8)
    assert [(run.kind, run.due_at, run.event_id) for run in rows] == [
        ("7d", WEEK, event.id), ("1d", DAY, event.id), ("2h", eight, event.id),
    ]  # fmt: skip


def test_a_family_gets_one_letter_a_guardian_that_names_who_goes(app: Flask) -> None:
    event = factories.event(starts_at=START, audience="families")
    nurlan, ayan = factories.employee(), factories.employee("Сейітқали", "Аян", language="ru")
    dina, timur = factories.child(nurlan, "Дина"), factories.child(nurlan, "Тимур")
    for child in (dina, timur):
        factories.saved(
            Guardianship(guardian_id=ayan.id, child_id=child.id, child_key=child.given_name, created_at=WEEK)
        )
    for person in (nurlan, dina, timur):
        factories.place(event, person)
    letters = {mail.person_id: mail.context for mail in queue_all(DAY)}
    assert set(letters) == {nurlan.id, ayan.id}
    assert (letters[nurlan.id]["goes_too"], sorted(letters[nurlan.id]["others"])) == (True, ["Дина", "Тимур"])
    assert (letters[ayan.id]["goes_too"], len(letters[ayan.id]["tickets"])) == (False, 2)


@pytest.mark.parametrize("status", ["waiting", "offered", "cancelled", "declined"])
def test_who_has_no_seat_is_not_reminded(app: Flask, status: str) -> None:
    event = factories.event(starts_at=START)
    factories.place(event, factories.employee(), status=status)
    assert queue_all(DAY) == []


@pytest.mark.parametrize("status", ["draft", "postponed", "cancelled", "completed"])
def test_what_does_not_take_place_reminds_nobody(app: Flask, status: str) -> None:
    event = factories.event(starts_at=START, status=status)
    factories.place(event, factories.employee())
    assert queue_all(DAY) == []
    assert runs() == {}


def test_a_day_known_only_roughly_reminds_nobody(app: Flask) -> None:
    event = factories.event(starts_at=START, date_precision="day")
    factories.place(event, factories.employee())
    assert queue_all(DAY) == []


def test_who_signs_up_late_gets_only_what_is_ahead(app: Flask) -> None:
    event, nurlan, stan = factories.event(starts_at=START), factories.employee(), factories.employee("Стан", "Стэн")
    factories.place(event, nurlan)
    factories.place(event, stan, confirmed_at=WEEK + timedelta(days=1))
    late = WEEK + timedelta(days=2)
    assert [mail.person_id for mail in queue_all(late)] == [nurlan.id]
    assert {mail.person_id for mail in queue_all(DAY)} == {nurlan.id, stan.id}


def test_what_was_slept_over_is_sent_if_it_helps_and_else_noted(app: Flask) -> None:
    event = factories.event(starts_at=START)
    factories.place(event, factories.employee())
    (letter,) = queue_all(DAY + timedelta(hours=3))
    assert letter.key.startswith(f"reminder:{run_of('1d').id}:")
    assert runs() == {"7d": (0, "superseded"), "1d": (1, None)}


def test_an_event_that_began_while_no_worker_ran_reminds_nobody(app: Flask) -> None:
    event = factories.event(starts_at=START)
    factories.place(event, factories.employee())
    assert queue_all(START + timedelta(minutes=5)) == []
    assert runs() == {"7d": (0, "too-late"), "1d": (0, "too-late"), "2h": (0, "too-late")}


def test_a_moved_event_reminds_anew(app: Flask) -> None:
    event = factories.event(starts_at=START)
    factories.place(event, factories.employee())
    queue_all(DAY)
    later = START + timedelta(days=14)
    change(event, starts_at=later, ends_at=later + timedelta(hours=4))
    (letter,) = queue_all(later - timedelta(days=1))
    assert run_of("1d").occurrence == later and run_of("1d").id in letter.key


def test_many_readers_are_queued_in_steps_and_a_broken_round_goes_on(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audiences, "PLACES_AT_ONCE", 3)
    event = factories.event(starts_at=START)
    people = [factories.employee() for _ in range(8)]
    places = [factories.place(event, person) for person in people]
    assert queue_due_reminders(now=WEEK) and queue_due_reminders(now=WEEK)
    assert db.session.query(Mail).count() == 3
    assert runs() == {}
    first = db.session.query(Mail.person_id).first()
    gone = next(place for place in places if first and place.person_id == first[0])
    change(gone, status="cancelled", cancelled_at=WEEK)  # type: ignore[arg-type]
    queue_all(WEEK)
    assert {mail.person_id for mail in db.session.query(Mail)} == {person.id for person in people}
    assert runs() == {"7d": (8, None)}


def test_who_leaves_after_the_letter_was_queued_gets_none(app: Flask) -> None:
    event, nurlan, stan = factories.event(starts_at=START), factories.employee(), factories.employee()
    factories.place(event, nurlan)
    factories.place(event, stan)
    queue_all(DAY)
    assert cancel_mails(event_id=event.id, person_id=nurlan.id, template_prefix="reminders/", now=DAY) == 1
    statuses = {mail.person_id: mail.status for mail in db.session.query(Mail)}
    assert statuses == {nurlan.id: "cancelled", stan.id: "queued"}
    assert queue_all(DAY + timedelta(hours=1)) == []


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_letter_says_when_where_and_what_to_bring(app: Flask, sink: Sink, language: str) -> None:
    bring = {"kk": "Жабық аяқ киім", "ru": "Закрытую обувь", "en": "Closed shoes"}
    aigul = factories.coordinator()
    event = factories.event(starts_at=START, audience="families", bring=bring, coordinator_id=aigul.id)
    nurlan = factories.employee(language=language)
    for person in (nurlan, factories.child(nurlan)):
        place = factories.place(event, person)
    queue_all(DAY)
    with Post(app.config) as post:
        deliver_batch(post, now=DAY)
    (received,) = sink.received
    message = received.message
    assert event.title[language] in message["Subject"]
    for kind in ("plain", "html"):
        text = words_of(message, kind)
        for words in (
            bring[language],
            event.site.name[language],
            "09:00",
            place.printed_ticket,
            "Дина",
            "http://localhost:5000/my",
        ):
            assert words in text
        assert "08:00" not in text and "04:00" not in text
    assert "/mail/unsubscriptions/" in words_of(message, "plain")
    assert message["Reply-To"] == aigul.email
    assert "text/calendar" in {part.get_content_type() for part in message.walk()}
