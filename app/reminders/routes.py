"""The reminders of one event: when they leave, to whom, and the form that changes it."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.accounts.actor import COORDINATOR
from app.events.models import Event
from app.events.queries import event_to_manage
from app.reminders.forms import RemindersForm, typed_plan
from app.reminders.planning import checked, plan_reminders
from app.reminders.plans import in_order, plan_of
from app.reminders.previewing import shown_plan
from app.reminders.words import AUDIENCE_NAMES, REASONS, STATES, UNIT_NAMES
from app.web.access import with_role
from app.web.actor import current_actor

bp = Blueprint("reminders", __name__)
WORDS = {"audiences": AUDIENCE_NAMES, "reasons": REASONS, "states": STATES, "units": UNIT_NAMES}


@bp.route("/events/<event_id>/reminders", methods=["GET", "POST"])
@with_role(COORDINATOR)
def show(event_id: str) -> ResponseReturnValue:
    """What leaves when, and the plan to change; "look first" draws what would be, and keeps nothing."""
    actor, now = current_actor(), clock.now()
    event = event_to_manage(actor, event_id)
    form = RemindersForm(data=typed_plan(plan_of(event.reminder_plan)))
    if "add" in request.form or not form.lines.entries:
        form.lines.append_entry()
    elif form.validate_on_submit():
        if "look" in request.form:
            form.attempt(checked, form.plan())
            return _page(event, form, is_draft=not form.errors)
        form.attempt(plan_reminders, event, form.plan(), now=now, actor=actor)
        if not form.errors:
            flash(gettext("Saved."), "ok")
            return redirect(url_for(".show", event_id=event_id), 303)
    return _page(event, form)


@bp.post("/events/<event_id>/reminders/usual")
@with_role(COORDINATOR)
def usual(event_id: str) -> ResponseReturnValue:
    """The plan that events have from the beginning."""
    actor = current_actor()
    plan_reminders(event_to_manage(actor, event_id), None, now=clock.now(), actor=actor)
    flash(gettext("The usual reminders are planned."), "ok")
    return redirect(url_for(".show", event_id=event_id), 303)


def _page(event: Event, form: RemindersForm, *, is_draft: bool = False) -> ResponseReturnValue:
    plan = in_order(form.plan()) if is_draft else plan_of(event.reminder_plan)
    shown = shown_plan(event, plan, now=clock.now())
    is_usual = event.reminder_plan is None
    page = {"shown": shown, "is_draft": is_draft, "is_usual": is_usual, "words": WORDS}
    return render_template("reminders/plan.html", event=event, form=form, **page), form.status
