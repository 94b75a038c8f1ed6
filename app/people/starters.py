"""Who started a run of an import: the worker goes on with it for them, with no more rights than they have."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select

from app.accounts.actor import Actor, Scope
from app.accounts.models import Grant
from app.db import db
from app.people.models import ImportRun
from app.web.dates import local_date


def starter_of(run: ImportRun, *, now: datetime) -> Actor | None:
    """The account that started the run, with its grants of this moment; None where a command did."""
    if run.started_by_id is None:
        return None
    grants = db.session.scalars(select(Grant).where(Grant.account_id == run.started_by_id, standing(now)))
    scopes = tuple(
        Scope(grant.role, grant.city, grant.programme_id, grant.event_id, grant.lent_by_id) for grant in grants
    )
    return Actor(account_id=run.started_by_id, scopes=scopes)


def standing(now: datetime) -> ColumnElement[bool]:
    """The condition under which a grant counts today."""
    day = local_date(now)
    return and_(
        Grant.revoked_at.is_(None),
        or_(Grant.valid_on.is_(None), Grant.valid_on == day),
        or_(Grant.valid_from.is_(None), Grant.valid_from <= day),
        or_(Grant.valid_until.is_(None), Grant.valid_until >= day),
    )
