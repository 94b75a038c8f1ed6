"""Prints of the roster: a page that offers them, and each as a PDF. Part of the desk."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from flask import Blueprint, Response, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app import clock
from app.accounts.actor import COORDINATOR, GIFT_KEEPER, SAFETY_OFFICER, Actor
from app.attendance.policy import can_mark
from app.db import db
from app.desk.paper.sheets import keep_sheet
from app.desk.roster.asked_routes import asked_here, taken_by
from app.desk.roster.asking import Asked
from app.desk.roster.choices import choices_of
from app.desk.roster.exporting import log_export
from app.desk.roster.prints import KINDS, Beside, print_of
from app.desk.roster.queries import all_roster_rows, event_of_roster, rows_of_places
from app.desk.roster.roster import RosterRow
from app.desk.roster.staff import staff_lines
from app.errors import NotFound, require
from app.events.models import Event
from app.events.policy import can_manage_event
from app.rosters.duty_queries import people_in_sections, section_leaders, sections_of
from app.rosters.models import Bus
from app.web.access import with_role
from app.web.actor import current_actor
from app.web.forms import language
from app.web.words import in_language

bp = Blueprint("prints", __name__)

ROLES = (COORDINATOR, SAFETY_OFFICER, GIFT_KEEPER)
# These let people in: whoever prints them hands them out.
COORDINATORS_ONLY = ("tickets", "badges")
OF_PARTS = {"manifest": "bus", "groups": "group"}


@bp.get("/events/<event_id>/prints")
@with_role(*ROLES)
def index(event_id: str) -> ResponseReturnValue:
    """What can be printed."""
    actor = current_actor()
    event = event_of_roster(actor, event_id)
    kinds = [kind for kind in KINDS if may_print(actor, event, kind)]
    return render_template(
        "desk/prints.html",
        event=event,
        kinds=kinds,
        names=KINDS,
        choices=choices_of(event, actor),
        may_type=can_mark(actor, event),
    )


@bp.get("/events/<event_id>/prints/<print_kind>.pdf")
@with_role(*ROLES)
def pdf(event_id: str, print_kind: str) -> Response:
    """One print: of those who fit the filter in the address, of one bus or group, or of the places that it names."""
    actor, now = current_actor(), clock.now()
    event = event_of_roster(actor, event_id)
    if print_kind not in KINDS:
        raise NotFound
    require(may_print(actor, event, print_kind))
    said = asked_here(event, actor)
    rows = _rows(event, print_kind, said)
    part = said.wanted.bus or said.wanted.group
    log_export(event, print_kind, count=len(rows), wanted=said.wanted, now=now, actor=actor, part=part)
    footer = taken_by(actor, event, now)
    beside = _beside(event, print_kind)
    if print_kind == "ticks":
        beside = _on_sheet(event, rows, now=now, actor=actor)
    paper = print_of(print_kind, event, rows, beside=beside, language=language(), footer=footer)
    answer = paper.answer(f"{in_language(event.title, language())} {event.local_date:%d.%m.%Y} {print_kind}")
    answer.headers["Content-Disposition"] = answer.headers["Content-Disposition"].replace("attachment", "inline", 1)
    return answer


def may_print(actor: Actor, event: Event, kind: str) -> bool:
    """Lists for whoever sees the roster, what lets people in for coordinators."""
    return kind not in COORDINATORS_ONLY or can_manage_event(actor, event)


def _beside(event: Event, kind: str) -> Beside:
    lines = staff_lines(event) if kind not in COORDINATORS_ONLY else ()
    if kind == "manifest":
        buses = select(Bus).where(Bus.event_id == event.id).options(joinedload(Bus.leader))
        return Beside(buses=db.session.scalars(buses).all(), staff=lines)
    if kind == "sections":
        sections, placed = sections_of(event), people_in_sections(event)
        return Beside(sections=sections, placed=placed, leaders=section_leaders(event), staff=lines)
    return Beside(staff=lines)


def _on_sheet(event: Event, rows: Sequence[RosterRow], *, now: datetime, actor: Actor) -> Beside:
    """Which line of the paper is whom is kept, so that it can be typed in whatever becomes of the list."""
    number = keep_sheet(event, [row.place_id for row in rows], now=now, actor=actor)
    url = url_for("desk.typing.show", event_id=event.id, sheet=number)
    return Beside(sheet=number, typing_url=current_app.config["TORANGY"].base_url + url)


def _rows(event: Event, kind: str, said: Asked) -> Sequence[RosterRow]:
    if chosen := request.args.getlist("place"):
        return [row for row in rows_of_places(event, chosen) if row.is_confirmed or kind == "roster"]
    if kind != "roster":
        said = replace(said, wanted=replace(said.wanted, status="confirmed"))
    return [row for row in all_roster_rows(event, said) if row.status not in ("cancelled", "declined")]
