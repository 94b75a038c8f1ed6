"""Follow-ups for a person: an instruction, a bad address, two people who may be one."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import IMPERSONAL, Base, Texts, new_id, one_of, personal


class Task(Base):
    """Something that somebody must do. `key` keeps a machine from asking twice for the same."""

    __tablename__ = "tasks"
    __table_args__ = (one_of("kind", "instruction", "bad-address", "possible-duplicate", "conflict", "appeal"),)

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    key: Mapped[str] = mapped_column(String(120), unique=True, info=IMPERSONAL)
    kind: Mapped[str] = mapped_column(String(30), info=IMPERSONAL)
    text: Mapped[Texts] = mapped_column(info=personal("names in a follow-up", "1 year after done"))
    city: Mapped[str | None] = mapped_column(ForeignKey("cities.slug"), index=True)
    event_id: Mapped[str | None] = mapped_column(ForeignKey("events.id"), index=True)
    person_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"), index=True)
    owner: Mapped[str] = mapped_column(String(200), default="", info=personal("who is asked", "1 year after done"))
    due_on: Mapped[date | None] = mapped_column(info=IMPERSONAL)
    created_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    done_by_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
