"""The page of handing one's tasks over while away. Part of access."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.access.delegating import Away, delegate, delegations_of, end_delegation
from app.access.forms import DelegationForm
from app.accounts.actor import EMPLOYEE
from app.web.access import signed_in
from app.web.actor import current_actor
from app.web.dates import local_date

bp = Blueprint("delegation", __name__)


@bp.route("/me/delegation", methods=["GET", "POST"])
@signed_in
def mine() -> ResponseReturnValue:
    """Who stands in for me, for whom I stand in, and handing over anew."""
    actor, now = current_actor(), clock.now()
    form = DelegationForm()
    if form.validate_on_submit() and form.from_on.data and form.until_on.data:
        away = Away(form.from_on.data, form.until_on.data, str(form.reason.data))
        if form.attempt(delegate, str(actor.account_id), str(form.deputy.data), away, now=now, actor=actor):
            flash(gettext("Handed over. Your deputy gets a letter."), "ok")
            return redirect(url_for(".mine"), 303)
    rows = delegations_of(str(actor.account_id), now=now)
    own = any(scope.role != EMPLOYEE and scope.lent_by is None for scope in actor.scopes)
    page = render_template("access/delegation.html", form=form, rows=rows, today=local_date(now), may_lend=own)
    return page, form.status


@bp.post("/me/delegation/<delegation_id>/ending")
@signed_in
def ending(delegation_id: str) -> ResponseReturnValue:
    """Back again: it ends at once."""
    end_delegation(delegation_id, now=clock.now(), actor=current_actor())
    flash(gettext("Ended. From now on the deputy has their own roles only."), "ok")
    return redirect(url_for(".mine"), 303)
