"""Marking who came, left, stayed away or was excused, and taking a mark back. The log is only ever added to.

Every mark has an id made by the phone or the page: sent again, it changes nothing and gives the same answer. It is
written into the log of the day, as what phones say is; what stands follows from all that was said.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.accounts.actor import Actor
from app.attendance.entry_ids import EntryIdTaken, canonical, following
from app.attendance.errors import (
    AlreadyLeft,
    AlreadyPresent,
    ConsentMissingAtGate,
    EventCancelled,
    NotConfirmed,
    NothingToUndo,
    NotPresent,
    OfferDeclined,
    OfferOpen,
    ReasonMissing,
    StillWaiting,
    Withdrawn,
)
from app.attendance.marking import say
from app.attendance.models import AttendanceEntry
from app.attendance.queries import name_of_account, standing_marks
from app.attendance.states import state_of_kinds
from app.audit.operations import record
from app.consents.queries import missing_for
from app.db import db, lock, transaction
from app.events.models import Event
from app.signups.models import Place

Standing = Mapping[str, AttendanceEntry]

NO_SEAT = {"waiting": StillWaiting, "offered": OfferOpen, "declined": OfferDeclined, "cancelled": Withdrawn}


def mark_present(
    place: Place, *, entry_id: str, at: datetime, now: datetime, actor: Actor, device: str = ""
) -> AttendanceEntry:
    """The person came. Of two doors at once one succeeds, the other gets AlreadyPresent with the time and the name.

    Raises NotConfirmed where there is no seat, ConsentMissingAtGate, AlreadyLeft, EventCancelled. `at` is the phone's
    clock, `now` ours.
    """
    with transaction():
        lock(place)
        known = _known(place, "check_in", entry_id)
        if known:
            return known
        standing = standing_marks(place.id)
        _check_seat(place)
        _check_not_here(place, standing)
        _check_consent(place)
        return _add(place, "check_in", standing, entry_id=entry_id, at=at, now=now, actor=actor, device=device)


def check_out(
    place: Place, *, entry_id: str, at: datetime, now: datetime, actor: Actor, device: str = ""
) -> AttendanceEntry:
    """The person left; raises NotPresent where they never came, AlreadyLeft where they did leave."""
    with transaction():
        lock(place)
        known = _known(place, "check_out", entry_id)
        if known:
            return known
        standing = standing_marks(place.id)
        if "check_in" not in standing:
            raise NotPresent(name=place.person.short_name)
        _check_not_gone(place, standing)
        return _add(place, "check_out", standing, entry_id=entry_id, at=at, now=now, actor=actor, device=device)


def mark_absent(
    place: Place, *, entry_id: str, at: datetime, now: datetime, actor: Actor, device: str = ""
) -> AttendanceEntry:
    """The person did not come; raises AlreadyPresent where somebody let them in, NotConfirmed."""
    return _stayed_away(place, "absent", entry_id=entry_id, at=at, now=now, actor=actor, device=device)


def mark_excused(
    place: Place, *, entry_id: str, at: datetime, now: datetime, actor: Actor, device: str = ""
) -> AttendanceEntry:
    """The person said in time that they can't come; raises as mark_absent."""
    return _stayed_away(place, "excused", entry_id=entry_id, at=at, now=now, actor=actor, device=device)


def undo_mark(
    entry: AttendanceEntry,
    *,
    entry_id: str,
    reason: str,
    now: datetime,
    actor: Actor,
    at: datetime | None = None,
    device: str = "",
) -> AttendanceEntry:
    """Takes a mark back, with the reason; both stay in the log. Raises NothingToUndo, ReasonMissing."""
    with transaction():
        place = db.session.get_one(Place, entry.place_id)
        lock(place)
        known = _known(place, "undo", entry_id)
        if known:
            return known
        standing = standing_marks(place.id)
        _check_stands(entry, standing)
        return _say(
            place, "undo", standing, "undo_mark", entry_id=entry_id, at=at or now, now=now, actor=actor, device=device,
            names=entry.id, body={"reason": _said(reason)},
        )  # fmt: skip


def _stayed_away(
    place: Place, kind: str, *, entry_id: str, at: datetime, now: datetime, actor: Actor, device: str
) -> AttendanceEntry:
    with transaction():
        lock(place)
        known = _known(place, kind, entry_id)
        if known:
            return known
        standing = standing_marks(place.id)
        _check_seat(place)
        _check_not_here(place, standing)
        if kind in standing:
            return standing[kind]
        return _add(place, kind, standing, entry_id=entry_id, at=at, now=now, actor=actor, device=device)


def _known(place: Place, kind: str, entry_id: str) -> AttendanceEntry | None:
    """The entry that this id made before; raises EntryIdTaken where it was another mark's."""
    found = db.session.get(AttendanceEntry, canonical(entry_id))
    if found and (found.place_id != place.id or found.kind != kind):
        raise EntryIdTaken
    return found


def _check_seat(place: Place) -> None:
    if place.event.status == "cancelled":
        raise EventCancelled
    if place.is_confirmed:
        return
    refusal = NO_SEAT.get(place.status, NotConfirmed)
    day = _local(place.cancelled_at, place.event).strftime("%d.%m.%Y") if place.cancelled_at else ""
    raise refusal(name=place.person.short_name, date=day)


def _check_consent(place: Place) -> None:
    """A child comes in only with all consents that the event requires, given for this plan and not taken back."""
    event = place.event
    if place.person.is_minor_on(event.local_date) and missing_for(event, place.person_id):
        raise ConsentMissingAtGate(name=place.person.short_name)


def _check_not_here(place: Place, standing: Standing) -> None:
    _check_not_gone(place, standing)
    arrival = standing.get("check_in")
    if arrival:
        time = _local(arrival.at, place.event).strftime("%H:%M")
        by = name_of_account(arrival.recorded_by_id) or "Torangy"
        raise AlreadyPresent(name=place.person.short_name, time=time, by=by)


def _check_not_gone(place: Place, standing: Standing) -> None:
    leaving = standing.get("check_out")
    if leaving:
        raise AlreadyLeft(name=place.person.short_name, time=_local(leaving.at, place.event).strftime("%H:%M"))


def _add(
    place: Place,
    kind: str,
    standing: Standing,
    *,
    entry_id: str,
    at: datetime,
    now: datetime,
    actor: Actor,
    device: str,
) -> AttendanceEntry:
    return _say(place, kind, standing, f"mark_{kind}", entry_id=entry_id, at=at, now=now, actor=actor, device=device)


def _say(
    place: Place, kind: str, standing: Standing, verb: str, *, entry_id: str, now: datetime, actor: Actor, **said: Any
) -> AttendanceEntry:
    """Into the log of the day, and the ledger with it; the log of acts says what became of it."""
    before = state_of_kinds(standing)
    id_ = canonical(entry_id)
    found = say(place, kind, entry_id=id_, now=now, actor=actor, **said)
    arrival = standing.get("check_in")
    if arrival and found.leaving and not found.arrival and said.get("names") == arrival.id:
        # Whoever never came can't have left, even where the phone that said so knew of no arrival.
        said["names"], apart = found.leaving, following(id_, "leaving")
        found = say(place, kind, entry_id=apart, now=now, actor=actor, **said)
    record(actor, verb, place, now=now, changes={"attendance": (before, found.state)})
    for mark in standing.values():
        db.session.expire(mark)
    return db.session.get_one(AttendanceEntry, id_)


def _check_stands(entry: AttendanceEntry, standing: Standing) -> None:
    found = standing.get(entry.kind)
    if found is None or found.id != entry.id:
        raise NothingToUndo


def _said(reason: str) -> str:
    if not reason.strip():
        raise ReasonMissing
    return reason.strip()[:200]


def _local(moment: datetime, event: Event) -> datetime:
    return moment.astimezone(ZoneInfo(event.timezone))
