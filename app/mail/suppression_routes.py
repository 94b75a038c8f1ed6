"""Addresses that take no letters: why, since when, whose, and a press for a mailbox that works again."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.accounts.actor import COORDINATOR
from app.mail.models import REASONS
from app.mail.operations import lift_suppression
from app.mail.preferences import KINDS
from app.mail.queries import suppressions_page, visible_suppression
from app.mail.reports import last_words_of
from app.people.by_address import institutions_at, people_at
from app.web.access import with_role
from app.web.actor import current_actor

bp = Blueprint("suppressions", __name__)


@bp.get("/suppressions")
@with_role(COORDINATOR)
def index() -> str:
    """Those of the actor's cities, the latest first."""
    actor = current_actor()
    part = request.args.get("q", "").strip()
    reason = request.args.get("reason") if request.args.get("reason") in REASONS else None
    page = suppressions_page(actor, part=part, reason=reason, cursor=request.args.get("cursor"))
    addresses = [row.address for row in page.items]
    said = last_words_of(row.address for row in page.items if row.reason == "bounced")
    return render_template(
        "mail/suppressions.html", page=page, q=part, reason=reason, kinds=KINDS, said=said,
        people=people_at(actor, addresses), institutions=institutions_at(actor, addresses),
    )  # fmt: skip


@bp.post("/suppressions/<suppression_id>/removal")
@with_role(COORDINATOR)
def removal(suppression_id: str) -> ResponseReturnValue:
    """The mailbox works again. What its reader asked for stays."""
    actor = current_actor()
    row = visible_suppression(actor, suppression_id)
    address = row.address
    lift_suppression(row, now=clock.now(), actor=actor)
    flash(gettext("Letters go to %(address)s again.", address=address), "ok")
    return redirect(url_for(".index"), 303)
