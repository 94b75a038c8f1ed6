"""Letters that wait, when their reader is somebody else now or reads another language.

For readers who are nobody of ours (a contact of an institution): our own people's letters know the person.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select

from app.db import lock, transaction
from app.mail.models import Mail
from app.mail.outbox import Recipient


def readdress(
    was: str,
    to: Recipient | None,
    *,
    now: datetime,
    event_id: str | None = None,
    only: Collection[str] = (),
    but: Collection[str] = (),
    about: Collection[str] = (),
) -> int:
    """Sends what waits for the address `was` to this reader instead, in their language; None takes it back.

    Templates that begin with one of `only` and with none of `but`, keys that name one of `about`. A letter that is
    just being sent stays as it is. Says how many letters were changed.
    """
    theirs = [Mail.recipient == was, Mail.person_id.is_(None), Mail.status == "queued", Mail.cancelled_at.is_(None)]
    theirs += [Mail.event_id == event_id] if event_id else []
    theirs += [or_(*(Mail.key.contains(f":{word}:", autoescape=True) for word in about))] if about else []
    theirs += [or_(*_begins(only))] if only else []
    with transaction() as session:
        waiting = session.scalars(select(Mail).where(*theirs, *(~one for one in _begins(but)))).all()
        for mail in waiting:
            lock(mail)
        changed = [mail for mail in waiting if mail.status == "queued"]
        for mail in changed:
            _take_back(mail, now=now) if to is None else _give_to(mail, to)
        return len(changed)


def _begins(templates: Collection[str]) -> list[ColumnElement[bool]]:
    return [Mail.template.startswith(one, autoescape=True) for one in templates]


def _take_back(mail: Mail, *, now: datetime) -> None:
    mail.status, mail.cancelled_at = "cancelled", now


def _give_to(mail: Mail, to: Recipient) -> None:
    mail.recipient, mail.recipient_name, mail.language = to.address, to.name[:200], to.language
    mail.domain = to.address.rpartition("@")[2].lower()[:255]
    if "name" in mail.context:
        mail.context = {**mail.context, "name": to.given_name or to.name}
