"""Many people at once over HTTP against a real server, and the recount from the tables afterwards. For any database."""

import os
from collections import Counter
from pathlib import Path
from unittest import mock

from flask_migrate import upgrade
from sqlalchemy import func, select

from app import create_app
from app.audit.models import AuditEntry
from app.db import db
from app.events.models import Event
from app.mail.models import Mail
from app.signups.models import Place, SignUp
from bench import signups
from bench.server import served


def environ_of(folder: Path, database_url: str | None = None) -> dict[str, str]:
    """The environment of a server of its own: no demo, no mail server started."""
    environ = {"TORANGY_INSTANCE": str(folder), "TORANGY_DEMO": "0", "SECRET_KEY": "a key for tests only"}
    return environ | {"MAIL_SERVER": "127.0.0.1"} | ({"DATABASE_URL": database_url} if database_url else {})


def burst_for_seats(folder: Path, database_url: str | None = None, *, people: int = 600, seats: int = 400) -> None:
    """`people` accounts post at once from 8 processes; asserts every promise from the tables."""
    environ = environ_of(folder, database_url)
    with mock.patch.dict(os.environ, environ):
        app = create_app()
    with app.app_context():
        upgrade()
    event_id, visitors = signups.prepare(app, people=people, seats=seats)
    with served(environ) as port:
        outcome = signups.burst(port, event_id, visitors)
        again = signups.burst(port, event_id, visitors[:40])
    assert outcome.statuses == Counter({303: people})
    assert again.statuses == Counter({409: 40}), "the same person twice is refused"
    with app.app_context():
        _recount(event_id, people=people, seats=seats)
        db.session.remove()
        db.engine.dispose()


def _recount(event_id: str, *, people: int, seats: int) -> None:
    by_status = dict(db.session.execute(select(Place.status, func.count()).group_by(Place.status)).all())
    assert by_status == {"confirmed": seats, "waiting": people - seats}
    assert db.session.get_one(Event, event_id).seats_taken == seats
    assert db.session.scalar(select(func.count(Place.ticket.distinct()))) == people
    assert db.session.scalar(select(func.count(Place.person_id.distinct()))) == people
    numbers = list(db.session.scalars(select(SignUp.queue_number).order_by(SignUp.queue_number)))
    assert numbers == list(range(1, people + 1))
    mails = dict(db.session.execute(select(Mail.template, func.count()).group_by(Mail.template)).all())
    assert mails == {"signups/confirmed": seats, "signups/waiting": people - seats}
    assert db.session.scalar(select(func.count(AuditEntry.id)).where(AuditEntry.verb == "sign_up")) == people
    last_seated = select(func.max(SignUp.queue_number)).join(Place).where(Place.status == "confirmed")
    assert db.session.scalar(last_seated) == seats, "those who came first are seated"
