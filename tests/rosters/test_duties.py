"""Shifts, sections, roles with needs; people choose or are placed, and what is not covered is red."""

from datetime import timedelta

import pytest

from app.accounts.actor import STRANGER, Actor
from app.db import db, transaction
from app.errors import Invalid, NotAllowed
from app.events.models import Event
from app.mail.models import Mail
from app.people.models import Person
from app.rosters.day_plan import NeedDraft, SectionDraft, ShiftDraft, set_needs, set_sections, set_shifts
from app.rosters.duties import choose_shift, place_in_section, place_on_duty, release_duty, take_duty
from app.rosters.duty_errors import DutyFull, ForAdults, InUse, NotOnRoster, OnDuty, ShiftFull, SkillMissing
from app.rosters.duty_models import Duty, Need, PersonSkill
from app.rosters.duty_queries import need_rows, needs_of, sections_of, shifts_of
from app.rosters.skills import drop_skill, set_skill
from app.signups.models import Place
from tests import factories
from tests.events.drafting import NOW, coordinating
from tests.rosters.test_hosts import queries_of
from tests.signups.parties import words

HOUR = timedelta(hours=1)
LEADER, AID = NeedDraft("section_leader", 1, 1), NeedDraft("first_aid", 1, 2, skill="first_aid")


@pytest.fixture
def event(app) -> Event:
    return factories.event(audience="families")


@pytest.fixture
def aigul(event) -> Actor:
    return coordinating(factories.coordinator())


@pytest.fixture
def nurlan(app) -> Person:
    return factories.employee()


def acting(person: Person) -> Actor:
    return Actor(account_id=factories.account(person).id, person_id=person.id)


def needs(event: Event, actor: Actor, *drafts: NeedDraft) -> list[Need]:
    set_needs(event, drafts, now=NOW, actor=actor)
    return list(needs_of(event))


def shift(event: Event, hours: tuple[int, int], **more) -> ShiftDraft:
    begins = event.starts_at
    return ShiftDraft({"kk": "Таң"}, begins + hours[0] * HOUR, begins + hours[1] * HOUR, **more)


def test_a_day_is_planned_in_rows_that_keep_their_ids(event, aigul):
    set_shifts(event, [shift(event, (0, 2)), shift(event, (2, 4), capacity=5)], now=NOW, actor=aigul)
    set_sections(event, [SectionDraft({"kk": "1-бөлік"}, 400)], now=NOW, actor=aigul)
    first, second = shifts_of(event)
    (section,) = sections_of(event)
    (leader,) = needs(event, aigul, NeedDraft("section_leader", 1, 2, first.id, section.id))
    again = [NeedDraft("water", 0, 3), NeedDraft("section_leader", 1, 1, None, section.id, id=leader.id)]
    assert needs(event, aigul, *again)[1].id == leader.id
    set_shifts(event, [shift(event, (2, 3), id=second.id)], now=NOW, actor=aigul)
    assert [one.id for one in shifts_of(event)] == [second.id]
    with pytest.raises(InUse):
        set_sections(event, [], now=NOW, actor=aigul)


@pytest.mark.parametrize(
    ("operation", "draft"),
    [
        (set_needs, NeedDraft("cook", 1, 1)),
        (set_needs, NeedDraft("water", 3, 2)),
        (set_needs, NeedDraft("water", 0, 0)),
        (set_needs, NeedDraft("other", 1, 1)),
        (set_needs, NeedDraft("water", 1, 1, shift_id="nowhere")),
        (set_needs, NeedDraft("water", 1, 1, skill="juggling")),
        (set_sections, SectionDraft({"kk": " "})),
        (set_sections, SectionDraft({"kk": "x"}, 0)),
        (set_shifts, ShiftDraft({"kk": "x"}, factories.SATURDAY - HOUR, factories.SATURDAY)),
        (set_shifts, ShiftDraft({"kk": "x"}, factories.SATURDAY + HOUR, factories.SATURDAY)),
    ],
)
def test_what_can_not_be_is_refused_with_its_row(event, aigul, operation, draft):
    with pytest.raises(Invalid) as refusal:
        operation(event, [draft], now=NOW, actor=aigul)
    assert refusal.value.params["n"] == 1
    for stranger in (STRANGER, coordinating(factories.coordinator("zhezkazgan"), "zhezkazgan")):
        with pytest.raises(NotAllowed):
            operation(event, [], now=NOW, actor=stranger)


def test_nurlan_takes_a_task_on_and_gives_it_back(event, aigul, nurlan):
    (leader,) = needs(event, aigul, LEADER)
    place = factories.place(event, nurlan)
    assert need_rows(event)[0].stands.state == "short"
    duty = take_duty(leader, place, now=NOW, actor=acting(nurlan))
    assert (duty.how, need_rows(event)[0].stands.state) == ("chosen", "covered")
    assert db.session.query(Mail).count() == 0
    with pytest.raises(NotAllowed):
        release_duty(duty, now=NOW, actor=acting(factories.employee("Стан", "Стэн")))
    release_duty(duty, now=NOW, actor=acting(nurlan))
    assert need_rows(event)[0].stands.missing == 1


def test_full_twice_another_persons_and_a_waiting_place_are_refused(event, aigul, nurlan):
    leader, water = needs(event, aigul, LEADER, NeedDraft("water", 0, 5))
    place, other = factories.place(event, nurlan), factories.employee("Б", "Б")
    place_on_duty(leader, place, now=NOW, actor=aigul)
    with pytest.raises(OnDuty):
        place_on_duty(water, place, now=NOW, actor=aigul)
    second = factories.place(event, other)
    with pytest.raises(DutyFull):
        take_duty(leader, second, now=NOW, actor=acting(other))
    with pytest.raises(NotAllowed):
        take_duty(water, second, now=NOW, actor=acting(nurlan))
    waits = factories.place(event, factories.employee("В", "В"), status="waiting")
    elsewhere = factories.place(factories.event(), factories.employee("Г", "Г"))
    for wrong in (waits, elsewhere):
        with pytest.raises(NotOnRoster):
            place_on_duty(water, wrong, now=NOW, actor=aigul)
    with pytest.raises(ForAdults):
        place_on_duty(water, factories.place(event, factories.child(nurlan)), now=NOW, actor=aigul)


def test_a_skill_must_be_proved_and_valid_on_the_day(event, aigul, nurlan):
    (aid,) = needs(event, aigul, AID)
    place = factories.place(event, nurlan)
    with pytest.raises(SkillMissing):
        take_duty(aid, place, now=NOW, actor=acting(nurlan))
    set_skill(nurlan, "first_aid", valid_until=event.local_date - timedelta(days=1), now=NOW, actor=aigul)
    with pytest.raises(SkillMissing):
        take_duty(aid, place, now=NOW, actor=acting(nurlan))
    set_skill(nurlan, "first_aid", valid_until=event.local_date, now=NOW, actor=aigul)
    take_duty(aid, place, now=NOW, actor=acting(nurlan))
    assert db.session.query(PersonSkill).count() == 1
    drop_skill(nurlan, "first_aid", now=NOW, actor=aigul)
    assert db.session.query(PersonSkill).count() == 0
    with pytest.raises(NotAllowed):
        set_skill(nurlan, "driver", valid_until=None, now=NOW, actor=acting(nurlan))


def test_whoever_is_placed_or_released_hears_of_it(event, aigul, nurlan):
    (leader,) = needs(event, aigul, LEADER)
    duty = place_on_duty(leader, factories.place(event, nurlan), now=NOW, actor=aigul)
    release_duty(duty, now=NOW, actor=aigul)
    letters = db.session.query(Mail).order_by(Mail.template).all()
    assert [letter.template for letter in letters] == ["rosters/duty_placed", "rosters/duty_released"]
    assert all(letter.person_id == nurlan.id and words(letter) for letter in letters)


@pytest.mark.full
def test_who_gave_up_the_seat_covers_nothing_any_more(event, aigul, nurlan):
    (leader,) = needs(event, aigul, LEADER)
    place = factories.place(event, nurlan)
    place_on_duty(leader, place, now=NOW, actor=aigul)
    with pytest.raises(InUse):
        set_needs(event, [], now=NOW, actor=aigul)
    with transaction():
        place.status, place.cancelled_at = "cancelled", NOW
    assert need_rows(event)[0].stands.state == "short"
    set_needs(event, [], now=NOW, actor=aigul)
    assert db.session.query(Duty).count() == 0


def test_tasks_of_two_shifts_do_not_clash(event, aigul, nurlan):
    set_shifts(event, [shift(event, (0, 2)), shift(event, (2, 4))], now=NOW, actor=aigul)
    first, second = shifts_of(event)
    drafts = [NeedDraft("water", 1, 1, first.id), NeedDraft("water", 1, 1, second.id), NeedDraft("driver", 1, 1)]
    early, late, all_day = needs(event, aigul, *drafts)
    place = factories.place(event, nurlan)
    place_on_duty(early, place, now=NOW, actor=aigul)
    place_on_duty(late, place, now=NOW, actor=aigul)
    with pytest.raises(OnDuty):
        place_on_duty(all_day, place, now=NOW, actor=aigul)


def test_a_shift_takes_as_many_as_it_has_room_for_and_a_section_is_the_coordinators_say(event, aigul, nurlan):
    set_shifts(event, [shift(event, (0, 2), capacity=1)], now=NOW, actor=aigul)
    set_sections(event, [SectionDraft({"kk": "1"})], now=NOW, actor=aigul)
    (morning,), (section,) = shifts_of(event), sections_of(event)
    places = [factories.place(event, nurlan), factories.place(event, factories.employee("Б", "Б"))]
    choose_shift(places[0], morning.id, now=NOW, actor=acting(nurlan), family=[nurlan.id])
    choose_shift(places[0], morning.id, now=NOW, actor=acting(nurlan), family=[nurlan.id])
    with pytest.raises(ShiftFull):
        choose_shift(places[1], morning.id, now=NOW, actor=aigul, family=())
    with pytest.raises(NotAllowed):
        choose_shift(places[1], None, now=NOW, actor=acting(nurlan), family=[nurlan.id])
    place_in_section(places[0], section.id, now=NOW, actor=aigul)
    assert places[0].section_id == section.id
    with pytest.raises(NotAllowed):
        place_in_section(places[0], None, now=NOW, actor=acting(nurlan))


@pytest.mark.full
def test_the_pages_of_the_coordinator_and_of_those_who_are_in(event, nurlan, log_in):
    aigul, place = log_in(factories.coordinator()), factories.place(event, nurlan)
    base = f"/events/{event.id}"
    assert aigul.get(f"{base}/duties").status_code == 200
    shifts = {"shifts-0-name-kk": "Таң", "shifts-0-begins": "9:00", "shifts-0-ends": "11:00", "shifts-0-capacity": "1"}
    assert aigul.post(f"{base}/shifts", data=shifts).status_code == 303
    assert aigul.post(f"{base}/sections", data={"sections-0-name-kk": "Бірінші бөлік"}).status_code == 303
    (morning,), (section,) = shifts_of(event), sections_of(event)
    typed = {"needs-0-role": "first_aid", "needs-0-skill": "first_aid", "needs-1-role": "water"}
    typed |= {"needs-1-shift_id": morning.id, "needs-1-minimum": "1", "needs-1-maximum": "2"}
    assert aigul.post(f"{base}/needs", data=typed).status_code == 303
    assert aigul.post(f"{base}/needs", data=typed | {"needs-1-minimum": "5"}).status_code == 422
    page = aigul.get(f"{base}/duties?q=Сейітқали").text
    assert page.count("chip-stop") == 2 and "Сейітқали Нұрлан" in page
    own = log_in(nurlan)
    assert f"{base}/tasks" in own.get("/my").text
    page = own.get(f"{base}/tasks").text
    aid, water = needs_of(event)
    assert f"/needs/{water.id}/duties" in page and f"/needs/{aid.id}/duties" not in page
    assert own.post(f"/places/{place.id}/shift", data={"shift_id": morning.id}).status_code == 303
    assert own.post(f"/needs/{water.id}/duties").status_code == 303
    assert own.post(f"/needs/{aid.id}/duties").status_code == 409
    duty = db.session.query(Duty).one()
    assert own.post(f"/duties/{duty.id}/removal").status_code == 303
    assert aigul.post(f"/people/{nurlan.id}/skills", data={"skill": "first_aid"}).status_code == 303
    sent = {"place_id": place.id, "need_id": aid.id, "shift_id": morning.id, "section_id": section.id}
    assert aigul.post(f"{base}/duties", data=sent).status_code == 303
    db.session.expire_all()
    assert (db.session.get(Place, place.id).section_id, db.session.query(Duty).one().how) == (section.id, "placed")
    assert (
        log_in(factories.employee("Стан", "Стэн"))
        .post(f"/duties/{db.session.query(Duty).one().id}/removal")
        .status_code
        == 404
    )


@pytest.mark.full
def test_the_pages_ask_the_same_however_much_is_planned(event, aigul, nurlan, log_in):
    event_id = event.id
    factories.place(event, nurlan)
    coordinator, own = log_in(factories.coordinator()), log_in(nurlan)
    counts = []
    for many in (1, 9):
        found = db.session.get(Event, event_id)
        set_needs(found, [NeedDraft("water", 1, 9) for _ in range(many)], now=NOW, actor=aigul)
        counts.append(
            [queries_of(coordinator, f"/events/{event_id}/duties?q=Сей"), queries_of(own, f"/events/{event_id}/tasks")]
        )
    assert counts[0] == counts[1] and max(counts[0]) <= 12
