"""What a refusal looks like: a page in place with the sentence on it, or problem+json for programs."""

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import SplitResult, urlsplit

from flask import Flask, Response, current_app, flash, g, jsonify, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound
from werkzeug.routing.exceptions import RequestRedirect

from app.errors import N_, DomainError, Invalid, NotSignedIn
from app.web.forms import STALE

log = logging.getLogger(__name__)

SENTENCES = {
    400: N_("The request could not be understood. Please try again."),
    404: N_("There is nothing here. Perhaps the address is mistyped or the page was removed."),
    405: N_("This address can't do that."),
    413: N_("The file is too large. The limit is 20 MB."),
    429: N_("Too many tries. Wait a few minutes, then try again."),
    500: N_("Something broke on our side. Nothing was lost; we have written it down."),
}


SECRET_PARTS = ("token", "secret", "code", "ticket")


class Collision(DomainError):
    """Somebody wrote the same at the same moment."""

    type = "collision"
    message = N_("Somebody else saved the same at this moment. Look again, then repeat your change.")


def init_errors(app: Flask) -> None:
    """One handler for rules, one for HTTP's own errors, one for what nobody foresaw."""
    app.register_error_handler(DomainError, _refused)
    app.register_error_handler(CSRFError, _stale)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(IntegrityError, _collided)
    app.register_error_handler(Exception, _broken)


def wants_json() -> bool:
    """Whether a program asks, or a module of a page that wants no page."""
    return request.path.startswith("/api/") or request.accept_mimetypes.best == "application/json"


def problem(status: int, kind: str, title: str, detail: str, **more: Any) -> ResponseReturnValue:
    """An RFC 9457 answer; title and detail are already in the caller's language."""
    body = {"type": kind, "title": title, "status": status, "detail": detail, **more}
    response = jsonify(body)
    response.status_code = status
    response.mimetype = "application/problem+json"
    return response


def sentence(error: DomainError) -> str:
    """The refusal in the reader's language."""
    text = gettext(error.message)
    return text % error.params if error.params else text


def _refused(error: DomainError) -> ResponseReturnValue:
    if wants_json():
        return problem(error.status, error.type, gettext(error.title), sentence(error), **_by_field(error))
    if isinstance(error, NotSignedIn):
        if request.method == "GET":
            session["after_login"] = request.full_path.rstrip("?")
        return redirect(url_for("access.log_in"), 303)
    if request.method == "POST" and error.status in (409, 422) and not isinstance(error, Invalid):
        g.refusal = error
        in_place = _page_it_came_from(sentence(error), error.status)
        if in_place is not None:
            return in_place
    return _page(error.status, gettext(error.title), sentence(error))


def _by_field(error: DomainError) -> dict[str, Any]:
    if isinstance(error, Invalid):
        return {"errors": {f: gettext(m) % (error.params or {}) for f, m in error.errors.items()}}
    return {"errors": {error.field: sentence(error)}} if error.field and error.status == 422 else {}


def _stale(error: CSRFError) -> ResponseReturnValue:
    if wants_json():
        return problem(400, "stale-form", gettext(N_("Stale form")), gettext(STALE))
    return _page_it_came_from(gettext(STALE), 400) or _page(400, gettext(N_("Please try again")), gettext(STALE))


def _http_error(error: HTTPException) -> ResponseReturnValue:
    if isinstance(error, RequestRedirect):
        return error.get_response()
    status = error.code or 500
    kind = HTTPStatus(status).phrase.lower().replace(" ", "-")
    title = gettext(N_("Not found")) if status == 404 else gettext(N_("This did not work"))
    text = gettext(SENTENCES.get(status, SENTENCES[400 if status < 500 else 500]))
    if status == 413 and not wants_json():
        return _page_it_came_from(text, 413, with_entries=False) or _page(413, title, text)
    if wants_json():
        answer = current_app.make_response(problem(status, kind, title, text))
        if isinstance(error, MethodNotAllowed) and error.valid_methods:
            answer.headers["Allow"] = ", ".join(sorted(error.valid_methods))
        return answer
    return _page(status, title, text)


def _collided(error: IntegrityError) -> ResponseReturnValue:
    """Two clicks arrived together; the table's own rule stopped the second, and a new try sees why."""
    log.exception("collision: %s %s", request.method, _without_secrets())
    return _refused(Collision())


def _broken(error: Exception) -> ResponseReturnValue:
    log.exception("unforeseen: %s %s", request.method, _without_secrets())
    if current_app.debug or current_app.config.get("PROPAGATE_EXCEPTIONS"):
        raise error
    if wants_json():
        return problem(500, "broken", gettext(N_("This did not work")), gettext(SENTENCES[500]))
    return _page(500, gettext(N_("This did not work")), gettext(SENTENCES[500]))


def _without_secrets() -> str:
    """The path, but for what opens a door to whoever holds it: a log has other readers than a letter."""
    path = request.path
    for name, value in (request.view_args or {}).items():
        path = path.replace(str(value), f"<{name}>") if name in SECRET_PARTS else path
    return path


def _page(status: int, title: str, text: str) -> ResponseReturnValue:
    return render_template("web/error.html", status=status, title=title, text=text), status


def _page_it_came_from(text: str, status: int, *, with_entries: bool = True) -> ResponseReturnValue | None:
    """Shows the sentence where it happened: the page that held the button, drawn anew, with the refusal's status.

    Only our own GET pages are drawn, found by the Referer's path; without one the plain error page answers.
    """
    came_from = _own_page(_drawn_before(request.referrer))
    if came_from is None or getattr(g, "redrawing", False):
        return None
    try:
        endpoint, values = current_app.create_url_adapter(request).match(came_from.path, method="GET")  # type: ignore[union-attr]
    except (NotFound, MethodNotAllowed, RequestRedirect):
        return None
    g.redrawing = True
    if with_entries:
        g.posted = request.form
        g.typed = request.form if came_from.path == request.path else None
    said_before = list(session.get("_flashes", []))
    flash(text, "stop")
    response = _drawn(came_from, endpoint, values)
    if response is None:
        session["_flashes"] = said_before
        return None
    session["drawn"] = [request.base_url, came_from.geturl()]
    response.status_code = status
    return response


def _drawn_before(address: str | None) -> str | None:
    """The page itself, where the Referer is the address of a form: there the page was drawn after a refusal before."""
    form, page = session.get("drawn", (None, None))
    return page if address and address.partition("?")[0] == form else address


def _own_page(address: str | None) -> SplitResult | None:
    try:
        parts = urlsplit(address or "")
    except ValueError:
        return None
    return parts if parts.netloc == request.host else None


def _drawn(page: SplitResult, endpoint: str, values: Mapping[str, Any]) -> Response | None:
    """The page, None if it refuses too (somebody logged out in another tab) or is no page (a file, a redirect)."""
    try:
        with _as_get(page.path, page.query):
            response = current_app.make_response(
                current_app.ensure_sync(current_app.view_functions[endpoint])(**values)
            )
    except (DomainError, HTTPException):
        return None
    return response if response.status_code == 200 and response.mimetype == "text/html" else None


class _as_get:
    """The page believes that it was asked for by GET with its own query, so that it only reads and filters hold."""

    def __init__(self, path: str, query: str) -> None:
        self.wanted = {"REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": query, "CONTENT_LENGTH": "0"}

    def __enter__(self) -> None:
        self.kept = {key: request.environ.get(key) for key in self.wanted}
        request.environ.update(self.wanted)
        request.method = "GET"
        for cached in ("form", "args", "values", "files"):
            request.__dict__.pop(cached, None)

    def __exit__(self, *_exc: object) -> None:
        request.environ.update({key: value for key, value in self.kept.items() if value is not None})
        request.method = "POST"
