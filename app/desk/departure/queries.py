"""The facts of the go or no-go board: everything about one event in a fixed number of questions."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Integer,
    ScalarSelect,
    Select,
    and_,
    bindparam,
    cast,
    column,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    table,
    union_all,
)
from sqlalchemy.orm import joinedload

from app.accounts.actor import Actor
from app.accounts.models import Account
from app.columns import UtcDateTime
from app.consents.binding import bound_to
from app.consents.briefing_models import Briefing, BriefingSignature
from app.consents.cover import has_moved, required_kinds
from app.consents.models import Consent
from app.consents.queries import STANDS
from app.db import db
from app.desk.departure.models import Override, WeatherLimit
from app.desk.departure.policy import can_see_board
from app.desk.departure.readiness import Facts, Line, Weather, board
from app.desk.log.conflict_models import WalkIn
from app.errors import NotFound, require
from app.events.models import Event
from app.events.policy import can_see_event
from app.events.trip_models import Host
from app.gifts.kit import kit_stock
from app.gifts.models import EventGift
from app.gifts.queries import still_short
from app.mail.models import Mail, Suppression
from app.people.models import Guardianship, Person
from app.rosters.duty_models import Duty, LunchOrder, Need, PersonSkill
from app.rosters.duty_standing import named_first_aid
from app.rosters.models import Bus, Departure, Group
from app.rosters.ratio import bands_for, ratio_of
from app.rosters.seated import Seated, seated_people, travellers
from app.rosters.travellers import Traveller, escorts_among
from app.signups.models import Place

INDOORS = ("museum", "leisure", "smelter")
EVENT: Any = bindparam("event_id")
LAST_REMINDERS = timedelta(days=2)  # whoever was reminded earlier may have forgotten
SEAT = and_(Place.event_id == EVENT, Place.status == "confirmed")


@dataclass(frozen=True)
class Taken:
    """A red line that somebody took on themselves."""

    line: str
    reason: str
    found: str
    at: datetime
    by: str


@dataclass(frozen=True)
class Board:
    """The board of one event, with what was overridden and whether it has set out."""

    event: Event
    lines: Sequence[Line]
    taken: Sequence[Taken]
    limit: WeatherLimit | None
    departure: Departure | None
    people: int
    groups: Sequence[tuple[str, str]] = ()

    @property
    def blocking(self) -> list[Line]:
        """The red lines that nobody took on themselves."""
        return [line for line in self.lines if line.blocks]


def event_of_board(actor: Actor, event_id: str) -> Event:
    """The event for those who decide on its departure; raises NotFound, NotAllowed."""
    event = db.session.scalar(select(Event).where(Event.id == event_id).options(joinedload(Event.site)))
    if event is None or not can_see_event(actor, event):
        raise NotFound
    require(can_see_board(actor, event))
    return event


def board_of(event: Event, *, now: datetime) -> Board:
    """Every line as it stands now."""
    asked = {"event_id": event.id, "day": event.local_date, "eve": event.starts_at - LAST_REMINDERS}
    found = db.session.execute(FIGURES, asked).one()
    figures = found._mapping
    rows = [tuple(row) for row in db.session.execute(ROWS, {"event_id": event.id})]
    taken = [Taken(row[1], row[2], row[3], row[5], row[6] or "") for row in rows if row[0] == "override"]
    limit, departure = figures["WeatherLimit"], figures["Departure"]
    seated = seated_people(event.id)
    facts = _facts(event, seated, figures, rows, limit, now=now)
    return Board(
        event,
        board(facts, frozenset(one.line for one in taken)),
        sorted(taken, key=lambda one: one.at),
        limit,
        departure,
        len(seated),
        [(row[1], row[2]) for row in rows if row[0] == "group"],
    )


def _facts(
    event: Event,
    seated: Sequence[Seated],
    figures: Any,
    rows: Sequence[Any],
    limit: WeatherLimit | None,
    *,
    now: datetime,
) -> Facts:
    going = travellers(event, seated)
    numbers, kit = {name: figures[name] for name in COUNTED}, kit_stock(event)
    return Facts(
        now=now,
        starts_at=event.starts_at,
        seated=len(seated),
        capacity=event.capacity,
        waiting=event.people_waiting,
        hazard=event.site.hazard_class,
        consents_missing=_without_consent(event, seated),
        briefed=_briefed(seated, rows),
        by_bus=event.transport == "bus",
        buses=_buses(seated, rows),
        ppe=len(event.site.ppe),
        kit_missing=kit.missing,
        kit_uncounted=kit.uncounted,
        lunch=event.lunch,
        caterer=bool(event.caterer_email),
        outdoors=event.site.kind not in INDOORS,
        weather=_weather(limit),
        **numbers,
        **_escorts(event, seated, going, rows),
        **(_gifts(event) if figures["gives_gifts"] else {}),
    )


def _escorts(event: Event, seated: Sequence[Seated], going: Sequence[Traveller], rows: Sequence[Any]) -> dict[str, Any]:
    """The ratio in all, and where among groups and buses it is too low."""
    escorts, bands = escorts_among(going), bands_for(event.site.adult_child_ratio)
    whole, names = ratio_of(going, escorts, bands), {row[1]: row[2] for row in rows if row[0] in ("bus", "group")}
    where = {one.place_id: (one.group_id, one.bus_id) for one in seated}
    short = [
        names[part]
        for part in names
        if ratio_of([one for one in going if part in where[one.place_id]], escorts, bands).state == "red"
    ]
    return {
        "children": whole.children, "escorts": whole.escorts, "escorts_needed": whole.needed, "ratio": whole.state,
        "short_of_escorts": sorted(short),
    }  # fmt: skip


def _without_consent(event: Event, seated: Sequence[Seated]) -> int:
    """Children for whom not all is agreed to for this very plan, or somebody is against it."""
    minors = {one.person_id for one in seated if one.is_child_on(event.local_date)}
    if not minors:
        return 0
    plan, kinds = bound_to(event), required_kinds(event)
    said = select(Consent.child_id, Consent.kind, Consent.is_yes, Consent.bound_to)
    agreed, refused = set(), set()
    for child_id, kind, is_yes, bound in db.session.execute(said.where(Consent.event_id == event.id, *STANDS)):
        if not is_yes:
            refused.add((child_id, kind))
        elif not has_moved(bound, plan):
            agreed.add((child_id, kind))
    covered = agreed - refused
    return sum(any((child_id, kind) not in covered for kind in kinds) for child_id in minors)


def _briefed(seated: Sequence[Seated], rows: Sequence[Any]) -> int:
    groups = {row[1] for row in rows if row[0] == "briefing"}
    return len(seated) if "" in groups else sum(one.group_id in groups for one in seated)


def _buses(seated: Sequence[Seated], rows: Sequence[Any]) -> list[tuple[str, int | None, int]]:
    inside = Counter(one.bus_id for one in seated)
    return [(row[2], row[4], inside[row[1]]) for row in rows if row[0] == "bus"]


def _gifts(event: Event) -> dict[str, Any]:
    needed, short, unknown = still_short(event)
    return {"gives_gifts": True, "gifts_needed": needed, "gifts_short": short, "sizes_unknown": unknown}


def _weather(limit: WeatherLimit | None) -> Weather:
    if limit is None:
        return Weather()
    allowed = (limit.wind_max, limit.temperature_min, limit.temperature_max)
    return Weather(*allowed, wind=limit.wind_read, temperature=limit.temperature_read)


def _number(query: Select[Any]) -> ScalarSelect[Any]:
    return query.scalar_subquery()


def _people(*conditions: Any) -> ScalarSelect[Any]:
    """How many people with a seat fit all that."""
    return _number(select(func.count()).select_from(Place).join(Person).where(SEAT, *conditions).correlate(None))


def _hosts(*conditions: Any) -> ScalarSelect[Any]:
    asked = (Host.event_id == EVENT, Host.removed_at.is_(None), Host.invited_at.is_not(None))
    return _number(select(func.count()).select_from(Host).where(*asked, *conditions))


_bounced = exists().where(Suppression.address == func.lower(Person.email), Suppression.reason == "bounced")
_guardian = Person.__table__.alias("guardian")
_reached_by_guardian = exists().where(
    Guardianship.child_id == Person.id,
    Guardianship.ended_at.is_(None),
    Guardianship.guardian_id == _guardian.c.id,
    _guardian.c.email.is_not(None),
    ~exists().where(Suppression.address == func.lower(_guardian.c.email), Suppression.reason == "bounced"),
)
_unreached = or_(
    and_(Person.kind != "child", or_(Person.email.is_(None), _bounced)),
    and_(Person.kind == "child", Person.institution_id.is_(None), ~_reached_by_guardian),
)
_helps = or_(
    exists().where(Duty.place_id == Place.id, Duty.need_id == Need.id, Need.role == "first_aid"),
    named_first_aid(EVENT),
    exists().where(
        PersonSkill.person_id == Person.id,
        PersonSkill.skill == "first_aid",
        or_(PersonSkill.valid_until.is_(None), PersonSkill.valid_until >= bindparam("day")),
    ),
)
_orders = select(LunchOrder.total).where(LunchOrder.event_id == EVENT).order_by(LunchOrder.number.desc()).limit(1)
_first_aid = select(func.count()).where(Need.event_id == EVENT, Need.role == "first_aid", Need.minimum > 0)
_first_aid_staff = _number(
    select(func.count())
    .select_from(Person)
    .where(named_first_aid(EVENT), Person.deactivated_at.is_(None), ~exists().where(SEAT, Place.person_id == Person.id))
)
# Reminders follow by themselves and stand further right: their table is known here by name alone.
_runs = table(
    "reminder_runs", column("id"), column("event_id"), column("occurrence", UtcDateTime), column("due_at", UtcDateTime),
    column("dropped_at", UtcDateTime), column("missed_reason"),
)  # fmt: skip
_last_ones = (
    _runs.c.event_id == EVENT,
    _runs.c.dropped_at.is_(None),
    _runs.c.occurrence == select(Event.starts_at).where(Event.id == EVENT).scalar_subquery(),
    _runs.c.due_at >= bindparam("eve", type_=UtcDateTime),
)
_reminded = (
    select(func.count())
    .select_from(Mail)
    .join(_runs, Mail.key.like(literal("reminder:").concat(_runs.c.id).concat(":%")))
    .where(Mail.event_id == EVENT, Mail.cancelled_at.is_(None), Mail.status != "failed", *_last_ones)
)
_missed = select(func.max(_runs.c.missed_reason)).where(*_last_ones)
_held_versions = select(Briefing.version).where(Briefing.event_id == EVENT)
_signed = exists().where(BriefingSignature.place_id == Place.id, BriefingSignature.version.in_(_held_versions))
# Children whom somebody let in without a place: only a parent who signs them up can agree to it.
_children_unplanned = select(func.count()).where(
    WalkIn.event_id == EVENT, WalkIn.is_child, WalkIn.place_id.is_(None), WalkIn.undone_at.is_(None)
)
COUNTS = {
    "signed": _people(_signed),
    "kit_unknown": _people(Place.tshirt_size == "", Person.tshirt_size == ""),
    "unreached": _people(_unreached),
    "first_aiders": _people(_helps) + _first_aid_staff,
    "first_aid_asked": _number(_first_aid),
    "hosts": _hosts(),
    "hosts_confirmed": _hosts(Host.confirmed_at.is_not(None)),
    "hosts_declined": _hosts(Host.declined_at.is_not(None)),
    "lunches_ordered": _number(_orders),
    "reminded": _number(_reminded),
    "reminders_missed": _number(_missed),
    "children_unplanned": _number(_children_unplanned),
}
COUNTED = tuple(COUNTS)
_gives = _number(select(func.count()).where(EventGift.event_id == EVENT))
FIGURES = (
    select(WeatherLimit, Departure, _gives.label("gives_gifts"), *(query.label(name) for name, query in COUNTS.items()))
    .select_from(Event)
    .outerjoin(WeatherLimit, WeatherLimit.event_id == Event.id)
    .outerjoin(Departure, Departure.event_id == Event.id)
    .where(Event.id == EVENT)
)
_nothing, _never, _name = cast(null(), Integer), cast(null(), UtcDateTime), Person.surname + " " + Person.given_name
ROWS: Any = union_all(
    select(literal("bus"), Bus.id, Bus.name, literal(""), Bus.seats, _never, literal("")).where(
        Bus.event_id == EVENT, Bus.closed_at.is_(None)
    ),
    select(literal("group"), Group.id, Group.name, literal(""), _nothing, _never, literal("")).where(
        Group.event_id == EVENT, Group.closed_at.is_(None)
    ),
    select(
        literal("briefing"), func.coalesce(Briefing.group_id, ""), literal(""), literal(""), _nothing,
        Briefing.given_at, literal(""),
    )
    .join(Event, and_(Event.id == Briefing.event_id, Event.site_id == Briefing.site_id))
    .where(Briefing.event_id == EVENT),
    select(
        literal("override"), Override.line, Override.reason, Override.found, _nothing, Override.made_at, _name,
    )
    .outerjoin(Account, Account.id == Override.made_by_id)
    .outerjoin(Person, Person.id == Account.person_id)
    .where(Override.event_id == EVENT),
)  # fmt: skip
