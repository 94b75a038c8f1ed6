"""Writing follow-ups down, changing them, moving them on: each act leaves a line in the history."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select

from app.accounts.actor import Actor
from app.audit.operations import differences, record
from app.db import db, lock, new_id, transaction
from app.errors import require
from app.events.models import Event, Stop
from app.files import FileStore
from app.impact.follow_up.drafts import Draft, check
from app.impact.follow_up.due import next_step_on
from app.impact.follow_up.errors import (
    ChangedMeanwhile,
    IsOver,
    NobodyToWrite,
    NoReason,
    NoSuchMove,
    NothingSaid,
    NothingToTell,
)
from app.impact.follow_up.evidence import Upload, kept_evidence
from app.impact.follow_up.history import write_entry
from app.impact.follow_up.mails import mail_given, take_letters_back
from app.impact.follow_up.policy import can_follow_up
from app.impact.follow_up.readers import FollowUp, with_its_own
from app.impact.follow_up.states import may_go
from app.tasks.models import DONE, DROPPED, INSTRUCTION, OPEN, WORKING, Task, TaskEntry

OWNERS = ("owner_id", "owner", "owner_email")
TOLD_AGAIN = (*OWNERS, "text", "due_on")


def add_follow_up(draft: Draft, *, now: datetime, actor: Actor) -> Task:
    """Writes it down and tells its owner by letter; whoever has none waits on the coordinators' list.

    Raises Invalid by field, NotAllowed.
    """
    with transaction() as session:
        checked = check(draft, actor=actor)
        task = Task(id=new_id(), kind=INSTRUCTION, created_at=now, created_by_id=actor.account_id, **checked.columns)
        task.key = f"follow-up:{task.id}"
        session.add(task)
        session.flush()
        one = with_its_own(task)
        _plan(one, now=now)
        write_entry(task, "made", now=now, actor=actor)
        _tell(one, now=now, actor=actor)
        record(actor, "add_follow_up", task, now=now)
    return task


def adopt_instructions(event: Event, *, now: datetime, actor: Actor) -> int:
    """Makes follow-ups of the instructions written down at the stops of a trip; says how many are new. Run again it
    finds none. Nobody is named in them yet, so nobody is written to. Raises NotAllowed."""
    with transaction() as session:
        lock(event)
        require(can_follow_up(actor, city=event.site.city, event=event))
        missing = not_adopted(event)
        for key, text in missing:
            task = Task(id=new_id(), key=key, kind=INSTRUCTION, text=text, city=event.site.city, event_id=event.id)
            task.created_at, task.created_by_id = now, actor.account_id
            session.add(task)
            session.flush()
            write_entry(task, "made", now=now, actor=actor)
            record(actor, "add_follow_up", task, now=now)
    return len(missing)


def not_adopted(event: Event) -> list[tuple[str, dict[str, str]]]:
    """(key, text) of the stops' instructions of which no follow-up was made, neither from here nor word for word."""
    stops = db.session.scalars(select(Stop).where(Stop.event_id == event.id).order_by(Stop.position)).all()
    keyed = [
        (f"stop:{stop.id}:{number}", dict(text))
        for stop in stops
        for number, text in enumerate(stop.instructions, start=1)
        if any(text.values())
    ]
    if not keyed:
        return []
    here = or_(Task.event_id == event.id, Task.key.in_([key for key, _ in keyed]))
    known = db.session.execute(select(Task.key, Task.text).where(Task.kind == INSTRUCTION, here)).all()
    keys = {key for key, _ in known}
    said = {words.strip() for _, text in known for words in text.values()} - {""}
    return [(key, text) for key, text in keyed if key not in keys and not said & {w.strip() for w in text.values()}]


def change_follow_up(task: Task, draft: Draft, *, version: int, now: datetime, actor: Actor) -> None:
    """Corrects it; `version` is the one that the writer saw. Another owner gets a letter and the old link ends.

    Raises ChangedMeanwhile, IsOver, Invalid by field, NotAllowed.
    """
    with transaction():
        one = _locked(task, actor)
        if task.is_over:
            raise IsOver
        if task.version != version:
            raise ChangedMeanwhile
        changes = differences(task, check(draft, actor=actor).columns)
        if not changes:
            return
        if changes.keys() & set(OWNERS):
            take_letters_back(one, now=now)
            task.link_number += 1
        for name, (_, after) in changes.items():
            setattr(task, name, after)
        task.version += 1
        one = with_its_own(task)
        write_entry(task, "changed", now=now, actor=actor, changes=changes)
        if "due_on" in changes:
            _plan(one, now=now)
        if changes.keys() & set(TOLD_AGAIN):
            _tell(one, is_changed=not changes.keys() & set(OWNERS), now=now, actor=actor)
        record(actor, "change_follow_up", task, now=now, changes=changes)


def move_follow_up(task: Task, state: str, *, note: str = "", now: datetime, actor: Actor) -> None:
    """Takes it up, finishes it, drops it with a reason, or opens it again. Raises NoSuchMove, NoReason, NotAllowed."""
    with transaction():
        one = _locked(task, actor)
        before = task.state
        if not may_go(before, state):
            raise NoSuchMove
        if state == DROPPED and not note:
            raise NoReason
        put(one, state, reason=note, now=now, actor=actor)
        write_entry(task, "moved", now=now, actor=actor, note=note, changes={"state": (before, state)})
        record(actor, "move_follow_up", task, now=now, changes={"state": (before, state)})


def note_follow_up(
    task: Task, note: str, upload: Upload | None, *, store: FileStore, now: datetime, actor: Actor
) -> TaskEntry:
    """Adds words, a paper or a photograph, also to what is over. Raises NothingSaid, FileTooLarge, FileUnfit."""
    if not note and upload is None:
        raise NothingSaid
    with kept_evidence(upload, store=store) as kept, transaction():
        _locked(task, actor)
        entry = write_entry(task, "noted", now=now, actor=actor, note=note, kept=kept)
        record(actor, "note_follow_up", task, now=now)
    return entry


def ask_owner(task: Task, *, now: datetime, actor: Actor) -> None:
    """The letter with the link goes once more. Raises IsOver, NobodyToWrite."""
    with transaction():
        one = _locked(task, actor)
        if task.is_over:
            raise IsOver
        if not mail_given(one, now=now):
            raise NobodyToWrite(name=one.owner_name)
        write_entry(task, "asked", now=now, actor=actor)
        record(actor, "ask_owner", task, now=now)


def note_told(task: Task, *, now: datetime, actor: Actor) -> None:
    """Somebody told the owner, who has no e-mail; it leaves the list until there is something new to tell.

    Raises NothingToTell.
    """
    with transaction():
        _locked(task, actor)
        if task.unreached_at is None:
            raise NothingToTell
        task.unreached_at = None
        write_entry(task, "told", now=now, actor=actor)
        record(actor, "note_told", task, now=now)


def put(one: FollowUp, state: str, *, reason: str = "", now: datetime, actor: Actor) -> None:
    """Sets the times of a locked follow-up so that it stands there; what is over is nobody's to hear of any more."""
    task = one.task
    task.done_at = task.done_by_id = task.dropped_at = None
    task.dropped_reason = ""
    if state == OPEN:
        task.started_at = None
    if state == WORKING:
        task.started_at = now
    if state in (DONE, DROPPED):
        task.done_at, task.done_by_id = now, actor.account_id
        task.next_step_on = task.unreached_at = None
        take_letters_back(one, now=now)
    else:
        _plan(one, now=now)
    if state == DROPPED:
        task.dropped_at, task.dropped_reason = now, reason


def _locked(task: Task, actor: Actor) -> FollowUp:
    lock(task)
    one = with_its_own(task)
    require(can_follow_up(actor, city=task.city, event=one.event))
    return one


def _plan(one: FollowUp, *, now: datetime) -> None:
    """A day on which the letter itself goes needs no reminder."""
    today = now.astimezone(ZoneInfo(one.timezone)).date()
    one.task.next_step_on = next_step_on(one.task.due_on, after=today)


def _tell(one: FollowUp, *, is_changed: bool = False, now: datetime, actor: Actor) -> None:
    if not one.has_owner:
        one.task.unreached_at = None
    elif mail_given(one, is_changed=is_changed, now=now):
        one.task.unreached_at = None
        write_entry(one.task, "asked", now=now, actor=actor)
    else:
        one.task.unreached_at = now
        write_entry(one.task, "unreached", now=now, actor=actor)
