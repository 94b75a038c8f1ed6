"""The very letter, for those who may see it: written again from its row, without what opens a door."""

import logging
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from app.mail import mailbox
from app.mail.masking import is_secret, masked_calendar, masked_html, masked_text
from app.mail.models import Mail
from app.mail.overriding import override_at
from app.mail.press import Press, the_letter
from app.mail.rendering import Claimed
from config import Settings

log = logging.getLogger(__name__)

CALENDAR = "text/calendar"


@dataclass(frozen=True)
class Shown:
    """A letter for a page. `is_the_same`: whether its bytes are proven to be those that left."""

    subject: str
    sender: str
    recipient: str
    text: str
    html: bytes | None
    calendar: str | None
    is_the_same: bool


def why_hidden(mail: Mail) -> str | None:
    """Why nobody is shown what it says: "secret", "deleted"; None if it can be shown."""
    if is_secret(mail.template):
        return "secret"
    return "deleted" if mail.body_deleted_at is not None else None


def shown(mail: Mail, settings: Settings, press: Press, *, instead: str) -> Shown | None:
    """The letter with `instead` in place of links that are keys; None where it is hidden or can't be written."""
    if why_hidden(mail):
        return None
    raw, is_the_same = _very_letter(mail, settings, press)
    if raw is None:
        return None
    message: Any = message_from_bytes(raw, policy=default)
    hide = {"own": settings.base_url, "instead": instead}
    page, entry = mailbox.html_of(message), _calendar(message)
    return Shown(
        subject=str(message["Subject"]),
        sender=str(message["From"]),
        recipient=str(message["To"]),
        text=masked_text(mailbox.text_of(message), **hide),
        html=masked_html(page.decode(), **hide).encode() if page is not None else None,
        calendar=masked_calendar(entry, **hide) if entry is not None else None,
        is_the_same=is_the_same,
    )


def _very_letter(mail: Mail, settings: Settings, press: Press) -> tuple[bytes | None, bool]:
    """Its bytes, and whether they are proven to be those that left."""
    raw = the_letter(mail, settings, press)
    return (raw, True) if raw is not None else (_anew(mail, press), False)


def _anew(mail: Mail, press: Press) -> bytes | None:
    """As today's templates write it; None where they want what old letters don't have."""
    at = mail.handed_at or mail.sent_at or mail.not_before
    claimed = Claimed(
        mail.id, mail.template, mail.recipient, mail.recipient_name, mail.language, mail.context, mail.calendar,
        mail.optional, mail.attempts, mail.created_at, mail.reader_zone,
        override_at(mail.event_id, mail.template, mail.language, at=at),
    )  # fmt: skip
    try:
        return press.directly(claimed, now=at).message
    except Exception:  # whatever a template does, the page of the record stands
        log.info("mail %s can't be written again", mail.id, exc_info=True)
        return None


def _calendar(message: EmailMessage) -> str | None:
    for part in message.walk():
        if part.get_content_type() == CALENDAR:
            return str(part.get_content())
    return None
