"""The people of the demo: invented, in files as a staff department sends them, read by the importer like any file."""

from datetime import datetime
from pathlib import Path

from flask import current_app
from sqlalchemy import select

from app.accounts.actor import ADMIN, Actor, Scope
from app.db import db
from app.files import FileStore, open_store
from app.people.importing import Plan, continue_import, run_import
from app.people.models import ImportRun, Institution

FILES = Path(__file__).parent / "data" / "hr"
READER = Actor(name="demo", scopes=(Scope(ADMIN),))


def import_people(*, now: datetime) -> None:
    """Employees of both cities, their children, the boarding school's pupils. Goes on where it was stopped."""
    school = db.session.scalars(select(Institution.id).where(Institution.slug == "boarding-school")).one()
    plans = {
        "employees-balkhash.xlsx": Plan("employees", city="balkhash"),
        "employees-zhezkazgan.csv": Plan("employees", city="zhezkazgan"),
        "children.csv": Plan("children"),
        "boarding-school-pupils.xlsx": Plan("children", institution_id=school),
    }
    store = open_store(current_app.config["TORANGY"])
    for name, plan in plans.items():
        _import(name, plan, store=store, now=now)


def _import(name: str, plan: Plan, *, store: FileStore, now: datetime) -> None:
    query = select(ImportRun).where(ImportRun.file_name == name, ImportRun.kind == plan.kind)
    begun = db.session.scalars(query.order_by(ImportRun.started_at).limit(1)).first()
    if begun is None:
        run_import(name, (FILES / name).read_bytes(), plan, store=store, now=now, actor=READER)
    elif begun.finished_at is None:
        run_id = begun.id
        while continue_import(run_id, store=store, now=now, actor=READER):
            pass
