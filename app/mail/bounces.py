"""An address that takes no mail: nothing more is sent there, and a coordinator is asked to mend it."""

import hashlib
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

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


def note_bad_address(mail_id: str, *, now: datetime) -> None:
    """Stops letters to this letter's address and asks the city's coordinators to mend it, once until it is done."""
    with transaction() as session:
        mail = session.get(Mail, mail_id)
        if mail is None:
            return
        suppress(mail.recipient, "bounced", now=now)
        city = session.scalar(select(city_of(mail.event_id, mail.person_id)))
        who = mail.recipient_name or mail.recipient
        digest = hashlib.sha256(mail.recipient.lower().encode()).hexdigest()[:32]
        row = {
            "id": new_id(),
            "key": f"bad-address:{digest}",
            "kind": "bad-address",
            "text": {code: words.format(who=who, address=mail.recipient) for code, words in WORDS.items()},
            "city": city,
            "event_id": mail.event_id,
            "person_id": mail.person_id,
            "owner": "",
            "created_at": now,
        }
        insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
        asked = insert(Task).values(row)
        again = {"created_at": now, "done_at": None, "done_by_id": None, "text": asked.excluded.text}
        session.execute(
            asked.on_conflict_do_update(index_elements=["key"], set_=again, where=Task.done_at.is_not(None))
        )
