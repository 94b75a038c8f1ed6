"""What has outlived the term that its column declares goes: tries, sessions, codes, health notes, consents with scans.

One step removes up to 500 rows, so that nobody waits for it.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, delete, func, or_, select, text, update

from app.access.models import AccessCode, FailedLogin, Token
from app.accounts.models import Session
from app.attendance.incident_models import Incident, IncidentPhoto
from app.audit.models import AuditEntry, AuditValues
from app.consents.briefing_models import BriefingSignature
from app.consents.models import Consent
from app.db import db, transaction
from app.desk.log.conflict_models import WalkIn
from app.desk.phone.models import DeskDevice
from app.desk.roster.models import Message
from app.events.models import Event, SeasonImport
from app.events.trip_models import Host
from app.files import FileStore
from app.impact.money.paper_models import ExpenseImport
from app.impact.outcomes.models import OutcomeFile
from app.impact.pictures.models import Picture
from app.impact.thanks.models import SurveyBallot
from app.mail.purging import purge_mails
from app.mail.report_models import Report
from app.people.import_models import ImportChange
from app.people.models import ImportRun, MedicalNote, WorkStretch
from app.privacy.blanking import AT_ONCE, EVIDENCE, FIGURES, HEALTH_AFTER_RETURN, YEAR, blank, blanks, of_events
from app.signups.models import Invitation, InvitationContact, Place
from app.tasks.models import Task, TaskEntry

TRIES, ANSWERS = timedelta(days=1), timedelta(days=1)
SESSIONS, CODES = timedelta(days=90), timedelta(days=90)
RUNS = timedelta(days=365)
UNUSED_FILES = timedelta(days=30)
MAIL_BODY_DAYS = 180  # where the setting says nothing else
CONSENTS = EVIDENCE


def purge(*, store: FileStore, now: datetime, mail_body_days: int = MAIL_BODY_DAYS) -> dict[str, int]:
    """Removes all that is past its term and says how many rows of what; scans of signed papers go from the store."""
    _scans(store, now)
    _files_of_reports(store, now)
    _season_files(store, now)
    _files_of_sums(store, now)
    _evidence_of_follow_ups(store, now)
    _pictures(store, now)
    _proofs_of_outcomes(store, now)
    counted = {name: _all_of(name, old) for name, old in terms(now).items()}
    counted |= purge_mails(now=now, body_days=mail_body_days)
    for one in blanks(now):
        counted[one.name] = counted.get(one.name, 0) + blank(one)
    return {name: count for name, count in counted.items() if count}


def terms(now: datetime) -> dict[str, ColumnElement[bool]]:
    """{table: its rows that go as a whole}."""
    return {
        "failed_logins": FailedLogin.at < now - TRIES,
        "sessions": func.coalesce(Session.ended_at, Session.expires_at) < now - SESSIONS,
        "access_codes": AccessCode.expires_at < now - CODES,
        "tokens": or_(Token.revoked_at < now - CODES, Token.expires_at < now - CODES),
        "idempotency_keys": _table("idempotency_keys").c.created_at < now - ANSWERS,
        "import_changes": ImportChange.run_id.in_(
            select(ImportRun.id).where(ImportRun.started_at < now - UNUSED_FILES)
        ),
        "import_runs": ImportRun.started_at < now - RUNS,
        "medical_notes": _outlived_health(now),
        "outcome_files": OutcomeFile.added_at < now - FIGURES,
        "work_stretches": WorkStretch.ends_on < (now - RUNS).date(),
        "consents": of_events(Consent, CONSENTS, now),
        **_told(now),
        "audit_values": AuditValues.entry_id.in_(
            # Written so that the index of those entries that have values serves.
            select(AuditEntry.id).where(text("fields <> '[]'"), AuditEntry.at < now - EVIDENCE)
        ),
        "season_imports": and_(SeasonImport.finished_at.is_(None), SeasonImport.started_at < now - UNUSED_FILES),
        "expense_imports": and_(ExpenseImport.finished_at.is_(None), ExpenseImport.started_at < now - UNUSED_FILES),
        "mail_reports": Report.at < now - YEAR,
        "tasks": and_(Task.kind == "appeal", Task.done_at < now - YEAR),
    }


def _told(now: datetime) -> dict[str, ColumnElement[bool]]:
    """Whom an event had to do with besides its participants, and what was written to them."""
    invited = select(Invitation.id).where(of_events(Invitation, YEAR, now))
    return {
        "invitation_contacts": InvitationContact.invitation_id.in_(invited),
        "hosts": of_events(Host, YEAR, now),
        "messages": of_events(Message, YEAR, now),
        "walk_ins": of_events(WalkIn, YEAR, now),
        "desk_devices": of_events(DeskDevice, YEAR, now),
        "incidents": of_events(Incident, EVIDENCE, now),
        "incident_photos": of_events(IncidentPhoto, EVIDENCE, now),
        "briefing_signatures": of_events(BriefingSignature, EVIDENCE, now),
        "survey_ballots": of_events(SurveyBallot, YEAR, now),
        "pictures": _outlived_pictures(now),
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


def _files_of_reports(store: FileStore, now: datetime) -> None:
    """Files of people whose report nobody applied."""
    old = and_(ImportRun.file_key.is_not(None), ImportRun.started_at < now - UNUSED_FILES)
    for key in db.session.scalars(select(ImportRun.file_key).where(old)).all():
        store.delete(str(key))
        with transaction() as session:
            session.execute(
                update(ImportRun).where(ImportRun.file_key == key).values(file_key=None, unknown_columns=[])
            )


def _scans(store: FileStore, now: datetime) -> None:
    """Files before their rows: a row without its file is removed the next time, a file without its row never."""
    old = and_(Consent.scan_key.is_not(None), of_events(Consent, CONSENTS, now))
    for key in db.session.scalars(select(Consent.scan_key).where(old)).all():
        store.delete(str(key))


def _outlived_pictures(now: datetime) -> ColumnElement[bool]:
    """What nobody published a year after the event, and everything after ten."""
    return or_(and_(Picture.published_at.is_(None), of_events(Picture, YEAR, now)), of_events(Picture, FIGURES, now))


def _pictures(store: FileStore, now: datetime) -> None:
    """Files before their rows, as with scans."""
    keys = select(Picture.small_key, Picture.medium_key, Picture.large_key).where(_outlived_pictures(now))
    for sizes in db.session.execute(keys).all():
        for key in sizes:
            store.delete(str(key))


def _files_of_sums(store: FileStore, now: datetime) -> None:
    """A file of sums of which nobody made entries."""
    kept = select(ExpenseImport.file_key).where(ExpenseImport.file_key.is_not(None), terms(now)["expense_imports"])
    for key in db.session.scalars(kept).all():
        store.delete(str(key))


def _proofs_of_outcomes(store: FileStore, now: datetime) -> None:
    """Photos and documents that prove a figure: ten years, as who said it."""
    for key in db.session.scalars(select(OutcomeFile.key).where(terms(now)["outcome_files"])).all():
        store.delete(str(key))


def _season_files(store: FileStore, now: datetime) -> None:
    """A season's file of which nobody made drafts: it may name caterers and coordinators."""
    kept = select(SeasonImport.file_key).where(SeasonImport.file_key.is_not(None), terms(now)["season_imports"])
    for key in db.session.scalars(kept).all():
        store.delete(str(key))


def _evidence_of_follow_ups(store: FileStore, now: datetime) -> None:
    """Photographs and papers of follow-ups that were over a year ago; that there was one stays in the history."""
    over = select(Task.id).where(Task.done_at < now - YEAR)
    old = and_(TaskEntry.file_key.is_not(None), TaskEntry.task_id.in_(over))
    for key in db.session.scalars(select(TaskEntry.file_key).where(old)).all():
        store.delete(str(key))
        with transaction() as session:
            gone = update(TaskEntry).where(TaskEntry.file_key == key).values(file_key=None, media_type=None)
            session.execute(gone)


def _table(name: str) -> FromClause:
    """By name: the table of a face further right is known here as rows alone."""
    return db.metadata.tables[name]
