"""The rules of an event: each refusal names its rule and the way out, and the coordinator's exceptions."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app.accounts.actor import Actor, Scope
from app.attendance.log_models import DeskDay
from app.attendance.models import AttendanceEntry
from app.attendance.no_shows import AbsencesWhenAsked, no_shows_of
from app.audit.models import AuditEntry
from app.db import db, transaction
from app.events.models import Event
from app.mail.models import Mail
from app.people.models import Person, WorkStretch
from app.signups.errors import (
    CancelClosed,
    OftenAbsent,
    OnShift,
    SignUpClosed,
    SignUpNotOpenYet,
    SizeMissing,
    TooDangerous,
    TooManyPlaces,
    TooYoung,
    WrongCity,
    WrongDepartment,
)
from app.signups.models import Place
from app.signups.operations import Answers, cancel_signup, sign_up
from app.tasks.models import Task
from tests import factories

NOW = factories.LONG_AGO + timedelta(days=30)
pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture(autouse=True)
def _texts(app):
    factories.consent_texts()


def acting(person: Person, *scopes: Scope) -> Actor:
    account = factories.account(person)
    return Actor(account_id=account.id, person_id=person.id, language="ru", city=person.city, scopes=scopes)


def aigul() -> Actor:
    return acting(factories.employee("Омарова", "Айгүл"), Scope("coordinator", city="balkhash"))


def goes(event: Event, *people: Person, actor: Actor | None = None, now: datetime = NOW, **said: object):
    children = [person.id for person in people if person.kind == "child"]
    answers = Answers(consents=children, **said)
    ids = [person.id for person in people]
    return sign_up(event.id, ids, leader_id=people[0].id, actor=actor or acting(people[0]), now=now, answers=answers)


def at_work(person: Person, first: date, last: date) -> WorkStretch:
    return factories.saved(
        WorkStretch(person_id=person.id, starts_on=first, ends_on=last, created_at=factories.LONG_AGO)
    )


def absent(person: Person, *, times: int, days_ago: int = 30, kind: str = "absent") -> None:
    for number in range(times):
        begun = NOW - timedelta(days=days_ago + number)
        event = factories.event(starts_at=begun, signup_opens_at=None)
        place = factories.place(event, person)
        factories.saved(
            AttendanceEntry(
                id=f"{event.id}-{kind}", event_id=event.id, place_id=place.id, kind=kind, at=begun, recorded_at=begun
            )
        )
        factories.closed_day(event)


class TestHome:
    def test_an_event_for_one_city_refuses_another_and_names_the_rule(self):
        event = factories.event(cities=["zhezkazgan"], city="zhezkazgan")
        with pytest.raises(WrongCity) as refusal:
            goes(event, factories.employee())
        assert (refusal.value.type, refusal.value.status) == ("wrong-city", 409)
        assert "coordinator" in refusal.value.message
        assert goes(event, factories.employee(city="zhezkazgan")).status == "confirmed"

    def test_departments_are_compared_however_they_are_spelt(self):
        event = factories.event(departments=["Балқыту цехы №1"])
        assert goes(event, factories.employee(department="балкыту  цехы № 1")).status == "confirmed"
        with pytest.raises(WrongDepartment):
            goes(event, factories.employee(department="Бухгалтерия"))
        with pytest.raises(WrongDepartment):
            goes(event, factories.employee(department=""))

    def test_a_child_counts_by_the_guardian_who_signs_it_up(self):
        nurlan = factories.employee(department="Цех 1")
        dina = factories.child(nurlan)
        event = factories.event(audience="families", cities=["balkhash"], departments=["Цех 1"])
        assert len(goes(event, nurlan, dina).places) == 2
        stan = factories.employee("Стан", department="Цех 2")
        other = factories.event(audience="families", departments=["Цех 1"], starts_at=_days_later(7))
        with pytest.raises(WrongDepartment):
            goes(other, stan, factories.child(stan, "Лола"))

    def test_no_cities_and_no_departments_mean_everybody(self):
        assert goes(factories.event(), factories.person(city=None)).status == "confirmed"


class TestHazard:
    @pytest.mark.parametrize("kind", ["cleanup", "planting", "stocking", "other"])
    def test_at_a_high_hazard_no_child_works(self, kind):
        nurlan = factories.employee()
        dina = factories.child(nurlan, age=16)
        event = factories.event(audience="families", kind=kind, site=factories.site(hazard_class="high"))
        with pytest.raises(TooDangerous) as refusal:
            goes(event, nurlan, dina)
        assert refusal.value.params["person_id"] == dina.id
        assert db.session.query(Place).count() == 0

    @pytest.mark.parametrize("kind", ["excursion", "celebration", "visit"])
    def test_children_may_look_where_they_may_not_work(self, kind):
        nurlan = factories.employee()
        event = factories.event(audience="families", kind=kind, site=factories.site(hazard_class="high"))
        assert goes(event, nurlan, factories.child(nurlan)).status == "confirmed"

    def test_a_raised_hazard_and_grown_ups_are_let_by(self):
        nurlan = factories.employee()
        raised = factories.event(audience="families", site=factories.site(hazard_class="raised"))
        assert goes(raised, nurlan, factories.child(nurlan)).status == "confirmed"
        high = factories.event(site=factories.site(hazard_class="high"), starts_at=_days_later(7))
        assert goes(high, nurlan).status == "confirmed"

    def test_not_even_the_coordinator_lets_a_child_work_there(self):
        dina = factories.child(factories.employee(), age=16)
        event = factories.event(audience="families", site=factories.site(hazard_class="high"))
        with pytest.raises(TooDangerous):
            goes(event, dina, actor=aigul())


class TestSizes:
    def test_equipment_needs_a_size_told_now_or_known_before(self):
        event = factories.event(site=factories.site(ppe=["helmet"]))
        nurlan = factories.employee()
        with pytest.raises(SizeMissing) as refusal:
            goes(event, nurlan)
        assert (refusal.value.type, refusal.value.status) == ("size-missing", 422)
        assert goes(event, nurlan, sizes={nurlan.id: "XL"}).places[0].tshirt_size == "XL"
        assert goes(event, factories.employee(tshirt_size="M")).places[0].tshirt_size == "M"

    def test_where_no_equipment_is_given_no_size_is_asked_for(self):
        assert goes(factories.event(), factories.employee()).status == "confirmed"


class TestShare:
    def test_an_employee_takes_so_many_places_over_all_sign_ups(self):
        nurlan = factories.employee()
        children = [factories.child(nurlan, name) for name in ("Дина", "Арман", "Лола")]
        event = factories.event(audience="families", places_per_employee=3)
        goes(event, nurlan, children[0])
        with pytest.raises(TooManyPlaces) as refusal:
            sign_up(
                event.id, [children[1].id, children[2].id], leader_id=nurlan.id, actor=acting(nurlan), now=NOW,
                answers=Answers(consents=[child.id for child in children]),
            )  # fmt: skip
        assert refusal.value.params == {"limit": 3, "left": 1}
        third = sign_up(
            event.id, [children[1].id], leader_id=nurlan.id, actor=acting(nurlan), now=NOW,
            answers=Answers(consents=[children[1].id]),
        )  # fmt: skip
        assert third.status == "confirmed"

    def test_cancelled_places_count_no_more_and_others_have_their_own_share(self):
        event = factories.event(places_per_employee=1)
        nurlan = factories.employee()
        signup = goes(event, nurlan)
        cancel_signup(signup, now=NOW, actor=acting(nurlan))
        assert goes(event, nurlan).status == "confirmed"
        assert goes(event, factories.employee()).status == "confirmed"


class TestShifts:
    def test_a_shift_worker_is_warned_with_the_days_and_may_go_all_the_same(self):
        nurlan, event = factories.employee(), factories.event()
        at_work(nurlan, date(2030, 5, 10), date(2030, 5, 24))
        with pytest.raises(OnShift) as refusal:
            goes(event, nurlan)
        assert (refusal.value.type, refusal.value.status) == ("on-shift", 409)
        assert refusal.value.params["who"] == "Нұрлан (10.05–24.05.2030)"
        assert refusal.value.params["despite"] == "on-shift"
        assert goes(event, nurlan, despite=["on-shift"]).status == "confirmed"

    @pytest.mark.parametrize(
        ("first", "last"), [(date(2030, 5, 1), date(2030, 5, 17)), (date(2030, 5, 19), date(2030, 5, 30))]
    )
    def test_work_that_ends_the_day_before_or_begins_the_day_after_is_no_hindrance(self, first, last):
        nurlan = factories.employee()
        at_work(nurlan, first, last)
        assert goes(factories.event(), nurlan).status == "confirmed"

    def test_the_day_is_that_of_the_events_own_place(self):
        nurlan = factories.employee()
        at_work(nurlan, date(2030, 5, 19), date(2030, 5, 19))
        late_in_utc = factories.event(starts_at=datetime(2030, 5, 18, 20, tzinfo=UTC))
        with pytest.raises(OnShift):
            goes(late_in_utc, nurlan)

    def test_all_of_a_party_who_work_are_named_at_once(self):
        nurlan, colleague = factories.employee(), factories.employee("Серік", "Ерлан")
        for person in (nurlan, colleague):
            at_work(person, date(2030, 5, 18), date(2030, 5, 18))
        with pytest.raises(OnShift, match=r"Нұрлан \(18\.05\.2030\), Ерлан"):
            goes(factories.event(), nurlan, colleague, actor=aigul())

    def test_going_on_waves_the_warning_and_no_other_rule(self):
        nurlan = factories.employee(birth_date=date(2015, 1, 1))
        at_work(nurlan, date(2030, 5, 18), date(2030, 5, 18))
        event = factories.event(audience="everyone", site=factories.site(min_age=18))
        with pytest.raises(TooYoung):
            goes(event, nurlan, despite=["on-shift"], consent_may_follow=True)


class TestAbsences:
    def test_the_rule_is_off_by_default(self):
        nurlan = factories.employee()
        absent(nurlan, times=5)
        assert goes(factories.event(), nurlan, no_shows=no_shows_of([nurlan.id], now=NOW)).status == "confirmed"

    def test_whoever_stayed_away_too_often_is_refused_with_the_way_out(self):
        nurlan = factories.employee()
        absent(nurlan, times=2)
        event = factories.event(no_show_limit=2)
        with pytest.raises(OftenAbsent) as refusal:
            goes(event, nurlan, no_shows=AbsencesWhenAsked([nurlan.id], now=NOW))
        assert refusal.value.params["times"] == 2
        assert "coordinator" in refusal.value.message

    def test_old_absences_excuses_and_visits_are_forgiven(self):
        nurlan = factories.employee()
        absent(nurlan, times=1)
        absent(nurlan, times=2, days_ago=400)
        absent(nurlan, times=2, days_ago=60, kind="excused")
        absent(nurlan, times=2, days_ago=90, kind="check_in")
        assert no_shows_of([nurlan.id], now=NOW) == {nurlan.id: 1}

    def test_an_absence_counts_once_the_day_is_closed_and_not_while_it_is_open_again(self):
        nurlan = factories.employee()
        absent(nurlan, times=1)
        day = db.session.query(DeskDay).one()
        for reopened_at, counted in ((day.closed_at, {}), (None, {nurlan.id: 1})):
            with transaction():
                day.reopened_at = reopened_at
            assert no_shows_of([nurlan.id], now=NOW) == counted

    @pytest.mark.full
    def test_the_page_refuses_and_the_letter_reaches_the_coordinator_who_signs_up(self, log_in):
        omarova = factories.coordinator(language="en")
        nurlan = factories.employee(language="en")
        event = factories.event(no_show_limit=1, coordinator_id=omarova.id)
        _was_absent_this_year(nurlan)
        browser = log_in(nurlan)
        page = browser.get(f"/events/{event.id}").text
        assert "Ask the coordinator" in page
        refused = browser.post(f"/events/{event.id}/signups", data={"people": nurlan.id})
        assert refused.status_code == 409
        assert db.session.query(Place).filter_by(event_id=event.id).count() == 0
        assert browser.post(f"/events/{event.id}/appeals", data={"text": "  "}).status_code == 422
        assert browser.post(f"/events/{event.id}/appeals", data={"text": "I was ill."}).status_code == 303
        assert browser.post(f"/events/{event.id}/appeals", data={"text": "Again."}).status_code == 409
        task = db.session.query(Task).filter_by(kind="appeal").one()
        assert (task.person_id, task.text) == (nurlan.id, {"en": "I was ill."})
        assert db.session.query(Mail).filter_by(template="signups/appeal", recipient=omarova.email).count() == 1
        assert "I was ill." in log_in(omarova).get(f"/events/{event.id}/appeals").text
        assert log_in(omarova).post(f"/appeals/{task.id}/acceptance").status_code == 303
        assert db.session.query(Place).filter_by(event_id=event.id, status="confirmed").count() == 1
        assert log_in(omarova).post(f"/appeals/{task.id}/refusal").status_code == 409
        assert {e.verb for e in db.session.query(AuditEntry).filter_by(object_id=task.id)} == {
            "appeal",
            "accept_appeal",
        }

    def test_a_no_is_written_to_the_person(self, log_in):
        omarova, nurlan = factories.coordinator(), factories.employee()
        event = factories.event(no_show_limit=1, coordinator_id=omarova.id)
        _was_absent_this_year(nurlan)
        log_in(nurlan).post(f"/events/{event.id}/appeals", data={"text": "Please."})
        task = db.session.query(Task).filter_by(kind="appeal").one()
        assert log_in(omarova).post(f"/appeals/{task.id}/refusal", data={"note": "Next time."}).status_code == 303
        letter = db.session.query(Mail).filter_by(template="signups/appeal_refused").one()
        assert (letter.recipient, letter.context["note"]) == (nurlan.email, "Next time.")

    def test_an_event_without_a_coordinator_of_its_own_tells_those_of_the_city(self, log_in):
        omarova, nurlan = factories.coordinator(), factories.employee()
        factories.coordinator("zhezkazgan")
        event = factories.event(no_show_limit=1)
        _was_absent_this_year(nurlan)
        log_in(nurlan).post(f"/events/{event.id}/appeals", data={"text": "Please."})
        letters = db.session.query(Mail).filter_by(template="signups/appeal")
        assert [letter.recipient for letter in letters] == [omarova.email]

    def test_strangers_neither_read_nor_answer_and_nobody_appeals_for_another(self, client, log_in):
        nurlan, stan = factories.employee(), factories.employee("Стан")
        event = factories.event(no_show_limit=1)
        _was_absent_this_year(nurlan)
        _was_absent_this_year(stan)
        assert client.post(f"/events/{event.id}/appeals").status_code == 303
        assert (
            log_in(nurlan).post(f"/events/{event.id}/appeals", data={"text": "x", "person": stan.id}).status_code == 403
        )
        log_in(nurlan).post(f"/events/{event.id}/appeals", data={"text": "Please."})
        task = db.session.query(Task).filter_by(kind="appeal").one()
        zhan = factories.coordinator("zhezkazgan")
        assert log_in(zhan).post(f"/appeals/{task.id}/acceptance").status_code == 404
        assert log_in(stan).get(f"/events/{event.id}/appeals").status_code == 403

    def test_whoever_is_not_refused_has_nothing_to_appeal(self, log_in):
        event = factories.event(no_show_limit=1)
        assert log_in(factories.employee()).post(f"/events/{event.id}/appeals", data={"text": "x"}).status_code == 409


class TestCoordinator:
    def test_the_coordinator_makes_exceptions(self):
        nurlan = factories.employee(city="zhezkazgan", department="Цех 2")
        absent(nurlan, times=1)
        event = factories.event(
            cities=["balkhash"], departments=["Цех 1"], no_show_limit=1, signup_opens_at=NOW + timedelta(days=5)
        )
        with pytest.raises(SignUpNotOpenYet):
            goes(event, nurlan)
        answers = {"no_shows": no_shows_of([nurlan.id], now=NOW)}
        assert goes(event, nurlan, actor=aigul(), **answers).status == "confirmed"
        closed = factories.event(status="closed", starts_at=_days_later(7))
        assert goes(closed, nurlan, actor=aigul()).status == "confirmed"

    def test_but_not_after_it_began(self):
        event = factories.event()
        with pytest.raises(SignUpClosed):
            goes(event, factories.employee(), actor=aigul(), now=event.starts_at)

    def test_a_coordinator_of_another_city_makes_none(self):
        event = factories.event(cities=["balkhash"])
        zhan = factories.employee("Жан", city="zhezkazgan")
        with pytest.raises(WrongCity):
            goes(event, zhan, actor=acting(zhan, Scope("coordinator", city="zhezkazgan")))


class TestCancelling:
    def test_after_the_deadline_only_the_coordinator_cancels(self):
        nurlan = factories.employee()
        deadline = factories.SATURDAY - timedelta(days=2)
        event = factories.event(cancel_closes_at=deadline)
        signup = goes(event, nurlan)
        with pytest.raises(CancelClosed) as refusal:
            cancel_signup(signup, now=deadline, actor=acting(nurlan))
        assert refusal.value.params["until"] == "16.05.2030 09:00"
        assert signup.status == "confirmed"
        cancel_signup(signup, now=deadline, actor=aigul())
        assert signup.status == "cancelled"

    def test_before_the_deadline_the_family_cancels(self):
        nurlan = factories.employee()
        deadline = factories.SATURDAY - timedelta(days=2)
        signup = goes(factories.event(cancel_closes_at=deadline), nurlan)
        cancel_signup(signup, now=deadline - timedelta(seconds=1), actor=acting(nurlan))
        assert signup.status == "cancelled"

    def test_whoever_waits_may_leave_the_queue_at_any_time(self):
        deadline = factories.SATURDAY - timedelta(days=2)
        event = factories.event(capacity=1, cancel_closes_at=deadline)
        goes(event, factories.employee())
        stan = factories.employee("Стан")
        waiting = goes(event, stan)
        assert waiting.status == "waiting"
        cancel_signup(waiting, now=deadline, actor=acting(stan))
        assert waiting.status == "cancelled"


def _days_later(days: int) -> datetime:
    return factories.SATURDAY + timedelta(days=days)


def _was_absent_this_year(person: Person) -> None:
    """Marked absent a few days before the real now, because pages ask the real clock."""
    begun = datetime.now(UTC) - timedelta(days=5)
    event = factories.event(starts_at=begun, signup_opens_at=None)
    place = factories.place(event, person)
    factories.saved(
        AttendanceEntry(
            id=f"{event.id}-absent", event_id=event.id, place_id=place.id, kind="absent", at=begun, recorded_at=begun
        )
    )
    factories.closed_day(event)
