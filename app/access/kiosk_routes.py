"""Pages of shared computers for coordinators: which there are, a new one with its code, ending one."""

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.access.forms import KioskForm
from app.access.kiosk_door_routes import bp as door
from app.access.kiosks import add_kiosk, kiosks_kept_by, revoke_kiosk
from app.accounts.actor import COORDINATOR
from app.people.queries import cities_of
from app.web.access import with_role
from app.web.actor import current_actor
from app.web.forms import language
from app.web.words import in_language

bp = Blueprint("kiosks", __name__)

__all__ = ["bp", "door"]


@bp.get("/kiosks")
@with_role(COORDINATOR)
def index() -> ResponseReturnValue:
    """The kiosks of one's cities."""
    return render_template("kiosk/kiosks.html", rows=kiosks_kept_by(current_actor()), form=_form())


@bp.post("/kiosks")
@with_role(COORDINATOR)
def add() -> ResponseReturnValue:
    """A new one; its code is shown this once, so the answer is the page itself."""
    form, actor = _form(), current_actor()
    if form.validate_on_submit():
        made = form.attempt(add_kiosk, str(form.name.data), str(form.city.data), now=clock.now(), actor=actor)
        if made:
            kiosk, code = made
            base = current_app.config["TORANGY"].base_url
            link = base + url_for("kiosk.enrolment", code=code)
            return render_template("kiosk/code.html", kiosk=kiosk, code=code, link=link, door=base + "/kiosk")
    return render_template("kiosk/kiosks.html", rows=kiosks_kept_by(actor), form=form), form.status


@bp.post("/kiosks/<kiosk_id>/revocation")
@with_role(COORDINATOR)
def revocation(kiosk_id: str) -> ResponseReturnValue:
    """This computer is a kiosk no longer."""
    revoke_kiosk(kiosk_id, now=clock.now(), actor=current_actor())
    flash(gettext("That computer is no kiosk any more."), "ok")
    return redirect(url_for(".index"), 303)


def _form() -> KioskForm:
    form = KioskForm()
    cities = cities_of(current_actor(), COORDINATOR)
    form.offer([(city.slug, in_language(city.name, language())) for city in cities])
    return form
