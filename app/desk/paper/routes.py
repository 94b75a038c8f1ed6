"""The page where a ticked list is typed in: one field, the keyboard alone. Part of the desk."""

from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from app import clock
from app.accounts.actor import COORDINATOR, HELPER, SAFETY_OFFICER
from app.attendance.days import is_closed
from app.attendance.entry_ids import new_entry_id
from app.attendance.policy import can_mark
from app.desk.log.giving import Giver, facts_of
from app.desk.paper.sheets import sheet_of, sheets_of
from app.desk.paper.typing_in import WORDS, Echo, moment_of_sheet, type_line, usual_time
from app.desk.roster.policy import desk_powers
from app.desk.roster.queries import event_of_roster
from app.errors import require
from app.events.models import Event
from app.web.access import with_role
from app.web.actor import current_actor

bp = Blueprint("typing", __name__)
ROLES = (COORDINATOR, SAFETY_OFFICER, HELPER)


@bp.get("/events/<event_id>/desk/typing")
@with_role(*ROLES)
def show(event_id: str) -> ResponseReturnValue:
    """The field, and which list it is."""
    event = _event(event_id)
    sheets = sheets_of(event)
    wanted = request.args.get("sheet", type=int)
    sheet = sheet_of(event, wanted) if wanted else (sheets[0] if sheets else None)
    at = request.args.get("at") or usual_time(facts_of(event))
    return render_template(
        "desk/typing.html",
        event=event,
        sheet=sheet,
        sheets=sheets,
        at=at,
        line_id=new_entry_id,
        under="desk.prints.index",
    )


@bp.post("/events/<event_id>/desk/typing")
@with_role(*ROLES)
def line(event_id: str) -> ResponseReturnValue:
    """One line; answered as JSON to typing.js, else by the page again."""
    actor, now, said = current_actor(), clock.now(), request.form
    event = _event(event_id)
    facts, sheet = facts_of(event), sheet_of(event, said.get("sheet", default=0, type=int))
    giver, closed = Giver(actor, desk_powers(actor, event)), is_closed(event.id)
    at = moment_of_sheet(facts, said.get("at", ""), now=now)
    typed, line_id = said.get("line", ""), said.get("line_id", "")
    echo = type_line(facts, sheet, typed, line_id=line_id, at=at, is_closed=closed, now=now, giver=giver)
    if request.accept_mimetypes.best == "application/json":
        return jsonify(_told(echo))
    flash(_sentence(echo), echo.tone)
    return redirect(url_for(".show", event_id=event_id, sheet=sheet.number, at=said.get("at") or None), 303)


def _told(echo: Echo) -> dict[str, Any]:
    return {"tone": echo.tone, "text": _sentence(echo)}


def _sentence(echo: Echo) -> str:
    who = echo.names[0] if len(echo.names) == 1 else ngettext("%(num)s person", "%(num)s people", len(echo.names))
    why = f" ({gettext(echo.why)})" if echo.why else ""
    return f"{echo.numbers} {who}: {gettext(WORDS[echo.kind])}{why}"


def _event(event_id: str) -> Event:
    actor = current_actor()
    event = event_of_roster(actor, event_id)
    require(can_mark(actor, event))
    return event
