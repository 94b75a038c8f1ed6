"""What was over before days could be closed counts as closed, and nothing else does."""

from pathlib import Path

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import select

from app import create_app
from app.attendance.log_models import DeskDay
from app.db import db
from tests import factories
from tests.conftest import test_settings

pytestmark = pytest.mark.slow


def test_completed_events_are_closed_by_the_migration(tmp_path: Path):
    app = create_app(test_settings(tmp_path))
    with app.app_context():
        upgrade()
        over = factories.event(status="completed", completed_at=factories.LONG_AGO).id
        unknown = factories.event(status="completed")
        times = {over: factories.LONG_AGO, unknown.id: unknown.ends_at}
        factories.event()
        db.session.remove()
        downgrade(revision="20261123c")  # the events lie in a database as it was then
        upgrade()
        assert {row.event_id: row.closed_at for row in db.session.scalars(select(DeskDay))} == times
        assert all(row.is_closed for row in db.session.scalars(select(DeskDay)))
        db.session.remove()
        db.engine.dispose()
