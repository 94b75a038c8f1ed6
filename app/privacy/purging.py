"""What has outlived the term that its column declares goes: tries, sessions, codes, answers to programs, health notes.

One step removes up to 500 rows, so that nobody waits for it.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, delete, func, or_, select, update

from app.access.models import AccessCode, FailedLogin, Token
from app.accounts.models import Session
from app.db import db, transaction
from app.events.models import Event
from app.mail.purging import purge_mails
from app.people.models import ImportRun, MedicalNote, WorkStretch
from app.signups.models import Place

AT_ONCE = 500
TRIES, ANSWERS = timedelta(days=1), timedelta(days=1)
SESSIONS, CODES = timedelta(days=90), timedelta(days=90)
HEALTH_AFTER_RETURN = timedelta(days=14)
RUNS = timedelta(days=365)


def purge(*, now: datetime) -> dict[str, int]:
    """Removes all that is past its term and says how many rows of what."""
    counted = {name: _all_of(name, old) for name, old in _terms(now).items()}
    counted["mails"] = _mails(now)
    counted["health_of_places"] = _health_of_places(now)
    return {name: count for name, count in counted.items() if count}


def _terms(now: datetime) -> dict[str, ColumnElement[bool]]:
    ended = func.coalesce(Session.ended_at, Session.expires_at)
    return {
        "failed_logins": FailedLogin.at < now - TRIES,
        "sessions": ended < now - SESSIONS,
        "access_codes": AccessCode.expires_at < now - CODES,
        "tokens": or_(Token.revoked_at < now - CODES, Token.expires_at < now - CODES),
        "idempotency_keys": _table("idempotency_keys").c.created_at < now - ANSWERS,
        "import_runs": ImportRun.started_at < now - RUNS,
        "medical_notes": _outlived_health(now),
        "work_stretches": WorkStretch.ends_on < (now - RUNS).date(),
    }


def _outlived_health(now: datetime) -> ColumnElement[bool]:
    """Notes that nobody chose to keep, 14 days after the last event for which the person has or had a place."""
    ends = select(func.max(Event.ends_at)).join(Place, Place.event_id == Event.id)
    last = ends.where(Place.person_id == MedicalNote.person_id).scalar_subquery()
    since = func.coalesce(last, MedicalNote.updated_at)
    stands = select(Place.id).join(Event, Event.id == Place.event_id)
    ahead = stands.where(Place.person_id == MedicalNote.person_id, Event.ends_at > now - HEALTH_AFTER_RETURN).exists()
    return and_(MedicalNote.keep.is_(False), since < now - HEALTH_AFTER_RETURN, ~ahead)


def _all_of(name: str, old: ColumnElement[bool]) -> int:
    table, total = _table(name), 0
    key: Any = table.c.key if name == "idempotency_keys" else next(iter(table.primary_key))
    while True:
        with transaction() as session:
            ids = list(session.scalars(select(key).where(old).limit(AT_ONCE)))
            session.execute(delete(table).where(key.in_(ids), old))  # type: ignore[arg-type]
        total += len(ids)
        if len(ids) < AT_ONCE:
            return total


def _health_of_places(now: datetime) -> int:
    """What was told of health for one event, 14 days after it; the place stays."""
    over = select(Event.id).where(Event.ends_at < now - HEALTH_AFTER_RETURN)
    old, total = and_(Place.medical_note.is_not(None), Place.event_id.in_(over)), 0
    while True:
        with transaction() as session:
            ids = list(session.scalars(select(Place.id).where(old).limit(AT_ONCE)))
            session.execute(update(Place).where(Place.id.in_(ids)).values(medical_note=None))
        total += len(ids)
        if len(ids) < AT_ONCE:
            return total


def _mails(now: datetime) -> int:
    steps = 0
    while purge_mails(now=now):
        steps += 1
    return steps


def _table(name: str) -> FromClause:
    """By name: the table of a face further right is known here as rows alone."""
    return db.metadata.tables[name]
