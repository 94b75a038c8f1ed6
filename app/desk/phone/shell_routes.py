"""The app that a phone takes along: its one page for all events, its worker, its words, what makes it installable.

Nothing here is about a person; the page of an event is given to whoever may take it along.
"""

import json
from functools import lru_cache

from flask import Blueprint, Response, current_app, render_template
from flask.typing import ResponseReturnValue

from app import clock
from app.desk.phone.shell import STATIC, shell_files, version_of, worker_text
from app.desk.phone.taking_along import event_to_take, taker_of
from app.desk.phone.words import spoken
from app.errors import NotFound
from app.web.access import open_to_all, signed_in
from app.web.actor import current_actor
from app.web.words import in_language

bp = Blueprint("shell", __name__)


class WithoutCookie(Response):
    """An answer that leaves the browser's cookie alone. The worker fetches in the background: an answer that came late
    would put the session from before a log-in back in its place."""

    def set_cookie(self, *_args: object, **_options: object) -> None:
        """Nothing."""


PAGE, DECODER = "/desk/shell", "/desk/decoder.js"
POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'wasm-unsafe-eval'",
        "worker-src 'self'",
        "connect-src 'self'",
        "img-src 'self' data: blob:",
        "media-src 'self' blob:",
        "manifest-src 'self'",
        "style-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types desk",
    )
)
OWN = {"Content-Security-Policy": POLICY, "Permissions-Policy": "camera=(self), microphone=(), geolocation=()"}
FRESH = {"Cache-Control": "no-cache"}
ICONS = (
    ("icon-192.png", "192x192", "any"),
    ("icon-512.png", "512x512", "any"),
    ("icon-mask.png", "512x512", "maskable"),
)


@bp.get("/events/<event_id>/desk")
@signed_in
def desk(event_id: str) -> ResponseReturnValue:
    """The desk of the day on this phone; without signal the worker answers with the same page."""
    taker_of(current_actor(), event_to_take(event_id), now=clock.now())
    return _page()


@bp.get(PAGE)
@open_to_all
def page() -> ResponseReturnValue:
    """The page that the worker keeps: the same for all events and people."""
    return _page()


@bp.get("/desk/sw.js")
@open_to_all
def worker() -> Response:
    """The worker, with the version and the files that it keeps; it rules one event's desk."""
    assets = [PAGE, *(f"/static/{name}" for name in shell_files()), *_words_addresses()]
    if (STATIC / "desk/decoder.js").is_file():
        assets.append(DECODER)
    text = f'const VERSION = "{version()}";\nconst ASSETS = {json.dumps(assets)};\n{worker_text()}'
    return WithoutCookie(text, mimetype="text/javascript", headers={**FRESH, "Service-Worker-Allowed": "/"})


@bp.get("/desk/words/<language>.json")
@open_to_all
def words(language: str) -> Response:
    """The words of all screens in one language."""
    if language not in current_app.config["TORANGY"].languages:
        raise NotFound
    return WithoutCookie(_words(language), mimetype="application/json", headers=FRESH)


@bp.get("/desk/decoder.js")
@open_to_all
def decoder() -> Response:
    """What reads codes, as a worker: it needs the page's own permissions."""
    return _decoder()


@bp.get("/events/<event_id>/desk/decoder.js")
@open_to_all
def decoder_here(event_id: str) -> Response:
    """The same where the event's own worker answers for it without a network."""
    return _decoder()


@bp.get("/events/<event_id>/desk/manifest.webmanifest")
@open_to_all
def manifest(event_id: str) -> Response:
    """What makes it installable, under the event's name."""
    event, actor = event_to_take(event_id), current_actor()
    if not actor.is_signed_in:
        raise NotFound
    taker_of(actor, event, now=clock.now())
    address = f"/events/{event_id}/desk"
    told = {
        "name": in_language(event.title, actor.language),
        "short_name": in_language(event.title, actor.language)[:24],
        "lang": actor.language,
        "id": address,
        "start_url": address,
        "scope": address,
        "display": "standalone",
        "background_color": "#f2f1ec",
        "theme_color": "#191d1a",
        "icons": [
            {"src": f"/static/desk/{name}", "sizes": sizes, "type": "image/png", "purpose": purpose}
            for name, sizes, purpose in ICONS
        ],
    }
    return WithoutCookie(json.dumps(told, ensure_ascii=False), mimetype="application/manifest+json", headers=FRESH)


def version() -> str:
    """Of the app as it is on this server."""
    made = [_words(language) for language in current_app.config["TORANGY"].languages]
    return version_of(shell_files(), [*made, render_template("desk/app.html", version=""), POLICY])


def _page() -> Response:
    return WithoutCookie(
        render_template("desk/app.html", version=version()), mimetype="text/html", headers={**OWN, **FRESH}
    )


def _decoder() -> Response:
    path = STATIC / "desk/decoder.js"
    if not path.is_file():
        raise NotFound
    return WithoutCookie(path.read_text(), mimetype="text/javascript", headers={**OWN, **FRESH})


def _words_addresses() -> list[str]:
    return [f"/desk/words/{language}.json" for language in current_app.config["TORANGY"].languages]


@lru_cache(16)
def _words(language: str) -> str:
    """Made once for this start of the server: its translations don't change meanwhile."""
    return json.dumps(spoken(language), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
