"""The snapshot that a phone takes along, for programs too."""

import gzip

from flask import Response, request

from app import clock
from app.accounts.actor import COORDINATOR, GIFT_KEEPER, HELPER, SAFETY_OFFICER
from app.api.blueprint import Blueprint
from app.desk.phone.snapshot import snapshot_of
from app.desk.phone.taking_along import event_to_take, taker_of
from app.web.access import desk_program
from app.web.actor import current_actor

bp = Blueprint("api_desk_snapshot", __name__, description="What a phone takes along")
LEVEL = 3  # of gzip: a tenth larger than at its best, four times as fast


@bp.route("/events/<event_id>/desk", methods=["GET"])
@desk_program(COORDINATOR, SAFETY_OFFICER, GIFT_KEEPER, HELPER)
@bp.alt_response(200, description="People, groups and things of the event, as far as the caller may see them")
@bp.alt_response(304, description="Nothing is another since the answer with this ETag", success=True)
def snapshot(event_id: str) -> Response:
    """Everything that the day needs, in one answer; what was recorded comes by `changes`."""
    now = clock.now()
    event = event_to_take(event_id)
    body, tag = snapshot_of(event, taker_of(current_actor(), event, now=now), now=now)
    response = Response(mimetype="application/json")
    response.set_etag(tag, weak=True)
    response.headers["Cache-Control"] = "private, no-cache"
    response.vary.add("Accept-Encoding")
    if request.if_none_match.contains_weak(tag):
        response.status_code = 304
    elif request.accept_encodings["gzip"]:
        response.set_data(gzip.compress(body, LEVEL))
        response.headers["Content-Encoding"] = "gzip"
    else:
        response.set_data(body)
    return response
