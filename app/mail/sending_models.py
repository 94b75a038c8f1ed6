"""What the senders know: tries that did not go well, destinations that asked to wait, processes that are alive."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import IMPERSONAL, Base, new_id, one_of, personal


class MailAttempt(Base):
    """One try that did not end with the server's yes; the last good one stands in the letter's own row.

    `number` is the letter's count at that time. `code` is the server's (421, 550 ...), 0 where the line broke after the
    letter had been handed over (it may have arrived), null where there was no answer: it could not be written, or its
    worker died (`what` says which). `worker` is the beat's id, `answer` the server's words or ours.
    """

    __tablename__ = "mail_attempts"
    __table_args__ = (
        one_of("what", "refused", "dropped", "unsure", "unwritable", "died"),
        Index("ix_mail_attempts_mail_id_at", "mail_id", "at"),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    mail_id: Mapped[str] = mapped_column(ForeignKey("mails.id", ondelete="CASCADE"))
    number: Mapped[int]
    at: Mapped[datetime]
    ended_at: Mapped[datetime]
    worker: Mapped[str] = mapped_column(String(16), info=IMPERSONAL)
    what: Mapped[str] = mapped_column(String(10), info=IMPERSONAL)
    code: Mapped[int | None] = mapped_column(SmallInteger)
    answer: Mapped[str] = mapped_column(Text, info=personal("e-mail in an answer", "1 year after sending"))


class MailDestination(Base):
    """A domain that asked us to wait, or ("" for `domain`) our own line to the mail server that stands still.

    A row stands only while something is wrong: the first letter that goes through takes it away. `since` is when it
    began, `answer` what was said last (the red banner's text). Nothing goes there before `paused_until`; then one
    letter tries (`probe` is the lease that it goes under), the others wait for what becomes of it.
    """

    __tablename__ = "mail_destinations"
    __table_args__ = (CheckConstraint("failures > 0", name="failures_counted"),)

    domain: Mapped[str] = mapped_column(String(255), primary_key=True)
    failures: Mapped[int]
    since: Mapped[datetime]
    paused_until: Mapped[datetime]
    probe: Mapped[str | None] = mapped_column(String(32), info=IMPERSONAL)
    code: Mapped[int | None] = mapped_column(SmallInteger)
    answer: Mapped[str] = mapped_column(Text, default="", info=personal("e-mail in an answer", "until it goes again"))


class WorkerBeat(Base):
    """A process that sends mail: `at` is when it last said that it lives (every 15 s), `state` what it was doing.

    Leases of letters begin with its id and a colon. `host` names the machine (and its table of processes), `pid` the
    process there. Counts are since `started_at`. Who ended properly says so; rows of the dead go after a day.
    """

    __tablename__ = "worker_beats"
    __table_args__ = (one_of("state", "idle", "sending", "paused", "ended"),)

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    host: Mapped[str] = mapped_column(String(120), info=IMPERSONAL)
    pid: Mapped[int]
    started_at: Mapped[datetime]
    at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10), default="idle", info=IMPERSONAL)
    sent: Mapped[int] = mapped_column(default=0)
    failed: Mapped[int] = mapped_column(default=0)
