"""The texts that guardians agree to: for anybody to read, for those who may, to change."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.accounts.actor import COORDINATOR
from app.consents.answer_routes import bp as answers
from app.consents.forms import VersionForm
from app.consents.models import KINDS
from app.consents.operations import publish_text
from app.consents.policy import can_publish_text
from app.consents.queries import current_text, newest_versions, versions_of
from app.consents.roll_routes import bp as roll
from app.consents.words import KIND_NAMES
from app.errors import NotFound, require
from app.web.access import open_to_all, with_role
from app.web.actor import current_actor
from app.web.forms import texts

bp = Blueprint("consents", __name__)
bp.register_blueprint(answers)
bp.register_blueprint(roll)


@bp.get("/consents/<kind>")
@open_to_all
def text(kind: str) -> ResponseReturnValue:
    """One text, word for word, in the reader's language; `?version=` asks for an earlier one."""
    version = request.args.get("version", "")
    if kind not in KINDS or (version and not (version.isdecimal() and len(version) < 6)):
        raise NotFound
    shown = current_text(kind, int(version) if version else None)
    return render_template("consents/text.html", text=shown, names=KIND_NAMES)


@bp.get("/consents/texts")
@with_role(COORDINATOR)
def versions() -> ResponseReturnValue:
    """The four texts in force."""
    may_publish = can_publish_text(current_actor())
    return render_template("consents/texts.html", texts=newest_versions(), names=KIND_NAMES, may_publish=may_publish)


@bp.route("/consents/texts/<kind>", methods=["GET", "POST"])
@with_role(COORDINATOR)
def version(kind: str) -> ResponseReturnValue:
    """All versions of one text, and the form for a new one."""
    actor = current_actor()
    if kind not in KINDS:
        raise NotFound
    may_publish = can_publish_text(actor)
    require(may_publish or request.method == "GET")
    known = versions_of(kind)
    form = VersionForm(data={"text": known[0].text} if known else None)
    if form.validate_on_submit() and form.attempt(publish_text, kind, texts(form.text), now=clock.now(), actor=actor):
        flash(gettext("Published. From now on guardians agree to this text; earlier answers keep theirs."), "ok")
        return redirect(url_for(".version", kind=kind), 303)
    page = render_template(
        "consents/version.html", kind=kind, versions=known, form=form, names=KIND_NAMES, may_publish=may_publish
    )
    return page, form.status
