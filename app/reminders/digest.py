"""Coordinators' digests: made once a morning for each, at half past seven by the clock of their city."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from app.access.sessions import actor_from, standing_grants
from app.accounts.actor import COORDINATOR
from app.accounts.models import Account, Grant
from app.db import connection, db, new_id, transaction
from app.people.models import City, Person
from app.reminders.digest_mails import mail_digest
from app.reminders.digest_queries import digest_of
from app.reminders.models import DigestDay

LEAVES_AT, NO_LATER_THAN = time(7, 30), time(12)
HOME_ZONE = "Asia/Almaty"
LOOKS_BACK = timedelta(days=1)
# After a weekend without a worker nobody reads more than this.
AT_MOST = timedelta(days=3)
INSERT = {
    name: dialect.insert(DigestDay.__table__).on_conflict_do_nothing(index_elements=["account_id", "day"])
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
}

Coordinator = tuple[str, Person, str]


def queue_digests(*, now: datetime) -> bool:
    """One coordinator's digest, if it is morning where they live; says whether there may be another one.

    A worker that slept through the morning leaves the day out: the next one tells of both.
    """
    awake = [(who, day) for who in _coordinators(now) if (day := _morning(who[2], now)) is not None]
    if not awake:
        return False
    known = select(DigestDay.account_id, DigestDay.day).where(DigestDay.day.in_({day for _, day in awake}))
    made = {(account_id, day) for account_id, day in db.session.execute(known)}
    for (account_id, person, _zone), day in awake:
        if (account_id, day) not in made:
            _make(account_id, person, day, now=now)
            return True
    return False


def _make(account_id: str, person: Person, day: date, *, now: datetime) -> None:
    held = select(Grant).where(Grant.account_id == account_id, standing_grants(now))
    actor = actor_from(account_id, person, list(db.session.scalars(held)))
    found = digest_of(actor, since=_since(account_id, now), now=now)
    row = {"id": new_id(), "account_id": account_id, "day": day, "made_at": now, "lines": found.lines}
    with transaction() as session:
        insert = INSERT[session.get_bind().dialect.name].returning(DigestDay.__table__.c.id)
        if connection().execute(insert, row).first() and found.lines:
            mail_digest(person, account_id, found, day=day, now=now)


def _coordinators(now: datetime) -> Sequence[Coordinator]:
    """Everybody who coordinates by a grant of their own, with the zone whose clock hangs at home."""
    holds = select(Grant.account_id).where(Grant.role == COORDINATOR, Grant.lent_by_id.is_(None), standing_grants(now))
    query = (
        select(Account.id, Person, City.timezone)
        .join(Person, Person.id == Account.person_id)
        .outerjoin(City, City.slug == Person.city)
        .where(
            Account.id.in_(holds), Account.deactivated_at.is_(None), Person.deactivated_at.is_(None),
            Person.email.is_not(None),
        )
        .order_by(Account.id)
    )  # fmt: skip
    return [(account_id, person, zone or HOME_ZONE) for account_id, person, zone in db.session.execute(query)]


def _morning(zone: str, now: datetime) -> date | None:
    """The day there, between half past seven and noon."""
    local = now.astimezone(ZoneInfo(zone))
    return local.date() if LEAVES_AT <= local.time() < NO_LATER_THAN else None


def _since(account_id: str, now: datetime) -> datetime:
    last = select(DigestDay.made_at).where(DigestDay.account_id == account_id).order_by(DigestDay.made_at.desc())
    made_at = db.session.scalar(last.limit(1))
    return now - LOOKS_BACK if made_at is None else max(made_at, now - AT_MOST)
