"""What a roster's address asks for, and what stands at the foot of whatever leaves the house. Part of its routes."""

from datetime import datetime

from flask import request
from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from app.accounts.actor import Actor
from app.desk.roster.asking import Asked, asked
from app.desk.roster.views import view_for
from app.events.models import Event
from app.web.dates import local


def asked_here(event: Event, actor: Actor) -> Asked:
    """The saved view that the address names, or what it asks for itself."""
    if view_id := request.args.get("view"):
        return view_for(view_id, event, actor)
    return _asked(request.args)


def asked_in_form() -> Asked:
    """The same as a form carries it along."""
    return _asked(request.form)


def taken_by(actor: Actor, event: Event, now: datetime) -> str:
    """Who took it and when, and that it is about people."""
    moment = local(now, event.timezone).strftime("%d.%m.%Y %H:%M")
    return gettext("Taken by %(name)s on %(moment)s. Contains personal data.", name=actor.name, moment=moment)


def _asked(said: MultiDict[str, str]) -> Asked:
    columns = said.getlist("columns")
    return asked(said, columns if len(columns) > 1 else None)
