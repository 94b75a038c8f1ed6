"""The roster of an event for programs: as JSON, CSV or XLSX."""

import dataclasses
from typing import Any

from marshmallow import Schema, fields

from app import clock
from app.accounts.actor import COORDINATOR, GIFT_KEEPER, SAFETY_OFFICER, Actor
from app.api.blueprint import Blueprint, PageArguments, page_schema
from app.api.events import local_iso
from app.api.fields import Number, Text, Texts, Word
from app.attendance.states import STATES
from app.desk.roster.asked_routes import taken_by
from app.desk.roster.asking import Asked
from app.desk.roster.choices import city_names
from app.desk.roster.exporting import log_export
from app.desk.roster.files import cells, headings
from app.desk.roster.queries import all_roster_rows, event_of_roster, roster_rows
from app.desk.roster.question_answers import AnswerColumns, ByPlace, answer_columns
from app.desk.roster.roster import GiftLine, RosterFilter, RosterRow
from app.desk.roster.staff import staff_part
from app.events.models import Event
from app.gifts.queries import gifts_of
from app.signups.models import PLACE_STATUSES
from app.web.access import with_role
from app.web.actor import current_actor
from app.web.tables import XLSX, csv_answer, xlsx_answer

bp = Blueprint("api_rosters", __name__, description="Rosters")


class PersonOfPlace(Schema):
    """Who it is, as far as the day needs to know."""

    id = fields.String(required=True)
    surname = fields.String(required=True)
    given_name = fields.String(required=True)
    patronymic = fields.String()
    personnel_number = fields.String()
    department = fields.String()
    age = fields.Integer(allow_none=True, metadata={"description": "Of children only"})


class GiftOfPlace(Schema):
    """One gift: the size they wear, or the one they got and when."""

    item_id = fields.String(required=True)
    name = fields.Nested(Texts, required=True)
    size = fields.String(required=True)
    given_at = fields.String(required=True, allow_none=True, metadata={"format": "date-time"})


class RosterPlace(Schema):
    """One line."""

    id = fields.String(required=True)
    person = fields.Nested(PersonOfPlace, required=True)
    status = fields.String(required=True)
    role = fields.String(required=True)
    ticket = fields.String(required=True)
    group = fields.String(required=True, allow_none=True)
    bus = fields.String(allow_none=True)
    labels = fields.List(fields.String())
    size = fields.String()
    diet = fields.String()
    answers = fields.Dict(
        keys=fields.String(), values=fields.String(), metadata={"description": "By question; of the party too"}
    )
    consent = fields.String(
        allow_none=True, metadata={"description": "given, missing, or null where nobody has to agree"}
    )
    attendance = fields.String(required=True)
    arrived_at = fields.String(required=True, allow_none=True, metadata={"format": "date-time"})
    gifts = fields.List(fields.Nested(GiftOfPlace), required=True)


class RosterAsked(PageArguments):
    """Which part of the roster, and how."""

    limit = Number(low=1, high=500, load_default=500)
    format = Word(("json", "csv", "xlsx"), load_default="json", metadata={"description": "Files hold all lines"})
    q = Text(load_default="")
    status = Word(PLACE_STATUSES)
    attendance = Word(STATES)
    group = Text(up_to=16, load_default="", metadata={"description": "Its id, or none"})
    bus = Text(up_to=16, load_default="", metadata={"description": "Its id, or none"})
    shift = Text(up_to=16, load_default="", metadata={"description": "Its id, or none"})
    city = Text(up_to=40, load_default="")
    department = Text(up_to=100, load_default="", metadata={"description": "A part of its name"})
    consent = Word(("missing",))
    reach = Word(("none",), metadata={"description": "Those about whom no letter can be sent"})
    label = Text(up_to=40, load_default="")


@bp.route("/events/<event_id>/roster", methods=["GET"])
@with_role(COORDINATOR, SAFETY_OFFICER, GIFT_KEEPER)
@bp.arguments(RosterAsked, location="query")
@bp.response(200, page_schema(RosterPlace))
@bp.alt_response(200, schema={"type": "string"}, content_type="text/csv", success=True)
@bp.alt_response(200, schema={"type": "string", "format": "binary"}, content_type=XLSX, success=True)
def roster(asked: dict[str, Any], event_id: str) -> Any:
    """Everybody who has or had a place, in the order of the Kazakh alphabet."""
    actor = current_actor()
    event = event_of_roster(actor, event_id)
    wanted = RosterFilter(**{field.name: asked.get(field.name, "") for field in dataclasses.fields(RosterFilter)})
    columns = answer_columns(actor, event)
    if asked["format"] != "json":
        return _file(event, asked["format"], wanted, columns, actor=actor)
    page = roster_rows(event, wanted, cursor=asked["cursor"], limit=asked["limit"])
    return {"items": [_line(row, event, columns.said) for row in page.items], "next": page.next}


def _file(event: Event, kind: str, wanted: RosterFilter, columns: AnswerColumns, *, actor: Actor) -> Any:
    """All lines and the staff of the day; who took it is written down, and stands at its foot."""
    now, heads = clock.now(), headings(gifts_of(event.id), actor.language, columns)
    rows = all_roster_rows(event, Asked(wanted=wanted))
    lines = list(cells(rows, columns, language=actor.language, cities=city_names()))
    more = staff_part(event, actor.language)
    log_export(event, kind, count=len(lines), wanted=wanted, now=now, actor=actor)
    answer, footer = {"csv": csv_answer, "xlsx": xlsx_answer}[kind], taken_by(actor, event, now)
    return answer(f"roster-{event.id}", heads, lines, timezone=event.timezone, footer=footer, more=more)


def _line(row: RosterRow, event: Event, said: ByPlace) -> dict[str, Any]:
    about = ("surname", "given_name", "patronymic", "personnel_number", "department", "age")
    return {
        "id": row.place_id,
        "person": {"id": row.person_id, **{name: getattr(row, name) for name in about}},
        **{name: getattr(row, name) for name in ("status", "role", "ticket", "size", "diet", "consent")},
        "answers": dict(said.get(row.place_id, {})),
        "group": row.group or None,
        "bus": row.bus or None,
        "labels": list(row.labels),
        "attendance": row.attendance.state,
        "arrived_at": local_iso(row.attendance.arrived_at, event.timezone),
        "gifts": [_gift(gift, event) for gift in row.gifts if gift.is_due or gift.is_given],
    }


def _gift(gift: GiftLine, event: Event) -> dict[str, Any]:
    given_at = local_iso(gift.given_at, event.timezone)
    return {"item_id": gift.item_id, "name": gift.name, "size": gift.size, "given_at": given_at}
