"""HR's own columns for programs: what a waiting file holds, and what is remembered for the next ones."""

from typing import Any

from marshmallow import Schema, fields, validate

from app import clock
from app.accounts.actor import COORDINATOR
from app.api.blueprint import Blueprint
from app.api.fields import Text
from app.api.once import once
from app.people.mapping import assign_columns, forget_mapping, mapping_of, mappings, sayers
from app.people.queries import import_visible
from app.web.access import with_role
from app.web.actor import current_actor

bp = Blueprint("api_hr_columns", __name__, description="HR's own columns")


class MappingOut(Schema):
    """What a column holds."""

    id = fields.String(required=True)
    kind = fields.String(required=True)
    heading = fields.String(required=True, attribute="title")
    field = fields.String(required=True, metadata={"description": "surname, full_name, ..., or ignore"})
    assigned_at = fields.DateTime(required=True)
    assigned_by = fields.String(required=True, metadata={"description": "Who said it last; empty for a command"})


class MappingsOut(Schema):
    """All that is remembered."""

    items = fields.List(fields.Nested(MappingOut), required=True)


class Said(Schema):
    """What columns hold."""

    mapping = fields.Dict(
        keys=Text(),
        values=Text(up_to=20),
        required=True,
        validate=validate.Length(min=1, max=200),
        metadata={"description": "{heading: field}; a column that is left out is ignored this time"},
    )


class Assigned(Schema):
    """The file is read on by the worker."""

    id = fields.String(required=True)
    columns = fields.Dict(required=True, metadata={"description": "{field: number of its column}"})


@bp.route("/people/imports/mappings", methods=["GET"])
@with_role(COORDINATOR)
@bp.response(200, MappingsOut)
def remembered() -> dict[str, list[dict[str, Any]]]:
    """What was said of columns that our headings don't know, by whom and when."""
    found = mappings()
    by, names = sayers(found), ("id", "kind", "title", "field", "assigned_at")
    return {"items": [{name: getattr(one, name) for name in names} | {"assigned_by": by[one.id]} for one in found]}


@bp.route("/people/imports/mappings/<mapping_id>", methods=["DELETE"])
@with_role(COORDINATOR)
@bp.response(204)
def forget(mapping_id: str) -> None:
    """The next file with this column is asked about again."""
    forget_mapping(mapping_of(mapping_id), now=clock.now(), actor=current_actor())


@bp.route("/people/imports/<run_id>/columns", methods=["POST"])
@with_role(COORDINATOR)
@once
@bp.arguments(Said)
@bp.response(201, Assigned)
def say(said: dict[str, Any], run_id: str) -> Any:
    """What the unknown columns of a file that waits hold, as one from the nightly folder; it is remembered."""
    actor = current_actor()
    run = import_visible(actor, run_id)
    assign_columns(run, said["mapping"], now=clock.now(), actor=actor)
    return run
