"""Typing in what was ticked on paper: each line becomes operations like those of a phone, at the time of the paper."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from app.accounts.actor import Actor
from app.attendance.entry_ids import canonical, following
from app.attendance.log_models import DeskOperation
from app.attendance.operation import UNDO
from app.attendance.queries import attendance_of_places
from app.db import db
from app.desk.log.giving import EventFacts, Giver
from app.desk.log.taking import Answer, take
from app.desk.paper.sheets import SheetFacts, names_on
from app.desk.paper.typed_lines import TypedLine, read_line
from app.errors import N_, DomainError

KINDS = ("check_in", "check_out", "absent", "excused")
OK, LOOK = "ok", "look"
WORDS = {
    "check_in": N_("came"),
    "absent": N_("did not come"),
    "check_out": N_("went away"),
    "excused": N_("has an excuse"),
    "undo": N_("taken back"),
}


class NothingTyped(DomainError):
    """Nothing to take back."""

    type = "nothing-typed"
    message = N_("Nothing of yours from this list is left to take back.")
    status = 422


class NotTaken(DomainError):
    """The event is over for too long."""

    type = "too-late"
    message = N_("The event has been over for too long. Ask your coordinator.")


@dataclass(frozen=True, slots=True)
class Echo:
    """What became of a line: its numbers, what was said, of whom; `tone` is look where somebody should look twice,
    and `why` says it."""

    numbers: str
    kind: str
    names: Sequence[str]
    tone: str = OK
    why: str = ""


ALREADY, CONTRADICTS, LATE = (
    N_("was here already"),
    N_("a phone says otherwise: look at the conflicts"),
    N_("the day is closed: a coordinator has to accept it"),
)


def type_line(
    event: EventFacts, sheet: SheetFacts, text: str, *, line_id: str, at: datetime, is_closed: bool, now: datetime,
    giver: Giver,
) -> Echo:  # fmt: skip
    """Records one line; sent again under the same `line_id` it changes nothing. Raises Unreadable, NoSuchLine,
    NothingTyped, NotTaken."""
    line, line_id = read_line(text, longest=len(sheet.place_ids)), canonical(line_id)
    from_paper = replace(giver, device=sheet.label)
    if line.kind == UNDO:
        return _undo(event, sheet, line_id, now=now, giver=from_paper)
    places = sheet.place_ids[line.first - 1 : line.last]
    names, before = names_on(places), attendance_of_places(places)
    said = [
        {"id": following(line_id, place_id), "kind": line.kind, "subject": {"place_id": place_id}, "at": at.isoformat()}
        for place_id in places
    ]
    answer = _taken(event, said, now=now, giver=from_paper)
    echo = Echo(_numbers(line), line.kind, [names.get(place_id, "") for place_id in places])
    if is_closed:
        return replace(echo, tone=LOOK, why=LATE)
    if answer.conflicts:
        return replace(echo, tone=LOOK, why=CONTRADICTS)
    if line.kind == "check_in" and any(one.was_here for one in before.values()):
        return replace(echo, tone=LOOK, why=ALREADY)
    return echo


def moment_of_sheet(event: EventFacts, typed: str, *, now: datetime) -> datetime:
    """The time that stands on the paper, on the event's day; the planned beginning where none is said."""
    try:
        at = datetime.combine(event.local_date, time.fromisoformat(typed), event.zone) if typed else event.starts_at
    except ValueError:
        at = event.starts_at
    return min(at, now)


def usual_time(event: EventFacts) -> str:
    """What the field of the time says at first: the planned beginning."""
    return event.starts_at.astimezone(event.zone).strftime("%H:%M")


def _undo(event: EventFacts, sheet: SheetFacts, line_id: str, *, now: datetime, giver: Giver) -> Echo:
    """Takes back the last line that this person typed from this list, all of it."""
    last = db.session.scalars(_standing(event.id, sheet, giver.actor).limit(1)).first()
    if last is None:
        raise NothingTyped
    line = _standing(event.id, sheet, giver.actor).where(DeskOperation.recorded_at == last.recorded_at)
    rows = db.session.scalars(line).all()
    places = [row.place_id or "" for row in rows]
    said = [
        {"id": following(line_id, row.id), "kind": UNDO, "operation_id": row.id, "at": now.isoformat()} for row in rows
    ]
    names = names_on(places)
    _taken(event, said, now=now, giver=giver)
    numbers = sorted(sheet.place_ids.index(place_id) + 1 for place_id in places if place_id in sheet.place_ids)
    line_of = TypedLine(UNDO, numbers[0], numbers[-1]) if numbers else TypedLine(UNDO)
    ordered = [names.get(sheet.place_ids[number - 1], "") for number in numbers]
    return Echo(_numbers(line_of), UNDO, ordered)


def _taken(event: EventFacts, said: Sequence[object], *, now: datetime, giver: Giver) -> Answer:
    answer = take(event, said, sent_at=None, giver=giver, now=now)
    if answer.refused:
        raise NotTaken
    return answer


def _standing(event_id: str, sheet: SheetFacts, actor: Actor) -> Select[DeskOperation]:
    one, undo = DeskOperation, aliased(DeskOperation)
    taken_back = select(undo.id).where(undo.names == one.id, undo.kind == UNDO).exists()
    query = select(one).where(one.event_id == event_id, one.account_id == actor.account_id, one.device == sheet.label)
    return query.where(one.kind.in_(KINDS), ~taken_back).order_by(one.number.desc())


def _numbers(line: TypedLine) -> str:
    if not line.first:
        return ""
    return f"{line.first:03d}" if line.first == line.last else f"{line.first:03d}–{line.last:03d}"
