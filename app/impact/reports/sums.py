"""Everything that counts, added up by the database in one question: reported, paid, planned, counted at the door.

Events are put together that lie in the same programme, city, kind, years and have results of the same metrics: so
that what is asked of single events (what did those cost that brought waste?) can be asked of such a group. Years of
ten times two hundred events become some hundred rows.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import lru_cache, reduce
from typing import Any, NamedTuple

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    String,
    case,
    cast,
    extract,
    func,
    literal,
    select,
    true,
    type_coerce,
    union_all,
)

from app.attendance.hour_models import HoursEntry
from app.attendance.models import AttendanceEntry
from app.db import db
from app.events.models import OPEN_TO_SEE, Event, Site
from app.impact.money.models import Expense
from app.impact.outcomes.models import Outcome
from app.impact.reports.facts import Attended, EventFacts, Figure, Money
from app.impact.reports.years import Bounds, Span, first_year, last_year
from app.signups.models import Place

MOST_METRICS = 60  # of which a group knows whether its events have results: the bits of a whole number
MILLION = Decimal(1_000_000)
BETWEEN = "|"
SAID, PAID, DOOR, HOURS = "said", "paid", "door", "hours"
SIGNED_UP, CONFIRMED, PRESENT, MINUTES = "signed_up", "confirmed", "present", "minutes"
COUNTED = (SIGNED_UP, CONFIRMED, PRESENT, MINUTES)


class Cell(NamedTuple):
    """A sum: of what, of which group of events (a programme's id, where it is known for all of that), how many entries.

    `key` is a metric, or a stage with its category; `flag` whether a contractor did it, or the year of payment (0:
    unknown). Amounts are whole: millionths of the metric's unit, tenge, people, minutes. At the door `amount` came,
    `flag` had a seat and `entries` signed up.
    """

    what: str
    group: str
    key: str
    flag: int
    amount: int
    entries: int


class Sums(NamedTuple):
    """What a report is made from."""

    figures: list[Figure]
    money: list[Money]
    attended: list[Attended]


def sums(bounds: Bounds, metrics: Sequence[str], programme_id: str | None = None, *, door: bool = True) -> Sums:
    """All sums, perhaps of one programme alone; `metrics` are all that there are.

    Without the `door` nobody is counted who signed up or came, and sums aren't told apart by what they were for: that
    is half of the work.
    """
    question = _everything(tuple(bounds), tuple(metrics), programme_id, door)
    return _as_facts(map(Cell._make, db.session.execute(question).all()))


@lru_cache(64)
def _everything(bounds: tuple[Span, ...], metrics: tuple[str, ...], programme_id: str | None, door: bool) -> Any:
    """To put the question together takes as long as a third of its answer, and it is the same for months."""
    within = Event.programme_id == programme_id if programme_id else true()
    paid_within = Expense.programme_id == programme_id if programme_id else true()
    events = shown_events(bounds, metrics, within)
    return union_all(
        _said(events), _paid(events, paid_within, by_category=door), _hours(events), *([_door(events)] if door else [])
    )


def shown_events(bounds: Bounds, metrics: Sequence[str], within: ColumnElement[bool]) -> CTE:
    """The events that everybody may know of, each with its group."""
    bits = case({key: 1 << bit for bit, key in enumerate(metrics[:MOST_METRICS])}, value=Outcome.metric, else_=0)
    each = (
        select(Outcome.event_id, bits.label("bit")).where(Outcome.counting()).group_by(Outcome.event_id, Outcome.metric)
    )
    found = each.subquery()
    masks = select(found.c.event_id, func.sum(found.c.bit).label("mask")).group_by(found.c.event_id).subquery()
    years, mask = (first_year(bounds), last_year(bounds)), func.coalesce(masks.c.mask, 0)
    group = [Event.programme_id, Site.city, Event.kind, *(cast(one, String) for one in (*years, mask))]
    # One word, because the database compares it faster than six columns, and it is compared for each entry.
    word = reduce(lambda joined, part: joined + BETWEEN + part, group)
    query: Any = (
        select(Event.id, word.label("word"))
        .join(Site, Site.id == Event.site_id)
        .outerjoin(masks, masks.c.event_id == Event.id)
    )
    shown: CTE = query.where(Event.status.in_(OPEN_TO_SEE), within).cte("shown")
    return shown


def _said(events: CTE) -> Select[Any]:
    keys = (Outcome.metric, case((Outcome.by_contractor, 1), else_=0))
    amounts = (func.sum(type_coerce(Outcome.base_quantity, BigInteger)), func.count(Outcome.id))
    query = _cell(SAID, events.c.word, keys, amounts, by=(Outcome.metric, Outcome.by_contractor))
    return query.join_from(Outcome, events, events.c.id == Outcome.event_id).where(Outcome.counting())


def _paid(events: CTE, within: ColumnElement[bool], *, by_category: bool) -> Select[Any]:
    """A sum whose event nobody may see yet is the programme's."""
    year = cast(extract("year", Expense.spent_on), Integer)
    category = [Expense.category] if by_category else []
    stage: Any = Expense.stage + ":" + Expense.category if by_category else Expense.stage
    keys = (stage, func.coalesce(year, 0))
    amounts = (func.sum(Expense.amount_tenge), func.count(Expense.id))
    group = func.coalesce(events.c.word, Expense.programme_id)
    query = _cell(PAID, group, keys, amounts, by=(Expense.stage, *category, year))
    joined = query.join_from(Expense, events, events.c.id == Expense.event_id, isouter=True)
    return joined.where(Expense.withdrawn_at.is_(None), within)


def _hours(events: CTE) -> Select[Any]:
    given = select(HoursEntry.event_id, func.sum(HoursEntry.minutes).label("minutes"), func.count().label("entries"))
    counts = given.where(HoursEntry.replaced_by_id.is_(None)).group_by(HoursEntry.event_id).subquery()
    amounts = (func.sum(counts.c.minutes), func.sum(counts.c.entries))
    query = _cell(HOURS, events.c.word, (literal("", String), literal(0)), amounts)
    return query.join_from(counts, events, events.c.id == counts.c.event_id)


def _door(events: CTE) -> Select[Any]:
    """Events at which somebody was marked present; who was expected elsewhere says nothing of who came."""
    came = (
        select(AttendanceEntry.event_id, func.count().label("present"))
        .where(AttendanceEntry.kind == "check_in", AttendanceEntry.undone_by_id.is_(None))
        .group_by(AttendanceEntry.event_id)
        .subquery()
    )
    has_seat = func.sum(case((Place.status == "confirmed", 1), else_=0))
    seats = (
        select(Place.event_id, func.count().label("signed_up"), has_seat.label("confirmed"))
        .group_by(Place.event_id)
        .subquery()
    )
    keys = (literal("", String), cast(func.sum(seats.c.confirmed), BigInteger))
    query = _cell(DOOR, events.c.word, keys, (func.sum(came.c.present), func.sum(seats.c.signed_up)))
    query = query.join_from(came, events, events.c.id == came.c.event_id)
    return query.join(seats, seats.c.event_id == came.c.event_id)


def _cell(
    what: str, group: Any, keys: tuple[Any, Any], amounts: tuple[Any, Any], *, by: tuple[Any, ...] = ()
) -> Select[Any]:
    """A row for each group of events and what else it is told apart `by`; values stand in no GROUP BY: PostgreSQL
    would take each of them for another one."""
    counted = (cast(amount, BigInteger) for amount in amounts)
    return select(literal(what, String), group, *keys, *counted).group_by(group, *by)


def _as_facts(cells: Iterator[Cell]) -> Sums:
    found: Sums = Sums([], [], [])
    groups: dict[str, EventFacts | None] = {}
    for cell in cells:
        if cell.group not in groups:
            groups[cell.group] = _group(cell.group)
        event = groups[cell.group]
        if cell.what == PAID:
            stage, _, category = cell.key.partition(":")
            programme = event.programme_id if event else cell.group
            money = Money(programme, event, stage, cell.amount, cell.flag or None, category, cell.entries)
            found.money.append(money)
        elif event is None:
            continue
        elif cell.what == SAID:
            amount = Decimal(cell.amount) / MILLION
            found.figures.append(Figure(event, cell.key, amount, bool(cell.flag), entries=cell.entries))
        elif cell.what == HOURS:
            found.attended.append(Attended(event, 0, 0, cell.amount))
        else:
            found.attended.append(Attended(event, cell.flag, cell.amount, signed_up=cell.entries))
    return found


def _group(word: str) -> EventFacts | None:
    """The group that a word names; None where it is a programme's id alone."""
    programme_id, *rest = word.split(BETWEEN)
    if not rest:
        return None
    city, kind, first, last, _ = rest
    return EventFacts(word, programme_id, {}, city, int(first), int(last), kind=kind)
