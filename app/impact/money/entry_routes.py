"""Pages of one entry of money: what became of it, its papers, its correction, its payment."""

import io
from typing import Any

from flask import Blueprint, Response, current_app, flash, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.accounts.actor import COORDINATOR, MANAGEMENT
from app.errors import require
from app.events.models import Event, Programme
from app.events.queries import visible_event
from app.files import FileStore, open_store
from app.impact.money import words
from app.impact.money.correcting import FIELDS, Corrected, correct_expense, pay_order
from app.impact.money.expense_forms import expense_form
from app.impact.money.forms import DocumentForm, ExpenseForm, PaymentForm
from app.impact.money.models import Expense
from app.impact.money.papers import content_of, document_of, documents_of, keep_document, withdraw_document
from app.impact.money.policy import can_record_expense
from app.impact.money.queries import expense_of, expenses_of, shown
from app.impact.policy import can_see_sources
from app.impact.queries import cities_of, programme_shown
from app.web.access import with_role
from app.web.actor import current_actor
from app.web.numbers import tenge

bp = Blueprint("entries", __name__)


@bp.get("/expenses/<expense_id>")
@with_role(COORDINATOR, MANAGEMENT)
def show(expense_id: str) -> str:
    """The entry, what stood before and after it, its papers, and what can be done with it."""
    return _page(expense_of(expense_id), DocumentForm(formdata=None))


@bp.get("/expenses/<expense_id>/correction")
@with_role(COORDINATOR)
def correction(expense_id: str) -> str:
    """The entry, to be overwritten."""
    expense, programme, _ = _to_change(expense_id)
    form = expense_form(programme, formdata=None)
    form.keep_category(expense.category)
    form.begin_with(expense)
    return _correction_page(expense, programme, form)


@bp.post("/expenses/<expense_id>/correction")
@with_role(COORDINATOR)
def correct(expense_id: str) -> ResponseReturnValue:
    """Puts a new entry in its place."""
    expense, programme, _ = _to_change(expense_id)
    form = expense_form(programme)
    form.keep_category(expense.category)
    done = _corrected(expense, programme, form) if form.validate_on_submit() else None
    if done is None:
        expense, programme, _ = _to_change(form.newest_id or expense_id)
        if form.theirs_kept:
            form.begin_with(expense, *form.theirs_kept)
        return _correction_page(expense, programme, form), form.status
    flash(gettext("Corrected. The old entry stays to be seen."), "ok")
    if done.theirs_kept:
        kept = ", ".join(gettext(words.FIELD_NAMES[name]) for name in done.theirs_kept)
        flash(gettext("Somebody else had changed meanwhile: %(fields)s. Both changes are kept.", fields=kept), "ok")
    return redirect(url_for("money.entries.show", expense_id=done.row.id), 303)


@bp.get("/expenses/<expense_id>/payment")
@with_role(COORDINATOR)
def payment(expense_id: str) -> str:
    """What was paid of this order."""
    expense, programme, _ = _to_change(expense_id)
    form = PaymentForm(formdata=None)
    form.amount_tenge.data, form.unit.data, form.document_no.data = str(expense.amount_tenge), "tenge", ""
    return _payment_page(expense, programme, form)


@bp.post("/expenses/<expense_id>/payment")
@with_role(COORDINATOR)
def pay(expense_id: str) -> ResponseReturnValue:
    """The order is paid, all of it or a part."""
    expense, programme, _ = _to_change(expense_id)
    form = PaymentForm()
    if form.validate_on_submit() and (amount := form.attempt(form.in_tenge)):
        how: dict[str, Any] = {"spent_on": form.spent_on.data, "document_no": form.document_no.data or ""}
        how |= {"rest_stays": bool(form.rest_stays.data), "sure": bool(form.sure.data)}
        how |= {"now": clock.now(), "actor": current_actor()}
        if paid := form.attempt(pay_order, expense, amount_tenge=amount, **how):
            flash(gettext("Paid: %(sum)s.", sum=tenge(amount)), "ok")
            return redirect(url_for("money.entries.show", expense_id=paid.id), 303)
    return _payment_page(expense_of(expense_id), programme, form), form.status


@bp.post("/expenses/<expense_id>/documents")
@with_role(COORDINATOR)
def add_document(expense_id: str) -> ResponseReturnValue:
    """Keeps a paper with the entry."""
    expense, _, _ = _to_change(expense_id)
    form, store, actor = DocumentForm(), _store(), current_actor()
    if form.validate_on_submit():
        content = form.document.data.read()
        if form.attempt(keep_document, expense, content, store=store, now=clock.now(), actor=actor):
            flash(gettext("The document is kept."), "ok")
            return redirect(url_for("money.entries.show", expense_id=expense_id), 303)
    return _page(expense_of(expense_id), form), form.status


@bp.get("/expense-documents/<document_id>")
@with_role(COORDINATOR)
def document(document_id: str) -> Response:
    """The paper itself, under a name that says what it is."""
    row = document_of(document_id)
    _to_change(row.expense_id)
    content = io.BytesIO(content_of(row, _store()))
    name = f"{row.kept_at:%Y-%m-%d}-{row.expense_id}.{row.ending}"
    answer = send_file(content, mimetype=row.media_type, as_attachment=True, download_name=name)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@bp.post("/expense-documents/<document_id>/withdrawal")
@with_role(COORDINATOR)
def take_document_off(document_id: str) -> ResponseReturnValue:
    """Takes a paper off."""
    row = document_of(document_id)
    expense, _, _ = _to_change(row.expense_id)
    expense_id = expense.id
    withdraw_document(row, now=clock.now(), actor=current_actor())
    flash(gettext("The document is taken off."), "ok")
    return redirect(url_for("money.entries.show", expense_id=expense_id), 303)


def _corrected(expense: Expense, programme: Programme, form: ExpenseForm) -> Corrected | None:
    amount = form.attempt(form.in_tenge)
    if amount is None:
        return None
    said = form.expense()
    wanted = {name: said.get(name) for name in FIELDS} | {
        "amount_tenge": amount,
        "event_id": form.event_id.data or None,
    }
    event = visible_event(current_actor(), wanted["event_id"]) if wanted["event_id"] else None
    require(can_record_expense(current_actor(), programme, cities=cities_of(programme), event=event))
    how: dict[str, Any] = {"sure": said["sure"], "now": clock.now(), "actor": current_actor()}
    return form.attempt(correct_expense, expense, wanted, **how)


def _to_change(expense_id: str) -> tuple[Expense, Programme, Event | None]:
    actor = current_actor()
    expense = expense_of(expense_id)
    programme = programme_shown(expense.programme_id)
    event = visible_event(actor, expense.event_id) if expense.event_id else None
    require(can_record_expense(actor, programme, cities=cities_of(programme), event=event))
    return expense, programme, event


def _page(expense: Expense, form: DocumentForm) -> str:
    actor = current_actor()
    programme = programme_shown(expense.programme_id)
    event = visible_event(actor, expense.event_id) if expense.event_id else None
    [line] = [one for one in shown(expenses_of(programme)) if one.row.id == expense.id]
    return render_template(
        "impact/money/entry.html",
        line=line,
        programme=programme,
        event=event,
        form=form,
        documents=documents_of(expense.id),
        may_change=can_record_expense(actor, programme, cities=cities_of(programme), event=event),
        sees_sources=can_see_sources(actor),
        words=words,
    )


def _correction_page(expense: Expense, programme: Programme, form: ExpenseForm) -> str:
    event = visible_event(current_actor(), expense.event_id) if expense.event_id else None
    return render_template(
        "impact/money/correction.html", expense=expense, programme=programme, event=event, form=form, words=words
    )


def _payment_page(expense: Expense, programme: Programme, form: PaymentForm) -> str:
    return render_template("impact/money/payment.html", expense=expense, programme=programme, form=form, words=words)


def _store() -> FileStore:
    return open_store(current_app.config["TORANGY"])
