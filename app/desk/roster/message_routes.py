"""Messages to a part of a roster: written, looked at before they go, cancelled until they leave. Part of the desk."""

from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.accounts.actor import COORDINATOR
from app.desk.roster.asked_routes import asked_here, asked_in_form
from app.desk.roster.message_forms import MessageForm
from app.desk.roster.messages import (
    Draft,
    cancel_message,
    look_at,
    message_to_manage,
    messages_at,
    plan_message,
    unreached_by,
)
from app.desk.roster.models import Message
from app.desk.roster.roster import RosterFilter
from app.desk.roster.views import views_for
from app.events.models import Event
from app.events.queries import event_to_manage
from app.web.access import with_role
from app.web.actor import current_actor
from app.web.words import in_language

bp = Blueprint("messages", __name__)

LANGUAGES = ("kk", "ru", "en")


@bp.get("/events/<event_id>/messages")
@with_role(COORDINATOR)
def index(event_id: str) -> ResponseReturnValue:
    """What was written to this event's people, and what is still to leave."""
    event = event_to_manage(current_actor(), event_id)
    page = messages_at(event, cursor=request.args.get("cursor"))
    return render_template("desk/messages.html", event=event, rows=page.items, next=page.next)


@bp.get("/events/<event_id>/messages/new")
@with_role(COORDINATOR)
def new(event_id: str) -> ResponseReturnValue:
    """A new one, to whom the roster's filter or a saved view in the address names."""
    actor = current_actor()
    event = event_to_manage(actor, event_id)
    return _sheet(event, MessageForm(), asked_here(event, actor).wanted)


@bp.post("/events/<event_id>/messages/preview")
@with_role(COORDINATOR)
def preview(event_id: str) -> ResponseReturnValue:
    """How many people and letters, whom somebody must call, and the message in three languages. Changes nothing."""
    actor, now, form = current_actor(), clock.now(), MessageForm()
    event, wanted = event_to_manage(actor, event_id), asked_in_form().wanted
    if form.validate_on_submit() and (draft := form.attempt(form.draft, wanted, event.timezone)):
        look = form.attempt(look_at, event, draft, now=now, actor=actor)
        if look:
            words = {"wanted": wanted.words(), "carried": form.carried(), "spoken": _in_each(draft)}
            return render_template("desk/message_preview.html", event=event, draft=draft, look=look, **words)
    return _sheet(event, form, wanted)


@bp.post("/events/<event_id>/messages")
@with_role(COORDINATOR)
def create(event_id: str) -> ResponseReturnValue:
    """It leaves now, or waits for its moment."""
    actor, now, form = current_actor(), clock.now(), MessageForm()
    event, wanted = event_to_manage(actor, event_id), asked_in_form().wanted
    if form.validate_on_submit() and (draft := form.attempt(form.draft, wanted, event.timezone)):
        message = form.attempt(plan_message, event, draft, now=now, actor=actor)
        if message:
            flash(_said(draft, now), "ok")
            return redirect(url_for(".show", message_id=message.id), 303)
    return _sheet(event, form, wanted)


@bp.get("/messages/<message_id>")
@with_role(COORDINATOR)
def show(message_id: str) -> ResponseReturnValue:
    """What it says, what was counted when it was written and when it left, and whom somebody must call."""
    message = message_to_manage(current_actor(), message_id)
    return render_template(
        "desk/message.html",
        message=message,
        event=message.event,
        unreached=unreached_by(message) if message.state != "cancelled" else [],
        spoken=_in_each(message),
    )


@bp.post("/messages/<message_id>/cancellation")
@with_role(COORDINATOR)
def cancellation(message_id: str) -> ResponseReturnValue:
    """It doesn't leave."""
    actor = current_actor()
    cancel_message(message_to_manage(actor, message_id), now=clock.now(), actor=actor)
    flash(gettext("The message is cancelled. Nobody gets it."), "ok")
    return redirect(url_for(".show", message_id=message_id), 303)


def _sheet(event: Event, form: MessageForm, wanted: RosterFilter) -> ResponseReturnValue:
    page = render_template(
        "desk/message_new.html",
        event=event,
        form=form,
        wanted=wanted.words(),
        views=views_for(event, current_actor()),
    )
    return page, form.status


def _in_each(written: Draft | Message) -> list[tuple[str, str, str, str]]:
    """As readers of each language get it: where one was left empty, in another."""
    return [
        (code, in_language(written.subject, code), in_language(written.text, code), in_language(written.footer, code))
        for code in LANGUAGES
    ]


def _said(draft: Draft, now: datetime) -> str:
    if draft.send_at is None or draft.send_at <= now:
        return gettext("The message is on its way.")
    return gettext("The message waits for its moment. It can be cancelled until then.")
