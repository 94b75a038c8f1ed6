"""Pages of rosters: calling an event off."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext, ngettext
from wtforms import FormField

from app import clock
from app.accounts.actor import COORDINATOR
from app.db import Texts
from app.events.queries import event_to_manage
from app.rosters.operations import cancel_event
from app.web.access import with_role
from app.web.actor import current_actor
from app.web.forms import BaseForm, TextsForm, texts

bp = Blueprint("rosters", __name__)


class CancellationForm(BaseForm):
    """Why it is called off, for those who were coming."""

    reason = FormField(TextsForm, lazy_gettext("Reason"))

    def reasons(self) -> Texts:
        """In the languages that were filled in; may be empty."""
        return texts(self.reason)


@bp.route("/events/<event_id>/cancellation", methods=["GET", "POST"])
@with_role(COORDINATOR)
def cancellation(event_id: str) -> ResponseReturnValue:
    """Asks for the reason, then cancels and tells everybody."""
    actor, now = current_actor(), clock.now()
    event = event_to_manage(actor, event_id)
    form = CancellationForm()
    if form.validate_on_submit():
        told = cancel_event(event, reason=form.reasons(), now=now, actor=actor)
        text = ngettext("Cancelled. %(num)s person will be told.", "Cancelled. %(num)s people will be told.", told)
        flash(text, "ok")
        return redirect(url_for("events.show", event_id=event.id), 303)
    return render_template("rosters/cancellation.html", event=event, form=form), form.status
