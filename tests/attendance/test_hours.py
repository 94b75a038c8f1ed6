"""How long somebody was a volunteer: from marks or the plan, never for visitors, never for children in danger."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from app.accounts.actor import COORDINATOR, HELPER, Actor, Scope
from app.attendance.counting_hours import (
    DayOpen,
    NoVolunteer,
    correct_hours,
    count_hours,
    hours_in,
    hours_of_event,
)
from app.attendance.hour_models import HoursEntry
from app.attendance.hours import Counted, Plan, counts_hours, minutes_of, spoken_hours
from app.attendance.models import AttendanceEntry
from app.db import db, new_id, transaction
from app.errors import Invalid, NotAllowed
from app.events.models import Event, Shift
from app.impact.reports.queries import impact_json
from app.signups.models import Place
from tests import factories

START = factories.SATURDAY
PLAN = Plan(START, START + timedelta(hours=4))
AIGUL = Actor(scopes=(Scope(COORDINATOR, city="balkhash"),))
ZHAN = Actor(scopes=(Scope(COORDINATOR, city="zhezkazgan"),))
NOW = START + timedelta(hours=6)


def after(hours: float) -> datetime:
    return START + timedelta(hours=hours)


@pytest.mark.parametrize(
    ("arrived", "left", "found"),
    [
        (None, None, None),
        (None, 4, None),  # left, and nobody let them in
        (0, 4, Counted(240, "marks")),
        (-0.5, 4.5, Counted(300, "marks")),
        (-3, 9, Counted(360, "marks")),  # an hour around the plan counts
        (1, 3.51, Counted(150, "marks")),  # whole minutes
        (3, 1, Counted(0, "marks")),  # a clock that was wrong
        (-0.5, None, Counted(240, "plan")),
        (1, None, Counted(180, "plan")),
        (5, None, Counted(0, "plan")),
    ],
)
def test_minutes_come_from_both_marks_or_else_from_the_plan(arrived, left, found):
    moments = [None if value is None else after(value) for value in (arrived, left)]
    assert minutes_of(moments[0], moments[1], PLAN) == found


def test_visitors_have_no_hours_and_children_none_where_it_is_dangerous():
    assert counts_hours("cleanup", "none", is_minor=True)
    assert counts_hours("planting", "high", is_minor=False)
    assert not counts_hours("stocking", "raised", is_minor=True)
    for visit in ("excursion", "celebration", "visit", "other"):
        assert not counts_hours(visit, "none", is_minor=False)


def test_hours_are_spoken_with_their_minutes():
    assert (spoken_hours(225), spoken_hours([30, 35]), spoken_hours(0)) == ("3:45", "1:05", "0:00")


def came(at: Event, place: Place, arrived: float, left: float | None = None) -> None:
    marks = {"check_in": arrived} | ({} if left is None else {"check_out": left})
    for kind, when in marks.items():
        moment = after(when)
        entry = {"id": new_id(), "event_id": at.id, "place_id": place.id, "kind": kind}
        factories.saved(AttendanceEntry(at=moment, recorded_at=moment, **entry))


def counted(at: Event) -> dict[str, tuple[int, str]]:
    with transaction():
        count_hours(at, now=NOW, actor=AIGUL)
    return {line.person.given_name: (line.entry.minutes, line.entry.source) for line in hours_of_event(at)}


@pytest.fixture
def event(app: Flask) -> Event:
    return factories.event()


@pytest.fixture
def nurlan(event: Event) -> Place:
    return factories.place(event, factories.employee())


def test_a_shift_is_the_plan_of_those_who_are_in_it_and_who_never_came_has_none(event, nurlan):
    shift = factories.saved(Shift(event_id=event.id, name={"en": "1"}, starts_at=START, ends_at=after(2)))
    serik = factories.place(event, factories.employee("Серік", "Ерлан"), shift_id=shift.id)
    factories.place(event, factories.employee("Серік", "Асан"))
    came(event, nurlan, 0)
    came(event, serik, 0)
    assert counted(event) == {"Нұрлан": (240, "plan"), "Ерлан": (120, "plan")}
    assert hours_in([event.id]) == {event.id: 360}
    assert impact_json()["counted_here"] == {"confirmed": 3, "present": 2, "volunteer_hours": 6.0}


def test_a_visit_counts_nothing(app):
    visit = factories.event(kind="excursion")
    place = factories.place(visit, factories.employee())
    came(visit, place, 0, 4)
    assert counted(visit) == {} and hours_in([visit.id]) == {}


def test_a_child_is_no_volunteer_at_a_dangerous_place(app):
    parent = factories.employee()
    risky = factories.event(site=factories.site(hazard_class="raised"), audience="families")
    for person in (parent, factories.child(parent)):
        came(risky, factories.place(risky, person), 0, 1)
    assert counted(risky) == {"Нұрлан": (60, "marks")}


def test_counting_again_adds_only_what_changed_and_keeps_what_was(event, nurlan):
    came(event, nurlan, 0)
    assert counted(event) == {"Нұрлан": (240, "plan")} == counted(event)
    assert db.session.query(HoursEntry).count() == 1
    mark = {"event_id": event.id, "place_id": nurlan.id, "kind": "check_out"}
    factories.saved(AttendanceEntry(id=new_id(), at=after(3), recorded_at=after(3), **mark))
    assert counted(event) == {"Нұрлан": (180, "marks")}
    [line] = hours_of_event(event)
    assert [(one.minutes, one.replaced_by_id) for one in line.before] == [(240, line.entry.id)]


def test_whoever_turns_out_not_to_have_come_has_none_and_the_old_figure_stays_beside_it(event, nurlan):
    came(event, nurlan, 0, 4)
    counted(event)
    with transaction() as session:
        session.query(AttendanceEntry).delete()
    assert counted(event) == {"Нұрлан": (0, "marks")} and hours_in([event.id]) == {}
    assert db.session.query(HoursEntry).count() == 2


class TestCorrecting:
    def correct(self, place: Place, minutes: int = 90, reason: str = "Left for the bus", actor: Actor = AIGUL) -> None:
        correct_hours(place, minutes=minutes, reason=reason, now=NOW, actor=actor)

    def test_a_correction_stands_with_its_reason_whatever_is_counted_afterwards(self, event, nurlan):
        came(event, nurlan, 0, 4)
        counted(event)
        factories.closed_day(event)
        self.correct(nurlan, reason="  Left\n for the bus ")
        assert counted(event) == {"Нұрлан": (90, "correction")}
        [line] = hours_of_event(event)
        assert (line.entry.reason, [one.minutes for one in line.before]) == ("Left for the bus", [240])

    def test_only_once_the_day_is_closed_by_those_who_run_it_with_a_reason_and_for_volunteers(self, event, nurlan):
        with pytest.raises(DayOpen):
            self.correct(nurlan)
        factories.closed_day(event)
        for actor in (ZHAN, Actor(), Actor(scopes=(Scope(HELPER, event_id=event.id),))):
            with pytest.raises(NotAllowed):
                self.correct(nurlan, actor=actor)
        for minutes, reason in ((-1, "x"), (24 * 60 + 1, "x"), (60, "  ")):
            with pytest.raises(Invalid):
                self.correct(nurlan, minutes, reason)
        visit = factories.event(kind="visit", site=event.site)
        factories.closed_day(visit)
        with pytest.raises(NoVolunteer):
            self.correct(factories.place(visit, factories.employee()))
        assert db.session.query(HoursEntry).count() == 0

    def test_the_database_keeps_one_standing_entry_and_no_correction_without_a_reason(self, event, nurlan):
        values = {"event_id": event.id, "place_id": nurlan.id, "recorded_at": NOW}
        factories.saved(HoursEntry(minutes=60, source="plan", **values))
        for wrong in (
            HoursEntry(minutes=60, source="marks", **values),
            HoursEntry(minutes=60, source="correction", replaced_by_id="x", **values),
            HoursEntry(minutes=1441, source="plan", replaced_by_id="x", **values),
        ):
            with pytest.raises(IntegrityError):
                factories.saved(wrong)
