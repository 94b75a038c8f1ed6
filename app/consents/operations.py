"""Publishing consent texts: each change is a new version, old answers keep theirs."""

from datetime import datetime

from sqlalchemy import func, select

from app.accounts.actor import SYSTEM, Actor
from app.audit.operations import record
from app.consents.models import ConsentText
from app.consents.texts import FIRST_TEXTS
from app.db import Texts, db, transaction


def publish_text(kind: str, text: Texts, *, now: datetime, actor: Actor) -> ConsentText:
    """Puts a new version in force from now on."""
    with transaction() as session:
        newest = db.session.scalar(select(func.max(ConsentText.version)).where(ConsentText.kind == kind)) or 0
        row = ConsentText(kind=kind, version=newest + 1, text=text, published_at=now)
        session.add(row)
        session.flush()
        record(actor, "publish_consent_text", row, now=now)
    return row


def install_first_texts(*, now: datetime) -> None:
    """Makes sure that a new installation has texts to consent to; does nothing where there are some."""
    present = set(db.session.scalars(select(ConsentText.kind)))
    for kind, text in FIRST_TEXTS.items():
        if kind not in present:
            publish_text(kind, text, now=now, actor=SYSTEM)
