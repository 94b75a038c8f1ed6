"""The link by which an owner answers without a login."""

from datetime import UTC, datetime, time, timedelta

from app.access.signed_links import read_link, sign_link
from app.db import db
from app.errors import NotFound
from app.impact.follow_up.readers import FollowUp, with_its_own
from app.tasks.models import INSTRUCTION, Task

FOLLOW_UP = "follow-up"
LASTS = timedelta(days=180)


def answer_path(task: Task, *, now: datetime) -> str:
    """Where it is answered: until half a year after its day, or after today where that is later."""
    day = datetime.combine(task.due_on, time(), UTC) if task.due_on else now
    facts = {"row": task.id, "number": str(task.link_number)}
    return f"/follow-ups/answer/{sign_link(FOLLOW_UP, facts, expires_at=max(day, now) + LASTS)}"


def follow_up_by_link(token: str, *, now: datetime) -> FollowUp:
    """What a letter's link names. Raises LinkWrong, LinkExpired, and NotFound once somebody else is to do it."""
    facts = read_link(FOLLOW_UP, token, now=now)
    task = db.session.get(Task, facts["row"])
    if task is None or task.kind != INSTRUCTION or str(task.link_number) != facts["number"]:
        raise NotFound
    return with_its_own(task)
