"""Planning for programs: copies, series, a season from a file, checklists, and what to know about a day."""

from datetime import datetime, timedelta
from typing import Any

from flask import url_for
from flask_babel import gettext
from flask_smorest.fields import Upload
from marshmallow import Schema, ValidationError, fields, validates

from app import clock
from app.accounts.actor import COORDINATOR
from app.api.blueprint import Blueprint, PageArguments, page_schema
from app.api.events import TEXTS, EventChange, EventOut, event_json
from app.api.fields import Day, Moment, Text, Texts, Whole, Word, in_three, without_empty
from app.api.once import once
from app.api.people import DryRun
from app.events.changing import zone_of
from app.events.checklists import add_item, checklist_of, item_to_manage, tick_item
from app.events.cloning import clone_event
from app.events.models import KINDS, ChecklistItem
from app.events.planning_queries import plan_warnings
from app.events.planning_routes import spoken_warning
from app.events.queries import event_to_manage, site_named
from app.events.season_import import CheckedRow, checked_rows, import_rows
from app.events.season_routes import spoken_problem
from app.events.series import make_series
from app.rosters.replanning import change_series, move_to_day
from app.web.access import with_role
from app.web.actor import current_actor
from app.web.dates import HOME_ZONE

bp = Blueprint("api_planning", __name__, description="Planning")
ONE_HOUR = timedelta(hours=1)


class CloneIn(Schema):
    """The day of the copy; without it the same weekday, two weeks ahead at least."""

    day = Day(allow_none=True, load_default=None)


class DayIn(Schema):
    """The new day."""

    day = Day(required=True)


class SeriesIn(Schema):
    """Every such weekday between two days, with the plan of this event."""

    event_id = Text(up_to=16, required=True)
    weekday = Whole(high=6, required=True, metadata={"description": "Monday is 0"})
    first_on = Day(required=True)
    last_on = Day(required=True)


class SeriesOut(Schema):
    """The series and the drafts that it got."""

    id = fields.String(required=True)
    events = fields.List(fields.Nested(EventOut), required=True)


class SeriesChanged(Schema):
    """How many dates changed with the one that was named."""

    changed = fields.Integer(required=True)


class PlanAsked(Schema):
    """A plan as far as it is known."""

    starts_at = Moment(allow_none=True, load_default=None)
    ends_at = Moment(allow_none=True, load_default=None)
    site_id = Text(up_to=16, load_default="")
    coordinator_id = Text(up_to=16, load_default="")
    kind = Word(KINDS, load_default="other")
    event_id = Text(up_to=16, load_default="", metadata={"description": "The event itself, if it stands already"})


class WarningOut(Schema):
    """One thing to know; it forbids nothing."""

    type = fields.String(required=True)
    detail = fields.String(required=True)


class WarningsOut(Schema):
    """Everything to know, the day first."""

    items = fields.List(fields.Nested(WarningOut), required=True)


class ChecklistItemIn(Schema):
    """Something to be done before the event."""

    text = in_three(required=True)
    days_before = Whole(high=365, load_default=7)


class ChecklistItemOut(Schema):
    """A line of the checklist."""

    id = fields.String(required=True)
    text = fields.Nested(Texts, required=True)
    days_before = fields.Integer(required=True)
    due_on = fields.Date(required=True)
    done_at = fields.DateTime(required=True, allow_none=True)


class SeasonFile(Schema):
    """One event in a row; the columns are those of the page."""

    file = Upload(required=True, metadata={"description": "XLSX, or CSV in UTF-8"})

    @validates("file")
    def _is_a_file(self, file: Any, data_key: str) -> None:
        if not hasattr(file, "read"):
            raise ValidationError(gettext("Choose a file."))


class SeasonRowRefused(Schema):
    """What is wrong in a row."""

    row = fields.Integer(required=True)
    field = fields.String(required=True)
    why = fields.String(required=True)


class SeasonOut(Schema):
    """What became of the rows, or would."""

    created = fields.Integer(required=True)
    unchanged = fields.Integer(required=True)
    refused = fields.List(fields.Nested(SeasonRowRefused), required=True)


@bp.route("/events/<event_id>/clone", methods=["POST"])
@with_role(COORDINATOR)
@once
@bp.arguments(CloneIn, required=False)
@bp.response(201, EventOut)
def clone(wanted: dict[str, Any], event_id: str) -> Any:
    """The same plan on another day, as a draft; nobody who signed up, no mail."""
    actor = current_actor()
    event = event_to_manage(actor, event_id)
    copy = clone_event(event, wanted.get("day"), now=clock.now(), actor=actor)
    return event_json(copy), 201, {"Location": url_for("api_events.event", event_id=copy.id)}


@bp.route("/events/<event_id>/day", methods=["POST"])
@with_role(COORDINATOR)
@once
@bp.arguments(DayIn)
@bp.response(201, EventOut)
def move(wanted: dict[str, Any], event_id: str) -> Any:
    """Another day for an event that nobody is in yet."""
    actor = current_actor()
    event = event_to_manage(actor, event_id)
    move_to_day(event, wanted["day"], now=clock.now(), actor=actor)
    return event_json(event)


@bp.route("/events/series", methods=["POST"])
@with_role(COORDINATOR)
@once
@bp.arguments(SeriesIn)
@bp.response(201, SeriesOut)
def series(wanted: dict[str, Any]) -> Any:
    """Drafts on every such weekday that the series has not got yet."""
    actor = current_actor()
    event = event_to_manage(actor, wanted["event_id"])
    span = {"first": wanted["first_on"], "last": wanted["last_on"], "weekday": wanted["weekday"]}
    added = make_series(event, **span, now=clock.now(), actor=actor)
    return {"id": event.series_id, "events": [event_json(one) for one in added]}


@bp.route("/events/<event_id>/series", methods=["PATCH"])
@with_role(COORDINATOR)
@bp.arguments(EventChange)
@bp.response(200, SeriesChanged)
def change(wanted: dict[str, Any], event_id: str) -> Any:
    """Changes this event, and with it all of its series that lie ahead; each keeps its own day and place."""
    actor = current_actor()
    event = event_to_manage(actor, event_id)
    values = wanted | {name: without_empty(wanted[name]) for name in TEXTS if name in wanted}
    return {"changed": change_series(event, values, now=clock.now(), actor=actor)}


@bp.route("/planning/warnings", methods=["GET"])
@with_role(COORDINATOR)
@bp.arguments(PlanAsked, location="query")
@bp.response(200, WarningsOut)
def warnings(asked: dict[str, Any]) -> Any:
    """Holidays, overlaps, gifts that come too late."""
    site = site_named(asked["site_id"]) if asked["site_id"] else None
    found = plan_warnings(
        current_actor(),
        now=clock.now(),
        starts_at=asked["starts_at"],
        ends_at=_end(asked["starts_at"], asked["ends_at"]),
        site=site,
        coordinator_id=asked["coordinator_id"] or None,
        kind=asked["kind"],
        but=asked["event_id"],
        timezone=zone_of(site) if site else HOME_ZONE,
    )
    return {"items": [{"type": one.type, "detail": spoken_warning(one)} for one in found]}


@bp.route("/events/<event_id>/checklist", methods=["GET"])
@with_role(COORDINATOR)
@bp.arguments(PageArguments, location="query")
@bp.response(200, page_schema(ChecklistItemOut))
def checklist(asked: dict[str, Any], event_id: str) -> Any:
    """All lines, what is due first at the head; there are never so many that they come in parts."""
    event = event_to_manage(current_actor(), event_id)
    return {"items": checklist_of(event.id), "next": None}


@bp.route("/events/<event_id>/checklist", methods=["POST"])
@with_role(COORDINATOR)
@once
@bp.arguments(ChecklistItemIn)
@bp.response(201, ChecklistItemOut)
def add(wanted: dict[str, Any], event_id: str) -> Any:
    """One line more."""
    actor = current_actor()
    event = event_to_manage(actor, event_id)
    text = without_empty(wanted["text"])
    return add_item(event, text, days_before=wanted["days_before"], now=clock.now(), actor=actor)


@bp.route("/checklist/<line_id>/completion", methods=["POST"])
@with_role(COORDINATOR)
@once
@bp.response(201, ChecklistItemOut)
def complete(line_id: str) -> ChecklistItem:
    """It is done."""
    actor = current_actor()
    item = item_to_manage(actor, line_id)
    tick_item(item, now=clock.now(), actor=actor)
    return item


@bp.route("/events/imports", methods=["POST"])
@with_role(COORDINATOR)
@once
@bp.arguments(DryRun, location="query")
@bp.arguments(SeasonFile, location="multipart")
@bp.response(200, SeasonOut)
def season(asked: dict[str, Any], sent: dict[str, Any]) -> Any:
    """Reads a season; rows that are there already stay as they are."""
    actor, now = current_actor(), clock.now()
    rows = checked_rows(sent["file"].read(), now=now, actor=actor)
    fresh = sum(one.state == "new" for one in rows)
    created = fresh if asked["dry_run"] else import_rows(rows, now=now, actor=actor)
    unchanged = sum(one.state == "known" for one in rows)
    return {"created": created, "unchanged": unchanged, "refused": [why for one in rows for why in _refusals(one)]}


def _end(starts_at: datetime | None, ends_at: datetime | None) -> datetime | None:
    return ends_at or (starts_at + ONE_HOUR if starts_at else None)


def _refusals(one: CheckedRow) -> list[dict[str, Any]]:
    return [
        {"row": one.row.number, "field": problem.field, "why": spoken_problem(problem)[1]} for problem in one.problems
    ]
