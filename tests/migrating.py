"""Migrating a database that holds rows. For any database."""

from pathlib import Path

from alembic.script import ScriptDirectory
from flask_migrate import check, downgrade, upgrade
from sqlalchemy import inspect

from app import create_app
from app.db import db
from app.people.models import MedicalNote
from app.signups.models import Place
from config import ROOT
from tests import factories
from tests.conftest import test_settings


def go_up_and_down_with_rows(folder: Path, database_url: str | None = None) -> None:
    """Up, rows, every step down and up with the rows kept where their table stays, check, and down to nothing."""
    changes = {"DATABASE_URL": database_url} if database_url else {}
    app = create_app(test_settings(folder, **changes))
    steps = [script.revision for script in ScriptDirectory(str(ROOT / "migrations")).walk_revisions()]
    with app.app_context():
        upgrade()
        check()
        _fill()
        before = {name: count for name, count in _counts().items() if count}
        for revision in steps[1:]:
            downgrade(revision=revision)
        upgrade()
        check()
        assert {name: count for name, count in _counts().items() if count} == before, "a migration lost rows"
        db.session.remove()
        downgrade(revision="base")
        assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
        upgrade()
        db.engine.dispose()


def _fill() -> None:
    nurlan = factories.employee()
    dina = factories.child(nurlan)
    factories.saved(MedicalNote(person_id=dina.id, text="Жаңғаққа аллергия", updated_at=factories.LONG_AGO))
    factories.coordinator()
    event = factories.event(audience="families")
    factories.place(event, nurlan)
    factories.place(event, dina, status="waiting")
    assert db.session.query(Place).count() == 2


def _counts() -> dict[str, int]:
    db.session.rollback()
    counted = {table.name: db.session.query(table).count() for table in db.metadata.sorted_tables}
    db.session.rollback()  # an open read would keep the next migration waiting on PostgreSQL
    return counted
