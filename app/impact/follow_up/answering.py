"""What the owner of a follow-up says, by the link of a letter or logged in. Only the POST of a button answers."""

from datetime import datetime

from app.accounts.actor import Actor
from app.audit.operations import record
from app.db import lock, transaction
from app.errors import NotFound
from app.files import FileStore
from app.impact.follow_up.errors import IsOver, NoSuchMove, NothingSaid
from app.impact.follow_up.evidence import Upload, kept_evidence
from app.impact.follow_up.history import write_entry
from app.impact.follow_up.mails import mail_answered
from app.impact.follow_up.operations import put
from app.impact.follow_up.readers import FollowUp, with_its_own
from app.impact.follow_up.states import may_go
from app.tasks.models import WORKING

CANT = "cant"


def answer_follow_up(
    one: FollowUp,
    state: str,
    *,
    note: str = "",
    upload: Upload | None = None,
    store: FileStore,
    now: datetime,
    actor: Actor,
) -> None:
    """In work, done, or (`cant`) not possible, perhaps with words and a file. The coordinators hear of all but a plain
    "in work"; whether it is dropped is theirs to say.

    Raises IsOver, NoSuchMove, NothingSaid, FileTooLarge, FileUnfit; NotFound once somebody else is to do it.
    """
    task, number = one.task, one.task.link_number
    with kept_evidence(upload, store=store) as kept, transaction():
        lock(task)
        if task.link_number != number:
            raise NotFound
        if task.is_over:
            raise IsOver
        one, before = with_its_own(task), task.state
        _check(before, state, note, upload)
        changes = {} if state in (CANT, before) else {"state": (before, state)}
        if changes:
            put(one, state, now=now, actor=actor)
        entry = {"state": (before, state)}
        write_entry(task, "answered", now=now, actor=actor, note=note, changes=entry, kept=kept, by_owner=True)
        if state != WORKING or note or kept:
            mail_answered(one, state=state, note=note, has_file=kept is not None, now=now)
        record(actor, "answer_follow_up", task, now=now, changes=changes)


def _check(before: str, state: str, note: str, upload: Upload | None) -> None:
    if state == CANT:
        if not note:
            raise NothingSaid
    elif state == before:
        if not note and upload is None:
            raise NothingSaid
    elif not may_go(before, state, is_owner=True):
        raise NoSuchMove
