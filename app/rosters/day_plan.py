"""Planning what a day needs: its shifts, its sections, and how many people in which role. All of a list at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.audit.operations import record
from app.db import Texts, db, lock, new_id, transaction
from app.errors import N_, Invalid, require
from app.events.lifecycle import after
from app.events.models import Event, Shift
from app.events.policy import can_manage_event
from app.rosters.duty_errors import InUse
from app.rosters.duty_models import ROLES, SKILLS, Duty, Need, Section
from app.rosters.duty_standing import standing
from app.signups.models import Place

MOST_ROWS, MOST_PEOPLE, LONGEST_M = 60, 1000, 1_000_000
Part = Shift | Section | Need


@dataclass(frozen=True)
class ShiftDraft:
    """A part of the event's time; no capacity means that nobody counts."""

    name: Texts
    starts_at: datetime
    ends_at: datetime
    capacity: int | None = None
    id: str = ""


@dataclass(frozen=True)
class SectionDraft:
    """A piece of the place."""

    name: Texts
    length_m: int | None = None
    id: str = ""


@dataclass(frozen=True)
class NeedDraft:
    """So many people in one role; no shift means the whole day, no section the whole place."""

    role: str
    minimum: int
    maximum: int
    shift_id: str | None = None
    section_id: str | None = None
    skill: str = ""
    title: Texts = field(default_factory=dict)
    id: str = ""


def set_shifts(event: Event, drafts: Sequence[ShiftDraft], *, now: datetime, actor: Actor) -> None:
    """The event has these shifts from now on. Raises Invalid, InUse, NotAllowed, IsCancelled."""
    with transaction() as session:
        _begin(event, actor)
        for number, draft in enumerate(drafts, start=1):
            _named(draft.name, number, "shifts")
            if not event.starts_at <= draft.starts_at < draft.ends_at <= event.ends_at:
                _refuse("shifts", N_("Row %(n)s: a shift begins, then ends, within the hours of the event."), number)
            if draft.capacity is not None and not 0 < draft.capacity <= 100_000:
                _refuse("shifts", N_("Row %(n)s: at least one person."), number)
        _put(session, event, Shift, drafts, "shifts", now=now, actor=actor)


def set_sections(event: Event, drafts: Sequence[SectionDraft], *, now: datetime, actor: Actor) -> None:
    """The place has these sections from now on, in this order. Raises Invalid, InUse, NotAllowed, IsCancelled."""
    with transaction() as session:
        _begin(event, actor)
        for number, draft in enumerate(drafts, start=1):
            _named(draft.name, number, "sections")
            if draft.length_m is not None and not 0 < draft.length_m <= LONGEST_M:
                _refuse("sections", N_("Row %(n)s: a length is more than 0 m."), number)
        _put(session, event, Section, drafts, "sections", now=now, actor=actor)


def set_needs(event: Event, drafts: Sequence[NeedDraft], *, now: datetime, actor: Actor) -> None:
    """The day needs this from now on. Raises Invalid, InUse, NotAllowed, IsCancelled."""
    with transaction() as session:
        _begin(event, actor)
        shifts, sections = (ids_of(session, model, event) for model in (Shift, Section))
        for number, draft in enumerate(drafts, start=1):
            _check_need(draft, number, shifts, sections)
        _put(session, event, Need, drafts, "needs", now=now, actor=actor)


def ids_of(session: Session, model: type[Part], event: Event) -> set[str]:
    """What of this kind the event has."""
    return set(session.scalars(select(model.id).where(model.event_id == event.id)))


def _begin(event: Event, actor: Actor) -> None:
    lock(event)
    require(can_manage_event(actor, event))
    after("change", event.status)


def _check_need(draft: NeedDraft, number: int, shifts: set[str], sections: set[str]) -> None:
    if draft.role not in ROLES or (draft.skill and draft.skill not in SKILLS):
        _refuse("needs", N_("Row %(n)s: choose one of the list."), number)
    if draft.role == "other":
        _named(draft.title, number, "needs")
    if not (0 <= draft.minimum <= draft.maximum <= MOST_PEOPLE and draft.maximum):
        _refuse("needs", N_("Row %(n)s: the least is not above the most, and the most is at least one."), number)
    if (draft.shift_id and draft.shift_id not in shifts) or (draft.section_id and draft.section_id not in sections):
        _refuse("needs", N_("Row %(n)s: choose one of the list."), number)


def _named(name: Texts, number: int, field_name: str) -> None:
    if not any(text.strip() for text in name.values()):
        _refuse(field_name, N_("Row %(n)s: write a name in one language at least."), number)


def _refuse(field_name: str, sentence: str, number: int) -> None:
    raise Invalid({field_name: sentence}, n=number)


def _put(
    session: Session, event: Event, model: type[Part], drafts: Sequence[Any], word: str, *, now: datetime, actor: Actor
) -> None:
    if len(drafts) > MOST_ROWS:
        raise Invalid({word: N_("Up to %(most)s rows.")}, most=MOST_ROWS)
    found = cast(Sequence[Part], session.scalars(select(model).where(model.event_id == event.id)).all())
    standing = {row.id: row for row in found}
    before = [_plain(row) for row in standing.values()]
    kept = {draft.id for draft in drafts}
    for row_id in [row_id for row_id in standing if row_id not in kept]:
        _take_out(session, standing.pop(row_id))
    rows = []
    for position, draft in enumerate(drafts, start=1):
        row = standing.pop(draft.id) if draft.id in standing else model(id=new_id(), event_id=event.id)
        for name, value in _values(draft).items():
            setattr(row, name, value)
        if not isinstance(row, Shift):
            row.position = position
        session.add(row)
        rows.append(row)
    session.flush()
    record(actor, f"set_{word}", event, now=now, changes={word: (before, [_plain(row) for row in rows])})


def _values(draft: Any) -> Mapping[str, Any]:
    said = {name: value for name, value in vars(draft).items() if name != "id"}
    return said | ({"title": draft.title or None} if isinstance(draft, NeedDraft) else {})


def _take_out(session: Session, row: Part) -> None:
    """Refused while people hang on it; duties of those who are out go along."""
    uses: dict[type[Part], ColumnElement[bool]] = {
        Shift: or_(*(select(m.id).where(m.shift_id == row.id).exists() for m in (Place, Need))),
        Section: or_(*(select(m.id).where(m.section_id == row.id).exists() for m in (Place, Need))),
        Need: standing(select(Duty.id)).where(Duty.need_id == row.id).exists(),
    }
    if db.session.scalar(select(uses[type(row)])):
        name = row.title if isinstance(row, Need) else row.name
        raise InUse(name=next(iter((name or {}).values()), getattr(row, "role", "")))
    if isinstance(row, Need):
        session.execute(delete(Duty).where(Duty.need_id == row.id))
    session.delete(row)
    session.flush()


def _plain(row: Part) -> dict[str, Any]:
    names = ("name", "title", "role", "minimum", "maximum", "skill", "capacity", "length_m", "starts_at", "ends_at")
    said = {name: getattr(row, name, None) for name in names}
    return {k: v.isoformat() if isinstance(v, datetime) else v for k, v in said.items() if v not in (None, "", {})}
