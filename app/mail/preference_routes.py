"""Stopping optional letters in one click, and choosing among them: by the signed address in a letter, or logged in."""

from collections.abc import Collection
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.accounts.actor import COORDINATOR
from app.db import db
from app.mail import preferences
from app.mail.outbox import kind_of
from app.mail.preferences import KINDS, choose_by_link, choose_letters, wanted_kinds
from app.mail.unsubscribing import reader_in, token_of
from app.people.models import Person
from app.people.queries import readers_of
from app.web.access import open_to_all, signed_in
from app.web.actor import current_actor

bp = Blueprint("letters", __name__)

DIGEST = kind_of("reminders/digest")


@bp.record_once
def _one_click(state: Any) -> None:
    """RFC 8058: mail programs post to the address in List-Unsubscribe without a page, so without its token."""
    state.app.extensions["csrf"].exempt(f"{__name__}.stop_letters")


@bp.get("/mail/unsubscriptions/<token>")
@open_to_all
def ask_to_stop(token: str) -> str:
    """Asks before stopping: mail scanners open every address."""
    address, kind = _reader(token)
    return render_template("mail/unsubscribe.html", address=address, kind=KINDS.get(kind), done=False)


@bp.post("/mail/unsubscriptions/<token>")
@open_to_all
def stop_letters(token: str) -> ResponseReturnValue:
    """No more of these to this address, in one click. Answered at once: mail programs follow no redirect (RFC 8058)."""
    address, kind = _reader(token)
    preferences.stop_letters(address, kind, now=clock.now(), about=readers_of(address))
    if request.form.get("List-Unsubscribe") == "One-Click":
        return gettext("Done. No more such letters."), 200, {"Content-Type": "text/plain; charset=utf-8"}
    choose = url_for(".choose", token=token_of(address, secret=_secret()))
    return render_template("mail/unsubscribe.html", address=address, kind=KINDS.get(kind), done=True, choose=choose)


@bp.route("/mail/preferences/<token>", methods=["GET", "POST"])
@open_to_all
def choose(token: str) -> ResponseReturnValue:
    """Which optional letters go to the address that this link is for."""
    address, _ = _reader(token)
    if request.method == "POST":
        choose_by_link(address, request.form.getlist("kind"), now=clock.now(), about=readers_of(address))
        flash(gettext("Saved."), "ok")
        return redirect(url_for(".choose", token=token), 303)
    return _page(address)


@bp.route("/me/letters", methods=["GET", "POST"])
@signed_in
def mine() -> ResponseReturnValue:
    """The same for oneself. What only coordinators get is theirs to choose, and stays as it is for others."""
    actor = current_actor()
    me = db.session.get(Person, actor.person_id or "")
    hidden = set() if actor.has_role(COORDINATOR) else {DIGEST}
    if request.method == "POST" and me is not None and me.email:
        wanted = {*request.form.getlist("kind")} - hidden | hidden & wanted_kinds(me.email)
        choose_letters(me.email, wanted, now=clock.now(), actor=actor, about=me)
        flash(gettext("Saved."), "ok")
        return redirect(url_for(".mine"), 303)
    return _page(me.email if me else None, hidden)


def _page(address: str | None, hidden: Collection[str] = ()) -> str:
    wanted = wanted_kinds(address) if address else set()
    kinds = {kind: name for kind, name in KINDS.items() if kind not in hidden}
    return render_template("mail/preferences.html", address=address, kinds=kinds, wanted=wanted)


def _reader(token: str) -> tuple[str, str]:
    return reader_in(token, secret=_secret())


def _secret() -> str:
    secret: str = current_app.config["TORANGY"].secret_key
    return secret
