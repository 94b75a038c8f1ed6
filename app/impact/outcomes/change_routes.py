"""What changed since a report went out, and marking that one does. Part of the outcomes' blueprint."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.accounts.actor import COORDINATOR, MANAGEMENT
from app.errors import NotFound, require
from app.events.models import Programme
from app.impact.outcomes import words
from app.impact.outcomes.forms import MarkForm
from app.impact.outcomes.marks import mark_report
from app.impact.outcomes.naming import Names
from app.impact.outcomes.policy import can_add_metrics, can_mark_reports
from app.impact.outcomes.queries import marks, since
from app.impact.queries import programmes_shown
from app.web.access import open_to_all, with_role
from app.web.actor import current_actor
from app.web.dates import HOME_ZONE
from app.web.forms import language
from app.web.words import in_language

bp = Blueprint("changes", __name__)


@bp.get("/impact/changes")
@open_to_all
def index() -> str:
    """What came, was corrected or withdrawn since the last report, one chosen, or a day (?since=2026-10-01)."""
    return _page(MarkForm(_choices(programmes_shown()), formdata=None))


@bp.post("/impact/changes")
@with_role(COORDINATOR, MANAGEMENT)
def mark() -> ResponseReturnValue:
    """A report goes out now: from here on changes are told."""
    actor, programmes = current_actor(), programmes_shown()
    require(can_mark_reports(actor))
    form = MarkForm(_choices(programmes))
    programme = next((one for one in programmes if one.id == form.programme.data), None)
    if form.validate_on_submit():
        row = form.attempt(mark_report, form.name.data or "", programme=programme, now=clock.now(), actor=actor)
        if row is not None:
            flash(gettext("Kept. From now on this page tells what changes after it."), "ok")
            return redirect(url_for(".index", since=row.id), 303)
    return _page(form), form.status


def _page(form: MarkForm) -> str:
    actor, known, chosen = current_actor(), marks(), request.args.get("since")
    asked = next((one for one in known if chosen in (None, "", one.id)), None)
    moment = asked.marked_at if asked else _day(chosen)
    programme_id = asked.programme_id if asked else None
    found = since(moment, programme_id=programme_id, hidden=actor.is_signed_in) if moment else None
    return render_template(
        "impact/outcomes/changes.html",
        form=form,
        marks=known,
        asked=asked,
        moment=moment,
        found=found,
        programmes={one.id: one for one in programmes_shown()},
        may_mark=can_mark_reports(actor),
        may_count=can_add_metrics(actor),
        names=Names(),
        words=words,
    )


def _day(text: str | None) -> datetime | None:
    """The beginning of a day in the company's time; raises NotFound for what is none."""
    if not text:
        return None
    try:
        return datetime.combine(datetime.strptime(text, "%Y-%m-%d").date(), time(), ZoneInfo(HOME_ZONE))
    except ValueError as error:
        raise NotFound from error


def _choices(programmes: list[Programme]) -> list[tuple[str, str]]:
    return [(one.id, in_language(one.name, language())) for one in programmes]
