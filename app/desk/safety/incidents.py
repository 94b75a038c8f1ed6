"""Writing down what went wrong or nearly did, for safety officer and coordinator. An operation like any other."""

import base64
import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from app.accounts.actor import Actor
from app.attendance.entry_ids import canonical
from app.attendance.incident_models import Incident, IncidentPhoto
from app.attendance.operation import UNDO, Operation
from app.db import db, transaction
from app.desk.day.policy import can_see_safety
from app.desk.log.giving import EventFacts, Giver, facts_of
from app.desk.log.held import hold
from app.desk.log.taking import write_down
from app.desk.safety.kinds import MOST_PHOTOS
from app.desk.safety.photos import drawn_anew
from app.errors import N_, DomainError, Invalid, NotFound, require
from app.events.models import Event
from app.signups.models import Place

LONGEST_TEXT, LONGEST_ACTION, LONGEST_PLACE = 4000, 2000, 200


class IncidentGone(DomainError):
    """Somebody took it back."""

    type = "incident-gone"
    message = N_("This report was taken back.")


def report_incident(
    event: Event,
    *,
    incident_id: str,
    near_miss: bool,
    at: datetime,
    where: str,
    people: Sequence[str],
    text: str,
    action: str,
    guardian_told_at: datetime | None,
    photos: Sequence[bytes] = (),
    corrects: str | None = None,
    now: datetime,
    actor: Actor,
) -> str:
    """Writes it down, and returns its id; the same id again changes nothing. `people` are places of this event.

    A correction names the report before it. Raises NotAllowed, NotFound, Invalid by field, PhotoUnfit, PhotoTooLarge.
    """
    require(can_see_safety(actor, event))
    id_, facts = canonical(incident_id), facts_of(event)
    text, action, where = text.strip(), action.strip(), where.strip()
    _check(facts, text, at, photos, now)
    if corrects is not None:
        incident_of(event, corrects)
    secret = {
        "near_miss": near_miss,
        "place": where[:LONGEST_PLACE],
        "people": _people_here(facts, people),
        "text": text[:LONGEST_TEXT],
        "action": action[:LONGEST_ACTION],
        "guardian_told_at": guardian_told_at.isoformat() if guardian_told_at else "",
        "photos": [drawn_anew(photo) for photo in photos],
    }
    spoken = Operation(id_, "incident", f"i:{id_}", at, at, names=corrects, account_id=actor.account_id)
    with transaction():
        held = hold(facts, [f"i:{id_}"], [id_])
        if id_ not in held.known:
            giver = Giver(actor, frozenset({"safety"}))
            write_down(facts, held, [spoken], {id_: json.dumps(secret, ensure_ascii=False)}, giver=giver, now=now)
    return id_


def withdraw_incident(event: Event, incident: Incident, *, entry_id: str, now: datetime, actor: Actor) -> None:
    """It was none; the report stays, struck out. Raises NotAllowed, IncidentGone."""
    require(can_see_safety(actor, event))
    facts, id_, key = facts_of(event), canonical(entry_id), f"i:{incident.id}"
    undo = Operation(id_, UNDO, key, now, now, names=incident.id, account_id=actor.account_id)
    with transaction():
        held = hold(facts, [key], [id_])
        if any(one.kind == UNDO and one.names == undo.names for one in held.operations):
            raise IncidentGone
        if id_ not in held.known:
            write_down(facts, held, [undo], {}, giver=Giver(actor, frozenset({"safety"})), now=now)


def incident_of(event: Event, incident_id: str) -> Incident:
    """One of this event; raises NotFound."""
    found = db.session.get(Incident, incident_id)
    if found is None or found.event_id != event.id:
        raise NotFound
    return found


def photo_of(event: Event, photo_id: str) -> bytes:
    """A photograph of an incident of this event, as JPEG; raises NotFound."""
    found = db.session.get(IncidentPhoto, photo_id)
    if found is None or found.event_id != event.id:
        raise NotFound
    return base64.b64decode(found.image)


def _check(event: EventFacts, text: str, at: datetime, photos: Sequence[bytes], now: datetime) -> None:
    wrong = {}
    if not text:
        wrong["text"] = N_("Say what happened.")
    if at > now:
        wrong["at"] = N_("This lies ahead.")
    if len(photos) > MOST_PHOTOS:
        wrong["photos"] = N_("Three photos at most.")
    if wrong:
        raise Invalid(wrong)


def _people_here(event: EventFacts, people: Sequence[str]) -> list[str]:
    query = select(Place.id).where(Place.event_id == event.id, Place.id.in_(people))
    return sorted(db.session.scalars(query)) if people else []
