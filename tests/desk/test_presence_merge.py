"""What stands is a function of what was said: not of the order in which it came, how often, or in which batches."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update

from app.accounts.actor import SYSTEM
from app.attendance.log_models import DeskOperation
from app.attendance.models import AttendanceEntry
from app.attendance.operation import Operation, by_key, said_of
from app.attendance.presence_rules import Presence, conflicts_of_presence, presence_of
from app.attendance.queries import attendance_of_event
from app.db import db, transaction
from app.desk.log.conflict_models import DeskConflict
from app.desk.log.giving import EventFacts, Giver, facts_of
from app.desk.log.merging import merge, merged_json
from app.desk.log.taking import take
from tests import factories
from tests.desk.histories import day, delivered

AT = factories.SATURDAY
EVERYTHING = Giver(SYSTEM, frozenset({"mark", "give", "lead", "manage", "safety"}))
Told = Callable[..., Operation]


def told(
    id_: str, kind: str, *, after: str = "", names: str | None = None, minute: int = 0, **body: object
) -> Operation:
    at = AT + timedelta(minutes=minute)
    return Operation(id_, kind, "p:nurlan", at, at, body, names, frozenset(after.split()))


def presence(*operations: Operation) -> Presence:
    return presence_of(said_of("p:nurlan", operations))


def conflicts(*operations: Operation) -> list[tuple[str, tuple[str, ...]]]:
    return [(one.kind, one.sides) for one in conflicts_of_presence(said_of("p:nurlan", operations))]


def test_two_doors_let_somebody_in_once_and_the_earliest_time_is_shown():
    found = presence(told("b", "check_in", minute=2), told("a", "check_in", minute=9))
    assert (found.state, found.arrival, found.arrived_at) == ("present", "a", AT + timedelta(minutes=2))
    assert found.standing == {"a"}


def test_the_undo_of_one_of_two_arrivals_leaves_the_other():
    both = told("a", "check_in"), told("b", "check_in")
    assert presence(*both, told("c", "undo", names="a")).arrival == "b"
    assert presence(*both, told("c", "undo", names="a"), told("d", "undo", names="b")).state == "expected"


def test_an_undo_can_not_be_undone_and_waits_for_what_it_names():
    undo, again = told("b", "undo", names="a"), told("c", "undo", names="b")
    assert presence(told("a", "check_in"), undo, again).state == "expected"
    assert said_of("p:nurlan", [undo]).pending == ("b",)


def test_a_leaving_goes_with_the_arrival_that_it_was_said_after_and_the_next_arrival_stands():
    gone = told("a", "check_in"), told("b", "check_out", after="a"), told("c", "undo", names="a")
    assert presence(*gone).state == "expected" and conflicts(*gone) == []
    assert presence(*gone, told("d", "check_in")).state == "present"


def test_a_leaving_that_knows_of_no_arrival_comes_up_until_there_is_one():
    left = told("b", "check_out")
    assert presence(left).state == "expected" and conflicts(left) == [("left-without-coming", ("b",))]
    assert presence(left, told("a", "check_in")).state == "left" and conflicts(left, told("a", "check_in")) == []


@pytest.mark.parametrize(
    ("operations", "state", "away"),
    [
        ([told("a", "absent"), told("b", "excused")], "excused", "b"),
        ([told("a", "absent", after="b"), told("b", "excused")], "absent", "a"),
        ([told("a", "absent", after="b"), told("b", "excused", after="a")], "excused", "b"),
        ([told("a", "absent"), told("b", "absent")], "absent", "a"),
    ],
)
def test_excused_beats_absent_unless_one_was_said_in_answer_to_the_other(operations, state, away):
    found = presence(*operations)
    assert (found.state, found.away) == (state, away) and conflicts(*operations) == []


def test_whoever_was_seen_was_here_and_only_those_who_knew_nothing_of_each_other_are_shown():
    absent, here = told("a", "absent"), told("b", "check_in")
    assert presence(absent, here).state == "present"
    assert conflicts(absent, here) == [("present-and-absent", ("a", "b"))]
    assert conflicts(absent, told("b", "check_in", after="a")) == []
    assert conflicts(replace(absent, is_late=True), here) == []


def test_what_a_coordinator_decided_holds_until_another_side_comes():
    word = "present-and-absent|p:nurlan|"
    sides = told("a", "absent"), told("b", "check_in")
    decided = told("c", "solve", word=word, sides=["a", "b"], keep="a")
    assert presence(*sides, decided).state == "absent" and conflicts(*sides, decided) == []
    both = told("c", "solve", word=word, sides=["a", "b"], keep="both")
    assert presence(*sides, both).state == "present" and conflicts(*sides, both) == []
    third = told("d", "check_in")
    assert conflicts(*sides, both, third) == [("present-and-absent", ("a", "b", "d"))]
    undone = told("e", "undo", names="c")
    assert conflicts(*sides, both, undone) == [("present-and-absent", ("a", "b"))]


def test_what_came_late_counts_once_it_is_accepted_and_may_be_taken_back_again():
    late, accepted = replace(told("a", "check_in"), is_late=True), told("b", "accept", names="a")
    assert presence(late).state == "expected" and presence(late, accepted).state == "present"
    assert said_of("p:nurlan", [accepted]).pending == ("b",)
    assert presence(late, accepted, told("c", "undo", names="b")).state == "present", "an acceptance isn't undone"
    assert presence(late, accepted, told("c", "undo", names="a")).state == "expected"


@given(random=st.randoms(use_true_random=False))
@settings(max_examples=200, deadline=None)
def test_any_order_and_any_number_of_times_give_the_same_state(random: Random):
    said = day(random, ["one", "two", "three"], length=random.randint(1, 30))
    wanted = merged_json(merge(said))
    for _ in range(3):
        came = [one for batch in delivered(random, said) for one in batch]
        assert merged_json(merge(came)) == wanted


@given(random=st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_clocks_change_no_state(random: Random):
    said = day(random, ["one", "two"])
    wrong = [replace(one, at=AT - timedelta(days=random.randint(0, 9)), corrected_at=AT) for one in said]
    assert merged_json(merge(wrong)) == merged_json(merge(said))


@given(random=st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_each_person_alone_stands_as_in_the_whole(random: Random):
    said = day(random, ["one", "two", "three"])
    whole = merge(said).of("presence")
    for key, theirs in by_key(said).items():
        assert merge(theirs).of("presence")[key] == whole[key]


@pytest.mark.slow
@given(random=st.randoms(use_true_random=False))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_database_settles_what_the_rules_say_however_it_came(app: Flask, random: Random):
    event, place_ids = _event()
    said = day(random, place_ids)
    merged = merge(said)
    wanted = {key[2:]: found.state for key, found in merged.of("presence").items() if found.state != "expected"}
    for _ in range(2):
        _forget()
        for batch in delivered(random, said):
            answer = take(event, [_raw(one, random) for one in batch], sent_at=None, giver=EVERYTHING, now=AT)
            assert {one.why for one in answer.refused} <= {"undo-of-undo"}
        db.session.rollback()
        stands = {id_: one.state for id_, one in attendance_of_event(event.id).items()}
        assert {id_: state for id_, state in stands.items() if state != "expected"} == wanted
        assert _standing() == {id_ for found in merged.of("presence").values() for id_ in found.standing}
        assert _open() == [(one.word, list(one.sides)) for one in merged.conflicts]


def _event() -> tuple[EventFacts, list[str]]:
    event = factories.event()
    return facts_of(event), [factories.place(event, factories.person(f"Адам{n}", "Ата")).id for n in range(3)]


def _forget() -> None:
    """The day begins again."""
    with transaction() as session:
        session.execute(delete(DeskConflict))
        session.execute(delete(DeskOperation))
        session.execute(update(AttendanceEntry).values(undone_by_id=AttendanceEntry.id))
        session.execute(delete(AttendanceEntry))


def _raw(one: Operation, random: Random) -> dict[str, object]:
    """As a phone sends it; an undo may say of whom it is, or not."""
    subject: dict[str, object] = {"subject": {"place_id": one.key[2:]}}
    if one.kind == "undo" and random.random() < 0.5:
        subject = {}
    named = {"operation_id": one.names} if one.names else {}
    return {"id": one.id, "kind": one.kind, "at": one.at.isoformat(), "after": sorted(one.after), **named, **subject}


def _standing() -> set[str]:
    entry = AttendanceEntry
    return set(db.session.scalars(select(entry.id).where(entry.undone_by_id.is_(None), entry.kind != "undo")))


def _open() -> list[tuple[str, list[str]]]:
    row = DeskConflict
    query = select(row.word, row.operations).where(row.gone_at.is_(None), row.solved_at.is_(None))
    return [(word, sides) for word, sides in db.session.execute(query.order_by(row.word))]
