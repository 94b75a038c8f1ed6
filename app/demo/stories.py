"""Sample events with a story: a seat offered, a yes that is waited for, questions and their answers, a consent that is
owed, a school's list half filled, a brigade. Invented; Nurlan's and the school's own acts go the way that anybody's do.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import cycle, islice
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.accounts.actor import SYSTEM, Actor
from app.db import db, new_id
from app.demo import sample_texts as said
from app.demo.logins import AIGUL, NURLAN, actor_named, person_named
from app.demo.parties import add_parties, employees_of, families_of
from app.demo.plans import COAST_BALKHASH, FAMILY_DAY, MUSEUM, SCHOOL, STOCKING
from app.events.models import Event, Question
from app.people.models import Brigade, BrigadeMember, Institution, Person
from app.people.queries import children_of
from app.signups.institution_consents import agree_for
from app.signups.institution_roster import Entry, name_known, name_person
from app.signups.inviting import NewContact, invite_institution
from app.signups.models import InvitationContact, Place, QuestionAnswer, SignUp
from app.signups.offer_hours import QUIET_FROM, is_quiet
from app.signups.operations import Answers, sign_up
from app.signups.seating import free, promote

CONTACT = "school@torangy.example"
ESCORTS = (("Тілеуова", "Гүлмира"), ("Қасымов", "Дәурен"), ("Лаптева", "Ирина"))
PROMISED, PUPILS, AGREED = 40, 24, 18
MEMBERS = 4
BUS_WISHES = ("gate", "gate", "museum", "gate", "own", "museum", "gate")
CARS = ("3", "1", "2", "4")
WISHES = ("kite", "clay", "none", "kite", "none")


def add_stories(session: Session, events: dict[str, Event], *, now: datetime) -> None:
    """All of them, and who takes part in them."""
    brigade = _found_brigade(session, now=now)
    _ask_on_the_coast(session, events[COAST_BALKHASH.slug], now=now)
    _hold_the_family_day(session, events[FAMILY_DAY.slug], now=now)
    _offer_at_the_museum(session, events[MUSEUM.slug], now=now)
    _ask_for_a_yes(session, events[STOCKING.slug], brigade[0], now=now)
    _invite_the_school(session, events[SCHOOL.slug], now=now)


def _found_brigade(session: Session, *, now: datetime) -> list[Person]:
    """Nurlan's four colleagues: they have no mailbox, and nobody signed them up yet. He is their manager."""
    nurlan, joined = person_named(NURLAN), now - timedelta(days=40)
    brigade = Brigade(id=new_id(), name=said.BRIGADE, leader_id=nurlan.id, created_at=joined)
    session.add(brigade)
    session.flush()
    people = [person for person in employees_of("balkhash", count=100, skip=496) if not person.email][:MEMBERS]
    for person in people:
        person.manager_id = nurlan.id
        session.add(BrigadeMember(id=new_id(), brigade_id=brigade.id, person_id=person.id, joined_at=joined))
    return people


def _ask_on_the_coast(session: Session, coast: Event, *, now: datetime) -> None:
    """Where people get on the bus; and of those who drive, whom they can take along."""
    asked_at = now - timedelta(days=14)
    bus = _question(coast, 1, "choice", said.BUS, asked_at, options=said.BUS_STOPS, is_required=True)
    car = _question(coast, 2, "text", said.SEATS_IN_CAR, asked_at, shown_if_id=bus.id, shown_if_answer="own")
    session.add(bus)
    session.flush()
    session.add(car)
    session.flush()
    signups = session.execute(select(SignUp.id, SignUp.created_at).where(SignUp.event_id == coast.id)).all()
    rows, cars = [], cycle(CARS)
    for (signup_id, at), wish in zip(signups, cycle(BUS_WISHES), strict=False):
        rows.append(_answer(bus, signup_id, wish, at))
        if wish == "own":
            rows.append(_answer(car, signup_id, next(cars), at))
    session.execute(insert(QuestionAnswer), rows)


def _hold_the_family_day(session: Session, event: Event, *, now: datetime) -> None:
    """Thirty families, and Nurlan with both children; he has agreed for Dina, for Arman he still may."""
    since = now - timedelta(days=9)
    workshop = _question(event, 1, "choice", said.WORKSHOP, since, options=said.WORKSHOPS, is_per_person=True)
    rides = _question(event, 2, "yes-no", said.HEIGHTS, since, is_per_person=True)
    session.add_all([workshop, rides])
    add_parties(session, event, list(families_of("balkhash", event, count=30, with_guardian=30, skip=40)), since=since)
    session.flush()
    rows, wishes, diets = [], cycle(WISHES), cycle(("ordinary", "ordinary", "no-pork", "ordinary", "vegetarian"))
    for place in session.scalars(select(Place).where(Place.event_id == event.id).order_by(Place.created_at)):
        place.diet = next(diets)
        rows.append(_answer(workshop, place.signup_id, next(wishes), place.created_at, place.id))
        rows.append(_answer(rides, place.signup_id, "yes" if len(rows) % 3 else "no", place.created_at, place.id))
    session.execute(insert(QuestionAnswer), rows)
    _bring_the_family(event, workshop, rides, at=now - timedelta(hours=3))


def _bring_the_family(event: Event, workshop: Question, rides: Question, *, at: datetime) -> None:
    nurlan = person_named(NURLAN)
    dina, arman = _children(nurlan)
    answers = {(workshop.id, nurlan.id): "none", (workshop.id, dina.id): "clay", (workshop.id, arman.id): "kite"}
    answers |= {(rides.id, nurlan.id): "yes", (rides.id, dina.id): "yes", (rides.id, arman.id): "no"}
    party = Answers(
        sizes={person.id: person.tshirt_size for person in (nurlan, dina, arman)},
        diets={nurlan.id: "ordinary", dina.id: "vegetarian", arman.id: "ordinary"},
        medical={arman.id: "Жаңғаққа аллергиясы бар."},
        consents=[dina.id],
        photos=[dina.id],
        questions=answers,
        consent_may_follow=True,
    )
    _by_nurlan(event, [nurlan, dina, arman], answers=party, at=at)


def _offer_at_the_museum(session: Session, event: Event, *, now: datetime) -> None:
    """Full; Nurlan and Dina came third in the queue. Whoever was first gave up, then two seats came free."""
    parties = list(families_of("balkhash", event, count=21, with_guardian=19, skip=75))
    seated = add_parties(session, event, parties[:15], since=now - timedelta(days=9))
    before = add_parties(session, event, parties[15:17], status="waiting", since=now - timedelta(days=7))
    nurlan = person_named(NURLAN)
    dina, _ = _children(nurlan)
    _by_nurlan(event, [nurlan, dina], answers=Answers(consents=[dina.id]), at=now - timedelta(days=6))
    add_parties(session, event, parties[17:], status="waiting", since=now - timedelta(days=5))
    session.expire_all()
    day = timedelta(days=1)
    for signup_id, at in ((before[0], now - 4 * day), (before[1], now - 3 * day), (seated[4], now - day / 2)):
        _give_up(event, signup_id, at=waking(at, event.timezone))


def _give_up(event: Event, signup_id: str, *, at: datetime) -> None:
    """This party goes no longer, and whoever is next is asked."""
    places = db.session.get_one(SignUp, signup_id).standing_places
    free(event, places, reason="own", now=at, actor=SYSTEM)
    promote(event, now=at, actor=SYSTEM, cause="own")


def waking(moment: datetime, timezone: str) -> datetime:
    """That moment, or half past nine in the evening before it where people sleep then."""
    if not is_quiet(moment, timezone):
        return moment
    local = moment.astimezone(ZoneInfo(timezone))
    day = local if local.time() >= QUIET_FROM else local - timedelta(days=1)
    return day.replace(hour=21, minute=30).astimezone(moment.tzinfo)


def _ask_for_a_yes(session: Session, event: Event, colleague: Person, *, now: datetime) -> None:
    """Nine may go. Nurlan, who has no manager here, waits for Aigul; a colleague of his brigade waits for him."""
    going = [[person] for person in employees_of("balkhash", count=9, skip=366)]
    add_parties(session, event, going, since=now - timedelta(days=9))
    session.expire_all()
    _by_nurlan(event, [person_named(NURLAN)], answers=Answers(), at=now - timedelta(hours=5))
    at, aigul = now - timedelta(hours=2), actor_named(AIGUL)
    sign_up(event.id, [colleague.id], leader_id=colleague.id, now=at, actor=aigul)


def _invite_the_school(session: Session, event: Event, *, now: datetime) -> None:
    """Forty seats are promised; three escorts and 24 pupils are named, for 18 the school has agreed."""
    school = session.scalars(select(Institution).where(Institution.slug == "boarding-school")).one()
    event.institution_id = school.id
    invitation = invite_institution(
        event,
        school,
        contacts=[NewContact(" ".join(ESCORTS[0]), CONTACT, is_representative=True)],
        seats=PROMISED,
        names_due_at=event.starts_at - timedelta(days=5),
        now=now - timedelta(days=6),
        actor=actor_named(AIGUL),
    )
    contact = session.scalars(select(InvitationContact).where(InvitationContact.invitation_id == invitation.id)).one()
    by, at = Actor(name=contact.name, language=contact.language), now - timedelta(days=2)
    for surname, given_name in ESCORTS:
        name_person(contact, Entry(surname, given_name, role="escort"), now=at, actor=by)
    pupils = list(islice(_pupils(school, event), PUPILS))
    places = name_known(contact, [pupil.id for pupil in pupils], now=at, actor=by)
    agreed = [place.id for place in places[:AGREED]]
    agree_for(contact, agreed, photos=True, read={}, now=at, actor=by)


def _pupils(school: Institution, event: Event) -> Iterator[Person]:
    """Those who are old enough, by name; of those who are called the same, two: the school has many namesakes."""
    query = select(Person).where(Person.institution_id == school.id, Person.kind == "child")
    called: Counter[str] = Counter()
    for pupil in db.session.scalars(query.order_by(Person.name_sort, Person.birth_date, Person.id)):
        age = pupil.age_on(event.local_date)
        if age is not None and (event.min_age_here or 0) <= age < 18 and called[pupil.name_sort] < 2:
            called[pupil.name_sort] += 1
            yield pupil


def _by_nurlan(event: Event, people: Sequence[Person], *, answers: Answers, at: datetime) -> None:
    ids = [person.id for person in people]
    sign_up(event.id, ids, leader_id=person_named(NURLAN).id, now=at, actor=actor_named(NURLAN), answers=answers)


def _children(guardian: Person) -> tuple[Person, Person]:
    """Dina and Arman."""
    named = {child.given_name: child for child in children_of(guardian.id)}
    return named["Дина"], named["Арман"]


def _question(
    event: Event,
    position: int,
    kind: str,
    label: said.Said,
    at: datetime,
    *,
    options: Sequence[tuple[str, said.Said, int | None]] = (),
    **more: object,
) -> Question:
    listed = [{"key": key, "label": text, "seats": seats} for key, text, seats in options]
    row = Question(id=new_id(), event_id=event.id, position=position, kind=kind, label=label, options=listed, **more)
    row.created_at = at
    return row


def _answer(
    question: Question, signup_id: str, value: str, at: datetime, place_id: str | None = None
) -> dict[str, object]:
    asked = {"question_id": question.id, "signup_id": signup_id, "place_id": place_id}
    return {"id": new_id(), "value": value, "answered_at": at, **asked}
