"""Columns that are forgotten at the end of their term while their rows stay: who drove, who collected, why, a note."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, func, inspect, select, update

from app.accounts.models import Delegation
from app.attendance.hour_models import CORRECTION, HoursEntry
from app.attendance.log_models import DeskDay, DeskOperation
from app.attendance.models import AttendanceEntry
from app.consents.briefing_models import Briefing
from app.db import transaction
from app.desk.departure.models import Override, WeatherLimit
from app.desk.log.conflict_models import DeskConflict
from app.desk.trip.models import HandOver, LegDeparture
from app.events.models import Event
from app.gifts.models import HandOut
from app.impact.outcomes.models import Outcome
from app.impact.thanks.models import SurveyAnswer
from app.mail.sending_models import MailAttempt
from app.rosters.models import Bus
from app.signups.models import Approval, Place
from app.tasks.models import Task, TaskEntry

AT_ONCE = 500
HEALTH_AFTER_RETURN = timedelta(days=14)
YEAR = timedelta(days=365)
# Evidence is kept as long as somebody may go to court about the day: three years.
EVIDENCE = timedelta(days=3 * 365)
FIGURES = timedelta(days=10 * 365)
GONE = "-"  # where the table wants a word


@dataclass(frozen=True)
class Blank:
    """A column, what stands there afterwards, which of its rows are past the term, and under what they are counted."""

    column: Any
    old: ColumnElement[bool]
    nothing: Any = ""
    counted_as: str = ""

    @property
    def name(self) -> str:
        """What the report calls it."""
        return self.counted_as or str(self.column.class_.__tablename__)


def blanks(now: datetime) -> list[Blank]:
    """All columns that purge() blanks, by the term that each declares."""
    done = Task.done_at < now - YEAR
    marked = AttendanceEntry.recorded_at < now - YEAR
    return [
        Blank(Place.medical_note, of_events(Place, HEALTH_AFTER_RETURN, now), None, "health_of_places"),
        Blank(Delegation.reason, Delegation.until_on < (now - YEAR).date(), GONE, "delegations"),
        Blank(Event.caterer_name, Event.ends_at < now - YEAR, None, "caterers"),
        Blank(Event.caterer_email, Event.ends_at < now - YEAR, None, "caterers"),
        Blank(Approval.note, Approval.answered_at < now - YEAR, counted_as="approval_notes"),
        Blank(Bus.driver, of_events(Bus, YEAR, now), counted_as="drivers"),
        Blank(Bus.driver_phone, of_events(Bus, YEAR, now), counted_as="drivers"),
        Blank(Bus.firm, of_events(Bus, YEAR, now), counted_as="bus_firms"),
        Blank(Bus.firm_email, of_events(Bus, YEAR, now), counted_as="bus_firms"),
        Blank(HandOut.size, of_events(HandOut, YEAR, now)),
        Blank(HandOut.collected_by, of_events(HandOut, YEAR, now)),
        Blank(AttendanceEntry.device, marked),
        Blank(AttendanceEntry.reason, marked),
        *_of_the_day(now),
        *_of_follow_ups(done),
        Blank(Override.reason, Override.made_at < now - EVIDENCE, GONE),
        Blank(WeatherLimit.note, WeatherLimit.entered_at < now - EVIDENCE),
        Blank(MailAttempt.answer, MailAttempt.at < now - YEAR, counted_as="mail_answers"),
        Blank(Outcome.said_by, Outcome.recorded_at < now - FIGURES),
        Blank(Outcome.contractor, Outcome.recorded_at < now - FIGURES),
        Blank(Outcome.reason, Outcome.recorded_at < now - FIGURES),
    ]


def _of_the_day(now: datetime) -> list[Blank]:
    """What phones and pages recorded on the day, what was decided about it, and what people said of it afterwards."""
    return [
        Blank(DeskOperation.device, DeskOperation.recorded_at < now - YEAR),
        Blank(DeskOperation.body, of_events(DeskOperation, YEAR, now), {}),
        Blank(DeskOperation.secret, of_events(DeskOperation, EVIDENCE, now), None),
        Blank(LegDeparture.people, of_events(LegDeparture, YEAR, now), {}, "manifests"),
        Blank(LegDeparture.missing, of_events(LegDeparture, YEAR, now), {}, "manifests"),
        Blank(LegDeparture.reason, of_events(LegDeparture, EVIDENCE, now)),
        Blank(HandOver.receiver, of_events(HandOver, EVIDENCE, now), None),
        Blank(Briefing.text, Briefing.given_at < now - EVIDENCE, GONE),
        Blank(Briefing.instructor, Briefing.given_at < now - EVIDENCE),
        Blank(DeskDay.note, of_events(DeskDay, EVIDENCE, now)),
        Blank(SurveyAnswer.word, of_events(SurveyAnswer, YEAR, now), counted_as="survey_words"),
        Blank(DeskConflict.reason, of_events(DeskConflict, EVIDENCE, now)),
        Blank(HoursEntry.reason, and_(HoursEntry.source == CORRECTION, of_events(HoursEntry, EVIDENCE, now)), GONE),
    ]


def _of_follow_ups(done: ColumnElement[bool]) -> list[Blank]:
    """Who was asked, and what was said on the way; that it was dropped stays."""
    old = TaskEntry.task_id.in_(select(Task.id).where(done))
    return [
        Blank(Task.text, done, {}, "follow_ups"),
        Blank(Task.owner, done, counted_as="follow_ups"),
        Blank(Task.owner_email, done, counted_as="follow_ups"),
        Blank(Task.dropped_reason, and_(done, Task.dropped_at.is_not(None)), GONE, "follow_ups"),
        Blank(TaskEntry.note, old, counted_as="follow_ups"),
        Blank(TaskEntry.changes, old, {}, "follow_ups"),
        Blank(TaskEntry.file_name, old, counted_as="follow_ups"),
    ]


def blank(one: Blank) -> int:
    """Forgets what the column of these rows says, 500 rows a step; the rows stay. Returns how many."""
    table, total = one.column.class_, 0
    key = inspect(table).primary_key[0]
    while True:
        with transaction() as session:
            ids = list(session.scalars(select(key).where(_says(one), one.old).limit(AT_ONCE)))
            session.execute(update(table).where(key.in_(ids)).values({one.column: one.nothing}))
        total += len(ids)
        if len(ids) < AT_ONCE:
            return total


def of_events(model: Any, kept_for: timedelta, now: datetime) -> ColumnElement[bool]:
    """Rows of events that ended so long ago."""
    clause: ColumnElement[bool] = model.event_id.in_(select(Event.id).where(Event.ends_at < now - kept_for))
    return clause


def _says(one: Blank) -> ColumnElement[bool]:
    column = one.column
    if one.nothing is None:
        return column.is_not(None)
    if one.nothing == {}:  # JSON is not compared on every database; {} is its shortest text
        return func.length(cast(column, String)) > len("{}")
    return column != one.nothing
