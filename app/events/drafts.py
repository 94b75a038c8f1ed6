"""What a coordinator says about an event, as plain values, and whether it can be so. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from app.errors import N_
from app.events.models import APPROVALS, AUDIENCES, KINDS, PRECISIONS, PROMOTIONS, TRANSPORTS, Event, Site

Texts = dict[str, str]
MOST_SEATS = 100_000
OLDEST = 120
EARLIEST, LATEST = datetime(1990, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
CHOICES = {
    "kind": KINDS,
    "audience": AUDIENCES,
    "date_precision": PRECISIONS,
    "on_full": ("waitlist", "refuse"),
    "transport": TRANSPORTS,
    "promotion": PROMOTIONS,
    "approval": APPROVALS,
}
MOST_DEPARTMENTS, LONGEST_DEPARTMENT = 50, 200
# Whole numbers among the rules: least, most, and what is said of any other.
BOUNDS = {
    "offer_hours": (1, 72, N_("An offer stands for 1 to 72 hours.")),
    "offer_from_hours": (0, 720, N_("From 0 to 720 hours before the beginning.")),
    "pass_limit": (0, 100, N_("From 0 to 100 times.")),
    "approval_hours": (1, 336, N_("An approval is waited for from 1 to 336 hours.")),
    "places_per_employee": (1, 100, N_("From 1 to 100 places.")),
    "no_show_limit": (1, 100, N_("From 1 to 100 times.")),
}


@dataclass(frozen=True)
class EventDraft:
    """An event as it is planned. Times are aware; no capacity means that nobody counts seats."""

    programme_id: str
    site_id: str
    kind: str
    title: Texts
    starts_at: datetime
    ends_at: datetime
    date_precision: str = "minute"
    capacity: int | None = None
    on_full: str = "waitlist"
    audience: str = "employees"
    institution_id: str | None = None
    min_age: int | None = None
    max_age: int | None = None
    lunch: bool = False
    description: Texts = field(default_factory=dict)
    meeting_point: Texts = field(default_factory=dict)
    bring: Texts = field(default_factory=dict)
    signup_opens_at: datetime | None = None
    signup_closes_at: datetime | None = None
    coordinator_id: str | None = None
    cities: list[str] = field(default_factory=list)
    departments: list[str] = field(default_factory=list)
    places_per_employee: int | None = None
    no_show_limit: int | None = None
    cancel_closes_at: datetime | None = None
    transport: str = "own"
    promotion: str = "late-offer"
    offer_hours: int = 2
    offer_from_hours: int = 24
    pass_limit: int = 3
    approval: str = "none"
    approval_hours: int = 48
    asks_size: bool = False
    asks_diet: bool = False
    asks_medical: bool = False
    is_hidden: bool = False


PLANNED = tuple(item.name for item in fields(EventDraft))
# Switched on the page of questions, not in the form of the plan: who saves one doesn't undo the other.
USUAL = ("asks_size", "asks_diet", "asks_medical")


def planned_values(draft: EventDraft) -> dict[str, Any]:
    """The draft as {column: value}."""
    return {name: getattr(draft, name) for name in PLANNED}


def draft_of(event: Event) -> EventDraft:
    """The event as it is planned now."""
    return EventDraft(**{name: getattr(event, name) for name in PLANNED})


def version_of(event: Event) -> str:
    """A word that changes with the plan: a form carries it, so that nobody overwrites another's work."""
    return _fingerprint([getattr(event, name) for name in PLANNED if name not in USUAL])


def problems(draft: EventDraft, site: Site) -> dict[str, str]:
    """{field: sentence} for everything that can't be so; empty when the draft holds."""
    return _texts(draft) | _words(draft) | _ages(draft, site) | _times(draft) | _seats(draft) | _rules(draft)


def _fingerprint(values: list[object]) -> str:
    plain = [dict(sorted(v.items())) if isinstance(v, Mapping) else v for v in values]
    return sha256(repr(plain).encode()).hexdigest()[:16]


def _texts(draft: EventDraft) -> dict[str, str]:
    titled = any(text.strip() for text in draft.title.values())
    return {} if titled else {"title": N_("Give it a title in one language at least.")}


def _words(draft: EventDraft) -> dict[str, str]:
    unknown = [name for name, words in CHOICES.items() if getattr(draft, name) not in words]
    return {name: N_("Choose one of the list.") for name in unknown}


def _ages(draft: EventDraft, site: Site) -> dict[str, str]:
    found = {}
    for name in ("min_age", "max_age"):
        age = getattr(draft, name)
        if age is not None and not 0 <= age <= OLDEST:
            found[name] = N_("An age is from 0 to 120.")
    if draft.max_age is not None and draft.max_age < (draft.min_age or 0):
        found.setdefault("max_age", N_("The highest age is below the lowest."))
    if draft.max_age is not None and draft.max_age < (site.min_age or 0):
        found.setdefault("max_age", N_("The place itself takes only older people."))
    return found


def _times(draft: EventDraft) -> dict[str, str]:
    found = {}
    for name in ("starts_at", "ends_at"):
        if not EARLIEST <= getattr(draft, name) < LATEST:
            found[name] = N_("Check the year.")
    if draft.ends_at <= draft.starts_at:
        found.setdefault("ends_at", N_("The end is before the beginning."))
    opens, closes = draft.signup_opens_at, draft.signup_closes_at
    if opens is not None and opens >= (closes or draft.ends_at):
        found["signup_opens_at"] = N_("Sign-up would open after it closes.")
    if closes is not None and closes > draft.ends_at:
        found["signup_closes_at"] = N_("Sign-up would close after the event is over.")
    if draft.cancel_closes_at is not None and draft.cancel_closes_at > draft.starts_at:
        found["cancel_closes_at"] = N_("People can cancel until it begins at most.")
    return found


def _seats(draft: EventDraft) -> dict[str, str]:
    if draft.capacity is not None and not 1 <= draft.capacity <= MOST_SEATS:
        return {"capacity": N_("There is at least one seat, and at most 100 000.")}
    return {}


def _rules(draft: EventDraft) -> dict[str, str]:
    found = {}
    for name, (least, most, sentence) in BOUNDS.items():
        number = getattr(draft, name)
        if number is not None and not least <= number <= most:
            found[name] = sentence
    too_long = any(len(name) > LONGEST_DEPARTMENT for name in draft.departments)
    if too_long or len(draft.departments) > MOST_DEPARTMENTS:
        found["departments"] = N_("Up to 50 departments, each on a line of its own.")
    return found
