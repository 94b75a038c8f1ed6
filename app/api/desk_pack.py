"""The emergency pack for the phones of those who answer for people on the day."""

from flask import Response, jsonify
from flask.typing import ResponseReturnValue

from app import clock
from app.accounts.actor import COORDINATOR, GIFT_KEEPER, HELPER, SAFETY_OFFICER
from app.api.blueprint import Blueprint
from app.desk.phone.taking_along import event_to_take
from app.desk.trip.pack import take_pack
from app.web.access import desk_program
from app.web.actor import current_actor

bp = Blueprint("api_desk_pack", __name__, description="The desk of the day")


@bp.route("/events/<event_id>/desk/pack", methods=["GET"])
@desk_program(COORDINATOR, SAFETY_OFFICER, GIFT_KEEPER, HELPER)
@bp.alt_response(200, description="People, whom to call, notes of health, who may collect a child", success=True)
def pack(event_id: str) -> ResponseReturnValue:
    """Contacts, notes of health and who may collect: all for those who run the day and first aid, their own people
    for leaders of a group or bus. Taking it is written down; each opening of it is an operation `pack_opened`."""
    answer: Response = jsonify(take_pack(event_to_take(event_id), now=clock.now(), actor=current_actor()))
    answer.headers["Cache-Control"] = "no-store"
    return answer
