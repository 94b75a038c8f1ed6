"""Destinations that asked us to wait, as rows: all workers see them, and after a pause only one letter tries."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.mail.models import Mail
from app.mail.pace import domain_pause
from app.mail.sending_models import MailDestination

PROBE_FOR = timedelta(minutes=1)  # how long the others wait for what becomes of the one that tries

Pauses = Mapping[str, MailDestination]


def standing(session: Session) -> dict[str, MailDestination]:
    """All that wait, by domain; few, if any."""
    return {row.domain: row for row in session.scalars(select(MailDestination))}


def may_try(session: Session, known: MailDestination, *, lease: str, now: datetime) -> bool:
    """Whether its pause is over and nobody else tries: then we do, and others wait for what becomes of it."""
    mine = (
        update(MailDestination)
        .where(MailDestination.domain == known.domain, MailDestination.paused_until <= now)
        .values(paused_until=now + PROBE_FOR, probe=lease)
        .returning(MailDestination.domain)
        .execution_options(synchronize_session=False)
    )
    return session.execute(mine).first() is not None


def hold_back(
    session: Session, rows: Sequence[Row[Any]], pauses: Pauses, *, lease: str, now: datetime
) -> dict[str, tuple[str, ...]]:
    """Moves letters to destinations that wait to the end of the pause; says which may leave, and what they try out."""
    waiting: dict[str, list[str]] = {}
    free: dict[str, tuple[str, ...]] = {}
    for row in rows:
        known = pauses.get(row.domain) if row.domain else None
        if known is None:
            free[row.id] = ()
        elif row.domain not in waiting and may_try(session, known, lease=lease, now=now):
            free[row.id] = (row.domain,)
            waiting[row.domain] = []
        else:
            waiting.setdefault(row.domain, []).append(row.id)
    for domain, ids in waiting.items():
        until = session.scalar(select(MailDestination.paused_until).where(MailDestination.domain == domain))
        if ids and until is not None:
            later = update(Mail).where(Mail.id.in_(ids))
            later = later.values(status="queued", lease=None, lease_until=None, due_at=until)
            session.execute(later.execution_options(synchronize_session=False))
    return free


def pause(session: Session, domain: str, *, lease: str, code: int | None, words: str, now: datetime) -> datetime:
    """It asked to wait, or can't be reached: notes it and says until when nothing goes there.

    Those who hear the same at the same time don't make the pause longer.
    """
    until = now + domain_pause(domain, 1)
    row = {"domain": domain, "failures": 1, "since": now, "paused_until": until, "code": code, "answer": words}
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    begins = insert(MailDestination).values(row).on_conflict_do_nothing().returning(MailDestination.domain)
    if session.execute(begins).first() is not None:
        return until
    known = session.get_one(MailDestination, domain, with_for_update=True, populate_existing=True)
    if known.paused_until > now and known.probe != lease:
        return known.paused_until
    known.failures += 1
    known.paused_until = now + domain_pause(domain, known.failures)
    known.probe, known.code, known.answer = None, code, words
    session.flush()
    return known.paused_until


def went_through(session: Session, domains: Collection[str], *, lease: str) -> None:
    """The letter that tried was taken: nobody waits any more."""
    gone = delete(MailDestination).where(MailDestination.domain.in_(domains), MailDestination.probe == lease)
    session.execute(gone.execution_options(synchronize_session=False))
