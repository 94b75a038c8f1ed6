"""Taking what phones and programs recorded, in whatever order, however often: each is taken, known or refused."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from app.attendance.counting_hours import count_hours
from app.attendance.days import is_closed
from app.attendance.log import append, known_among
from app.attendance.operation import DECISIONS, NEVER_LATE, UNDO, Operation
from app.audit.operations import record_many
from app.db import db, transaction
from app.desk.log.bodies import NEW, WALK_IN
from app.desk.log.conflicts import Standing, note_conflicts, standing
from app.desk.log.contradicting import contradictions
from app.desk.log.giving import EventFacts, Giver
from app.desk.log.held import Batch, Held, hold, wait_for_all, with_ledger
from app.desk.log.kinds import KINDS
from app.desk.log.merging import merge
from app.desk.log.reading import Read, Refused, ahead_by, marked_before, read_all, resolved
from app.desk.log.settling import settle
from app.desk.log.walk_ins import people_by_number
from app.desk.tables.shelves import sold_out, with_known_items, with_shelves
from app.desk.trip.taking import checked
from app.events.models import Event

AT_ONCE = 250


@dataclass(slots=True)
class Answer:
    """What became of each: ids as they were sent. `rows` are the conflicts of what they are about, `own` is {id as it
    is kept: as it was sent} of those that were taken."""

    applied: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    rows: dict[str, Standing] = field(default_factory=dict)
    own: dict[str, str] = field(default_factory=dict)

    def __add__(self, other: "Answer") -> "Answer":
        """Both, as if they had come together."""
        return Answer(
            [*self.applied, *other.applied],
            [*self.known, *other.known],
            [*self.refused, *other.refused],
            self.rows | other.rows,
            self.own | other.own,
        )

    @property
    def conflicts(self) -> list[Standing]:
        """Those that somebody has to look at."""
        return [row for row in self.rows.values() if row.is_open and self.own.keys() & set(row.operations)]


def take(event: EventFacts, operations: Sequence[Any], *, sent_at: object, giver: Giver, now: datetime) -> Answer:
    """Takes a batch; `sent_at` says by how much the sender's clock is off. A wrong one is refused, the others go on."""
    reads, refused = read_all(operations, event, giver, now=now)
    reads, nowhere = resolved(reads, event)
    reads, strange = with_known_items(reads)
    answer = Answer(refused=[*refused, *nowhere, *strange])
    ahead = ahead_by(sent_at, event, now=now)
    reads = _walk_ins_with_place(reads, event)
    reads = _with_targets(reads, event, giver, answer)
    reads, wrong = checked(reads, event, giver, now=now)
    answer.refused += wrong
    ready = [(one, _operation(one, event.corrected(one.at, ahead, now=now), giver)) for one in reads]
    alone = [pair for pair in ready if not pair[0].key]
    if alone:
        ready = [pair for pair in ready if pair[0].key] + _take_unknown(event, alone, answer, giver=giver, now=now)
    for first in range(0, len(ready), AT_ONCE):
        _take_chunk(event, ready[first : first + AT_ONCE], answer, giver=giver, now=now)
    taken = {*answer.applied, *answer.known}
    answer.own = {one.id: one.sent_id for one, _ in ready if one.sent_id in taken}
    return answer


def _take_chunk(
    event: EventFacts, ready: Sequence[tuple[Read, Operation]], answer: Answer, *, giver: Giver, now: datetime
) -> None:
    """One transaction: lock, leave out what is known, write down, settle."""
    applied: list[str] = []
    with transaction():
        held = hold(event, {one.key for _, one in ready}, [one.id for _, one in ready])
        asked = [(one, bool(read.body.get("live"))) for read, one in ready if one.id not in held.known]
        empty = sold_out(event.id, asked, held.operations)
        new, secrets = [], {}
        for read, one in ready:
            known = held.known.get(one.id)
            if one.id in empty:
                answer.refused.append(Refused(read.sent_id, "out-of-stock"))
            elif known is None:
                new.append(replace(one, is_late=held.is_closed and not _is_told_whenever(one, held, ready)))
                applied.append(read.sent_id)
                if read.secret:
                    secrets[one.id] = json.dumps(read.secret, ensure_ascii=False)
            elif known.event_id == event.id and _is_again(read, one, known, held.same):
                answer.known.append(read.sent_id)
            else:
                answer.refused.append(Refused(read.sent_id, "id-taken"))
        rows = write_down(event, held, new, secrets, giver=giver, now=now) if new else standing(held.conflicts)
    answer.applied += applied
    answer.rows |= {row.id: row for row in rows}


def _is_told_whenever(one: Operation, held: Held, ready: Sequence[tuple[Read, Operation]]) -> bool:
    """Whether it never comes late: nothing that stands depends on it, nor on taking it back."""
    if one.kind != UNDO:
        return one.kind in NEVER_LATE
    there = (*held.operations, *(other for _, other in ready))
    return any(target.id == one.names and target.kind in NEVER_LATE for target in there)


def write_down(
    event: EventFacts,
    held: Held,
    new: Sequence[Operation],
    secrets: Mapping[str, str],
    *,
    giver: Giver,
    now: datetime,
) -> list[Standing]:
    """Into the log, the ledgers, the conflicts and the log of acts, under the locks of `held`. Returns conflicts."""
    before = with_ledger(held, event, now=now)
    there = {one.id for one in before}
    fresh = [one for one in new if one.id not in there]
    append(fresh, event_id=event.id, now=now, device_id=giver.device_id, secrets=secrets)
    batch = Batch(
        event=event,
        merged=merge([*before, *fresh], held.same),
        new=fresh,
        places=held.places,
        entries=held.entries,
        walk_ins=held.walk_ins,
        same=held.same,
    )
    acts = settle(batch, now=now)
    batch, kept, of_shelves = with_shelves(batch, held.conflicts)
    rows = note_conflicts(batch, [*contradictions(batch), *of_shelves], kept, now=now)
    record_many(giver.actor, acts, now=now)
    if held.is_closed:
        counted = db.session.get_one(Event, event.id)
        count_hours(counted, now=now, actor=giver.actor, place_ids=list(held.places))
    return rows


def _is_again(read: Read, one: Operation, known: Any, same: Mapping[str, str]) -> bool:
    """Whether it is what the log holds under its id: an id names one operation for ever. Where somebody without a place
    sits by now, and what an undo turned out to be about, is our word and not the sender's."""
    if (known.kind, known.names) != (one.kind, one.names):
        return False
    if one.kind == UNDO or read.subject[0] == NEW:
        return True
    about = {one.key, f"w:{read.subject[1]}"} if read.subject[0] == WALK_IN else {one.key}
    return same.get(known.key, known.key) in {same.get(key, key) for key in about} | about


def _operation(one: Read, corrected_at: datetime, giver: Giver) -> Operation:
    """Whether it was asked for (`live`) or told isn't kept: it is the same operation, whichever came first."""
    return Operation(
        id=one.id,
        kind=one.kind,
        key=one.key,
        at=one.at,
        corrected_at=corrected_at,
        body={name: value for name, value in one.body.items() if name != "live"},
        names=one.names,
        after=one.after,
        device=giver.device,
        account_id=giver.actor.account_id,
        verified_by=one.verified_by,
    )


def _walk_ins_with_place(reads: Sequence[Read], event: EventFacts) -> list[Read]:
    """Whoever gives the number of somebody who has a place here has come to that place."""
    numbers = {str(one.body["personnel_number"]) for one in reads if one.kind == "walk_in" and _number(one)}
    if not numbers:
        return list(reads)
    people = people_by_number(event.id, numbers)
    places = {number: f"p:{row.place_id}" for number, row in people.items() if row.place_id}
    keys = {one.key: places[_number(one)] for one in reads if one.subject[0] == NEW and _number(one) in places}
    return [replace(one, key=keys.get(one.key, one.key)) for one in reads]


def _number(one: Read) -> str:
    return str(one.body.get("personnel_number", ""))


def _with_targets(reads: Sequence[Read], event: EventFacts, giver: Giver, answer: Answer) -> list[Read]:
    """Undos with the key of what they take back, as far as that is known; refused are those that may not."""
    wanted = {one.names for one in reads if one.kind == UNDO and one.names}
    if not wanted:
        return list(reads)
    targets: dict[str, tuple[str, str, str]] = {one.id: (event.id, one.kind, one.key) for one in reads}
    targets |= _targets(wanted, event)
    found = []
    for one in reads:
        target = targets.get(one.names or "") if one.kind == UNDO else None
        why = _why_not(target, event, giver) if target else None
        if why:
            answer.refused.append(Refused(one.sent_id, why))
        else:
            found.append(replace(one, key=target[2]) if target else one)
    return found


def _targets(ids: Iterable[str], event: EventFacts) -> dict[str, tuple[str, str, str]]:
    """{id: its event, kind and key} of what the log has, or the ledger of marks alone."""
    wanted = set(ids)
    known = {id_: (row.event_id, row.kind, row.key) for id_, row in known_among(wanted).items()}
    if further := wanted - known.keys():
        marked = marked_before(further, event)
        known |= {id_: (event.id, row.kind, f"p:{row.place_id}") for id_, row in marked.items()}
    return known


def _why_not(target: tuple[str, str, str], event: EventFacts, giver: Giver) -> str | None:
    event_id, kind, _ = target
    if event_id != event.id:
        return "unknown-subject"
    if kind in DECISIONS:
        return "undo-of-undo"
    allowed = KINDS[kind].powers if kind in KINDS else frozenset()
    return None if allowed & giver.powers else "not-allowed"


def _take_unknown(
    event: EventFacts, alone: Sequence[tuple[Read, Operation]], answer: Answer, *, giver: Giver, now: datetime
) -> list[tuple[Read, Operation]]:
    """Undos that come before what they take back and don't say whom it is about: kept until that comes.

    Returns those whose target was written meanwhile, with its key.
    """
    found, still = [], []
    with transaction():
        wait_for_all(event)
        targets = _targets([one.names or "" for _, one in alone], event)
        known, is_late = known_among([one.id for _, one in alone]), is_closed(event.id)
        for read, one in alone:
            target = targets.get(one.names or "")
            if found_as := known.get(one.id):
                if (found_as.event_id, found_as.kind, found_as.names) == (event.id, one.kind, one.names):
                    answer.known.append(read.sent_id)
                else:
                    answer.refused.append(Refused(read.sent_id, "id-taken"))
            elif target is None:
                still.append(replace(one, key=f"u:{one.names}", is_late=is_late))
                answer.applied.append(read.sent_id)
            elif why := _why_not(target, event, giver):
                answer.refused.append(Refused(read.sent_id, why))
            else:
                found.append((replace(read, key=target[2]), replace(one, key=target[2])))
        append(still, event_id=event.id, now=now, device_id=giver.device_id)
    return found
