"""Publishing consent texts: each change is a new version, old answers keep theirs."""

from datetime import datetime

from sqlalchemy import Select, select

from app.accounts.actor import SYSTEM, Actor
from app.audit.operations import record
from app.consents.models import KINDS, Consent, ConsentText
from app.consents.policy import can_publish_text
from app.consents.texts import FIRST_TEXTS
from app.db import Texts, db, transaction
from app.errors import N_, Invalid, NotFound, require

LANGUAGES = ("kk", "ru", "en")
WORDLESS = N_("Write the text in all three languages: each guardian agrees in their own.")

UNCHANGED = N_("This is the text in force already, word for word.")


def publish_text(kind: str, text: Texts, *, now: datetime, actor: Actor) -> ConsentText:
    """Puts a new version in force from now on. Raises Invalid unless it is whole in all three languages."""
    with transaction() as session:
        require(can_publish_text(actor))
        if kind not in KINDS:
            raise NotFound
        words = {code: text.get(code, "").replace("\r\n", "\n").strip() for code in LANGUAGES}
        if not all(words.values()):
            raise Invalid({"text": WORDLESS})
        newest = db.session.scalars(_versions(kind).limit(1)).first()
        if newest and newest.text == words:
            raise Invalid({"text": UNCHANGED})
        row = ConsentText(kind=kind, version=newest.version + 1 if newest else 1, text=words, published_at=now)
        session.add(row)
        session.flush()
        record(actor, "publish_consent_text", row, now=now)
    return row


def install_first_texts(*, now: datetime) -> None:
    """Makes sure that an installation has a text of each kind to consent to; does nothing where there is one."""
    present = set(db.session.scalars(select(ConsentText.kind)))
    for kind, text in FIRST_TEXTS.items():
        if kind not in present:
            publish_text(kind, text, now=now, actor=SYSTEM)


def log_scan_view(consent: Consent, *, now: datetime, actor: Actor) -> None:
    """Writes down that somebody looked at a signed paper."""
    with transaction():
        record(actor, "view_consent_scan", consent, now=now)


def _versions(kind: str) -> Select[ConsentText]:
    return select(ConsentText).where(ConsentText.kind == kind).order_by(ConsentText.version.desc())
