"""What comes after the day was closed counts once a coordinator says so; until then nothing of it stands."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from app.accounts.actor import Actor, Scope
from app.attendance.incident_models import Incident
from app.attendance.log_models import DeskDay, DeskOperation
from app.attendance.models import AttendanceEntry
from app.attendance.queries import attendance_of
from app.audit.models import AuditEntry
from app.db import db, transaction
from app.desk.day.late import LateGone, accept_late, decline_late
from app.desk.log.conflict_models import WalkIn
from app.desk.log.conflict_queries import late_of
from app.desk.log.giving import Giver, facts_of
from app.desk.log.taking import take
from app.desk.roster.policy import desk_powers
from app.errors import Invalid, NotAllowed
from app.events.models import Event
from app.people.models import Person
from app.signups.models import Place
from tests import factories
from tests.desk.test_conflicts import AIGUL, AT, NOW, the_conflict

LogIn = Callable[[Person], FlaskClient]


@pytest.fixture
def event(app: Flask) -> Event:
    return factories.event()


@pytest.fixture
def nurlan(event: Event) -> Place:
    return factories.place(event, factories.employee())


def close(event: Event) -> None:
    factories.saved(DeskDay(event_id=event.id, closed_at=NOW))


def open_again(event: Event) -> None:
    with transaction() as session:
        session.execute(delete(DeskDay).where(DeskDay.event_id == event.id))


def say(event: Event, kind: str, subject: object, **more: object) -> str:
    """What a phone hands over, and what becomes of it."""
    raw = {"id": str(uuid4()), "kind": kind, "subject": subject, "at": AT.isoformat(), **more}
    giver = Giver(AIGUL, desk_powers(AIGUL, event), device="phone 1")
    assert take(facts_of(event), [raw], sent_at=None, giver=giver, now=NOW + timedelta(hours=1)).applied == [raw["id"]]
    return str(raw["id"])


def state(place: Place) -> str:
    db.session.rollback()
    return attendance_of(place.id).state


def accept(event: Event, *ids: str) -> int:
    return accept_late(event, ids, now=NOW, actor=AIGUL)


def test_it_counts_once_it_is_accepted_and_not_before(event, nurlan):
    close(event)
    late = say(event, "check_in", {"place_id": nurlan.id})
    assert state(nurlan) == "expected" and [one.side.id for one in late_of(event)] == [late]
    assert db.session.query(AttendanceEntry).count() == 0, "the ledger holds nothing of it"
    assert accept(event, late) == 1
    assert state(nurlan) == "present" and late_of(event) == []
    act = db.session.scalars(select(AuditEntry).where(AuditEntry.verb == "accept_late")).one()
    assert (act.object_id, act.person_id, act.fields) == (nurlan.id, nurlan.person_id, ["operation"])
    assert [one.kind for one in db.session.scalars(select(DeskOperation))] == ["check_in", "accept"]


def test_it_is_left_out_for_good_with_a_reason(event, nurlan):
    close(event)
    late = say(event, "check_in", {"place_id": nurlan.id})
    with pytest.raises(Invalid):
        decline_late(event, [late], reason=" ", now=NOW, actor=AIGUL)
    assert decline_late(event, [late], reason="slip", now=NOW, actor=AIGUL) == 1
    assert state(nurlan) == "expected" and late_of(event) == []
    for decide in (lambda: accept(event, late), lambda: decline_late(event, [late], reason="x", now=NOW, actor=AIGUL)):
        with pytest.raises(LateGone):
            decide()


def test_what_was_accepted_may_contradict_like_anything_else(event, nurlan):
    say(event, "absent", {"place_id": nurlan.id})
    close(event)
    late = say(event, "check_in", {"place_id": nurlan.id})
    assert state(nurlan) == "absent"
    accept(event, late)
    assert state(nurlan) == "present" and the_conflict().is_open


def test_a_late_undo_takes_back_once_it_is_accepted_whatever_it_said_it_was_about(event, nurlan):
    other = factories.place(event, factories.employee("Ибраев", "Тимур"))
    here = say(event, "check_in", {"place_id": nurlan.id})
    close(event)
    late = say(event, "undo", {"place_id": other.id}, operation_id=here)
    assert state(nurlan) == "present"
    accept(event, late)
    assert state(nurlan) == "expected"


@pytest.mark.parametrize("about", ["the same", "somebody else", "nobody"])
@pytest.mark.parametrize("is_first", [True, False])
def test_an_undo_that_comes_late_of_what_came_late_counts_by_itself_in_either_order(event, nurlan, about, is_first):
    subject = {"the same": nurlan, "nobody": None}.get(about, factories.place(event, factories.employee("Ибраев")))
    said = {"place_id": subject.id} if subject else {}
    id_, undo = str(uuid4()), ""
    close(event)
    if is_first:
        undo = say(event, "undo", said, operation_id=id_)
        assert late_of(event) == [], "it waits for what it takes back"
        with pytest.raises(LateGone):
            accept(event, undo)
    say(event, "check_in", {"place_id": nurlan.id}, id=id_)
    undo = undo or say(event, "undo", said, operation_id=id_)
    assert {one.side.id for one in late_of(event)} == {id_, undo} and state(nurlan) == "expected"
    accept(event, id_)
    assert state(nurlan) == "present", "nobody said yet that the undo counts"
    accept(event, undo)
    assert state(nurlan) == "expected" and late_of(event) == []


@pytest.mark.parametrize("knows_of_whom", [True, False])
def test_what_comes_late_and_was_taken_back_in_time_asks_nobody(event, nurlan, knows_of_whom):
    id_ = str(uuid4())
    say(event, "undo", {"place_id": nurlan.id} if knows_of_whom else {}, operation_id=id_)
    close(event)
    say(event, "check_in", {"place_id": nurlan.id}, id=id_)
    assert state(nurlan) == "expected" and late_of(event) == []
    with pytest.raises(LateGone):
        accept(event, id_)


def test_a_late_undo_that_is_left_out_takes_nothing_back(event, nurlan):
    here = say(event, "check_in", {"place_id": nurlan.id})
    close(event)
    late = say(event, "undo", {"place_id": nurlan.id}, operation_id=here)
    assert decline_late(event, [late], reason="slip", now=NOW, actor=AIGUL) == 1
    assert state(nurlan) == "present" and late_of(event) == []


def test_what_stands_of_nothing_is_no_act_of_anybody(event, nurlan):
    """Who accepts it is written down, and not what a phone said in vain."""
    marks = select(AuditEntry.verb).where(AuditEntry.verb.in_(("mark_check_in", "undo_mark")))
    here = say(event, "check_in", {"place_id": nurlan.id})
    assert db.session.scalars(marks).all() == ["mark_check_in"]
    close(event)
    late = say(event, "check_in", {"place_id": factories.place(event, factories.employee("Ибраев")).id})
    say(event, "undo", {"place_id": nurlan.id}, operation_id=here)
    open_again(event)
    say(event, "undo", {}, operation_id=late)
    assert db.session.scalars(marks).all() == ["mark_check_in"]


def test_what_is_told_whenever_is_taken_back_whenever(event):
    close(event)
    before = say(event, "incident", None, text="Slipped on the rail")
    say(event, "undo", {}, operation_id=before)
    assert late_of(event) == [], "a coordinator decides about what stands of the day alone"
    assert db.session.get_one(Incident, before).undone_at


def test_a_late_arrival_that_was_undone_holds_nobody_up(event, nurlan):
    close(event)
    here = say(event, "check_in", {"place_id": nurlan.id})
    open_again(event)
    say(event, "undo", {"place_id": nurlan.id}, operation_id=here)
    say(event, "check_out", {"place_id": nurlan.id}, after=[here])
    assert state(nurlan) == "expected"


def test_who_came_late_without_a_place_is_listed_once_it_is_accepted(event):
    close(event)
    late = say(event, "walk_in", {"walk_in": {"surname": "Ахметов"}})
    assert db.session.scalars(select(WalkIn)).all() == []
    accept(event, late)
    assert [row.surname for row in db.session.scalars(select(WalkIn))] == ["Ахметов"]


def test_only_coordinators_of_the_place_decide_and_only_about_their_own_event(event, nurlan):
    close(event)
    late = say(event, "check_in", {"place_id": nurlan.id})
    for role, city in (("coordinator", "zhezkazgan"), ("safety_officer", "balkhash")):
        with pytest.raises(NotAllowed):
            accept_late(event, [late], now=NOW, actor=Actor(scopes=(Scope(role, city=city),)))
    with pytest.raises(LateGone):
        accept(factories.event(), late)
    assert state(nurlan) == "expected"


def test_one_tap_counts_what_is_ticked(event, nurlan, log_in: LogIn):
    close(event)
    late = say(event, "check_in", {"place_id": nurlan.id})
    aigul = log_in(factories.coordinator())
    page = aigul.get(f"/events/{event.id}/conflicts")
    assert late in page.text and "phone 1" in page.text
    path = f"/events/{event.id}/conflicts/late"
    assert log_in(factories.coordinator("zhezkazgan")).post(path, data={"operation": late}).status_code == 403
    assert state(nurlan) == "expected"
    assert aigul.post(path, data={"operation": late, "decision": "accept"}).status_code == 303
    assert state(nurlan) == "present"
    assert aigul.post(path, data={"operation": late, "decision": "accept"}).status_code == 409
