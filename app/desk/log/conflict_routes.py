"""The page of what phones said against each other: both sides, and one tap with a reason. Part of the desk."""

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from app import clock
from app.accounts.actor import COORDINATOR, SAFETY_OFFICER
from app.desk.day.late import accept_late, decline_late
from app.desk.log.conflict_queries import (
    MOST,
    OPEN_AT_ONCE,
    conflict_of,
    event_of_conflicts,
    late_of,
    open_and_late_count,
    open_conflicts_of,
    solved_conflicts_of,
)
from app.desk.log.conflict_words import EXPLAINED, REASONS, spoken_choice, spoken_conflict, spoken_reason, spoken_side
from app.desk.log.solving import reopen_conflict, solve_conflict
from app.events.policy import can_manage_event
from app.web.access import with_role
from app.web.actor import current_actor

bp = Blueprint("conflicts", __name__)


@bp.get("/events/<event_id>/conflicts")
@with_role(COORDINATOR, SAFETY_OFFICER)
def index(event_id: str) -> ResponseReturnValue:
    """What has to be looked at, the grave ones first, and what was decided."""
    actor = current_actor()
    event = event_of_conflicts(actor, event_id)
    open_, late = open_conflicts_of(event), late_of(event)
    are_more = len(open_) == OPEN_AT_ONCE or len(late) == MOST
    counted = open_and_late_count(event.id) if are_more else (len(open_), len(late))
    return render_template(
        "desk/conflicts.html",
        event=event,
        open=open_,
        open_count=counted[0],
        solved=solved_conflicts_of(event),
        late=late,
        late_count=counted[1],
        may_solve=can_manage_event(actor, event),
        reasons=REASONS,
        explained=EXPLAINED,
        spoken=spoken_conflict,
        side_words=spoken_side,
        choice_words=spoken_choice,
        reason_words=spoken_reason,
    )


@bp.post("/events/<event_id>/conflicts/<conflict_id>/solution")
@with_role(COORDINATOR)
def solution(event_id: str, conflict_id: str) -> ResponseReturnValue:
    """One side holds, both do, or none; with the reason."""
    actor = current_actor()
    event = event_of_conflicts(actor, event_id)
    found, said = conflict_of(event, conflict_id), request.form
    keep = said.get("keep", "")
    solve_conflict(event, found, keep=keep, reason=_reason(said), now=clock.now(), actor=actor)
    flash(gettext("Decided. All phones follow."), "ok")
    return redirect(url_for(".index", event_id=event_id), 303)


@bp.post("/events/<event_id>/conflicts/late")
@with_role(COORDINATOR)
def late(event_id: str) -> ResponseReturnValue:
    """What came after the day was closed counts, or is left out with a reason."""
    actor, now = current_actor(), clock.now()
    event, said = event_of_conflicts(actor, event_id), request.form
    ids = said.getlist("operation")
    if said.get("decision") == "decline":
        many = decline_late(event, ids, reason=_reason(said), now=now, actor=actor)
        flash(ngettext("%(num)d record was left out.", "%(num)d records were left out.", many), "ok")
    else:
        many = accept_late(event, ids, now=now, actor=actor)
        flash(ngettext("%(num)d record counts now.", "%(num)d records count now.", many), "ok")
    return redirect(url_for(".index", event_id=event_id), 303)


@bp.post("/events/<event_id>/conflicts/<conflict_id>/reopening")
@with_role(COORDINATOR)
def reopening(event_id: str, conflict_id: str) -> ResponseReturnValue:
    """Looked at again."""
    actor = current_actor()
    event = event_of_conflicts(actor, event_id)
    reopen_conflict(event, conflict_of(event, conflict_id), now=clock.now(), actor=actor)
    flash(gettext("It is open again."), "ok")
    return redirect(url_for(".index", event_id=event_id), 303)


def _reason(said: Mapping[str, str]) -> str:
    """In one's own words, or one of the usual ones."""
    return said.get("note", "").strip() or said.get("reason", "")
