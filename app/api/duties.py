"""What a day needs, for programs: shifts, sections, needs with their coverage, and who takes them on."""

from typing import Any

from flask_babel import gettext
from marshmallow import Schema, ValidationError, fields, validates_schema

from app import clock
from app.accounts.actor import COORDINATOR
from app.api.blueprint import Blueprint
from app.api.events import local_iso
from app.api.fields import Day, Moment, Text, Texts, Whole, Word, in_three, without_empty
from app.api.once import once
from app.events.models import Event, Shift
from app.events.queries import event_to_manage, visible_event
from app.people.queries import person_visible
from app.rosters.day_plan import MOST_PEOPLE, MOST_ROWS, NeedDraft, SectionDraft, ShiftDraft
from app.rosters.day_plan import set_needs as change_needs
from app.rosters.day_plan import set_sections as change_sections
from app.rosters.day_plan import set_shifts as change_shifts
from app.rosters.duties import name_on_duty, place_on_duty, release_duty, take_duty
from app.rosters.duty_models import ROLES, SKILLS, Duty, PersonSkill, Section
from app.rosters.duty_queries import NeedRow, duty_seen, need_rows, need_seen, people_by, sections_of, shifts_of
from app.rosters.skills import set_skill
from app.signups.queries import place_to_cancel
from app.web.access import signed_in, with_role
from app.web.actor import current_actor

bp = Blueprint("api_duties", __name__, description="Shifts, sections, needs and duties")
AT = {"format": "date-time"}


class ShiftIn(Schema):
    """A shift; with the id of one that stands it is that shift."""

    id = Text(up_to=16, load_default="")
    name = in_three(required=True)
    starts_at = Moment(required=True)
    ends_at = Moment(required=True)
    capacity = Whole(low=1, high=100_000, allow_none=True, load_default=None)


class ShiftsIn(Schema):
    """All shifts; what is left out is taken out."""

    items = fields.List(fields.Nested(ShiftIn), required=True, metadata={"maxItems": MOST_ROWS})


class ShiftOut(Schema):
    """A shift with the number of people who are in."""

    id = fields.String(required=True)
    name = fields.Nested(Texts, required=True)
    starts_at = fields.String(required=True, metadata=AT)
    ends_at = fields.String(required=True, metadata=AT)
    capacity = fields.Integer(required=True, allow_none=True)
    people = fields.Integer(required=True)


class ShiftsOut(Schema):
    """All shifts."""

    items = fields.List(fields.Nested(ShiftOut), required=True)
    next = fields.String(required=True, allow_none=True)


class SectionIn(Schema):
    """A section; with the id of one that stands it is that section."""

    id = Text(up_to=16, load_default="")
    name = in_three(required=True)
    length_m = Whole(low=1, high=1_000_000, allow_none=True, load_default=None)


class SectionsIn(Schema):
    """All sections in their order."""

    items = fields.List(fields.Nested(SectionIn), required=True, metadata={"maxItems": MOST_ROWS})


class SectionOut(Schema):
    """A section with the number of people who are in."""

    id = fields.String(required=True)
    name = fields.Nested(Texts, required=True)
    length_m = fields.Integer(required=True, allow_none=True)
    people = fields.Integer(required=True)


class SectionsOut(Schema):
    """All sections."""

    items = fields.List(fields.Nested(SectionOut), required=True)
    next = fields.String(required=True, allow_none=True)


class NeedIn(Schema):
    """So many people in one role; without shift the whole day, without section the whole place."""

    id = Text(up_to=16, load_default="")
    role = Word(ROLES, required=True)
    title = in_three(load_default=dict, metadata={"description": "Of role other"})
    shift_id = Text(up_to=16, allow_none=True, load_default=None)
    section_id = Text(up_to=16, allow_none=True, load_default=None)
    minimum = Whole(high=MOST_PEOPLE, load_default=1)
    maximum = Whole(low=1, high=MOST_PEOPLE, load_default=1)
    skill = Word(("", *SKILLS), load_default="")


class NeedsIn(Schema):
    """All needs in their order."""

    items = fields.List(fields.Nested(NeedIn), required=True, metadata={"maxItems": MOST_ROWS})


class DutyOut(Schema):
    """Somebody who took it on; the name only for coordinators."""

    id = fields.String(required=True)
    place_id = fields.String(required=True, allow_none=True)
    person_id = fields.String(metadata={"description": "Of those who come to work without a seat"})
    how = fields.String(required=True, metadata={"description": "chosen or placed"})
    name = fields.String()


class NeedOut(Schema):
    """A need and how it stands: short, covered or over."""

    id = fields.String(required=True)
    role = fields.String(required=True)
    title = fields.Nested(Texts, allow_none=True)
    shift_id = fields.String(required=True, allow_none=True)
    section_id = fields.String(required=True, allow_none=True)
    minimum = fields.Integer(required=True)
    maximum = fields.Integer(required=True)
    skill = fields.String(required=True)
    taken = fields.Integer(required=True)
    missing = fields.Integer(required=True)
    state = fields.String(required=True)
    duties = fields.List(fields.Nested(DutyOut))


class NeedsOut(Schema):
    """All needs."""

    items = fields.List(fields.Nested(NeedOut), required=True)
    next = fields.String(required=True, allow_none=True)


class DutyIn(Schema):
    """Who takes it on: a place of the event, or a person who comes to work without a seat, never both. Another's place,
    and anybody without a seat, only a coordinator may name."""

    place_id = Text(up_to=16, load_default="")
    person_id = Text(up_to=16, load_default="")

    @validates_schema
    def one_of_the_two(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """Refuses neither and both."""
        if bool(data["place_id"]) == bool(data["person_id"]):
            raise ValidationError(gettext("Name a place or a person, and only one of the two."), "place_id")


class SkillIn(Schema):
    """What somebody can do and until when that is proved."""

    skill = Word(SKILLS, required=True)
    valid_until = Day(allow_none=True, load_default=None)


class SkillOut(Schema):
    """A skill as it is entered."""

    skill = fields.String(required=True)
    valid_until = fields.Date(required=True, allow_none=True)


@bp.route("/events/<event_id>/shifts", methods=["GET"])
@signed_in
@bp.response(200, ShiftsOut)
def shifts(event_id: str) -> Any:
    """The shifts by their beginning, with how full they are."""
    return _shifts(visible_event(current_actor(), event_id))


@bp.route("/events/<event_id>/shifts", methods=["PUT"])
@with_role(COORDINATOR)
@bp.arguments(ShiftsIn)
@bp.response(200, ShiftsOut)
def put_shifts(wanted: dict[str, Any], event_id: str) -> Any:
    """The event has these shifts from now on; one that people are in can't be left out."""
    actor = current_actor()
    event = event_to_manage(actor, event_id)
    drafts = [ShiftDraft(**one | {"name": without_empty(one["name"])}) for one in wanted["items"]]
    change_shifts(event, drafts, now=clock.now(), actor=actor)
    return _shifts(event)


@bp.route("/events/<event_id>/sections", methods=["GET"])
@signed_in
@bp.response(200, SectionsOut)
def sections(event_id: str) -> Any:
    """The sections in their order."""
    return _sections(visible_event(current_actor(), event_id))


@bp.route("/events/<event_id>/sections", methods=["PUT"])
@with_role(COORDINATOR)
@bp.arguments(SectionsIn)
@bp.response(200, SectionsOut)
def put_sections(wanted: dict[str, Any], event_id: str) -> Any:
    """The place has these sections from now on."""
    actor = current_actor()
    event = event_to_manage(actor, event_id)
    drafts = [SectionDraft(**one | {"name": without_empty(one["name"])}) for one in wanted["items"]]
    change_sections(event, drafts, now=clock.now(), actor=actor)
    return _sections(event)


@bp.route("/events/<event_id>/needs", methods=["GET"])
@with_role(COORDINATOR)
@bp.response(200, NeedsOut)
def needs(event_id: str) -> Any:
    """What the day needs and how it is covered."""
    return _needs(event_to_manage(current_actor(), event_id))


@bp.route("/events/<event_id>/needs", methods=["PUT"])
@with_role(COORDINATOR)
@bp.arguments(NeedsIn)
@bp.response(200, NeedsOut)
def put_needs(wanted: dict[str, Any], event_id: str) -> Any:
    """The day needs this from now on; what people took on can't be left out."""
    actor = current_actor()
    event = event_to_manage(actor, event_id)
    drafts = [NeedDraft(**one | {"title": without_empty(one["title"])}) for one in wanted["items"]]
    change_needs(event, drafts, now=clock.now(), actor=actor)
    return _needs(event)


@bp.route("/needs/<need_id>/duties", methods=["POST"])
@signed_in
@once
@bp.arguments(DutyIn)
@bp.response(201, DutyOut)
def take(wanted: dict[str, Any], need_id: str) -> Any:
    """Takes it on for oneself, or places or names somebody as the coordinator; whoever is placed hears of it."""
    actor, now = current_actor(), clock.now()
    need = need_seen(actor, need_id)
    if wanted["person_id"]:
        return _duty(name_on_duty(need, person_visible(actor, wanted["person_id"]), now=now, actor=actor))
    place = place_to_cancel(actor, wanted["place_id"])
    takes = take_duty if place.person_id == actor.person_id else place_on_duty
    return _duty(takes(need, place, now=now, actor=actor))


@bp.route("/duties/<duty_id>/removal", methods=["POST"])
@signed_in
@once
@bp.response(204)
def release(duty_id: str) -> Any:
    """The task is open again."""
    actor = current_actor()
    release_duty(duty_seen(actor, duty_id), now=clock.now(), actor=actor)


@bp.route("/people/<person_id>/skills", methods=["PUT"])
@with_role(COORDINATOR)
@bp.arguments(SkillIn)
@bp.response(200, SkillOut)
def put_skill(wanted: dict[str, Any], person_id: str) -> PersonSkill:
    """Enters a skill, or until when it is proved now."""
    actor = current_actor()
    person = person_visible(actor, person_id)
    return set_skill(person, wanted["skill"], valid_until=wanted["valid_until"], now=clock.now(), actor=actor)


def _shifts(event: Event) -> dict[str, Any]:
    people = people_by(event, "shift_id")
    return {"items": [_shift(one, event, people.get(one.id, 0)) for one in shifts_of(event)], "next": None}


def _shift(one: Shift, event: Event, people: int) -> dict[str, Any]:
    times = {name: local_iso(getattr(one, name), event.timezone) for name in ("starts_at", "ends_at")}
    return {"id": one.id, "name": one.name, "capacity": one.capacity, "people": people} | times


def _sections(event: Event) -> dict[str, Any]:
    people = people_by(event, "section_id")
    return {"items": [_section(one, people.get(one.id, 0)) for one in sections_of(event)], "next": None}


def _section(one: Section, people: int) -> dict[str, Any]:
    return {"id": one.id, "name": one.name, "length_m": one.length_m, "people": people}


def _needs(event: Event) -> dict[str, Any]:
    return {"items": [_need(row) for row in need_rows(event)], "next": None}


def _need(row: NeedRow) -> dict[str, Any]:
    names = ("id", "role", "title", "shift_id", "section_id", "minimum", "maximum", "skill")
    stands = {name: getattr(row.stands, name) for name in ("taken", "missing", "state")}
    duties = [_duty(duty) | {"name": duty.holder.short_name} for duty in row.duties]
    return {name: getattr(row.need, name) for name in names} | stands | {"duties": duties}


def _duty(duty: Duty) -> dict[str, Any]:
    named = {"person_id": duty.person_id} if duty.person_id else {}
    return {"id": duty.id, "place_id": duty.place_id, "how": duty.how} | named
