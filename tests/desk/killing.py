"""Eight phones hand over the same day at once while the server is killed; then all is counted anew from the tables."""

import http.client
import json
import multiprocessing
import os
import signal
import time
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any
from unittest import mock

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import func, select

from app import create_app
from app.attendance.log_models import DeskOperation
from app.attendance.models import AttendanceEntry
from app.attendance.operation import Operation
from app.audit.models import AuditEntry
from app.db import db
from bench import desk
from bench.server import free_port, started
from tests.bursts import environ_of

PATIENCE = 90  # seconds until the server has to be there again
LONGEST = 600  # seconds until every phone has to have handed over all that it has
AT_ONCE = 40


def kill_while_phones_hand_over(folder: Path, database_url: str | None = None, *, each: int, kills: int = 2) -> None:
    """Every phone has what it said and what its neighbour said; the server dies `kills` times, first after a third."""
    environ = environ_of(folder, database_url)
    with mock.patch.dict(os.environ, environ):
        app = create_app()
    with app.app_context():
        upgrade()
    event_id, places, phones = desk.prepare(app, people=60, first=1, phones=desk.PHONES)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    said = desk.histories(places, each=each)
    port = free_port()
    path = f"/api/v1/events/{event_id}/desk/operations"
    process = started(environ, port)
    try:
        clients = [
            multiprocessing.get_context("fork").Process(
                target=_hand_over, args=(port, path, phone.headers, _batches(said, number))
            )
            for number, phone in enumerate(phones)
        ]
        for client in clients:
            client.start()
        for number in range(kills):
            _wait_until(app, event_id, len(said) * each * (kills + number) // (3 * kills))
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            _check_whole(app, event_id)
            process = started(environ, port)
        for client in clients:
            client.join(LONGEST)
        assert [client.exitcode for client in clients] == [0] * len(clients), "a phone could not hand over"
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    _recount(app, event_id, [one for of_phone in said for one in of_phone])


def _batches(said: Sequence[Sequence[Operation]], number: int) -> list[list[dict[str, Any]]]:
    random = Random(number)
    mine = [*said[number], *said[(number + 1) % len(said)]]
    told = [desk.told(one) for one in random.sample(mine, len(mine))]
    return [told[first : first + AT_ONCE] for first in range(0, len(told), AT_ONCE)]


def _hand_over(port: int, path: str, headers: dict[str, str], batches: list[list[dict[str, Any]]]) -> None:
    """As a phone does: again and again until each batch was answered."""
    until = time.monotonic() + PATIENCE
    while batches:
        try:
            line = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
            line.request("POST", path, json.dumps({"operations": batches[-1]}), headers)
            answer = line.getresponse()
            taken = json.loads(answer.read()) if answer.status == 200 else None
            line.close()
        except (OSError, http.client.HTTPException):
            taken = None
        if taken is not None:
            until = time.monotonic() + PATIENCE
            assert len(taken["applied"]) + len(taken["known"]) == len(batches[-1]), taken["refused"]
            batches.pop()
        else:
            assert time.monotonic() < until, "the server didn't come back"
            time.sleep(0.05)


def _wait_until(app: Flask, event_id: str, number: int) -> None:
    """Until so many operations stand in the log: the server is in the middle of it."""
    with app.app_context():
        for _ in range(PATIENCE * 50):
            if _count(event_id) >= number:
                return
            time.sleep(0.02)
    raise AssertionError("nothing is written down any more")


def _check_whole(app: Flask, event_id: str) -> None:
    """While nobody writes: what stands in the log stands in the ledger and in the log of acts, and nothing besides."""
    with app.app_context():
        marks = set(db.session.scalars(select(DeskOperation.id).where(DeskOperation.kind != "undo")))
        assert marks and set(db.session.scalars(_marked)) == marks
        assert db.session.scalar(_told) == len(marks)
        db.session.remove()
        db.engine.dispose()


_marked = select(AttendanceEntry.id).where(AttendanceEntry.kind != "undo")
_told = select(func.count(AuditEntry.id)).where(AuditEntry.verb.in_(("mark_check_in", "mark_check_out", "mark_absent")))


def _count(event_id: str) -> int:
    found = db.session.scalar(select(func.count(DeskOperation.id)).where(DeskOperation.event_id == event_id))
    db.session.remove()
    return found or 0


def _recount(app: Flask, event_id: str, said: Sequence[Operation]) -> None:
    """Each once in the log and in the ledger, each told once; what stands is what one phone would say."""
    marks = {one.id for one in said if one.kind != "undo"}
    with app.app_context():
        assert sorted(db.session.scalars(select(DeskOperation.id))) == sorted(one.id for one in said)
        assert set(db.session.scalars(_marked)) == marks
        assert db.session.scalar(_told) == len(marks)
        db.session.remove()
    desk.check_same(app, event_id, said)
    with app.app_context():
        db.engine.dispose()
