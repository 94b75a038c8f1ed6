"""Pages of reading files of people. Part of the people's blueprint."""

from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.accounts.actor import COORDINATOR, Actor
from app.errors import N_, NotFound
from app.files import FileStore
from app.people.forms import ImportForm, heading_of, headings
from app.people.import_models import VERBS
from app.people.importing import KINDS, Plan, apply_report, is_applicable, start_import
from app.people.models import ImportRun, Institution
from app.people.queries import (
    cities_of,
    differences_of,
    import_visible,
    institution_of,
    institutions_of,
    latest_imports,
)
from app.web.access import with_role
from app.web.actor import current_actor
from app.web.forms import language
from app.web.words import in_language

bp = Blueprint("imports", __name__)

WORDS = {"new": N_("New"), "changed": N_("Changed"), "moved": N_("Moved"), "left": N_("Leavers")}
FIELDS = {
    "surname": N_("Surname"),
    "given_name": N_("Given name"),
    "patronymic": N_("Patronymic"),
    "personnel_number": N_("Personnel number"),
    "city": N_("City"),
    "department": N_("Department"),
    "institution_id": N_("Institution"),
    "birth_date": N_("Date of birth"),
    "email": N_("E-mail"),
    "phone": N_("Phone"),
    "language": N_("Language"),
    "tshirt_size": N_("T-shirt size"),
    "school_class": N_("School class"),
}


@bp.route("/people/imports/new", methods=["GET", "POST"])
@with_role(COORDINATOR)
def new() -> ResponseReturnValue:
    """Choosing a file; the worker reads it, the next page shows how far it is."""
    actor = current_actor()
    form = _form(actor)
    if form.validate_on_submit():
        file = form.file.data
        store = FileStore(current_app.config["TORANGY"].instance / "uploads")
        plan = _plan(form, actor)
        run = form.attempt(
            start_import, file.filename or "", file.read(), plan, store=store, now=clock.now(), actor=actor
        )
        if run:
            return redirect(url_for(".show", run_id=run.id), 303)
    columns = [(gettext("Employees"), headings("employees")), (gettext("Children"), headings("children"))]
    return render_template(
        "people/import_new.html", form=form, runs=latest_imports(actor), columns=columns
    ), form.status


@bp.get("/people/imports/<run_id>")
@with_role(COORDINATOR)
def show(run_id: str) -> ResponseReturnValue:
    """How far it is; then what became of every row."""
    run = import_visible(current_actor(), run_id)
    verb = request.args.get("show") if request.args.get("show") in VERBS else None
    page = differences_of(run, verb=verb, cursor=request.args.get("cursor")) if run.finished_at else None
    part = "people/_import.html" if request.headers.get("HX-Request") else "people/import.html"
    return render_template(
        part,
        run=run,
        refused=[_sentence(run, refusal) for refusal in run.refused],
        institution=institution_of(run.institution_id),
        page=page,
        verb=verb,
        words=WORDS,
        fields=FIELDS,
        applicable=is_applicable(run),
    )


@bp.post("/people/imports/<run_id>/application")
@with_role(COORDINATOR)
def application(run_id: str) -> ResponseReturnValue:
    """Does what the report says; the worker reads the kept file for real."""
    actor = current_actor()
    run = import_visible(actor, run_id)
    real = apply_report(run, is_confirmed=bool(request.form.get("confirmed")), now=clock.now(), actor=actor)
    return redirect(url_for(".show", run_id=real.id), 303)


def _form(actor: Actor) -> ImportForm:
    chosen: dict[str, Any] = {name: request.args.get(name, "") for name in ("city", "institution")}
    chosen["kind"] = request.args["kind"] if request.args.get("kind") in KINDS else "employees"
    chosen["is_complete"] = request.args.get("complete") == "1"
    chosen["is_dry_run"] = request.args.get("trial", "1") == "1"
    form = ImportForm(data=chosen)
    cities = [(city.slug, in_language(city.name, language())) for city in cities_of(actor, COORDINATOR)]
    if not cities:
        raise NotFound
    form.offer(cities, [(row.id, in_language(row.name, language())) for row in institutions_of(actor)])
    return form


def _plan(form: ImportForm, actor: Actor) -> Plan:
    institution: Institution | None = institution_of(form.institution.data or None)
    of_institution = form.kind.data == "children" and institution is not None
    return Plan(
        kind=form.kind.data,
        city=None if of_institution else form.city.data or None,
        institution_id=institution.id if of_institution and institution else None,
        is_complete=bool(form.is_complete.data),
        is_dry_run=bool(form.is_dry_run.data),
    )


def _sentence(run: ImportRun, refusal: dict[str, Any]) -> tuple[int, str, str]:
    reason, params = refusal["why"], refusal.get("params")
    why = gettext(reason)
    return refusal["row"], heading_of(run.kind, refusal["field"]), why % params if params else why
