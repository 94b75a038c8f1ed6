"""Acting on reports of mail servers: what came back is put down once, and the address marked when it takes no mail."""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.db import db, new_id, transaction
from app.mail.bounces import note_bad_address, note_complaint
from app.mail.models import Mail, Suppression
from app.mail.report_models import Report as ReportRow
from app.mail.report_reading import Report, read_report

SOFT_TIMES = 3
SOFT_WITHIN = timedelta(days=14)


def take_report(raw: bytes, *, now: datetime) -> str:
    """Reads one message and acts on it; says in a line what came of it, or why nothing did. Never raises for what
    stands in the message.

    A report without a letter of ours that has left does nothing: anybody can write one.
    """
    report = read_report(raw)
    if report.kind == "none" or report.mail_id is None:
        why = report.words if report.kind == "none" else "names no letter of ours"
        return f"nothing done: {why or 'nothing to do'}"
    with transaction() as session:
        mail = session.get(Mail, report.mail_id)
        if mail is None or not mail.recipient or (mail.sent_at is None and mail.handed_at is None):
            return "nothing done: names no letter of ours"
        if not _put_down(session, mail, report, now=now):
            return "nothing done: reported before"
        _act(session, mail, report.kind, now=now)
    return f"{report.kind}: letter {report.mail_id}"


def understood(outcome: str) -> bool:
    """Whether somebody need not look at the message any more."""
    return not outcome.startswith("nothing done") or outcome.endswith("reported before")


def reasons_against(address: str | None) -> list[Suppression]:
    """Why this address gets no mail, or none of some kinds; oldest first."""
    if not address:
        return []
    known = select(Suppression).where(Suppression.address == address.lower())
    return list(db.session.scalars(known.order_by(Suppression.since, Suppression.id)))


def reports_of(mail_id: str) -> list[ReportRow]:
    """What servers reported about one letter, oldest first."""
    return list(db.session.scalars(select(ReportRow).where(ReportRow.mail_id == mail_id).order_by(ReportRow.at)))


def last_words_about(address: str) -> str:
    """What the server said when a letter to this address came back the last time."""
    return last_words_of([address]).get(address.lower(), "")


def last_words_of(addresses: Iterable[str]) -> dict[str, str]:
    """The same for several addresses, by the address in small letters; one question."""
    named = {address.lower() for address in addresses}
    query = select(ReportRow.address, ReportRow.words).where(
        ReportRow.address.in_(named), ReportRow.kind.in_(("bounced", "soft"))
    )
    return {address: words for address, words in db.session.execute(query.order_by(ReportRow.at)) if words}


def _put_down(session: Session, mail: Mail, report: Report, *, now: datetime) -> bool:
    """False if the same was reported of the same letter, to this address, as it was sent the last time."""
    left_at = (mail.sent_at or mail.handed_at or now).isoformat()
    same = "\n".join((mail.id, report.kind, mail.recipient.lower(), left_at))
    row = {
        "id": new_id(),
        "digest": hashlib.sha256(same.encode()).hexdigest(),
        "at": now,
        "mail_id": mail.id,
        "address": mail.recipient.lower(),
        "kind": report.kind,
        "status": report.status[:12],
        "words": report.words,
    }
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    once = insert(ReportRow).values(row).on_conflict_do_nothing(index_elements=["digest"]).returning(ReportRow.id)
    return session.execute(once).first() is not None


def _act(session: Session, mail: Mail, kind: str, *, now: datetime) -> None:
    if kind == "bounced" or (kind == "soft" and _is_soft_too_often(session, mail, now=now)):
        note_bad_address(mail.id, now=now)
    elif kind == "complaint":
        note_complaint(mail.id, now=now)


def _is_soft_too_often(session: Session, mail: Mail, *, now: datetime) -> bool:
    softly = (ReportRow.address == mail.recipient.lower(), ReportRow.kind == "soft", ReportRow.at > now - SOFT_WITHIN)
    return (session.scalar(select(func.count()).select_from(ReportRow).where(*softly)) or 0) >= SOFT_TIMES
