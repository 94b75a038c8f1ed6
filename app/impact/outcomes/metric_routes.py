"""Pages of metrics: what comes with the house, and what coordinators count besides. Part of the outcomes' blueprint."""

from decimal import Decimal

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.accounts.actor import COORDINATOR
from app.errors import require
from app.impact.numbers import read_number
from app.impact.outcomes.errors import WrongLimit
from app.impact.outcomes.forms import MetricForm
from app.impact.outcomes.metric_operations import add_metric, change_metric, retire_metric
from app.impact.outcomes.models import OwnMetric
from app.impact.outcomes.naming import Names
from app.impact.outcomes.policy import can_add_metrics
from app.impact.outcomes.queries import own_metric_of
from app.web.access import with_role
from app.web.actor import current_actor
from app.web.forms import texts

bp = Blueprint("metrics", __name__)


@bp.get("/impact/metrics")
@with_role(COORDINATOR)
def index() -> str:
    """All that is counted, with its unit, and whether it is added up."""
    return _index(MetricForm(formdata=None))


@bp.post("/impact/metrics")
@with_role(COORDINATOR)
def add() -> ResponseReturnValue:
    """Something else is counted from now on."""
    require(can_add_metrics(current_actor()))
    form = MetricForm()
    if form.validate_on_submit():
        form.attempt(_add, form)
        if not form.errors:
            flash(gettext("It can be counted now."), "ok")
            return redirect(url_for(".index"), 303)
    return _index(form), form.status


@bp.get("/impact/metrics/<metric_key>")
@with_role(COORDINATOR)
def show(metric_key: str) -> str:
    """Another name, another limit."""
    row = own_metric_of(metric_key)
    form = MetricForm(formdata=None, obj=row)
    limit = row.unlikely_above
    form.unlikely_above.data = f"{limit.normalize():f}".replace(".", ",") if limit else ""
    return _page(row, form)


@bp.post("/impact/metrics/<metric_key>")
@with_role(COORDINATOR)
def change(metric_key: str) -> ResponseReturnValue:
    """Keeps it."""
    require(can_add_metrics(current_actor()))
    row, form = own_metric_of(metric_key), MetricForm()
    if form.validate_on_submit():
        form.attempt(_change, row, form)
        if not form.errors:
            flash(gettext("Saved."), "ok")
            return redirect(url_for(".index"), 303)
    return _page(own_metric_of(metric_key), form), form.status


@bp.post("/impact/metrics/<metric_key>/retirement")
@with_role(COORDINATOR)
def retire(metric_key: str) -> ResponseReturnValue:
    """It is offered no longer, or again."""
    require(can_add_metrics(current_actor()))
    retire_metric(own_metric_of(metric_key), now=clock.now(), actor=current_actor())
    flash(gettext("Saved."), "ok")
    return redirect(url_for(".index"), 303)


def _add(form: MetricForm) -> OwnMetric:
    how = {"unit": form.unit.data, "sums": bool(form.sums.data), "unlikely_above": _limit(form)}
    return add_metric(texts(form.texts), **how, now=clock.now(), actor=current_actor())


def _change(row: OwnMetric, form: MetricForm) -> None:
    how = {"unit": form.unit.data, "sums": bool(form.sums.data), "unlikely_above": _limit(form)}
    change_metric(row, texts(form.texts), **how, now=clock.now(), actor=current_actor())


def _limit(form: MetricForm) -> Decimal | None:
    if not (form.unlikely_above.data or "").strip():
        return None
    value = read_number(form.unlikely_above.data or "")
    if value <= 0 or value * 1000 != (value * 1000).to_integral_value():
        raise WrongLimit
    return value


def _index(form: MetricForm) -> str:
    return render_template("impact/outcomes/metrics.html", form=form, names=Names())


def _page(row: OwnMetric, form: MetricForm) -> str:
    return render_template("impact/outcomes/metric.html", form=form, metric=row)
