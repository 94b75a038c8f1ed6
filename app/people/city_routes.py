"""The page of cities. Part of the people's blueprint."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.accounts.actor import ADMIN
from app.people.cities import add_city
from app.people.forms import CityForm
from app.people.queries import cities
from app.web.access import with_role
from app.web.actor import current_actor
from app.web.forms import texts

bp = Blueprint("cities", __name__)


@bp.route("/cities", methods=["GET", "POST"])
@with_role(ADMIN)
def index() -> ResponseReturnValue:
    """All cities, and adding one more."""
    form = CityForm()
    if form.validate_on_submit():
        slug, zone = str(form.slug.data).strip(), str(form.timezone.data).strip()
        if form.attempt(add_city, slug, texts(form.name), timezone=zone, now=clock.now(), actor=current_actor()):
            flash(gettext("Saved."), "ok")
            return redirect(url_for(".index"), 303)
    return render_template("people/cities.html", form=form, rows=cities()), form.status
