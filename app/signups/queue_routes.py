"""The queue explains itself: to a family about its party, to coordinators about the whole line."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app import clock
from app.accounts.actor import COORDINATOR
from app.events.queries import event_to_manage
from app.signups.answer_queries import decides, places_shown
from app.signups.moves import hold_reason, story_of
from app.signups.queries import signup_to_cancel
from app.signups.queue_queries import leaders_of, line_of, moves_in, offered_from, picture_of, position_of
from app.web.access import signed_in, with_role
from app.web.actor import current_actor

bp = Blueprint("queues", __name__)
MOVES_AT_ONCE = 30


@bp.get("/signups/<signup_id>/queue")
@signed_in
def show(signup_id: str) -> ResponseReturnValue:
    """Where the party stands, by which rule, why it waits, and every move since it came."""
    actor, now = current_actor(), clock.now()
    signup = signup_to_cancel(actor, signup_id)
    places = places_shown(actor, signup.standing_places)
    story, first = story_of(signup), max(request.args.get("moves", 0, type=int), 0)
    following = first + MOVES_AT_ONCE
    return render_template(
        "signups/queue/party.html",
        signup=signup,
        event=signup.event,
        places=places,
        may_answer=decides(actor, signup),
        position=position_of(signup) if signup.waiting else None,
        picture=picture_of(signup) if signup.waiting else None,
        held=hold_reason(signup.event, signup, now=now),
        offered_from=offered_from(signup.event),
        has_waited=bool(signup.waiting) or len(story) > 1,
        story=story[first:following],
        next=following if following < len(story) else None,
    )


@bp.get("/events/<event_id>/queue")
@with_role(COORDINATOR)
def of_event(event_id: str) -> ResponseReturnValue:
    """The whole line, and what happened in it."""
    event = event_to_manage(current_actor(), event_id)
    line = line_of(event, now=clock.now(), cursor=request.args.get("cursor"))
    moves = moves_in(event, cursor=request.args.get("moves"))
    return render_template(
        "signups/queue/event.html",
        event=event,
        line=line,
        moves=moves,
        leaders=leaders_of(moves.items),
        offered_from=offered_from(event),
    )
