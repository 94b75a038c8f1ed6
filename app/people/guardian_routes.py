"""Pages about who decides for a child: a coordinator changes guardians, a parent answers another who asked. Part of
the people's blueprint."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, gettext

from app import clock
from app.access.signed_links import read_link, sign_link
from app.accounts.actor import COORDINATOR, Actor
from app.errors import NotFound
from app.people.brigade_forms import ColleagueForm
from app.people.guardians import add_guardian, end_guardianship
from app.people.models import Person
from app.people.queries import guardians_of, person_visible
from app.people.sharing_children import ANSWER_WITHIN, answer_request, request_for
from app.signups.consent_deadlines import settle_child
from app.web.access import open_to_all, with_role
from app.web.actor import current_actor

bp = Blueprint("guardians", __name__)

PURPOSE = "share-child"


@bp.route("/people/<child_id>/guardians", methods=["GET", "POST"])
@with_role(COORDINATOR)
def index(child_id: str) -> ResponseReturnValue:
    """Who decides for this child, and one guardian more."""
    actor, now = current_actor(), clock.now()
    child = _child(actor, child_id)
    form = ColleagueForm()
    if form.validate_on_submit():
        who = {"personnel_number": form.personnel_number.data or "", "surname": form.surname.data or ""}
        if form.attempt(add_guardian, child, **who, now=now, actor=actor):
            settle_child(child.id, now=now, actor=actor)
            flash(gettext("Written down. The new guardian gets a letter."), "ok")
            return redirect(url_for(".index", child_id=child_id), 303)
    return render_template(
        "people/guardians.html", child=child, guardians=guardians_of(child.id), form=form
    ), form.status


@bp.post("/people/<child_id>/guardians/<person_id>/ending")
@with_role(COORDINATOR)
def ending(child_id: str, person_id: str) -> ResponseReturnValue:
    """This adult decides for the child no longer."""
    actor, now = current_actor(), clock.now()
    end_guardianship(_child(actor, child_id), person_id, now=now, actor=actor)
    settle_child(child_id, now=now, actor=actor)
    flash(gettext("Done. They see the child no more; its places stay."), "ok")
    return redirect(url_for(".index", child_id=child_id), 303)


@bp.get("/children/sharing/<token>")
@open_to_all
def sharing(token: str) -> ResponseReturnValue:
    """Another adult says that they are this child's guardian too: the page with the two buttons."""
    facts = read_link(PURPOSE, token, now=clock.now())
    task, child, asker, guardian = request_for(facts["task"], facts["guardian"])
    with force_locale(guardian.language):
        return render_template("people/sharing.html", task=task, child=child, asker=asker, token=token)


@bp.post("/children/sharing/<token>")
@open_to_all
def answer(token: str) -> ResponseReturnValue:
    """Yes, it is the same child, or no. Counts once."""
    now = clock.now()
    facts = read_link(PURPOSE, token, now=now)
    _, child, asker, guardian = request_for(facts["task"], facts["guardian"])
    is_yes = request.form.get("answer") == "yes"
    answer_request(facts["task"], guardian_id=guardian.id, is_yes=is_yes, now=now, actor=_answering(guardian))
    if is_yes:
        settle_child(child.id, now=now, actor=_answering(guardian))
    task = request_for(facts["task"], guardian.id)[0]
    with force_locale(guardian.language):
        return render_template("people/sharing.html", task=task, child=child, asker=asker, token=token, said=is_yes)


def sharing_path(task_id: str, guardian_id: str) -> str:
    """Where this guardian answers; the link counts for two weeks, and once."""
    facts = {"task": task_id, "guardian": guardian_id}
    return url_for("people.guardians.sharing", token=sign_link(PURPOSE, facts, expires_at=clock.now() + ANSWER_WITHIN))


def _child(actor: Actor, child_id: str) -> Person:
    child = person_visible(actor, child_id)
    if child.kind != "child":
        raise NotFound
    return child


def _answering(guardian: Person) -> Actor:
    """The reader of the letter; whoever is logged in is known by their account too."""
    actor = current_actor()
    if actor.person_id == guardian.id:
        return actor
    return Actor(person_id=guardian.id, name=guardian.short_name, language=guardian.language)
