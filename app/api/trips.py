"""The trip for programs: its stops, who receives us, and lunch."""

from collections.abc import Sequence
from typing import Any

from marshmallow import Schema, fields

from app import clock
from app.accounts.actor import COORDINATOR
from app.api.blueprint import Blueprint
from app.api.events import local_iso
from app.api.fields import Cleaned, Moment, Text, Texts, Word, in_three, without_empty
from app.api.once import once
from app.api.warned import Warned, warnings_about
from app.events.models import Event, Stop
from app.events.queries import event_to_manage, visible_event
from app.events.stop_drafts import MOST_LINES, MOST_STOPS, StopDraft, outside_of
from app.events.stops import change_stops
from app.events.trip_models import HOST_KINDS, Host
from app.people.values import read_email, read_phone
from app.rosters.duty_models import LunchOrder
from app.rosters.host_queries import host_to_manage, hosts_of
from app.rosters.hosts import HostDraft, add_host, change_host, invite_host, remove_host, send_list
from app.rosters.lunches import LunchDraft, lunch_counts, order_lunch, orders_of, plan_lunch
from app.web.access import signed_in, with_role
from app.web.actor import current_actor

bp = Blueprint("api_trips", __name__, description="Trips: stops, hosts, lunch")
LANGUAGES = ("kk", "ru", "en")


class StopIn(Schema):
    """One stop. With the id of a stop that stands it is that stop and keeps its hosts."""

    id = Text(up_to=16, load_default="")
    title = in_three(required=True)
    site_id = Text(up_to=16, allow_none=True, load_default=None)
    host = Text(load_default="", metadata={"description": "The organisation that receives us"})
    arrives_at = Moment(allow_none=True, load_default=None)
    departs_at = Moment(allow_none=True, load_default=None)
    note = in_three(load_default=dict)
    topics = fields.List(in_three(), load_default=list, metadata={"maxItems": MOST_LINES})
    instructions = fields.List(in_three(), load_default=list, metadata={"maxItems": MOST_LINES})


class StopsIn(Schema):
    """The whole trip in its order; what is left out is taken out."""

    items = fields.List(fields.Nested(StopIn), required=True, metadata={"maxItems": MOST_STOPS})


class StopOut(Schema):
    """One stop as it stands; times carry the offset of the event's place."""

    id = fields.String(required=True)
    title = fields.Nested(Texts, required=True)
    site_id = fields.String(required=True, allow_none=True)
    host = fields.String(required=True)
    arrives_at = fields.String(required=True, allow_none=True, metadata={"format": "date-time"})
    departs_at = fields.String(required=True, allow_none=True, metadata={"format": "date-time"})
    note = fields.Nested(Texts)
    topics = fields.List(fields.Nested(Texts), required=True)
    instructions = fields.List(fields.Nested(Texts), required=True)


class StopsOut(Schema):
    """The trip; `outside` are the numbers of stops before the beginning or after the end of the event."""

    items = fields.List(fields.Nested(StopOut), required=True)
    next = fields.String(required=True, allow_none=True)
    outside = fields.List(fields.Integer())


class HostIn(Schema):
    """Who receives or guides us; without a stop, on the whole trip."""

    name = Text(required=True)
    kind = Word(HOST_KINDS, load_default="host")
    stop_id = Text(up_to=16, allow_none=True, load_default=None)
    email = Cleaned(read_email, up_to=254, allow_none=True, load_default=None)
    phone = Cleaned(read_phone, up_to=40, allow_none=True, load_default=None)
    language = Word(LANGUAGES, load_default="kk")
    note = Text(up_to=500, load_default="")


class HostOut(Schema):
    """A host as it stands."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    kind = fields.String(required=True)
    stop_id = fields.String(required=True, allow_none=True)
    email = fields.String(required=True)
    phone = fields.String(required=True)
    language = fields.String(required=True)
    note = fields.String(required=True)
    state = fields.String(required=True, metadata={"description": "new, invited, confirmed or declined"})
    answer_note = fields.String()
    invited_at = fields.String(allow_none=True, metadata={"format": "date-time"})
    confirmed_at = fields.String(allow_none=True, metadata={"format": "date-time"})
    declined_at = fields.String(allow_none=True, metadata={"format": "date-time"})
    list_sent_at = fields.String(allow_none=True, metadata={"format": "date-time"})


class HostSaved(HostOut, Warned):
    """A host who was added or corrected."""


class HostsOut(Schema):
    """All hosts of the trip."""

    items = fields.List(fields.Nested(HostOut), required=True)
    next = fields.String(required=True, allow_none=True)


class ListSent(Schema):
    """How many hosts hear that the list of names is ready."""

    hosts = fields.Integer(required=True)


class LunchIn(Schema):
    """Who cooks, when people eat, and when the numbers go out by themselves."""

    caterer_name = Text(load_default="")
    caterer_email = Cleaned(read_email, up_to=254, allow_none=True, load_default=None)
    caterer_language = Word(LANGUAGES, load_default="kk")
    lunch_at = Moment(allow_none=True, load_default=None)
    lunch_cutoff_at = Moment(allow_none=True, load_default=None)


class LunchOrderOut(Schema):
    """What the caterer was told; "" counts those who said no diet."""

    number = fields.Integer(required=True)
    total = fields.Integer(required=True)
    counts = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    sent_at = fields.String(required=True, metadata={"format": "date-time"})


class LunchOut(Schema):
    """The plan, the numbers of this moment, and what the caterer knows."""

    caterer_name = fields.String(required=True)
    caterer_email = fields.String(required=True, allow_none=True)
    caterer_language = fields.String(required=True)
    lunch_at = fields.String(required=True, allow_none=True, metadata={"format": "date-time"})
    lunch_cutoff_at = fields.String(required=True, allow_none=True, metadata={"format": "date-time"})
    total = fields.Integer(required=True)
    counts = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    orders = fields.List(fields.Nested(LunchOrderOut), required=True)


class LunchSaved(LunchOut, Warned):
    """A plan that was made or changed."""


@bp.route("/events/<event_id>/stops", methods=["GET"])
@signed_in
@bp.response(200, StopsOut)
def stops(event_id: str) -> Any:
    """The trip in its order; there are never so many that they come in parts."""
    return _stops(visible_event(current_actor(), event_id))


@bp.route("/events/<event_id>/stops", methods=["PUT"])
@with_role(COORDINATOR)
@bp.arguments(StopsIn)
@bp.response(200, StopsOut)
def put_stops(wanted: dict[str, Any], event_id: str) -> Any:
    """The trip is this from now on. Times go forward from stop to stop."""
    actor = current_actor()
    event = event_to_manage(actor, event_id)
    drafts = [_draft(one) for one in wanted["items"]]
    change_stops(event, drafts, now=clock.now(), actor=actor)
    return _stops(event) | {"outside": outside_of(event, drafts)}


@bp.route("/events/<event_id>/hosts", methods=["GET"])
@with_role(COORDINATOR)
@bp.response(200, HostsOut)
def hosts(event_id: str) -> Any:
    """Who receives and guides us, and what they answered."""
    event = event_to_manage(current_actor(), event_id)
    return {"items": [_host(host, event) for host in hosts_of(event)], "next": None}


@bp.route("/events/<event_id>/hosts", methods=["POST"])
@with_role(COORDINATOR)
@once
@bp.arguments(HostIn)
@bp.response(201, HostSaved)
def add(wanted: dict[str, Any], event_id: str) -> Any:
    """One more host; the invitation is a call of its own."""
    actor = current_actor()
    event = event_to_manage(actor, event_id)
    host = add_host(event, _host_draft(wanted), now=clock.now(), actor=actor)
    return _host(host, event) | {"warnings": warnings_about(("email", wanted["email"]))}


@bp.route("/hosts/<host_id>", methods=["PUT"])
@with_role(COORDINATOR)
@bp.arguments(HostIn)
@bp.response(200, HostSaved)
def change(wanted: dict[str, Any], host_id: str) -> Any:
    """Corrects a host; another e-mail address ends the old link."""
    actor = current_actor()
    host = host_to_manage(actor, host_id)
    typed = wanted["email"] if wanted["email"] != host.email else None
    change_host(host, _host_draft(wanted), now=clock.now(), actor=actor)
    return _host(host, host.event) | {"warnings": warnings_about(("email", typed))}


@bp.route("/hosts/<host_id>/invitation", methods=["POST"])
@with_role(COORDINATOR)
@once
@bp.response(201, HostOut)
def invite(host_id: str) -> Any:
    """The letter with the link goes."""
    actor = current_actor()
    host = host_to_manage(actor, host_id)
    invite_host(host, now=clock.now(), actor=actor)
    return _host(host, host.event)


@bp.route("/hosts/<host_id>/removal", methods=["POST"])
@with_role(COORDINATOR)
@once
@bp.response(201, HostOut)
def remove(host_id: str) -> Any:
    """They receive us no longer."""
    actor = current_actor()
    host = host_to_manage(actor, host_id)
    remove_host(host, now=clock.now(), actor=actor)
    return _host(host, host.event)


@bp.route("/events/<event_id>/hosts/list", methods=["POST"])
@with_role(COORDINATOR)
@once
@bp.response(201, ListSent)
def final_list(event_id: str) -> Any:
    """The list of names is opened to those who confirmed, and they hear of it."""
    actor = current_actor()
    return {"hosts": send_list(event_to_manage(actor, event_id), now=clock.now(), actor=actor)}


@bp.route("/events/<event_id>/lunch", methods=["GET"])
@with_role(COORDINATOR)
@bp.response(200, LunchOut)
def lunch(event_id: str) -> Any:
    """Lunch in numbers."""
    return _lunch(event_to_manage(current_actor(), event_id))


@bp.route("/events/<event_id>/lunch", methods=["PUT"])
@with_role(COORDINATOR)
@bp.arguments(LunchIn)
@bp.response(200, LunchSaved)
def put_lunch(wanted: dict[str, Any], event_id: str) -> Any:
    """Says who cooks and when the numbers go out."""
    actor = current_actor()
    event = event_to_manage(actor, event_id)
    typed = wanted["caterer_email"] if wanted["caterer_email"] != event.caterer_email else None
    draft = LunchDraft(**wanted | {"caterer_email": wanted["caterer_email"] or ""})
    plan_lunch(event, draft, now=clock.now(), actor=actor)
    return _lunch(event) | {"warnings": warnings_about(("caterer_email", typed))}


@bp.route("/events/<event_id>/lunch/orders", methods=["POST"])
@with_role(COORDINATOR)
@once
@bp.response(201, LunchOrderOut)
def order(event_id: str) -> Any:
    """The numbers of this moment go to the caterer."""
    actor = current_actor()
    event = event_to_manage(actor, event_id)
    return _order(order_lunch(event, now=clock.now(), actor=actor), event)


def _draft(one: dict[str, Any]) -> StopDraft:
    texts = {name: without_empty(one[name]) for name in ("title", "note")}
    return StopDraft(**one | texts | {name: _lines(one[name]) for name in ("topics", "instructions")})


def _lines(rows: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    """Each text on one line, as the form keeps them."""
    tidy = ({code: " ".join((text or "").split()) for code, text in row.items()} for row in rows)
    return [line for row in tidy if (line := without_empty(row))]


def _stops(event: Event) -> dict[str, Any]:
    return {"items": [_stop(stop, event) for stop in event.stops], "next": None}


def _stop(stop: Stop, event: Event) -> dict[str, Any]:
    same = ("id", "title", "site_id", "host", "note", "topics", "instructions")
    times = {name: local_iso(getattr(stop, name), event.timezone) for name in ("arrives_at", "departs_at")}
    return {name: getattr(stop, name) for name in same} | times


def _host_draft(wanted: dict[str, Any]) -> HostDraft:
    return HostDraft(**wanted | {name: wanted[name] or "" for name in ("email", "phone")})


def _host(host: Host, event: Event) -> dict[str, Any]:
    same = ("id", "name", "kind", "stop_id", "email", "phone", "language", "note", "state", "answer_note")
    moments = ("invited_at", "confirmed_at", "declined_at", "list_sent_at")
    times = {name: local_iso(getattr(host, name), event.timezone) for name in moments}
    return {name: getattr(host, name) for name in same} | times


def _lunch(event: Event) -> dict[str, Any]:
    counts = lunch_counts(event.id)
    return {
        "caterer_name": event.caterer_name or "",
        "caterer_email": event.caterer_email,
        "caterer_language": event.caterer_language,
        "lunch_at": local_iso(event.lunch_at, event.timezone),
        "lunch_cutoff_at": local_iso(event.lunch_cutoff_at, event.timezone),
        "total": sum(counts.values()),
        "counts": counts,
        "orders": [_order(order, event) for order in orders_of(event.id)],
    }


def _order(order: LunchOrder, event: Event) -> dict[str, Any]:
    same = {name: getattr(order, name) for name in ("number", "total", "counts")}
    return same | {"sent_at": local_iso(order.sent_at, event.timezone)}
