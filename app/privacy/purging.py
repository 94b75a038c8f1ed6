"""What has outlived the term that its column declares goes: tries, sessions, codes, health notes, consents with scans.

One step removes up to 500 rows, so that nobody waits for it.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, delete, func, or_, select, update

from app.access.models import AccessCode, FailedLogin, Token
from app.accounts.models import Delegation, Session
from app.consents.models import Consent
from app.db import db, transaction
from app.events.models import Event
from app.events.trip_models import Host
from app.files import FileStore
from app.mail.purging import purge_mails
from app.people.models import ImportRun, MedicalNote, WorkStretch
from app.signups.models import Approval, Invitation, InvitationContact, Place
from app.tasks.models import Task

AT_ONCE = 500
TRIES, ANSWERS = timedelta(days=1), timedelta(days=1)
SESSIONS, CODES = timedelta(days=90), timedelta(days=90)
HEALTH_AFTER_RETURN = timedelta(days=14)
RUNS = YEAR = timedelta(days=365)
# Evidence is kept as long as somebody may go to court about the day: three years.
CONSENTS = timedelta(days=3 * 365)


def purge(*, store: FileStore, now: datetime) -> dict[str, int]:
    """Removes all that is past its term and says how many rows of what; scans of signed papers go from the store."""
    _scans(store, now)
    counted = {name: _all_of(name, old) for name, old in _terms(now).items()}
    counted["mails"] = _mails(now)
    counted["health_of_places"] = _blanked(Place.medical_note, None, _of_events(Place, HEALTH_AFTER_RETURN, now))
    counted["delegations"] = _blanked(Delegation.reason, "-", Delegation.until_on < (now - YEAR).date())
    for column in (Event.caterer_name, Event.caterer_email):
        counted["caterers"] = counted.get("caterers", 0) + _blanked(column, None, Event.ends_at < now - YEAR)
    counted["approval_notes"] = _blanked(Approval.note, "", Approval.answered_at < now - YEAR)
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
        "consents": _of_events(Consent, CONSENTS, now),
        "invitation_contacts": InvitationContact.invitation_id.in_(
            select(Invitation.id).where(_of_events(Invitation, YEAR, now))
        ),
        "hosts": _of_events(Host, YEAR, now),
        "tasks": and_(Task.kind == "appeal", Task.done_at < now - YEAR),
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


def _of_events(model: Any, kept_for: timedelta, now: datetime) -> ColumnElement[bool]:
    """Rows of events that ended so long ago."""
    clause: ColumnElement[bool] = model.event_id.in_(select(Event.id).where(Event.ends_at < now - kept_for))
    return clause


def _blanked(column: Any, nothing: str | None, old: ColumnElement[bool]) -> int:
    """Forgets what one column of these rows says; the rows stay."""
    table, says = column.class_, column.is_not(None) if nothing is None else column != nothing
    total = 0
    while True:
        with transaction() as session:
            ids = list(session.scalars(select(table.id).where(says, old).limit(AT_ONCE)))
            session.execute(update(table).where(table.id.in_(ids)).values({column: nothing}))
        total += len(ids)
        if len(ids) < AT_ONCE:
            return total


def _scans(store: FileStore, now: datetime) -> None:
    """Files before their rows: a row without its file is removed the next time, a file without its row never."""
    old = and_(Consent.scan_key.is_not(None), _of_events(Consent, CONSENTS, now))
    for key in db.session.scalars(select(Consent.scan_key).where(old)).all():
        store.delete(str(key))


def _mails(now: datetime) -> int:
    steps = 0
    while purge_mails(now=now):
        steps += 1
    return steps


def _table(name: str) -> FromClause:
    """By name: the table of a face further right is known here as rows alone."""
    return db.metadata.tables[name]
