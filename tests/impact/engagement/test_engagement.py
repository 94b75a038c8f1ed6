"""One's own year, departments' shares without anybody's name, badges where a programme turned them on."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.accounts.actor import Actor, Scope
from app.attendance.hour_models import HoursEntry
from app.attendance.models import AttendanceEntry
from app.db import new_id
from app.errors import Invalid
from app.events.badges import BADGES
from app.events.catalogue import change_programme
from app.events.models import Event
from app.impact.engagement.earning import Part, earned
from app.impact.engagement.participation import LEAST, Department, rates
from app.impact.engagement.queries import departments, my_year
from app.impact.outcomes.models import Outcome
from app.people.models import Person
from app.signups.models import Place
from tests import factories
from tests.events.drafting import NOW, coordinating
from tests.rosters.test_hosts import queries_of

ALL = tuple(BADGES)


def went(at: Event, who: Person, *, minutes: int | None = None) -> Place:
    """Seen at the door; with minutes of a day that is closed."""
    place = factories.place(at, who)
    entry = AttendanceEntry(id=new_id(), event_id=at.id, place_id=place.id, kind="check_in", at=NOW, recorded_at=NOW)
    factories.saved(entry)
    if minutes is not None:
        told = {"event_id": at.id, "place_id": place.id, "minutes": minutes, "source": "marks"}
        factories.saved(HoursEntry(**told, recorded_at=NOW))
    return place


@pytest.fixture
def nurlan(app) -> Person:
    return factories.employee(department="Балқыту цехы")


def test_a_year_holds_ones_own_events_and_hours_and_ones_childrens(nurlan):
    dina, stan = factories.child(nurlan), factories.employee("Стан", "Стэн")
    coast, grove = factories.event(), factories.event(kind="excursion")
    for who in (nurlan, stan):
        went(coast, who, minutes=210)
    went(grove, dina)
    factories.place(grove, nurlan)  # has a seat and never came
    factories.closed_day(coast)
    factories.saved(
        Outcome(event_id=coast.id, metric="waste_removed", quantity=Decimal(3), unit="t", base_quantity=Decimal(3),
                method="weighed", recorded_at=NOW)
    )  # fmt: skip
    found = my_year(nurlan.id, year=None, now=NOW)
    assert (found.year, [one.event.id for one in found.own.events], found.own.minutes) == (2030, [coast.id], 210)
    assert [(one.person.id, [row.event.id for row in one.events]) for one in found.children] == [(dina.id, [grove.id])]
    assert [(row.metric.key, row.by_volunteers) for row in found.achieved] == [("waste_removed", Decimal(3))]
    assert found.people == 3, "each person once, and who did not come not at all"


def test_hours_of_a_day_that_is_open_are_not_told_yet(nurlan):
    coast = factories.event()
    went(coast, nurlan, minutes=120)
    assert my_year(nurlan.id, year=2030, now=NOW).own.minutes == 0
    factories.closed_day(coast)
    assert my_year(nurlan.id, year=2030, now=NOW).own.minutes == 120


def test_nobody_reads_the_year_of_somebody_elses_child_or_of_a_colleague(nurlan, log_in):
    dina = factories.child(nurlan)
    went(factories.event(title={"en": "Dina's event"}), dina)
    stan = factories.employee("Стан", "Стэн")
    assert "Dina&#39;s event" in log_in(nurlan).get("/my/year").text
    page = log_in(stan).get("/my/year?person_id=" + nurlan.id)
    assert page.status_code == 200 and "Dina&#39;s event" not in page.text
    assert my_year(stan.id, year=None, now=NOW).children == []


def test_departments_of_fewer_than_five_are_never_shown(nurlan):
    crew = [factories.employee(department="Балқыту цехы") for _ in range(LEAST - 1)]
    few = [factories.employee(department="Кеңсе") for _ in range(LEAST - 1)]
    gone = factories.employee(department="Кеңсе", deactivated_at=NOW)
    coast, again = factories.event(), factories.event()
    for who in (nurlan, crew[0], few[0], gone):
        went(coast, who)
    went(again, nurlan)
    found = departments(coordinating(factories.coordinator(department="")), year=2030)
    assert [(one.name, one.headcount, one.took_part, one.percent) for one in found.departments] == [
        ("Балқыту цехы", 5, 2, 40)
    ]
    assert (found.hidden, found.headcount, found.took_part) == (1, 5, 2), "no total from which the small one follows"
    assert departments(Actor(scopes=(Scope("management"),)), year=2029).departments[0].took_part == 0


def test_a_coordinator_sees_the_departments_of_their_own_cities_alone(nurlan):
    for _ in range(LEAST):
        factories.employee(department="Байыту", city="zhezkazgan")
    zhan = coordinating(factories.coordinator("zhezkazgan", department=""), "zhezkazgan")
    assert [one.name for one in departments(zhan, year=2030).departments] == ["Байыту"]
    assert departments(zhan, year=2030, city="balkhash").departments == ()
    assert departments(Actor(), year=2030).departments == ()


@given(
    st.lists(
        st.integers(1, 60).flatmap(
            lambda heads: st.builds(
                Department, city=st.just("balkhash"), name=st.text(max_size=5), headcount=st.just(heads),
                took_part=st.integers(0, heads),
            )
        ),
        max_size=30,
    )
)  # fmt: skip
def test_no_rate_ever_speaks_of_few_people_and_none_is_above_all(found: list[Department]):
    shown = rates(found)
    assert all(one.headcount >= LEAST and 0 <= one.percent <= 100 for one in shown.departments)
    assert len(shown.departments) + shown.hidden == len(found)
    assert shown.headcount == sum(one.headcount for one in found if one.headcount >= LEAST)
    assert rates(reversed(found)).headcount == shown.headcount, "the order of the rows says nothing"


@given(st.builds(Part, events=st.integers(0, 9), minutes=st.integers(0, 2000), with_child=st.booleans()))
def test_a_programme_that_turned_nothing_on_gives_no_badge(part: Part):
    assert earned((), part) == []
    assert set(earned(ALL, part)) <= set(ALL)


def test_each_badge_is_given_for_what_it_says():
    assert earned(ALL, Part(events=1)) == ["first"]
    assert earned(ALL, Part(events=1, events_before=1)) == []
    assert earned(ALL, Part(events=3, minutes=599, events_before=1)) == ["three"]
    assert earned(ALL, Part(events=3, minutes=600, with_child=True)) == list(ALL)
    assert earned(("family",), Part(events=3, minutes=600, with_child=True)) == ["family"]


def test_badges_are_off_until_a_coordinator_of_the_programme_turns_them_on(nurlan, log_in):
    programme = factories.programme()
    coast = factories.event(programme=programme)
    went(coast, nurlan)
    dina = factories.child(nurlan)
    went(coast, dina)
    assert my_year(nurlan.id, year=2030, now=NOW).badges == []
    admin = Actor(scopes=(Scope("admin"),))
    with pytest.raises(Invalid):
        change_programme(programme, {"badges": ["best-of-all"]}, now=NOW, actor=admin)
    change_programme(programme, {"badges": ["first", "family"]}, now=NOW, actor=admin)
    found = my_year(nurlan.id, year=2030, now=NOW).badges
    assert [badge.name for badge in found] == ["The first time", "With the family"]
    page = log_in(factories.admin()).get(f"/programmes/{programme.id}/edit")
    assert page.text.count(" checked") == 2
    assert "With the family" not in log_in(factories.employee("Стан", "Стэн")).get("/my/year").text


@pytest.mark.full
def test_the_pages_ask_little_whatever_there_is(nurlan, log_in, banner_is_known):
    for number in range(4):
        coast = factories.event(starts_at=factories.SATURDAY + timedelta(days=7 * number))
        went(coast, nurlan, minutes=60)
        factories.closed_day(coast)
    page = log_in(nurlan)
    assert queries_of(page, "/my/year?year=2030") <= 12
    assert queries_of(log_in(factories.coordinator()), "/engagement/departments?year=2030") <= 12
