"""Go or no-go: the weather that a safety officer allows, and what was overridden by whom."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import IMPERSONAL, Base, new_id, personal


class WeatherLimit(Base):
    """In which weather one event may set out (wind in m/s, degrees Celsius), and the weather as somebody read it."""

    __tablename__ = "weather_limits"
    __table_args__ = (
        CheckConstraint("wind_max BETWEEN 0 AND 60", name="wind_sane"),
        CheckConstraint("temperature_min BETWEEN -60 AND 60", name="cold_sane"),
        CheckConstraint("temperature_max BETWEEN -60 AND 60", name="heat_sane"),
        CheckConstraint("temperature_min <= temperature_max", name="temperatures_in_order"),
        CheckConstraint(
            "(read_at IS NULL) = (wind_read IS NULL AND temperature_read IS NULL)", name="reading_has_time"
        ),
    )

    event_id: Mapped[str] = mapped_column(ForeignKey("events.id"), primary_key=True)
    wind_max: Mapped[int | None]
    temperature_min: Mapped[int | None]
    temperature_max: Mapped[int | None]
    note: Mapped[str] = mapped_column(String(500), default="", server_default="", info=personal("a note", "3 years"))
    entered_at: Mapped[datetime]
    entered_by_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    wind_read: Mapped[int | None]
    temperature_read: Mapped[int | None]
    read_at: Mapped[datetime | None]
    read_by_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))


class Override(Base):
    """Somebody took it on themselves that an event sets out although a line of the board is red. Stays for ever."""

    __tablename__ = "departure_overrides"
    __table_args__ = (CheckConstraint("reason <> ''", name="has_a_reason"),)

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    event_id: Mapped[str] = mapped_column(ForeignKey("events.id"), index=True)
    line: Mapped[str] = mapped_column(String(20), info=IMPERSONAL)
    found: Mapped[str] = mapped_column(String(200), default="", info=IMPERSONAL)
    reason: Mapped[str] = mapped_column(String(500), info=personal("a reason in words", "3 years"))
    made_at: Mapped[datetime]
    made_by_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
