"""Tickets on screen and on paper: one person's page, sheets to print, and the worker that keeps pages offline."""

from pathlib import Path

from flask import Blueprint, Response, current_app, render_template, request
from flask.typing import ResponseReturnValue

from app import clock
from app.access.tries import count_miss, require_few_misses
from app.accounts.actor import COORDINATOR
from app.attendance.tickets import ticket_code
from app.errors import NotFound
from app.events.queries import event_to_manage
from app.rosters.tickets import PER_SHEET, Ticket, ticket_shown, tickets_of_event, tickets_of_party
from app.rosters.whereabouts import whereabouts
from app.signups.qr import qr_path
from app.web.access import open_to_all, signed_in, with_role
from app.web.actor import current_actor

bp = Blueprint("tickets", __name__)

LAST_PAGE = 1000


@bp.get("/tickets/<ticket>")
@open_to_all
def show(ticket: str) -> ResponseReturnValue:
    """One ticket, for whoever holds its address: given name, event and code, nothing else of the person."""
    now, address = clock.now(), request.remote_addr or ""
    require_few_misses("ticket", address=address, now=now)
    place = ticket_shown(ticket_code(ticket), now=now)
    if place is None:
        count_miss("ticket", address=address, now=now)
        raise NotFound
    put = whereabouts([place.id])
    page = render_template("signups/ticket.html", place=place, event=place.event, put=put, qr_path=qr_path)
    return Response(page, headers={"X-Robots-Tag": "noindex, nofollow"})


@bp.get("/signups/<signup_id>/tickets")
@signed_in
def party(signup_id: str) -> ResponseReturnValue:
    """The tickets of one party, six to a page."""
    signup, tickets = tickets_of_party(current_actor(), signup_id)
    return _sheets(tickets, event=signup.event, is_own=True)


@bp.get("/events/<event_id>/tickets")
@with_role(COORDINATOR)
def event(event_id: str) -> ResponseReturnValue:
    """All tickets of an event or those of the chosen places, ten sheets at a time."""
    found = event_to_manage(current_actor(), event_id)
    page = min(max(request.args.get("page", 1, type=int), 1), LAST_PAGE)
    chosen = request.args.getlist("place")
    wanted = None if chosen or request.args.get("all") else page
    tickets, more = tickets_of_event(found, place_ids=chosen, page=wanted)
    return _sheets(tickets, event=found, page=wanted, more=more)


@bp.get("/sw.js")
@open_to_all
def worker() -> Response:
    """The worker that shows tickets without a network; at the root, because a worker rules only what lies below it."""
    script = Path(str(current_app.static_folder), "sw.js").read_text()
    headers = {"Cache-Control": "no-cache", "Service-Worker-Allowed": "/"}
    return Response(script, mimetype="text/javascript", headers=headers)


def _sheets(tickets: list[Ticket], **facts: object) -> str:
    return render_template("signups/tickets.html", tickets=tickets, per_sheet=PER_SHEET, qr_path=qr_path, **facts)
