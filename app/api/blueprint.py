"""What every call of the JSON face shares: how arguments are read, refused and documented.

A call reads from the outside in: `@bp.route`, the gate of app.web.access, `@once` for a POST, `@bp.arguments`,
`@bp.response`.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, NoReturn

import flask_smorest
from flask import Request
from flask_babel import gettext
from flask_smorest.utils import prepare_response
from marshmallow import Schema, ValidationError, fields
from webargs.flaskparser import FlaskParser
from webargs.multidictproxy import MultiDictProxy
from werkzeug.datastructures import CombinedMultiDict
from werkzeug.exceptions import BadRequest

from app.api.fields import Number, Text
from app.errors import Invalid

PREFIX = "/api/v1"
PROBLEM = "application/problem+json"


class Problem(Schema):
    """RFC 9457: what was refused and why, in the caller's language."""

    type = fields.String(required=True, metadata={"description": "Stable, for programs: full, overlap, too-young ..."})
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True, metadata={"description": "The sentence to show."})
    errors = fields.Dict(keys=fields.String(), values=fields.String(), metadata={"description": "For 422: by field."})


class ArgumentsParser(FlaskParser):
    """Wrong arguments become the same refusal that a rule raises: {field: sentence}."""

    def _raw_load_json(self, req: Request) -> Any:
        """The body; brackets a thousand deep and numbers of thousands of digits are no JSON of anybody's."""
        try:
            return super()._raw_load_json(req)
        except (RecursionError, ValueError) as error:
            raise BadRequest from error

    def handle_error(
        self, error: ValidationError, req: Request, schema: Schema, *, error_status_code: Any, error_headers: Any
    ) -> NoReturn:
        """Raises Invalid with one sentence for each field."""
        raise Invalid({field: text.replace("%", "%%") for field, text in flat(error.normalized_messages()).items()})


PARSER = ArgumentsParser()


@PARSER.location_loader("multipart")
def _multipart(req: Request, schema: Schema) -> MultiDictProxy:
    """A file with its words: both parts of multipart/form-data in one schema."""
    return MultiDictProxy(CombinedMultiDict([req.form, req.files]), schema)


def flat(messages: Any, path: str = "") -> dict[str, str]:
    """{"json": {"title": {"kk": ["..."]}}} becomes {"title.kk": "..."}."""
    if not isinstance(messages, Mapping):
        listed = messages if isinstance(messages, list) else [messages]
        return {path or "body": " ".join(gettext(str(message)) for message in listed)}
    found: dict[str, str] = {}
    for key, inner in messages.items():
        outermost = not path and key in ("json", "query", "multipart")
        own = path if outermost or key == "_schema" else f"{path}.{key}".lstrip(".")
        found |= flat(inner, own)
    return found


class Blueprint(flask_smorest.Blueprint):
    """Calls of one slice."""

    ARGUMENTS_PARSER = PARSER
    DEFAULT_LOCATION_CONTENT_TYPE_MAPPING = {
        **flask_smorest.Blueprint.DEFAULT_LOCATION_CONTENT_TYPE_MAPPING,
        "multipart": "multipart/form-data",
    }


class Api(flask_smorest.Api):
    """Documents the calls; leaves all errors to the app's own handlers, which know pages from programs."""

    ERROR_SCHEMA = Problem

    def _register_error_handlers(self) -> None:
        """None of its own: they would turn every error page of the app into JSON."""

    def _register_responses(self) -> None:
        """Every refusal is a problem, under its status and as the default."""
        described = {status.name: status.phrase for status in HTTPStatus if status >= 400}
        described["DEFAULT_ERROR"] = "What was refused and why"
        for name, phrase in described.items():
            response = {"description": phrase, "schema": Problem}
            prepare_response(response, self.spec, PROBLEM)
            self.spec.components.response(name, response, lazy=True)


class PageArguments(Schema):
    """Which part of a list."""

    cursor = Text(up_to=500, load_default=None, metadata={"description": "`next` of the part before"})
    limit = Number(low=1, high=500, load_default=50)


def page_schema(item: type[Schema]) -> type[Schema]:
    """{"items": [...], "next": cursor or null}."""
    members = {
        "items": fields.List(fields.Nested(item), required=True),
        "next": fields.String(required=True, allow_none=True),
    }
    return type(f"{item.__name__}Page", (Schema,), members)
