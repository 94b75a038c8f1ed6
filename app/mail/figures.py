"""How mail is doing: what waits, what left, what came back, and whether it stands still."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, text

from app.db import db
from app.mail.models import BULK, SEAT, WAITED_FOR, Mail
from app.mail.pace import LINE
from app.mail.sending_models import MailDestination, WorkerBeat

STANDS_STILL = timedelta(minutes=10)
NO_BEAT = timedelta(minutes=3)
MEASURED = 1_000  # letters, the last that left
SHOWN = 20  # paused servers

# The words of the partial indexes: SQLite uses them only for the very same text.
_OPEN = text("mails.status IN ('queued', 'sending')")
_FAILED = text("mails.status = 'failed'")


@dataclass(frozen=True)
class Lag:
    """Between when letters were to leave and when they left, in seconds, of the last thousand."""

    half: float
    most: float  # of twenty, nineteen took no longer
    longest: float


@dataclass(frozen=True)
class Paused:
    """A server that takes nothing for a while ("": our own), until when, and what it said."""

    domain: str
    until: datetime
    answer: str


@dataclass(frozen=True)
class Figures:
    """Counts of letters; `oldest_at` is since when the one that waits longest could have left."""

    queued: int
    sending: int
    sent_today: int
    failed: int
    oldest_at: datetime | None
    lag: Lag | None
    paused: Sequence[Paused]
    beat_at: datetime | None


@dataclass(frozen=True)
class Standstill:
    """Why no mail leaves: "line" with what the server says, "worker" that is not there, "late" for no known reason."""

    why: str
    since: datetime
    words: str = ""


def figures(now: datetime, *, timezone: str) -> Figures:
    """All of them; today begins at midnight in `timezone`."""
    midnight = datetime.combine(now.astimezone(ZoneInfo(timezone)).date(), time(), ZoneInfo(timezone))
    sending = select(func.count()).select_from(Mail).where(_OPEN, Mail.status == "sending")
    counts = (
        select(func.count()).select_from(Mail).where(_OPEN),
        sending.where(Mail.priority.in_((WAITED_FOR, SEAT, BULK)), Mail.due_at > now),
        select(func.count()).select_from(Mail).where(Mail.sent_at >= midnight),
        select(func.count()).select_from(Mail).where(_FAILED),
    )
    beat = select(func.max(WorkerBeat.at)).scalar_subquery()
    row = db.session.execute(select(*(one.scalar_subquery() for one in counts), beat, *_oldest(now))).one()
    waiting, handed, sent, failed, beat_at, *oldest = row
    return Figures(
        queued=waiting - handed,
        sending=handed,
        sent_today=sent,
        failed=failed,
        oldest_at=min((at for at in oldest if at), default=None),
        lag=_lag(),
        paused=_paused(now),
        beat_at=beat_at,
    )


def standstill(now: datetime) -> Standstill | None:
    """Why mail stands still, None if it doesn't. One question.

    Much that is due is no standstill while letters leave, nor before who sends them had time to.
    """
    line = select(MailDestination).where(MailDestination.domain == LINE)
    asked = (
        line.with_only_columns(MailDestination.since).scalar_subquery(),
        line.with_only_columns(MailDestination.answer).scalar_subquery(),
        select(func.max(WorkerBeat.at)).scalar_subquery(),
        select(func.max(Mail.sent_at)).where(Mail.sent_at.is_not(None)).scalar_subquery(),
        select(func.min(WorkerBeat.started_at)).where(WorkerBeat.state != "ended").scalar_subquery(),
        *_oldest(now),
    )
    since, said, beat_at, left_at, works_since, *oldest = db.session.execute(select(*asked)).one()
    waits = min((at for at in oldest if at), default=None)
    if since is not None:
        return Standstill("line", since, said)
    if beat_at is not None and now - beat_at > NO_BEAT:
        return Standstill("worker", beat_at)
    if waits is not None and now - max(at for at in (waits, left_at, works_since) if at) > STANDS_STILL:
        return Standstill("late", waits)
    return None


def _oldest(now: datetime) -> list[Any]:
    """The longest due of each priority: one look into the index each."""
    return [
        select(Mail.due_at)
        .where(_OPEN, Mail.priority == priority, Mail.due_at <= now)
        .order_by(Mail.due_at)
        .limit(1)
        .scalar_subquery()
        for priority in (WAITED_FOR, SEAT, BULK)
    ]


def _lag() -> Lag | None:
    last = select(Mail.sent_at, Mail.not_before).where(Mail.sent_at.is_not(None))
    rows = db.session.execute(last.order_by(Mail.sent_at.desc()).limit(MEASURED))
    waits = sorted(max((sent - wanted).total_seconds(), 0.0) for sent, wanted in rows if sent)
    if not waits:
        return None
    return Lag(waits[len(waits) // 2], waits[len(waits) * 19 // 20], waits[-1])


def _paused(now: datetime) -> list[Paused]:
    rows = select(MailDestination).where(MailDestination.paused_until > now).order_by(MailDestination.since)
    return [Paused(one.domain, one.paused_until, one.answer) for one in db.session.scalars(rows.limit(SHOWN))]
