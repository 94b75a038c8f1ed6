"""Pages that read a season from a spreadsheet: the file, the report, the drafts. Part of the events' blueprint."""

from datetime import date
from typing import Any

from flask import Blueprint, Response, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from app import clock
from app.accounts.actor import COORDINATOR
from app.events.kind_defaults import STARTS
from app.events.queries import plan_choices
from app.events.season_forms import SeasonForm
from app.events.season_import import check_season, keep_season, make_drafts, season_to_import
from app.events.season_rows import AUDIENCE_WORDS, COLUMNS, REQUIRED, Problem
from app.files import FileStore, open_store
from app.web.access import with_role
from app.web.actor import current_actor
from app.web.forms import language
from app.web.tables import xlsx_answer
from app.web.words import in_language

bp = Blueprint("season", __name__)
WHERE = {"en": 0, "ru": 1, "kk": 2}  # in COLUMNS and AUDIENCE_WORDS


@bp.route("/planning/season", methods=["GET", "POST"])
@with_role(COORDINATOR)
def new() -> ResponseReturnValue:
    """Choosing the file; nothing is written yet."""
    form = SeasonForm()
    if form.validate_on_submit():
        file = form.file.data
        season = form.attempt(
            keep_season, file.filename or "", file.read(), store=_store(), now=clock.now(), actor=current_actor()
        )
        if season:
            return redirect(url_for(".show", season_id=season.id), 303)
    columns = [(heading(name), name in REQUIRED) for name in COLUMNS]
    kinds = [gettext(start.label) for start in STARTS.values()]
    return render_template("events/season_new.html", form=form, columns=columns, kinds=kinds), form.status


@bp.get("/planning/season/template.xlsx")
@with_role(COORDINATOR)
def template() -> Response:
    """A file to fill in: the headings, and one row as an example with a place and a programme of this coordinator."""
    actor, spoken = current_actor(), language()
    choices = plan_choices(actor)
    start = STARTS["cleanup"]
    names: dict[str, Any] = {"site": choices.sites, "programme": choices.programmes}
    example: dict[str, Any] = {name: in_language(rows[0].name, spoken) for name, rows in names.items() if rows}
    example |= {"key": "1", "start": gettext(start.label), "day": date(clock.now().year + 1, 5, 15)}
    example |= {"begins": "09:00", "ends": "13:00", "capacity": start.capacity}
    example |= {"audience": AUDIENCE_WORDS["families"][WHERE[spoken]]}
    example |= {f"title_{code}": text for code, text in start.title.items()}
    row = [example.get(name, "") for name in COLUMNS]
    return xlsx_answer(gettext("Season"), [heading(name) for name in COLUMNS], [row])


@bp.get("/planning/season/<season_id>")
@with_role(COORDINATOR)
def show(season_id: str) -> ResponseReturnValue:
    """What becomes of every row, before anything is written; afterwards how many drafts there are."""
    actor = current_actor()
    season = season_to_import(actor, season_id)
    rows = check_season(season, store=_store(), now=clock.now(), actor=actor)
    counts = {state: sum(one.state == state for one in rows) for state in ("new", "known", "wrong")}
    shown = [(one, [spoken_problem(problem) for problem in one.problems]) for one in rows]
    return render_template("events/season.html", season=season, rows=shown, counts=counts)


@bp.post("/planning/season/<season_id>/drafts")
@with_role(COORDINATOR)
def drafts(season_id: str) -> ResponseReturnValue:
    """The rows that hold become drafts."""
    actor = current_actor()
    season = season_to_import(actor, season_id)
    made = make_drafts(season, store=_store(), now=clock.now(), actor=actor)
    flash(ngettext("%(num)s draft is made.", "%(num)s drafts are made.", made), "ok")
    return redirect(url_for("events.planning"), 303)


def heading(name: str) -> str:
    """What a column is called in the reader's language, as the file may call it."""
    return COLUMNS[name][WHERE[language()]] if name in COLUMNS else name


def spoken_problem(problem: Problem) -> tuple[str, str]:
    """(heading, sentence) in the reader's language."""
    sentence = gettext(problem.why)
    return heading(problem.field), sentence % problem.params if problem.params else sentence


def _store() -> FileStore:
    return open_store(current_app.config["TORANGY"])
