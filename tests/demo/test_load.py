"""The whole demo, loaded once for this file: everybody of the HR files, a season around today, logins that work."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from time import perf_counter

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app import clock
from app.access.passwords import is_password
from app.accounts.models import Account
from app.attendance.models import AttendanceEntry
from app.consents.models import Consent
from app.db import db
from app.demo.load import load_demo
from app.demo.logins import AIGUL, NURLAN, PASSWORD, actor_named, person_named
from app.demo.stories import CONTACT, waking
from app.desk.roster.staff import staff_lines
from app.events.models import Event, Question
from app.gifts.models import HandOut, StockEntry
from app.impact.reports.queries import impact_json
from app.mail.models import Mail
from app.people.models import Person
from app.people.queries import children_of
from app.rosters.others_told import outsiders_of
from app.signups.models import SEATED, STANDING, Approval, Offer, Place, QuestionAnswer, SignUp
from app.signups.moves import story_of
from app.signups.offer_hours import is_quiet
from app.signups.queries import people_ahead_of
from tests.conftest import empty_tables

pytestmark = pytest.mark.slow
LogIn = Callable[[Person], FlaskClient]
SECONDS_FIRST, SECONDS_AGAIN = 20, 1


@pytest.fixture(scope="module")
def seconds(whole_app: Flask) -> Iterator[float]:
    """How long loading took."""
    with whole_app.app_context():
        began = perf_counter()
        load_demo(now=clock.now())
        took = perf_counter() - began
        db.session.remove()
    yield took
    with whole_app.app_context():
        empty_tables()


@pytest.fixture
def demo(seconds: float, whole_app: Flask) -> Iterator[Flask]:
    with whole_app.app_context():
        yield whole_app
        db.session.remove()


def sample(slug: str) -> Event:
    return db.session.scalars(select(Event).where(Event.slug == f"sample-{slug}")).one()


def count(model: type, *conditions: object) -> int:
    return db.session.scalar(select(func.count()).select_from(model).where(*conditions)) or 0  # type: ignore[arg-type]


def test_it_takes_less_than_twenty_seconds(seconds: float) -> None:
    assert seconds < SECONDS_FIRST


def test_everybody_of_the_files_is_there(demo: Flask) -> None:
    assert count(Person, Person.kind == "employee", Person.personnel_number < "900000") == 996
    assert count(Person, Person.kind == "child", Person.institution_id.is_(None)) == 500 + 2
    assert count(Person, Person.institution_id.is_not(None)) > 0


def test_loading_again_changes_nothing_and_is_quick(demo: Flask) -> None:
    tables = (Person, Event, SignUp, Place, Mail, StockEntry, Account, Consent)
    before = [count(table) for table in tables]
    began = perf_counter()
    load_demo(now=clock.now())
    assert perf_counter() - began < SECONDS_AGAIN
    assert [count(table) for table in tables] == before


def test_the_logins_work_and_are_marked(demo: Flask) -> None:
    accounts = db.session.scalars(select(Account).where(Account.is_demo)).all()
    assert len(accounts) == 3
    assert all(account.is_active and is_password(account.password_hash, PASSWORD) for account in accounts)
    aigul = actor_named(AIGUL)
    assert aigul.cities("coordinator") == aigul.cities("gift_keeper") == {"balkhash", "zhezkazgan"}
    today = clock.now().date()
    children = {child.given_name: child.age_on(today) for child in children_of(person_named(NURLAN).id)}
    assert children == {"Дина": 13, "Арман": 9}


def test_seats_are_counted_as_the_operations_count_them(demo: Flask) -> None:
    for event in db.session.scalars(select(Event)):
        assert event.seats_taken == count(Place, Place.event_id == event.id, Place.status.in_(SEATED)), event.slug


@pytest.mark.parametrize(
    ("slug", "free", "waiting"),
    [
        ("coast-balkhash", 38, 0),
        ("coast-zhezkazgan", 3, 0),
        ("grove", 0, 6),
        ("smelter-balkhash", 9, 0),
        ("smelter-zhezkazgan", 22, 0),
        ("solar", 40, 0),
        ("planting", 76, 0),
        ("museum", 0, 6),
        ("family-day", 87, 0),
        ("stocking", 9, 0),
        ("school", 23, 0),
    ],
)
def test_the_season_looks_as_on_the_screens(demo: Flask, slug: str, free: int, waiting: int) -> None:
    event = sample(slug)
    assert event.seats_free == free
    assert count(Place, Place.event_id == event.id, Place.status == "waiting") == waiting
    assert event.starts_at > clock.now()
    assert event.is_open_at(clock.now()) == (slug != "solar")


def test_arman_is_third_in_the_queue(demo: Flask) -> None:
    arman = next(child for child in children_of(person_named(NURLAN).id) if child.given_name == "Арман")
    query = select(Place).where(Place.person_id == arman.id, Place.event_id == sample("grove").id)
    place = db.session.scalars(query).one()
    assert place.is_waiting
    assert people_ahead_of(place.signup) == 2
    assert [(move.kind, move.position_after) for move in story_of(place.signup)] == [
        ("moved_up", 3),
        ("moved_up", 4),
        ("joined", 5),
    ]


def test_every_child_that_goes_has_a_guardians_consent_and_is_old_enough(demo: Flask) -> None:
    query = select(Place).join(Person).where(Person.kind == "child", Place.status.in_(STANDING))
    consents = {(row.event_id, row.child_id) for row in db.session.scalars(select(Consent))}
    for place in db.session.scalars(query):
        assert place.consent_due_at or (place.event_id, place.person_id) in consents
        age = place.person.age_on(place.event.local_date)
        assert age is not None
        assert age >= (place.event.min_age_here or 0)


def test_nobody_is_in_two_places_at_one_time(demo: Flask) -> None:
    query = select(Place).where(Place.status.in_(SEATED))
    at = [(place.person_id, place.event.starts_at) for place in db.session.scalars(query)]
    assert len(at) == len(set(at))


def test_the_queue_is_counted_as_the_operations_count_it(demo: Flask) -> None:
    for event in db.session.scalars(select(Event)):
        assert event.people_waiting == count(Place, Place.event_id == event.id, Place.status == "waiting"), event.slug
        waiting = select(func.coalesce(func.sum(SignUp.waiting), 0)).where(SignUp.event_id == event.id)
        assert event.people_waiting == db.session.scalar(waiting), event.slug


def test_nurlan_has_an_offer_that_he_can_still_answer(demo: Flask) -> None:
    offer = db.session.scalars(select(Offer)).one()
    assert offer.signup.leader_id == person_named(NURLAN).id
    assert offer.signup.status == "offered"
    assert offer.answered_at is None
    assert offer.expires_at > clock.now() + timedelta(hours=12)
    assert not is_quiet(offer.made_at, offer.signup.event.timezone)


def test_one_waits_for_aigul_and_one_for_nurlan(demo: Flask) -> None:
    asked = {approval.asked_person_id: approval.asked for approval in db.session.scalars(select(Approval))}
    assert asked == {person_named(AIGUL).id: "coordinator", person_named(NURLAN).id: "manager"}


def test_consents_are_owed_for_arman_and_six_pupils(demo: Flask) -> None:
    owing = select(Event.slug, func.count()).join(Place, Place.event_id == Event.id)
    owing = owing.where(Place.consent_due_at > clock.now()).group_by(Event.slug)
    assert dict(db.session.execute(owing).all()) == {"sample-family-day": 1, "sample-school": 6}


def test_a_limited_choice_is_never_over_its_seats(demo: Flask) -> None:
    for question in db.session.scalars(select(Question).where(Question.kind == "choice")):
        for option in question.options:
            chosen = count(
                QuestionAnswer, QuestionAnswer.question_id == question.id, QuestionAnswer.value == option["key"]
            )
            assert chosen > 0
            assert option["seats"] is None or chosen <= option["seats"]


@pytest.mark.parametrize("hour", range(24))
def test_whoever_gives_up_at_night_is_said_to_have_done_it_in_the_evening(hour: int) -> None:
    moment = datetime(2026, 9, 5, hour, 15, tzinfo=UTC)
    at = waking(moment, "Asia/Almaty")
    assert not is_quiet(at, "Asia/Almaty")
    assert moment - timedelta(hours=11) < at <= moment


def test_letters_go_to_the_demo_logins_and_the_school_alone(demo: Flask) -> None:
    assert set(db.session.scalars(select(Mail.recipient))) == {NURLAN, AIGUL, CONTACT}
    assert count(Mail) < 20


def test_the_day_behind_us_has_what_a_day_leaves(demo: Flask) -> None:
    past = sample("coast-past")
    assert past.status == "completed"
    assert count(AttendanceEntry, AttendanceEntry.event_id == past.id) == 88
    assert count(HandOut, HandOut.event_id == past.id) == 2 * 88
    gone = db.session.scalar(select(func.sum(StockEntry.quantity)).where(StockEntry.event_id == past.id))
    assert gone == -2 * 88


def test_the_season_adds_nothing_to_the_reported_figures(demo: Flask) -> None:
    report = impact_json()
    assert report["metrics"]["participants"]["value"] == 700
    assert report["cost_tenge"] == 138_412_628
    assert report["counted_here"] == {"confirmed": 96, "present": 88, "volunteer_hours": 0.0}


def test_every_text_of_an_event_is_in_three_languages(demo: Flask) -> None:
    for event in db.session.scalars(select(Event)):
        for texts in (event.title, event.description, event.meeting_point, event.bring, event.site.name):
            assert not texts or set(texts) == {"kk", "ru", "en"}, event.slug
        for stop in event.stops:
            assert set(stop.title) == {"kk", "ru", "en"}


def test_a_driver_and_a_medic_come_to_work_without_a_seat_and_the_firm_hears_by_letter(demo: Flask) -> None:
    event = sample("coast-balkhash")
    staff = {line.need.role: line for line in staff_lines(event) if not line.has_seat}
    assert set(staff) == {"driver", "first_aid"} and all(line.phone for line in staff.values())
    told = [one.gets_letter for one in outsiders_of(event) if one.kind == "bus"]
    assert (told.count(True), told.count(False)) == (6, 2)
