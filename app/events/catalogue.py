"""Sites with their hazard rules, and programmes: what events are planned from."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from app.accounts.actor import Actor
from app.audit.operations import differences, record
from app.db import Texts, db, lock, transaction
from app.errors import N_, Invalid
from app.events.badges import BADGES
from app.events.models import HAZARD_CLASSES, SITE_KINDS, Programme, Site
from app.events.slugs import slug_of, unused
from app.people.models import City

OLDEST, LARGEST_RATIO = 120, 100
FIRST_YEAR, LAST_YEAR = 1990, 2100
LARGEST_PLAN = 10**15
UNNAMED = N_("Give it a name in one language at least.")
SITE_COLUMNS = ("name", "city", "kind", "host", "min_age", "adult_child_ratio", "hazard_class", "ppe")
PROGRAMME_COLUMNS = ("name", "first_year", "last_year", "planned_tenge", "badges")


def create_site(
    *,
    name: Texts,
    city: str,
    kind: str = "other",
    host: str = "",
    min_age: int | None = None,
    adult_child_ratio: int | None = None,
    hazard_class: str = "none",
    ppe: Sequence[str] = (),
    slug: str | None = None,
    now: datetime,
    actor: Actor,
) -> Site:
    """A new place; `adult_child_ratio` children for one adult at most. Raises Invalid by field."""
    with transaction() as session:
        site = Site(name=name, city=city, kind=kind, host=host, hazard_class=hazard_class, created_at=now)
        site.min_age, site.adult_child_ratio, site.ppe = min_age, adult_child_ratio, list(ppe)
        _check(_site_problems({column: getattr(site, column) for column in SITE_COLUMNS}))
        site.slug = _free(Site.slug, slug or slug_of(name))
        session.add(site)
        session.flush()
        record(actor, "create", site, now=now)
    return site


def change_site(site: Site, values: Mapping[str, Any], *, now: datetime, actor: Actor) -> None:
    """Changes name or rules; events that are planned there follow the rules from now on."""
    with transaction():
        lock(site)
        _check(_site_problems({column: values.get(column, getattr(site, column)) for column in SITE_COLUMNS}))
        _set(site, values, SITE_COLUMNS, now=now, actor=actor)


def create_programme(
    *,
    name: Texts,
    first_year: int,
    last_year: int | None = None,
    planned_tenge: int | None = None,
    badges: Sequence[str] = (),
    slug: str | None = None,
    now: datetime,
    actor: Actor,
) -> Programme:
    """A new line of work; one year if no last one is told; the plan in whole tenge. Raises Invalid by field."""
    with transaction() as session:
        programme = Programme(name=name, first_year=first_year, last_year=last_year or first_year, created_at=now)
        programme.planned_tenge, programme.badges = planned_tenge, list(badges)
        _check(_programme_problems({column: getattr(programme, column) for column in PROGRAMME_COLUMNS}))
        programme.slug = _free(Programme.slug, slug or slug_of(name))
        session.add(programme)
        session.flush()
        record(actor, "create", programme, now=now)
    return programme


def change_programme(programme: Programme, values: Mapping[str, Any], *, now: datetime, actor: Actor) -> None:
    """Changes name, years or plan."""
    with transaction():
        lock(programme)
        wanted = {column: values.get(column, getattr(programme, column)) for column in PROGRAMME_COLUMNS}
        _check(_programme_problems(wanted))
        _set(programme, values, PROGRAMME_COLUMNS, now=now, actor=actor)


def _check(problems: dict[str, str]) -> None:
    if problems:
        raise Invalid(problems)


def _set(
    row: Site | Programme, values: Mapping[str, Any], columns: Sequence[str], *, now: datetime, actor: Actor
) -> None:
    changes = differences(row, {column: value for column, value in values.items() if column in columns})
    for column, (_, after) in changes.items():
        setattr(row, column, after)
    if changes:
        record(actor, "change", row, now=now, changes=changes)


def _site_problems(site: Mapping[str, Any]) -> dict[str, str]:
    found = {} if any(text.strip() for text in site["name"].values()) else {"name": UNNAMED}
    if db.session.get(City, site["city"]) is None:
        found["city"] = N_("Choose a city.")
    if site["kind"] not in SITE_KINDS:
        found["kind"] = N_("Choose one of the list.")
    if site["hazard_class"] not in HAZARD_CLASSES:
        found["hazard_class"] = N_("Choose one of the list.")
    if site["min_age"] is not None and not 0 <= site["min_age"] <= OLDEST:
        found["min_age"] = N_("An age is from 0 to 120.")
    if site["adult_child_ratio"] is not None and not 1 <= site["adult_child_ratio"] <= LARGEST_RATIO:
        found["adult_child_ratio"] = N_("One adult looks after 1 to 100 children.")
    return found


def _programme_problems(programme: Mapping[str, Any]) -> dict[str, str]:
    found = {} if any(text.strip() for text in programme["name"].values()) else {"name": UNNAMED}
    for column in ("first_year", "last_year"):
        if not FIRST_YEAR <= programme[column] <= LAST_YEAR:
            found[column] = N_("Check the year.")
    if programme["last_year"] < programme["first_year"]:
        found.setdefault("last_year", N_("The last year is before the first."))
    if programme["planned_tenge"] is not None and not 0 <= programme["planned_tenge"] <= LARGEST_PLAN:
        found["planned_tenge"] = N_("Give the plan in whole tenge.")
    if set(programme["badges"] or ()) - set(BADGES):
        found["badges"] = N_("Choose from the list.")
    return found


def _free(column: InstrumentedAttribute[str], slug: str) -> str:
    return unused(slug, set(db.session.scalars(select(column).where(column.startswith(slug, autoescape=True)))))
