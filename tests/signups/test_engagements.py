"""What else people do on the days of an event, asked by each sign-up under the lock."""

from datetime import UTC, datetime
from typing import Any

from flask import Flask
from sqlalchemy import event

from app.db import connection, db
from app.rows import read
from app.signups.engagements import BUSY_OR_AT_WORK
from tests import factories

NOW = datetime(2030, 5, 1, tzinfo=UTC)
WHEN = {"starts_at": NOW, "ends_at": NOW, "first_day": NOW.date(), "last_day": NOW.date()}


def test_they_are_looked_up_by_person_however_many_are_asked_about(app: Flask):
    """From the event's side everybody who comes to it would be read, for each sign-up anew."""
    if db.engine.dialect.name != "sqlite":
        return  # PostgreSQL decides by what its tables hold
    heard: list[tuple[str, tuple[Any, ...]]] = []

    def hear(_connection: Any, _cursor: Any, text: str, values: tuple[Any, ...], *_: Any) -> None:
        heard.append((text, tuple(values)))

    event.listen(db.engine, "before_cursor_execute", hear)
    for many in (1, 2, 3, 4, 8):
        read(BUSY_OR_AT_WORK, {"people": [str(n) for n in range(many)], "event_id": "e", **WHEN})
    event.remove(db.engine, "before_cursor_execute", hear)
    for counted in (False, True):
        if counted:
            factories.event()
            connection().exec_driver_sql("ANALYZE")  # there are few events, and nobody comes to any of them yet
        for text, values in heard:
            plan = [row[3] for row in connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", values)]
            assert text == "BEGIN" or any("ix_places_person_id" in line for line in plan), plan
