"""What no page can mean and no database can hold, refused before anything reads it."""

from collections.abc import Iterable

from flask import Flask, request
from werkzeug.exceptions import BadRequest

from app.errors import DomainError, NotFound
from app.web.forms import NUL, UNPRINTABLE


class UnprintableText(DomainError):
    """A form holds a NUL: PostgreSQL keeps none, and nobody types one."""

    type = "unprintable-text"
    message = UNPRINTABLE
    status = 422


def init_odd_requests(app: Flask) -> None:
    """After the check of the form's token, before any view."""
    app.before_request(_refuse)


def _refuse() -> None:
    asked = request.view_args or {}
    if "code" not in asked and _has_nul(map(str, asked.values())):  # codes of letters have a page of their own
        raise NotFound
    if request.path.startswith("/api/"):  # its fields say themselves what they take
        return
    if _has_nul(value for _, value in request.args.items(multi=True)):
        raise BadRequest
    if request.method == "POST" and not _is_form_page() and _has_nul(v for _, v in request.form.items(multi=True)):
        raise UnprintableText


def _is_form_page() -> bool:
    """Whether the same view draws the form: then the form says it beside its field."""
    return request.url_rule is not None and "GET" in (request.url_rule.methods or ())


def _has_nul(values: Iterable[str]) -> bool:
    return any(NUL in value for value in values)
