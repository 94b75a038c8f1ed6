"""Whether we are alive and ready: for whoever watches the machine."""

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from app.db import db
from app.web.access import open_to_all
from config import ROOT

bp = Blueprint("health", __name__)


@bp.get("/healthz")
@open_to_all
def alive() -> ResponseReturnValue:
    """The process answers."""
    return jsonify(status="alive")


@bp.get("/readyz")
@open_to_all
def ready() -> ResponseReturnValue:
    """The database answers and its migrations are those of this code; 503 otherwise."""
    try:
        behind = is_schema_behind()
    except SQLAlchemyError:
        return jsonify(status="database does not answer"), 503
    if behind:
        return jsonify(status="migrations are missing"), 503
    return jsonify(status="ready")


def is_schema_behind() -> bool:
    """Whether the database lacks migrations that this code has."""
    heads = set(ScriptDirectory(str(ROOT / "migrations")).get_heads())
    current = set(MigrationContext.configure(db.session.connection()).get_current_heads())
    return current != heads
