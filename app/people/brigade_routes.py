"""Pages of brigades: my own, those that I am in, and for coordinators those of their city. Part of the people's
blueprint."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.access.tries import count_try, forget_tries
from app.accounts.actor import COORDINATOR, Actor
from app.db import db
from app.people.brigade_forms import BrigadeForm, ColleagueForm
from app.people.brigade_queries import (
    brigade_to_change,
    brigades_led_by,
    city_brigades,
    member_counts,
    members_of,
    memberships_of,
)
from app.people.brigades import (
    add_colleague,
    end_brigade,
    found_brigade,
    leave_brigade,
    remove_colleague,
)
from app.people.models import Brigade, Person
from app.web.access import signed_in
from app.web.actor import current_actor

bp = Blueprint("brigades", __name__)

LISTED = 200


@bp.get("/brigade")
@signed_in
def mine() -> ResponseReturnValue:
    """The brigades that I lead, and those that I am in."""
    return _mine_page(BrigadeForm(formdata=None))


@bp.post("/brigades")
@signed_in
def found() -> ResponseReturnValue:
    """A new brigade, led by whoever founds it, or by whom a coordinator names."""
    actor = current_actor()
    form = BrigadeForm()
    leader_id = request.form.get("leader_id") or actor.person_id or ""
    if form.validate_on_submit():
        brigade = form.attempt(found_brigade, form.name.data or "", leader_id=leader_id, now=clock.now(), actor=actor)
        if brigade:
            flash(gettext("The brigade stands. Add your colleagues."), "ok")
            return redirect(url_for(".show", brigade_id=brigade.id), 303)
    return _mine_page(form)


@bp.get("/brigades/<brigade_id>")
@signed_in
def show(brigade_id: str) -> ResponseReturnValue:
    """One brigade, for its leader and the coordinators of the city."""
    brigade = brigade_to_change(current_actor(), brigade_id)
    return _brigade_page(brigade, ColleagueForm(formdata=None))


@bp.post("/brigades/<brigade_id>/members")
@signed_in
def add(brigade_id: str) -> ResponseReturnValue:
    """One colleague more. Misses are counted, so that nobody fishes for names."""
    actor, now = current_actor(), clock.now()
    brigade = brigade_to_change(actor, brigade_id)
    form = ColleagueForm()
    if form.validate_on_submit():
        tries = f"brigade:{actor.account_id}"
        count_try(tries, address=request.remote_addr or "", now=now)
        number, surname = form.personnel_number.data or "", form.surname.data or ""
        member = form.attempt(add_colleague, brigade, personnel_number=number, surname=surname, now=now, actor=actor)
        if member:
            forget_tries(tries)
            flash(gettext("%(name)s is in the brigade now.", name=member.person.short_name), "ok")
            return redirect(url_for(".show", brigade_id=brigade_id), 303)
    return _brigade_page(brigade, form)


@bp.post("/brigades/<brigade_id>/members/<person_id>/removal")
@signed_in
def removal(brigade_id: str, person_id: str) -> ResponseReturnValue:
    """A colleague goes from the brigade."""
    actor = current_actor()
    brigade = brigade_to_change(actor, brigade_id)
    remove_colleague(brigade, person_id, now=clock.now(), actor=actor)
    flash(gettext("Taken out of the brigade. Places that they hold stay theirs."), "ok")
    return redirect(url_for(".show", brigade_id=brigade_id), 303)


@bp.post("/brigades/<brigade_id>/leaving")
@signed_in
def leaving(brigade_id: str) -> ResponseReturnValue:
    """I go from a brigade."""
    leave_brigade(brigade_id, now=clock.now(), actor=current_actor())
    flash(gettext("You have left the brigade. Places that you hold stay yours."), "ok")
    return redirect(url_for(".mine"), 303)


@bp.post("/brigades/<brigade_id>/ending")
@signed_in
def ending(brigade_id: str) -> ResponseReturnValue:
    """The brigade is no more."""
    actor = current_actor()
    end_brigade(brigade_to_change(actor, brigade_id), now=clock.now(), actor=actor)
    flash(gettext("The brigade has ended. Everybody keeps the places that they hold."), "ok")
    return redirect(url_for(".mine"), 303)


def _mine_page(form: BrigadeForm) -> ResponseReturnValue:
    actor = current_actor()
    led = brigades_led_by(actor.person_id or "")
    around = list(db.session.scalars(city_brigades(actor).limit(LISTED))) if actor.has_role(COORDINATOR) else []
    me = db.session.get(Person, actor.person_id or "")
    return render_template(
        "people/brigades.html",
        form=form,
        led=led,
        members=members_of([brigade.id for brigade in led]),
        colleague_form=ColleagueForm(formdata=None),
        memberships=memberships_of(actor.person_id or ""),
        around=[brigade for brigade in around if brigade.leader_id != actor.person_id],
        counts=member_counts([brigade.id for brigade in around]),
        may_found=me is not None and me.kind == "employee",
    ), form.status


def _brigade_page(brigade: Brigade, form: ColleagueForm) -> ResponseReturnValue:
    actor = current_actor()
    return render_template(
        "people/brigade.html", form=form, brigade=brigade, **_of(brigade), is_own=_leads(actor, brigade)
    ), form.status


def _of(brigade: Brigade) -> dict[str, Any]:
    return {"members": members_of([brigade.id])[brigade.id]}


def _leads(actor: Actor, brigade: Brigade) -> bool:
    return brigade.leader_id == actor.person_id
