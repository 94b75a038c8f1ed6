"""Setting out, or taking a red line on oneself; the weather that is allowed and the one that is; briefings."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import select

from app.accounts.actor import Actor
from app.attendance.entry_ids import new_entry_id
from app.attendance.operation import Operation
from app.audit.operations import record
from app.consents.briefing_models import Briefing
from app.db import db, lock, new_id, transaction
from app.desk.departure.models import Override, WeatherLimit
from app.desk.departure.policy import can_brief, can_depart, can_enter_weather, can_override, can_read_weather
from app.desk.departure.queries import board_of
from app.desk.departure.readiness import KEYS, NAMES, RED
from app.desk.log.bodies import MANAGE
from app.desk.log.giving import Giver, facts_of
from app.desk.log.held import hold
from app.desk.log.taking import write_down
from app.desk.safety.kinds import LANGUAGES
from app.desk.trip.rules import BY_BOARD, ON_FOOT, OUT
from app.errors import N_, DomainError, Invalid, NotFound, require
from app.events.models import Event
from app.rosters.models import Departure, Group

SETS_OUT = ("published", "closed", "running")
EARLIEST = timedelta(hours=24)
LONGEST, LONGEST_VERSION, LONGEST_NAME = 500, 20, 120
BOARD_KEY = f"b:{ON_FOOT}:{OUT}"
FIRST = "1"  # the version of a text of which nobody said another
RANGES = {"wind": (0, 60), "temperature": (-60, 60)}


class NotReadyToLeave(DomainError):
    """Red lines stand; the sentence names them."""

    type = "not-ready-to-leave"
    title = N_("Not yet")
    message = N_("It can't set out yet. Red: %(lines)s")


class HasLeft(DomainError):
    """They are on their way."""

    type = "has-left"
    message = N_("This event has set out already.")


class NotTheDay(DomainError):
    """It isn't going to take place, is over, or is days ahead."""

    type = "not-the-day"
    message = N_("An event sets out on its day, while it is to take place.")


class LineNotRed(DomainError):
    """There is nothing to take on oneself."""

    type = "line-not-red"
    message = N_("This line is not red, or somebody took it on already.")


def depart(event: Event, *, now: datetime, actor: Actor, names: Mapping[str, str] = NAMES) -> Departure:
    """Writes down that everybody is on the way. Raises NotReadyToLeave with the red lines, HasLeft, NotTheDay.

    `names` are what the lines are called in the reader's language.
    """
    with transaction() as session:
        lock(event)
        require(can_depart(actor, event))
        if event.status not in SETS_OUT or not event.starts_at - EARLIEST <= now <= event.ends_at:
            raise NotTheDay
        found = board_of(event, now=now)
        if found.departure is not None:
            raise HasLeft
        if red := found.blocking:
            raise NotReadyToLeave(lines=", ".join(names[line.key] for line in red), keys=[line.key for line in red])
        gone = Departure(event_id=event.id, departed_at=now, departed_by_id=actor.account_id, people=found.people)
        session.add(gone)
        session.flush()
        record(actor, "depart", event, now=now, changes={"people": (0, found.people)})
    _tell_phones(event, now=now, actor=actor)
    return gone


def override_line(event: Event, line: str, *, reason: str, now: datetime, actor: Actor) -> Override:
    """Takes a red line on oneself; name and reason stay on the board. Raises Invalid, NotAllowed, LineNotRed."""
    with transaction() as session:
        lock(event)
        if line not in KEYS:
            raise Invalid({"line": N_("Choose one of the list.")})
        require(can_override(actor, event, line))
        reason = reason.strip()
        if not 0 < len(reason) <= LONGEST:
            raise Invalid({"reason": N_("Say why, in up to 500 letters.")})
        red = {one.key: one for one in board_of(event, now=now).lines if one.blocks and one.state == RED}
        if line not in red:
            raise LineNotRed
        found = (red[line].why % dict(red[line].params))[:200]
        row = Override(
            id=new_id(), event_id=event.id, line=line, reason=reason, found=found,
            made_at=now, made_by_id=actor.account_id,
        )  # fmt: skip
        session.add(row)
        session.flush()
        record(actor, "override_line", event, now=now, changes={"line": ("", line), "reason": ("", reason)})
    return row


def enter_weather_limit(
    event: Event,
    *,
    wind_max: int | None,
    temperature_min: int | None,
    temperature_max: int | None,
    note: str = "",
    now: datetime,
    actor: Actor,
) -> WeatherLimit:
    """In which weather this event may set out; empty all lifts the limit. Raises Invalid by field, NotAllowed."""
    with transaction():
        lock(event)
        require(can_enter_weather(actor, event))
        wanted = {"wind_max": wind_max, "temperature_min": temperature_min, "temperature_max": temperature_max}
        _check(wanted)
        if temperature_min is not None and temperature_max is not None and temperature_min > temperature_max:
            raise Invalid({"temperature_max": N_("The highest temperature is below the lowest.")})
        row = _limit(event, now=now)
        before = {name: getattr(row, name) for name in wanted}
        for name, value in wanted.items():
            setattr(row, name, value)
        row.note, row.entered_at, row.entered_by_id = note.strip()[:LONGEST], now, actor.account_id
        changes = {name: (before[name], value) for name, value in wanted.items() if before[name] != value}
        record(actor, "enter_weather_limit", event, now=now, changes=changes)
    return row


def read_weather(
    event: Event, *, wind: int | None, temperature: int | None, now: datetime, actor: Actor
) -> WeatherLimit:
    """What it is like, read by hand. Raises Invalid by field, NotAllowed."""
    with transaction():
        lock(event)
        require(can_read_weather(actor, event))
        _check({"wind": wind, "temperature": temperature})
        row = _limit(event, now=now)
        before = (row.wind_read, row.temperature_read)
        row.wind_read, row.temperature_read = wind, temperature
        nothing = wind is None and temperature is None
        row.read_at, row.read_by_id = (None, None) if nothing else (now, actor.account_id)
        changes = {"wind": (before[0], wind), "temperature": (before[1], temperature)}
        record(actor, "read_weather", event, now=now, changes=changes)
    return row


def record_briefing(
    event: Event,
    *,
    text: str,
    group_id: str | None = None,
    version: str = FIRST,
    language: str = "kk",
    instructor: str = "",
    now: datetime,
    actor: Actor,
) -> Briefing:
    """Everybody, or one group, was told how to stay safe at the event's place: which version of the text, in which
    language, by whom (the actor where nobody is named). Phones hear of it. Raises Invalid, NotAllowed, NotFound.
    """
    require(can_brief(actor, event))
    said = {"text": text.strip(), "version": version.strip() or FIRST, "language": language}
    said["instructor"] = instructor.strip() or actor.name or "Torangy"
    _check_briefing(said)
    facts, key = facts_of(event), f"g:{group_id or '-'}"
    with transaction() as session:
        held = hold(facts, [key], [])
        group = session.get(Group, group_id) if group_id else None
        if group_id and (group is None or group.event_id != facts.id):
            raise NotFound
        spoken = Operation(new_entry_id(), "briefing", key, now, now, said, account_id=actor.account_id)
        write_down(facts, held, [spoken], {}, giver=Giver(actor, frozenset({"safety"})), now=now)
        return session.scalars(select(Briefing).where(Briefing.operation_id == spoken.id)).one()


def _check_briefing(said: Mapping[str, str]) -> None:
    wrong = {}
    if not 0 < len(said["text"]) <= LONGEST:
        wrong["text"] = N_("Say what was explained, in up to 500 letters.")
    if len(said["version"]) > LONGEST_VERSION:
        wrong["version"] = N_("A version has up to 20 letters.")
    if said["language"] not in LANGUAGES:
        wrong["language"] = N_("Choose one of the list.")
    if len(said["instructor"]) > LONGEST_NAME:
        wrong["instructor"] = N_("A name has up to 120 letters.")
    if wrong:
        raise Invalid(wrong)


def _tell_phones(event: Event, *, now: datetime, actor: Actor) -> None:
    """Phones hear of it as of anything that is said on the day. On its own: marks wait for no event's lock."""
    facts, said = facts_of(event), {"decision": BY_BOARD}
    with transaction():
        held = hold(facts, [BOARD_KEY], [])
        one = Operation(new_entry_id(), "departure", BOARD_KEY, now, now, said, account_id=actor.account_id)
        write_down(facts, held, [one], {}, giver=Giver(actor, frozenset({MANAGE})), now=now)


def _limit(event: Event, *, now: datetime) -> WeatherLimit:
    row = db.session.get(WeatherLimit, event.id)
    if row is None:
        row = WeatherLimit(event_id=event.id, entered_at=now)
        db.session.add(row)
    return row


def _check(values: dict[str, int | None]) -> None:
    wrong = {}
    for name, value in values.items():
        low, high = RANGES[name.split("_", maxsplit=1)[0]]
        if value is not None and not low <= value <= high:
            wrong[name] = N_("Check this number.")
    if wrong:
        raise Invalid(wrong)
