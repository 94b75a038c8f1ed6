"""Many people at once over HTTP against a real server, and the recount from the tables afterwards. For any database."""

import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from unittest import mock

from flask_migrate import upgrade
from sqlalchemy import func, select

from app import create_app
from app.audit.models import AuditEntry
from app.consents.models import Consent
from app.db import db
from app.events.models import Event
from app.mail.models import Mail
from app.signups.models import Place, QueueMove, SignUp
from bench import signups
from bench.server import served


def environ_of(folder: Path, database_url: str | None = None) -> dict[str, str]:
    """The environment of a server of its own: no demo, no mail server started."""
    environ = {"TORANGY_INSTANCE": str(folder), "TORANGY_DEMO": "0", "SECRET_KEY": "a key for tests only"}
    return environ | {"MAIL_SERVER": "127.0.0.1"} | ({"DATABASE_URL": database_url} if database_url else {})


def burst_for_seats(folder: Path, database_url: str | None = None, *, people: int = 600, seats: int = 400) -> None:
    """As many parties of one to four as accounts post at once over 50 connections; every promise is recounted."""
    environ = environ_of(folder, database_url)
    with mock.patch.dict(os.environ, environ):
        app = create_app()
    with app.app_context():
        upgrade()
    event_id, parties = signups.prepare(app, people=people, seats=seats)
    with served(environ) as port:
        outcome = signups.burst(port, event_id, parties)
        again = signups.burst(port, event_id, parties[:40])
    assert outcome.statuses == Counter({303: people})
    assert again.statuses == Counter({409: 40}), "the same person twice is refused"
    with app.app_context():
        _recount(event_id, parties, seats=seats)
        db.session.remove()
        db.engine.dispose()


def _recount(event_id: str, parties: Sequence[signups.Party], *, seats: int) -> None:
    people = sum(party.size for party in parties)
    event = db.session.get_one(Event, event_id)
    by_status = dict(db.session.execute(select(Place.status, func.count()).group_by(Place.status)).all())
    assert by_status["confirmed"] == event.seats_taken <= seats, "never oversold"
    assert by_status["waiting"] == event.people_waiting == people - event.seats_taken
    assert db.session.scalar(select(func.sum(SignUp.waiting))) == event.people_waiting
    assert db.session.scalar(select(func.count(Place.ticket.distinct()))) == people
    assert db.session.scalar(select(func.count(Place.person_id.distinct()))) == people
    split = select(Place.signup_id).group_by(Place.signup_id).having(func.count(Place.status.distinct()) > 1)
    assert not db.session.scalars(split).all(), "a family is never split between seat and queue"
    numbers = list(db.session.scalars(select(SignUp.queue_number).order_by(SignUp.queue_number)))
    assert numbers == list(range(1, len(parties) + 1))
    assert db.session.scalar(select(func.count(Consent.id))) == people - len(parties)
    _recount_letters(len(parties))
    _recount_fairness(event, seats=seats)


def _recount_letters(parties: int) -> None:
    """One letter a family, and one line of the log."""
    seated = select(func.count(Place.signup_id.distinct())).where(Place.status == "confirmed")
    confirmed = db.session.scalar(seated)
    mails = dict(db.session.execute(select(Mail.template, func.count()).group_by(Mail.template)).all())
    assert mails == {"signups/confirmed": confirmed, "signups/waiting": parties - confirmed}
    assert db.session.scalar(select(func.count(AuditEntry.id)).where(AuditEntry.verb == "sign_up")) == parties


def _recount_fairness(event: Event, *, seats: int) -> None:
    """Seats stay free only if they are kept for the first that waits, who was passed over as often as is allowed."""
    waiting = select(func.min(SignUp.queue_number)).where(SignUp.waiting > 0)
    first = db.session.scalar(waiting)
    passed = db.session.scalar(select(func.count(QueueMove.number)).where(QueueMove.queue_number > first))
    assert passed <= event.pass_limit
    assert event.seats_taken == seats or passed == event.pass_limit
