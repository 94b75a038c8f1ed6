"""People for programs: finding them, adding one, reading a file of them."""

from typing import Any

from flask import current_app
from flask_babel import gettext
from flask_smorest.fields import Upload
from marshmallow import Schema, ValidationError, fields, validates

from app import clock
from app.accounts.actor import COORDINATOR
from app.api.blueprint import Blueprint, PageArguments, page_schema
from app.api.fields import Text, Word, YesNo
from app.api.once import once_apart
from app.db import db
from app.files import FileStore
from app.people.importing import KINDS as FILE_KINDS
from app.people.importing import Plan
from app.people.models import KINDS, ImportRun, Person
from app.people.queries import institution_named, search_people
from app.signups.hr_files import apply_hr_file
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
    institution = Text(up_to=60, load_default=None, metadata={"description": "Slug of who sends these children"})
    complete = YesNo(load_default=False, metadata={"description": "Who of that city is not in the file has left"})

    @validates("file")
    def _is_a_file(self, file: Any, data_key: str) -> None:
        if not hasattr(file, "read"):
            raise ValidationError(gettext("Choose a file."))


class DryRun(Schema):
    """Whether only to look."""

    dry_run = YesNo(load_default=False)


class RefusedRow(Schema):
    """A field of a row that can't be."""

    row = fields.Integer(required=True)
    field = fields.String(required=True)
    why = fields.String(required=True)


class Imported(Schema):
    """What became of the file."""

    created = fields.Integer(required=True)
    updated = fields.Integer(required=True)
    unchanged = fields.Integer(required=True)
    leavers = fields.Integer(required=True)
    refused = fields.List(fields.Nested(RefusedRow), required=True)


@bp.route("/people", methods=["GET"])
@signed_in
@bp.arguments(PeopleAsked, location="query")
@bp.response(200, page_schema(PersonOut))
def people(asked: dict[str, Any]) -> Any:
    """Those whom the caller may know of and who match: oneself, one's children, the people of one's cities."""
    query = search_people(current_actor(), asked.pop("q"), city=asked.pop("city"), kind=asked.pop("kind"))
    return page_of(db.session(), query, (Person.name_sort, Person.id), **asked)


@bp.route("/people/imports", methods=["POST"])
@with_role(COORDINATOR)
@once_apart
@bp.arguments(DryRun, location="query")
@bp.arguments(FileOfPeople, location="multipart")
@bp.response(200, Imported)
def read_file(asked: dict[str, Any], sent: dict[str, Any]) -> Any:
    """Reads employees or children; a second time nothing changes."""
    sender = institution_named(sent["institution"]).id if sent["institution"] else None
    plan = Plan(sent["kind"], sent["city"] or None, sender, is_complete=sent["complete"], is_dry_run=asked["dry_run"])
    file, store = sent["file"], FileStore(current_app.config["TORANGY"].instance / "uploads")
    run = apply_hr_file(file.filename or "", file.read(), plan, store=store, now=clock.now(), actor=current_actor())
    counted = {name: getattr(run, name) for name in ("created", "updated", "unchanged", "leavers")}
    return counted | {"refused": _refusals(run)}


def _refusals(run: ImportRun) -> list[dict[str, Any]]:
    """The refused rows, in the caller's language."""
    return [
        {"row": row["row"], "field": row["field"], "why": gettext(row["why"]) % (row.get("params") or {})}
        for row in run.refused
    ]
