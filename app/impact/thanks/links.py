"""The address in a letter of thanks: its reader's own page about one event, without a login, for a year."""

from datetime import datetime, timedelta

from app.access.signed_links import read_link, sign_link
from app.events.models import Event
from app.mail.outbox import Recipient

THANKS = "thanks"
GOOD_FOR = timedelta(days=366)


def thanks_path(event: Event, to: Recipient) -> str | None:
    """Where this reader finds certificates and the questions; institutions have no such page."""
    if to.person_id is None:
        return None
    facts = {"event": event.id, "reader": to.person_id}
    return f"/thanks/{sign_link(THANKS, facts, expires_at=event.ends_at + GOOD_FOR)}"


def thanked_by(token: str, *, now: datetime) -> tuple[str, str]:
    """(the event's id, the reader's person id) of such an address. Raises LinkWrong, LinkExpired."""
    facts = read_link(THANKS, token, now=now)
    return facts["event"], facts["reader"]
