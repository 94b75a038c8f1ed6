"""Groups and buses of the demo: the large cleanup of Balkhash is arranged, and its first bus stops twice."""

from datetime import datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.demo.logins import AIGUL, actor_named
from app.demo.plans import COAST_BALKHASH
from app.events.models import Event
from app.rosters.arranging import Rules
from app.rosters.bus_stops import add_stop, choose_pick_up
from app.rosters.containers import Draft, change_container, make_containers
from app.rosters.models import Bus
from app.rosters.placing import arrange_people
from app.signups.models import Place

GROUPS, BUSES = 10, 8
# Six of the buses are hired; the works' own two are called by telephone.
FROM_THE_FIRM, FIRM = 6, {"firm": "Балқаш Транс", "firm_email": "bus@torangy.example"}
DRIVERS = ("Ермек Сапаров", "Болат Жүнісов", "Қайрат Әбенов", "Серік Омаров")
STOPS = (
    ({"kk": "Металлургтер сарайы", "ru": "Дворец металлургов", "en": "Palace of metallurgists"}, time(8, 10)),
    ({"kk": "Теміржол вокзалы", "ru": "Железнодорожный вокзал", "en": "Railway station"}, time(8, 25)),
)


def add_groups(session: Session, *, now: datetime) -> None:
    """Ten groups of forty, led by somebody of each, and eight buses; both filled department by department."""
    event = session.scalars(select(Event).where(Event.slug == COAST_BALKHASH.slug)).one()
    aigul = actor_named(AIGUL)
    groups = make_containers(event, "groups", [Draft(capacity=40)] * GROUPS, now=now, actor=aigul)
    arrange_people(event, "groups", Rules(by="department"), now=now, actor=aigul)
    for group in groups:
        first = select(Place.person_id).where(Place.group_id == group.id).order_by(Place.id).limit(1)
        fields, leader_id = {"name": group.name, "capacity": group.capacity}, session.scalar(first)
        change_container(group, fields, leader_id=leader_id, now=now, actor=aigul)
    buses = make_containers(event, "buses", [_bus(number) for number in range(BUSES)], now=now, actor=aigul)
    arrange_people(event, "buses", Rules(by="department"), now=now, actor=aigul)
    _let_stop(session, buses[0], now=now)


def _bus(number: int) -> Draft:
    driver = DRIVERS[number % len(DRIVERS)]
    return Draft(
        capacity=50,
        driver=driver,
        driver_phone=f"+7701555{number:04}",
        plate=f"{101 + number} TRG 09",
        **(FIRM if number < FROM_THE_FIRM else {}),
    )


def _let_stop(session: Session, bus: object, *, now: datetime) -> None:
    if not isinstance(bus, Bus):
        return
    aigul = actor_named(AIGUL)
    stops = [add_stop(bus, place, at, now=now, actor=aigul) for place, at in STOPS]
    people = list(session.scalars(select(Place.id).where(Place.bus_id == bus.id).order_by(Place.id)))
    choose_pick_up(bus, people[::2], stop_id=stops[0].id, now=now, actor=aigul)
    choose_pick_up(bus, people[1::2], stop_id=stops[1].id, now=now, actor=aigul)
