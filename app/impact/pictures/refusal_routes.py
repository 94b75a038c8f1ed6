"""Who wants to be on no picture: one's own page, and the button beside a name. Part of the pictures' blueprint."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.accounts.actor import COORDINATOR
from app.db import db
from app.events.queries import event_to_manage
from app.impact.pictures.objecting import allow_photos, refuse_photos
from app.impact.pictures.queries import events_with_albums_of, refusals_of, seated_people
from app.people.models import Person
from app.people.queries import children_of, person_visible
from app.web.access import signed_in, with_role
from app.web.actor import current_actor

bp = Blueprint("refusals", __name__)


@bp.get("/my/pictures")
@signed_in
def mine() -> str:
    """Oneself and one's children: who wants to be on pictures, and where there are some."""
    own_id = str(current_actor().person_id)
    people = [db.session.get_one(Person, own_id), *children_of(own_id)]
    return render_template(
        "impact/pictures/mine.html",
        people=people,
        refused=refusals_of(people),
        events=events_with_albums_of([one.id for one in people]),
    )


@bp.get("/events/<event_id>/pictures/refusals")
@with_role(COORDINATOR)
def of_event(event_id: str) -> str:
    """Participants by name, for whoever said it by word of mouth."""
    event = event_to_manage(current_actor(), event_id)
    q = request.args.get("q", "").strip()[:100]
    people = seated_people(event, q) if q else []
    return render_template(
        "impact/pictures/refusals.html",
        event=event,
        q=q,
        people=people,
        refused=refusals_of(people),
        under="pictures.index",
    )


@bp.post("/people/<person_id>/photo-refusal")
@signed_in
def refuse(person_id: str) -> ResponseReturnValue:
    """No more pictures of them."""
    person = person_visible(current_actor(), person_id)
    name = person.short_name
    refuse_photos(person, now=clock.now(), actor=current_actor())
    flash(gettext("%(name)s will be on no published picture. What was published is taken down.", name=name), "ok")
    return redirect(_back(), 303)


@bp.post("/people/<person_id>/photo-refusal/withdrawal")
@signed_in
def allow(person_id: str) -> ResponseReturnValue:
    """They changed their mind."""
    person = person_visible(current_actor(), person_id)
    name = person.short_name
    allow_photos(person, now=clock.now(), actor=current_actor())
    flash(gettext("%(name)s does not mind any more.", name=name), "ok")
    return redirect(_back(), 303)


def _back() -> str:
    """The event's list where the button stood there, else one's own page."""
    event_id = request.form.get("event", "")
    if event_id.isalnum():
        return url_for(".of_event", event_id=event_id, q=request.form.get("q", "")[:100] or None)
    return url_for(".mine")
