"""Addresses by which somebody answers without a login: signed, for one row and one reader.

The address opens its page until the event is over, so that it can still say what became of the offer; the answer
itself is taken once and until the row's own deadline.
"""

from datetime import datetime

from app.access.signed_links import read_link, sign_link
from app.mail.outbox import Recipient
from app.signups.models import Approval, Offer

OFFER, APPROVAL = "offer", "approval"


def offer_path(offer: Offer, to: Recipient) -> str:
    """Where this reader answers the offer."""
    return f"/offers/{_token(OFFER, offer, to)}"


def approval_path(approval: Approval, to: Recipient) -> str:
    """Where this reader says whether the party may go."""
    return f"/approvals/{_token(APPROVAL, approval, to)}"


def named_by(purpose: str, token: str, *, now: datetime) -> tuple[str, str | None]:
    """(the row's id, the reader's person id) of a link. Raises LinkWrong, LinkExpired."""
    facts = read_link(purpose, token, now=now)
    return facts["row"], facts["reader"] or None


def _token(purpose: str, row: Offer | Approval, to: Recipient) -> str:
    return sign_link(purpose, {"row": row.id, "reader": to.person_id or ""}, expires_at=row.signup.event.ends_at)
