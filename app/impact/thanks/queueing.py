"""Queueing the letters of thanks once a day is closed, a page of readers a transaction; every step can be done twice.

Each letter is keyed by event and reader, so neither two workers nor a day that is closed again thank anybody twice.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, exists, or_, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import contains_eager, joinedload

from app.attendance.days import is_final
from app.attendance.log_models import DeskDay
from app.attendance.models import AttendanceEntry
from app.db import connection, db, lock, transaction
from app.events.models import Event
from app.impact.thanks import due
from app.impact.thanks.mails import TEMPLATE, own_facts, shared_facts, thanks_row
from app.impact.thanks.models import Thanks
from app.impact.thanks.readers import Reader, next_batch, readers_of
from app.impact.thanks.shares import shares_of, still_came, who_came
from app.mail.models import Mail
from app.mail.outbox import queue_mails
from app.signups.readers import who

ROWS_AT_ONCE = 300
NOT_THANKED = ("draft", "postponed", "cancelled")
INSERT = {
    name: dialect.insert(Thanks.__table__).on_conflict_do_nothing(index_elements=["event_id"])
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
}


def queue_thanks(*, now: datetime) -> bool:
    """One step: closed days noted, letters about who was not there after all mended, one page of readers written to,
    or one event let be. Says whether to go on."""
    if note_closed_days(now=now) or mend_letters(now=now):
        return True
    for row, event in _due(now):
        verdict = _verdict(row, event, now=now)
        if verdict.what == "miss":
            _miss(row, verdict, now=now)
            return True
        if verdict.what == "send":
            _send_a_page(row, event, now=now)
            return True
    return False


def note_closed_days(*, now: datetime) -> bool:
    """A row for each day that was closed of late; one that was opened and closed again is looked through anew."""
    query = (
        select(Event.id, Event.timezone, DeskDay.closed_at)
        .join(DeskDay, DeskDay.event_id == Event.id)
        .outerjoin(Thanks, Thanks.event_id == Event.id)
        .where(
            DeskDay.reopened_at.is_(None),
            DeskDay.closed_at > now - due.LATEST,
            Event.status.not_in(NOT_THANKED),
            or_(Thanks.closed_at.is_(None), Thanks.closed_at != DeskDay.closed_at),
        )
        .limit(ROWS_AT_ONCE)
    )
    rows = db.session.execute(query).all()
    for event_id, timezone, closed_at in rows:
        _note(event_id, timezone, closed_at)
    return bool(rows)


def _note(event_id: str, timezone: str, closed_at: datetime) -> None:
    with transaction():
        row = row_of(event_id)
        if row.closed_at == closed_at:
            return
        row.closed_at, row.due_at = closed_at, due.due_at(closed_at, timezone)
        row.cursor = row.finished_at = row.missed_reason = None
        row.survey_ends_at = row.survey_ends_at or due.survey_ends_at(closed_at)


def row_of(event_id: str) -> Thanks:
    """The row of this event, made if there is none, and locked. Inside a transaction()."""
    session = db.session()
    connection().execute(INSERT[session.get_bind().dialect.name], {"event_id": event_id, "queued": 0})
    row = session.get_one(Thanks, event_id)
    lock(row)
    return row


def _due(now: datetime) -> Sequence[tuple[Thanks, Event]]:
    query = (
        select(Thanks, Event)
        .join(Event, Event.id == Thanks.event_id)
        .join(Event.site)
        .where(Thanks.due_at <= now, Thanks.finished_at.is_(None), Event.status.not_in(NOT_THANKED), is_final())
        .options(contains_eager(Event.site), joinedload(Event.coordinator))
        .order_by(Thanks.due_at, Thanks.event_id)
    )
    return [(row, event) for row, event in db.session.execute(query)]


def _verdict(row: Thanks, event: Event, *, now: datetime) -> due.Verdict:
    assert row.closed_at is not None
    return due.decide(
        closed_at=row.closed_at, ended_at=event.ends_at, is_off=row.letters_off_at is not None,
        timezone=event.timezone, now=now,
    )  # fmt: skip


def _miss(row: Thanks, verdict: due.Verdict, *, now: datetime) -> None:
    seen = _as_seen(row)
    with transaction():
        lock(row)
        if _as_seen(row) == seen:
            row.missed_reason, row.finished_at = verdict.reason, now


def _send_a_page(row: Thanks, event: Event, *, now: datetime) -> None:
    """Readers are found and letters written before the lock is asked for; under it only what may have changed is
    looked at again: whoever was just marked absent is not thanked."""
    seen = _as_seen(row)
    batch, shared = next_batch(event, row.cursor), shared_facts(event, row)
    rows, place_ids = [thanks_row(event, reader, shared, now=now) for reader in batch.readers], batch.place_ids
    with transaction():
        lock(row)
        if _as_seen(row) != seen or not _is_closed_still(row) or still_came(place_ids) != place_ids:
            return  # the page is read again
        row.queued += queue_mails(rows)
        row.cursor, row.finished_at = batch.cursor, now if batch.cursor is None else None


def _as_seen(row: Thanks) -> tuple[object, ...]:
    """What must not change between looking and writing."""
    return row.closed_at, row.cursor, row.finished_at, row.letters_off_at, row.survey_off_at


def _is_closed_still(row: Thanks) -> bool:
    query = select(DeskDay.event_id).where(
        DeskDay.event_id == row.event_id, DeskDay.reopened_at.is_(None), DeskDay.closed_at == row.closed_at
    )
    return db.session.scalar(query) is not None


def mend_letters(*, now: datetime) -> bool:
    """Letters that wait for a morning or for a mail server, while their reader, or a child of theirs, turns out not to
    have been there: taken back, or about the others alone. Says whether there were any."""
    mails = db.session.scalars(_waiting_since_marks_changed()).all()
    named = {mail.id: set(mail.context.get("places", ())) for mail in mails}
    there = still_came(set().union(*named.values())) if named else set()
    wrong = [mail for mail in mails if not named[mail.id] <= there]
    for mail in wrong:
        _mend(mail, now=now)
    return bool(wrong)


def _waiting_since_marks_changed() -> Select[Mail]:
    """Queued letters about days on which something was marked, or taken back, after they were written."""
    marked = exists().where(AttendanceEntry.event_id == Mail.event_id, AttendanceEntry.recorded_at >= Mail.created_at)
    # In these words: the index of what waits is found by them.
    waits = text("mails.status IN ('queued', 'sending')")
    return select(Mail).where(waits, Mail.status == "queued", Mail.template == TEMPLATE, marked)


def _mend(mail: Mail, *, now: datetime) -> None:
    event = db.session.get_one(Event, mail.event_id)
    there = who_came(event)
    mine = [each for each in readers_of(event, there) if f"thanks:{event.id}:{who(each[0])}" == mail.key]
    values: dict[str, Any] = {"status": "cancelled", "cancelled_at": now}
    if mine:
        [(to, came)] = mine
        reader = Reader(to, came, shares_of(place for place, _ in came), mail.reader_zone or "", len(there))
        values = {"context": mail.context | own_facts(event, reader)}
    with transaction() as session:
        change = update(Mail).where(Mail.id == mail.id, Mail.status == "queued").values(values)
        session.execute(change.execution_options(synchronize_session=False))
    db.session.expire_all()
