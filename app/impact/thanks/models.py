"""Thanks after an event: when its letters leave, certificates, what groups brought in, and a survey without names."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.columns import Thousandths
from app.db import IMPERSONAL, Base, new_id, one_of, personal

SCALE = (1, 2, 3, 4, 5)
CHOICES = ("nothing", "organisation", "transport", "equipment", "food", "time")
WAYS = ("weighed", "estimated")
LONGEST_WORD = 200
STANDS = text("replaced_by_id IS NULL")


class Thanks(Base):
    """How far the thanks of one event are. Without a row nothing was decided and nothing has left.

    `closed_at` is the closing of the day that its letters follow, `cursor` how far its readers are written to. The
    survey ends at `survey_ends_at`, or when a coordinator ends it before: then nobody can find an answer any more.
    """

    __tablename__ = "thanks"
    __table_args__ = (
        Index(
            "ix_thanks_due", "due_at",
            sqlite_where=text("due_at IS NOT NULL AND finished_at IS NULL"),
            postgresql_where=text("due_at IS NOT NULL AND finished_at IS NULL"),
        ),
        Index(
            "ix_thanks_survey_open", "survey_ends_at",
            sqlite_where=text("survey_ended_at IS NULL"), postgresql_where=text("survey_ended_at IS NULL"),
        ),
        CheckConstraint("queued >= 0", name="counted"),
        CheckConstraint("missed_reason IS NULL OR finished_at IS NOT NULL", name="missed_is_finished"),
        CheckConstraint("(due_at IS NULL) = (closed_at IS NULL)", name="due_after_closing"),
    )  # fmt: skip

    event_id: Mapped[str] = mapped_column(ForeignKey("events.id"), primary_key=True)
    closed_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    cursor: Mapped[str | None] = mapped_column(String(40), info=IMPERSONAL)
    queued: Mapped[int] = mapped_column(default=0, server_default="0")
    finished_at: Mapped[datetime | None]
    missed_reason: Mapped[str | None] = mapped_column(String(20), info=IMPERSONAL)
    letters_off_at: Mapped[datetime | None]
    letters_off_by_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    survey_off_at: Mapped[datetime | None]
    survey_off_by_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    survey_ends_at: Mapped[datetime | None]
    survey_ended_at: Mapped[datetime | None]
    survey_ended_by_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))

    @property
    def takes_answers(self) -> bool:
        """Whether its survey runs, as far as the row says: its time may be over and nobody has ended it yet."""
        return self.survey_ends_at is not None and self.survey_off_at is None and self.survey_ended_at is None

    def takes_answers_at(self, now: datetime) -> bool:
        """Whether an answer of now counts."""
        return self.takes_answers and self.survey_ends_at is not None and now < self.survey_ends_at


class Certificate(Base):
    """Somebody took part, and whoever knows the code may ask whether that is true.

    Nothing else stands here: whether it is true the marks of the day say at that moment.
    """

    __tablename__ = "certificates"

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    code: Mapped[str] = mapped_column(String(12), unique=True, info=personal("certificate", "as the place"))
    place_id: Mapped[str] = mapped_column(ForeignKey("places.id"), unique=True)
    event_id: Mapped[str] = mapped_column(ForeignKey("events.id"), index=True)
    issued_at: Mapped[datetime]


class GroupWaste(Base):
    """What one group brought in, in kilograms. It thanks that group and stands in no total of the reports.

    A newer entry takes the place of the one before it, which then names it.
    """

    __tablename__ = "group_waste"
    __table_args__ = (
        one_of("method", *WAYS),
        CheckConstraint("kilograms >= 0", name="kilograms_not_negative"),
        Index("uq_group_waste_standing", "group_id", unique=True, sqlite_where=STANDS, postgresql_where=STANDS),
        Index("ix_group_waste_event_id", "event_id"),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    event_id: Mapped[str] = mapped_column(ForeignKey("events.id"))
    group_id: Mapped[str] = mapped_column(ForeignKey("groups.id"))
    kilograms: Mapped[Decimal] = mapped_column(Thousandths)
    method: Mapped[str] = mapped_column(String(10), info=IMPERSONAL)
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    replaced_by_id: Mapped[str | None] = mapped_column(String(16), info=IMPERSONAL)


class SurveyBallot(Base):
    """That somebody with a place at the event has answered: a spent token, and nothing of what was said."""

    __tablename__ = "survey_ballots"

    token: Mapped[str] = mapped_column(
        String(64), primary_key=True, info=personal("that somebody answered", "1 year after the event")
    )
    event_id: Mapped[str] = mapped_column(ForeignKey("events.id"), index=True)


class SurveyAnswer(Base):
    """What somebody said, without who and without when. `id` is found again only while the survey runs, and only by
    whoever holds the key of this installation; when it ends, all get new ones and lie in another order."""

    __tablename__ = "survey_answers"
    __table_args__ = (
        CheckConstraint("scale BETWEEN 1 AND 5", name="scale_known"),
        one_of("choice", *CHOICES),
    )

    id: Mapped[str] = mapped_column(String(64), primary_key=True, info=IMPERSONAL)
    event_id: Mapped[str] = mapped_column(ForeignKey("events.id"), index=True)
    scale: Mapped[int]
    choice: Mapped[str] = mapped_column(String(12), info=IMPERSONAL)
    word: Mapped[str] = mapped_column(
        String(LONGEST_WORD), default="", info=personal("words without a name", "1 year after the event")
    )
