"""Pages of results: what was reported for an event, entry by entry, held against what was planned."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.accounts.actor import COORDINATOR
from app.errors import require
from app.events.models import Event
from app.events.queries import visible_event
from app.impact.money.queries import expenses_of
from app.impact.outcomes import words
from app.impact.outcomes.change_routes import bp as changes
from app.impact.outcomes.forms import CorrectionForm, FigureForm, ProofsForm
from app.impact.outcomes.metric_queries import metric_of
from app.impact.outcomes.metric_routes import bp as metrics
from app.impact.outcomes.models import Outcome
from app.impact.outcomes.naming import Names
from app.impact.outcomes.operations import correct_outcome, record_outcome, withdraw_outcome
from app.impact.outcomes.plan_routes import bp as plans
from app.impact.outcomes.policy import can_add_metrics, can_open_proofs, can_record_outcome
from app.impact.outcomes.proof_routes import bp as proofs
from app.impact.outcomes.proof_routes import keep_proofs
from app.impact.outcomes.proofs import read_proofs
from app.impact.outcomes.queries import (
    chain_of,
    counted_here,
    figures_said,
    names_of,
    outcome_of,
    outcomes_of,
    plans_said,
    targets_of,
)
from app.impact.outcomes.replacing import end_of_chain
from app.impact.outcomes.sheet import by_species, sheet, survival
from app.impact.policy import can_see_sources
from app.web.access import open_to_all, with_role
from app.web.actor import current_actor

bp = Blueprint("outcomes", __name__)
for part in (changes, metrics, plans, proofs):
    bp.register_blueprint(part)


@bp.get("/events/<event_id>/outcomes")
@open_to_all
def of_event(event_id: str) -> str:
    """What was planned and reported for an event, and beside it what was counted here."""
    actor = current_actor()
    event = visible_event(actor, event_id)
    names, lines, targets = Names(), outcomes_of([event_id]), targets_of(event_id)
    figures = figures_said(lines)
    return render_template(
        "impact/outcomes/of_event.html",
        event=event,
        lines=lines,
        sheet=sheet(names.known, figures, plans_said(targets.values(), ends_at=event.ends_at)),
        survival=survival(figures),
        species=by_species(figures),
        expenses=expenses_of(event.programme, event_id),
        here=counted_here(event_id),
        may_record=can_record_outcome(actor, event) and event.status != "cancelled",
        sees_sources=can_see_sources(actor),
        names=names,
        words=words,
    )


@bp.get("/events/<event_id>/outcomes/new")
@with_role(COORDINATOR)
def new(event_id: str) -> str:
    """First what was counted; then, in its units, how much."""
    actor = current_actor()
    event = visible_event(actor, event_id)
    require(can_record_outcome(actor, event))
    names = Names()
    if not request.args.get("metric"):
        return _choice(event, names)
    return _figure_page(event, FigureForm(metric_of(request.args["metric"]), names, formdata=None), names)


@bp.post("/events/<event_id>/outcomes")
@with_role(COORDINATOR)
def record(event_id: str) -> ResponseReturnValue:
    """Adds a reported figure, with its photos and documents."""
    actor = current_actor()
    event = visible_event(actor, event_id)
    require(can_record_outcome(actor, event))
    names = Names()
    if request.form.get("metric", "") not in names.known:
        return _choice(event, names), 422
    metric = names.known[request.form["metric"]]
    form = FigureForm(metric, names)
    if form.validate_on_submit() and (kept := form.attempt(read_proofs, form.contents())) is not None:
        row = form.attempt(record_outcome, event, metric=metric.key, **form.figure(), now=clock.now(), actor=actor)
        if row is not None:
            keep_proofs(row, kept)
            flash(gettext("Saved. The report shows it now."), "ok")
            return redirect(url_for(".of_event", event_id=event_id), 303)
    return _figure_page(visible_event(actor, event_id), form, names), form.status


@bp.get("/outcomes/<outcome_id>")
@open_to_all
def entry(outcome_id: str) -> str:
    """One figure: what it says, what proves it, and every figure that stood in its place before."""
    return _entry_page(outcome_id, ProofsForm(formdata=None))


@bp.post("/outcomes/<outcome_id>/proofs")
@with_role(COORDINATOR)
def prove(outcome_id: str) -> ResponseReturnValue:
    """Adds photos and documents to a figure."""
    outcome, _ = _outcome_to_change(outcome_id)
    form = ProofsForm()
    kept = form.attempt(read_proofs, form.contents()) if form.validate_on_submit() else None
    if kept is not None and form.attempt(keep_proofs, outcome, kept, required=True) is not None:
        flash(gettext("The proof is kept with the figure."), "ok")
        return redirect(url_for(".entry", outcome_id=outcome_id), 303)
    return _entry_page(outcome_id, form), form.status


@bp.get("/outcomes/<outcome_id>/correction")
@with_role(COORDINATOR)
def correction(outcome_id: str) -> ResponseReturnValue:
    """The wrong figure, to be overwritten; of one that was corrected before, the newest."""
    outcome, event = _outcome_to_change(outcome_id)
    newest = end_of_chain(outcome)
    if newest is not outcome:
        return redirect(url_for(".correction", outcome_id=newest.id), 303)
    names = Names()
    form = CorrectionForm(names.known[outcome.metric], names, formdata=None, obj=outcome)
    form.quantity.data = f"{outcome.quantity.normalize():f}".replace(".", ",")
    form.density.data = f"{outcome.density.normalize():f}".replace(".", ",") if outcome.density else form.density.data
    form.reason.data = ""
    return _correction_page(outcome, event, form, names)


@bp.post("/outcomes/<outcome_id>/correction")
@with_role(COORDINATOR)
def correct(outcome_id: str) -> ResponseReturnValue:
    """Puts a new figure in its place; where somebody else did so meanwhile, shows both."""
    outcome, event = _outcome_to_change(outcome_id)
    names, event_id, actor = Names(), event.id, current_actor()
    form = CorrectionForm(names.known[outcome.metric], names)
    if form.validate_on_submit() and (kept := form.attempt(read_proofs, form.contents())) is not None:
        row = form.attempt(correct_outcome, outcome, **form.figure(), now=clock.now(), actor=actor)
        if row is not None:
            keep_proofs(row, kept)
            flash(_corrected(row, outcome_id), "ok")
            return redirect(url_for(".of_event", event_id=event_id), 303)
    outcome, event = _outcome_to_change(outcome_id)
    newest = end_of_chain(outcome)
    theirs = newest if newest.id != outcome_id else None
    return _correction_page(newest, event, form, names, theirs=theirs), form.status


@bp.post("/outcomes/<outcome_id>/withdrawal")
@with_role(COORDINATOR)
def withdraw(outcome_id: str) -> ResponseReturnValue:
    """Takes a figure out of the totals."""
    outcome, event = _outcome_to_change(outcome_id)
    event_id = event.id
    withdraw_outcome(outcome, now=clock.now(), actor=current_actor())
    flash(gettext("Taken out. It counts no longer."), "ok")
    return redirect(url_for(".of_event", event_id=event_id), 303)


def _outcome_to_change(outcome_id: str) -> tuple[Outcome, Event]:
    actor = current_actor()
    outcome = outcome_of(outcome_id)
    event = visible_event(actor, outcome.event_id)
    require(can_record_outcome(actor, event))
    return outcome, event


def _corrected(row: Outcome, seen_id: str) -> str:
    if row.corrects_id == seen_id:
        return gettext("Corrected. The old figure stays to be seen.")
    return gettext("Somebody else corrected this figure at the same time. Both corrections are in it now.")


def _choice(event: Event, names: Names) -> str:
    return render_template(
        "impact/outcomes/choice.html",
        event=event,
        metrics=[metric for metric in names.known.values() if not metric.is_retired],
        names=names,
        may_add=can_add_metrics(current_actor()),
        next_page="outcomes.new",
        targets={},
    )


def _figure_page(event: Event, form: FigureForm, names: Names) -> str:
    return render_template("impact/outcomes/new.html", event=event, form=form, names=names)


def _correction_page(
    outcome: Outcome, event: Event, form: CorrectionForm, names: Names, *, theirs: Outcome | None = None
) -> str:
    by = names_of([theirs.recorded_by_id]).get(theirs.recorded_by_id or "", "") if theirs else ""
    return render_template(
        "impact/outcomes/correction.html",
        form=form,
        outcome=outcome,
        event=event,
        names=names,
        words=words,
        theirs=theirs,
        theirs_by=by,
    )


def _entry_page(outcome_id: str, form: ProofsForm) -> str:
    actor = current_actor()
    outcome = outcome_of(outcome_id)
    event = visible_event(actor, outcome.event_id)
    chain = chain_of(outcome)
    sees = can_see_sources(actor)
    accounts = [by for line in chain for by in (line.row.recorded_by_id, line.row.withdrawn_by_id)]
    return render_template(
        "impact/outcomes/entry.html",
        event=event,
        outcome=outcome,
        chain=chain,
        form=form,
        recorders=names_of(accounts) if sees else {},
        sees_sources=sees,
        opens_proofs=can_open_proofs(actor),
        may_record=can_record_outcome(actor, event),
        names=Names(),
        words=words,
    )
