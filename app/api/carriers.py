"""One group or bus for programs: its names, changing and closing it, its stops, letters to leaders, two swapped."""

from typing import Any

from marshmallow import Schema, fields

from app import clock
from app.accounts.actor import COORDINATOR
from app.api.blueprint import Blueprint
from app.api.fields import Cleaned, Text, Texts, UpTo, Whole, Word, in_three, without_empty
from app.api.groups import KINDS, LANGUAGES, MOST_MOVED
from app.api.once import once
from app.api.warned import FieldWarning, warnings_about
from app.errors import NotFound
from app.events.models import Event
from app.events.queries import event_to_manage, visible_event
from app.people.values import read_email
from app.rosters.bus_stops import add_stop, choose_pick_up, remove_stop
from app.rosters.containers import FOR_BUSES, HOLDS, change_container, close_container, reopen_container
from app.rosters.group_forms import LARGEST
from app.rosters.group_policy import can_read_list
from app.rosters.lists import Line, NameList, lists_of
from app.rosters.models import Bus, BusStop, Group
from app.rosters.placing import container_of, swap_people
from app.rosters.sending_lists import send_lists
from app.web.access import signed_in, with_role
from app.web.actor import current_actor

bp = Blueprint("api_carriers", __name__, description="Groups and buses")
GROUP, BUS = "/events/<event_id>/groups/<group_id>", "/events/<event_id>/buses/<bus_id>"


class NameLineOut(Schema):
    """One person of the list; the age of children alone, and nothing of health."""

    place_id = fields.String(required=True)
    person_id = fields.String(required=True)
    name = fields.String(required=True)
    age = fields.Integer(required=True, allow_none=True)
    is_escort = fields.Boolean(required=True)
    elsewhere = fields.String(required=True, metadata={"description": "The bus, in a group; the group, in a bus"})
    stop_id = fields.String(required=True, allow_none=True)


class BusStopOut(Schema):
    """Where the bus stops, `out` on the way there or `back`; the time is that of the place."""

    id = fields.String(required=True)
    direction = fields.String(required=True)
    place = fields.Nested(Texts, required=True)
    leaves_at = fields.Time(required=True, format="%H:%M")


class NameListOut(Schema):
    """A group's list, or a bus's manifest, as it stands now."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    leader_id = fields.String(required=True, allow_none=True)
    closed = fields.Boolean(required=True)
    stops = fields.List(fields.Nested(BusStopOut), required=True)
    people = fields.List(fields.Nested(NameLineOut), required=True)
    warnings = fields.List(fields.Nested(FieldWarning), metadata={"description": "After a change; taken all the same"})


class GroupChange(Schema):
    """What becomes different."""

    name = Text(up_to=60)
    capacity = Whole(low=1, high=LARGEST, allow_none=True)
    leader_id = Text(up_to=16, allow_none=True)


class BusChange(GroupChange):
    """The same with who drives."""

    driver = Text(up_to=100)
    driver_phone = Text(up_to=20)
    plate = Text(up_to=20)
    firm = Text(up_to=200)
    firm_email = Cleaned(read_email, up_to=254, metadata={"description": "With it the firm hears of another day"})
    firm_language = Word(LANGUAGES)


class BusStopIn(Schema):
    """A stop more, after those that the bus has in that direction."""

    direction = Word(("out", "back"), load_default="out")
    place = in_three(required=True)
    leaves_at = fields.Time(required=True, format="%H:%M", metadata={"format": "time"})


class PickUpsIn(Schema):
    """Who gets on there; null for nobody knows where."""

    place_ids = fields.List(Text(up_to=16), required=True, validate=UpTo(max=MOST_MOVED))
    stop_id = Text(up_to=16, allow_none=True, required=True)


class PickUpsOut(Schema):
    """How many."""

    people = fields.Integer(required=True)


class SwapPeopleIn(Schema):
    """Two people who change places."""

    what = Word(KINDS, required=True)
    place_ids = fields.List(Text(up_to=16), required=True, metadata={"minItems": 2, "maxItems": 2})


class LettersIn(Schema):
    """To the leaders of groups, or of buses."""

    what = Word(KINDS, required=True)


class LettersOut(Schema):
    """How many lists are on their way, and who can't be sent one."""

    sent = fields.Integer(required=True)
    without_leader = fields.List(fields.String(), required=True)
    without_address = fields.List(fields.String(), required=True)


@bp.route(GROUP, methods=["GET"])
@signed_in
@bp.response(200, NameListOut)
def group(event_id: str, group_id: str) -> Any:
    """The names in it, for whoever leads it and for the desk."""
    return _read(event_id, "groups", group_id)


@bp.route(BUS, methods=["GET"])
@signed_in
@bp.response(200, NameListOut)
def bus(event_id: str, bus_id: str) -> Any:
    """The manifest, for whoever leads it and for the desk."""
    return _read(event_id, "buses", bus_id)


@bp.route(GROUP, methods=["PATCH"])
@with_role(COORDINATOR)
@bp.arguments(GroupChange)
@bp.response(200, NameListOut)
def change_group(wanted: dict[str, Any], event_id: str, group_id: str) -> Any:
    """Another name, leader or number of people; what is left out stays."""
    return _change(wanted, event_id, "groups", group_id)


@bp.route(BUS, methods=["PATCH"])
@with_role(COORDINATOR)
@bp.arguments(BusChange)
@bp.response(200, NameListOut)
def change_bus(wanted: dict[str, Any], event_id: str, bus_id: str) -> Any:
    """Another name, leader, number of seats or driver; what is left out stays."""
    return _change(wanted, event_id, "buses", bus_id)


@bp.route(f"{GROUP}/closing", methods=["POST"])
@with_role(COORDINATOR)
@once
@bp.response(201, PickUpsOut)
def close_group(event_id: str, group_id: str) -> Any:
    """Nobody is in it from now on; tells how many people have no place now."""
    return _close(event_id, "groups", group_id)


@bp.route(f"{BUS}/closing", methods=["POST"])
@with_role(COORDINATOR)
@once
@bp.response(201, PickUpsOut)
def close_bus(event_id: str, bus_id: str) -> Any:
    """It broke down or isn't needed; tells how many people have no place now."""
    return _close(event_id, "buses", bus_id)


@bp.route(f"{GROUP}/reopening", methods=["POST"])
@with_role(COORDINATOR)
@once
@bp.response(204)
def reopen_group(event_id: str, group_id: str) -> Any:
    """It takes people again."""
    reopen_container(_to_manage(event_id, "groups", group_id)[1], now=clock.now(), actor=current_actor())


@bp.route(f"{BUS}/reopening", methods=["POST"])
@with_role(COORDINATOR)
@once
@bp.response(204)
def reopen_bus(event_id: str, bus_id: str) -> Any:
    """It takes people again."""
    reopen_container(_to_manage(event_id, "buses", bus_id)[1], now=clock.now(), actor=current_actor())


@bp.route("/events/<event_id>/buses/<bus_id>/stops", methods=["POST"])
@with_role(COORDINATOR)
@once
@bp.arguments(BusStopIn)
@bp.response(201, BusStopOut)
def stop(wanted: dict[str, Any], event_id: str, bus_id: str) -> BusStop:
    """The bus stops there too."""
    place, way = without_empty(wanted["place"]), wanted["direction"]
    found, at = _bus(event_id, bus_id), wanted["leaves_at"]
    return add_stop(found, place, at, direction=way, now=clock.now(), actor=current_actor())


@bp.route("/events/<event_id>/buses/<bus_id>/stops/<stop_id>/removal", methods=["POST"])
@with_role(COORDINATOR)
@once
@bp.response(204)
def stop_removal(event_id: str, bus_id: str, stop_id: str) -> Any:
    """The bus stops there no more."""
    remove_stop(_bus(event_id, bus_id), stop_id, now=clock.now(), actor=current_actor())


@bp.route("/events/<event_id>/buses/<bus_id>/pick-ups", methods=["POST"])
@with_role(COORDINATOR)
@once
@bp.arguments(PickUpsIn)
@bp.response(201, PickUpsOut)
def pick_ups(wanted: dict[str, Any], event_id: str, bus_id: str) -> Any:
    """These people of the bus get on there."""
    found, ids, stop_id = _bus(event_id, bus_id), wanted["place_ids"], wanted["stop_id"] or None
    return {"people": choose_pick_up(found, ids, stop_id=stop_id, now=clock.now(), actor=current_actor())}


@bp.route("/events/<event_id>/people-swaps", methods=["POST"])
@with_role(COORDINATOR)
@once
@bp.arguments(SwapPeopleIn)
@bp.response(204)
def swap(wanted: dict[str, Any], event_id: str) -> Any:
    """Two people change places between groups, or between buses."""
    actor = current_actor()
    event = event_to_manage(actor, event_id)
    swap_people(event, wanted["what"], wanted["place_ids"], now=clock.now(), actor=actor)


@bp.route("/events/<event_id>/lists", methods=["POST"])
@with_role(COORDINATOR)
@once
@bp.arguments(LettersIn)
@bp.response(201, LettersOut)
def letters(wanted: dict[str, str], event_id: str) -> Any:
    """Each leader gets the names as they stand; who has this version already gets nothing."""
    actor = current_actor()
    return send_lists(event_to_manage(actor, event_id), wanted["what"], now=clock.now(), actor=actor)


def _read(event_id: str, what: str, container_id: str) -> dict[str, Any]:
    actor = current_actor()
    event = visible_event(actor, event_id)
    container = container_of(event.id, what, container_id)
    if not can_read_list(actor, event, container):
        raise NotFound
    return _list(event, what, container)


def _change(wanted: dict[str, Any], event_id: str, what: str, container_id: str) -> dict[str, Any]:
    event, container = _to_manage(event_id, what, container_id)
    standing = {"name": container.name, "capacity": getattr(container, HOLDS[what]), "leader_id": container.leader_id}
    if isinstance(container, Bus):
        standing |= {name: getattr(container, name) for name in FOR_BUSES}
    said = standing | wanted
    leader_id = said.pop("leader_id") or None
    if isinstance(container, Bus):
        said["firm_email"] = said["firm_email"] or ""
    change_container(container, said, leader_id=leader_id, now=clock.now(), actor=current_actor())
    return _list(event, what, container) | {"warnings": warnings_about(("firm_email", wanted.get("firm_email")))}


def _close(event_id: str, what: str, container_id: str) -> dict[str, int]:
    _event, container = _to_manage(event_id, what, container_id)
    return {"people": close_container(container, now=clock.now(), actor=current_actor())}


def _list(event: Event, what: str, container: Group | Bus) -> dict[str, Any]:
    found: NameList = lists_of(event, what, [container])[0]
    about = {"id": container.id, "name": container.name, "leader_id": container.leader_id}
    closed = {"closed": container.closed_at is not None}
    return about | closed | {"stops": list(found.stops), "people": [_line(line) for line in found.lines]}


def _line(line: Line) -> dict[str, Any]:
    told = ("place_id", "person_id", "name", "age", "is_escort", "elsewhere", "stop_id")
    return {name: getattr(line, name) for name in told}


def _to_manage(event_id: str, what: str, container_id: str) -> tuple[Event, Group | Bus]:
    event = event_to_manage(current_actor(), event_id)
    return event, container_of(event.id, what, container_id)


def _bus(event_id: str, bus_id: str) -> Bus:
    _event, found = _to_manage(event_id, "buses", bus_id)
    if not isinstance(found, Bus):
        raise NotFound
    return found
