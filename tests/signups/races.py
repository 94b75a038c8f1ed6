"""Two hands at the same row at the same moment, in processes of their own, again and again. For any database.

Each race sets its rounds up, lets every side act at a common signal, and counts each round's tables anew.
"""

import multiprocessing
import os
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any
from unittest import mock

from flask_migrate import upgrade

from app import create_app
from app.db import db
from app.errors import DomainError
from tests.bursts import environ_of
from tests.signups.list_races import LEAVER, SCHOOL
from tests.signups.offer_races import OFFER
from tests.signups.race_facts import Facts
from tests.signups.seat_races import APPROVAL, CONSENT

RACES = {"consent": CONSENT, "approval": APPROVAL, "offer": OFFER, "school": SCHOOL, "leaver": LEAVER}


def race(name: str, folder: Path, database_url: str | None = None) -> None:
    """Runs it; every promise is asserted from the tables."""
    one, environ = RACES[name], environ_of(folder, database_url)
    with mock.patch.dict(os.environ, environ):
        app = create_app()
    with app.app_context():
        upgrade()
        rounds = one.stage()
        db.session.remove()
        db.engine.dispose()
    answers = _run(name, environ, rounds)
    with app.app_context():
        for number, facts in enumerate(rounds):
            db.session.rollback()
            one.check(facts, [said[number] for said in answers])
        db.session.remove()
        db.engine.dispose()


def _run(name: str, environ: dict[str, str], rounds: list[Facts]) -> list[list[str]]:
    """What each side answered in each round: "done", or the type of the refusal."""
    context = multiprocessing.get_context("spawn")
    sides = len(RACES[name].sides)
    barrier, results = context.Barrier(sides), context.Queue()
    workers = [
        context.Process(target=_take_part, args=(name, environ, side, rounds, barrier, results))
        for side in range(sides)
    ]
    for worker in workers:
        worker.start()
    answers = dict(results.get(timeout=120) for _ in workers)
    for worker in workers:
        worker.join()
    assert all(isinstance(said, list) for said in answers.values()), answers
    return [answers[side] for side in range(sides)]


def _take_part(
    name: str, environ: dict[str, str], side: int, rounds: list[Facts], barrier: Barrier, results: Any
) -> None:
    os.environ.update(environ)
    try:
        app, said = create_app(), []
        with app.app_context():
            for facts in rounds:
                db.session.remove()
                barrier.wait(60)
                try:
                    RACES[name].sides[side](facts)
                    said.append("done")
                except DomainError as error:
                    said.append(error.type)
            db.session.remove()
            db.engine.dispose()
        results.put((side, said))
    except BaseException as error:
        barrier.abort()
        results.put((side, repr(error)[:3000]))
