"""Pages of logins and their roles, for administrators. Part of access."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.access.forms import ROLE_NAMES, GrantForm
from app.access.queries import logins
from app.accounts.actor import ADMIN
from app.accounts.operations import grant_role, revoke_role
from app.accounts.queries import account_to_grant, grant_to_revoke
from app.people.queries import cities
from app.web.access import with_role
from app.web.actor import current_actor
from app.web.forms import language
from app.web.words import in_language

bp = Blueprint("accounts", __name__)


@bp.get("/accounts")
@with_role(ADMIN)
def index() -> ResponseReturnValue:
    """Who has which role; by a name or number, anybody with a login."""
    return _page(GrantForm())


@bp.post("/accounts/<account_id>/grants")
@with_role(ADMIN)
def grant(account_id: str) -> ResponseReturnValue:
    """A role for somebody, in one city or everywhere."""
    actor, form = current_actor(), GrantForm()
    account = account_to_grant(actor, account_id)
    form.offer(_cities())
    if form.validate_on_submit():
        role, city = form.role.data, form.city.data or None
        if form.attempt(grant_role, account, role, city=city, now=clock.now(), actor=actor):
            flash(gettext("The role is given. It holds from the next click on."), "ok")
            return redirect(url_for(".index", q=request.args.get("q")), 303)
    return _page(form, of=account_id)


@bp.post("/grants/<grant_id>/revocation")
@with_role(ADMIN)
def revoke(grant_id: str) -> ResponseReturnValue:
    """Takes a role back."""
    actor = current_actor()
    revoke_role(grant_to_revoke(actor, grant_id), now=clock.now(), actor=actor)
    flash(gettext("The role is taken back."), "ok")
    return redirect(url_for(".index", q=request.args.get("q")), 303)


def _page(form: GrantForm, of: str = "") -> ResponseReturnValue:
    q = request.args.get("q", "").replace("\x00", "")
    page = logins(current_actor(), q, now=clock.now(), cursor=request.args.get("cursor"))
    form.offer(_cities())
    names = dict(_cities())
    context = {"q": q, "page": page, "form": form, "of": of, "cities": names, "roles": ROLE_NAMES}
    return render_template("access/accounts.html", **context), form.status


def _cities() -> list[tuple[str, str]]:
    return [(city.slug, in_language(city.name, language())) for city in cities()]
