"""The letter to a colleague whom somebody put into a brigade: what it means, and how to leave."""

from datetime import datetime

from app.mail.outbox import Recipient, queue_mail
from app.people.models import BrigadeMember, Person


def mail_added(member: BrigadeMember, *, now: datetime) -> None:
    """You are in this brigade; who has no e-mail finds it under "my brigade"."""
    colleague = member.person
    if not colleague.email:
        return
    queue_mail(
        key=f"brigade:added:{member.id}",
        template="people/brigade_added",
        to=recipient_of(colleague),
        context={
            "name": colleague.given_name or colleague.surname,
            "brigade": member.brigade.name,
            "leader": member.brigade.leader.short_name,
            "url": "/brigade",
        },
        now=now,
    )


def recipient_of(person: Person) -> Recipient:
    """How to write to somebody who has an e-mail."""
    return Recipient(
        address=person.email or "",
        name=person.short_name,
        language=person.language,
        person_id=person.id,
        given_name=person.given_name,
    )
