"""The page of rotation calendars. Part of the people's blueprint."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.accounts.actor import COORDINATOR
from app.people.checking import Refusal
from app.people.rotation_forms import RotationsForm
from app.people.rotation_sheets import COLUMNS
from app.people.rotations import Report, import_rotations
from app.web.access import with_role
from app.web.actor import current_actor

bp = Blueprint("rotations", __name__)


@bp.route("/people/rotations", methods=["GET", "POST"])
@with_role(COORDINATOR)
def index() -> ResponseReturnValue:
    """Reads who works when, or only tries; the report is the answer, because reading a file again is harmless."""
    form = RotationsForm()
    report: Report | None = None
    if form.validate_on_submit():
        content = form.file.data.read()
        trial = bool(form.is_dry_run.data)
        report = form.attempt(import_rotations, content, dry_run=trial, now=clock.now(), actor=current_actor())
    refused = [_sentence(refusal) for refusal in report.refused] if report else []
    columns = [", ".join(names) for names in COLUMNS.values()]
    page = render_template("people/rotations.html", form=form, report=report, refused=refused, columns=columns)
    return page, form.status


def _sentence(refusal: Refusal) -> tuple[int, str, str]:
    why = gettext(refusal.why)
    return refusal.row, COLUMNS[refusal.field][0], why % refusal.params if refusal.params else why
