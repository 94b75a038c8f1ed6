"""What a day needs and who takes it on: the coordinator's pages, and the page of those who are in."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.accounts.actor import COORDINATOR, Actor
from app.db import db
from app.errors import NotFound
from app.events.models import Event
from app.events.queries import event_to_manage, visible_event
from app.people.queries import person_visible
from app.rosters import duty_forms as forms
from app.rosters.coverage import missing_people
from app.rosters.day_plan import set_needs, set_sections, set_shifts
from app.rosters.duties import choose_shift, name_on_duty, place_in_section, place_on_duty, release_duty, take_duty
from app.rosters.duty_queries import (
    duty_seen,
    found_places,
    found_staff,
    is_medic,
    need_rows,
    need_seen,
    needs_of,
    own_places,
    people_by,
    place_to_manage,
    sections_of,
    shifts_of,
    skills_of,
    skills_on,
)
from app.rosters.duty_words import ROLE_NAMES, SKILL_NAMES
from app.rosters.group_policy import is_around
from app.rosters.skills import drop_skill, set_skill
from app.signups.models import Place
from app.signups.queries import family_ids, place_of_family
from app.web.access import signed_in, with_role
from app.web.actor import current_actor
from app.web.forms import language

bp = Blueprint("duties", __name__)


@bp.get("/events/<event_id>/duties")
@with_role(COORDINATOR)
def index(event_id: str) -> ResponseReturnValue:
    """How the day is covered, what is missing first in red; and people to place, once searched for."""
    actor = current_actor()
    event = event_to_manage(actor, event_id)
    rows, q = need_rows(event), request.args.get("q", "")
    return render_template(
        "rosters/duties.html",
        event=event,
        rows=sorted(rows, key=lambda row: row.stands.state != "short"),
        missing=missing_people(row.stands for row in rows),
        shifts=shifts_of(event),
        sections=sections_of(event),
        in_shifts=people_by(event, "shift_id"),
        in_sections=people_by(event, "section_id"),
        q=q,
        found=found_places(event, q),
        staff=found_staff(actor, event, q) if rows else (),
    )


@bp.route("/events/<event_id>/shifts", methods=["GET", "POST"])
@with_role(COORDINATOR)
def shifts(event_id: str) -> ResponseReturnValue:
    """The shifts, a row each."""
    event = event_to_manage(current_actor(), event_id)
    form = forms.ShiftsForm(data={"shifts": [forms.typed_shift(one, event) for one in shifts_of(event)]})
    return _rows_page(event, form, set_shifts, gettext("Shifts"))


@bp.route("/events/<event_id>/sections", methods=["GET", "POST"])
@with_role(COORDINATOR)
def sections(event_id: str) -> ResponseReturnValue:
    """The sections, a row each."""
    event = event_to_manage(current_actor(), event_id)
    form = forms.SectionsForm(data={"sections": [forms.typed_section(one, event) for one in sections_of(event)]})
    return _rows_page(event, form, set_sections, gettext("Sections"))


@bp.route("/events/<event_id>/needs", methods=["GET", "POST"])
@with_role(COORDINATOR)
def needs(event_id: str) -> ResponseReturnValue:
    """The needs, a row each."""
    event = event_to_manage(current_actor(), event_id)
    form = forms.NeedsForm(data={"needs": [forms.typed_need(one, event) for one in needs_of(event)]})
    return _rows_page(event, form, set_needs, gettext("What the day needs"))


@bp.post("/events/<event_id>/duties")
@with_role(COORDINATOR)
def place(event_id: str) -> ResponseReturnValue:
    """The coordinator says what somebody does, in which shift and section. What is not sent stays."""
    actor, now = current_actor(), clock.now()
    event = event_to_manage(actor, event_id)
    if "person_id" in request.form:
        return _name(actor, event)
    found = place_to_manage(actor, event, request.form.get("place_id", ""))
    if request.form.get("need_id"):
        place_on_duty(need_seen(actor, request.form["need_id"]), found, now=now, actor=actor)
    if "shift_id" in request.form and request.form["shift_id"] != (found.shift_id or ""):
        choose_shift(found, request.form["shift_id"] or None, now=now, actor=actor, family=())
    if "section_id" in request.form and request.form["section_id"] != (found.section_id or ""):
        place_in_section(found, request.form["section_id"] or None, now=now, actor=actor)
    flash(gettext("%(name)s is placed.", name=found.person.short_name), "ok")
    return redirect(url_for("duties.index", event_id=event_id, q=request.form.get("q") or None), 303)


@bp.get("/events/<event_id>/tasks")
@signed_in
def tasks(event_id: str) -> ResponseReturnValue:
    """What those who are in may take on, and which shift they are in."""
    actor = current_actor()
    event = visible_event(actor, event_id)
    places, rows, offered = own_places(event, family_ids(actor)), need_rows(event), shifts_of(event)
    own = next((one for one in places if one.person_id == actor.person_id), None)
    mine = [(row.need, duty) for row in rows for duty in row.duties if duty.holder.id == actor.person_id]
    taken = {need.id for need, _duty in mine}
    open_rows = [row for row in rows if row.stands.room and row.need.id not in taken]
    skilled = skills_on([own.person_id], event) if own else set()
    able = {
        row.need.id for row in open_rows if own and (not row.need.skill or (own.person_id, row.need.skill) in skilled)
    }
    page = {"places": places, "own": own, "mine": mine, "rows": open_rows, "able": able}
    aids = any(need.role == "first_aid" for need, _duty in mine) and is_around(event, clock.now())
    reads_health = aids and is_medic(event, str(actor.person_id))
    in_shifts = people_by(event, "shift_id") if offered else {}
    return render_template(
        "rosters/tasks.html", event=event, shifts=offered, in_shifts=in_shifts, reads_health=reads_health, **page
    )


@bp.post("/needs/<need_id>/duties")
@signed_in
def take(need_id: str) -> ResponseReturnValue:
    """I take it on."""
    actor = current_actor()
    need = need_seen(actor, need_id)
    take_duty(need, _own_place(actor, need.event), now=clock.now(), actor=actor)
    flash(gettext("Thank you. The task is yours."), "ok")
    return redirect(url_for("duties.tasks", event_id=need.event_id), 303)


@bp.post("/duties/<duty_id>/removal")
@signed_in
def release(duty_id: str) -> ResponseReturnValue:
    """The task is open again."""
    actor = current_actor()
    duty = duty_seen(actor, duty_id)
    event_id, is_own = duty.need.event_id, duty.holder.id == actor.person_id
    release_duty(duty, now=clock.now(), actor=actor)
    flash(gettext("The task is open again."), "ok")
    return redirect(url_for("duties.tasks" if is_own else "duties.index", event_id=event_id), 303)


@bp.post("/places/<place_id>/shift")
@signed_in
def shift(place_id: str) -> ResponseReturnValue:
    """Oneself or one's child comes in this shift."""
    actor = current_actor()
    found = place_of_family(actor, place_id)
    choose_shift(found, request.form.get("shift_id") or None, now=clock.now(), actor=actor, family=family_ids(actor))
    flash(gettext("Saved."), "ok")
    return redirect(url_for("duties.tasks", event_id=found.event_id), 303)


@bp.route("/people/<person_id>/skills", methods=["GET", "POST"])
@with_role(COORDINATOR)
def skills(person_id: str) -> ResponseReturnValue:
    """What somebody can do, with the last day of its proof."""
    actor, now = current_actor(), clock.now()
    person = person_visible(actor, person_id)
    form = forms.SkillForm()
    if "drop" in request.form:
        drop_skill(person, request.form["drop"], now=now, actor=actor)
        return redirect(url_for("duties.skills", person_id=person_id), 303)
    if form.validate_on_submit():
        until = form.valid_until.data
        form.attempt(set_skill, person, form.skill.data, valid_until=until, now=now, actor=actor)
        if not form.errors:
            flash(gettext("Saved."), "ok")
            return redirect(url_for("duties.skills", person_id=person_id), 303)
    held = skills_of(person.id)
    return render_template("rosters/skills.html", person=person, form=form, held=held), form.status


@bp.app_template_filter("duty_role")
def _role(word: str) -> str:
    return gettext(ROLE_NAMES.get(word, word))


@bp.app_template_filter("skill_name")
def _skill(word: str) -> str:
    return gettext(SKILL_NAMES.get(word, word))


def _own_place(actor: Actor, event: Event) -> Place:
    """The reader's own confirmed place; raises NotFound."""
    query = db.select(Place).where(Place.event_id == event.id, Place.person_id == actor.person_id)
    found = db.session.scalar(query.where(Place.status == "confirmed"))
    if found is None:
        raise NotFound
    return found


def _name(actor: Actor, event: Event) -> ResponseReturnValue:
    """Somebody without a seat is named for the day."""
    person, need = person_visible(actor, request.form["person_id"]), need_seen(actor, request.form.get("need_id", ""))
    if need.event_id != event.id:
        raise NotFound
    name_on_duty(need, person, now=clock.now(), actor=actor)
    flash(gettext("%(name)s is named for the day.", name=person.short_name), "ok")
    return redirect(url_for("duties.index", event_id=event.id), 303)


def _rows_page(event: Event, form: forms.RowsForm, operation: Any, heading: str) -> ResponseReturnValue:
    """One list as rows; "add a row" only draws one more."""
    adds = "add" in request.form or not form.rows.entries
    if adds:
        form.rows.append_entry()
    if isinstance(form, forms.NeedsForm):
        forms.offer_parts(form, shifts_of(event), sections_of(event), language())
    if not adds and form.validate_on_submit():
        form.attempt(operation, event, form.drafts(event), now=clock.now(), actor=current_actor())
        if not form.errors:
            flash(gettext("Saved."), "ok")
            return redirect(url_for("duties.index", event_id=event.id), 303)
    return render_template("rosters/rows.html", event=event, form=form, heading=heading), form.status
