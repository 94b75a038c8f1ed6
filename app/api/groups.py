"""Groups and buses for programs: what stands, adding some, placing everybody by rules, moving people by hand."""

from typing import Any

from marshmallow import Schema, fields

from app import clock
from app.accounts.actor import COORDINATOR, SAFETY_OFFICER
from app.api.blueprint import Blueprint
from app.api.events import local_iso
from app.api.fields import Cleaned, Text, UpTo, Whole, Word, YesNo
from app.api.once import once
from app.api.warned import Warned, warnings_about
from app.errors import N_, Invalid, require
from app.events.models import Event
from app.events.queries import event_to_manage, visible_event
from app.people.values import read_email
from app.rosters.arranging import Rules
from app.rosters.boards import Board, Card, board_of, rules_of
from app.rosters.containers import FOR_BUSES, MOST, OF_FIRM, Draft, make_containers
from app.rosters.group_forms import LARGEST
from app.rosters.group_policy import can_see_groups
from app.rosters.group_words import AREAS, unmet_sentence
from app.rosters.placing import arrange_people, move_people
from app.web.access import with_role
from app.web.actor import current_actor

bp = Blueprint("api_groups", __name__, description="Groups and buses")

KINDS = ("groups", "buses")
LANGUAGES = ("kk", "ru", "en")
MOST_MOVED = 500


class RatioOut(Schema):
    """Escorts among these people. green, amber (other adults are there), red, or none without children."""

    children = fields.Integer(required=True)
    escorts = fields.Integer(required=True)
    adults = fields.Integer(required=True)
    needed = fields.Integer(required=True)
    state = fields.String(required=True)


class UnmetOut(Schema):
    """A rule that isn't kept. `reason` is stable, `text` the sentence in the caller's language."""

    reason = fields.String(required=True)
    place_ids = fields.List(fields.String(), required=True)
    container_id = fields.String(required=True, allow_none=True)
    text = fields.String(required=True)


class ContainerOut(Schema):
    """One group or bus with those in it."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    capacity = fields.Integer(required=True, allow_none=True)
    leader_id = fields.String(required=True, allow_none=True)
    people = fields.Integer(required=True)
    place_ids = fields.List(fields.String(), required=True)
    ratio = fields.Nested(RatioOut, required=True)
    driver = fields.String()
    driver_phone = fields.String()
    plate = fields.String()
    firm = fields.String()
    firm_email = fields.String()
    firm_language = fields.String()
    published_at = fields.String(required=True, allow_none=True, metadata={"format": "date-time"})


class BoardOut(Schema):
    """All that stand open, who is in none, and what of the rules is unmet now."""

    items = fields.List(fields.Nested(ContainerOut), required=True)
    next = fields.String(required=True, allow_none=True)
    unplaced = fields.List(fields.String(), required=True, metadata={"description": "Ids of places"})
    unmet = fields.List(fields.Nested(UnmetOut), required=True)


class ContainersIn(Schema):
    """So many groups or buses; without a name they are numbered. Name, driver and plate are the first one's."""

    count = Whole(low=1, high=MOST, load_default=1)
    capacity = Whole(low=1, high=LARGEST, allow_none=True, load_default=None)
    name = Text(up_to=60, load_default="")


class BusesIn(ContainersIn):
    """The same with who drives, and the firm that all come from."""

    driver = Text(up_to=200, load_default="")
    driver_phone = Text(up_to=20, load_default="")
    plate = Text(up_to=20, load_default="")
    firm = Text(up_to=200, load_default="", metadata={"description": "Of all of them"})
    firm_email = Cleaned(
        read_email, up_to=254, load_default="", metadata={"description": "With it the firm hears of another day"}
    )
    firm_language = Word(LANGUAGES, load_default="kk")


class MadeOut(Warned):
    """The new ones."""

    ids = fields.List(fields.String(), required=True)


class ArrangementIn(Schema):
    """The rules; families are never parted. `keep` leaves those who are placed already where they are."""

    what = Word(KINDS, load_default="groups")
    brigades = YesNo(load_default=True)
    by = Word(AREAS, load_default="")
    balanced = YesNo(load_default=True)
    escorts = YesNo(load_default=True)
    keep = YesNo(load_default=False)


class MovesIn(Schema):
    """Who goes where: a group or a bus, null for out of it. Only one of the two at a time."""

    place_ids = fields.List(Text(up_to=16), required=True, validate=UpTo(max=MOST_MOVED))
    group_id = Text(up_to=16, allow_none=True)
    bus_id = Text(up_to=16, allow_none=True)


class MovedOut(Schema):
    """How many changed."""

    moved = fields.Integer(required=True)


@bp.route("/events/<event_id>/groups", methods=["GET"])
@with_role(COORDINATOR, SAFETY_OFFICER)
@bp.response(200, BoardOut)
def groups(event_id: str) -> Any:
    """The groups with their people and ratio."""
    return _board(event_id, "groups")


@bp.route("/events/<event_id>/buses", methods=["GET"])
@with_role(COORDINATOR, SAFETY_OFFICER)
@bp.response(200, BoardOut)
def buses(event_id: str) -> Any:
    """The buses with their people and ratio."""
    return _board(event_id, "buses")


@bp.route("/events/<event_id>/groups", methods=["POST"])
@with_role(COORDINATOR)
@once
@bp.arguments(ContainersIn)
@bp.response(201, MadeOut)
def add_groups(wanted: dict[str, Any], event_id: str) -> Any:
    """Adds groups."""
    return _made(event_id, "groups", wanted)


@bp.route("/events/<event_id>/buses", methods=["POST"])
@with_role(COORDINATOR)
@once
@bp.arguments(BusesIn)
@bp.response(201, MadeOut)
def add_buses(wanted: dict[str, Any], event_id: str) -> Any:
    """Adds buses."""
    return _made(event_id, "buses", wanted)


@bp.route("/events/<event_id>/arrangement", methods=["POST"])
@with_role(COORDINATOR)
@once
@bp.arguments(ArrangementIn)
@bp.response(201, BoardOut)
def arrangement(wanted: dict[str, Any], event_id: str) -> Any:
    """Places everybody by the rules, and says what could not be kept."""
    actor = current_actor()
    event, what = event_to_manage(actor, event_id), wanted["what"]
    said = {name: wanted[name] for name in ("brigades", "by", "balanced", "escorts")}
    rules = Rules(**said, bands=rules_of(event, what)[0].bands)
    arrange_people(event, what, rules, keep=wanted["keep"], now=clock.now(), actor=actor)
    return _board_json(event, board_of(event, what))


@bp.route("/events/<event_id>/moves", methods=["POST"])
@with_role(COORDINATOR)
@once
@bp.arguments(MovesIn)
@bp.response(201, MovedOut)
def moves(wanted: dict[str, Any], event_id: str) -> Any:
    """Puts people into a group or a bus by hand."""
    actor = current_actor()
    event = event_to_manage(actor, event_id)
    named = [name for name in ("group_id", "bus_id") if name in wanted]
    if len(named) != 1:
        raise Invalid({"group_id": N_("Name either a group or a bus.")})
    what = "groups" if named == ["group_id"] else "buses"
    to = wanted[named[0]] or None
    return {"moved": move_people(event, what, wanted["place_ids"], to=to, now=clock.now(), actor=actor)}


def _made(event_id: str, what: str, wanted: dict[str, Any]) -> dict[str, list[Any]]:
    actor, count = current_actor(), wanted.pop("count")
    event = event_to_manage(actor, event_id)
    firm = {name: wanted[name] or "" for name in OF_FIRM if name in wanted}
    drafts = [Draft(**wanted | firm), *[Draft(capacity=wanted["capacity"], **firm)] * (count - 1)]
    made = make_containers(event, what, drafts, now=clock.now(), actor=actor)
    return {"ids": [row.id for row in made], "warnings": warnings_about(("firm_email", wanted.get("firm_email")))}


def _board(event_id: str, what: str) -> dict[str, Any]:
    actor = current_actor()
    event = visible_event(actor, event_id)
    require(can_see_groups(actor, event))
    return _board_json(event, board_of(event, what))


def _board_json(event: Event, board: Board) -> dict[str, Any]:
    unmet = [
        {
            "reason": one.reason,
            "place_ids": list(one.who),
            "container_id": one.container,
            "text": unmet_sentence(one, board),
        }
        for one in board.unmet
    ]
    unplaced = [row.place_id for row in board.nowhere]
    return {
        "items": [_card(card, event) for card in board.cards],
        "next": None,
        "unplaced": unplaced,
        "unmet": unmet,
    }


def _card(card: Card, event: Event) -> dict[str, Any]:
    row, names = card.container, ("id", "name", "capacity", "leader_id", *FOR_BUSES)
    ratio = {name: getattr(card.ratio, name) for name in ("children", "escorts", "adults", "needed", "state")}
    said = {name: getattr(row, name) for name in names if hasattr(row, name)}
    places = [one.place_id for one in card.rows]
    published_at = local_iso(row.published_at, event.timezone)
    return said | {"people": card.people, "place_ids": places, "ratio": ratio, "published_at": published_at}
