"""Go or no-go for programs: the board, setting out, red lines taken on oneself, weather and briefings."""

from typing import Any

from marshmallow import Schema, fields

from app import clock
from app.accounts.actor import COORDINATOR, SAFETY_OFFICER
from app.api.blueprint import Blueprint
from app.api.events import local_iso
from app.api.fields import Text, Whole, Word
from app.api.once import once
from app.desk.departure.departing import depart, enter_weather_limit, override_line, read_weather, record_briefing
from app.desk.departure.line_words import spoken_line
from app.desk.departure.queries import board_of, event_of_board
from app.desk.departure.readiness import KEYS
from app.desk.safety.kinds import LANGUAGES
from app.events.models import Event
from app.web.access import with_role
from app.web.actor import current_actor

bp = Blueprint("api_departures", __name__, description="Departures")
MOMENT = {"format": "date-time"}
STATE = {"description": "green, amber, red, or grey: not asked for"}


class DepartureLine(Schema):
    """One line of the board."""

    line = fields.String(required=True)
    state = fields.String(required=True, metadata=STATE)
    have = fields.String(required=True)
    why = fields.String(required=True)
    by = fields.String(required=True, allow_none=True, metadata=MOMENT)
    overridden = fields.Boolean(required=True)


class DepartureOverride(Schema):
    """A red line that somebody took on themselves."""

    line = fields.String(required=True)
    reason = fields.String(required=True)
    by = fields.String(required=True)
    at = fields.String(required=True, metadata=MOMENT)


class DepartureBoard(Schema):
    """Whether the event may set out, and why not."""

    event_id = fields.String(required=True)
    may_leave = fields.Boolean(required=True)
    departed_at = fields.String(required=True, allow_none=True, metadata=MOMENT)
    lines = fields.List(fields.Nested(DepartureLine), required=True)
    overrides = fields.List(fields.Nested(DepartureOverride), required=True)


class DepartureOverrideIn(Schema):
    """Which line, and why."""

    line = Word(KEYS, required=True)
    reason = Text(up_to=500, lines=True, required=True)


class WeatherLimitIn(Schema):
    """In which weather it may set out; null where nothing limits."""

    wind_max = Whole(allow_none=True, load_default=None)
    temperature_min = Whole(low=-60, high=60, allow_none=True, load_default=None)
    temperature_max = Whole(low=-60, high=60, allow_none=True, load_default=None)
    note = Text(up_to=500, load_default="")


class WeatherReadingIn(Schema):
    """What the weather is."""

    wind = Whole(allow_none=True, load_default=None)
    temperature = Whole(low=-60, high=60, allow_none=True, load_default=None)


class SafetyBriefingIn(Schema):
    """What was explained, to one group or to everybody."""

    text = Text(up_to=500, lines=True, required=True)
    group_id = Text(up_to=16, load_default="")
    version = Text(up_to=20, load_default="1")
    language = Word(LANGUAGES, load_default="kk")
    instructor = Text(up_to=120, load_default="")


@bp.route("/events/<event_id>/departure", methods=["GET"])
@with_role(COORDINATOR, SAFETY_OFFICER)
@bp.response(200, DepartureBoard)
def show(event_id: str) -> Any:
    """The board as it stands now."""
    return _board_json(event_of_board(current_actor(), event_id))


@bp.route("/events/<event_id>/departure", methods=["POST"])
@with_role(COORDINATOR)
@once
@bp.response(201, DepartureBoard)
def leave(event_id: str) -> Any:
    """Everybody is on the way; refused while a line is red that nobody took on."""
    actor = current_actor()
    event = event_of_board(actor, event_id)
    depart(event, now=clock.now(), actor=actor)
    return _board_json(event)


@bp.route("/events/<event_id>/overrides", methods=["POST"])
@with_role(COORDINATOR, SAFETY_OFFICER)
@once
@bp.arguments(DepartureOverrideIn)
@bp.response(201, DepartureBoard)
def override(said: dict[str, Any], event_id: str) -> Any:
    """Takes a red line on oneself; safety officers those of safety."""
    actor = current_actor()
    event = event_of_board(actor, event_id)
    override_line(event, said["line"], reason=said["reason"], now=clock.now(), actor=actor)
    return _board_json(event)


@bp.route("/events/<event_id>/weather-limit", methods=["POST"])
@with_role(SAFETY_OFFICER)
@once
@bp.arguments(WeatherLimitIn)
@bp.response(201, DepartureBoard)
def weather_limit(said: dict[str, Any], event_id: str) -> Any:
    """The safety officer's limit."""
    actor = current_actor()
    event = event_of_board(actor, event_id)
    enter_weather_limit(event, **said, now=clock.now(), actor=actor)
    return _board_json(event)


@bp.route("/events/<event_id>/weather", methods=["POST"])
@with_role(COORDINATOR, SAFETY_OFFICER)
@once
@bp.arguments(WeatherReadingIn)
@bp.response(201, DepartureBoard)
def weather(said: dict[str, Any], event_id: str) -> Any:
    """What the weather is, read by hand."""
    actor = current_actor()
    event = event_of_board(actor, event_id)
    read_weather(event, **said, now=clock.now(), actor=actor)
    return _board_json(event)


@bp.route("/events/<event_id>/briefings", methods=["POST"])
@with_role(COORDINATOR, SAFETY_OFFICER)
@once
@bp.arguments(SafetyBriefingIn)
@bp.response(201, DepartureBoard)
def briefing(said: dict[str, Any], event_id: str) -> Any:
    """Who was briefed about what."""
    actor = current_actor()
    event = event_of_board(actor, event_id)
    record_briefing(event, **said | {"group_id": said["group_id"] or None}, now=clock.now(), actor=actor)
    return _board_json(event)


def _board_json(event: Event) -> dict[str, Any]:
    found = board_of(event, now=clock.now())
    zone = event.timezone
    return {
        "event_id": event.id,
        "may_leave": not found.blocking,
        "departed_at": local_iso(found.departure.departed_at if found.departure else None, zone),
        "lines": [
            {
                "line": line.key,
                "state": line.state,
                "have": spoken_line(line, line.have),
                "why": spoken_line(line, line.why),
                "by": local_iso(line.by, zone),
                "overridden": line.overridden,
            }
            for line in found.lines
        ],
        "overrides": [
            {"line": one.line, "reason": one.reason, "by": one.by, "at": local_iso(one.at, zone)} for one in found.taken
        ],
    }
