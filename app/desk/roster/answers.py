"""What a tap on the roster answers: two fresh cells for htmx, the door's panel for a ticket, else the page again.

Shared by the routes of marks and of gifts.
"""

from urllib.parse import urlsplit

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.attendance.entry_ids import new_entry_id
from app.desk.roster.policy import powers
from app.desk.roster.queries import roster_counts, roster_row
from app.gifts.queries import gifts_of
from app.signups.models import Place
from app.web.actor import current_actor

DOOR = "door"


def after_mark(place: Place) -> ResponseReturnValue:
    """The answer to whatever was just done for this place."""
    if request.headers.get("HX-Request") != "true":
        return redirect(_where_it_was(place), 303)
    return render_template(
        "desk/_changed.html",
        event=place.event,
        may=powers(current_actor(), place.event),
        row=roster_row(place),
        counts=roster_counts(place.event_id),
        gifts=gifts_of(place.event_id),
        at_door=request.headers.get("HX-Target") == DOOR,
        is_listed=request.headers.get("HX-Target") != DOOR or request.form.get("listed") == "1",
        is_today=True,
        entry_id=new_entry_id,
    )


def _where_it_was(place: Place) -> str:
    """The roster or the person's own page, whichever held the button; after a ticket, the roster with that person."""
    if request.form.get("door"):
        return url_for("desk.roster", event_id=place.event_id, place=place.id)
    came_from = urlsplit(request.referrer or "")
    roster = url_for("desk.roster", event_id=place.event_id)
    own_page = url_for("desk.place", event_id=place.event_id, place_id=place.id)
    if came_from.netloc == request.host and came_from.path in (roster, own_page):
        query = f"?{came_from.query}" if came_from.query else ""
        return f"{came_from.path}{query}" + (f"#p-{place.id}" if came_from.path == roster else "")
    return f"{roster}#p-{place.id}"
