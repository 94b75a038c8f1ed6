"""Pages of what events are planned from: sites and programmes. Part of the events' blueprint."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.accounts.actor import COORDINATOR, Actor
from app.errors import require
from app.events.catalogue import (
    PROGRAMME_COLUMNS,
    SITE_COLUMNS,
    change_programme,
    change_site,
    create_programme,
    create_site,
)
from app.events.catalogue_forms import ProgrammeForm, SiteForm, typed
from app.events.forms import offered
from app.events.models import Site
from app.events.policy import can_change_programme, can_change_site, can_create_programme
from app.events.queries import (
    all_cities,
    all_programmes,
    all_sites,
    cities_for_sites,
    programme_named,
    site_named,
)
from app.web.access import with_role
from app.web.actor import current_actor
from app.web.forms import language
from app.web.words import in_language

bp = Blueprint("catalogue", __name__)


@bp.get("/sites")
@with_role(COORDINATOR)
def sites() -> ResponseReturnValue:
    """The places with their rules."""
    actor = current_actor()
    rows = [(site, can_change_site(actor, site)) for site in all_sites()]
    return render_template("events/sites.html", rows=rows, cities={city.slug: city.name for city in all_cities()})


@bp.route("/sites/new", methods=["GET", "POST"])
@with_role(COORDINATOR)
def new_site() -> ResponseReturnValue:
    """A new place in a city of one's own."""
    actor = current_actor()
    form = _site_form(actor)
    if form.validate_on_submit():
        site = form.attempt(create_site, **form.values(), now=clock.now(), actor=actor)
        if site:
            flash(gettext("Saved."), "ok")
            return redirect(url_for(".sites"), 303)
    return render_template("events/site.html", form=form, site=None), form.status


@bp.route("/sites/<site_id>/edit", methods=["GET", "POST"])
@with_role(COORDINATOR)
def edit_site(site_id: str) -> ResponseReturnValue:
    """Name and rules of a place."""
    actor = current_actor()
    site = site_named(site_id)
    require(can_change_site(actor, site))
    form = _site_form(actor, site)
    if form.validate_on_submit():
        form.attempt(change_site, site, form.values(), now=clock.now(), actor=actor)
        if not form.errors:
            flash(gettext("Saved."), "ok")
            return redirect(url_for(".sites"), 303)
    return render_template("events/site.html", form=form, site=site), form.status


@bp.get("/programmes")
@with_role(COORDINATOR)
def programmes() -> ResponseReturnValue:
    """The lines of work."""
    actor = current_actor()
    rows = [(programme, can_change_programme(actor, programme)) for programme in all_programmes()]
    return render_template("events/programmes.html", rows=rows, may_create=can_create_programme(actor))


@bp.route("/programmes/new", methods=["GET", "POST"])
@with_role(COORDINATOR)
def new_programme() -> ResponseReturnValue:
    """A new line of work."""
    actor, now = current_actor(), clock.now()
    require(can_create_programme(actor))
    form = ProgrammeForm(data={"first_year": now.year})
    if form.validate_on_submit():
        programme = form.attempt(create_programme, **form.values(), now=now, actor=actor)
        if programme:
            flash(gettext("Saved."), "ok")
            return redirect(url_for(".programmes"), 303)
    return render_template("events/programme.html", form=form, programme=None), form.status


@bp.route("/programmes/<programme_id>/edit", methods=["GET", "POST"])
@with_role(COORDINATOR)
def edit_programme(programme_id: str) -> ResponseReturnValue:
    """Name, years and plan of a line of work."""
    actor = current_actor()
    programme = programme_named(programme_id)
    require(can_change_programme(actor, programme))
    form = ProgrammeForm(data=typed(programme, PROGRAMME_COLUMNS))
    if form.validate_on_submit():
        form.attempt(change_programme, programme, form.values(), now=clock.now(), actor=actor)
        if not form.errors:
            flash(gettext("Saved."), "ok")
            return redirect(url_for(".programmes"), 303)
    return render_template("events/programme.html", form=form, programme=programme), form.status


def _site_form(actor: Actor, site: Site | None = None) -> SiteForm:
    form = SiteForm(data=typed(site, SITE_COLUMNS) if site else None)
    form.city.choices = offered((city.slug, in_language(city.name, language())) for city in cities_for_sites(actor))
    if site:
        form.keep_unlisted(site)
    return form
