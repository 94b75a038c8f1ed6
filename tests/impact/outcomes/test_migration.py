"""Figures that stood before outcomes went into depth: told in base units on the way up, whole again on the way down."""

from pathlib import Path

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import text

from app import create_app
from app.db import db, transaction
from tests import factories
from tests.conftest import test_settings

pytestmark = pytest.mark.slow
BEFORE, AFTER = "20261123d", "20261123e"
COLUMNS = (
    "id, event_id, metric, quantity, unit, method, detail, evidence, said_by, by_contractor, recorded_at, corrects_id"
)
OLD = [
    ("wrong", "waste_removed", 43_000, "t", None),
    ("right", "waste_removed", 34_000, "t", "wrong"),
    ("weighed", "waste_removed", 500_000, "kg", None),
    ("fish", "fish_released", 448_463_000, "fish", None),
]
NEW = "density, base_quantity, species, contractor, reason"


def insert(event_id: str, rows: list[tuple[str, str, int, str, str | None]], more: str = "", values: str = "") -> None:
    plain = (
        f":id, '{event_id}', :metric, :quantity, :unit, 'weighed', '', '', '', false, '2026-01-01 00:00:00', :corrects"
    )
    with transaction() as session:
        for row in rows:
            given = dict(zip(("id", "metric", "quantity", "unit", "corrects"), row, strict=True))
            session.execute(text(f"INSERT INTO outcomes ({COLUMNS}{more}) VALUES ({plain}{values})"), given)


def rows(columns: str) -> dict[str, tuple[object, ...]]:
    found = {row[0]: tuple(row[1:]) for row in db.session.execute(text(f"SELECT id, {columns} FROM outcomes"))}
    db.session.rollback()
    return found


def test_figures_are_told_in_base_units_and_come_back_whole(tmp_path: Path):
    with create_app(test_settings(tmp_path)).app_context():
        upgrade()
        event_id = factories.event().id
        db.session.remove()
        downgrade(revision=BEFORE)
        insert(event_id, OLD)
        said_before = "тұқы · карп · carp"
        with transaction() as session:
            session.execute(text("UPDATE outcomes SET detail = :said WHERE id = 'fish'"), {"said": said_before})
        upgrade(revision=AFTER)
        assert rows("species, detail")["fish"] == ("carp", "")
        assert rows("base_quantity, replaced_by_id") == {
            "wrong": (43_000_000, "right"),
            "right": (34_000_000, None),
            "weighed": (500_000, None),
            "fish": (448_463_000_000, None),
        }
        insert(event_id, [("loose", "waste_removed", 100_500, "m3", None)], f", {NEW}", ", 250, 25125000, '', '', ''")
        insert(event_id, [("alive", "trees_alive", 9_000, "plants", None)], f", {NEW}", ", NULL, 9000000, '', '', ''")
        downgrade(revision=BEFORE)
        assert rows("detail")["fish"] == (said_before,)
        kept = rows("metric, quantity, unit, corrects_id")
        assert kept.pop("loose") == ("waste_removed", 25_125, "t", None), "cubic metres become their tonnes"
        assert kept == {id_: tuple(rest) for id_, *rest in OLD}
        upgrade()
        db.engine.dispose()
