"""What a figure is held against before it is kept: what stands already for its event and its shore."""

from decimal import Decimal

from sqlalchemy import func, select

from app.db import db
from app.events.models import Event
from app.impact.numbers import grouped
from app.impact.outcomes.errors import MoreAliveThanPlanted, SaidTwice, SameShore
from app.impact.outcomes.metrics import SURVIVAL, UNIQUE
from app.impact.outcomes.models import Outcome
from app.web.words import in_language


def check_possible(row: Outcome, *, instead_of: Outcome | None = None) -> None:
    """Raises MoreAliveThanPlanted where a recount finds more plants than the event planted."""
    planted, alive = SURVIVAL
    if row.metric != alive:
        return
    there = _sum_of(row.event_id, planted)
    others = [Outcome.detail != row.detail]
    if instead_of is not None:
        others = [Outcome.id != instead_of.id, Outcome.detail != row.detail]
    if there and _sum_of(row.event_id, alive, *others) + row.base_quantity > there:
        raise MoreAliveThanPlanted(planted=grouped(there))


def doubt(row: Outcome, event: Event, *, language: str) -> None:
    """Raises SaidTwice or SameShore; the other event is named in this language."""
    if _stands_already(row):
        raise SaidTwice
    if row.metric in UNIQUE and row.base_quantity:
        other = _same_shore(row, event)
        if other is not None:
            figure, title = other
            raise SameShore(figure=grouped(figure), event=in_language(title, language))


def _sum_of(event_id: str, metric: str, *others: object) -> Decimal:
    query = select(func.coalesce(func.sum(Outcome.base_quantity), 0)).where(
        Outcome.event_id == event_id,
        Outcome.metric == metric,
        Outcome.counting(),
        *others,  # type: ignore[arg-type]
    )
    return Decimal(db.session.scalar(query) or 0)


def _stands_already(row: Outcome) -> bool:
    query = select(Outcome.id).where(
        Outcome.event_id == row.event_id,
        Outcome.metric == row.metric,
        Outcome.quantity == row.quantity,
        Outcome.unit == row.unit,
        Outcome.detail == row.detail,
        Outcome.species == row.species,
        Outcome.by_contractor == row.by_contractor,
        Outcome.counting(),
    )
    return db.session.scalar(query.limit(1)) is not None


def _same_shore(row: Outcome, event: Event) -> tuple[Decimal, dict[str, str]] | None:
    """The newest figure of the same stretch at another event of this site. Stretches are told apart by their detail."""
    query = (
        select(Outcome.detail, Outcome.base_quantity, Event.title)
        .join(Event, Event.id == Outcome.event_id)
        .where(Event.site_id == event.site_id, Event.id != event.id, Outcome.metric == row.metric, Outcome.counting())
        .order_by(Outcome.recorded_at.desc())
    )
    # Compared here: SQLite folds no Cyrillic letters.
    for detail, figure, title in db.session.execute(query):
        if detail.casefold() == row.detail.casefold():
            return figure, title
    return None
