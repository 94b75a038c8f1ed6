"""The trip recorded on a page: the same operations as a phone's, with the checks that a page can make at once."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from app.accounts.actor import Actor
from app.attendance.entry_ids import new_entry_id
from app.attendance.log import operations_of
from app.attendance.operation import said_of
from app.audit.operations import record
from app.db import db, transaction
from app.desk.departure.policy import can_see_board
from app.desk.log.conflict_words import refusal_words
from app.desk.log.giving import Giver, facts_of
from app.desk.log.taking import take
from app.desk.roster.policy import desk_powers
from app.desk.trip.codes import generations_of, is_code
from app.desk.trip.models import HandOver
from app.desk.trip.queries import legs_of, riders_of
from app.desk.trip.riders import aboard, missing_from
from app.desk.trip.rules import CODE, COMPLETE, COORDINATOR, LEFT_WITHOUT, ON_FOOT, leg_of
from app.desk.trip.taking import is_listed
from app.errors import N_, DomainError, Invalid, NotFound, require
from app.events.models import Event
from app.events.policy import can_manage_event
from app.signups.models import Place

MOST_HEADS = 2000


class PeopleMissing(DomainError):
    """The bus isn't complete, and nobody decided to leave without them."""

    type = "people-missing"
    title = N_("Somebody is missing")
    message = N_("Missing: %(names)s. Wait, or say why the bus leaves without them.")


class SecondPersonNeeded(DomainError):
    """Whoever let the bus leave can't confirm it too."""

    type = "second-person-needed"
    message = N_("You let this bus leave. A second person confirms it: on their own phone, or logged in here.")


class NothingToConfirm(DomainError):
    """The departure was taken back, or another one holds."""

    type = "nothing-to-confirm"
    message = N_("This departure holds no longer. Look at the page again.")


class HandedOverAlready(DomainError):
    """The child is with somebody."""

    type = "handed-over"
    message = N_("%(name)s was handed over already. If that was a mistake, take it back first.")


class NotOnTheList(DomainError):
    """Nobody who decides for the child wrote this adult down, or the code isn't that child's."""

    type = "not-on-the-list"
    message = N_("They are not on the list of %(name)s, or the code is not right. Call a guardian.")


class NotRecorded(DomainError):
    """The desk didn't take it; the sentence says why."""

    type = "not-recorded"
    message = N_("%(why)s")


def board_people(
    event: Event,
    place_ids: Iterable[str],
    *,
    leg: str,
    bus_id: str | None,
    now: datetime,
    actor: Actor,
    off: bool = False,
) -> None:
    """These got into the bus (or off again) on that leg. Raises NotRecorded, NotAllowed, Invalid."""
    ids = list(dict.fromkeys(place_ids))
    if not ids:
        raise Invalid({"place": N_("Tick somebody first.")})
    kind = "alight" if off else "board"
    said = [{"kind": kind, "subject": {"place_id": id_}, "bus_id": bus_id or "", "leg": leg} for id_ in ids]
    _say(event, said, keys=[f"p:{id_}" for id_ in ids], now=now, actor=actor)


def count_heads(
    event: Event, counted: int | None, *, leg: str, bus_id: str | None, arrived: bool, now: datetime, actor: Actor
) -> None:
    """So many heads were counted before it left, or when it arrived. Raises NotRecorded, NotAllowed, Invalid."""
    if counted is None or not 0 <= counted <= MOST_HEADS:
        raise Invalid({"counted": N_("Say how many heads you counted.")})
    inside = [] if arrived else aboard(riders_of(event), bus_id, leg)
    said: dict[str, Any] = {"kind": "headcount", "subject": _bus(bus_id, leg), "counted": counted, "arrived": arrived}
    if not arrived:
        said["place_ids"] = [one.place_id for one in inside]
    _say(event, [said], keys=[_key(bus_id, leg)], now=now, actor=actor)


def depart_leg(event: Event, *, leg: str, bus_id: str | None, reason: str, now: datetime, actor: Actor) -> None:
    """The bus leaves with those who are aboard. Raises PeopleMissing where somebody is and no reason is given."""
    legs = [one.code for one in legs_of(event)]
    if leg not in legs:
        raise NotFound
    riders, why = riders_of(event), " ".join(reason.split())
    missing, inside = missing_from(riders, bus_id, leg, legs), aboard(riders, bus_id, leg)
    if not inside:
        raise Invalid({"place": N_("Nobody is ticked as being in this bus.")})
    if missing and not why:
        raise PeopleMissing(names=", ".join(one.name for one in missing))
    said = {
        "kind": "departure",
        "subject": _bus(bus_id, leg),
        "decision": LEFT_WITHOUT if missing else COMPLETE,
        "missing": [one.place_id for one in missing],
        "reason": why if missing else "",
        "place_ids": [one.place_id for one in inside],
    }
    _say(event, [said], keys=[_key(bus_id, leg)], now=now, actor=actor)


def confirm_leg(event: Event, departure_id: str, *, leg: str, bus_id: str | None, now: datetime, actor: Actor) -> None:
    """A second person saw the bus leave so. Raises SecondPersonNeeded, NothingToConfirm."""
    said = said_of(_key(bus_id, leg), operations_of(event.id, [_key(bus_id, leg)]))
    departure = said.known.get(departure_id)
    if departure is None or leg_of(said).departure != departure_id:
        raise NothingToConfirm
    if departure.body.get("by") == actor.account_id:
        raise SecondPersonNeeded
    confirm = {"kind": "confirm", "subject": _bus(bus_id, leg), "operation_id": departure_id}
    _say(event, [confirm], keys=[_key(bus_id, leg)], now=now, actor=actor)


def hand_over_child(
    event: Event, place: Place, *, how: str, to: str, code: str, receiver: str, reason: str, now: datetime, actor: Actor
) -> None:
    """The child goes with this adult. Raises HandedOverAlready, NotOnTheList, Invalid."""
    name = place.person.short_name
    standing = db.session.query(HandOver.id).filter_by(place_id=place.id, undone_by_id=None)
    if standing.first():
        raise HandedOverAlready(name=name)
    who, why = " ".join(receiver.split()), " ".join(reason.split())
    if how in (CODE, COORDINATOR) and not who:
        raise Invalid({"receiver": N_("Write down who takes the child.")})
    if how == COORDINATOR:
        require(can_manage_event(actor, event))
        if not why:
            raise Invalid({"reason": N_("Say why, in a few words.")})
    elif not _is_right(place, how, to, code):
        raise NotOnTheList(name=name)
    to = "" if how in (CODE, COORDINATOR) else to
    said = {"kind": "hand_over", "subject": {"place_id": place.id}, "how": how, "to": to}
    said |= {"code": code, "receiver": who, "reason": why}
    _say(event, [said], keys=[f"p:{place.id}"], now=now, actor=actor)


def take_back(event: Event, operation_id: str, *, reason: str, now: datetime, actor: Actor) -> None:
    """It was a slip: a ride, a count, a departure, a hand-over. Raises NotRecorded, NotAllowed."""
    undo = {"kind": "undo", "operation_id": operation_id, "reason": reason or "slip"}
    _say(event, [undo], keys=[], now=now, actor=actor)


def log_manifest(event: Event, *, count: int, now: datetime, actor: Actor) -> None:
    """A printed manifest names children: who took it is written down. Raises NotAllowed."""
    with transaction():
        require(can_see_board(actor, event))
        record(actor, "print_manifest", event, now=now, changes={"count": (None, count)})


def place_of(event: Event, place_id: str) -> Place:
    """A place of this event; raises NotFound."""
    place = db.session.get(Place, place_id)
    if place is None or place.event_id != event.id:
        raise NotFound
    return place


def _is_right(place: Place, how: str, to: str, code: str) -> bool:
    if how != CODE:
        return is_listed(place, to, how=how)
    row = generations_of([place.id]).get(place.id)
    return is_code(code, place.id, row.generation if row else 0)


def _say(event: Event, said: Sequence[Mapping[str, Any]], *, keys: Sequence[str], now: datetime, actor: Actor) -> None:
    """Hands it over as a phone would, knowing all that stands."""
    require(can_see_board(actor, event))
    facts, known = facts_of(event), operations_of(event.id, keys) if keys else []
    after = {key: [one.id for one in said_of(key, [one for one in known if one.key == key]).counts] for key in keys}
    moment = now.isoformat()
    raw = [
        {"id": new_entry_id(), "at": moment, "after": after[key] if key else [], **one}
        for one, key in zip(said, keys or [""] * len(said), strict=True)
    ]
    giver = Giver(actor, desk_powers(actor, event))
    answer = take(facts, raw, sent_at=moment, giver=giver, now=now)
    if answer.refused:
        first = answer.refused[0]
        raise NotRecorded(why=refusal_words(first.why) % {"about": first.about})


def _bus(bus_id: str | None, leg: str) -> dict[str, str]:
    return {"bus_id": bus_id or ON_FOOT, "leg": leg}


def _key(bus_id: str | None, leg: str) -> str:
    return f"b:{bus_id or ON_FOOT}:{leg}"
