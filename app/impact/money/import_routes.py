"""Pages that read sums from a spreadsheet: the file, every line with its errors, the entries."""

from collections.abc import Sequence

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from app import clock
from app.accounts.actor import COORDINATOR
from app.files import FileStore, open_store
from app.impact.money import words
from app.impact.money.forms import SumsFileForm
from app.impact.money.importing import check_lines, import_of, keep_file, make_entries
from app.impact.money.sheet_rows import CATEGORY_WORDS, COLUMNS, REQUIRED, STAGE_WORDS, UNIT_WORDS, Problem
from app.impact.reports.queries import programmes_reported
from app.web.access import with_role
from app.web.actor import current_actor
from app.web.forms import language
from app.web.numbers import tenge
from app.web.tables import xlsx_answer
from app.web.words import in_language

bp = Blueprint("files", __name__)
WHERE = {"en": 0, "ru": 1, "kk": 2}  # in COLUMNS and the lists of words


@bp.route("/money/files", methods=["GET", "POST"])
@with_role(COORDINATOR)
def new() -> ResponseReturnValue:
    """Choosing the file and what its sums are in; nothing is written yet."""
    form = SumsFileForm()
    if form.validate_on_submit():
        file = form.file.data
        kept = form.attempt(
            keep_file,
            file.filename or "",
            file.read(),
            unit=form.unit.data,
            store=_store(),
            now=clock.now(),
            actor=current_actor(),
        )
        if kept:
            return redirect(url_for(".show", import_id=kept.id), 303)
    columns = [(heading(name), name in REQUIRED) for name in COLUMNS]
    lists = [
        (heading(name), [said[WHERE[language()]] for said in listed.values()])
        for name, listed in (("stage", STAGE_WORDS), ("category", CATEGORY_WORDS), ("unit", UNIT_WORDS))
    ]
    return render_template("impact/money/file_new.html", form=form, columns=columns, lists=lists), form.status


@bp.get("/money/files/template.xlsx")
@with_role(COORDINATOR)
def template() -> Response:
    """A file to fill in: the headings, and one line as an example."""
    at = WHERE[language()]
    programmes = programmes_reported()
    example: dict[str, object] = {
        "programme": in_language(programmes[-1].name, language()) if programmes else "",
        "stage": STAGE_WORDS["actual"][at],
        "amount_tenge": 250_000,
        "unit": UNIT_WORDS["tenge"][at],
        "category": CATEGORY_WORDS["transport"][at],
    }
    row = [example.get(name, "") for name in COLUMNS]
    return xlsx_answer(gettext("Costs"), [heading(name) for name in COLUMNS], [row])


@bp.get("/money/files/<import_id>")
@with_role(COORDINATOR)
def show(import_id: str) -> ResponseReturnValue:
    """What becomes of every line, before anything is written; afterwards how many entries there are."""
    actor = current_actor()
    kept = import_of(actor, import_id)
    lines = check_lines(kept, store=_store(), actor=actor)
    counts = {state: sum(one.state == state for one in lines) for state in ("new", "asked", "known", "wrong")}
    fresh = [one.expense.amount_tenge for one in lines if one.expense and one.state in ("new", "asked")]
    return render_template(
        "impact/money/file.html",
        kept=kept,
        lines=[(one, spoken(one.problems), spoken(one.doubts)) for one in lines],
        counts=counts,
        total=sum(fresh),
        words=words,
    )


@bp.post("/money/files/<import_id>/entries")
@with_role(COORDINATOR)
def entries(import_id: str) -> ResponseReturnValue:
    """All lines become entries, or none does."""
    actor = current_actor()
    kept = import_of(actor, import_id)
    sure = {int(number) for number in request.form.getlist("sure") if number.isdecimal() and len(number) < 9}
    kept = make_entries(kept, sure=sure, store=_store(), now=clock.now(), actor=actor)
    total = tenge(kept.total_tenge)
    flash(ngettext("%(num)s entry saved: %(sum)s.", "%(num)s entries saved: %(sum)s.", kept.created, sum=total), "ok")
    return redirect(url_for("money.budgets.index"), 303)


def heading(name: str) -> str:
    """What a column is called in the reader's language, as the file may call it."""
    return COLUMNS[name][WHERE[language()]]


def spoken(problems: Sequence[Problem]) -> list[tuple[str, str]]:
    """[(heading, sentence)] in the reader's language."""
    return [(heading(one.field), gettext(one.why) % (one.params or {})) for one in problems]


def _store() -> FileStore:
    return open_store(current_app.config["TORANGY"])
