"""A file that a phone saved because it found no signal or is dying: what is in it, to be looked at before it counts."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.attendance.log import known_among
from app.db import db
from app.desk.log.bodies import uuid_of
from app.desk.log.conflict_words import spoken_side
from app.desk.log.giving import EventFacts
from app.desk.log.reading import moment_of
from app.desk.phone.envelopes import open_envelopes
from app.errors import N_, DomainError
from app.people.models import Person
from app.signups.models import Place

FORMAT = "torangy-desk-1"
MOST = 5000


class NotAFile(DomainError):
    """Something else than what a phone saves, or of another event."""

    type = "not-a-desk-file"
    title = N_("This file can't be read")
    message = N_("This isn't a file that a phone saved for this event. Choose the file torangy-….json.")
    status = 422
    field = "file"


@dataclass(frozen=True)
class Line:
    """One record of the file: what was said of whom, when, on which phone; whether we have it already."""

    words: str
    name: str
    at: datetime | None
    device: str
    is_known: bool


@dataclass(frozen=True)
class Contents:
    """What a file holds: what can be read, and how many can't."""

    lines: Sequence[Line]
    unreadable: int


def envelopes_in(text: str, event_id: str) -> list[Any]:
    """The envelopes of a file for this event; raises NotAFile."""
    try:
        said = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise NotAFile from error
    if not isinstance(said, dict) or said.get("format") != FORMAT or said.get("event_id") != event_id:
        raise NotAFile
    envelopes = said.get("envelopes")
    if not isinstance(envelopes, list) or len(envelopes) > MOST:
        raise NotAFile
    return envelopes


def contents_of(text: str, event: EventFacts) -> Contents:
    """What is in it; raises NotAFile. Nothing is taken yet."""
    opened, refused = open_envelopes(envelopes_in(text, event.id), event_id=event.id)
    names = _names([one for _, one in opened], event.id)
    known = known_among([str(uuid_of(one.get("id"))) for _, one in opened])
    lines = [
        Line(
            words=spoken_side(str(one.get("kind", ""))),
            name=names.get(_place_id(one), _walked_in(one)),
            at=moment_of(one.get("at"), event),
            device=device.name,
            is_known=uuid_of(one.get("id")) in known,
        )
        for device, one in opened
    ]
    return Contents(lines, len(refused))


def _names(operations: Sequence[dict[str, Any]], event_id: str) -> dict[str, str]:
    ids = {_place_id(one) for one in operations} - {""}
    query = select(Place.id, Person).join(Person, Person.id == Place.person_id)
    if not ids:
        return {}
    rows = db.session.execute(query.where(Place.event_id == event_id, Place.id.in_(ids)))
    return {place_id: person.short_name for place_id, person in rows}


def _place_id(one: dict[str, Any]) -> str:
    subject = one.get("subject")
    return str(subject.get("place_id", "")) if isinstance(subject, dict) else ""


def _walked_in(one: dict[str, Any]) -> str:
    subject = one.get("subject")
    said = subject.get("walk_in") if isinstance(subject, dict) else None
    return f"{said.get('surname', '')} {said.get('given_name', '')}".strip() if isinstance(said, dict) else ""
