"""Letters about logins: one function each. Safety of a login is not optional, so nobody unsubscribes from these."""

from datetime import datetime

from app.access.models import AccessCode
from app.accounts.models import Delegation
from app.mail.outbox import Recipient, queue_mail
from app.people.models import Person


def mail_activation(person: Person, code: AccessCode, *, secret: str, now: datetime) -> None:
    """Make your login, with the link that does it once."""
    _mail("activation", f"/activation/{secret}", person, code, now=now)


def mail_new_password(person: Person, code: AccessCode, *, secret: str, now: datetime) -> None:
    """Set a new password, with the link that does it once."""
    _mail("password", f"/password/{secret}", person, code, now=now)


def _mail(letter: str, url: str, person: Person, code: AccessCode, *, now: datetime) -> None:
    to = Recipient(person.email or "", person.short_name, person.language, person.id, given_name=person.given_name)
    queue_mail(
        key=f"access:{letter}:{code.id}",
        template=f"access/{letter}",
        to=to,
        context={
            "name": person.given_name or person.surname,
            "url": url,
            "ends_at": code.expires_at.isoformat(),
            "personnel_number": person.personnel_number,
        },
        now=now,
        expires_at=code.expires_at,
    )


def mail_delegation(row: Delegation, *, lender: Person, deputy: Person, now: datetime) -> None:
    """You stand in for somebody, from when to when; nothing where the deputy has no address."""
    if not deputy.email:
        return
    to = Recipient(deputy.email, deputy.short_name, deputy.language, deputy.id, given_name=deputy.given_name)
    context = {
        "name": deputy.given_name or deputy.surname,
        "lender": lender.short_name,
        "from_on": row.from_on.isoformat(),
        "until_on": row.until_on.isoformat(),
        "reason": row.reason,
        "url": "/me/delegation",
    }
    queue_mail(key=f"access:delegation:{row.id}", template="access/delegation", to=to, context=context, now=now)
