"""The filter as a condition of a query: which events, and which sums of money, lie wholly in it.

Says the same as Asked in report.py does of plain values; a test holds the two together.
"""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Integer, and_, cast, extract, false, func, or_, true

from app.events.models import OPEN_TO_SEE, Event, Site
from app.impact.money.models import Expense
from app.impact.reports.facts import ProgrammeFacts
from app.impact.reports.report import IN, Asked, worse
from app.impact.reports.years import Bounds, first_year, last_year


def events_within(asked: Asked, programmes: Sequence[ProgrammeFacts], bounds: Bounds) -> ColumnElement[bool]:
    """Events that everybody may know of; needs Event and Site in the query."""
    wanted: list[ColumnElement[bool]] = [
        Event.status.in_(OPEN_TO_SEE),
        Event.programme_id.in_([one.id for one in programmes]),
    ]
    if asked.city is not None:
        wanted.append(Site.city == asked.city)
    if asked.kind is not None:
        wanted.append(Event.kind == asked.kind)
    if asked.year is not None:
        wanted += [first_year(bounds) == asked.year, last_year(bounds) == asked.year]
    return and_(*wanted)


def money_within(asked: Asked, programmes: Sequence[ProgrammeFacts], bounds: Bounds) -> ColumnElement[bool]:
    """Sums that count; needs Expense, and Event and Site joined from the outside."""
    paid_in = cast(extract("year", Expense.spent_on), Integer)
    is_shown = func.coalesce(Event.status.in_(OPEN_TO_SEE), false())
    of_event: list[ColumnElement[bool]] = [true() if asked.city is None else Site.city == asked.city]
    of_event += [true() if asked.kind is None else Event.kind == asked.kind]
    if asked.year is not None:
        lies = and_(first_year(bounds) == asked.year, last_year(bounds) == asked.year)
        of_event.append(or_(paid_in == asked.year, and_(Expense.spent_on.is_(None), lies)))
    placed = [one for one in programmes if worse(asked.cities_of(None, one), asked.kinds_of(None, one)) == IN]
    timed = [one.id for one in placed if asked.years(one.first_year, one.last_year) == IN]
    whole: ColumnElement[bool] = Expense.programme_id.in_([one.id for one in placed])
    if asked.year is not None:
        lies = and_(Expense.spent_on.is_(None), Expense.programme_id.in_(timed))
        whole = and_(whole, or_(paid_in == asked.year, lies))
    return and_(
        Expense.withdrawn_at.is_(None),
        Expense.programme_id.in_([one.id for one in programmes]),
        or_(and_(is_shown, *of_event), and_(~is_shown, whole)),
    )


def programmes_planned(asked: Asked, programmes: Sequence[ProgrammeFacts]) -> list[ProgrammeFacts]:
    """The programmes whose own plan lies in the filter."""
    return [one for one in programmes if one.planned_tenge and asked.plan(one) == IN]
