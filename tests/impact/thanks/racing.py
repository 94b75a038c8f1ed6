"""Eight workers thank for the same day at once, and some of them die in the middle. For any database."""

import multiprocessing
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from unittest import mock

from flask_migrate import upgrade
from sqlalchemy import func, select

from app import create_app
from app.db import db
from app.impact.thanks import queueing, readers
from app.impact.thanks.models import Thanks
from app.mail.models import Mail
from app.mail.outbox import queue_mails
from tests import factories
from tests.bursts import environ_of
from tests.impact.thanks.days import DUE, came, closed

PROCESSES = 8
DIE = {0: "before", 1: "after"}  # the process of this number dies within a transaction, or right after one
KILLED = 9


def race(folder: Path, database_url: str | None = None, *, people: int = 60) -> None:
    """Runs it; whoever came has exactly one letter afterwards. Forked: eight times reading the app in would take a
    minute."""
    environ = environ_of(folder, database_url)
    with mock.patch.dict(os.environ, environ):
        app = create_app()
    with app.app_context():
        upgrade()
        event_id = _stage(people)
        db.session.remove()
        db.engine.dispose()
    context = multiprocessing.get_context("fork")
    workers = [context.Process(target=_work, args=(environ, DIE.get(number, ""))) for number in range(PROCESSES)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(240)
    codes = [worker.exitcode for worker in workers]
    assert set(codes) <= {0, KILLED}, codes
    assert KILLED in codes, "nobody died: nothing was tested"
    with app.app_context():
        _finish(event_id, people)
        db.session.remove()
        db.engine.dispose()


def _stage(people: int) -> str:
    event = factories.event(capacity=people)
    for number in range(people):
        came(event, factories.employee(f"Омар{number}"))
    closed(event)
    return event.id


def _work(environ: dict[str, str], dies: str) -> None:
    os.environ.update(environ)
    readers.AT_ONCE = 6
    app = create_app()
    if dies == "before":
        mock.patch.object(queueing, "queue_mails", _die_after(queue_mails)).start()
    with app.app_context():
        while queueing.queue_thanks(now=DUE):
            if dies == "after" and db.session.scalar(select(func.count()).select_from(Mail)):
                os._exit(KILLED)
            db.session.remove()
        db.session.remove()
        db.engine.dispose()


def _die_after(usual: Callable[[Sequence[Mapping[str, Any]]], int]) -> Callable[[Sequence[Mapping[str, Any]]], int]:
    """Does the work, and dies before anybody keeps it."""

    def dying(rows: Sequence[Mapping[str, Any]]) -> int:
        usual(rows)
        os._exit(KILLED)

    return dying


def _finish(event_id: str, people: int) -> None:
    """Whoever comes next finds the rest, if those who died had been the last."""
    while queueing.queue_thanks(now=DUE):
        pass
    letters = db.session.execute(select(Mail.person_id, func.count()).group_by(Mail.person_id)).all()
    assert len(letters) == people and {count for _, count in letters} == {1}
    row = db.session.get_one(Thanks, event_id)
    assert (row.queued, row.finished_at, row.cursor) == (people, DUE, None)
