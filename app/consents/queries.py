"""Which text is in force, and who has answered it."""

from sqlalchemy import select

from app.consents.models import Consent, ConsentText
from app.db import db
from app.errors import NotFound


def current_text(kind: str) -> ConsentText:
    """The newest version of a consent text; raises NotFound where none was published."""
    query = select(ConsentText).where(ConsentText.kind == kind).order_by(ConsentText.version.desc()).limit(1)
    found = db.session.scalars(query).first()
    if found is None:
        raise NotFound
    return found


def consent_states(event_id: str, kind: str = "participation") -> dict[str, bool]:
    """{child's id: True} for every child of the event with a standing yes; ask with `.get(child_id, False)`."""
    query = select(Consent.child_id).where(
        Consent.event_id == event_id, Consent.kind == kind, Consent.revoked_at.is_(None)
    )
    return dict.fromkeys(db.session.scalars(query), True)


def standing_consents(child_id: str, event_id: str) -> list[Consent]:
    """Every yes that holds for this child and event."""
    query = select(Consent).where(
        Consent.child_id == child_id, Consent.event_id == event_id, Consent.revoked_at.is_(None)
    )
    return list(db.session.scalars(query))
