"""Pictures of events with what they show and say, and people who don't want to be on any."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import IMPERSONAL, Base, Texts, filled_index, new_id, one_of, personal
from app.events.models import Event
from app.impact.pictures.drawing import SIDES
from app.people.models import Person

# Who can be recognised on it: not said yet, nobody, people who all agreed.
SHOWS = ("", "nobody", "agreed")
WHY = ("", "second-thoughts", "consent")


class Picture(Base):
    """A photograph of an event, kept in three sizes without what the camera wrote beside it.

    It is kept once its files are (`kept_at`), and gone once they are (`removed_at` says that they are to go). Published
    by somebody else than whoever uploaded it, after it was said whom it shows and what is to be seen on it.
    `digest` is that of the file as it came, `revision` counts the changes of what is said about it.
    """

    __tablename__ = "pictures"
    __table_args__ = (
        one_of("shows", *SHOWS),
        one_of("withdrawn_why", *WHY),
        CheckConstraint("width > 0 AND height > 0", name="has_a_size"),
        CheckConstraint("(published_at IS NULL) = (published_by_id IS NULL)", name="published_by_somebody"),
        CheckConstraint("published_by_id <> uploaded_by_id", name="second_look_by_another"),
        CheckConstraint(
            "published_at IS NULL OR (kept_at IS NOT NULL AND removed_at IS NULL AND shows <> ''"
            " AND CAST(alt AS VARCHAR) <> '{}')",
            name="published_is_ready",
        ),
        CheckConstraint("published_at IS NULL OR withdrawn_at IS NULL", name="published_or_withdrawn"),
        Index("uq_pictures_digest", "event_id", "digest", unique=True),
        filled_index("ix_pictures_published_at", "published_at"),
        Index(
            "ix_pictures_to_sweep",
            "uploaded_at",
            sqlite_where=text("kept_at IS NULL OR removed_at IS NOT NULL"),
            postgresql_where=text("kept_at IS NULL OR removed_at IS NOT NULL"),
        ),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    event_id: Mapped[str] = mapped_column(ForeignKey("events.id"))
    digest: Mapped[str] = mapped_column(String(64), info=IMPERSONAL)
    small_key: Mapped[str] = mapped_column(String(60), info=personal("photograph", "1 year after the event, or 10"))
    medium_key: Mapped[str] = mapped_column(String(60), info=personal("photograph", "1 year after the event, or 10"))
    large_key: Mapped[str] = mapped_column(String(60), info=personal("photograph", "1 year after the event, or 10"))
    width: Mapped[int]
    height: Mapped[int]
    shows: Mapped[str] = mapped_column(String(10), default="", info=IMPERSONAL)
    caption: Mapped[Texts] = mapped_column(
        default=dict, info=personal("words under a photograph", "1 year after the event, or 10")
    )
    alt: Mapped[Texts] = mapped_column(
        default=dict, info=personal("what a photograph shows", "1 year after the event, or 10")
    )
    revision: Mapped[int] = mapped_column(default=0)
    uploaded_at: Mapped[datetime]
    uploaded_by_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    kept_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    published_by_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    withdrawn_why: Mapped[str] = mapped_column(String(20), default="", info=IMPERSONAL)
    removed_at: Mapped[datetime | None]
    removed_by_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))

    event: Mapped[Event] = relationship()

    @property
    def is_published(self) -> bool:
        """Whether anybody may see it, as far as it hangs on the picture."""
        return self.published_at is not None

    @property
    def was_objected(self) -> bool:
        """Whether it was taken down because somebody on it may not agree any more, and nobody looked since."""
        return self.withdrawn_why == "consent"

    @property
    def keys(self) -> Mapping[str, str]:
        """{size: its key in the store}."""
        return {"small": self.small_key, "medium": self.medium_key, "large": self.large_key}

    @property
    def widths(self) -> Mapping[str, int]:
        """{size: its width in pixels}; `width` and `height` are those of the large one."""
        longest = max(self.width, self.height)
        return {size: max(1, round(self.width * min(1.0, side / longest))) for size, side in SIDES.items()}


class PhotoRefusal(Base):
    """Somebody wants to be on no published picture, at whatever event: they said so, a guardian or a coordinator."""

    __tablename__ = "photo_refusals"
    __table_args__ = (
        Index(
            "uq_photo_refusals_standing",
            "person_id",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
        Index("ix_photo_refusals_said_at", "said_at"),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    said_at: Mapped[datetime]
    said_by_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))

    person: Mapped[Person] = relationship()
