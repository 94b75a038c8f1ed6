"""The page behind the link of an institution's contact on which the coordinator's own questions are answered."""

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from app import clock
from app.errors import N_
from app.signups.forms import answered
from app.signups.institution_answers import answer_for_list, list_sheet
from app.signups.institution_routes import actor_of, contact_here, frame, speak_their_language
from app.web.access import open_to_all

bp = Blueprint("list_answers", __name__)
bp.before_request(speak_their_language)


@bp.get("/invitations/<secret>/answers")
@open_to_all
def index(secret: str) -> ResponseReturnValue:
    """Everybody on the list with what is asked of each, and what is asked once."""
    contact = contact_here(secret)
    asked = list_sheet(contact.invitation)
    if not g.get("posted"):
        fields = [(f"question-{one}-{who}".rstrip("-"), value) for (one, who), value in asked.said.items()]
        g.posted = MultiDict(fields)  # the page opens as it was filled in
    return render_template("signups/institution_answers.html", asked=asked, **frame(contact))


@bp.post("/invitations/<secret>/answers")
@open_to_all
def change(secret: str) -> ResponseReturnValue:
    """Keeps what was answered."""
    contact = contact_here(secret)
    answer_for_list(
        contact, answered(request.form), version=request.form.get("version", ""),
        now=clock.now(), actor=actor_of(contact),
    )  # fmt: skip
    flash(gettext(N_("Saved.")), "ok")
    return redirect(url_for("lists.show", secret=secret), 303)
