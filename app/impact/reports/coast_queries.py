"""Pieces of each coast and how often they were done: sections of events that took place, put together by name.

An event without sections that reports at least as much as its coast is long did all of it; of less nobody knows where.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import case, func, select

from app.db import Texts, db
from app.events.models import Event, Site
from app.impact.outcomes.models import Outcome
from app.impact.reports.facts import ProgrammeFacts
from app.impact.reports.report import Asked
from app.impact.reports.within import events_within
from app.impact.reports.years import Bounds
from app.rosters.duty_models import Section


@dataclass
class Piece:
    """A piece of a coast."""

    name: Texts
    length_m: int
    times: int = 0


@dataclass
class Coast:
    """A coast, its pieces in the order of the latest plan, and kilometres of which nobody knows on which piece."""

    id: str
    name: Texts
    pieces: list[Piece] = field(default_factory=list)
    elsewhere_km: Decimal = Decimal(0)


def coasts(asked: Asked, programmes: Sequence[ProgrammeFacts], bounds: Bounds) -> list[Coast]:
    """Coasts that were parted into sections or of which the length is known, with what was done of them."""
    within = events_within(asked, programmes, bounds)
    took_place = func.sum(case((Event.status == "completed", 1), else_=0))
    columns = (Site.id, Site.name, Section.name.label("section"), Section.length_m, Section.position)
    parted = (
        select(*columns, took_place.label("times"))
        .select_from(Section)
        .join(Event, Event.id == Section.event_id)
        .join(Site, Site.id == Event.site_id)
        .where(Site.kind == "coast", Section.length_m.is_not(None), within)
        .group_by(*columns)
        .order_by(Site.id, Section.position)
    )
    cleaned = (
        select(Site.id, Site.name, Site.facts, func.sum(Outcome.base_quantity).label("km"))
        .select_from(Outcome)
        .join(Event, Event.id == Outcome.event_id)
        .join(Site, Site.id == Event.site_id)
        .where(Site.kind == "coast", Outcome.metric == "coast_cleaned", Outcome.counting(), within)
        .where(Event.id.not_in(select(Section.event_id).where(Section.length_m.is_not(None))))
        .group_by(Event.id, Site.id, Site.name, Site.facts)
        .order_by(Site.id)
    )
    return _put_together(db.session.execute(parted), db.session.execute(cleaned))


def _put_together(parted: Iterable[Any], cleaned: Iterable[Any]) -> list[Coast]:
    found: dict[str, Coast] = {}
    pieces: dict[tuple[str, ...], Piece] = {}
    for row in parted:
        coast = found.setdefault(row.id, Coast(row.id, row.name))
        key = (row.id, *sorted(f"{code}:{text}" for code, text in row.section.items()))
        piece = pieces.get(key)
        if piece is None:
            piece = pieces[key] = Piece(row.section, row.length_m)
            coast.pieces.append(piece)
        piece.length_m = max(piece.length_m, row.length_m)
        piece.times += row.times
    for row in cleaned:
        coast = found.setdefault(row.id, Coast(row.id, row.name))
        _add(coast, row.km, Decimal(str(row.facts.get("length_km") or 0)))
    return [coast for coast in found.values() if coast.pieces]


def _add(coast: Coast, km: Decimal, length_km: Decimal) -> None:
    if length_km and not coast.pieces:
        coast.pieces.append(Piece(coast.name, int(length_km * 1000)))
    if length_km and km >= length_km:
        for piece in coast.pieces:
            piece.times += 1
    else:
        coast.elsewhere_km += km
