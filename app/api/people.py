"""People for programs: finding them, adding one, reading a file of them."""

import json
from collections.abc import Collection, Sequence
from typing import Any

from flask import current_app
from flask_babel import gettext
from flask_smorest.fields import Upload
from marshmallow import Schema, ValidationError, fields, post_load, validates
from sqlalchemy import or_, select

from app import clock
from app.accounts.actor import COORDINATOR, Actor
from app.api.blueprint import Blueprint, PageArguments, page_schema
from app.api.fields import Cleaned, Day, Text, Word, YesNo
from app.api.once import once, once_apart
from app.api.warned import Warned, warnings_about
from app.db import db
from app.errors import N_, Invalid
from app.files import open_store
from app.people.adding import add_person
from app.people.import_models import VERBS
from app.people.importing import KINDS as FILE_KINDS
from app.people.importing import Plan, apply_report
from app.people.models import KINDS, City, ImportRun, Institution, Person
from app.people.policy import can_read_details
from app.people.queries import differences_of, import_visible, person_visible, search_people
from app.people.values import read_email, read_name, read_number, read_phone, read_size
from app.signups.hr_files import apply_hr_file, finish_hr_file
from app.signups.queries import family_ids
from app.web.access import signed_in, with_role
from app.web.actor import current_actor
from app.web.paging import page_of

bp = Blueprint("api_people", __name__, description="People")


class PersonOut(Schema):
    """Somebody whom the caller may know of."""

    id = fields.String(required=True)
    kind = fields.String(required=True)
    surname = fields.String(required=True)
    given_name = fields.String(required=True)
    patronymic = fields.String()
    birth_date = fields.Date(allow_none=True)
    email = fields.String(allow_none=True)
    phone = fields.String(allow_none=True)
    language = fields.String(required=True)
    personnel_number = fields.String(allow_none=True)
    city = fields.String(allow_none=True)
    department = fields.String()
    tshirt_size = fields.String()
    deactivated_at = fields.DateTime(allow_none=True)


class PersonAdded(PersonOut, Warned):
    """Somebody who was added."""


class PersonIn(Schema):
    """Somebody new. With guardians it is a child, with a personnel number an employee, unless `kind` says otherwise."""

    kind = Word(KINDS)
    surname = Cleaned(read_name, up_to=100, required=True)
    given_name = Cleaned(read_name, up_to=100, load_default="")
    patronymic = Cleaned(read_name, up_to=100, load_default="")
    birth_date = Day(load_default=None, allow_none=True)
    email = Cleaned(read_email, up_to=254, load_default=None, allow_none=True)
    phone = Cleaned(read_phone, up_to=40, load_default=None, allow_none=True)
    language = Word(("kk", "ru", "en"))
    personnel_number = Cleaned(read_number, up_to=20, load_default=None, allow_none=True)
    city = Text(up_to=40, load_default=None, allow_none=True)
    department = Text(load_default="")
    tshirt_size = Cleaned(read_size, up_to=10, load_default="")
    guardian_ids = fields.List(Text(up_to=16), load_default=list, metadata={"maxItems": 4, "description": "Of a child"})

    @validates("surname")
    def _is_given(self, surname: str, data_key: str) -> None:
        if not surname:
            raise ValidationError(gettext("The surname is missing."))


class PeopleAsked(PageArguments):
    """Which people."""

    q = Text(load_default="", metadata={"description": "Beginnings of surname, given name, number or e-mail"})
    city = Text(up_to=40, load_default=None)
    kind = Word(KINDS, load_default=None)


class FileOfPeople(Schema):
    """A spreadsheet and what is in it."""

    file = Upload(required=True, metadata={"description": "XLSX, or CSV in UTF-8"})
    kind = Word(FILE_KINDS, required=True)
    city = Text(up_to=40, load_default=None)
    institution = Text(up_to=60, load_default=None, metadata={"description": "Slug or id of who sends these children"})
    complete = YesNo(load_default=False, metadata={"description": "Who of that city is not in the file has left"})
    mapping = Text(
        up_to=10_000,
        load_default="",
        metadata={"description": "What HR's own columns hold, as JSON {heading: field}; remembered for the next file"},
    )

    @validates("file")
    def _is_a_file(self, file: Any, data_key: str) -> None:
        if not hasattr(file, "read"):
            raise ValidationError(gettext("Choose a file."))

    @post_load
    def _opened(self, said: dict[str, Any], **_: Any) -> dict[str, Any]:
        try:
            mapping = json.loads(said["mapping"] or "{}")
        except ValueError:
            mapping = None
        if not isinstance(mapping, dict) or not all(isinstance(field, str) for field in mapping.values()):
            raise ValidationError(gettext("Should be an object: {heading: field}."), "mapping")
        return said | {"mapping": mapping}


class DryRun(Schema):
    """Whether only to look."""

    dry_run = YesNo(load_default=False)


class RefusedRow(Schema):
    """A field of a row that can't be."""

    row = fields.Integer(required=True)
    field = fields.String(required=True)
    why = fields.String(required=True)


class DoubtedRow(RefusedRow):
    """A field of a row that was taken, and may be wrong."""


class DifferencesAsked(PageArguments):
    """Of which kind."""

    verb = Word(VERBS, load_default=None)


class DifferenceOut(Schema):
    """One person whom a file touches."""

    verb = fields.String(required=True)
    row = fields.Integer(required=True, allow_none=True)
    name = fields.String(required=True)
    personnel_number = fields.String(required=True, allow_none=True)
    changes = fields.Dict(required=True, metadata={"description": "{field: [before, after]}"})


class Confirmed(Schema):
    """Whether a person knows how many leave."""

    confirmed = fields.Boolean(load_default=False)


class Imported(Schema):
    """What became of the file."""

    created = fields.Integer(required=True)
    updated = fields.Integer(required=True)
    unchanged = fields.Integer(required=True)
    leavers = fields.Integer(required=True)
    id = fields.String(required=True, metadata={"description": "Of this report"})
    moves = fields.Integer(required=True, metadata={"description": "Of the updated, to another department or city"})
    held = fields.Boolean(required=True, metadata={"description": "Too many would leave: a person must confirm"})
    refused = fields.List(fields.Nested(RefusedRow), required=True)
    warnings = fields.List(
        fields.Nested(DoubtedRow), required=True, metadata={"description": "Rows taken all the same"}
    )


@bp.route("/people", methods=["GET"])
@signed_in
@bp.arguments(PeopleAsked, location="query")
@bp.response(200, page_schema(PersonOut))
def people(asked: dict[str, Any]) -> Any:
    """Those whom the caller may know of and who match: oneself, one's children, the people of one's cities."""
    actor = current_actor()
    query = search_people(actor, asked.pop("q"), city=asked.pop("city"), kind=asked.pop("kind"))
    page = page_of(db.session(), query, (Person.name_sort, Person.id), **asked)
    family = set(family_ids(actor))
    return {"items": [person_json(person, actor, family) for person in page.items], "next": page.next}


@bp.route("/people", methods=["POST"])
@with_role(COORDINATOR)
@once
@bp.arguments(PersonIn)
@bp.response(201, PersonAdded)
def add(said: dict[str, Any]) -> Any:
    """Adds one person of a city that the caller coordinates."""
    actor = current_actor()
    guardians = [person_visible(actor, person_id) for person_id in dict.fromkeys(said.pop("guardian_ids"))]
    values = _completed(said, guardians)
    warnings = warnings_about(("email", values["email"]))
    added = add_person(values, guardians=guardians, now=clock.now(), actor=actor)
    return person_json(added, actor) | {"warnings": warnings}


@bp.route("/people/imports", methods=["POST"])
@with_role(COORDINATOR)
@once_apart
@bp.arguments(DryRun, location="query")
@bp.arguments(FileOfPeople, location="multipart")
@bp.response(200, Imported)
def read_file(asked: dict[str, Any], sent: dict[str, Any]) -> Any:
    """Reads employees or children; a second time nothing changes."""
    sender = _institution(sent["institution"])
    plan = Plan(
        sent["kind"],
        sent["city"] or None,
        sender.id if sender else None,
        is_complete=sent["complete"],
        is_dry_run=asked["dry_run"],
        mapping=sent["mapping"],
    )
    file, store = sent["file"], open_store(current_app.config["TORANGY"])
    run = apply_hr_file(file.filename or "", file.read(), plan, store=store, now=clock.now(), actor=current_actor())
    return _counted(run)


@bp.route("/people/imports/<run_id>/differences", methods=["GET"])
@with_role(COORDINATOR)
@bp.arguments(DifferencesAsked, location="query")
@bp.response(200, page_schema(DifferenceOut))
def differences(asked: dict[str, Any], run_id: str) -> Any:
    """What a file changes, or would: in the order of its rows, then who leaves."""
    run = import_visible(current_actor(), run_id)
    page = differences_of(run, **asked)
    return {"items": page.items, "next": page.next}


@bp.route("/people/imports/<run_id>/application", methods=["POST"])
@with_role(COORDINATOR)
@once
@bp.arguments(Confirmed)
@bp.response(200, Imported)
def apply_file(said: dict[str, Any], run_id: str) -> Any:
    """Does what the report of a dry run, or of a file that was held, says."""
    actor, now = current_actor(), clock.now()
    run = apply_report(import_visible(actor, run_id), is_confirmed=said["confirmed"], now=now, actor=actor)
    store = open_store(current_app.config["TORANGY"])
    return _counted(finish_hr_file(run, store=store, now=now, actor=actor))


def person_json(person: Person, actor: Actor, family: Collection[str] = ()) -> dict[str, Any]:
    """What the caller may know of this person; a child's birthday only guardians and coordinators."""
    plain = {name: getattr(person, name) for name in PersonOut().fields}
    may_read = person.id in family or can_read_details(actor, person)
    return plain if may_read else plain | {"birth_date": None}


def _counted(run: ImportRun) -> dict[str, Any]:
    counted = {name: getattr(run, name) for name in ("id", "created", "updated", "moves", "unchanged", "leavers")}
    said = {"refused": _sentences(run.refused), "warnings": _sentences(run.warnings)}
    return counted | {"held": run.held_at is not None, **said}


def _completed(said: dict[str, Any], guardians: Sequence[Person]) -> dict[str, Any]:
    """With the kind that the rest implies, and a child in its guardian's city."""
    kind = "child" if guardians else "employee" if said["personnel_number"] else "other"
    city = said["city"] or (guardians[0].city if guardians else None)
    if city and db.session.get(City, city) is None:
        raise Invalid({"city": N_("There is no such city.")})
    return {"kind": kind, **said, "city": city}


def _institution(named: str | None) -> Institution | None:
    if not named:
        return None
    found = db.session.scalar(select(Institution).where(or_(Institution.slug == named, Institution.id == named)))
    if found is None:
        raise Invalid({"institution": N_("There is no such institution.")})
    return found


def _sentences(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """What is said of rows, in the caller's language."""
    return [_sentence(**row) for row in rows]


def _sentence(row: int, field: str, why: str, params: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"row": row, "field": field, "why": gettext(why) % (params or {})}
