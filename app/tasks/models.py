"""Follow-ups for a person: an instruction, a bad address, two people who may be one."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import IMPERSONAL, Base, Texts, filled_index, new_id, one_of, personal

TERM = "1 year after done"
INSTRUCTION = "instruction"
OPEN, WORKING, DONE, DROPPED = STATES = ("open", "working", "done", "dropped")
ENTRY_KINDS = ("made", "changed", "moved", "noted", "answered", "asked", "told", "reminded", "unreached", "escalated")


class Task(Base):
    """Something that somebody must do. `key` keeps a machine from asking twice for the same.

    Where it stands is said by its times: whatever is dropped is over, too, so `done_at` is empty while there is
    something to do. Its owner is a person (`owner_id`) or somebody outside (`owner`, perhaps with an e-mail).
    `next_step_on` is the day of the next reminder, `unreached_at` since when the owner waits to be told by hand.
    """

    __tablename__ = "tasks"
    __table_args__ = (
        one_of("kind", "instruction", "bad-address", "possible-duplicate", "conflict", "appeal"),
        one_of("owner_language", "kk", "ru", "en"),
        CheckConstraint("owner_id IS NULL OR (owner = '' AND owner_email = '')", name="one_owner"),
        CheckConstraint("dropped_at IS NULL OR done_at IS NOT NULL", name="dropped_is_over"),
        CheckConstraint("(dropped_at IS NULL) = (dropped_reason = '')", name="dropped_with_reason"),
        Index("ix_tasks_kind_done", "kind", "done_at"),
        filled_index("ix_tasks_next_step", "next_step_on"),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    key: Mapped[str] = mapped_column(String(120), unique=True, info=IMPERSONAL)
    kind: Mapped[str] = mapped_column(String(30), info=IMPERSONAL)
    text: Mapped[Texts] = mapped_column(info=personal("names in a follow-up", TERM))
    city: Mapped[str | None] = mapped_column(ForeignKey("cities.slug"), index=True)
    event_id: Mapped[str | None] = mapped_column(ForeignKey("events.id"), index=True)
    person_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"), index=True)
    owner: Mapped[str] = mapped_column(String(200), default="", info=personal("who is asked", TERM))
    owner_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"), index=True)
    owner_email: Mapped[str] = mapped_column(
        String(254), default="", server_default="", info=personal("e-mail of who is asked", TERM)
    )
    owner_language: Mapped[str] = mapped_column(String(2), default="kk", server_default="kk", info=IMPERSONAL)
    link_number: Mapped[int] = mapped_column(default=0, server_default="0")
    due_on: Mapped[date | None] = mapped_column(info=IMPERSONAL)
    next_step_on: Mapped[date | None] = mapped_column(info=IMPERSONAL)
    unreached_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=0, server_default="0")
    created_at: Mapped[datetime]
    created_by_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    started_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    done_by_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    dropped_at: Mapped[datetime | None]
    dropped_reason: Mapped[str] = mapped_column(
        String(500), default="", server_default="", info=personal("why it was dropped", TERM)
    )

    @property
    def state(self) -> str:
        """open, working, done or dropped."""
        if self.dropped_at is not None:
            return DROPPED
        if self.done_at is not None:
            return DONE
        return OPEN if self.started_at is None else WORKING

    @property
    def is_over(self) -> bool:
        """Whether there is nothing left to do."""
        return self.done_at is not None

    def is_late(self, today: date) -> bool:
        """Whether its day has passed and it is not done."""
        return self.done_at is None and self.due_on is not None and self.due_on < today


class TaskEntry(Base):
    """One line of a follow-up's history: who did what and when. Only ever added to.

    `occasion` names what happens once alone: a reminder of one due day. `changes` is {field: [before, after]}.
    """

    __tablename__ = "task_entries"
    __table_args__ = (
        one_of("kind", *ENTRY_KINDS),
        CheckConstraint("(file_key IS NULL) = (media_type IS NULL)", name="file_has_type"),
        Index("uq_task_entries_occasion", "task_id", "occasion", unique=True),
        Index("ix_task_entries_task", "task_id", "at"),
        filled_index("ix_task_entries_file", "file_key"),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    task_id: Mapped[str] = mapped_column(ForeignKey("tasks.id", ondelete="CASCADE"))
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(10), info=IMPERSONAL)
    account_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    by_owner: Mapped[bool] = mapped_column(default=False)
    occasion: Mapped[str | None] = mapped_column(String(40), info=IMPERSONAL)
    note: Mapped[str] = mapped_column(String(2000), default="", info=personal("words about a follow-up", TERM))
    changes: Mapped[dict[str, Any]] = mapped_column(default=dict, info=personal("who is asked, and what", TERM))
    file_key: Mapped[str | None] = mapped_column(String(64), info=IMPERSONAL)
    media_type: Mapped[str | None] = mapped_column(String(40), info=IMPERSONAL)
    file_name: Mapped[str] = mapped_column(String(200), default="", info=personal("name of a file", TERM))
