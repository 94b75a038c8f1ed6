"""What two phones said against each other, seen by the coordinator with both sides and decided with a reason."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.actor import COORDINATOR, Actor, Scope
from app.attendance.models import AttendanceEntry
from app.attendance.operations import check_out, undo_mark
from app.attendance.queries import attendance_of
from app.audit.models import AuditEntry
from app.db import db, transaction
from app.desk.log.conflict_models import DeskConflict, WalkIn
from app.desk.log.giving import Giver, facts_of
from app.desk.log.solving import ConflictGone, reopen_conflict, solve_conflict
from app.desk.log.taking import take
from app.desk.roster.policy import desk_powers
from app.errors import Invalid, NotAllowed
from app.events.models import Event
from app.gifts.models import GiftItem
from app.people.models import Person
from app.signups.models import Place
from tests import factories

AT = factories.SATURDAY
NOW = AT + timedelta(hours=1)
AIGUL = Actor(scopes=(Scope(COORDINATOR, city="balkhash"),))
LogIn = Callable[[Person], FlaskClient]


@pytest.fixture
def event(app: Flask) -> Event:
    return factories.event()


@pytest.fixture
def nurlan(event: Event) -> Place:
    return factories.place(event, factories.employee())


def say(event: Event, place: Place, *kinds: str, device: str = "") -> list[str]:
    """What one phone said, that knew nothing of the others."""
    ids = [str(uuid4()) for _ in kinds]
    raw = [
        {"id": id_, "kind": kind, "subject": {"place_id": place.id}, "at": AT.isoformat()}
        for id_, kind in zip(ids, kinds, strict=True)
    ]
    giver = Giver(AIGUL, desk_powers(AIGUL, event), device=device)
    assert take(facts_of(event), raw, sent_at=None, giver=giver, now=NOW).applied == ids
    return ids


def the_conflict() -> DeskConflict:
    db.session.expire_all()
    return db.session.scalars(select(DeskConflict)).one()


def solve(event: Event, keep: str, reason: str = "asked", actor: Actor = AIGUL) -> None:
    solve_conflict(event, the_conflict(), keep=keep, reason=reason, now=NOW, actor=actor)


@pytest.mark.parametrize(("kept", "state"), [(0, "absent"), (1, "present")])
def test_the_side_that_is_kept_stands_and_the_reason_is_written_down(event, nurlan, kept, state):
    ids = say(event, nurlan, "absent") + say(event, nurlan, "check_in")
    solve(event, ids[kept], "  I saw\n him ")
    assert attendance_of(nurlan.id).state == state
    row = the_conflict()
    assert (row.choice, row.reason, row.solved_at) == (ids[kept], "I saw him", NOW)
    act = db.session.scalars(select(AuditEntry).where(AuditEntry.verb == "solve_conflict")).one()
    assert (act.event_id, act.person_id, act.fields) == (event.id, nurlan.person_id, ["choice", "reason"])


def test_both_may_stand(event, nurlan):
    say(event, nurlan, "absent", "check_in")
    solve(event, "both")
    assert attendance_of(nurlan.id).state == "present" and the_conflict().solved_at


def test_what_was_said_alone_may_be_taken_back(event):
    waiting = factories.place(event, factories.employee(), status="waiting")
    say(event, waiting, "check_in")
    solve(event, "none")
    assert attendance_of(waiting.id).state == "expected" and the_conflict().choice == "none"


def test_a_third_side_opens_it_again_and_the_next_answer_closes_it(event, nurlan):
    ids = say(event, nurlan, "absent", "check_in")
    solve(event, ids[0])
    assert attendance_of(nurlan.id).state == "absent"
    third = say(event, nurlan, "check_in")[0]
    row = the_conflict()
    assert row.is_open and row.operations == sorted([ids[0], third]) and row.reason == ""
    solve(event, third)
    assert attendance_of(nurlan.id).state == "present" and not the_conflict().is_open


def test_it_is_solved_once_and_may_be_looked_at_again(event, nurlan):
    ids = say(event, nurlan, "absent", "check_in")
    solve(event, ids[0])
    with pytest.raises(ConflictGone):
        solve(event, ids[1])
    reopen_conflict(event, the_conflict(), now=NOW, actor=AIGUL)
    assert the_conflict().is_open and attendance_of(nurlan.id).state == "present"
    with pytest.raises(ConflictGone):
        reopen_conflict(event, the_conflict(), now=NOW, actor=AIGUL)
    solve(event, ids[1])
    assert attendance_of(nurlan.id).state == "present" and not the_conflict().is_open


def test_a_side_that_is_taken_back_on_a_page_is_no_side_any_more(event, nurlan):
    absent, _ = say(event, nurlan, "absent") + say(event, nurlan, "check_in")
    assert the_conflict().is_open
    entry = db.session.get_one(AttendanceEntry, absent)
    undo_mark(entry, entry_id=str(uuid4()), reason="slip", now=NOW, actor=AIGUL)
    assert the_conflict().gone_at == NOW and attendance_of(nurlan.id).state == "present"


def test_who_got_a_seat_after_coming_without_one_is_one_person(event, nurlan):
    came = [
        {"id": str(uuid4()), "kind": "walk_in", "subject": {"walk_in": {"surname": "Ахметов"}}, "at": AT.isoformat()}
    ]
    giver = Giver(AIGUL, desk_powers(AIGUL, event))
    take(facts_of(event), came, sent_at=None, giver=giver, now=NOW)
    with transaction() as session:
        session.get_one(WalkIn, came[0]["id"]).place_id = nurlan.id
    say(event, nurlan, "check_in")
    assert the_conflict().kind == "came-twice"
    check_out(db.session.get_one(Place, nurlan.id), entry_id=str(uuid4()), at=NOW, now=NOW, actor=AIGUL)
    assert attendance_of(nurlan.id).state == "left" and the_conflict().is_open


def test_of_two_who_came_with_one_number_the_other_is_taken_back(event):
    who = {"surname": "Ахметов", "personnel_number": "4711"}
    raw = [{"id": str(uuid4()), "kind": "walk_in", "subject": {"walk_in": who}, "at": AT.isoformat()} for _ in range(2)]
    giver = Giver(AIGUL, desk_powers(AIGUL, event))
    for one in raw:
        take(facts_of(event), [one], sent_at=None, giver=giver, now=NOW)
    first, second = sorted(str(one["id"]) for one in raw)
    assert the_conflict().kind == "came-twice" and the_conflict().key == f"w:{second}"
    solve(event, second)
    db.session.expire_all()
    assert db.session.get_one(WalkIn, first).undone_at and not db.session.get_one(WalkIn, second).undone_at
    assert not the_conflict().is_open


def test_a_reason_and_one_of_the_sides_are_asked_for(event, nurlan):
    ids = say(event, nurlan, "absent", "check_in")
    for keep, reason in ((ids[0], "  "), (str(uuid4()), "asked"), ("", "asked")):
        with pytest.raises(Invalid):
            solve(event, keep, reason)
    assert the_conflict().is_open


def test_only_coordinators_of_the_place_decide(event, nurlan):
    ids = say(event, nurlan, "absent", "check_in")
    for role, city in (("coordinator", "zhezkazgan"), ("safety_officer", "balkhash"), ("gift_keeper", "balkhash")):
        with pytest.raises(NotAllowed):
            solve(event, ids[0], actor=Actor(scopes=(Scope(role, city=city),)))
    assert the_conflict().is_open


def test_the_page_shows_both_sides_and_one_tap_decides(event, nurlan, log_in: LogIn):
    aigul = log_in(factories.coordinator())
    ids = say(event, nurlan, "absent", device="phone 1") + say(event, nurlan, "check_in", device="phone 2")
    page = aigul.get(f"/events/{event.id}/conflicts")
    assert page.status_code == 200
    for words in ("Сейітқали Нұрлан", "phone 1", "phone 2", ids[0], ids[1]):
        assert words in page.text
    form = {"keep": ids[1], "reason": "asked"}
    done = aigul.post(f"/events/{event.id}/conflicts/{the_conflict().id}/solution", data=form)
    assert done.status_code == 303 and not the_conflict().is_open
    assert ids[0] not in aigul.get(f"/events/{event.id}/conflicts").text
    assert aigul.post(f"/events/{event.id}/conflicts/{the_conflict().id}/reopening").status_code == 303
    assert the_conflict().is_open


def test_strangers_and_other_cities_see_nothing(event, nurlan, client, log_in: LogIn):
    say(event, nurlan, "absent", "check_in")
    path = f"/events/{event.id}/conflicts"
    assert client.get(path).status_code == 303
    assert log_in(factories.employee("Стан", "Стэн")).get(path).status_code == 403
    assert log_in(factories.coordinator("zhezkazgan")).get(path).status_code == 403
    elsewhere = factories.event()
    assert (
        log_in(factories.coordinator())
        .post(f"/events/{elsewhere.id}/conflicts/{the_conflict().id}/solution", data={"keep": "both", "reason": "x"})
        .status_code
        == 404
    )


def test_only_who_may_say_a_thing_takes_it_back(event, nurlan):
    [here] = say(event, nurlan, "check_in")
    undo = {"id": str(uuid4()), "kind": "undo", "operation_id": here, "at": AT.isoformat()}
    for powers, why in (({"give"}, ["not-allowed"]), ({"mark"}, [])):
        giver = Giver(AIGUL, frozenset(powers))
        answer = take(facts_of(event), [undo], sent_at=None, giver=giver, now=NOW)
        assert [one.why for one in answer.refused] == why, powers
        db.session.rollback()
        assert attendance_of(nurlan.id).state == ("present" if why else "expected")


def test_a_phone_hears_of_the_conflicts_that_it_made_and_of_no_others(event, nurlan):
    say(event, nurlan, "absent", "check_in")
    raw = {"id": str(uuid4()), "kind": "hand_out", "subject": {"place_id": nurlan.id}, "at": AT.isoformat()}
    raw |= {"item_id": factories.saved(GiftItem(slug="cap", name={"en": "Cap"}, created_at=AT)).id}
    giver = Giver(AIGUL, desk_powers(AIGUL, event))
    answer = take(facts_of(event), [raw], sent_at=None, giver=giver, now=NOW)
    assert answer.applied and "present-and-absent" in {row.kind for row in answer.rows.values()}
    assert "present-and-absent" not in {row.kind for row in answer.conflicts}


def test_nothing_of_another_event_is_taken_back_from_here(event, nurlan):
    [here] = say(event, nurlan, "check_in")
    other = factories.event()
    for subject in ({}, {"subject": {"place_id": factories.place(other, factories.employee()).id}}):
        undo = {"id": str(uuid4()), "kind": "undo", "operation_id": here, "at": AT.isoformat(), **subject}
        giver = Giver(AIGUL, desk_powers(AIGUL, other))
        answer = take(facts_of(other), [undo], sent_at=None, giver=giver, now=NOW)
        assert [one.why for one in answer.refused] == ["unknown-subject"]
    db.session.rollback()
    assert attendance_of(nurlan.id).state == "present"


def test_what_stood_in_the_ledger_before_the_log_contradicts_nothing(event, nurlan):
    """Sample data, or a log that was lost: whoever was marked as absent and came all the same was seen at the door."""
    for kind in ("absent", "check_in"):
        mark = {"event_id": event.id, "place_id": nurlan.id, "kind": kind}
        factories.saved(AttendanceEntry(id=str(uuid4()), at=AT, recorded_at=AT, **mark))
    say(event, nurlan, "check_out")
    assert db.session.query(DeskConflict).count() == 0 and attendance_of(nurlan.id).state == "left"
