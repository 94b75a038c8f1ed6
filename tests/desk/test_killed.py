"""The server dies while phones hand over the same day: nothing is lost and nothing counts twice."""

import multiprocessing
import os
import signal
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from unittest import mock
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.attendance.log_models import DeskOperation
from app.attendance.models import AttendanceEntry
from app.attendance.queries import attendance_of_event
from app.audit.models import AuditEntry
from app.db import db
from app.desk.log import taking
from app.desk.log.conflict_models import DeskConflict
from app.desk.log.giving import EventFacts, facts_of
from app.desk.log.taking import Answer, take
from tests import factories
from tests.desk.killing import kill_while_phones_hand_over
from tests.desk.test_presence_merge import AT, EVERYTHING

# The steps of one batch, and what of it is there when the server died right after.
STEPS = {"hold": 1, "with_ledger": 1, "append": 1, "settle": 1, "note_conflicts": 1, "record_many": 1, "take": 3}


@pytest.mark.full
@pytest.mark.parametrize("step", STEPS)
def test_a_batch_is_there_as_a_whole_or_not_at_all_wherever_the_server_dies(app: Flask, step: str):
    event, batch = _batch()
    assert take(event, batch[:1], sent_at=None, giver=EVERYTHING, now=AT).applied  # a third was done
    db.session.remove()
    db.engine.dispose()
    server = multiprocessing.get_context("fork").Process(target=_die_after, args=(step, event, batch))
    server.start()
    server.join(30)
    assert server.exitcode == -signal.SIGKILL
    assert _counted() == (STEPS[step], STEPS[step], STEPS[step], int(STEPS[step] == 3))
    again = take(event, batch, sent_at=None, giver=EVERYTHING, now=AT)
    assert (len(again.known), len(again.applied)) == (STEPS[step], 3 - STEPS[step])
    db.session.rollback()
    assert _counted() == (3, 3, 3, 1)
    assert sorted(one.state for one in attendance_of_event(event.id).values()) == ["present", "present"]


def _batch() -> tuple[EventFacts, list[dict[str, Any]]]:
    """Three that somebody said of two people; two of them contradict."""
    event = factories.event()
    ids = [factories.place(event, factories.person(f"Адам{number}", "Ата")).id for number in range(2)]
    said = (("check_in", ids[0]), ("absent", ids[1]), ("check_in", ids[1]))
    raw = [{"id": str(uuid4()), "kind": kind, "subject": {"place_id": id_}, "at": AT.isoformat()} for kind, id_ in said]
    return facts_of(event), raw


def _die_after(step: str, event: EventFacts, batch: Sequence[dict[str, Any]]) -> None:
    """A server of its own, which nobody asks whether it wants to go."""
    if step == "take":
        take(event, batch, sent_at=None, giver=EVERYTHING, now=AT)
        os.kill(os.getpid(), signal.SIGKILL)
    with mock.patch.object(taking, step, _fatal(getattr(taking, step))):
        take(event, batch, sent_at=None, giver=EVERYTHING, now=AT)


def _fatal(does: Callable[..., Answer]) -> Callable[..., None]:
    def dying(*args: Any, **named: Any) -> None:
        does(*args, **named)
        os.kill(os.getpid(), signal.SIGKILL)

    return dying


def _counted() -> tuple[int, ...]:
    """Of the log, the ledger, the log of acts, the conflicts."""
    told = select(func.count(AuditEntry.id)).where(AuditEntry.verb.in_(("mark_check_in", "mark_absent")))
    others = [select(func.count()).select_from(table) for table in (DeskOperation, AttendanceEntry)]
    counts = [*others, told, select(func.count()).select_from(DeskConflict)]
    return tuple(db.session.scalar(query) or 0 for query in counts)


@pytest.mark.slow
def test_a_server_that_is_killed_loses_nothing(tmp_path: Path):
    kill_while_phones_hand_over(tmp_path, each=120, kills=1)


@pytest.mark.soak
def test_the_same_with_long_days(tmp_path: Path):
    kill_while_phones_hand_over(tmp_path, each=1500, kills=4)
