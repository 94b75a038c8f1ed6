"""Pages where an event's results are planned, for what comes to be held against. Part of the outcomes' blueprint."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.accounts.actor import COORDINATOR
from app.errors import require
from app.events.models import Event
from app.events.queries import visible_event
from app.impact.outcomes.forms import TargetForm
from app.impact.outcomes.metric_queries import metric_of
from app.impact.outcomes.models import Target
from app.impact.outcomes.naming import Names
from app.impact.outcomes.policy import can_add_metrics, can_record_outcome
from app.impact.outcomes.queries import targets_of
from app.impact.outcomes.targets import plan_outcome
from app.web.access import with_role
from app.web.actor import current_actor

bp = Blueprint("plans", __name__)


@bp.get("/events/<event_id>/outcomes/plan")
@with_role(COORDINATOR)
def show(event_id: str) -> str:
    """What is planned of which metric; with one chosen, its figure."""
    event, names, targets = _event(event_id), Names(), targets_of(event_id)
    if not request.args.get("metric"):
        return render_template(
            "impact/outcomes/choice.html",
            event=event,
            metrics=[metric for metric in names.known.values() if not metric.is_retired],
            names=names,
            may_add=can_add_metrics(current_actor()),
            next_page="outcomes.plans.show",
            targets=targets,
        )
    metric = metric_of(request.args["metric"])
    target = targets.get(metric.key)
    form = TargetForm(metric, names, formdata=None, unit=metric.unit, seen=target.id if target else "")
    if target is not None:
        form.quantity.data = f"{target.quantity.normalize():f}".replace(".", ",")
        form.unit.data = target.unit
    return _page(event, metric.key, form, names, target)


@bp.post("/events/<event_id>/outcomes/plan")
@with_role(COORDINATOR)
def change(event_id: str) -> ResponseReturnValue:
    """Keeps the plan of one metric."""
    event, names = _event(event_id), Names()
    metric = metric_of(request.form.get("metric", ""))
    form = TargetForm(metric, names)
    if form.validate_on_submit():
        given: dict[str, Any] = {"quantity": form.quantity.data or "", "unit": form.unit.data or ""}
        given |= {"seen": form.seen.data or "", "sure": bool(form.sure.data)}
        how: dict[str, Any] = {"now": clock.now(), "actor": current_actor()}
        form.attempt(plan_outcome, event, metric=metric.key, **given, **how)
        if not form.errors:
            flash(gettext("The plan is kept."), "ok")
            return redirect(url_for(".show", event_id=event_id), 303)
    target = targets_of(event_id).get(metric.key)
    form.seen.data = target.id if target else ""
    return _page(_event(event_id), metric.key, form, names, target), form.status


def _event(event_id: str) -> Event:
    actor = current_actor()
    event = visible_event(actor, event_id)
    require(can_record_outcome(actor, event))
    return event


def _page(event: Event, metric: str, form: TargetForm, names: Names, target: Target | None) -> str:
    return render_template(
        "impact/outcomes/plan.html", event=event, metric=metric, form=form, names=names, target=target
    )
