"""Pages of inviting people to make their login, for coordinators. Part of access."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, gettext, ngettext
from markupsafe import Markup

from app import clock
from app.access.inviting import Slip, invite_city, invite_person, print_slip, print_slips
from app.access.policy import can_invite_city
from app.access.queries import without_login
from app.accounts.actor import COORDINATOR, Actor
from app.db import db
from app.errors import NotFound
from app.people.models import City
from app.people.queries import person_visible
from app.web.access import with_role
from app.web.actor import current_actor

bp = Blueprint("inviting", __name__)


@bp.get("/invitations")
@with_role(COORDINATOR)
def index() -> ResponseReturnValue:
    """Who has no login yet, by city."""
    return render_template("access/invitations.html", rows=without_login(current_actor(), now=clock.now()))


@bp.post("/invitations")
@with_role(COORDINATOR)
def invite() -> ResponseReturnValue:
    """Letters to all of one city who have a mailbox and no login."""
    actor = current_actor()
    count = invite_city(_city(actor), now=clock.now(), actor=actor)
    flash(ngettext("%(num)s letter is on its way.", "%(num)s letters are on their way.", count), "ok")
    return redirect(url_for(".index"), 303)


@bp.post("/slips")
@with_role(COORDINATOR)
def slips() -> ResponseReturnValue:
    """Slips of one city to print; the codes are shown this once, so the answer is the page itself."""
    actor = current_actor()
    rows = print_slips(_city(actor), now=clock.now(), actor=actor)
    return _printed(rows)


@bp.post("/people/<person_id>/invitation")
@with_role(COORDINATOR)
def invite_one(person_id: str) -> ResponseReturnValue:
    """The letter to one person, anew if need be."""
    actor = current_actor()
    person = person_visible(actor, person_id)
    invite_person(person, now=clock.now(), actor=actor)
    flash(gettext("A letter to %(name)s is on its way.", name=person.short_name), "ok")
    return redirect(url_for("people.show", person_id=person.id), 303)


@bp.post("/people/<person_id>/slip")
@with_role(COORDINATOR)
def slip(person_id: str) -> ResponseReturnValue:
    """A slip for one person; the code is shown this once."""
    actor = current_actor()
    made = print_slip(person_visible(actor, person_id), now=clock.now(), actor=actor)
    return _printed([made])


def _printed(slips: list[Slip]) -> ResponseReturnValue:
    return render_template("access/slips.html", slips=[_printed_slip(slip) for slip in slips])


def _printed_slip(slip: Slip) -> Markup:
    """In the language of who gets it."""
    with force_locale(slip.person.language):
        return Markup(render_template("access/_slip.html", slip=slip, base_url=current_app.config["TORANGY"].base_url))


def _city(actor: Actor) -> City:
    city = db.session.get(City, request.form.get("city", ""))
    if city is None or not can_invite_city(actor, city.slug):
        raise NotFound
    return city
