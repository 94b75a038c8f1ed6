"""What a phone or a program sent, operation by operation: its shape, and what it is about. One that can't be read is
refused by itself; the others go on.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BindParameter, bindparam, select

from app.attendance.models import AttendanceEntry
from app.attendance.tickets import ticket_code
from app.db import connection, db
from app.desk.log.bodies import BUS, GROUP, NEW, OWN, PLACE, TABLE, WALK_IN, Malformed, uuid_of
from app.desk.log.giving import EventFacts, Giver
from app.desk.log.kinds import KINDS
from app.prepared import padded, rows_of

MOST_AFTER, LONGEST_WORD = 200, 40
LONGEST_CODE = 200  # a ticket may come as a link
EARLIEST, LATEST = 1900, 2199
_tables = db.metadata.tables
_places, _buses, _groups, _items = (_tables[name] for name in ("places", "buses", "groups", "gift_items"))
_entries = _tables[AttendanceEntry.__tablename__]
_ids: BindParameter[Any] = bindparam("ids", expanding=True)
_of_event: BindParameter[Any] = bindparam("event_id")
BY_TICKET = select(_places.c.ticket, _places.c.id, _places.c.event_id).where(_places.c.ticket.in_(_ids))
BY_ID = select(_places.c.id, _places.c.event_id).where(_places.c.id.in_(_ids))
OWN_ROWS = {
    BUS: select(_buses.c.id).where(_buses.c.event_id == _of_event, _buses.c.id.in_(_ids)),
    GROUP: select(_groups.c.id).where(_groups.c.event_id == _of_event, _groups.c.id.in_(_ids)),
}
ITEMS = select(_items.c.id).where(_items.c.id.in_(_ids))
MARKED = select(_entries.c.id, _entries.c.kind, _entries.c.place_id).where(
    _entries.c.event_id == _of_event, _entries.c.id.in_(_ids)
)


@dataclass(frozen=True, slots=True)
class Refused:
    """An operation that is not taken, under the id that it was sent with, and why."""

    id: object
    why: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Read:
    """One that can be read. `key` is empty where only what it names says what it is about."""

    sent_id: str
    id: str
    kind: str
    subject: tuple[str, str]
    names: str | None
    after: frozenset[str]
    at: datetime
    body: Mapping[str, Any]
    secret: Mapping[str, Any] | None
    key: str = ""
    verified_by: str | None = None


def read_all(
    operations: Sequence[Any], event: EventFacts, giver: Giver, *, now: datetime
) -> tuple[list[Read], list[Refused]]:
    """Those that can be read, each id once, and those that can't be or that the giver may not say."""
    found: dict[str, Read] = {}
    refused = []
    for raw in operations:
        one = _read(raw, event, giver, now=now)
        if isinstance(one, Refused):
            refused.append(one)
        elif _names_another(one, found.setdefault(one.id, one)):
            refused.append(Refused(one.sent_id, "id-taken"))
    return list(found.values()), refused


def _names_another(one: Read, first: Read) -> bool:
    """Whether two of one batch have the same id and are not the same; what an undo is about its target says."""
    if (one.kind, one.names) != (first.kind, first.names):
        return True
    (what, which), (other, before) = one.subject, first.subject
    if what == "ticket":
        which, before = ticket_code(which), ticket_code(before)
    return one.kind != "undo" and what == other and which != before


def resolved(reads: Sequence[Read], event: EventFacts) -> tuple[list[Read], list[Refused]]:
    """The same with their keys, in a few questions for all; refused is what is about nothing here."""
    keys, whys = _keys(reads, event)
    ready, refused = [], []
    for one in reads:
        if one.subject in keys:
            ready.append(replace(one, key=keys[one.subject]))
        elif one.subject[0]:
            refused.append(Refused(one.sent_id, whys.get(one.subject, "unknown-subject"), one.subject[1]))
        else:
            ready.append(one)
    return ready, refused


def marked_before(ids: Iterable[str], event: EventFacts) -> dict[str, Any]:
    """{id: its kind and place} of entries of the ledger, for an undo of what never was in the log."""
    values = {"event_id": event.id, "ids": padded(ids)}
    return {row.id: row for row in rows_of(connection(), MARKED, values)}


def moment_of(value: object, event: EventFacts) -> datetime | None:
    """A moment as ISO 8601; without an offset it is that of the event's place. None where it is none."""
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) and len(value) <= LONGEST_WORD else None
        if found is None or not EARLIEST <= found.year <= LATEST:
            return None
        return found if found.tzinfo else found.replace(tzinfo=event.zone)
    except ValueError:
        return None


def ahead_by(sent_at: object, event: EventFacts, *, now: datetime) -> timedelta:
    """How far the clock of whoever sent runs ahead of ours."""
    sent = moment_of(sent_at, event)
    return sent - now if sent else timedelta(0)


def _read(raw: Any, event: EventFacts, giver: Giver, *, now: datetime) -> Read | Refused:
    if not isinstance(raw, Mapping):
        return Refused(None, "malformed", "id")
    sent_id, id_ = raw.get("id"), uuid_of(raw.get("id"))
    if id_ is None:
        return Refused(sent_id if isinstance(sent_id, str) else None, "malformed", "id")
    kind = KINDS.get(raw["kind"]) if isinstance(raw.get("kind"), str) else None
    if kind is None:
        return Refused(sent_id, "unknown-kind", str(raw.get("kind", ""))[:LONGEST_WORD])
    if not kind.powers & giver.powers:
        return Refused(sent_id, "not-allowed")
    if now > event.takes_until():
        return Refused(sent_id, "too-late")
    try:
        at = moment_of(raw.get("at"), event)
        if at is None:
            raise Malformed("at")
        subject = _subject(raw, kind.subjects, id_)
        names = _names(raw)
        if raw["kind"] == "undo" and names is None:
            raise Malformed("operation_id")
        secret = kind.secret(raw) if kind.secret else None
        body = kind.body(raw)
    except Malformed as error:
        return Refused(sent_id, "malformed", str(error))
    return Read(str(sent_id), id_, raw["kind"], subject, names, _after(raw), at, body, secret)


def _subject(raw: Mapping[str, Any], allowed: frozenset[str], id_: str) -> tuple[str, str]:
    """(what, which); nothing where an undo names its target alone."""
    subject = raw.get("subject", raw if raw.keys() & {"ticket", "place_id", "walk_in_id", "walk_in"} else None)
    if isinstance(subject, str):
        subject = {"ticket": subject}
    if not isinstance(subject, Mapping) or not subject:
        if raw["kind"] == "undo":
            return "", ""
        if OWN in allowed:
            return OWN, id_
        raise Malformed("subject")
    for name, what in SUBJECTS.items():
        if name in subject and what in allowed:
            which = id_ if what == NEW else _which(what, subject, subject[name])
            return ("ticket" if name == "ticket" else what), which
    raise Malformed("subject")


SUBJECTS = {
    "ticket": PLACE,
    "place_id": PLACE,
    "walk_in_id": WALK_IN,
    "walk_in": NEW,
    "bus_id": BUS,
    "leg": BUS,
    "table": TABLE,
    "group_id": GROUP,
}


def _which(what: str, subject: Mapping[str, Any], value: object) -> str:
    if what == BUS:
        return f"{_word(subject.get('bus_id') or '-')}:{_word(subject.get('leg'))}"
    if what == TABLE:
        return "|".join(_word(subject.get(name) or "-") for name in ("table", "item_id")) + f"|{_size(subject)}"
    if what == GROUP:
        return _word(value or "-")
    if what == WALK_IN:
        found = uuid_of(value)
        if found is None:
            raise Malformed("subject")
        return found
    return _word(value, LONGEST_CODE)


def _word(value: object, longest: int = LONGEST_WORD) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= longest or not value.isprintable() or "|" in value:
        raise Malformed("subject")
    return value


def _size(subject: Mapping[str, Any]) -> str:
    return _word(subject["size"]) if subject.get("size") else ""


def _names(raw: Mapping[str, Any]) -> str | None:
    said = raw.get("operation_id", raw.get("names"))
    if said is None:
        return None
    found = uuid_of(said)
    if found is None:
        raise Malformed("operation_id")
    return found


def _after(raw: Mapping[str, Any]) -> frozenset[str]:
    said = raw.get("after")
    listed = said[:MOST_AFTER] if isinstance(said, list) else []
    return frozenset(found for found in map(uuid_of, listed) if found)


def _keys(reads: Sequence[Read], event: EventFacts) -> tuple[dict[tuple[str, str], str], dict[tuple[str, str], str]]:
    """{subject: key} of what is here, {subject: why not} of what is elsewhere."""
    asked: dict[str, set[str]] = {}
    for one in reads:
        asked.setdefault(one.subject[0], set()).add(one.subject[1])
    keys = {(WALK_IN, id_): f"w:{id_}" for id_ in asked.get(WALK_IN, ())}
    keys |= {(NEW, id_): f"w:{id_}" for id_ in asked.get(NEW, ())}
    keys |= {(OWN, id_): f"i:{id_}" for id_ in asked.get(OWN, ())}
    whys: dict[tuple[str, str], str] = {}
    _place_keys(asked, event, keys, whys)
    _row_keys(asked, event, keys)
    return keys, whys


def _place_keys(asked: Mapping[str, set[str]], event: EventFacts, keys: dict[Any, str], whys: dict[Any, str]) -> None:
    codes = {typed: ticket_code(typed) for typed in asked.get("ticket", ())}
    by_code = {}
    if codes:
        by_code = {row.ticket: row for row in rows_of(connection(), BY_TICKET, {"ids": padded(set(codes.values()))})}
    for typed, code in codes.items():
        row = by_code.get(code)
        if row is None:
            whys["ticket", typed] = "unknown-ticket"
        elif row.event_id != event.id:
            whys["ticket", typed] = "ticket-of-another-event"
        else:
            keys["ticket", typed] = f"p:{row.id}"
    if wanted := asked.get(PLACE):
        whys.update({(PLACE, id_): "unknown-place" for id_ in wanted})
        for row in rows_of(connection(), BY_ID, {"ids": padded(wanted)}):
            if row.event_id == event.id:
                keys[PLACE, row.id] = f"p:{row.id}"


def _row_keys(asked: Mapping[str, set[str]], event: EventFacts, keys: dict[Any, str]) -> None:
    """Buses, groups and items that are here; "-" is none of them in particular."""
    for what, begins in ((BUS, "b"), (GROUP, "g")):
        wanted = asked.get(what, set())
        if ids := {which.partition(":")[0] for which in wanted} - {"-"}:
            found = {
                row.id for row in rows_of(connection(), OWN_ROWS[what], {"event_id": event.id, "ids": padded(ids)})
            }
            ids -= ids - found
        keys.update({(what, one): f"{begins}:{one}" for one in wanted if one.partition(":")[0] in {*ids, "-"}})
    if tables := asked.get(TABLE):
        ids = {which.split("|")[1] for which in tables}
        found = {row.id for row in rows_of(connection(), ITEMS, {"ids": padded(ids)})}
        keys.update({(TABLE, one): f"t:{one}" for one in tables if one.split("|")[1] in found})
