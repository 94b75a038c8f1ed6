"""Marking who came: once, by those who may, only those with a seat, and taking it back."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.actor import SYSTEM, Actor, Scope
from app.attendance.entry_ids import EntryIdTaken
from app.attendance.errors import (
    AlreadyLeft,
    AlreadyPresent,
    EventCancelled,
    NotConfirmed,
    NothingToUndo,
    NotPresent,
    ReasonMissing,
    TicketOfAnotherEvent,
    TicketOfThatEvent,
    TicketOver,
    UnknownTicket,
)
from app.attendance.models import AttendanceEntry
from app.attendance.operations import check_out, mark_absent, mark_excused, mark_present, undo_mark
from app.attendance.policy import can_mark
from app.attendance.queries import attendance_is, attendance_of, attendance_of_event, marks_of, place_by_ticket
from app.attendance.states import STATES
from app.audit.models import AuditEntry
from app.db import db
from app.errors import Invalid
from app.events.models import Event
from app.signups.models import Place
from tests import factories

AT = datetime(2030, 5, 18, 4, 11, tzinfo=UTC)


@pytest.fixture
def event(app: Flask) -> Event:
    return factories.event()


@pytest.fixture
def nurlan(event: Event) -> Place:
    return factories.place(event, factories.employee())


def aigul() -> Actor:
    person = factories.coordinator()
    return Actor(account_id=factories.account(person).id, name=person.short_name)


def present(place: Place, entry_id: str | None = None, actor: Actor = SYSTEM) -> AttendanceEntry:
    return mark_present(place, entry_id=entry_id or str(uuid4()), at=AT, now=AT, actor=actor)


def state(place: Place) -> str:
    return attendance_of(place.id).state


def test_somebody_with_a_seat_is_let_in_and_it_is_written_down(nurlan: Place) -> None:
    entry = present(nurlan)
    assert (state(nurlan), attendance_of(nurlan.id).at, attendance_of(nurlan.id).entry_id) == ("present", AT, entry.id)
    act = db.session.scalars(select(AuditEntry)).one()
    assert (act.verb, act.object_id, act.fields) == ("mark_check_in", nurlan.id, ["attendance"])


def test_the_same_tap_sent_again_changes_nothing(nurlan: Place) -> None:
    entry_id = str(uuid4())
    assert present(nurlan, entry_id).id == present(nurlan, entry_id.upper()).id
    assert len(marks_of(nurlan.id)) == 1


def test_a_second_door_hears_when_and_by_whom(nurlan: Place) -> None:
    present(nurlan, actor=aigul())
    with pytest.raises(AlreadyPresent) as refusal:
        present(nurlan)
    assert refusal.value.params == {"name": "Сейітқали Нұрлан", "time": "09:11", "by": "Омарова Айгүл"}


def test_an_id_that_stands_for_another_mark_is_refused(event: Event, nurlan: Place) -> None:
    entry_id = present(nurlan).id
    other = factories.place(event, factories.employee("Ибраев", "Тимур"))
    with pytest.raises(EntryIdTaken):
        present(other, entry_id)
    assert state(other) == "expected"


def test_an_id_that_is_no_uuid_is_refused(nurlan: Place) -> None:
    with pytest.raises(Invalid):
        present(nurlan, "1; drop table")
    assert state(nurlan) == "expected"


@pytest.mark.parametrize("status", ["waiting", "offered", "cancelled", "declined"])
def test_without_a_seat_nobody_is_let_in(event: Event, status: str) -> None:
    place = factories.place(event, factories.employee(), status=status)
    with pytest.raises(NotConfirmed, match="Сейітқали Нұрлан"):
        present(place)
    assert state(place) == "expected"


def test_nobody_comes_to_a_cancelled_event(app: Flask) -> None:
    place = factories.place(factories.event(status="cancelled"), factories.employee())
    with pytest.raises(EventCancelled):
        present(place)


def test_who_leaves_was_here_and_can_not_come_again_without_an_undo(nurlan: Place) -> None:
    with pytest.raises(NotPresent):
        check_out(nurlan, entry_id=str(uuid4()), at=AT, now=AT, actor=SYSTEM)
    present(nurlan)
    check_out(nurlan, entry_id=str(uuid4()), at=AT, now=AT, actor=SYSTEM)
    assert state(nurlan) == "left"
    for again in (present, lambda place: mark_absent(place, entry_id=str(uuid4()), at=AT, now=AT, actor=SYSTEM)):
        with pytest.raises(AlreadyLeft):
            again(nurlan)


def test_absent_and_excused_replace_each_other_and_yield_to_the_person_who_comes(nurlan: Place) -> None:
    mark_absent(nurlan, entry_id=str(uuid4()), at=AT, now=AT, actor=SYSTEM)
    mark_absent(nurlan, entry_id=str(uuid4()), at=AT, now=AT, actor=SYSTEM)
    assert state(nurlan) == "absent"
    mark_excused(nurlan, entry_id=str(uuid4()), at=AT, now=AT, actor=SYSTEM)
    assert state(nurlan) == "excused"
    mark_absent(nurlan, entry_id=str(uuid4()), at=AT, now=AT, actor=SYSTEM)
    assert state(nurlan) == "absent"
    arrival = present(nurlan)
    assert state(nurlan) == "present"
    with pytest.raises(AlreadyPresent):
        mark_excused(nurlan, entry_id=str(uuid4()), at=AT, now=AT, actor=SYSTEM)
    undo_mark(arrival, entry_id=str(uuid4()), reason="another Nurlan", now=AT, actor=SYSTEM)
    assert state(nurlan) == "absent"


def test_a_mark_is_taken_back_once_with_its_reason_and_both_stay_in_the_log(nurlan: Place) -> None:
    arrival = present(nurlan)
    check_out(nurlan, entry_id=str(uuid4()), at=AT, now=AT, actor=SYSTEM)
    with pytest.raises(ReasonMissing):
        undo_mark(arrival, entry_id=str(uuid4()), reason="  ", now=AT, actor=SYSTEM)
    undo_id = str(uuid4())
    later = AT + timedelta(minutes=1)
    undo_mark(arrival, entry_id=undo_id, reason="another Nurlan", now=later, actor=SYSTEM)
    assert undo_mark(arrival, entry_id=undo_id, reason="again", now=later, actor=SYSTEM).reason == "another Nurlan"
    with pytest.raises(NothingToUndo):
        undo_mark(arrival, entry_id=str(uuid4()), reason="again", now=AT, actor=SYSTEM)
    assert state(nurlan) == "expected"
    assert [mark.entry.kind for mark in marks_of(nurlan.id)][-1] == "undo"
    present(nurlan)
    assert state(nurlan) == "present"


def test_a_ticket_finds_its_place_and_says_where_else_it_belongs(event: Event, nurlan: Place) -> None:
    assert place_by_ticket(event, f" {nurlan.printed_ticket.lower()} ", at=AT, actor=SYSTEM).id == nurlan.id
    with pytest.raises(UnknownTicket):
        place_by_ticket(event, "BBBB 2222", at=AT, actor=SYSTEM)
    elsewhere = factories.event(title={"en": "Fish"}, city="zhezkazgan")
    with pytest.raises(TicketOfThatEvent) as refusal:
        place_by_ticket(elsewhere, nurlan.ticket, at=AT, actor=SYSTEM)
    assert refusal.value.params == {"title": "Таза жағалау", "date": "18.05.2030"}


def test_a_ticket_of_a_hidden_event_does_not_name_it(app: Flask, event: Event) -> None:
    hidden = factories.place(factories.event(status="draft"), factories.employee())
    with pytest.raises(TicketOfAnotherEvent) as refusal:
        place_by_ticket(event, hidden.ticket, at=AT, actor=SYSTEM)
    assert refusal.value.params == {}


def test_a_ticket_lets_nobody_in_half_a_day_after_its_event(event: Event, nurlan: Place) -> None:
    late = event.ends_at + timedelta(hours=12)
    assert place_by_ticket(event, nurlan.ticket, at=late, actor=SYSTEM).id == nurlan.id
    with pytest.raises(TicketOver) as refusal:
        place_by_ticket(event, nurlan.ticket, at=late + timedelta(seconds=1), actor=SYSTEM)
    assert refusal.value.params == {"date": "18.05.2030"}


def test_the_condition_in_the_database_says_the_same_as_the_state(event: Event) -> None:
    places = [factories.place(event, factories.employee()) for _ in range(6)]
    mark_absent(places[1], entry_id=str(uuid4()), at=AT, now=AT, actor=SYSTEM)
    mark_excused(places[2], entry_id=str(uuid4()), at=AT, now=AT, actor=SYSTEM)
    mark_absent(places[3], entry_id=str(uuid4()), at=AT, now=AT, actor=SYSTEM)
    present(places[3])
    undone = present(places[4])
    undo_mark(undone, entry_id=str(uuid4()), reason="slip", now=AT, actor=SYSTEM)
    present(places[5])
    check_out(places[5], entry_id=str(uuid4()), at=AT, now=AT, actor=SYSTEM)
    by_event = attendance_of_event(event.id)
    wanted = ["expected", "absent", "excused", "present", "expected", "left"]
    assert [by_event[p.id].state if p.id in by_event else "expected" for p in places] == wanted
    for name in STATES:
        found = set(db.session.scalars(select(Place.id).where(attendance_is(name))))
        assert found == {p.id for p, is_so in zip(places, wanted, strict=True) if is_so == name}


def test_who_may_mark(event: Event) -> None:
    assert can_mark(Actor(scopes=(Scope("coordinator", city="balkhash"),)), event)
    assert can_mark(Actor(scopes=(Scope("coordinator", event_id=event.id),)), event)
    assert not can_mark(Actor(scopes=(Scope("coordinator", city="zhezkazgan"),)), event)
    assert not can_mark(Actor(scopes=(Scope("gift_keeper"),)), event)
    assert not can_mark(Actor(scopes=(Scope("employee"),)), event)
