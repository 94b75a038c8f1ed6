"""What the sample season consists of: invented events at the real sites. No code but the shape of a plan."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.demo import sample_texts as said


@dataclass(frozen=True)
class Plan:
    """One sample event: where, when on its day, for whom, how many. `later` is days after its week's Saturday."""

    slug: str
    programme: str
    site: str
    kind: str
    title: said.Said
    hours: tuple[str, str]
    capacity: int
    audience: str
    about: said.Said
    meeting: said.Said
    bring: said.Said
    gifts: Sequence[str] = ()
    lunch: bool = False
    stops: Sequence[tuple[str, said.Said, said.Said]] = ()
    later: int = 0
    rules: Mapping[str, Any] = field(default_factory=dict)


GIFTS = ("t-shirt", "cap")
COAST: dict[str, Any] = {
    "programme": "clean-coast",
    "kind": "cleanup",
    "title": said.CLEAN_COAST,
    "hours": ("09:00", "13:00"),
    "audience": "employees",
    "about": said.COAST_ABOUT,
    "meeting": said.COAST_MEETING,
    "bring": said.COAST_BRING,
    "gifts": GIFTS,
}
SMELTER: dict[str, Any] = {
    "programme": "torangy",
    "kind": "excursion",
    "title": said.SMELTER,
    "hours": ("10:00", "13:30"),
    "capacity": 40,
    "audience": "children",
    "about": said.SMELTER_ABOUT,
    "meeting": said.SMELTER_MEETING,
    "bring": said.SMELTER_BRING,
    "gifts": GIFTS,
    "lunch": True,
    "stops": said.SMELTER_STOPS,
}
SPRING = Plan(slug="sample-coast-past", site="balkhash-coast", capacity=120, **COAST)
COAST_BALKHASH = Plan(slug="sample-coast-balkhash", site="balkhash-coast", capacity=400, **COAST)
COAST_ZHEZKAZGAN = Plan(slug="sample-coast-zhezkazgan", site="zhezkazgan-coast", capacity=300, **COAST)
SMELTER_BALKHASH = Plan(slug="sample-smelter-balkhash", site="balkhash-smelter", **SMELTER)
SMELTER_ZHEZKAZGAN = Plan(slug="sample-smelter-zhezkazgan", site="zhezkazgan-smelter", **SMELTER)
GROVE = Plan(
    slug="sample-grove",
    programme="torangy",
    site="torangy-grove",
    kind="excursion",
    title=said.GROVE,
    hours=("10:00", "15:00"),
    capacity=40,
    audience="children",
    about=said.GROVE_ABOUT,
    meeting=said.GROVE_MEETING,
    bring=said.GROVE_BRING,
    lunch=True,
    stops=said.GROVE_STOPS,
)
SOLAR = Plan(
    slug="sample-solar",
    programme="torangy",
    site="solar-balkhash",
    kind="excursion",
    title=said.SOLAR,
    hours=("11:00", "13:00"),
    capacity=40,
    audience="children",
    about=said.SOLAR_ABOUT,
    meeting=said.SOLAR_MEETING,
    bring=said.GROVE_BRING,
)
PLANTING = Plan(
    slug="sample-planting",
    programme="landscaping",
    site="zhezkazgan-sanitary-zone",
    kind="planting",
    title=said.LANDSCAPING,
    hours=("09:00", "12:00"),
    capacity=120,
    audience="employees",
    about=said.PLANTING_ABOUT,
    meeting=said.PLANTING_MEETING,
    bring=said.COAST_BRING,
)
MUSEUM = Plan(
    slug="sample-museum",
    programme="torangy",
    site="balkhash-museum",
    kind="excursion",
    title=said.MUSEUM,
    hours=("18:00", "20:00"),
    capacity=30,
    audience="families",
    about=said.MUSEUM_ABOUT,
    meeting=said.MUSEUM_MEETING,
    bring={},
    later=4,
    rules={"promotion": "offer", "offer_hours": 24},
)
FAMILY_DAY = Plan(
    slug="sample-family-day",
    programme="torangy",
    site="balkhash-amusement-park",
    kind="celebration",
    title=said.FAMILY_DAY,
    hours=("12:00", "16:00"),
    capacity=150,
    audience="families",
    about=said.FAMILY_DAY_ABOUT,
    meeting=said.FAMILY_DAY_MEETING,
    bring=said.GROVE_BRING,
    lunch=True,
    later=1,
    rules={"asks_size": True, "asks_diet": True, "asks_medical": True, "places_per_employee": 5},
)
STOCKING = Plan(
    slug="sample-stocking",
    programme="torangy",
    site="bertys-bay",
    kind="stocking",
    title=said.STOCKING,
    hours=("10:00", "12:00"),
    capacity=20,
    audience="employees",
    about=said.STOCKING_ABOUT,
    meeting=said.STOCKING_MEETING,
    bring=said.COAST_BRING,
    later=-2,
    rules={"approval": "manager", "approval_hours": 120, "cities": ["balkhash"]},
)
SCHOOL = Plan(
    slug="sample-school",
    programme="torangy",
    site="solar-balkhash",
    kind="excursion",
    title=said.SCHOOL,
    hours=("11:00", "13:00"),
    capacity=50,
    audience="institution",
    about=said.SOLAR_ABOUT,
    meeting=said.SOLAR_MEETING,
    bring=said.GROVE_BRING,
    lunch=True,
    later=4,
    rules={"transport": "bus"},
)
PROGRAMMES = {"clean-coast": said.CLEAN_COAST, "torangy": said.TORANGY, "landscaping": said.LANDSCAPING}
AHEAD = (
    (0, COAST_BALKHASH),
    (0, COAST_ZHEZKAZGAN),
    (1, GROVE),
    (2, SMELTER_BALKHASH),
    (2, SMELTER_ZHEZKAZGAN),
    (1, MUSEUM),
    (2, FAMILY_DAY),
    (2, SCHOOL),
    (3, SOLAR),
    (3, STOCKING),
    (4, PLANTING),
)
