"""Go or no-go, line by line: what must hold before an event sets out, judged from plain facts. Pure.

One function a line; a new line is one more function in LINES. A red line blocks the departure.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from app.errors import N_
from app.gifts.sizes import Missing

GREEN, AMBER, RED, GREY = "green", "amber", "red", "grey"
COORDINATOR, SAFETY, KEEPER = N_("Coordinator"), N_("Safety officer"), N_("Gift keeper")
# A safety officer answers for these; everything else is the coordinator's to override.
SAFETY_LINES = frozenset({"ratio", "briefings", "first_aid", "kit", "weather"})
# How long before the beginning a line must be mended; a day where nothing is said.
BEFORE = {
    "gifts": timedelta(days=2),
    "kit": timedelta(days=2),
    "lunch": timedelta(days=2),
    "weather": timedelta(hours=3),
    "briefings": timedelta(hours=1),
}
MANY_PEOPLE = 50
WHY_MISSED = {
    "too-late": N_("Nobody was reminded: it was too late."),
    "superseded": N_("Nobody was reminded: it was late, and the next reminder was near."),
    "night-until-start": N_("Nobody was reminded: the night lasted until the beginning."),
    "added-late": N_("Nobody was reminded: the reminder was added after its time."),
}
REMINDED_BY = timedelta(hours=14)  # a day before, and the night that may lie between


class Listed(tuple[object, ...]):
    """Several things in a sentence. Pages put them into their reader's language, a log takes them as they are."""

    def __str__(self) -> str:
        return ", ".join(" ".join(map(str, one)) if isinstance(one, tuple) else str(one) for one in self)


@dataclass(frozen=True)
class Weather:
    """What is allowed and what was read: wind in m/s, degrees Celsius; None where nobody said."""

    wind_max: int | None = None
    temperature_min: int | None = None
    temperature_max: int | None = None
    wind: int | None = None
    temperature: int | None = None

    @property
    def is_limited(self) -> bool:
        """Whether somebody set any limit."""
        return (self.wind_max, self.temperature_min, self.temperature_max) != (None, None, None)

    @property
    def is_over(self) -> bool:
        """Whether what was read is beyond a limit."""
        wind, cold, heat = self.wind_max, self.temperature_min, self.temperature_max
        too_windy = wind is not None and self.wind is not None and self.wind > wind
        too_cold = cold is not None and self.temperature is not None and self.temperature < cold
        return too_windy or too_cold or (heat is not None and self.temperature is not None and self.temperature > heat)

    @property
    def is_read(self) -> bool:
        """Whether everything that is limited was read."""
        degrees = self.temperature_min is not None or self.temperature_max is not None
        return (self.wind_max is None or self.wind is not None) and (not degrees or self.temperature is not None)


@dataclass(frozen=True)
class Facts:
    """All that the lines ask about one event."""

    now: datetime
    starts_at: datetime
    seated: int = 0
    capacity: int | None = None
    waiting: int = 0
    hazard: str = "none"
    children: int = 0
    escorts: int = 0
    escorts_needed: int = 0
    ratio: str = "none"
    short_of_escorts: Sequence[str] = ()
    consents_missing: int = 0
    children_unplanned: int = 0
    briefed: int = 0
    signed: int = 0
    by_bus: bool = False
    buses: Sequence[tuple[str, int | None, int]] = ()
    first_aiders: int = 0
    first_aid_asked: bool = False
    gives_gifts: bool = False
    gifts_needed: int = 0
    gifts_short: int = 0
    sizes_unknown: int = 0
    ppe: int = 0
    kit_unknown: int = 0
    kit_missing: Sequence[Missing] = ()
    kit_uncounted: Sequence[str] = ()
    lunch: bool = False
    caterer: bool = False
    lunches_ordered: int | None = None
    hosts: int = 0
    hosts_confirmed: int = 0
    hosts_declined: int = 0
    reminded: int = 0
    reminders_missed: str | None = None
    unreached: int = 0
    outdoors: bool = True
    weather: Weather = field(default_factory=Weather)


@dataclass(frozen=True)
class Line:
    """One line of the board. `have` and `why` are sentences to translate with `params`; who must mend it until when.

    `overridden` is a red line that somebody took on themselves: it blocks no more and stays on the board.
    """

    key: str
    state: str
    have: str = ""
    why: str = ""
    params: Mapping[str, object] = field(default_factory=dict)
    who: str = ""
    by: datetime | None = None
    overridden: bool = False

    @property
    def blocks(self) -> bool:
        """Whether nobody may set out for its sake."""
        return self.state == RED and not self.overridden


def board(facts: Facts, overridden: frozenset[str] = frozenset()) -> list[Line]:
    """Every line, the red first, then amber, green, and what nobody asks for."""
    order = [RED, AMBER, GREEN, GREY]
    lines = [_due(replace(line(facts), overridden=line.__name__ in overridden), facts) for line in LINES]
    return sorted(lines, key=lambda one: (order.index(one.state), not one.blocks))


def seats(facts: Facts) -> Line:
    """Somebody comes, and nobody waits in front of a free seat."""
    params = {"seated": facts.seated, "capacity": facts.capacity, "waiting": facts.waiting}
    have = N_("%(seated)s people") if facts.capacity is None else N_("%(seated)s of %(capacity)s")
    if not facts.seated:
        return Line("seats", RED, have, N_("Nobody has a seat yet."), params, COORDINATOR)
    if facts.waiting and facts.capacity and facts.seated < facts.capacity:
        return Line("seats", AMBER, have, N_("%(waiting)s people wait while seats are free."), params, COORDINATOR)
    return Line("seats", GREEN, have, "", params)


def ratio(facts: Facts) -> Line:
    """Adults for the children, in all and in every group and bus."""
    counts = {"children": facts.children, "escorts": facts.escorts, "needed": facts.escorts_needed}
    params = {**counts, "where": ", ".join(facts.short_of_escorts[:5])}
    have = N_("%(escorts)s of %(needed)s")
    if facts.ratio == "none":
        return Line("ratio", GREY, "", N_("No children come."))
    if facts.ratio == RED:
        return Line("ratio", RED, have, N_("%(children)s children need %(needed)s escorts."), params, COORDINATOR)
    if facts.short_of_escorts:
        return Line("ratio", RED, have, N_("Too few escorts in: %(where)s"), params, COORDINATOR)
    if facts.ratio == AMBER:
        why = N_("Enough only if adults who came for themselves look after children too.")
        return Line("ratio", AMBER, have, why, params, COORDINATOR)
    return Line("ratio", GREEN, have, "", params)


def consents(facts: Facts) -> Line:
    """Every child has the consent of those who decide for it; whoever came without a place has none."""
    children = facts.children + facts.children_unplanned
    missing = facts.consents_missing + facts.children_unplanned
    params = {"given": children - missing, "children": children, "missing": missing}
    if not children:
        return Line("consents", GREY, "", N_("No children come."))
    have = N_("%(given)s of %(children)s")
    if missing:
        why = N_("Children without consent: %(missing)s. They are stopped at the gate.")
        return Line("consents", RED, have, why, params, COORDINATOR)
    return Line("consents", GREEN, have, "", params)


def briefings(facts: Facts) -> Line:
    """Where it is dangerous everybody was briefed."""
    params = {"briefed": facts.briefed, "seated": facts.seated}
    if facts.hazard == "none":
        return Line("briefings", GREY, "", N_("The place asks for none."))
    have = N_("%(briefed)s of %(seated)s")
    if facts.briefed < facts.seated:
        return Line("briefings", RED, have, N_("Not everybody was briefed about this place."), params, SAFETY)
    if facts.hazard == "high" and facts.signed < facts.seated:
        params["unsigned"] = facts.seated - facts.signed
        why = N_("Signatures under the briefing that are missing: %(unsigned)s.")
        return Line("briefings", AMBER, have, why, params, SAFETY)
    return Line("briefings", GREEN, have, "", params)


def buses(facts: Facts) -> Line:
    """Enough seats, everybody in a bus, none too full."""
    if not facts.by_bus:
        return Line("buses", GREY, "", N_("People come on their own."))
    places = sum(bus_seats or people for _, bus_seats, people in facts.buses)
    inside = sum(people for _, _, people in facts.buses)
    full = [name for name, bus_seats, people in facts.buses if bus_seats is not None and people > bus_seats]
    params = {"places": places, "seated": facts.seated, "left": facts.seated - inside, "where": ", ".join(full[:5])}
    have = N_("%(places)s seats for %(seated)s people")
    known = all(bus_seats is not None for _, bus_seats, _ in facts.buses)
    if not facts.buses or (known and places < facts.seated):
        return Line("buses", RED, have, N_("There are too few seats in buses."), params, COORDINATOR)
    if full:
        return Line("buses", RED, have, N_("More people than seats in: %(where)s"), params, COORDINATOR)
    if inside < facts.seated:
        return Line("buses", AMBER, have, N_("%(left)s people are in no bus yet."), params, COORDINATOR)
    return Line("buses", GREEN, have, "", params)


def first_aid(facts: Facts) -> Line:
    """Somebody who can help comes along."""
    params = {"number": facts.first_aiders}
    asked = facts.first_aid_asked or facts.hazard != "none"
    if not asked and not facts.children and facts.seated < MANY_PEOPLE:
        return Line("first_aid", GREY, "", N_("Not asked for here."))
    if not facts.first_aiders:
        return Line("first_aid", RED if asked else AMBER, "", N_("Nobody here gives first aid."), {}, COORDINATOR)
    return Line("first_aid", GREEN, N_("%(number)s people"), "", params)


def gifts(facts: Facts) -> Line:
    """The stock of this city against those who have a seat, by size."""
    params = {"ready": facts.gifts_needed - facts.gifts_short, "needed": facts.gifts_needed}
    params |= {"short": facts.gifts_short, "unknown": facts.sizes_unknown}
    if not facts.gives_gifts:
        return Line("gifts", GREY, "", N_("No gifts are given."))
    have = N_("%(ready)s of %(needed)s")
    if facts.gifts_short:
        return Line("gifts", AMBER, have, N_("Missing in their size: %(short)s"), params, KEEPER)
    if facts.sizes_unknown:
        return Line("gifts", AMBER, have, N_("Nobody knows the size of %(unknown)s people."), params, COORDINATOR)
    return Line("gifts", GREEN, have, "", params)


def kit(facts: Facts) -> Line:
    """Protective equipment in everybody's size, and in the store of the event's city."""
    params: dict[str, object] = {"known": facts.seated - facts.kit_unknown, "seated": facts.seated}
    params |= {"unknown": facts.kit_unknown, "missing": Listed(facts.kit_missing)}
    params["uncounted"] = Listed(facts.kit_uncounted)
    if not facts.ppe:
        return Line("kit", GREY, "", N_("The place asks for none."))
    have, state = N_("%(known)s of %(seated)s"), RED if facts.hazard == "high" else AMBER
    if facts.kit_missing:
        return Line("kit", state, have, N_("Missing in the store: %(missing)s"), params, KEEPER)
    if facts.kit_unknown:
        return Line("kit", state, have, N_("Nobody knows the size of %(unknown)s people."), params, COORDINATOR)
    if facts.kit_uncounted:
        return Line("kit", AMBER, have, N_("Not in the stock book, count it: %(uncounted)s"), params, KEEPER)
    return Line("kit", GREEN, have, "", params)


def lunch(facts: Facts) -> Line:
    """The caterer knows for how many."""
    params = {"ordered": facts.lunches_ordered or 0, "seated": facts.seated}
    if not facts.lunch:
        return Line("lunch", GREY, "", N_("No lunch is given."))
    have = N_("%(ordered)s of %(seated)s")
    if not facts.caterer:
        return Line("lunch", AMBER, have, N_("Nobody is asked to cook."), params, COORDINATOR)
    if facts.lunches_ordered is None:
        return Line("lunch", AMBER, have, N_("The caterer knows no number yet."), params, COORDINATOR)
    if facts.lunches_ordered < facts.seated:
        return Line("lunch", AMBER, have, N_("More people than lunches."), params, COORDINATOR)
    return Line("lunch", GREEN, have, "", params)


def host(facts: Facts) -> Line:
    """Whoever receives us has said yes."""
    params = {"confirmed": facts.hosts_confirmed, "hosts": facts.hosts, "declined": facts.hosts_declined}
    if not facts.hosts:
        return Line("host", GREY, "", N_("Nobody is asked to receive us."))
    have = N_("%(confirmed)s of %(hosts)s")
    if facts.hosts_declined:
        return Line("host", RED, have, N_("A host said no."), params, COORDINATOR)
    if facts.hosts_confirmed < facts.hosts:
        state = AMBER if facts.hazard == "none" else RED
        return Line("host", state, have, N_("Not every host has confirmed."), params, COORDINATOR)
    return Line("host", GREEN, have, "", params)


def reminders(facts: Facts) -> Line:
    """The letter of the day before."""
    if facts.reminded:
        return Line("reminders", GREEN, N_("%(number)s letters"), "", {"number": facts.reminded})
    if facts.now < facts.starts_at - REMINDED_BY:
        return Line("reminders", GREY, "", N_("They leave a day before."))
    why = WHY_MISSED.get(facts.reminders_missed or "", N_("Nobody was reminded."))
    return Line("reminders", AMBER, "", why, {}, COORDINATOR)


def addresses(facts: Facts) -> Line:
    """Everybody can be written to."""
    if facts.unreached:
        params = {"number": facts.unreached}
        have = N_("%(number)s people")
        return Line("addresses", AMBER, have, N_("Letters don't reach them: call."), params, COORDINATOR)
    return Line("addresses", GREEN)


def weather(facts: Facts) -> Line:
    """What was read against what the safety officer allows."""
    sky = facts.weather
    params = {"wind": sky.wind if sky.wind is not None else "?"}
    params |= {"degrees": sky.temperature if sky.temperature is not None else "?"}
    if not sky.is_limited:
        if not facts.outdoors:
            return Line("weather", GREY, "", N_("Not asked for here."))
        return Line("weather", AMBER, "", N_("No limit was entered."), {}, SAFETY)
    have = N_("wind %(wind)s m/s, %(degrees)s °C")
    if sky.is_over:
        return Line("weather", RED, have, N_("The weather is beyond the limit."), params, SAFETY)
    if not sky.is_read:
        return Line("weather", AMBER, have, N_("Nobody has read the weather yet."), params, SAFETY)
    return Line("weather", GREEN, have, "", params)


def _due(line: Line, facts: Facts) -> Line:
    if line.state not in (RED, AMBER):
        return line
    return replace(line, by=facts.starts_at - BEFORE.get(line.key, timedelta(days=1)))


LINES: tuple[Callable[[Facts], Line], ...] = (
    seats, ratio, consents, briefings, buses, first_aid, gifts, kit, lunch, host, reminders, addresses, weather,
)  # fmt: skip
KEYS = tuple(line.__name__ for line in LINES)
NAMES = {
    "seats": N_("Seats"), "ratio": N_("Escorts for children"), "consents": N_("Guardians' consents"),
    "briefings": N_("Safety briefing"), "buses": N_("Buses"), "first_aid": N_("First aid"), "gifts": N_("Gifts"),
    "kit": N_("Protective equipment"), "lunch": N_("Lunch"), "host": N_("Hosts"), "reminders": N_("Reminders"),
    "addresses": N_("Addresses"), "weather": N_("Weather"),
}  # fmt: skip
