"""Handing over what phones recorded on the day, and asking what others said: whatever order, however often."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select

from app import clock
from app.access.tokens import create_token
from app.accounts.actor import SYSTEM
from app.accounts.models import Account
from app.attendance.log_models import DeskOperation
from app.attendance.models import AttendanceEntry
from app.attendance.operations import mark_absent, mark_present, undo_mark
from app.attendance.queries import attendance_of, marks_of
from app.audit.models import AuditEntry
from app.db import db
from app.desk.log.conflict_models import DeskConflict, WalkIn
from app.events.models import Event
from app.signups.models import Place
from tests import factories
from tests.api.conftest import Program

AT = factories.SATURDAY
SYSTEM_AT = "2030-05-18T09:02:00+05:00"


@pytest.fixture
def event(app: Any) -> Event:
    return factories.event()


@pytest.fixture
def nurlan(event: Event) -> Place:
    return factories.place(event, factories.employee())


@pytest.fixture
def aigul(program: Callable[..., Program]) -> Program:
    return program(factories.coordinator())


@pytest.fixture(autouse=True)
def on_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.clock.now", lambda: AT + timedelta(hours=1))


def said(kind: str, place: Place | None = None, **more: Any) -> dict[str, Any]:
    subject = {"subject": {"place_id": place.id}} if place else {}
    return {"id": str(uuid4()), "kind": kind, "at": SYSTEM_AT, **subject, **more}


def send(program: Program, event: Event, *operations: Any, **more: Any) -> dict[str, Any]:
    answer = program.post(f"/events/{event.id}/desk/operations", json={"operations": list(operations), **more})
    assert answer.status_code == 200, answer.text
    return answer.get_json()


def state(place: Place) -> str:
    db.session.rollback()
    return attendance_of(place.id).state


def test_a_ticket_lets_in_and_sending_it_again_changes_nothing(aigul, event, nurlan):
    tap = said("check_in", subject={"ticket": nurlan.printed_ticket.lower()})
    answer = send(aigul, event, tap, device="phone of Aigul")
    assert (answer["applied"], answer["known"], answer["refused"], answer["conflicts"]) == ([tap["id"]], [], [], [])
    assert state(nurlan) == "present"
    again = send(aigul, event, tap, tap | {"id": tap["id"].upper()})
    assert (again["applied"], again["known"]) == ([], [tap["id"]])
    assert len(marks_of(nurlan.id)) == 1 and marks_of(nurlan.id)[0].entry.device == "phone of Aigul"
    acts = db.session.scalars(select(AuditEntry).where(AuditEntry.verb == "mark_check_in")).all()
    assert [(act.object_id, act.event_id, act.person_id) for act in acts] == [(nurlan.id, event.id, nurlan.person_id)]


@pytest.mark.parametrize("plain", [True, False])
def test_a_plain_ticket_is_a_subject_too(aigul, event, nurlan, plain):
    tap = said("check_in", **({"ticket": nurlan.ticket} if plain else {"subject": nurlan.ticket}))
    assert send(aigul, event, tap)["applied"] == [tap["id"]]
    assert state(nurlan) == "present"


def test_an_undo_may_come_before_what_it_takes_back_and_names_nothing_else(aigul, event, nurlan):
    tap = said("check_in", nurlan)
    undo = {"id": str(uuid4()), "kind": "undo", "operation_id": tap["id"], "at": SYSTEM_AT, "reason": "slip"}
    assert send(aigul, event, undo)["applied"] == [undo["id"]]
    assert send(aigul, event, undo)["known"] == [undo["id"]]
    assert send(aigul, event, tap)["applied"] == [tap["id"]]
    assert state(nurlan) == "expected"
    assert [mark.entry.kind for mark in marks_of(nurlan.id)].count("undo") == 1


def test_an_undo_of_one_of_two_doors_leaves_the_person_here(aigul, event, nurlan):
    first, second = sorted((said("check_in", nurlan), said("check_in", nurlan)), key=lambda one: one["id"])
    send(aigul, event, second)
    send(aigul, event, first)
    undo = {"id": str(uuid4()), "kind": "undo", "operation_id": first["id"], "at": SYSTEM_AT}
    send(aigul, event, undo)
    assert state(nurlan) == "present" and attendance_of(nurlan.id).entry_id == second["id"]


def test_a_wrong_one_among_good_ones_is_refused_by_itself(aigul, event, nurlan):
    other = factories.place(factories.event(), factories.employee("Ибраев", "Тимур"))
    good = [said("absent", nurlan), said("check_in", nurlan)]
    wrong = [
        (None, "malformed"),
        ("x", "malformed"),
        ({"id": 7, "kind": "check_in"}, "malformed"),
        (said("check_in", nurlan, at="yesterday"), "malformed"),
        (said("check_in"), "malformed"),
        (said("check_in", subject={"place_id": ["x"]}), "malformed"),
        (said("undo", nurlan), "malformed"),
        (said("check_in", subject={"bus_id": None, "leg": "out"}), "malformed"),
        (said("dance", nurlan), "unknown-kind"),
        (said(["check_in"], nurlan), "unknown-kind"),
        (said("check_in", subject={"ticket": "BBBB 2222"}), "unknown-ticket"),
        (said("check_in", subject={"ticket": other.ticket}), "ticket-of-another-event"),
        (said("check_in", other), "unknown-place"),
    ]
    answer = send(aigul, event, good[0], *[one for one, _ in wrong], good[1])
    assert answer["applied"] == [one["id"] for one in good]
    assert [one["why"] for one in answer["refused"]] == [why for _, why in wrong]
    assert all(one["detail"] for one in answer["refused"])
    again = send(aigul, event, *[one for one, _ in wrong])
    assert [one["why"] for one in again["refused"]] == [why for _, why in wrong], "sent again, the same answer"
    assert state(nurlan) == "present" and state(other) == "expected"


def test_undos_of_undos_and_ids_of_others_are_refused(aigul, event, nurlan):
    tap = said("check_in", nurlan)
    undo = said("undo", nurlan, operation_id=tap["id"])
    send(aigul, event, tap, undo)
    answer = send(aigul, event, said("undo", operation_id=undo["id"]), said("absent", nurlan) | {"id": tap["id"]})
    assert sorted(one["why"] for one in answer["refused"]) == ["id-taken", "undo-of-undo"]
    assert state(nurlan) == "expected"


def test_here_and_absent_is_a_conflict_with_both_sides_until_one_is_taken_back(aigul, event, nurlan):
    absent, here = said("absent", nurlan), said("check_in", nurlan)
    send(aigul, event, absent)
    answer = send(aigul, event, here)
    (conflict,) = answer["conflicts"]
    assert (conflict["id"], conflict["with"], conflict["why"]) == (here["id"], absent["id"], "present-and-absent")
    assert state(nurlan) == "present"
    assert send(aigul, event, here)["conflicts"] == [conflict], "asked again, the same answer"
    send(aigul, event, said("undo", nurlan, operation_id=absent["id"]))
    row = db.session.get_one(DeskConflict, conflict["conflict_id"])
    assert row.gone_at and not row.is_open


def test_who_comes_late_after_being_marked_absent_is_no_conflict(aigul, event, nurlan):
    absent = said("absent", nurlan)
    send(aigul, event, absent)
    assert send(aigul, event, said("check_in", nurlan, after=[absent["id"]]))["conflicts"] == []
    assert state(nurlan) == "present"


@pytest.mark.parametrize("status", ["waiting", "cancelled"])
def test_whoever_was_let_in_without_a_seat_was_let_in(aigul, event, status):
    place = factories.place(event, factories.employee(), status=status)
    answer = send(aigul, event, said("check_in", place))
    assert [(one["why"], one["with"]) for one in answer["conflicts"]] == [("no-seat", None)]
    assert state(place) == "present"


def test_a_child_without_consent_who_was_let_in_comes_up(aigul):
    at = factories.event(audience="families")
    dina = factories.place(at, factories.child(factories.employee()))
    answer = send(aigul, at, said("check_in", dina))
    assert [one["why"] for one in answer["conflicts"]] == ["no-consent"]
    assert db.session.scalars(select(DeskConflict.severity)).all() == ["high"]


@pytest.mark.parametrize("off", [timedelta(days=1), timedelta(days=-1), timedelta(days=-400)])
def test_a_wrong_clock_changes_no_state_and_is_corrected(aigul, event, nurlan, off):
    now = AT + timedelta(hours=1)
    tap = said("check_in", nurlan, at=(now - timedelta(minutes=7) + off).isoformat())
    send(aigul, event, tap, sent_at=(now + off).isoformat())
    assert state(nurlan) == "present"
    assert attendance_of(nurlan.id).at == now - timedelta(minutes=7)


def test_the_earliest_arrival_is_shown_whoever_came_first_to_us(aigul, event, nurlan):
    times = ["2030-05-18T09:40:00+05:00", "2030-05-18T09:02:00+05:00", "2030-05-18T09:20:00+05:00"]
    for at in times:
        send(aigul, event, said("check_in", nurlan, at=at))
    assert state(nurlan) == "present" and attendance_of(nurlan.id).at.isoformat() == "2030-05-18T04:02:00+00:00"


def test_pages_and_phones_write_the_same_log(aigul, event, nurlan):
    entry = mark_present(nurlan, entry_id=str(uuid4()), at=AT, now=AT, actor=SYSTEM)
    undo = said("undo", operation_id=entry.id)
    assert send(aigul, event, undo)["applied"] == [undo["id"]]
    assert state(nurlan) == "expected"
    tap = said("check_in", nurlan)
    send(aigul, event, tap)
    mine = db.session.get_one(AttendanceEntry, tap["id"])
    undo_mark(mine, entry_id=str(uuid4()), reason="slip", now=AT, actor=SYSTEM)
    assert state(nurlan) == "expected"
    kinds = db.session.scalars(select(DeskOperation.kind).order_by(DeskOperation.number)).all()
    assert kinds == ["check_in", "undo", "check_in", "undo"]


def test_what_stands_in_the_ledger_alone_is_taken_into_the_log(aigul, event, nurlan):
    old = factories.saved(
        AttendanceEntry(id=str(uuid4()), event_id=event.id, place_id=nurlan.id, kind="check_in", at=AT, recorded_at=AT)
    )
    assert send(aigul, event, said("undo", operation_id=old.id))["applied"]
    assert state(nurlan) == "expected"
    mark_absent(nurlan, entry_id=str(uuid4()), at=AT, now=AT, actor=SYSTEM)
    assert state(nurlan) == "absent"


def test_walk_ins_are_facts_and_those_beyond_the_seats_come_up(aigul):
    at = factories.event(capacity=1)
    came = [said("walk_in", subject={"walk_in": {"surname": f"Ахметов{n}", "is_child": n == 2}}) for n in range(3)]
    answer = send(aigul, at, *came)
    assert sorted(answer["applied"]) == sorted(one["id"] for one in came)
    later = sorted(one["id"] for one in came)[1:]
    assert sorted(one["id"] for one in answer["conflicts"] if one["why"] == "over-capacity") == later
    assert [one["id"] for one in answer["conflicts"] if one["why"] == "no-consent"] == [came[2]["id"]]
    assert db.session.scalar(select(func.count()).select_from(WalkIn)) == 3
    send(aigul, at, said("undo", operation_id=came[0]["id"]))
    gone = db.session.get_one(WalkIn, came[0]["id"])
    assert gone.undone_at
    still = db.session.scalars(
        select(DeskConflict.key).where(DeskConflict.kind == "over-capacity", DeskConflict.gone_at.is_(None))
    )
    assert sorted(still) == [f"w:{max(one['id'] for one in came[1:])}"]


def test_a_walk_in_with_the_number_of_somebody_with_a_place_came_to_that_place(aigul, event):
    nurlan = factories.place(event, factories.employee(personnel_number="4711"))
    came = said("walk_in", subject={"walk_in": {"surname": "Сейітқали", "personnel_number": "4711"}})
    assert send(aigul, event, came)["conflicts"] == []
    assert state(nurlan) == "present"
    answer = send(aigul, event, said("check_in", nurlan))
    assert [one["why"] for one in answer["conflicts"]] == ["came-twice"]
    later = said("check_out", subject={"walk_in_id": came["id"]})
    send(aigul, event, later)
    assert state(nurlan) == "left"


def test_three_days_after_the_end_nothing_is_taken_any_more(aigul, event, nurlan, monkeypatch):
    monkeypatch.setattr("app.clock.now", lambda: event.ends_at + timedelta(days=3, seconds=1))
    assert [one["why"] for one in send(aigul, event, said("check_in", nurlan))["refused"]] == ["too-late"]


def test_a_batch_holds_up_to_a_thousand(aigul, event, nurlan):
    answer = aigul.post(f"/events/{event.id}/desk/operations", json={"operations": [{}] * 1001})
    assert answer.status_code == 422 and "operations" in answer.get_json()["errors"]
    assert aigul.post(f"/events/{event.id}/desk/operations", json=[]).status_code == 422


def test_helpers_of_this_event_mark_and_those_of_another_are_strangers(app, event, nurlan):
    helper = factories.employee("Қасым", "Ерлан")
    account = factories.account(helper, "helper", event_id=event.id)
    own = program_of(app, account)
    assert send(own, event, said("check_in", nurlan))["applied"]
    other = factories.event()
    assert own.post(f"/events/{other.id}/desk/operations", json={"operations": []}).status_code in (403, 404)
    assert own.get(f"/events/{other.id}/desk/changes").status_code in (403, 404)


def test_strangers_and_other_cities_are_kept_out(program, stranger, event, nurlan):
    path, body = f"/events/{event.id}/desk/operations", {"operations": [said("check_in", nurlan)]}
    assert stranger.post(path, json=body).status_code == 401
    assert program(factories.employee("Стан", "Стэн")).post(path, json=body).status_code == 403
    assert program(factories.coordinator("zhezkazgan")).post(path, json=body).status_code in (403, 404)
    assert state(nurlan) == "expected"


def test_a_gift_keeper_marks_nobody(app, event, nurlan):
    keeper = factories.employee("Сапар", "Сәуле")
    own = program_of(app, factories.account(keeper, "gift_keeper", city="balkhash"))
    tap = said("check_in", nurlan)
    assert [one["why"] for one in send(own, event, tap)["refused"]] == ["not-allowed"]
    assert state(nurlan) == "expected"


def test_the_feed_tells_what_is_new_and_nothing_twice(aigul, event, nurlan):
    path = f"/events/{event.id}/desk/changes"
    start = aigul.get(path).get_json()
    assert start["operations"] == [] and start["conflicts"] == 0
    send(aigul, event, said("absent", nurlan), said("check_in", nurlan))
    first = aigul.get(path, query_string={"since": start["cursor"], "limit": 1}).get_json()
    assert ([one["kind"] for one in first["operations"]], first["more"]) == (["absent"], True)
    answer = aigul.get(path, query_string={"since": first["cursor"]})
    rest = answer.get_json()
    assert [(one["kind"], one["key"]) for one in rest["operations"]] == [("check_in", f"p:{nurlan.id}")]
    assert (rest["more"], rest["conflicts"]) == (False, 1)
    nothing = aigul.get(path, query_string={"since": rest["cursor"]})
    assert nothing.get_json()["operations"] == []
    again = aigul.get(path, query_string={"since": rest["cursor"]}, headers={"If-None-Match": nothing.headers["ETag"]})
    assert again.status_code == 304 and not again.data
    assert aigul.get(path, query_string={"since": "9" * 19 + ".1"}).status_code == 422


def test_a_cursor_from_before_a_backup_was_put_back_begins_anew(aigul, event, nurlan):
    tap = said("check_in", nurlan)
    send(aigul, event, tap)
    told = aigul.get(f"/events/{event.id}/desk/changes", query_string={"since": "99999999999.99999999999"}).get_json()
    assert [one["id"] for one in told["operations"]] == [tap["id"]]


def test_phones_of_walk_ins_are_not_told_to_every_phone(aigul, event):
    who = {"surname": "Ахметов", "phone": "+77010000000", "birth_date": "2015-03-05"}
    send(aigul, event, said("walk_in", subject={"walk_in": who}))
    told = aigul.get(f"/events/{event.id}/desk/changes").text
    assert "7701" not in told and "2015-03" not in told and "walk_in" in told


def program_of(app: Flask, account: Account) -> Program:
    """A program of somebody who has an account already."""
    return Program(app, create_token(account, name="test", now=clock.now(), actor=SYSTEM))
