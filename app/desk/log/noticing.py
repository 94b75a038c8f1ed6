"""What a mark made on a page changes in what phones said against each other: a side is taken back, or answered."""

from collections.abc import Iterable
from datetime import datetime

from app.attendance.operation import Operation
from app.db import connection
from app.desk.log.conflicts import note_conflicts
from app.desk.log.contradicting import contradictions
from app.desk.log.giving import facts_of
from app.desk.log.held import OF_KEYS, Batch, PlaceFacts
from app.desk.log.merging import merge
from app.desk.tables.shelves import with_shelves
from app.people import ages
from app.prepared import padded, rows_of
from app.signups.models import Place


def notice_conflicts(place: Place, operations: Iterable[Operation], *, now: datetime) -> None:
    """Writes down what contradicts about this place now; `operations` are all that was ever said about it."""
    event, person, said = facts_of(place.event), place.person, list(operations)
    key = f"p:{place.id}"
    same = {one.key: key for one in said if one.key[0] == "w"}
    asked = {"event_id": event.id, "keys": padded([key, *sorted(same)])}
    rows = rows_of(connection(), OF_KEYS, asked)
    is_minor = ages.is_minor(person.birth_date, person.kind, event.local_date)
    facts = PlaceFacts(place.id, place.person_id, place.status, is_minor, person.surname, person.given_name)
    batch = Batch(
        event=event,
        merged=merge(said, same),
        new=said[-1:],
        places={place.id: facts},
        entries=(),
        walk_ins=(),
        same=same,
    )
    batch, kept, of_shelves = with_shelves(batch, rows)
    note_conflicts(batch, [*contradictions(batch), *of_shelves], kept, now=now)
