"""The page on which a coordinator ticks off what is to be done before an event. Part of the events' blueprint."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.accounts.actor import COORDINATOR
from app.events.checklists import add_item, checklist_of, item_to_manage, remove_item, tick_item, untick_item
from app.events.models import ChecklistItem
from app.events.periods import local_day
from app.events.plan_forms import ChecklistForm
from app.events.queries import event_to_manage
from app.web.access import with_role
from app.web.actor import current_actor
from app.web.forms import texts

bp = Blueprint("checklist", __name__)


@bp.route("/events/<event_id>/checklist", methods=["GET", "POST"])
@with_role(COORDINATOR)
def index(event_id: str) -> ResponseReturnValue:
    """What is to be done, each with its day; below, one line more."""
    actor, now = current_actor(), clock.now()
    event = event_to_manage(actor, event_id)
    form = ChecklistForm()
    if form.validate_on_submit():
        days = form.days_before.data or 0
        item = form.attempt(add_item, event, texts(form.text), days_before=days, now=now, actor=actor)
        if item:
            flash(gettext("Saved."), "ok")
            return _back(item)
    today = local_day(now, event.timezone)
    rows = [(item, item.is_overdue_on(today)) for item in checklist_of(event.id)]
    return render_template("events/checklist.html", event=event, form=form, rows=rows), form.status


@bp.post("/checklist/<line_id>/completion")
@with_role(COORDINATOR)
def completion(line_id: str) -> ResponseReturnValue:
    """It is done."""
    actor = current_actor()
    item = item_to_manage(actor, line_id)
    tick_item(item, now=clock.now(), actor=actor)
    return _back(item)


@bp.post("/checklist/<line_id>/reopening")
@with_role(COORDINATOR)
def reopening(line_id: str) -> ResponseReturnValue:
    """It isn't after all."""
    actor = current_actor()
    item = item_to_manage(actor, line_id)
    untick_item(item, now=clock.now(), actor=actor)
    return _back(item)


@bp.post("/checklist/<line_id>/removal")
@with_role(COORDINATOR)
def removal(line_id: str) -> ResponseReturnValue:
    """Not needed here."""
    actor = current_actor()
    item = item_to_manage(actor, line_id)
    event_id = item.event_id
    remove_item(item, now=clock.now(), actor=actor)
    flash(gettext("The line is gone."), "ok")
    return redirect(url_for(".index", event_id=event_id), 303)


def _back(item: ChecklistItem) -> ResponseReturnValue:
    return redirect(url_for(".index", event_id=item.event_id, _anchor=f"item-{item.id}"), 303)
