"""Programmes, sites with their hazard rules, events, their stops and shifts."""

from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import IMPERSONAL, Base, Texts, new_id, one_of, personal
from app.people.models import City, Person

KINDS = ("cleanup", "planting", "stocking", "excursion", "celebration", "visit", "other")
STATUSES = ("draft", "published", "closed", "running", "completed", "postponed", "cancelled")
PRECISIONS = ("minute", "day", "month", "half-year", "year")
AUDIENCES = ("employees", "families", "children", "institution", "everyone")
HAZARD_CLASSES = ("none", "raised", "high")
TRANSPORTS = ("own", "bus")
PROMOTIONS = ("at-once", "late-offer", "offer")
APPROVALS = ("none", "coordinator", "manager")
QUESTION_KINDS = ("text", "choice", "size", "yes-no")
SITE_KINDS = ("nature", "museum", "leisure", "water", "coast", "smelter", "green-zone", "solar", "other")
OPEN_TO_SEE = ("published", "closed", "running", "completed", "postponed", "cancelled")


@lru_cache(256)
def _day_there(moment: datetime, timezone: str) -> date:
    """Rules and letters ask it a dozen times for each person who signs up."""
    return moment.astimezone(ZoneInfo(timezone)).date()


class Programme(Base):
    """A line of work over one or more years, with its plan in whole tenge."""

    __tablename__ = "programmes"
    __table_args__ = (
        CheckConstraint("first_year <= last_year", name="years_in_order"),
        CheckConstraint("planned_tenge >= 0", name="plan_not_negative"),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    slug: Mapped[str] = mapped_column(String(60), unique=True, info=IMPERSONAL)
    name: Mapped[Texts] = mapped_column(info=IMPERSONAL)
    first_year: Mapped[int]
    last_year: Mapped[int]
    planned_tenge: Mapped[int | None] = mapped_column(BigInteger)
    badges: Mapped[list[str]] = mapped_column(default=list, server_default="[]", info=IMPERSONAL)
    created_at: Mapped[datetime]
    deactivated_at: Mapped[datetime | None]


class Site(Base):
    """A place where events happen. Its hazard rules are data: minimum age, escorts per children, equipment."""

    __tablename__ = "sites"
    __table_args__ = (
        one_of("kind", *SITE_KINDS),
        one_of("hazard_class", *HAZARD_CLASSES),
        CheckConstraint("min_age >= 0", name="min_age_not_negative"),
        CheckConstraint("adult_child_ratio > 0", name="ratio_positive"),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    slug: Mapped[str] = mapped_column(String(60), unique=True, info=IMPERSONAL)
    city: Mapped[str] = mapped_column(ForeignKey("cities.slug"), index=True)
    kind: Mapped[str] = mapped_column(String(20), info=IMPERSONAL)
    name: Mapped[Texts] = mapped_column(info=IMPERSONAL)
    host: Mapped[str] = mapped_column(String(200), default="", info=IMPERSONAL)
    min_age: Mapped[int | None]
    adult_child_ratio: Mapped[int | None]
    hazard_class: Mapped[str] = mapped_column(String(10), default="none", server_default="none", info=IMPERSONAL)
    ppe: Mapped[list[str]] = mapped_column(default=list, info=IMPERSONAL)
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict, info=IMPERSONAL)
    created_at: Mapped[datetime]
    deactivated_at: Mapped[datetime | None]

    home: Mapped[City] = relationship(viewonly=True)


class Event(Base):
    """One event on one day (or in a period known only roughly: `date_precision`).

    `seats_taken`, `people_waiting` and `last_queue_number` are kept by the operations that seat and free people, under
    the event's lock; the database refuses a value above `capacity`. No capacity means that nobody counts seats.

    Rules of its queue: `promotion` says whether a freed seat is given at once or offered ("late-offer": at once until
    `offer_from_hours` before the start, then an offer of `offer_hours`); a party is passed over by at most
    `pass_limit` others. Empty `cities` and `departments` mean all.

    `is_hidden` keeps it from the public: strangers find it in no list, feed, picture or search; who is known here sees
    it as any other. What it achieved counts in the totals, which name no event.

    `reminder_plan` is None for the usual one; `reminder_occasion` counts the moves: each is reminded of anew.
    """

    __tablename__ = "events"
    __table_args__ = (
        one_of("kind", *KINDS),
        one_of("status", *STATUSES),
        one_of("date_precision", *PRECISIONS),
        one_of("audience", *AUDIENCES),
        one_of("on_full", "waitlist", "refuse"),
        one_of("transport", *TRANSPORTS),
        one_of("promotion", *PROMOTIONS),
        one_of("approval", *APPROVALS),
        CheckConstraint("people_waiting >= 0 AND last_queue_number >= 0", name="queue_not_negative"),
        CheckConstraint("offer_hours BETWEEN 1 AND 72 AND offer_from_hours >= 0", name="offer_hours_sane"),
        CheckConstraint("pass_limit >= 0", name="pass_limit_not_negative"),
        CheckConstraint("places_per_employee > 0", name="places_per_employee_positive"),
        CheckConstraint("approval_hours BETWEEN 1 AND 336", name="approval_hours_sane"),
        CheckConstraint("no_show_limit > 0", name="no_show_limit_positive"),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("capacity > 0", name="capacity_positive"),
        CheckConstraint("seats_taken >= 0 AND seats_taken <= capacity", name="never_oversold"),
        CheckConstraint("min_age <= max_age", name="ages_in_order"),
        CheckConstraint("signup_opens_at < signup_closes_at", name="window_in_order"),
        CheckConstraint("(status = 'cancelled') = (cancelled_at IS NOT NULL)", name="cancelled_has_time"),
        Index("ix_events_status_start", "status", "starts_at"),
        Index("uq_events_import_key", "programme_id", "import_key", unique=True),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    slug: Mapped[str | None] = mapped_column(String(80), unique=True, info=IMPERSONAL)
    programme_id: Mapped[str] = mapped_column(ForeignKey("programmes.id"), index=True)
    site_id: Mapped[str] = mapped_column(ForeignKey("sites.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20), info=IMPERSONAL)
    status: Mapped[str] = mapped_column(String(20), default="draft", info=IMPERSONAL)
    title: Mapped[Texts] = mapped_column(info=IMPERSONAL)
    description: Mapped[Texts] = mapped_column(default=dict, info=IMPERSONAL)
    meeting_point: Mapped[Texts] = mapped_column(default=dict, info=IMPERSONAL)
    bring: Mapped[Texts] = mapped_column(default=dict, info=IMPERSONAL)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    date_precision: Mapped[str] = mapped_column(String(10), default="minute", info=IMPERSONAL)
    timezone: Mapped[str] = mapped_column(String(40), default="Asia/Almaty", info=IMPERSONAL)
    capacity: Mapped[int | None]
    seats_taken: Mapped[int] = mapped_column(default=0)
    people_waiting: Mapped[int] = mapped_column(default=0, server_default="0")
    last_queue_number: Mapped[int] = mapped_column(default=0, server_default="0")
    on_full: Mapped[str] = mapped_column(String(10), default="waitlist", info=IMPERSONAL)
    promotion: Mapped[str] = mapped_column(
        String(12), default="late-offer", server_default="late-offer", info=IMPERSONAL
    )
    offer_hours: Mapped[int] = mapped_column(default=2, server_default="2")
    offer_from_hours: Mapped[int] = mapped_column(default=24, server_default="24")
    pass_limit: Mapped[int] = mapped_column(default=3, server_default="3")
    audience: Mapped[str] = mapped_column(String(20), default="employees", info=IMPERSONAL)
    institution_id: Mapped[str | None] = mapped_column(ForeignKey("institutions.id"))
    min_age: Mapped[int | None]
    max_age: Mapped[int | None]
    cities: Mapped[list[str]] = mapped_column(default=list, server_default="[]", info=IMPERSONAL)
    departments: Mapped[list[str]] = mapped_column(default=list, server_default="[]", info=IMPERSONAL)
    places_per_employee: Mapped[int | None]
    approval: Mapped[str] = mapped_column(String(12), default="none", server_default="none", info=IMPERSONAL)
    approval_hours: Mapped[int] = mapped_column(default=48, server_default="48")
    no_show_limit: Mapped[int | None]
    lunch: Mapped[bool] = mapped_column(default=False)
    lunch_at: Mapped[datetime | None]
    lunch_cutoff_at: Mapped[datetime | None]
    caterer_name: Mapped[str | None] = mapped_column(String(200), info=personal("name", "1 year after the event"))
    caterer_email: Mapped[str | None] = mapped_column(String(254), info=personal("e-mail", "1 year after the event"))
    caterer_language: Mapped[str] = mapped_column(String(2), default="kk", server_default="kk", info=IMPERSONAL)
    gifts_order_by: Mapped[datetime | None]
    transport: Mapped[str] = mapped_column(String(10), default="own", server_default="own", info=IMPERSONAL)
    asks_size: Mapped[bool] = mapped_column(default=False, server_default=false())
    asks_diet: Mapped[bool] = mapped_column(default=False, server_default=false())
    asks_medical: Mapped[bool] = mapped_column(default=False, server_default=false())
    is_hidden: Mapped[bool] = mapped_column(default=False, server_default=false())
    signup_opens_at: Mapped[datetime | None]
    signup_closes_at: Mapped[datetime | None]
    cancel_closes_at: Mapped[datetime | None]
    coordinator_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"), index=True)
    series_id: Mapped[str | None] = mapped_column(ForeignKey("event_series.id"), index=True)
    import_key: Mapped[str | None] = mapped_column(String(60), info=IMPERSONAL)
    calendar_sequence: Mapped[int] = mapped_column(default=0)
    reminder_plan: Mapped[list[dict[str, Any]] | None] = mapped_column(info=IMPERSONAL)
    reminder_occasion: Mapped[int] = mapped_column(default=0, server_default="0")
    created_at: Mapped[datetime]
    created_by_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    published_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    postponed_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    cancelled_by_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    cancel_reason: Mapped[Texts] = mapped_column(default=dict, info=IMPERSONAL)

    programme: Mapped[Programme] = relationship()
    site: Mapped[Site] = relationship()
    coordinator: Mapped[Person | None] = relationship()
    stops: Mapped[list["Stop"]] = relationship(order_by="Stop.position", back_populates="event")

    @property
    def local_date(self) -> date:
        """The day on which it begins, at the event's own place."""
        return _day_there(self.starts_at, self.timezone)

    @property
    def is_visible(self) -> bool:
        """Whether those who are known here may look at it."""
        return self.status in OPEN_TO_SEE

    @property
    def is_public(self) -> bool:
        """Whether anybody may."""
        return self.is_visible and not self.is_hidden

    @property
    def seats_free(self) -> int | None:
        """Free seats, None where they aren't counted."""
        return None if self.capacity is None else self.capacity - self.seats_taken

    @property
    def min_age_here(self) -> int | None:
        """The stricter of the event's own minimum age and its site's."""
        ages = [age for age in (self.min_age, self.site.min_age) if age is not None]
        return max(ages, default=None)

    @property
    def takes_children(self) -> bool:
        """Whether children may be signed up."""
        return self.audience in ("families", "children", "everyone")

    @property
    def takes_adults(self) -> bool:
        """Whether adults take part themselves (otherwise they only escort)."""
        return self.audience in ("employees", "families", "everyone")

    def is_open_at(self, now: datetime) -> bool:
        """Whether sign-ups are taken at this moment."""
        return (
            self.status == "published"
            and self.date_precision == "minute"
            and (self.signup_opens_at is None or self.signup_opens_at <= now)
            and now < (self.signup_closes_at or self.starts_at)
        )

    def is_past_at(self, now: datetime) -> bool:
        """Whether it is over."""
        return self.ends_at <= now


class Stop(Base):
    """One halt of the trip: where, when, what happens there, who receives us."""

    __tablename__ = "stops"
    __table_args__ = (
        Index("uq_stops_position", "event_id", "position", unique=True),
        CheckConstraint("departs_at >= arrives_at", name="departs_after_arrival"),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    event_id: Mapped[str] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"))
    position: Mapped[int]
    site_id: Mapped[str | None] = mapped_column(ForeignKey("sites.id"))
    title: Mapped[Texts] = mapped_column(info=IMPERSONAL)
    note: Mapped[Texts] = mapped_column(default=dict, info=IMPERSONAL)
    host: Mapped[str] = mapped_column(String(200), default="", info=IMPERSONAL)
    arrives_at: Mapped[datetime | None]
    departs_at: Mapped[datetime | None]
    topics: Mapped[list[dict[str, Any]]] = mapped_column(default=list, server_default="[]", info=IMPERSONAL)
    instructions: Mapped[list[dict[str, Any]]] = mapped_column(default=list, server_default="[]", info=IMPERSONAL)

    event: Mapped[Event] = relationship(back_populates="stops")
    site: Mapped[Site | None] = relationship()


class Shift(Base):
    """A part of the event's time that people choose or are placed in."""

    __tablename__ = "shifts"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("capacity > 0", name="capacity_positive"),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    event_id: Mapped[str] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"), index=True)
    name: Mapped[Texts] = mapped_column(info=IMPERSONAL)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    capacity: Mapped[int | None]


class Question(Base):
    """Something that a coordinator asks those who sign up, once for the party or of each person.

    `options` of a choice: [{"key", "label": {kk, ru, en}, "seats": number or null}]. It is shown only where another
    question got the answer `shown_if_answer`; a question that is not shown is not required.
    """

    __tablename__ = "questions"
    __table_args__ = (
        one_of("kind", *QUESTION_KINDS),
        CheckConstraint("shown_if_id IS NULL OR shown_if_answer <> ''", name="shown_if_whole"),
        Index("ix_questions_event", "event_id", "position"),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    event_id: Mapped[str] = mapped_column(ForeignKey("events.id"))
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(String(10), info=IMPERSONAL)
    label: Mapped[Texts] = mapped_column(info=IMPERSONAL)
    options: Mapped[list[dict[str, Any]]] = mapped_column(default=list, info=IMPERSONAL)
    is_per_person: Mapped[bool] = mapped_column(default=False)
    is_required: Mapped[bool] = mapped_column(default=False)
    shown_if_id: Mapped[str | None] = mapped_column(ForeignKey("questions.id"))
    shown_if_answer: Mapped[str] = mapped_column(String(60), default="", info=IMPERSONAL)
    created_at: Mapped[datetime]
    deactivated_at: Mapped[datetime | None]


class EventSeries(Base):
    """The same plan on every such weekday between two dates, each date an event of its own; Monday is 0."""

    __tablename__ = "event_series"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday_known"),
        CheckConstraint("last_on >= first_on", name="days_in_order"),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    weekday: Mapped[int]
    first_on: Mapped[date] = mapped_column(info=IMPERSONAL)
    last_on: Mapped[date] = mapped_column(info=IMPERSONAL)
    created_at: Mapped[datetime]
    created_by_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))


class ChecklistItem(Base):
    """Something to be done so many days before the event; its day moves with the event's."""

    __tablename__ = "checklist_items"
    __table_args__ = (
        CheckConstraint("days_before BETWEEN 0 AND 365", name="days_before_sane"),
        CheckConstraint("done_at IS NOT NULL OR done_by_id IS NULL", name="done_by_needs_time"),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    event_id: Mapped[str] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"), index=True)
    text: Mapped[Texts] = mapped_column(info=IMPERSONAL)
    days_before: Mapped[int]
    created_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    done_by_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))

    event: Mapped[Event] = relationship()

    @property
    def due_on(self) -> date:
        """The day by which it should be done."""
        return self.event.local_date - timedelta(days=self.days_before)

    def is_overdue_on(self, today: date) -> bool:
        """Whether its day has passed and it is not done."""
        return self.done_at is None and self.due_on < today


class SeasonImport(Base):
    """A file of a season's events: kept until its drafts are made."""

    __tablename__ = "season_imports"

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    file_name: Mapped[str] = mapped_column(String(200), info=IMPERSONAL)
    file_key: Mapped[str | None] = mapped_column(String(40), info=IMPERSONAL)
    created: Mapped[int] = mapped_column(default=0, server_default="0")
    started_at: Mapped[datetime]
    started_by_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    finished_at: Mapped[datetime | None]
