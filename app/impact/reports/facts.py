"""What the report is made from and what it consists of: plain values without a database behind them. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple


@dataclass(frozen=True)
class ProgrammeFacts:
    """A programme, its plan, and the cities in which it has events."""

    id: str
    slug: str
    name: dict[str, str]
    first_year: int
    last_year: int
    planned_tenge: int | None
    cities: frozenset[str]
    kinds: frozenset[str] = frozenset()


@dataclass(frozen=True)
class EventFacts:
    """An event as the report needs it, or events that are alike in all of this and in what they have results of.

    The years are those between which it is known to lie.
    """

    id: str
    programme_id: str
    title: dict[str, str]
    city: str
    first_year: int
    last_year: int
    kind: str = ""


class Figure(NamedTuple):
    """One outcome that counts, in its metric's base unit, or the sum of so many `entries`."""

    event: EventFacts
    metric: str
    quantity: Decimal
    by_contractor: bool = False
    detail: str = ""
    entries: int = 1


class Money(NamedTuple):
    """One expense that counts, or the sum of so many `entries`; without an event it is the whole programme's."""

    programme_id: str
    event: EventFacts | None
    stage: str
    amount_tenge: int
    year: int | None = None
    category: str = ""
    entries: int = 1


class Attended(NamedTuple):
    """What was counted here: seats confirmed, people who came, minutes that volunteers gave, all sign-ups ever."""

    event: EventFacts
    confirmed: int
    present: int
    minutes: int = 0
    signed_up: int = 0


@dataclass(frozen=True)
class Metric:
    """A total: its unit, what one unit cost (None where that can't be said), and where and when it was."""

    name: str
    value: Decimal
    unit: str
    by_contractor: Decimal = Decimal(0)
    cost_tenge: int = 0
    cost_per_unit: Decimal | None = None
    by_city: dict[str, Decimal] = field(default_factory=dict)
    first_year: int | None = None
    last_year: int | None = None
    by_year: dict[int, Decimal] = field(default_factory=dict)
    entries: int = 0


@dataclass(frozen=True)
class CostRow:
    """A line of the cost table: one programme, or as one of its `parts` what lies in one city."""

    programme: ProgrammeFacts
    city: str | None
    cost_tenge: int
    result: Metric | None
    parts: tuple["CostRow", ...] = ()


@dataclass(frozen=True)
class PlanRow:
    """What a programme was to cost; without a plan of its own (`is_own`) that is the sum of what was planned in it."""

    programme: ProgrammeFacts
    planned_tenge: int
    is_own: bool = True


@dataclass(frozen=True)
class PeopleRow:
    """One event's people: as reported, and beside it as counted here."""

    event: EventFacts
    participants: Decimal | None
    children: Decimal | None
    detail: str
    confirmed: int | None
    present: int | None


@dataclass(frozen=True)
class NotSplit:
    """What a filter left out, because it is known only for more than was asked."""

    programme: ProgrammeFacts
    why: str
    cost_tenge: int
    planned_tenge: int
    figures: int


@dataclass(frozen=True)
class Impact:
    """Everything that the impact page and its JSON say."""

    metrics: dict[str, Metric]
    cost_tenge: int
    committed_tenge: int
    planned_tenge: int
    kg_per_participant: Decimal | None
    confirmed: int
    present: int
    minutes: int
    rows: Sequence[CostRow]
    plans: Sequence[PlanRow]
    not_split: Sequence[NotSplit]
    first_year: int | None
    last_year: int | None
    cities: Sequence[str]
    signed_up: int = 0
    cost_by_year: dict[int, int] = field(default_factory=dict)
    cost_by_category: dict[str, int] = field(default_factory=dict)
    cost_by_city: dict[str | None, int] = field(default_factory=dict)
