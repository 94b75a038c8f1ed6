"""Closing the day: nothing is final before, what is missing is named, and afterwards corrections have a reason."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.actor import COORDINATOR, HELPER, SAFETY_OFFICER, SYSTEM, Actor, Scope
from app.attendance.counting_hours import DayOpen, hours_of_event
from app.attendance.days import DayClosed, is_closed
from app.attendance.log_models import DeskDay
from app.attendance.models import AttendanceEntry
from app.attendance.no_shows import no_shows_of
from app.attendance.operations import check_out, mark_present, undo_mark
from app.attendance.queries import attendance_of
from app.audit.models import AuditEntry
from app.db import db, transaction
from app.desk.day import closing
from app.desk.day.closing import (
    ChildrenNotHome,
    ConflictsOpen,
    DayNotBegun,
    DayStillOpen,
    PeopleUnmarked,
    close_day,
    mark_rest_absent,
    reopen_day,
)
from app.desk.day.correcting import AsItStands, correct_mark
from app.desk.day.late import accept_late
from app.desk.day.queries import day_of
from app.desk.log.conflict_models import DeskConflict
from app.desk.log.giving import Giver, facts_of
from app.desk.log.taking import take
from app.desk.roster.policy import desk_powers
from app.errors import Invalid, NotAllowed
from app.events.models import Event
from app.people.models import Person
from app.signups.models import Place
from tests import factories

AT = factories.SATURDAY
NOW = AT + timedelta(hours=5)
AIGUL = Actor(scopes=(Scope(COORDINATOR, city="balkhash"),))
SAFETY = Actor(scopes=(Scope(SAFETY_OFFICER, city="balkhash"),))
ZHAN = Actor(scopes=(Scope(COORDINATOR, city="zhezkazgan"),))
LogIn = Callable[[Person], FlaskClient]


@pytest.fixture
def event(app: Flask) -> Event:
    return factories.event()


@pytest.fixture
def nurlan(event: Event) -> Place:
    return factories.place(event, factories.employee())


def here(place: Place, hours: float = 0) -> None:
    moment = AT + timedelta(hours=hours)
    mark_present(place, entry_id=str(uuid4()), at=moment, now=moment, actor=SYSTEM)


def say(event: Event, place: Place, *kinds: str, hours: float = 5) -> list[str]:
    """What a phone brings that was without signal."""
    ids = [str(uuid4()) for _ in kinds]
    raw = [
        {"id": id_, "kind": kind, "subject": {"place_id": place.id}, "at": (AT + timedelta(hours=hours)).isoformat()}
        for id_, kind in zip(ids, kinds, strict=True)
    ]
    giver = Giver(AIGUL, desk_powers(AIGUL, event), device="2")
    assert take(facts_of(event), raw, sent_at=None, giver=giver, now=NOW).applied == ids
    return ids


def close(event: Event, actor: Actor = AIGUL) -> None:
    close_day(event, now=NOW, actor=actor)


def verbs(event: Event) -> list[str]:
    query = select(AuditEntry.verb).where(AuditEntry.event_id == event.id)
    return list(db.session.scalars(query.order_by(AuditEntry.at, AuditEntry.id)))


def test_the_day_is_closed_once_everybody_has_a_mark_and_hours_are_counted(event, nurlan):
    here(nurlan)
    close(event)
    day = day_of(event, now=NOW)
    assert day.is_closed and is_closed(event.id) and day.minutes == 240 and day.counts == {"present": 1}
    assert [(line.entry.minutes, line.entry.source) for line in hours_of_event(event)] == [(240, "plan")]
    assert "close_day" in verbs(event)
    with pytest.raises(DayClosed):
        close(event)


def test_people_without_a_mark_hold_it_up_and_one_tap_marks_them_absent(event, nurlan):
    serik = factories.place(event, factories.employee("Серік", "Ерлан"))
    factories.place(event, factories.employee("Серік", "Асан"), status="waiting")
    here(nurlan)
    with pytest.raises(PeopleUnmarked) as refusal:
        close(event)
    assert refusal.value.params["count"] == 1 and not is_closed(event.id)
    assert [name for _, name in day_of(event, now=NOW).unmarked] == ["Серік Ерлан"]
    assert mark_rest_absent(event, now=NOW, actor=AIGUL) == 1
    assert (attendance_of(serik.id).state, attendance_of(nurlan.id).state) == ("absent", "present")
    assert mark_rest_absent(event, now=NOW, actor=AIGUL) == 0
    assert no_shows_of([serik.person_id], now=NOW) == {}, "no mark is final before"
    close(event)
    assert no_shows_of([serik.person_id], now=NOW) == {serik.person_id: 1}


def test_grave_conflicts_hold_it_up_and_others_don_t(event, nurlan):
    here(nurlan)
    told = {"event_id": event.id, "key": f"p:{nurlan.id}", "operations": [], "found_at": NOW}
    grave = factories.saved(DeskConflict(word="x|y|", kind="given-twice", severity="high", **told))
    factories.saved(DeskConflict(word="x|z|", kind="present-and-absent", severity="low", **told))
    with pytest.raises(ConflictsOpen):
        close(event)
    with transaction():
        grave.solved_at = NOW
    assert (day_of(event, now=NOW).conflicts_high, day_of(event, now=NOW).conflicts_low) == (0, 1)
    close(event)
    assert is_closed(event.id)


def test_children_whom_nobody_took_over_hold_it_up_by_name(event, nurlan, monkeypatch):
    here(nurlan)
    monkeypatch.setattr(closing, "children_away", lambda event: ["Дина С."])
    with pytest.raises(ChildrenNotHome, match=r"Дина С\."):
        close(event)


def test_only_those_who_run_it_close_it_and_only_once_it_has_begun(event, nurlan):
    here(nurlan)
    for actor in (SAFETY, ZHAN, Actor(), Actor(scopes=(Scope(HELPER, event_id=event.id),))):
        for act in (close_day, mark_rest_absent):
            with pytest.raises(NotAllowed):
                act(event, now=NOW, actor=actor)
    with pytest.raises(DayNotBegun):
        close_day(event, now=AT - timedelta(minutes=1), actor=AIGUL)
    with pytest.raises(DayNotBegun):
        mark_rest_absent(factories.event(status="cancelled", site=event.site), now=NOW, actor=AIGUL)
    assert db.session.query(DeskDay).count() == 0


def test_it_may_be_opened_again_with_a_reason_and_closed_anew(event, nurlan):
    here(nurlan)
    with pytest.raises(DayStillOpen):
        reopen_day(event, reason="x", now=NOW, actor=AIGUL)
    close(event)
    with pytest.raises(Invalid):
        reopen_day(event, reason=" ", now=NOW, actor=AIGUL)
    with pytest.raises(NotAllowed):
        reopen_day(event, reason="x", now=NOW, actor=ZHAN)
    reopen_day(event, reason="The second bus came later", now=NOW, actor=AIGUL)
    assert not is_closed(event.id)
    check_out(nurlan, entry_id=str(uuid4()), at=AT + timedelta(hours=2), now=NOW, actor=SYSTEM)
    close(event)
    assert [(line.entry.minutes, line.entry.source) for line in hours_of_event(event)] == [(120, "marks")]
    assert sorted(verb for verb in verbs(event) if "day" in verb) == ["close_day", "close_day", "reopen_day"]


def test_marks_on_pages_are_refused_on_a_closed_day(event, nurlan):
    here(nurlan)
    mark = attendance_of(nurlan.id).entry_id
    close(event)
    with pytest.raises(DayClosed):
        check_out(nurlan, entry_id=str(uuid4()), at=NOW, now=NOW, actor=SYSTEM)
    with pytest.raises(DayClosed):
        undo_mark(db.session.get_one(AttendanceEntry, mark), entry_id=str(uuid4()), reason="x", now=NOW, actor=SYSTEM)
    assert attendance_of(nurlan.id).state == "present"


def test_what_a_phone_brings_afterwards_counts_once_it_is_accepted_and_hours_follow(event, nurlan):
    here(nurlan)
    close(event)
    [late] = say(event, nurlan, "check_out", hours=3)
    assert attendance_of(nurlan.id).state == "present" and day_of(event, now=NOW).late == 1
    accept_late(event, [late], now=NOW, actor=AIGUL)
    assert attendance_of(nurlan.id).state == "left" and day_of(event, now=NOW).late == 0
    assert [(line.entry.minutes, line.entry.source) for line in hours_of_event(event)] == [(180, "marks")]


class TestCorrecting:
    def correct(self, place: Place, state: str, reason: str = "Seen on the photo", actor: Actor = AIGUL) -> None:
        correct_mark(place, state, reason=reason, now=NOW, actor=actor)

    def test_whoever_was_absent_was_there_after_all(self, event, nurlan):
        mark_rest_absent(event, now=NOW, actor=AIGUL)
        close(event)
        self.correct(nurlan, "present")
        found = attendance_of(nurlan.id)
        assert (found.state, found.arrived_at) == ("present", AT)
        assert [line.entry.minutes for line in hours_of_event(event)] == [240]
        assert no_shows_of([nurlan.person_id], now=NOW) == {}
        assert db.session.query(DeskConflict).filter_by(gone_at=None, solved_at=None).count() == 0
        acts = db.session.scalars(select(AuditEntry).where(AuditEntry.verb == "correct_mark")).all()
        assert [(act.person_id, act.fields) for act in acts] == [(nurlan.person_id, ["reason"])]

    def test_whoever_was_let_in_and_left_was_not_there_and_has_no_hours(self, event, nurlan):
        here(nurlan)
        check_out(nurlan, entry_id=str(uuid4()), at=NOW, now=NOW, actor=SYSTEM)
        close(event)
        self.correct(nurlan, "excused")
        assert attendance_of(nurlan.id).state == "excused"
        assert [line.entry.minutes for line in hours_of_event(event)] == [0]
        assert db.session.query(DeskConflict).filter_by(gone_at=None, solved_at=None).count() == 0

    def test_a_reason_another_state_and_a_closed_day_are_asked_for(self, event, nurlan):
        here(nurlan)
        with pytest.raises(DayOpen):
            self.correct(nurlan, "absent")
        close(event)
        with pytest.raises(AsItStands):
            self.correct(nurlan, "present")
        for state, reason in (("absent", " "), ("left", "x"), ("", "x")):
            with pytest.raises(Invalid):
                self.correct(nurlan, state, reason)
        for actor in (SAFETY, ZHAN, Actor()):
            with pytest.raises(NotAllowed):
                self.correct(nurlan, "absent", actor=actor)
        assert attendance_of(nurlan.id).state == "present"


@pytest.mark.full
def test_aigul_closes_her_day_on_its_page(log_in: LogIn, app, monkeypatch):
    aigul = log_in(factories.coordinator(language="en"))
    start = AT.replace(year=2026, month=1, day=10)
    event = factories.event(starts_at=start, ends_at=start + timedelta(hours=4))
    nurlan = factories.place(event, factories.employee())
    page = aigul.get(f"/events/{event.id}/day")
    assert "1 person has no mark yet" in page.text and "Close the day" not in page.text
    assert "have no mark yet" in aigul.post(f"/events/{event.id}/day/closing").text
    assert aigul.post(f"/events/{event.id}/day/absences").status_code == 303
    assert "Close the day" in aigul.get(f"/events/{event.id}/day").text
    assert aigul.post(f"/events/{event.id}/day/closing", data={"note": "Windy"}).status_code == 303
    page = aigul.get(f"/events/{event.id}/day")
    assert "The day is closed" in page.text and "Windy" in page.text
    place = aigul.get(f"/events/{event.id}/roster/{nurlan.id}").text
    assert "its marks are final" in place and "Mark as present" not in place
    said = {"state": "present", "reason": "I saw him"}
    assert aigul.post(f"/events/{event.id}/roster/{nurlan.id}/correction", data=said).status_code == 303
    assert "4:00" in aigul.get(f"/events/{event.id}/hours").text
    said = {"hours": "2:15", "reason": "Left early"}
    assert aigul.post(f"/events/{event.id}/hours/{nurlan.id}/correction", data=said).status_code == 303
    table = aigul.get(f"/events/{event.id}/hours").text
    assert "2:15" in table and "Left early" in table and "before:" in table
    assert aigul.post(f"/events/{event.id}/hours/{nurlan.id}/correction", data={"hours": "2:75"}).status_code == 422
    assert aigul.post(f"/events/{event.id}/day/reopening", data={"reason": "A bus came"}).status_code == 303


def test_a_safety_officer_sees_the_day_and_a_helper_and_another_city_do_not(log_in: LogIn, event, nurlan):
    helper, officer = factories.employee("Көмек", "Ерлан"), factories.employee("Сақ", "Саят")
    factories.account(helper, "helper", event_id=event.id)
    factories.account(officer, "safety_officer", city="balkhash")
    assert log_in(officer).get(f"/events/{event.id}/day").status_code == 200
    for stranger in (helper, factories.coordinator("zhezkazgan")):
        for page in ("day", "hours"):
            assert log_in(stranger).get(f"/events/{event.id}/{page}").status_code in (403, 404)
