"""When reminders of a follow-up go: each once, none before its day, and the coordinator hears in the end."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.impact.follow_up.due import COORDINATOR, OWNER, STEPS, due_steps, may_write, next_step_on

DUE = date(2030, 6, 15)
FIRST = date(2030, 5, 1)
DAYS = st.dates(FIRST, date(2030, 8, 1))


def lived(due_on: date, *, made: date, awake: set[date]) -> list[tuple[date, str, str]]:
    """(day, reader, step) of everything sent by a worker that looks on these days alone."""
    sent: list[tuple[date, str, str]] = []
    known: set[str] = set()
    planned = next_step_on(due_on, after=made)
    for day in sorted(day for day in awake if day > made):
        if planned is None or planned > day:
            continue
        for step in due_steps(due_on, since=planned, today=day, known=known):
            known.add(step.occasion(due_on))
            sent.append((day, step.reader, step.name))
        planned = next_step_on(due_on, after=day)
    return sent


def test_a_worker_that_never_sleeps_sends_each_step_on_its_day():
    awake = {FIRST + timedelta(days=n) for n in range(90)}
    sent = lived(DUE, made=FIRST, awake=awake)
    assert [(day - DUE).days for day, _, _ in sent] == [-7, -1, 1, 3, 7, 14]
    assert [reader for _, reader, _ in sent if reader == COORDINATOR] == [COORDINATOR] * 2


@given(due_on=DAYS, made=DAYS, awake=st.sets(DAYS, max_size=40))
def test_each_step_comes_once_never_early_and_never_for_what_was_before(due_on: date, made: date, awake: set[date]):
    sent = lived(due_on, made=made, awake=awake)
    names = [name for _, _, name in sent]
    assert len(names) == len(set(names))
    planned = {step.name: step.day(due_on) for step in STEPS}
    assert all(made < planned[name] <= day for day, _, name in sent)
    assert len({(day, reader) for day, reader, _ in sent}) == len(sent), "one letter a morning to a reader is enough"
    last_calls = {
        reader: max(step.day(due_on) for step in STEPS if step.reader == reader) for reader in (OWNER, COORDINATOR)
    }
    for reader, last in last_calls.items():
        if last > made and any(day >= last for day in awake if day > made):
            assert any(one == reader for _, one, _ in sent), "who slept over the last call makes up for it"


def test_no_due_day_no_reminder():
    assert next_step_on(None, after=DUE) is None
    assert due_steps(None, since=DUE, today=DUE, known=()) == []


def test_what_is_known_never_comes_again_and_another_day_is_another_occasion():
    known = {step.occasion(DUE) for step in STEPS}
    assert due_steps(DUE, since=FIRST, today=DUE + timedelta(days=30), known=known) == []
    later = DUE + timedelta(days=10)
    assert [s.name for s in due_steps(later, since=FIRST, today=later, known=known)] == ["ahead-1"]


def test_nobody_is_written_to_at_night():
    assert may_write(datetime(2030, 6, 15, 4, tzinfo=UTC), "Asia/Almaty")
    assert not may_write(datetime(2030, 6, 15, 20, tzinfo=UTC), "Asia/Almaty")
