"""What a roster can be narrowed to at one event: its groups, buses, shifts and labels, the cities, saved views."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import String, and_, bindparam, cast, literal, null, or_, select, union_all

from app.accounts.actor import COORDINATOR, Actor
from app.db import Texts, db
from app.desk.roster.models import PlaceLabel, RosterView
from app.events.models import Event, Shift
from app.people.models import City
from app.rosters.models import Bus, Group

HERE: Any = bindparam("event_id")


def _of(kind: str, id_: Any, name: Any, model: Any, own: Any = None) -> Any:
    return select(literal(kind).label("kind"), id_.label("id"), cast(name, String).label("name")).where(
        model.event_id == HERE if own is None else own
    )


MINE = and_(
    or_(RosterView.event_id.is_(None), RosterView.event_id == HERE),
    or_(RosterView.account_id == bindparam("account_id"), RosterView.city == bindparam("city")),
)
CHOICES = union_all(
    _of("group", Group.id, Group.name, Group),
    _of("bus", Bus.id, Bus.name, Bus),
    _of("shift", Shift.id, Shift.name, Shift),
    _of("label", PlaceLabel.label, null(), PlaceLabel).distinct(),
    _of("city", City.slug, City.name, City, literal(True)),
    _of("view", RosterView.id, RosterView.name, RosterView, MINE),
)


@dataclass(frozen=True)
class Choices:
    """{id: name} of each kind, by name; shifts and cities in three languages."""

    groups: Mapping[str, str] = field(default_factory=dict)
    buses: Mapping[str, str] = field(default_factory=dict)
    shifts: Mapping[str, Texts] = field(default_factory=dict)
    cities: Mapping[str, Texts] = field(default_factory=dict)
    views: Mapping[str, str] = field(default_factory=dict)
    labels: tuple[str, ...] = ()


def choices_of(event: Event, actor: Actor) -> Choices:
    """All of it in one query; views are the actor's own, and those shared in the city by its coordinators."""
    city = event.site.city if actor.holds(COORDINATOR, city=event.site.city, event_id=event.id) else ""
    values = {"event_id": event.id, "account_id": actor.account_id, "city": city}
    found: dict[str, dict[str, Any]] = {}
    for kind, id_, name in db.session.execute(CHOICES, values):
        found.setdefault(kind, {})[id_] = json.loads(name) if kind in ("shift", "city") else name
    groups, buses, views = (_by_name(found.get(kind, {})) for kind in ("group", "bus", "view"))
    cities, labels = found.get("city", {}), tuple(sorted(found.get("label", {})))
    return Choices(groups, buses, found.get("shift", {}), cities, views, labels)


def city_names() -> dict[str, Texts]:
    """{city's id: its name}."""
    return {row.slug: row.name for row in db.session.execute(select(City.slug, City.name))}


def _by_name(names: Mapping[str, str]) -> dict[str, str]:
    """10 stands after 9."""
    return dict(sorted(names.items(), key=lambda pair: (len(pair[1]), pair[1])))
