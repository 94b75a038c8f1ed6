"""Answers given to idempotency keys, so that a repeated POST gets the same answer and is done once."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import IMPERSONAL, Base, personal


class IdempotencyKey(Base):
    """One key of one account: the hash of what was asked, and the answer once it is known."""

    __tablename__ = "idempotency_keys"

    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(100), primary_key=True, info=IMPERSONAL)
    request_hash: Mapped[str] = mapped_column(String(64), info=IMPERSONAL)
    status: Mapped[int | None]
    answer: Mapped[dict[str, Any] | None] = mapped_column(info=personal("answer to a program", "1 day"))
    created_at: Mapped[datetime]
