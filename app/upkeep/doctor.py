"""What is configured and whether it answers: one line for each thing that can be amiss."""

import smtplib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, inspect, or_, select, text
from sqlalchemy.exc import SQLAlchemyError

from app import clock
from app.db import db
from app.events.models import Event
from app.files import open_store
from app.mail import beats
from app.mail.models import Mail
from app.signups.models import SEATED, Place
from app.upkeep.doctor_mail import line_to_server, mailbox_of_bounces, names
from app.web.health import is_schema_behind
from config import ROOT, Settings

LATE = timedelta(minutes=15)


@dataclass(frozen=True)
class Finding:
    """One thing looked at: what, whether it is in order, and what was seen."""

    what: str
    is_well: bool
    seen: str


def findings(settings: Settings, *, now: datetime) -> Iterator[Finding]:
    """Looks at one thing after the other; nothing is changed."""
    yield Finding("settings", True, f"{settings.base_url}, {','.join(settings.languages)}, {settings.timezone}")
    database = _looked_at("database", _database)
    yield database
    if database.is_well:
        yield _looked_at("migrations", _migrations)
        yield _looked_at("clock", _clock)
        yield _looked_at("foreign keys", _foreign_keys)
        yield _looked_at("seats", _seats)
        yield _looked_at("mail waiting", lambda: _oldest_mail(now))
    what = "mailbox" if settings.embedded_mailbox else "mail server"
    yield _looked_at(what, lambda: line_to_server(settings))
    if not settings.embedded_mailbox:
        yield _looked_at("bounces", lambda: mailbox_of_bounces(settings))
        yield from (Finding(*seen) for seen in names(settings))
    yield _looked_at("translations", lambda: _translations(settings))
    yield _looked_at("uploads", lambda: _writable(settings))
    if settings.bucket:
        yield _looked_at("bucket", lambda: _bucket(settings))


def _looked_at(what: str, look: Callable[[], str]) -> Finding:
    """A look that raises has found something."""
    try:
        return Finding(what, True, look())
    except (OSError, SQLAlchemyError, LookupError, RuntimeError, smtplib.SMTPException) as error:
        return Finding(what, False, " ".join(str(error).split())[:300])
    finally:
        db.session.rollback()


def _database() -> str:
    db.session.execute(text("SELECT 1"))
    return db.engine.url.render_as_string(hide_password=True)


def _migrations() -> str:
    if is_schema_behind():
        raise RuntimeError("some are missing; run: flask prepare")
    return "all there"


def _clock() -> str:
    """Whether this machine goes by the same time as the database."""
    ours = beats.Clock(clock.now)
    ours.set()
    if ours.is_wrong:
        raise RuntimeError(f"{ours.difference()}: mail comes at the wrong time; let both be set by NTP")
    return "agrees with the database's"


def _foreign_keys() -> str:
    """On SQLite they are a matter of the connection: are they on, and does every one lead somewhere?"""
    if db.engine.dialect.name != "sqlite":
        return "kept by the database"
    if not db.session.scalar(text("PRAGMA foreign_keys")):
        raise RuntimeError("they are off")
    broken = db.session.execute(text("PRAGMA foreign_key_check")).all()
    if broken:
        raise RuntimeError(f"{len(broken)} rows lead nowhere, the first in {broken[0][0]}")
    return "on, and all lead somewhere"


def _seats() -> str:
    """The number kept on each event against the places themselves."""
    counted = select(func.count()).where(Place.event_id == Event.id, Place.status.in_(SEATED)).scalar_subquery()
    wrong = db.session.scalars(select(Event.id).where(Event.seats_taken != counted)).all()
    if wrong:
        raise RuntimeError(f"{len(wrong)} events count wrongly: {', '.join(wrong[:5])}")
    return f"counted right on {db.session.scalar(select(func.count()).select_from(Event))} events"


def _oldest_mail(now: datetime) -> str:
    due = or_(Mail.status == "queued", Mail.status == "sending")
    oldest = db.session.scalar(select(func.min(Mail.due_at)).where(due, Mail.due_at <= now))
    if oldest is None:
        return "none"
    if now - oldest > LATE:
        raise RuntimeError(f"since {oldest:%Y-%m-%d %H:%M} UTC; is the worker running?")
    return f"since {oldest:%Y-%m-%d %H:%M} UTC"


def _translations(settings: Settings) -> str:
    missing = [
        code
        for code in settings.languages
        if code != "en" and not (ROOT / "translations" / code / "LC_MESSAGES" / "messages.mo").exists()
    ]
    if missing:
        raise RuntimeError(f"not compiled: {', '.join(missing)}")
    return "compiled"


def _writable(settings: Settings) -> str:
    probe = settings.instance / ".probe"
    probe.write_bytes(b"")
    probe.unlink()
    return str(settings.instance)


def _bucket(settings: Settings) -> str:
    """Whether a file can be kept there, read again and forgotten."""
    assert settings.bucket is not None
    store, content = open_store(settings), b"flask doctor"
    key = store.save(content)
    try:
        if store.read(key) != content:
            raise RuntimeError("what was kept there comes back as something else")
    finally:
        store.delete(key)
    where = settings.bucket.endpoint or f"Amazon, {settings.bucket.region}"
    return f"{settings.bucket.name} at {where}: written, read, deleted"


def is_empty() -> bool:
    """Whether the database holds nobody, or not even tables."""
    if not inspect(db.engine).has_table("people"):
        return True
    return not db.session.execute(text("SELECT 1 FROM people LIMIT 1")).first()
