"""A line of the roster: one person at one event with all that the day needs to know. Plain values.

Lines are named tuples: a page makes hundreds of them, four times as fast as frozen dataclasses.
"""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import NamedTuple

from app.attendance.queries import Attendance
from app.db import Texts

NONE = "none"


class GiftLine(NamedTuple):
    """One item for one person: the size they wear, or the one they got and when. `is_due` says whether the event means
    it for them."""

    item_id: str
    name: Texts
    sizes: tuple[str, ...]
    size: str
    hand_out_id: str | None = None
    given_at: datetime | None = None
    is_due: bool = True

    @property
    def is_given(self) -> bool:
        """Whether they have it."""
        return self.hand_out_id is not None


class RosterRow(NamedTuple):
    """One place. `age` is known of children only; `consent` is given, missing, or None where nobody has to agree."""

    place_id: str
    person_id: str
    surname: str
    given_name: str
    patronymic: str
    age: int | None
    is_minor: bool
    personnel_number: str
    department: str
    school_class: str
    group_id: str | None
    group: str
    role: str
    status: str
    ticket: str
    size: str
    consent: str | None
    has_note: bool
    attendance: Attendance
    gifts: tuple[GiftLine, ...]
    diet: str = ""
    bus: str = ""
    shift: Texts | None = None
    city: str = ""
    labels: tuple[str, ...] = ()
    notes: int = 0

    @property
    def name(self) -> str:
        """Surname and given name."""
        return f"{self.surname} {self.given_name}".strip()

    @property
    def full_name(self) -> str:
        """With the patronymic."""
        return f"{self.name} {self.patronymic}".strip()

    @property
    def printed_ticket(self) -> str:
        """The code in two fours."""
        return f"{self.ticket[:4]} {self.ticket[4:]}"

    @property
    def is_confirmed(self) -> bool:
        """Whether they have a seat and so may be let in."""
        return self.status == "confirmed"

    @property
    def can_arrive(self) -> bool:
        """Whether the next thing is to mark them present."""
        return self.is_confirmed and not self.attendance.was_here

    @property
    def gifts_due(self) -> tuple[GiftLine, ...]:
        """What they have yet to get."""
        return tuple(gift for gift in self.gifts if gift.is_due and not gift.is_given)


@dataclass(frozen=True, slots=True)
class RosterCounts:
    """How many people of an event are in which state, and how many came."""

    confirmed: int = 0
    waiting: int = 0
    offered: int = 0
    cancelled: int = 0
    arrived: int = 0

    @property
    def people(self) -> int:
        """Everybody on the list."""
        return self.confirmed + self.waiting + self.offered + self.cancelled


@dataclass(frozen=True, slots=True)
class RosterFilter:
    """What part of the roster is asked for. Words that mean nothing filter nothing.

    `group`, `bus` and `shift` are ids, or NONE for those who are in none; `reach` NONE means nobody can write to them.
    """

    q: str = ""
    status: str = ""
    attendance: str = ""
    group: str = ""
    bus: str = ""
    shift: str = ""
    city: str = ""
    department: str = ""
    consent: str = ""
    reach: str = ""
    label: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether everybody is asked for."""
        return self == RosterFilter()

    def words(self) -> dict[str, str]:
        """What was asked for, by name; nothing of what was not."""
        return {field.name: getattr(self, field.name) for field in fields(self) if getattr(self, field.name)}
