"""Pages of the day: the roster, its files, and one person on it."""

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from app import clock
from app.accounts.actor import COORDINATOR, GIFT_KEEPER, SAFETY_OFFICER, Actor
from app.attendance.entry_ids import new_entry_id
from app.attendance.queries import marks_of
from app.desk import files
from app.desk.policy import powers
from app.desk.queries import (
    all_roster_rows,
    event_of_roster,
    groups_of,
    place_of_roster,
    roster_counts,
    roster_row,
    roster_rows,
)
from app.desk.roster import RosterFilter
from app.errors import NotFound
from app.events.models import Event
from app.gifts.queries import gifts_of
from app.web.access import with_role
from app.web.actor import current_actor
from app.web.dates import local_date
from app.web.forms import language
from app.web.tables import csv_answer, xlsx_answer
from app.web.words import in_language

bp = Blueprint("desk", __name__)

ROLES = (COORDINATOR, SAFETY_OFFICER, GIFT_KEEPER)


@bp.get("/events/<event_id>/roster")
@with_role(*ROLES)
def roster(event_id: str) -> ResponseReturnValue:
    """Everybody on the list, with one tap to mark them present and another for each gift."""
    actor = current_actor()
    event = event_of_roster(actor, event_id)
    wanted = _wanted()
    page = roster_rows(event, wanted, cursor=request.args.get("cursor"))
    shown = request.args.get("place")
    return render_template(
        "desk/roster.html",
        event=event,
        page=page,
        wanted=wanted,
        counts=roster_counts(event.id),
        groups=groups_of(event.id),
        gifts=gifts_of(event.id),
        welcomed=roster_row(_place_here(actor, event, shown)) if shown else None,
        is_whole=wanted.is_empty and page.next is None and not request.args.get("cursor"),
        is_today=local_date(clock.now(), event.timezone) == event.local_date,
        entry_id=new_entry_id,
        may=powers(actor, event),
    )


@bp.get("/events/<event_id>/roster.xlsx")
@with_role(*ROLES)
def roster_xlsx(event_id: str) -> Response:
    """The list for Excel."""
    event = event_of_roster(current_actor(), event_id)
    name, heads, rows = _file(event)
    return xlsx_answer(name, heads, rows, timezone=event.timezone)


@bp.get("/events/<event_id>/roster.csv")
@with_role(*ROLES)
def roster_csv(event_id: str) -> Response:
    """The list for anything else."""
    event = event_of_roster(current_actor(), event_id)
    name, heads, rows = _file(event)
    return csv_answer(name, heads, rows, timezone=event.timezone)


@bp.get("/events/<event_id>/roster/<place_id>")
@with_role(*ROLES)
def place(event_id: str, place_id: str) -> ResponseReturnValue:
    """One person at this event: what was marked by whom, corrections, gifts."""
    actor = current_actor()
    event = event_of_roster(actor, event_id)
    found = _place_here(actor, event, place_id)
    return render_template(
        "desk/place.html",
        event=event,
        place=found,
        row=roster_row(found),
        marks=marks_of(found.id),
        gifts=gifts_of(event.id),
        entry_id=new_entry_id,
        may=powers(actor, event),
    )


def _wanted() -> RosterFilter:
    args = request.args
    return RosterFilter(
        q=args.get("q", "")[:100],
        status=args.get("status", ""),
        attendance=args.get("attendance", ""),
        group=args.get("group", ""),
        consent=args.get("consent", ""),
    )


def _place_here(actor: Actor, event: Event, place_id: str):
    found = place_of_roster(actor, place_id)
    if found.event_id != event.id:
        raise NotFound
    return found


def _file(event: Event):
    name = f"{in_language(event.title, language())} {event.local_date:%d.%m.%Y}"
    gifts = gifts_of(event.id)
    return name, files.headings(gifts, language()), files.cells(all_roster_rows(event, _wanted()))
