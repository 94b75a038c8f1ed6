"""Sites, programmes and events for programs: reading, planning, and the steps from draft to cancelled."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import url_for
from marshmallow import Schema, fields
from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import joinedload

from app import clock
from app.accounts.actor import COORDINATOR, Actor
from app.api.blueprint import Blueprint, PageArguments, page_schema
from app.api.fields import Moment, Text, Texts, Whole, Word, YesNo, in_three, without_empty
from app.api.once import once
from app.db import db
from app.errors import require
from app.events.catalogue import create_programme, create_site
from app.events.drafts import EventDraft
from app.events.models import (
    APPROVALS,
    AUDIENCES,
    HAZARD_CLASSES,
    KINDS,
    OPEN_TO_SEE,
    PRECISIONS,
    PROMOTIONS,
    SITE_KINDS,
    STATUSES,
    TRANSPORTS,
    Event,
    Programme,
    Site,
)
from app.events.operations import create_event
from app.events.policy import can_create_programme, can_create_site
from app.events.queries import event_to_manage, visible_event
from app.rosters import change_models
from app.rosters.changing import change_plan, publish_plan
from app.web.access import signed_in, with_role
from app.web.actor import current_actor
from app.web.paging import page_of

bp = Blueprint("api_events", __name__, description="Sites, programmes, events")
TEXTS = ("title", "description", "meeting_point", "bring")
PLAIN = (
    "id", "programme_id", "site_id", "kind", "status", "title", "description", "meeting_point", "bring",
    "date_precision",
    "timezone", "capacity", "seats_taken", "on_full", "audience", "min_age", "max_age", "lunch", "coordinator_id",
    "cities", "departments", "places_per_employee", "no_show_limit", "transport", "promotion", "offer_hours",
    "offer_from_hours", "pass_limit", "approval", "approval_hours", "asks_size", "asks_diet", "asks_medical",
    "is_hidden",
)  # fmt: skip
NARROWED: dict[str, Callable[[Any], ColumnElement[bool]]] = {
    "programme_id": lambda word: Event.programme_id == word,
    "city": lambda word: Site.city == word,
    "kind": lambda word: Event.kind == word,
    "status": lambda word: Event.status == word,
    "from_": lambda moment: Event.ends_at > moment,
    "until": lambda moment: Event.starts_at < moment,
}
MOMENTS = ("starts_at", "ends_at", "signup_opens_at", "signup_closes_at", "cancel_closes_at")


class SiteIn(Schema):
    """A place with its hazard rules."""

    name = in_three(required=True)
    city = Text(required=True, up_to=40)
    kind = Word(SITE_KINDS, load_default="other")
    host = Text(load_default="")
    min_age = Whole(high=120, allow_none=True)
    adult_child_ratio = Whole(low=1, high=100, allow_none=True, metadata={"description": "Children for one adult"})
    hazard_class = Word(
        HAZARD_CLASSES, load_default="none", metadata={"description": "high: nobody under 18 works there, only visits"}
    )
    ppe = fields.List(
        Text(up_to=40), load_default=list, metadata={"description": "Protective equipment", "maxItems": 20}
    )


class SiteOut(Schema):
    """A place as it stands."""

    id = fields.String(required=True)
    slug = fields.String(required=True)
    name = fields.Nested(Texts, required=True)
    city = fields.String(required=True)
    kind = fields.String(required=True)
    host = fields.String()
    min_age = fields.Integer(allow_none=True)
    adult_child_ratio = fields.Integer(allow_none=True)
    hazard_class = fields.String()
    ppe = fields.List(fields.String())


class ProgrammeIn(Schema):
    """A line of work; `year` is its first and, unless `last_year` says more, its only one."""

    name = in_three(required=True)
    year = Whole(low=1990, high=2100, required=True)
    last_year = Whole(low=1990, high=2100, allow_none=True)
    planned_tenge = Whole(allow_none=True)


class ProgrammeOut(Schema):
    """A line of work as it stands."""

    id = fields.String(required=True)
    slug = fields.String(required=True)
    name = fields.Nested(Texts, required=True)
    year = fields.Integer(required=True, attribute="first_year")
    last_year = fields.Integer(required=True)
    planned_tenge = fields.Integer(allow_none=True)


class EventChange(Schema):
    """What may be changed later; what is left out stays."""

    programme_id = Text(up_to=16)
    site_id = Text(up_to=16)
    kind = Word(KINDS)
    title = in_three()
    description = in_three()
    meeting_point = in_three()
    bring = in_three()
    starts_at = Moment()
    ends_at = Moment()
    date_precision = Word(PRECISIONS)
    capacity = Whole(low=1, high=100_000, allow_none=True, metadata={"description": "Nobody counts seats without it"})
    on_full = Word(("waitlist", "refuse"))
    audience = Word(AUDIENCES)
    min_age = Whole(high=120, allow_none=True)
    max_age = Whole(high=120, allow_none=True)
    lunch = YesNo()
    signup_opens_at = Moment(allow_none=True)
    signup_closes_at = Moment(allow_none=True)
    cancel_closes_at = Moment(allow_none=True, metadata={"description": "Afterwards only the coordinator cancels"})
    coordinator_id = Text(up_to=16, allow_none=True)
    cities = fields.List(
        Text(up_to=40), metadata={"maxItems": 100, "description": "Only for people of these; [] is all"}
    )
    departments = fields.List(Text(), metadata={"maxItems": 50, "description": "Only for people of these; [] is all"})
    places_per_employee = Whole(low=1, high=100, allow_none=True)
    no_show_limit = Whole(low=1, high=100, allow_none=True, metadata={"description": "Absences in a year that block"})
    transport = Word(TRANSPORTS)
    promotion = Word(PROMOTIONS, metadata={"description": "late-offer: at once, but offered shortly before the start"})
    offer_hours = Whole(low=1, high=72)
    offer_from_hours = Whole(high=720)
    pass_limit = Whole(high=100, metadata={"description": "How many parties may pass a larger one in the queue"})
    approval = Word(APPROVALS)
    approval_hours = Whole(low=1, high=336)
    asks_size = YesNo()
    asks_diet = YesNo()
    asks_medical = YesNo(metadata={"description": "Of children's guardians one consent more is asked then"})
    is_hidden = YesNo(metadata={"description": "The public finds it nowhere; what it achieved counts in the totals"})


class EventIn(EventChange):
    """A new event; it is a draft until it is published."""

    programme_id = Text(up_to=16, required=True)
    site_id = Text(up_to=16, required=True)
    kind = Word(KINDS, load_default="other")
    title = in_three(required=True)
    starts_at = Moment(required=True)
    ends_at = Moment(required=True)


class EventOut(Schema):
    """An event as it stands; times carry the offset of its own place."""

    id = fields.String(required=True)
    programme_id = fields.String(required=True)
    site_id = fields.String(required=True)
    city = fields.String(required=True)
    kind = fields.String(required=True)
    status = fields.String(required=True)
    title = fields.Nested(Texts, required=True)
    description = fields.Nested(Texts)
    meeting_point = fields.Nested(Texts)
    bring = fields.Nested(Texts)
    starts_at = fields.String(required=True, metadata={"format": "date-time"})
    ends_at = fields.String(required=True, metadata={"format": "date-time"})
    date_precision = fields.String(required=True)
    timezone = fields.String(required=True)
    capacity = fields.Integer(required=True, allow_none=True)
    seats_taken = fields.Integer(required=True)
    on_full = fields.String(required=True)
    audience = fields.String(required=True)
    min_age = fields.Integer(allow_none=True)
    max_age = fields.Integer(allow_none=True)
    lunch = fields.Boolean()
    signup_opens_at = fields.String(allow_none=True, metadata={"format": "date-time"})
    signup_closes_at = fields.String(allow_none=True, metadata={"format": "date-time"})
    cancel_closes_at = fields.String(allow_none=True, metadata={"format": "date-time"})
    coordinator_id = fields.String(allow_none=True)
    cities = fields.List(fields.String())
    departments = fields.List(fields.String())
    places_per_employee = fields.Integer(allow_none=True)
    no_show_limit = fields.Integer(allow_none=True)
    transport = fields.String()
    promotion = fields.String()
    offer_hours = fields.Integer()
    offer_from_hours = fields.Integer()
    pass_limit = fields.Integer()
    approval = fields.String()
    approval_hours = fields.Integer()
    asks_size = fields.Boolean()
    asks_diet = fields.Boolean()
    asks_medical = fields.Boolean()
    is_hidden = fields.Boolean()
    change_id = fields.String(metadata={"description": "Only where this call did what can be undone for a minute"})
    undoable_until = fields.String(metadata={"format": "date-time"})


class EventsAsked(PageArguments):
    """Which events; without a word all that the caller may see, by their beginning."""

    programme_id = Text(up_to=16)
    city = Text(up_to=40)
    kind = Word(KINDS)
    status = Word(STATUSES)
    from_ = Moment(data_key="from", metadata={"description": "Not over before this moment"})
    until = Moment(metadata={"description": "Beginning before this moment"})


@bp.route("/sites", methods=["GET"])
@signed_in
@bp.arguments(PageArguments, location="query")
@bp.response(200, page_schema(SiteOut))
def sites(asked: dict[str, Any]) -> Any:
    """All places."""
    return page_of(db.session(), select(Site), (Site.slug, Site.id), **asked)


@bp.route("/sites", methods=["POST"])
@with_role(COORDINATOR)
@once
@bp.arguments(SiteIn)
@bp.response(201, SiteOut)
def add_site(wanted: dict[str, Any]) -> Any:
    """A new place in a city that the caller coordinates."""
    actor = current_actor()
    require(can_create_site(actor, wanted["city"]))
    return create_site(**wanted | {"name": without_empty(wanted["name"])}, now=clock.now(), actor=actor)


@bp.route("/programmes", methods=["GET"])
@signed_in
@bp.arguments(PageArguments, location="query")
@bp.response(200, page_schema(ProgrammeOut))
def programmes(asked: dict[str, Any]) -> Any:
    """All programmes."""
    return page_of(db.session(), select(Programme), (Programme.slug, Programme.id), **asked)


@bp.route("/programmes", methods=["POST"])
@with_role(COORDINATOR)
@once
@bp.arguments(ProgrammeIn)
@bp.response(201, ProgrammeOut)
def add_programme(wanted: dict[str, Any]) -> Any:
    """A new programme."""
    actor = current_actor()
    require(can_create_programme(actor))
    name, first_year = without_empty(wanted.pop("name")), wanted.pop("year")
    return create_programme(name=name, first_year=first_year, **wanted, now=clock.now(), actor=actor)


@bp.route("/events", methods=["GET"])
@signed_in
@bp.arguments(EventsAsked, location="query")
@bp.response(200, page_schema(EventOut))
def events(asked: dict[str, Any]) -> Any:
    """Published events, and the drafts that the caller plans."""
    part = {name: asked.pop(name, None) for name in ("cursor", "limit")}
    page = page_of(db.session(), _listed(current_actor(), asked), (Event.starts_at, Event.id), **part)
    return {"items": [event_json(event) for event in page.items], "next": page.next}


@bp.route("/events", methods=["POST"])
@with_role(COORDINATOR)
@once
@bp.arguments(EventIn)
@bp.response(201, EventOut)
def add_event(wanted: dict[str, Any]) -> Any:
    """A new draft."""
    event = create_event(EventDraft(**_said(wanted)), now=clock.now(), actor=current_actor())
    return event_json(event), 201, {"Location": url_for("api_events.event", event_id=event.id)}


@bp.route("/events/<event_id>", methods=["GET"])
@signed_in
@bp.response(200, EventOut)
def event(event_id: str) -> Any:
    """One event."""
    return event_json(visible_event(current_actor(), event_id))


@bp.route("/events/<event_id>", methods=["PATCH"])
@with_role(COORDINATOR)
@bp.arguments(EventChange)
@bp.response(200, EventOut)
def change(wanted: dict[str, Any], event_id: str) -> Any:
    """Changes the plan; seats that are added go to the queue at once. Another day or place is a move: what hangs at
    its hours goes along, its letters wait for a minute, and `change_id` says what to undo till then."""
    actor = current_actor()
    found = event_to_manage(actor, event_id)
    made = change_plan(found, _said(wanted), now=clock.now(), actor=actor)
    return event_json(found) | (undoable_json(made) if made else {})


@bp.route("/events/<event_id>/publication", methods=["POST"])
@with_role(COORDINATOR)
@once
@bp.response(201, EventOut)
def publish(event_id: str) -> Any:
    """Everybody sees it from now on. One that was put off has its new day now: that is a change that can be undone."""
    actor = current_actor()
    found = event_to_manage(actor, event_id)
    made = publish_plan(found, now=clock.now(), actor=actor)
    return event_json(found) | (undoable_json(made) if made else {})


def event_json(event: Event) -> dict[str, Any]:
    """The event with its city, and its times at its own place."""
    times = {name: local_iso(getattr(event, name), event.timezone) for name in MOMENTS}
    return {name: getattr(event, name) for name in PLAIN} | times | {"city": event.site.city}


def undoable_json(change: change_models.EventChange) -> dict[str, Any]:
    """What an answer adds where something was done that can be taken back for a while."""
    until = local_iso(change.undoable_until, db.session.get_one(Event, change.event_id).timezone)
    return {"change_id": change.id, "undoable_until": until}


def local_iso(moment: datetime | None, timezone: str) -> str | None:
    """ISO 8601 with the offset that clocks at the place have."""
    return moment.astimezone(ZoneInfo(timezone)).isoformat() if moment else None


def _said(wanted: dict[str, Any]) -> dict[str, Any]:
    """As rules take it: languages that say nothing left out, an empty id as none."""
    nobody = {"coordinator_id": None} if wanted.get("coordinator_id") == "" else {}
    return wanted | nobody | {name: without_empty(wanted[name]) for name in TEXTS if name in wanted}


def _listed(actor: Actor, asked: dict[str, Any]) -> Any:
    query = select(Event).join(Site, Site.id == Event.site_id).options(joinedload(Event.site))
    wanted = [compare(asked[name]) for name, compare in NARROWED.items() if name in asked]
    return query.where(or_(Event.status.in_(OPEN_TO_SEE), _planned_by(actor)), *wanted)


def _planned_by(actor: Actor) -> ColumnElement[bool]:
    scopes = [scope for scope in actor.scopes if scope.role == COORDINATOR]
    where = actor.cities(COORDINATOR) if scopes or actor.is_admin else frozenset()
    if where is None:
        return Event.id.is_not(None)
    return or_(
        Site.city.in_({scope.city for scope in scopes if scope.city and not scope.programme_id and not scope.event_id}),
        Event.programme_id.in_({scope.programme_id for scope in scopes if scope.programme_id and not scope.city}),
        Event.id.in_({scope.event_id for scope in scopes if scope.event_id}),
    )
