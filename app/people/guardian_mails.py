"""Letters about who decides for a child: to a new guardian, to the guardian who is asked, and to whoever asked."""

from datetime import datetime

from app.mail.outbox import queue_mail
from app.people.brigade_mails import recipient_of
from app.people.models import Guardianship, Person
from app.tasks.models import Task


def mail_became_guardian(guardianship: Guardianship, *, now: datetime) -> None:
    """You decide for this child too; their places stand under "my events"."""
    guardian, child = guardianship.guardian, guardianship.child
    _queue(
        f"guardian:{guardianship.id}:{now.isoformat()}", "people/became_guardian", guardian, now=now,
        child=child.given_name or child.surname, url="/my/children",
    )  # fmt: skip


def mail_grown_up(grown: Person, *, now: datetime) -> None:
    """You are 18: letters come to you now, and you sign up alone."""
    _queue(f"grown-up:{grown.id}", "people/grown_up", grown, now=now, url="/")


def mail_sharing_asked(task: Task, guardian: Person, *, child: Person, asker: Person, url: str, now: datetime) -> None:
    """Somebody says that they are this child's guardian too: yes or no, by one press."""
    _queue(
        f"share:{task.id}:{guardian.id}", "people/sharing_asked", guardian, now=now,
        child=child.given_name or child.surname, asker=asker.short_name, url=url,
    )  # fmt: skip


def mail_sharing_answered(task: Task, asker: Person, *, child: Person, is_yes: bool, now: datetime) -> None:
    """Whether the child is on your list now."""
    _queue(
        f"shared:{task.id}:{asker.id}", "people/sharing_answered", asker, now=now,
        child=child.given_name or child.surname, is_yes=is_yes, url="/my/children",
    )  # fmt: skip


def _queue(key: str, template: str, to: Person, *, now: datetime, **facts: str | bool) -> None:
    if to.email:
        context = {"name": to.given_name or to.surname, **facts}
        queue_mail(key=key, template=template, to=recipient_of(to), context=context, now=now)
