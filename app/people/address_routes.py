"""A coordinator's word on an address that takes no mail: it works after all."""

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.accounts.actor import COORDINATOR
from app.errors import require
from app.mail.operations import lift_suppression
from app.mail.reports import reasons_against
from app.people.policy import can_change_person
from app.people.queries import person_visible
from app.web.access import with_role
from app.web.actor import current_actor

bp = Blueprint("addresses", __name__)


@bp.post("/people/<person_id>/address-trial")
@with_role(COORDINATOR)
def trial(person_id: str) -> ResponseReturnValue:
    """Letters go to this person's address again."""
    actor = current_actor()
    person = person_visible(actor, person_id)
    require(can_change_person(actor, person))
    for row in reasons_against(person.email):
        if row.reason == "bounced":
            lift_suppression(row, now=clock.now(), actor=actor)
    if person.email:
        flash(gettext("Letters go to %(address)s again.", address=person.email), "ok")
    return redirect(url_for("people.show", person_id=person_id), 303)
