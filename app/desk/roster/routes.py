"""Pages of the day: the roster, its files, and one person on it."""

from typing import Any

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.accounts.actor import COORDINATOR, GIFT_KEEPER, HELPER, SAFETY_OFFICER, Actor
from app.attendance.entry_ids import many_entry_ids, new_entry_id
from app.attendance.queries import marks_of
from app.desk.log.walk_in_seats import walk_ins_without_seat
from app.desk.roster import files
from app.desk.roster.asked_routes import asked_here, taken_by
from app.desk.roster.asking import USUAL, Asked
from app.desk.roster.choices import Choices, choices_of, city_names
from app.desk.roster.drawing import drawn_alike
from app.desk.roster.exporting import log_export
from app.desk.roster.notes import notes_of
from app.desk.roster.policy import powers
from app.desk.roster.queries import (
    RosterPage,
    all_roster_rows,
    count_of,
    event_of_roster,
    place_on_roster,
    roster_counts,
    roster_page,
    roster_row,
    rows_of_places,
)
from app.desk.roster.question_answers import answer_columns, answers_by_place, can_see_answers, questions_answered
from app.desk.roster.roster import RosterRow
from app.desk.roster.staff import staff_part
from app.errors import NotFound
from app.events.models import Event
from app.events.question_forms import spoken_answer
from app.gifts.policy import can_lend
from app.gifts.queries import gifts_of
from app.rosters.duty_queries import staff
from app.signups.models import Place
from app.signups.question_forms import diet_word
from app.web.access import with_role
from app.web.actor import current_actor
from app.web.dates import local_date
from app.web.forms import language
from app.web.tables import csv_answer, xlsx_answer
from app.web.words import in_language

bp = Blueprint("desk", __name__)

ROLES = (COORDINATOR, SAFETY_OFFICER, GIFT_KEEPER)
# What the lines of the list are drawn with.
DRAWING = {"entry_id": new_entry_id, "drawn_alike": drawn_alike}


@bp.get("/events/<event_id>/roster")
@with_role(*ROLES, HELPER)
def roster(event_id: str) -> ResponseReturnValue:
    """Everybody on the list, with one tap to mark them present and another for each gift."""
    actor = current_actor()
    event = event_of_roster(actor, event_id)
    said, shown = asked_here(event, actor), request.args.get("place")
    counts, gifts = roster_counts(event.id), gifts_of(event.id)
    total = counts.people if said.wanted.is_empty else count_of(event, said.wanted)
    page, choices = roster_page(event, said, total=total, gifts=gifts), choices_of(event, actor)
    return render_template(
        "desk/roster.html",
        event=event,
        page=page,
        asked=said,
        wanted=said.wanted,
        counts=counts,
        choices=choices,
        columns=_columns(event, said, choices, page),
        gifts=gifts,
        **_without_a_line(event),
        welcomed=_welcomed(event, shown, page) if shown else None,
        is_whole=len(page.items) == counts.people,
        may_read=can_see_answers(actor, event),
        is_today=local_date(clock.now(), event.timezone) == event.local_date,
        entry_ids=many_entry_ids(),
        **DRAWING,
        may=powers(actor, event),
    )


def _without_a_line(event: Event) -> dict[str, Any]:
    """Who is here and on no line of the list: those who lead, and those who came without a place."""
    return {"staff": staff(event), "walk_ins": walk_ins_without_seat(event.id)}


@bp.get("/events/<event_id>/roster.xlsx")
@with_role(*ROLES)
def roster_xlsx(event_id: str) -> Response:
    """The list for Excel."""
    actor = current_actor()
    event = event_of_roster(actor, event_id)
    return _file(event, actor, kind="xlsx")


@bp.get("/events/<event_id>/roster.csv")
@with_role(*ROLES)
def roster_csv(event_id: str) -> Response:
    """The list for anything else."""
    actor = current_actor()
    event = event_of_roster(actor, event_id)
    return _file(event, actor, kind="csv")


@bp.get("/events/<event_id>/roster/<place_id>")
@with_role(*ROLES, HELPER)
def place(event_id: str, place_id: str) -> ResponseReturnValue:
    """One person at this event: what was marked by whom, corrections, gifts."""
    actor = current_actor()
    found, is_closed = place_on_roster(actor, event_id, place_id)
    event, gifts = found.event, gifts_of(event_id)
    row = roster_row(found, gifts)
    return render_template(
        "desk/place.html",
        event=event,
        place=found,
        row=row,
        said=_said(actor, found),
        may_read=can_see_answers(actor, event) and found.is_standing,
        marks=marks_of(found.id),
        notes=notes_of(found, actor),
        labels=row.labels,
        gifts=gifts,
        may_lend=can_lend(actor, event),
        entry_id=new_entry_id,
        may=powers(actor, event),
        is_closed=is_closed,
    )


def _said(actor: Actor, found: Place) -> list[tuple[str, str]]:
    """What somebody answered, as (question, answer); nothing for those who only give the gifts."""
    if not can_see_answers(actor, found.event):
        return []
    said = answers_by_place(found.event_id, place_id=found.id).get(found.id, {})
    asked = questions_answered(found.event_id) if said else []
    lines = [(in_language(one.label, language()), spoken_answer(one, said.get(one.id, ""))) for one in asked]
    return [(gettext("Food"), diet_word(found.diet)), *lines]


def _columns(event: Event, said: Asked, choices: Choices, page: RosterPage) -> list[str]:
    """Those chosen that mean something here."""
    means = {"age": event.takes_children, "consent": event.takes_children, "group": choices.groups}
    means |= {"bus": choices.buses, "shift": choices.shifts}
    means["labels"] = choices.labels or any(row.notes for row in page.items)
    return [name for name in said.columns if means.get(name, True)]


def _welcomed(event: Event, place_id: str, page: RosterPage) -> RosterRow:
    """Who was just let in: on this page as a rule, else looked up; raises NotFound for a place of another event."""
    found = [row for row in page.items if row.place_id == place_id] or rows_of_places(event, [place_id])
    if not found:
        raise NotFound
    return found[0]


def _file(event: Event, actor: Actor, *, kind: str) -> Response:
    said, now = asked_here(event, actor), clock.now()
    name = f"{in_language(event.title, language())} {event.local_date:%d.%m.%Y}"
    columns, gifts = answer_columns(actor, event), gifts_of(event.id)
    kept = files.kept_columns(said.columns if said.columns != USUAL else (), gifts)
    heads = files.headings(gifts, language(), columns)
    rows = files.cells(all_roster_rows(event, said, gifts=gifts), columns, language=language(), cities=city_names())
    # Read to the end before it is written down: a transaction forgets what was read, and would ask row by row.
    lines = list(files.only(kept, rows))
    more = staff_part(event, language())
    log_export(event, kind, count=len(lines), wanted=said.wanted, now=now, actor=actor)
    answer, footer = {"csv": csv_answer, "xlsx": xlsx_answer}[kind], taken_by(actor, event, now)
    heads = list(next(iter(files.only(kept, [heads]))))
    return answer(name, heads, lines, timezone=event.timezone, footer=footer, more=more)
