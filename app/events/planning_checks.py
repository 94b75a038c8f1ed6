"""What a coordinator should know about a day, a place and a time before they stand. They warn, never forbid. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from app.db import Texts
from app.errors import N_
from app.events.holidays import SUNDAY, holiday_on, workdays_between
from app.events.kind_defaults import STARTS
from app.events.kind_texts import TASKS

# From the request to the firm, over its offer and the printing, to the parcel: three working weeks.
WORKDAYS_FOR_GIFTS = 15
ONE_DAY = timedelta(days=1)
RULES = {
    "min_age": N_("a youngest age"),
    "adult_child_ratio": N_("how many children go with one adult"),
    "hazard_class": N_("how hazardous it is"),
    "ppe": N_("protective equipment"),
}
OVERLAPS = {
    "site": N_("Another event is at this place then: %(event)s, %(time)s."),
    "coordinator": N_("The coordinator is taken then: %(event)s, %(time)s."),
    "bus": N_("A bus is taken then: %(event)s, %(time)s."),
}


@dataclass(frozen=True)
class Warned:
    """One thing to know. `sentence` is marked for translation; among `params` a dict is a text in three languages,
    and what is in `words` is marked for translation too."""

    type: str
    sentence: str
    params: dict[str, object] = field(default_factory=dict)
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Overlap:
    """Another event at that time: `what` it takes is "site", "coordinator" or "bus", `clock` its 09:00–13:00."""

    what: str
    title: Texts
    clock: str


def warnings_for(
    day: date | None,
    *,
    today: date,
    overlaps: Sequence[Overlap] = (),
    orders_gifts: bool = False,
    rules_missing: Sequence[str] = (),
) -> list[Warned]:
    """Everything to know about this plan, the day first; about a day that isn't known yet there is nothing to say."""
    found = _of_the_day(day, today) if day else []
    for one in overlaps:
        found.append(Warned(f"{one.what}-taken", OVERLAPS[one.what], {"event": one.title, "time": one.clock}))
    if day and day > today and orders_gifts and (left := workdays_between(today, day)) < WORKDAYS_FOR_GIFTS:
        sentence = N_("Working days left to order gifts: %(left)s, usually it takes %(needed)s. Look what is in stock.")
        found.append(Warned("gifts-late", sentence, {"left": left, "needed": WORKDAYS_FOR_GIFTS}))
    if rules_missing:
        sentence = N_("The place has no rules yet that it usually has: %(rules)s.")
        found.append(Warned("rules-missing", sentence, words=tuple(RULES[name] for name in rules_missing)))
    return found


def orders_gifts(kind: str) -> bool:
    """Whether events of this kind usually give something that is ordered."""
    return any(text == TASKS["gifts"] for one in STARTS.values() if one.kind == kind for _, text in one.checklist)


def rules_missing(kind: str, site_kind: str, rules: dict[str, object]) -> list[str]:
    """Columns of the site that are empty, though places of this kind usually say something there."""
    fitting = [one for one in STARTS.values() if one.kind == kind and one.site_kinds[:1] == (site_kind,)]
    return [name for one in fitting[:1] for name in one.usual_rules if rules.get(name) in (None, [], "none")]


def _of_the_day(day: date, today: date) -> list[Warned]:
    if day < today:
        return [Warned("past", N_("This day is over already."))]
    if name := holiday_on(day):
        return [Warned("holiday", N_("A public holiday: %(holiday)s."), {"holiday": name})]
    found = []
    if day.weekday() == SUNDAY:
        found.append(Warned("sunday", N_("This is a Sunday: many keep it for their families.")))
    for near, sentence in (
        (day - ONE_DAY, N_("The day before is a public holiday: %(holiday)s. Many are away.")),
        (day + ONE_DAY, N_("The day after is a public holiday: %(holiday)s. Many are away.")),
    ):
        if name := holiday_on(near):
            found.append(Warned("near-holiday", sentence, {"holiday": name}))
    return found
