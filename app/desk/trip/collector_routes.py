"""The page on which a guardian says who may collect a child. Part of the desk."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import StringField, TelField
from wtforms.validators import InputRequired, Length, Optional

from app import clock
from app.desk.trip.collecting import add_collector, collectors_page, remove_collector, renew_code
from app.web.access import signed_in
from app.web.actor import current_actor
from app.web.forms import BaseForm

bp = Blueprint("collectors", __name__)


class CollectorForm(BaseForm):
    """One adult more."""

    name = StringField(_("Surname and name"), [InputRequired(_("Please fill this in.")), Length(max=100)])
    phone = TelField(_("Phone"), [Optional(), Length(max=30)])
    relation = StringField(_("Who they are to the child"), [Optional(), Length(max=60)])


@bp.route("/children/<child_id>/collectors", methods=["GET", "POST"])
@signed_in
def index(child_id: str) -> ResponseReturnValue:
    """Who may collect this child, one adult more, and the codes of the events ahead."""
    actor, now = current_actor(), clock.now()
    page = collectors_page(actor, child_id, now=now)
    form = CollectorForm()
    if form.validate_on_submit():
        who = {name: form[name].data or "" for name in ("name", "phone", "relation")}
        if form.attempt(add_collector, child_id, **who, now=now, actor=actor):
            flash(gettext("Written down. They may collect the child with their document."), "ok")
            return redirect(url_for(".index", child_id=child_id), 303)
    return render_template("desk/collectors.html", page=page, form=form), form.status


@bp.post("/children/<child_id>/collectors/<collector_id>/removal")
@signed_in
def removal(child_id: str, collector_id: str) -> ResponseReturnValue:
    """They may collect the child no longer."""
    remove_collector(child_id, collector_id, now=clock.now(), actor=current_actor())
    flash(gettext("They may collect the child no longer."), "ok")
    return redirect(url_for(".index", child_id=child_id), 303)


@bp.post("/children/<child_id>/codes/<place_id>")
@signed_in
def code(child_id: str, place_id: str) -> ResponseReturnValue:
    """Another code."""
    renew_code(child_id, place_id, now=clock.now(), actor=current_actor())
    flash(gettext("This is the new code. The old one opens nothing any more."), "ok")
    return redirect(url_for(".index", child_id=child_id), 303)
