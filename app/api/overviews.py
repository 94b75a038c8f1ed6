"""What management reads, for programs: every event in figures, and no name of anybody."""

from typing import Any

from marshmallow import Schema, fields

from app import clock
from app.accounts.actor import COORDINATOR, MANAGEMENT
from app.api.blueprint import Blueprint
from app.api.events import local_iso
from app.api.fields import Text, Texts
from app.desk.day.overview import EventFigures, overview
from app.web.access import with_role
from app.web.actor import current_actor

bp = Blueprint("api_overviews", __name__, description="Overview")


class OverviewAsked(Schema):
    """Which part of the list."""

    cursor = Text(up_to=500, load_default=None, metadata={"description": "`next` of the part before"})


class EventFiguresOut(Schema):
    """One event in numbers: people with a seat, children among them, who waits, and who came."""

    event_id = fields.String(required=True)
    title = fields.Nested(Texts, required=True)
    city = fields.String(required=True)
    status = fields.String(required=True)
    starts_at = fields.String(required=True, metadata={"format": "date-time"})
    capacity = fields.Integer(required=True, allow_none=True)
    seated = fields.Integer(required=True)
    children = fields.Integer(required=True)
    waiting = fields.Integer(required=True)
    came = fields.Integer(required=True)


class OverviewOut(Schema):
    """Sixty events at once, the latest first."""

    items = fields.List(fields.Nested(EventFiguresOut), required=True)
    next = fields.String(required=True, allow_none=True)


@bp.route("/overview", methods=["GET"])
@with_role(MANAGEMENT, COORDINATOR)
@bp.arguments(OverviewAsked, location="query")
@bp.response(200, OverviewOut)
def events(asked: dict[str, Any]) -> Any:
    """The events of one's cities and programmes that are no drafts."""
    page = overview(current_actor(), now=clock.now(), cursor=asked["cursor"])
    return {"items": [_figures(one) for one in page.items], "next": page.next}


def _figures(one: EventFigures) -> dict[str, Any]:
    event = one.event
    about = {"event_id": event.id, "city": event.site.city, "starts_at": local_iso(event.starts_at, event.timezone)}
    plain = {name: getattr(event, name) for name in ("title", "status", "capacity")}
    return about | plain | {name: getattr(one, name) for name in ("seated", "children", "waiting", "came")}
