"""Pages of institutions. Part of the people's blueprint."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.accounts.actor import COORDINATOR
from app.people.forms import INSTITUTION_KINDS, InstitutionContactForm, InstitutionForm
from app.people.institutions import add_institution, change_contact
from app.people.queries import cities, cities_of, institution_to_manage, institutions_of
from app.web.access import with_role
from app.web.actor import current_actor
from app.web.forms import language, texts
from app.web.words import in_language

bp = Blueprint("institutions", __name__)


@bp.route("/institutions", methods=["GET", "POST"])
@with_role(COORDINATOR)
def index() -> ResponseReturnValue:
    """Who sends people without employing them, and adding one more."""
    actor = current_actor()
    form = InstitutionForm()
    form.offer((city.slug, in_language(city.name, language())) for city in cities_of(actor, COORDINATOR))
    if form.validate_on_submit():
        values = {"kind": form.kind.data, "city": form.city.data, "name": texts(form.name), **form.values()}
        if form.attempt(add_institution, values, now=clock.now(), actor=actor):
            flash(gettext("Saved."), "ok")
            return redirect(url_for(".index"), 303)
    return render_template(
        "people/institutions.html",
        form=form,
        rows=institutions_of(actor),
        kinds=INSTITUTION_KINDS,
        cities={city.slug: city.name for city in cities()},
    ), form.status


@bp.route("/institutions/<institution_id>/contact", methods=["GET", "POST"])
@with_role(COORDINATOR)
def contact(institution_id: str) -> ResponseReturnValue:
    """Who reads the letters about its pupils, from now on."""
    actor = current_actor()
    institution = institution_to_manage(actor, institution_id)
    form = InstitutionContactForm(obj=institution)
    if form.validate_on_submit():
        form.attempt(change_contact, institution, form.values(), now=clock.now(), actor=actor)
        if not form.errors:
            flash(gettext("Saved."), "ok")
            return redirect(url_for(".index"), 303)
    return render_template("people/institution_contact.html", form=form, institution=institution), form.status
