"""What mail servers reported about letters of ours: they came back, wait somewhere, or were called spam."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import IMPERSONAL, Base, new_id, one_of, personal

KINDS = ("bounced", "soft", "refused", "delayed", "complaint")


class Report(Base):
    """One report about one letter to one address. `digest` says which, so that none is counted twice.

    bounced: the address takes no mail. soft: not this time (full, out of order). refused: it was about us or the
    letter, not the address. delayed: the server tries on. complaint: the reader called it spam.
    """

    __tablename__ = "mail_reports"
    __table_args__ = (one_of("kind", *KINDS), Index("ix_mail_reports_address_at", "address", "at"))

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    digest: Mapped[str] = mapped_column(String(64), unique=True, info=IMPERSONAL)
    at: Mapped[datetime]
    mail_id: Mapped[str | None] = mapped_column(ForeignKey("mails.id", ondelete="SET NULL"), index=True)
    address: Mapped[str] = mapped_column(String(254), info=personal("e-mail", "1 year"))
    kind: Mapped[str] = mapped_column(String(10), info=IMPERSONAL)
    status: Mapped[str] = mapped_column(String(12), default="", info=IMPERSONAL)
    words: Mapped[str] = mapped_column(Text, default="", info=personal("e-mail in an answer", "1 year"))
