"""Addresses by which somebody answers without a login: signed, for one row and one reader.

The address opens its page until the event is over, so that it can still say what became of the offer; the answer
itself is taken once and until the row's own deadline.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from app.access.signed_links import read_link, sign_link
from app.events.models import Event
from app.mail.outbox import Recipient
from app.signups.models import Approval, InvitationContact, Offer, Place

OFFER, APPROVAL, LEAVE, LIST = "offer", "approval", "leave", "list"
A_YEAR = timedelta(days=366)
MOST_NAMED = 12  # places; an address with more is cut by some programs


def offer_path(offer: Offer, to: Recipient) -> str:
    """Where this reader answers the offer."""
    return f"/offers/{_token(OFFER, offer, to)}"


def approval_path(approval: Approval, to: Recipient) -> str:
    """Where this reader says whether the party may go."""
    return f"/approvals/{_token(APPROVAL, approval, to)}"


def cant_come_path(event: Event, to: Recipient, places: Sequence[Place]) -> str | None:
    """Where this reader gives back these places and no others; None for institutions, who have their list, and for
    parties too large for an address."""
    if to.person_id is None or len(places) > MOST_NAMED:
        return None
    facts = {"places": ",".join(place.id for place in places), "reader": to.person_id}
    return f"/cant-come/{sign_link(LEAVE, facts, expires_at=event.ends_at)}"


def leaving_by(token: str, *, now: datetime) -> tuple[list[str], str]:
    """(ids of the places, the reader's person id) of a link to give them back. Raises LinkWrong, LinkExpired."""
    facts = read_link(LEAVE, token, now=now)
    return facts["places"].split(","), facts["reader"]


def list_path(contact: InvitationContact) -> str:
    """The contact's list once more: good as long as the link that the invitation's letter held."""
    facts = {"contact": contact.id, "link": contact.secret_hash[:24]}
    over = contact.invitation.event.ends_at + A_YEAR  # the list itself says when it is over
    return f"/invitations/{sign_link(LIST, facts, expires_at=over)}"


def list_by(token: str, *, now: datetime) -> tuple[str, str]:
    """(the contact's id, the first letters of the link's hash) of such an address. Raises LinkWrong, LinkExpired."""
    facts = read_link(LIST, token, now=now)
    return facts["contact"], facts["link"]


def named_by(purpose: str, token: str, *, now: datetime) -> tuple[str, str | None]:
    """(the row's id, the reader's person id) of a link. Raises LinkWrong, LinkExpired."""
    facts = read_link(purpose, token, now=now)
    return facts["row"], facts["reader"] or None


def _token(purpose: str, row: Offer | Approval, to: Recipient) -> str:
    return sign_link(purpose, {"row": row.id, "reader": to.person_id or ""}, expires_at=row.signup.event.ends_at)
