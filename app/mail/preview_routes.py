"""Every letter with sample data, in three languages: for coordinators who want to know what people read."""

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.accounts.actor import COORDINATOR
from app.errors import NotFound
from app.mail.framed import framed
from app.mail.kinds import KINDS
from app.mail.override_models import LANGUAGES
from app.mail.previewing import pictured, rendered, send_test
from app.mail.samples import sample_of, templates_of_letters
from app.mail.templates import Words
from app.web.access import with_role
from app.web.actor import current_actor
from app.web.forms import language as page_language

bp = Blueprint("letters", __name__)


@bp.get("/mail/letters")
@with_role(COORDINATOR)
def index() -> str:
    """All letters that Torangy writes."""
    return render_template("mail/letters.html", templates=templates_of_letters(current_app.jinja_env), kinds=KINDS)


@bp.get("/mail/letters/<room>/<name>")
@with_role(COORDINATOR)
def show(room: str, name: str) -> str:
    """One letter as a sample reader gets it."""
    code = _language()
    words = _words(room, name, code)
    return render_template(
        "mail/preview.html", template=f"{room}/{name}", room=room, name=name, words=words, code=code, kinds=KINDS
    )


@bp.get("/mail/letters/<room>/<name>/html")
@with_role(COORDINATOR)
def html(room: str, name: str) -> Response:
    """Its HTML, for a frame that lets it do nothing."""
    return framed(pictured(_words(room, name, _language()).html))


@bp.post("/mail/letters/<room>/<name>/test")
@with_role(COORDINATOR)
def test(room: str, name: str) -> ResponseReturnValue:
    """The sample as a letter to whoever presses."""
    code = _language()
    template = _known(room, name)
    context = sample_of(current_app.jinja_env, template)
    address = send_test(template, context, language=code, now=clock.now(), actor=current_actor())
    flash(gettext("The test is on its way to %(address)s.", address=address), "ok")
    return redirect(url_for("letters.show", room=room, name=name, language=code), 303)


def _words(room: str, name: str, code: str) -> Words:
    template, settings = _known(room, name), current_app.config["TORANGY"]
    context = sample_of(current_app.jinja_env, template)
    return rendered(current_app.jinja_env, template, code, context, base_url=settings.base_url)


def _known(room: str, name: str) -> str:
    template = f"{room}/{name}"
    if template not in templates_of_letters(current_app.jinja_env):
        raise NotFound
    return template


def _language() -> str:
    asked = request.args.get("language", "")
    return asked if asked in LANGUAGES else page_language()
