"""What each way to begin an event brings along: who may come, when, what is asked, what is to be done before. Data.

A start is finer than a kind: an excursion to a smelter asks for other things than one to the grove. Reminders are not
here: they are the same for every event.
"""

from dataclasses import dataclass, field, replace
from datetime import time
from typing import Any

from app.db import Texts
from app.errors import N_
from app.events import kind_texts as t
from app.events.models import KINDS
from app.events.question_drafts import OptionDraft, QuestionDraft

PLAIN = ("audience", "min_age", "max_age", "capacity", "transport", "lunch", "title", "description", "bring")


@dataclass(frozen=True)
class KindDefaults:
    """One way to begin. `site_kinds` are places that fit, the best first; `usual_rules` are the least rules that such
    a place normally has ({column of the site: value}); the checklist is (days before, text)."""

    slug: str
    kind: str
    label: str
    note: str
    site_kinds: tuple[str, ...] = ()
    plate: str | None = None
    audience: str = "employees"
    min_age: int | None = None
    max_age: int | None = None
    capacity: int = 40
    begins: time = time(9)
    ends: time = time(13)
    transport: str = "own"
    lunch: bool = False
    asks_size: bool = False
    asks_diet: bool = False
    asks_medical: bool = False
    usual_rules: dict[str, Any] = field(default_factory=dict)
    title: Texts = field(default_factory=dict)
    description: Texts = field(default_factory=dict)
    bring: Texts = field(default_factory=dict)
    meeting_point: Texts = field(default_factory=dict)
    checklist: tuple[tuple[int, Texts], ...] = ()
    questions: tuple[QuestionDraft, ...] = ()


def _tasks(**days: int) -> tuple[tuple[int, Texts], ...]:
    """The longest ahead first."""
    return tuple((before, t.TASKS[name]) for name, before in sorted(days.items(), key=lambda item: -item[1]))


def _worded(start: KindDefaults) -> KindDefaults:
    texts = {"title": t.TITLES, "description": t.DESCRIPTIONS, "bring": t.BRING}
    worded: dict[str, Any] = {name: dict(of[start.slug]) for name, of in texts.items()}
    return replace(start, **worded)


TOOLS = QuestionDraft(
    kind="yes-no", label=t.said("Күрек әкеле аласыз ба?", "Сможете принести лопату?", "Can you bring a spade?")
)
BUS_STOP = QuestionDraft(
    kind="choice",
    label=t.said("Автобусқа қай жерден отырасыз?", "Где сядете в автобус?", "Where do you get on the bus?"),
    options=(
        OptionDraft(t.said("Мәдениет сарайы", "Дворец культуры", "Palace of Culture")),
        OptionDraft(t.said("Бас кіреберіс", "Главная проходная", "Main entrance of the plant")),
    ),
    is_required=True,
)
CHILDREN: dict[str, Any] = {
    "audience": "families",
    "transport": "bus",
    "asks_medical": True,
    "meeting_point": t.AT_THE_BUS,
}
TRIP: dict[str, int] = {"gifts": 28, "bus": 14, "host": 21, "escorts": 7, "consents": 3, "medic": 5, "weather": 1}

_STARTS = (
    KindDefaults(
        slug="cleanup", kind="cleanup", label=N_("Cleanup day"), note=N_("A shore or a yard, gloves and scales"),
        site_kinds=("coast", "nature", "water"), capacity=100, begins=time(9), ends=time(13), asks_size=True,
        meeting_point=t.ON_THE_SPOT,
        checklist=_tasks(gifts=28, container=14, tools=5, medic=5, weather=1, photos=7, report=1),
    ),
    KindDefaults(
        slug="planting", kind="planting", label=N_("Planting"), note=N_("Saplings, water, spades"),
        site_kinds=("green-zone", "nature"), capacity=60, begins=time(9), ends=time(12), audience="families",
        asks_size=True, meeting_point=t.ON_THE_SPOT, questions=(TOOLS,),
        checklist=_tasks(gifts=28, saplings=21, water=7, tools=5, medic=5, weather=1, report=1),
    ),
    KindDefaults(
        slug="stocking", kind="stocking", label=N_("Fish stocking"), note=N_("Young fish into the lake, with an act"),
        site_kinds=("water", "coast"), capacity=40, begins=time(10), ends=time(12), audience="families", min_age=6,
        meeting_point=t.ON_THE_SPOT, checklist=_tasks(fry=28, medic=5, weather=1, photos=7, report=1),
    ),
    KindDefaults(
        slug="smelter", kind="excursion", label=N_("Excursion to a smelter"),
        note=N_("From 12 years, briefing, protective equipment"), plate="smelter", site_kinds=("smelter",),
        capacity=40, begins=time(10), ends=time(13), min_age=12, asks_size=True, lunch=True, asks_diet=True,
        usual_rules={"min_age": 12, "adult_child_ratio": 10, "hazard_class": "high", "ppe": ["helmet", "goggles"]},
        questions=(BUS_STOP,), checklist=_tasks(**TRIP, passes=10, ppe=5, lunch=5), **CHILDREN,
    ),
    KindDefaults(
        slug="solar", kind="excursion", label=N_("Excursion to the solar substation"),
        note=N_("From 8 years, a guide on the spot"), plate="solar", site_kinds=("solar",), capacity=40,
        begins=time(10), ends=time(12, 30), min_age=8,
        usual_rules={"adult_child_ratio": 10, "hazard_class": "raised"},
        questions=(BUS_STOP,), checklist=_tasks(**TRIP, passes=10), **CHILDREN,
    ),
    KindDefaults(
        slug="grove", kind="excursion", label=N_("Excursion to the grove"), note=N_("A walk in nature, from 6 years"),
        plate="nature", site_kinds=("nature", "museum"), capacity=40, begins=time(9), ends=time(14), min_age=6,
        lunch=True, asks_diet=True, usual_rules={"adult_child_ratio": 10},
        questions=(BUS_STOP,), checklist=_tasks(**TRIP, lunch=5), **CHILDREN,
    ),
    KindDefaults(
        slug="celebration", kind="celebration", label=N_("Celebration"), note=N_("Games, gifts, a meal together"),
        meeting_point=t.ON_THE_SPOT,
        site_kinds=("leisure", "museum"), audience="families", capacity=120, begins=time(12), ends=time(15),
        lunch=True, asks_diet=True, checklist=_tasks(gifts=28, hall=21, lunch=7, photos=7, consents=3),
    ),
    KindDefaults(
        slug="visit", kind="visit", label=N_("Working visit"), note=N_("Several stops, topics and instructions"),
        site_kinds=("other",), capacity=20, begins=time(9), ends=time(18), transport="bus", lunch=True, asks_diet=True,
        meeting_point=t.AT_THE_ENTRANCE, checklist=_tasks(host=21, bus=14, programme=10, passes=10, lunch=5, weather=1),
    ),
)  # fmt: skip
# The same sheet without anything on it.
BLANK = KindDefaults(slug="other", kind="other", label=N_("Something else"), note=N_("An empty sheet"))
STARTS = {start.slug: start for start in (*map(_worded, _STARTS), BLANK)}


def start_named(slug: str | None) -> KindDefaults | None:
    """The way to begin of this name, if there is one."""
    return STARTS.get(slug or "")


def start_of_kind(kind: str) -> KindDefaults:
    """The first way to begin an event of this kind."""
    assert kind in KINDS
    return next((start for start in STARTS.values() if start.kind == kind), BLANK)


def planned_by_default(start: KindDefaults) -> dict[str, Any]:
    """What the form holds: {field: value}, without the day, the place and who coordinates."""
    same = (*PLAIN, "kind", "meeting_point")
    return {name: getattr(start, name) for name in same} | {"starts_at": start.begins, "ends_at": start.ends}
