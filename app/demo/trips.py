"""The trip of the sample season: who receives the children at the smelter, the lunch there, and what was heard on the
real working visit, stop by stop. And what the sample cleanup needs of its people. Hosts and their answers are invented.
"""

import re
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import new_id
from app.demo import texts
from app.demo.facts import read_facts
from app.demo.logins import AIGUL, actor_named
from app.demo.plans import COAST_BALKHASH, SMELTER_BALKHASH
from app.events.models import Event, Shift
from app.events.trip_models import Host
from app.people.models import Person
from app.rosters.day_plan import NeedDraft, SectionDraft, ShiftDraft, set_needs, set_sections, set_shifts
from app.rosters.duty_models import Duty, Section
from app.rosters.duty_queries import needs_of, sections_of, shifts_of
from app.rosters.skills import set_skill
from app.signups.models import Place

GUIDE = ("Ахметова Сәуле", "guide", "saule@museum.example")
HOST = ("Қалиев Ерболат", "host", "smelter-host@torangy.example")
HOUR = timedelta(hours=1)
ASKED = re.compile(r" (Тапсырма|Тапсырмалар|Поручение|Поручения|Instruction|Instructions):.*$")
KM = {"kk": "{n}-бөлік", "ru": "Участок {n}", "en": "Section {n}"}
MORNING = {"kk": "Таңғы ауысым", "ru": "Утренняя смена", "en": "Morning shift"}
LATER = {"kk": "Күндізгі ауысым", "ru": "Дневная смена", "en": "Day shift"}


def add_trip(session: Session, events: dict[str, Event], *, now: datetime) -> None:
    """Hosts and lunch of the excursion; topics of the visit; shifts, sections and needs of the cleanup."""
    _receive_at_the_smelter(session, events[SMELTER_BALKHASH.slug], now=now)
    _split_what_was_heard(session)
    _plan_the_coast(session, events[COAST_BALKHASH.slug], now=now)


def _receive_at_the_smelter(session: Session, event: Event, *, now: datetime) -> None:
    asked = now - timedelta(days=3)
    stop_ids = [stop.id for stop in event.stops]
    for (name, kind, email), stop_id, is_yes in ((GUIDE, None, True), (HOST, stop_ids[0] if stop_ids else None, False)):
        host = Host(
            id=new_id(), event_id=event.id, name=name, kind=kind, email=email, stop_id=stop_id, created_at=asked
        )
        host.invited_at, host.asked_for_at = asked, event.starts_at
        host.confirmed_at = asked + HOUR if is_yes else None
        session.add(host)
    event.caterer_name, event.caterer_email = "Дастархан", "dastarkhan@torangy.example"
    event.lunch_at, event.lunch_cutoff_at = event.starts_at + 2.5 * HOUR, event.starts_at - timedelta(days=2)
    session.flush()


def _split_what_was_heard(session: Session) -> None:
    """Notes of the real visit say topic and instruction in one sentence; the instructions stand by their stop, too."""
    visit = session.scalars(select(Event).where(Event.slug == "working-visit")).one()
    for stop in visit.stops:
        stop.topics, stop.note = [{code: ASKED.sub("", text) for code, text in stop.note.items()}], {}
    by_owner = {1: [0], 2: [1, 2], 3: [3]}
    given = read_facts()["working_visit"]["instructions"]
    for index, numbers in by_owner.items():
        visit.stops[index].instructions = [
            dict(texts.INSTRUCTIONS[number]) for number in numbers if number < len(given)
        ]
    session.flush()


def _plan_the_coast(session: Session, event: Event, *, now: datetime) -> None:
    aigul, begins = actor_named(AIGUL), event.starts_at
    halves = ((MORNING, begins, begins + 2 * HOUR), (LATER, begins + 2 * HOUR, begins + 4 * HOUR))
    set_shifts(event, [ShiftDraft(name, first, last, 200) for name, first, last in halves], now=now, actor=aigul)
    names = [{code: text.format(n=number) for code, text in KM.items()} for number in range(1, 5)]
    set_sections(event, [SectionDraft(name, 1000) for name in names], now=now, actor=aigul)
    sections, shifts = list(sections_of(event)), list(shifts_of(event))
    drafts = [NeedDraft("section_leader", 1, 1, section_id=section.id) for section in sections]
    drafts += [NeedDraft("first_aid", 1, 2, skill="first_aid"), NeedDraft("water", 2, 4), NeedDraft("driver", 1, 2)]
    set_needs(event, drafts, now=now, actor=aigul)
    _spread(session, event, sections, shifts, now=now)


def _spread(session: Session, event: Event, sections: list[Section], shifts: list[Shift], *, now: datetime) -> None:
    """Forty go to a section and a shift; three sections have a leader, the fourth is missing."""
    aigul = actor_named(AIGUL)
    query = select(Place).where(Place.event_id == event.id, Place.status == "confirmed").order_by(Place.id).limit(40)
    places = [place for place in session.scalars(query) if not place.person.is_minor_on(event.local_date)]
    for number, place in enumerate(places):
        place.shift_id = shifts[number % 2].id
        place.section_id = sections[number % 4].id
    leaders = [need for need in needs_of(event) if need.role == "section_leader"][:3]
    aid = next(need for need in needs_of(event) if need.role == "first_aid")
    set_skill(places[3].person, "first_aid", valid_until=None, now=now, actor=aigul)
    for need, place in zip([*leaders, aid], places, strict=False):
        session.add(Duty(need_id=need.id, place_id=place.id, how="placed", taken_at=now, taken_by_id=aigul.account_id))
    _come_to_work(session, event, now=now)
    session.flush()


def _come_to_work(session: Session, event: Event, *, now: datetime) -> None:
    """A driver and the clinic's medic are there to work, and take nobody's seat."""
    aigul = actor_named(AIGUL)
    here = select(Place.id).where(Place.event_id == event.id, Place.person_id == Person.id)
    query = select(Person).where(
        Person.kind == "employee", Person.city == event.site.city, Person.phone.is_not(None),
        Person.deactivated_at.is_(None), ~here.exists(),
    )  # fmt: skip
    driver, medic = session.scalars(query.order_by(Person.personnel_number).limit(2))
    set_skill(medic, "first_aid", valid_until=None, now=now, actor=aigul)
    for person, role in ((driver, "driver"), (medic, "first_aid")):
        need = next(need for need in needs_of(event) if need.role == role)
        named = {"how": "placed", "taken_at": now, "taken_by_id": aigul.account_id}
        session.add(Duty(need_id=need.id, person_id=person.id, **named))
