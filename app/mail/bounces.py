"""An address that takes no mail, or whose reader called a letter spam: a coordinator is asked to see to it."""

import hashlib
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.db import new_id, transaction
from app.mail.models import Mail
from app.mail.unsubscribing import suppress
from app.mail.whereabouts import city_of
from app.tasks.models import Task

WORDS = {
    "kk": "{who} хат ала алмайды: {address} мекенжайы жұмыс істемейді. Дұрысын сұрап, түзетіңіз.",
    "ru": "{who} не получает писем: адрес {address} не работает. Узнайте верный и исправьте.",
    "en": "{who} gets no mail: the address {address} does not work. Ask for the right one and correct it.",
}
COMPLAINT = {
    "kk": "{who} ({address}) хатымызды спам деп белгіледі. Енді тек растау мен өзгерістер барады; сөйлесіп көріңіз.",
    "ru": "{who} ({address}) отметил наше письмо как спам. Теперь приходят лишь подтверждения и изменения; поговорите.",
    "en": "{who} ({address}) marked our letter as spam. Only confirmations and changes go there now; have a word.",
}


def note_bad_address(mail_id: str, *, now: datetime) -> None:
    """Stops letters to this letter's address and asks the city's coordinators to mend it, once until it is done."""
    with transaction() as session:
        mail = session.get(Mail, mail_id)
        if mail is None:
            return
        suppress(mail.recipient, "bounced", now=now)
        _ask(session, mail, "bad-address", WORDS, now=now)


def note_complaint(mail_id: str, *, now: datetime) -> None:
    """Stops optional letters to this letter's address; tickets, changes and consents still go."""
    with transaction() as session:
        mail = session.get(Mail, mail_id)
        if mail is None:
            return
        suppress(mail.recipient, "complained", now=now)
        _ask(session, mail, "complaint", COMPLAINT, now=now)


def _ask(session: Session, mail: Mail, about: str, words: Mapping[str, str], *, now: datetime) -> None:
    """The task; one that was done is opened again, one that is open stays as it is."""
    who = mail.recipient_name or mail.recipient
    digest = hashlib.sha256(mail.recipient.lower().encode()).hexdigest()[:32]
    row = {
        "id": new_id(),
        "key": f"{about}:{digest}",
        "kind": "bad-address",
        "text": {code: sentence.format(who=who, address=mail.recipient) for code, sentence in words.items()},
        "city": session.scalar(select(city_of(mail.event_id, mail.person_id))),
        "event_id": mail.event_id,
        "person_id": mail.person_id,
        "owner": "",
        "created_at": now,
    }
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    asked = insert(Task).values(row)
    again = {"created_at": now, "done_at": None, "done_by_id": None, "text": asked.excluded.text}
    session.execute(asked.on_conflict_do_update(index_elements=["key"], set_=again, where=Task.done_at.is_not(None)))
