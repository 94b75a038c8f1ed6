"""Lunch: who cooks, how many of which diet, what the caterer was told."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.accounts.actor import COORDINATOR
from app.events.queries import event_to_manage
from app.rosters.host_forms import lunch_form
from app.rosters.lunch_mails import lines_of
from app.rosters.lunches import lunch_counts, order_lunch, orders_of, plan_lunch
from app.web.access import with_role
from app.web.actor import current_actor

bp = Blueprint("lunches", __name__)


@bp.route("/events/<event_id>/lunch", methods=["GET", "POST"])
@with_role(COORDINATOR)
def show(event_id: str) -> ResponseReturnValue:
    """The numbers of this moment beside those that the caterer knows, and the form."""
    actor, now = current_actor(), clock.now()
    event = event_to_manage(actor, event_id)
    form = lunch_form(event)
    if form.validate_on_submit():
        form.attempt(plan_lunch, event, form.draft(event), now=now, actor=actor)
        if not form.errors:
            flash(gettext("Saved."), "ok")
            return redirect(url_for("lunches.show", event_id=event_id), 303)
    counts, orders = lunch_counts(event.id), orders_of(event.id)
    known = orders[0].counts if orders else {}
    diets = [line["diet"] for line in lines_of(known | counts)]
    lines = [(diet, counts.get(diet, 0), known.get(diet, 0)) for diet in diets]
    page = {"lines": lines, "total": sum(counts.values()), "orders": orders, "has_changed": counts != known}
    return render_template("rosters/lunch.html", event=event, form=form, **page), form.status


@bp.post("/events/<event_id>/lunch/orders")
@with_role(COORDINATOR)
def order(event_id: str) -> ResponseReturnValue:
    """The numbers of this moment go to the caterer."""
    actor = current_actor()
    event = event_to_manage(actor, event_id)
    order_lunch(event, now=clock.now(), actor=actor)
    flash(gettext("The numbers are on their way to %(name)s.", name=event.caterer_name or event.caterer_email), "ok")
    return redirect(url_for("lunches.show", event_id=event_id), 303)
