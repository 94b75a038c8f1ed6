"""Pages of people: one's own children, and for coordinators everybody of their city."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.access.policy import can_invite
from app.access.queries import account_of
from app.access.tries import count_try
from app.accounts.actor import COORDINATOR, SAFETY_OFFICER, Actor
from app.db import db
from app.errors import NotFound, require
from app.mail.reports import last_words_about, reasons_against
from app.people.adding import add_child, add_person
from app.people.address_routes import bp as addresses
from app.people.brigade_routes import bp as brigades
from app.people.changing import change_child, change_person, deactivate_person, reactivate_person
from app.people.city_routes import bp as city_pages
from app.people.forms import KIND_NAMES, ChildForm, PersonForm
from app.people.guardian_routes import bp as guardian_pages
from app.people.guardian_routes import sharing_path
from app.people.import_routes import bp as imports
from app.people.institution_routes import bp as institutions
from app.people.models import KINDS, Person
from app.people.policy import can_change_person, can_read_details
from app.people.queries import (
    children_of,
    cities_of,
    guardians_of,
    has_note,
    institution_of,
    institutions_of,
    note_of,
    own_child,
    people_page,
    person_visible,
)
from app.people.rotation_routes import bp as rotations
from app.people.sharing_children import ask_to_share, open_requests, same_children
from app.signups.hr_files import free_seats_of_leavers
from app.web.access import signed_in, with_role
from app.web.actor import current_actor
from app.web.addresses import own_path
from app.web.forms import language
from app.web.words import in_language

bp = Blueprint("people", __name__)
bp.register_blueprint(imports)
bp.register_blueprint(addresses)
bp.register_blueprint(institutions)
bp.register_blueprint(city_pages)
bp.register_blueprint(rotations)
bp.register_blueprint(brigades)
bp.register_blueprint(guardian_pages)


@bp.get("/my/children")
@signed_in
def my_children() -> ResponseReturnValue:
    """One's own children."""
    me = current_actor().person_id or ""
    asked = [(child, asker, sharing_path(task.id, me)) for task, child, asker in open_requests(me)]
    return render_template("people/my_children.html", children=children_of(me), asked=asked, today=clock.now().date())


@bp.route("/my/children/new", methods=["GET", "POST"])
@signed_in
def new_child() -> ResponseReturnValue:
    """Adding a child, once; then back to where one came from."""
    actor, now = current_actor(), clock.now()
    back = own_path(request.args.get("next")) or url_for(".my_children")
    me = db.session.get(Person, actor.person_id or "")
    form = ChildForm(today=now.date(), data={"surname": me.surname if me else ""})
    if form.validate_on_submit():
        same = request.form.get("same") or _may_stand_already(form, actor)
        if same == "ask":
            return _asked_to_share(form, actor, back)
        if same == "maybe":
            return render_template("people/child.html", form=form, child=None, back=back, may_stand=True), 409
        child = form.attempt(add_child, actor.person_id or "", form.values(), now=now, actor=actor)
        if child:
            flash(gettext("%(name)s is on your list.", name=child.given_name), "ok")
            return redirect(back, 303)
    return render_template("people/child.html", form=form, child=None, back=back), form.status


@bp.route("/my/children/<child_id>", methods=["GET", "POST"])
@signed_in
def child(child_id: str) -> ResponseReturnValue:
    """What one's own child is called, wears and needs."""
    actor, now = current_actor(), clock.now()
    mine = own_child(actor, child_id)
    note = note_of(mine)
    back = own_path(request.args.get("next")) or url_for(".my_children")
    typed = _typed(mine) | ({"medical_note": note.text, "keep_note": note.keep} if note else {})
    form = ChildForm(today=now.date(), data=typed)
    if form.validate_on_submit():
        form.attempt(change_child, mine, form.values(), now=now, actor=actor)
        if not form.errors:
            flash(gettext("Saved."), "ok")
            return redirect(back, 303)
    return render_template("people/child.html", form=form, child=mine, back=back), form.status


@bp.get("/people")
@with_role(COORDINATOR, SAFETY_OFFICER)
def index() -> ResponseReturnValue:
    """Everybody of one's cities; what is looked for stands in the address."""
    actor, now = current_actor(), clock.now()
    cities = cities_of(actor, COORDINATOR, SAFETY_OFFICER)
    asked = {name: request.args.get(name, "").strip()[:100] for name in ("q", "city", "kind")}
    asked["city"] = asked["city"] if asked["city"] in {city.slug for city in cities} else ""
    asked["kind"] = asked["kind"] if asked["kind"] in KINDS else ""
    return render_template(
        "people/index.html",
        asked=asked,
        cities=cities,
        kinds=KIND_NAMES,
        today=now.date(),
        page=people_page(actor, **asked, cursor=request.args.get("cursor")),
        is_later_page="cursor" in request.args,
        may_add=bool(cities_of(actor, COORDINATOR)),
    )


@bp.get("/people/<person_id>")
@with_role(COORDINATOR, SAFETY_OFFICER)
def show(person_id: str) -> ResponseReturnValue:
    """One person, as far as the actor may know of them."""
    actor, now = current_actor(), clock.now()
    person = person_visible(actor, person_id)
    may_read = can_read_details(actor, person)
    against = {row.reason: row for row in reasons_against(person.email)} if may_read else {}
    return render_template(
        "people/show.html",
        person=person,
        against=against,
        came_back_with=last_words_about(person.email or "") if "bounced" in against else "",
        kind=KIND_NAMES[person.kind],
        city=next((city.name for city in cities_of(actor) if city.slug == person.city), None),
        institution=institution_of(person.institution_id),
        guardians=guardians_of(person.id) if may_read else [],
        children=children_of(person.id) if can_change_person(actor, person) else [],
        has_note=may_read and has_note(person),
        account=account_of(person.id),
        may_read=may_read,
        may_change=can_change_person(actor, person),
        may_invite=can_invite(actor, person) and person.kind == "employee" and person.deactivated_at is None,
        today=now.date(),
    )


@bp.route("/people/new", methods=["GET", "POST"])
@with_role(COORDINATOR)
def new() -> ResponseReturnValue:
    """Somebody who stands in no list."""
    actor, now = current_actor(), clock.now()
    form = _person_form(actor, {"kind": request.args.get("kind", "employee"), "language": "kk"})
    if form.validate_on_submit():
        person = form.attempt(add_person, form.values(), now=now, actor=actor)
        if person:
            flash(gettext("%(name)s is on the list.", name=person.short_name), "ok")
            return redirect(url_for(".show", person_id=person.id), 303)
    return render_template("people/edit.html", form=form, person=None), form.status


@bp.route("/people/<person_id>/edit", methods=["GET", "POST"])
@with_role(COORDINATOR)
def edit(person_id: str) -> ResponseReturnValue:
    """Correcting what is known of somebody."""
    actor, now = current_actor(), clock.now()
    person = person_visible(actor, person_id)
    require(can_change_person(actor, person))
    form = _person_form(actor, _typed(person), person)
    if form.validate_on_submit():
        form.attempt(change_person, person, form.values(), now=now, actor=actor)
        if not form.errors:
            flash(gettext("Saved."), "ok")
            return redirect(url_for(".show", person_id=person.id), 303)
    return render_template("people/edit.html", form=form, person=person), form.status


@bp.post("/people/<person_id>/deactivation")
@with_role(COORDINATOR)
def deactivation(person_id: str) -> ResponseReturnValue:
    """They left: no login any more, their seats go to the queue."""
    actor, now = current_actor(), clock.now()
    person = person_visible(actor, person_id)
    deactivate_person(person, now=now, actor=actor)
    free_seats_of_leavers(now=now)
    flash(gettext("%(name)s has left. Their seats went to the queue.", name=person.short_name), "ok")
    return redirect(url_for(".show", person_id=person_id), 303)


@bp.post("/people/<person_id>/reactivation")
@with_role(COORDINATOR)
def reactivation(person_id: str) -> ResponseReturnValue:
    """They are back."""
    actor = current_actor()
    person = person_visible(actor, person_id)
    reactivate_person(person, now=clock.now(), actor=actor)
    flash(gettext("%(name)s is back.", name=person.short_name), "ok")
    return redirect(url_for(".show", person_id=person_id), 303)


def _may_stand_already(form: ChildForm, actor: Actor) -> str:
    """Whether another guardian has a child of this name and birthday."""
    return "maybe" if same_children(form.values(), asker_id=actor.person_id or "") else ""


def _asked_to_share(form: ChildForm, actor: Actor, back: str) -> ResponseReturnValue:
    """The other parent is asked; nobody's name is told to who asks, and misses are counted."""
    now = clock.now()
    count_try(f"share:{actor.account_id}", address=request.remote_addr or "", now=now)
    letters = ask_to_share(form.values(), link=sharing_path, now=now, actor=actor)
    if letters:
        flash(gettext("The other parent gets a letter. Once they agree, the child is on your list too."), "look")
    else:
        flash(gettext("The other parent has no e-mail: the coordinator will ask them."), "look")
    return redirect(back, 303)


def _person_form(actor: Actor, typed: dict[str, Any], person: Person | None = None) -> PersonForm:
    form = PersonForm(today=clock.now().date(), data=typed)
    cities = [(city.slug, in_language(city.name, language())) for city in cities_of(actor, COORDINATOR)]
    if not cities:
        raise NotFound
    form.offer(cities, [(row.id, in_language(row.name, language())) for row in institutions_of(actor)])
    if person:
        form.only_for(person)
    return form


def _typed(person: Person) -> dict[str, Any]:
    """The person as the fields of a form show them."""
    columns = "surname given_name patronymic email phone personnel_number city department institution_id school_class"
    typed = {column: getattr(person, column) for column in [*columns.split(), "language", "tshirt_size"]}
    return typed | {"birth_date": person.birth_date.strftime("%d.%m.%Y") if person.birth_date else ""}
