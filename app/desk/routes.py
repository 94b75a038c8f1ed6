"""Pages of the day: the roster, its files, and one person on it."""

from collections.abc import Iterator

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.accounts.actor import COORDINATOR, GIFT_KEEPER, SAFETY_OFFICER, Actor
from app.attendance.entry_ids import new_entry_id
from app.attendance.queries import marks_of
from app.desk import files
from app.desk.answer_routes import bp as answers
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
from app.desk.question_answers import answer_columns, answers_by_place, can_see_answers, questions_answered
from app.desk.roster import RosterFilter
from app.errors import NotFound
from app.events.models import Event
from app.events.question_forms import spoken_answer
from app.gifts.queries import gifts_of
from app.signups.models import Place
from app.signups.question_forms import diet_word
from app.web.access import with_role
from app.web.actor import current_actor
from app.web.dates import local_date
from app.web.forms import language
from app.web.tables import csv_answer, xlsx_answer
from app.web.words import in_language

bp = Blueprint("desk", __name__)
bp.register_blueprint(answers)

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
        may_read=can_see_answers(actor, event),
        is_today=local_date(clock.now(), event.timezone) == event.local_date,
        entry_id=new_entry_id,
        may=powers(actor, event),
    )


@bp.get("/events/<event_id>/roster.xlsx")
@with_role(*ROLES)
def roster_xlsx(event_id: str) -> Response:
    """The list for Excel."""
    actor = current_actor()
    event = event_of_roster(actor, event_id)
    name, heads, rows = _file(event, actor)
    return xlsx_answer(name, heads, rows, timezone=event.timezone)


@bp.get("/events/<event_id>/roster.csv")
@with_role(*ROLES)
def roster_csv(event_id: str) -> Response:
    """The list for anything else."""
    actor = current_actor()
    event = event_of_roster(actor, event_id)
    name, heads, rows = _file(event, actor)
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
        said=_said(actor, found),
        may_read=can_see_answers(actor, event) and found.is_standing,
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


def _place_here(actor: Actor, event: Event, place_id: str) -> Place:
    found = place_of_roster(actor, place_id)
    if found.event_id != event.id:
        raise NotFound
    return found


def _said(actor: Actor, found: Place) -> list[tuple[str, str]]:
    """What somebody answered, as (question, answer); nothing for those who only give the gifts."""
    if not can_see_answers(actor, found.event):
        return []
    said = answers_by_place(found.event_id, place_id=found.id).get(found.id, {})
    asked = questions_answered(found.event_id) if said else []
    lines = [(in_language(one.label, language()), spoken_answer(one, said.get(one.id, ""))) for one in asked]
    return [(gettext("Food"), diet_word(found.diet)), *lines]


def _file(event: Event, actor: Actor) -> tuple[str, list[str], Iterator[list[object]]]:
    name = f"{in_language(event.title, language())} {event.local_date:%d.%m.%Y}"
    columns = answer_columns(actor, event)
    heads = files.headings(gifts_of(event.id), language(), columns)
    return name, heads, files.cells(all_roster_rows(event, _wanted()), columns)
