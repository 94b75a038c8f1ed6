"""Rotation calendars for programs."""

from typing import Any

from flask_babel import gettext
from flask_smorest.fields import Upload
from marshmallow import Schema, ValidationError, fields, validates

from app import clock
from app.accounts.actor import COORDINATOR
from app.api.blueprint import Blueprint
from app.api.once import once_apart
from app.api.people import DryRun, RefusedRow
from app.people.rotations import import_rotations
from app.web.access import with_role
from app.web.actor import current_actor

bp = Blueprint("api_rotations", __name__, description="Rotation calendars of shift workers")


class Calendar(Schema):
    """HR's file: personnel number, first day, last day."""

    file = Upload(required=True, metadata={"description": "XLSX, or CSV in UTF-8"})

    @validates("file")
    def _is_a_file(self, file: Any, data_key: str) -> None:
        if not hasattr(file, "read"):
            raise ValidationError(gettext("Choose a file."))


class Read(Schema):
    """What became of the file."""

    created = fields.Integer(required=True)
    updated = fields.Integer(required=True)
    unchanged = fields.Integer(required=True)
    refused = fields.List(fields.Nested(RefusedRow), required=True)


@bp.route("/people/rotations", methods=["POST"])
@with_role(COORDINATOR)
@once_apart
@bp.arguments(DryRun, location="query")
@bp.arguments(Calendar, location="multipart")
@bp.response(200, Read)
def read_file(asked: dict[str, Any], sent: dict[str, Any]) -> Any:
    """Reads who works from which day to which; a second time nothing changes."""
    content = sent["file"].read()
    report = import_rotations(content, dry_run=asked["dry_run"], now=clock.now(), actor=current_actor())
    refused = [
        {"row": refusal.row, "field": refusal.field, "why": gettext(refusal.why) % dict(refusal.params)}
        for refusal in report.refused
    ]
    counted = {name: getattr(report, name) for name in ("created", "updated", "unchanged")}
    return counted | {"refused": refused}
