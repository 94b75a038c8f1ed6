"""Letters about a file that came at night and waits, or could not be read: to whoever coordinates the city."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.accounts.actor import ADMIN, COORDINATOR
from app.accounts.models import Account, Grant
from app.db import db
from app.errors import DomainError, Invalid
from app.mail.outbox import mail_row, post
from app.people.brigade_mails import recipient_of
from app.people.models import ImportRun, Person
from app.people.queries import run_city
from app.people.starters import standing


def mail_held(run: ImportRun, *, now: datetime) -> None:
    """Nothing was changed: many would leave, or it has columns that nobody knows. Once for each run."""
    counts = {name: getattr(run, name) for name in ("rows_total", "created", "updated", "moves", "leavers")}
    columns = [one["heading"] for one in run.unknown_columns] if run.waits_for_columns else []
    facts = {**counts, "columns": columns, "url": f"/people/imports/{run.id}", "file": run.file_name}
    _queue(f"import:held:{run.id}", "people/import_held", run_city(run), facts, now=now)


def mail_failed(run: ImportRun, *, now: datetime) -> None:
    """None of its rows could be taken."""
    facts = {"file": run.file_name, "rows_total": run.rows_total, "url": f"/people/imports/{run.id}"}
    _queue(f"import:failed:{run.id}", "people/import_failed", run_city(run), facts, now=now)


def mail_unreadable(file_name: str, why: DomainError, *, city: str | None, key: str, now: datetime) -> None:
    """No run came of it; `key` is of this file alone. The sentence is put into each reader's language."""
    said: Sequence[str] = list(why.errors.values()) if isinstance(why, Invalid) else [why.message]
    params = {name: value if isinstance(value, int) else str(value) for name, value in why.params.items()}
    facts = {"file": file_name, "why": said, "params": params, "url": "/people/imports/new"}
    _queue(f"import:failed:{key}", "people/import_failed", city, facts, now=now)


def _queue(key: str, template: str, city: str | None, facts: Mapping[str, Any], *, now: datetime) -> None:
    post(
        [
            mail_row(
                key=f"{key}:{person.id}",
                template=template,
                to=recipient_of(person),
                context={"name": person.given_name or person.surname, **facts},
                now=now,
            )
            for person in _readers(city, now=now)
        ]
    )


def _readers(city: str | None, *, now: datetime) -> Sequence[Person]:
    """Who coordinates the city, or else the admins; of a file of no city those who coordinate all."""
    everywhere = Grant.programme_id.is_(None) & Grant.event_id.is_(None)
    here = Grant.city.is_(None) if city is None else Grant.city.is_(None) | (Grant.city == city)
    coordinators = _holders(everywhere & here & (Grant.role == COORDINATOR), now=now)
    return coordinators or _holders(Grant.role == ADMIN, now=now)


def _holders(condition: Any, *, now: datetime) -> Sequence[Person]:
    query = (
        select(Person)
        .join(Account, Account.person_id == Person.id)
        .join(Grant, Grant.account_id == Account.id)
        .where(condition, standing(now), Account.deactivated_at.is_(None), Person.deactivated_at.is_(None))
        .where(Person.email.is_not(None))
        .distinct()
        .order_by(Person.name_sort, Person.id)
    )
    return db.session.scalars(query).all()
