"""Pages of reading files of people. Part of the people's blueprint."""

from collections.abc import Collection
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.accounts.actor import COORDINATOR, Actor
from app.errors import N_, NotFound
from app.files import open_store
from app.people.forms import ImportForm, heading_of, headings
from app.people.headings import IGNORE, assignable
from app.people.import_models import VERBS
from app.people.importing import KINDS, Plan, apply_report, is_applicable, start_import
from app.people.mapping import (
    assign_columns,
    change_mapping,
    forget_mapping,
    mapping_of,
    mappings,
    remembered_of,
    sayers,
)
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
    "guardian_number": N_("Parent's personnel number"),
    "medical_note": N_("Allergies and health"),
    "full_name": N_("Full name: surname first"),
    "ignore": N_("Leave it out"),
}


@bp.route("/people/imports/new", methods=["GET", "POST"])
@with_role(COORDINATOR)
def new() -> ResponseReturnValue:
    """Choosing a file; the worker reads it, the next page shows how far it is."""
    actor = current_actor()
    form = _form(actor)
    if form.validate_on_submit():
        file = form.file.data
        store = open_store(current_app.config["TORANGY"])
        plan = _plan(form, actor)
        run = form.attempt(
            start_import, file.filename or "", file.read(), plan, store=store, now=clock.now(), actor=actor
        )
        if run:
            return redirect(url_for(".show", run_id=run.id), 303)
    columns = [(gettext("Employees"), headings("employees")), (gettext("Children"), headings("children"))]
    return render_template(
        "people/import_new.html", form=form, runs=latest_imports(actor), columns=columns, **_explained()
    ), form.status


@bp.get("/people/imports/<run_id>")
@with_role(COORDINATOR)
def show(run_id: str) -> ResponseReturnValue:
    """How far it is; then what became of every row."""
    run = import_visible(current_actor(), run_id)
    verb = request.args.get("show") if request.args.get("show") in VERBS else None
    page = differences_of(run, verb=verb, cursor=request.args.get("cursor")) if run.finished_at else None
    explained = remembered_of(run)
    part = "people/_import.html" if request.headers.get("HX-Request") else "people/import.html"
    return render_template(
        part,
        run=run,
        refused=[_sentence(run, refusal) for refusal in run.refused],
        doubted=[_sentence(run, warning) for warning in run.warnings],
        institution=institution_of(run.institution_id),
        page=page,
        verb=verb,
        words=WORDS,
        fields=FIELDS,
        applicable=is_applicable(run),
        choices=_choices(run.kind, but=run.columns or ()),
        explained=explained,
        sayers=sayers(explained),
    )


@bp.post("/people/imports/<run_id>/columns")
@with_role(COORDINATOR)
def columns(run_id: str) -> ResponseReturnValue:
    """What the unknown columns of a waiting file hold; it is read on at once."""
    actor = current_actor()
    run = import_visible(actor, run_id)
    chosen = {one["heading"]: request.form.get(f"column_{one['number']}", IGNORE) for one in run.unknown_columns}
    assign_columns(run, chosen, now=clock.now(), actor=actor)
    return redirect(url_for(".show", run_id=run.id), 303)


@bp.post("/people/imports/columns/<mapping_id>")
@with_role(COORDINATOR)
def change(mapping_id: str) -> ResponseReturnValue:
    """Another meaning for a column, from the next file on."""
    change_mapping(mapping_of(mapping_id), request.form.get("field", ""), now=clock.now(), actor=current_actor())
    flash(gettext("Changed for the next file."), "ok")
    return redirect(url_for(".new"), 303)


@bp.post("/people/imports/columns/<mapping_id>/removal")
@with_role(COORDINATOR)
def forget(mapping_id: str) -> ResponseReturnValue:
    """The next file with this column is asked about again."""
    forget_mapping(mapping_of(mapping_id), now=clock.now(), actor=current_actor())
    flash(gettext("Forgotten: the next file with this column asks again."), "ok")
    return redirect(url_for(".new"), 303)


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
        may_wait=True,
    )


def _choices(kind: str, but: Collection[str] = ()) -> list[tuple[str, str]]:
    """What a column may hold, to leave it out first; without what the file has already."""
    fields = sorted((field for field in assignable(kind) if field not in but), key=lambda field: field != IGNORE)
    return [(field, gettext(FIELDS[field])) for field in fields]


def _explained() -> dict[str, Any]:
    """What is remembered of HR's own columns, and what may be said of them instead."""
    found = mappings()
    return {"explained": found, "sayers": sayers(found), "meanings": {kind: _choices(kind) for kind in KINDS}}


def _sentence(run: ImportRun, refusal: dict[str, Any]) -> tuple[int, str, str]:
    reason, params = refusal["why"], refusal.get("params")
    why = gettext(reason)
    return refusal["row"], heading_of(run.kind, refusal["field"]), why % params if params else why
