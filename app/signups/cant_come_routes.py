""" "I can't come" from a letter: a page with one button, since mail programs open every address; only it acts."""

from contextlib import AbstractContextManager, nullcontext
from typing import Any

from flask import Blueprint, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale

from app import clock
from app.accounts.actor import Actor
from app.signups.cant_come import cannot_come, leaving_of
from app.web.access import open_to_all
from app.web.actor import current_actor

bp = Blueprint("cant_come", __name__)


@bp.get("/cant-come/<token>")
@open_to_all
def show(token: str) -> ResponseReturnValue:
    """Whose places these are, and one button; afterwards, that they were given back. Changes nothing."""
    asked = leaving_of(token, now=clock.now())
    begun = asked.event.starts_at <= clock.now()
    with _spoken_to(asked.reader):
        page = render_template("signups/cant_come.html", asked=asked, event=asked.event, token=token, begun=begun)
    return page, {"X-Robots-Tag": "noindex, nofollow", "Referrer-Policy": "no-referrer"}


@bp.post("/cant-come/<token>")
@open_to_all
def leaving(token: str) -> ResponseReturnValue:
    """The places are free, and the next in the queue gets them; once, however often it is pressed."""
    cannot_come(token, now=clock.now())
    return redirect(url_for(".show", token=token), 303)


def _spoken_to(reader: Actor) -> AbstractContextManager[Any]:
    """A page that a letter led to speaks the letter's language, unless this browser chose one."""
    if current_actor().is_signed_in or "language" in session:
        return nullcontext()
    return force_locale(reader.language)
