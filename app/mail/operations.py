"""What a person may do by hand: have a letter tried again, let an address have letters again."""

from datetime import datetime

from sqlalchemy import delete, select

from app.accounts.actor import Actor
from app.audit.operations import record
from app.db import lock, transaction
from app.errors import N_, DomainError
from app.mail.models import Mail, Suppression
from app.mail.whereabouts import table


class NotFailed(DomainError):
    """Only what was given up can be tried again."""

    type = "mail-not-failed"
    title = N_("This letter did not fail")
    message = N_("This letter did not fail, so there is nothing to try again.")


class MailTooLate(DomainError):
    """What the letter speaks of has begun."""

    type = "mail-too-late"
    title = N_("Too late for this letter")
    message = N_("What this letter speaks of has begun. It is too late to send it.")


class ReadersOwnWish(DomainError):
    """Who wants no letters decides that alone."""

    type = "suppression-readers-own"
    title = N_("The reader wants no such letters")
    message = N_("The reader asked for no such letters. Only the reader can take that back, by the link in any letter.")


def lift_suppression(row: Suppression, *, now: datetime, actor: Actor) -> None:
    """Letters go to an address again whose mailbox works again. Raises ReadersOwnWish for what its reader asked for."""
    with transaction() as session:
        lock(row)
        if row.reason != "bounced":
            raise ReadersOwnWish
        record(actor, "lift_suppression", row, now=now)
        session.delete(row)


def retry_mail(mail: Mail, *, now: datetime, actor: Actor) -> None:
    """Queues a failed letter again, to the address that its person has now; the address gets a new chance.

    Raises NotFailed, MailTooLate.
    """
    with transaction() as session:
        lock(mail)
        if mail.status != "failed":
            raise NotFailed
        if mail.expires_at is not None and mail.expires_at <= now:
            raise MailTooLate
        people = table("people").c
        address = session.scalar(select(people.email).where(people.id == mail.person_id)) or mail.recipient
        changes = {"status": (mail.status, "queued"), "recipient": (mail.recipient, address)}
        session.execute(
            delete(Suppression).where(Suppression.address == address.lower(), Suppression.reason == "bounced")
        )
        mail.recipient = address
        mail.status = "queued"
        mail.attempts = 0
        mail.due_at = max(now, mail.not_before)
        record(actor, "retry", mail, now=now, changes=changes)
