"""What a call did all the same but wants looked at: addresses that look mistyped."""

from flask_babel import gettext
from marshmallow import Schema, fields

from app.people.doubting import DOUBTED, Doubt, doubt_about


class FieldWarning(Schema):
    """A field that was taken as it stands, and what may be wrong with it."""

    field = fields.String(required=True)
    why = fields.String(required=True)


class Warned(Schema):
    """An answer that may warn."""

    warnings = fields.List(fields.Nested(FieldWarning), required=True, metadata={"description": "Taken all the same"})


def warnings_about(*said: tuple[str, str | None]) -> list[dict[str, str]]:
    """Of (field, address) those that look mistyped, in the caller's language."""
    doubts = [(field, doubt_about(address)) for field, address in said]
    return [{"field": field, "why": _sentence(doubt)} for field, doubt in doubts if doubt]


def _sentence(doubt: Doubt) -> str:
    return gettext(DOUBTED) % {"address": doubt.address, "meant": doubt.meant}
