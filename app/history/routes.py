"""Pages of history: what was done to an event or to a person, with its files and its JSON's twin."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy import ColumnElement

from app import clock
from app.accounts.actor import COORDINATOR
from app.audit.operations import record
from app.db import transaction
from app.errors import N_, NotFound, require
from app.events.models import Event
from app.events.queries import event_to_manage
from app.history.queries import (
    Line,
    Wanted,
    about_event,
    about_person,
    choices,
    history_page,
    names_in,
    whole_history,
)
from app.history.telling import Teller, field_name, verb_name
from app.history.words import SILENT
from app.people.models import Person
from app.people.policy import can_change_person
from app.people.queries import person_visible
from app.web.access import with_role
from app.web.actor import current_actor
from app.web.dates import HOME_ZONE
from app.web.fields import typed_day
from app.web.forms import language
from app.web.tables import csv_answer, safe_name, xlsx_answer
from app.web.words import in_language

bp = Blueprint("history", __name__)
HEADINGS = (
    N_("When"),
    N_("Who"),
    N_("In place of"),
    N_("Did"),
    N_("About whom"),
    N_("Field"),
    N_("Before"),
    N_("After"),
)
ANSWERS = {"csv": csv_answer, "xlsx": xlsx_answer}


@bp.get("/events/<event_id>/history")
@with_role(COORDINATOR)
def of_event(event_id: str) -> ResponseReturnValue:
    """All that was done to one event, its sign-ups and its people."""
    event = event_to_manage(current_actor(), event_id)
    return _page(about_event(event), event=event, zone=event.timezone)


@bp.get("/people/<person_id>/history")
@with_role(COORDINATOR)
def of_person(person_id: str) -> ResponseReturnValue:
    """All that was done to one person."""
    person = _person(person_id)
    return _page(about_person(person), person=person, zone=HOME_ZONE)


@bp.get("/events/<event_id>/history.<suffix>")
@with_role(COORDINATOR)
def file_of_event(event_id: str, suffix: str) -> ResponseReturnValue:
    """The same as a file; that it was taken is written down."""
    event = event_to_manage(current_actor(), event_id)
    return _file(about_event(event), event, in_language(event.title, language()), suffix, event.timezone)


@bp.get("/people/<person_id>/history.<suffix>")
@with_role(COORDINATOR)
def file_of_person(person_id: str, suffix: str) -> ResponseReturnValue:
    """The same as a file; that it was taken is written down."""
    person = _person(person_id)
    return _file(about_person(person), person, person.short_name, suffix, HOME_ZONE)


def _person(person_id: str) -> Person:
    actor = current_actor()
    person = person_visible(actor, person_id)
    require(can_change_person(actor, person))
    return person


def _page(about: ColumnElement[bool], *, zone: str, **thing: Any) -> ResponseReturnValue:
    wanted = _wanted(zone)
    page = history_page(about, wanted, cursor=request.args.get("cursor"))
    teller = Teller(names_in(page.items), language=language(), timezone=zone)
    found = choices(about)
    return render_template(
        "history/index.html",
        lines=[teller.told(line) for line in page.items],
        next=page.next,
        zone=zone,
        asked={name: request.args.get(name, "")[:40] for name in ("who", "verb", "field", "since", "until")},
        who=found.who,
        verbs=sorted(((verb, verb_name(verb)) for verb in found.verbs), key=lambda pair: pair[1]),
        fields=[(field, field_name(field)) for field in found.fields if field not in SILENT],
        is_later_page="cursor" in request.args,
        event=thing.get("event"),
        person=thing.get("person"),
    )


def _file(about: ColumnElement[bool], thing: Event | Person, name: str, suffix: str, zone: str) -> ResponseReturnValue:
    if suffix not in ANSWERS:
        raise NotFound
    actor, now = current_actor(), clock.now()
    # Told before the export is written down: a transaction forgets the rows that were read before it.
    rows = list(_rows(list(whole_history(about, _wanted(zone))), zone))
    with transaction():
        record(actor, "export", thing, now=now)
    headings = [gettext(word) for word in HEADINGS]
    return ANSWERS[suffix](f"{safe_name(name)} {gettext('history')}", headings, rows, timezone=zone)


def _rows(lines: list[Line], zone: str) -> Iterator[list[object]]:
    """A row for each changed field; an act that changed none has one row."""
    teller = Teller(names_in(lines), language=language(), timezone=zone)
    for line in lines:
        told = teller.told(line)
        first = [told.at, told.who, told.lender, told.did, told.about]
        for change in told.changes:
            values = [gettext("erased"), gettext("erased")] if change.is_erased else [change.before, change.after]
            yield [*first, change.field, *values]
        if not told.changes:
            yield [*first, "", "", ""]


def _wanted(zone: str) -> Wanted:
    asked = request.args
    return Wanted(
        who=asked.get("who", "")[:16],
        verb=asked.get("verb", "")[:60],
        field=asked.get("field", "")[:40],
        since=_midnight(asked.get("since", ""), zone),
        until=_midnight(asked.get("until", ""), zone, days=1),
    )


def _midnight(typed: str, zone: str, days: int = 0) -> datetime | None:
    """The beginning of a typed day at the place, None for what is no day."""
    day = typed_day(typed)
    if day is None:
        return None
    return datetime.combine(day + timedelta(days=days), time(), ZoneInfo(zone)).astimezone(UTC)
