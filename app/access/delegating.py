"""Standing in for somebody who is away: their roles are lent to a deputy from a day to a day, and end by themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Select, or_, select, update
from sqlalchemy.orm import Session, aliased

from app.access.mails import mail_delegation
from app.access.queries import accounts_named
from app.accounts.actor import ADMIN, EMPLOYEE, Actor
from app.accounts.models import Account, Delegation, Grant
from app.audit.operations import record
from app.db import db, lock, new_id, transaction
from app.errors import N_, DomainError, Invalid, NotFound, require
from app.people.models import Person
from app.web.dates import local_date

LONGEST = timedelta(days=92)
PAST = timedelta(days=365)


class NothingToDelegate(DomainError):
    """Only roles are handed over, and only one's own."""

    type = "nothing-to-delegate"
    title = N_("Nothing to hand over")
    message = N_("You have no role of your own to hand over. What was lent to you can't be lent on.")


class AlreadyDelegated(DomainError):
    """The same deputy stands in on these days already."""

    type = "already-delegated"
    title = N_("Already handed over")
    message = N_("They stand in for you on some of these days already. End that first.")
    field = "deputy"
    status = 409


@dataclass(frozen=True)
class Away:
    """From which day to which somebody is away, and why."""

    from_on: date
    until_on: date
    reason: str


@dataclass(frozen=True)
class Standing:
    """One delegation with both people."""

    delegation: Delegation
    lender: Person
    deputy: Person


def delegate(lender_id: str, deputy: str, away: Away, *, now: datetime, actor: Actor) -> Delegation:
    """Lends all roles of an account, but an administrator's, to whoever has this e-mail or number; tells the deputy.

    Raises Invalid, NothingToDelegate, AlreadyDelegated, NotAllowed.
    """
    require(actor.account_id == lender_id or actor.is_admin)
    with transaction() as session:
        lender = session.get_one(Account, lender_id)
        lock(lender)
        to = _deputy(deputy, lender)
        _check_days(away, today=local_date(now))
        grants = _own_grants(session, lender, away.from_on)
        if not grants:
            raise NothingToDelegate
        if session.scalar(_overlapping(lender_id, to.id, away)):
            raise AlreadyDelegated
        row = _row(lender_id, to.id, away, now=now)
        session.add(row)
        session.flush()
        session.add_all(_lent(grant, row, now=now) for grant in grants)
        changes = {"person": (None, to.person_id), "until_on": (None, away.until_on)}
        record(actor, "delegate", lender, now=now, changes=changes)
        people = [session.get_one(Person, account.person_id) for account in (lender, to)]
        mail_delegation(row, lender=people[0], deputy=people[1], now=now)
    return row


def end_delegation(delegation_id: str, *, now: datetime, actor: Actor) -> None:
    """Ends it at once: by whoever is back, by the deputy, or by an administrator. Raises NotFound for others."""
    with transaction() as session:
        row = session.get(Delegation, delegation_id)
        if row is None or not (actor.is_admin or actor.account_id in (row.from_account_id, row.to_account_id)):
            raise NotFound
        lock(row)
        if row.ended_at:
            return
        row.ended_at = now
        lent = update(Grant).where(Grant.delegation_id == row.id, Grant.revoked_at.is_(None))
        session.execute(lent.values(revoked_at=now))
        record(actor, "end_delegation", session.get_one(Account, row.from_account_id), now=now)


def delegations_of(account_id: str, *, now: datetime) -> Sequence[Standing]:
    """Those that one gave and those that one was given, the latest first, of a year."""
    lender, deputy, theirs, other = aliased(Person), aliased(Person), aliased(Account), aliased(Account)
    query = (
        select(Delegation, lender, deputy)
        .join(theirs, theirs.id == Delegation.from_account_id)
        .join(lender, lender.id == theirs.person_id)
        .join(other, other.id == Delegation.to_account_id)
        .join(deputy, deputy.id == other.person_id)
        .where(or_(Delegation.from_account_id == account_id, Delegation.to_account_id == account_id))
        .where(Delegation.until_on > local_date(now) - PAST)
        .order_by(Delegation.from_on.desc(), Delegation.id)
    )
    return [Standing(*row) for row in db.session.execute(query.limit(100))]


def _deputy(typed: str, lender: Account) -> Account:
    """An active login of somebody else; raises Invalid."""
    found = [account for account in accounts_named(typed) if account.is_active]
    if len(found) != 1:
        raise Invalid({"deputy": N_("Nobody with a login has this e-mail or number.")})
    if found[0].id == lender.id:
        raise Invalid({"deputy": N_("Somebody else must stand in.")})
    return found[0]


def _check_days(away: Away, *, today: date) -> None:
    if away.until_on < away.from_on:
        raise Invalid({"until_on": N_("The last day lies before the first.")})
    if away.until_on < today:
        raise Invalid({"until_on": N_("These days are over.")})
    if away.until_on - away.from_on > LONGEST:
        raise Invalid({"until_on": N_("For at most three months. Ask an administrator to give the role instead.")})


def _row(lender_id: str, deputy_id: str, away: Away, *, now: datetime) -> Delegation:
    days = {"from_on": away.from_on, "until_on": away.until_on, "reason": away.reason}
    return Delegation(id=new_id(), from_account_id=lender_id, to_account_id=deputy_id, created_at=now, **days)


def _own_grants(session: Session, lender: Account, day: date) -> list[Grant]:
    query = select(Grant).where(
        Grant.account_id == lender.id,
        Grant.revoked_at.is_(None),
        Grant.lent_by_id.is_(None),
        Grant.role.not_in((ADMIN, EMPLOYEE)),
        Grant.valid_on.is_(None) | (Grant.valid_on >= day),
        Grant.valid_until.is_(None) | (Grant.valid_until >= day),
    )
    return list(session.scalars(query))


def _overlapping(lender_id: str, deputy_id: str, away: Away) -> Select[str]:
    return select(Delegation.id).where(
        Delegation.from_account_id == lender_id,
        Delegation.to_account_id == deputy_id,
        Delegation.ended_at.is_(None),
        Delegation.from_on <= away.until_on,
        Delegation.until_on >= away.from_on,
    )


def _lent(grant: Grant, row: Delegation, *, now: datetime) -> Grant:
    """A copy for the deputy's days, and no longer than the grant itself holds."""
    starts = [day for day in (row.from_on, grant.valid_from, grant.valid_on) if day]
    ends = [day for day in (row.until_on, grant.valid_until, grant.valid_on) if day]
    return Grant(
        account_id=row.to_account_id,
        role=grant.role,
        scope_key=f"lent:{row.id}:{grant.id}",
        city=grant.city,
        programme_id=grant.programme_id,
        event_id=grant.event_id,
        valid_from=max(starts),
        valid_until=max(max(starts), min(ends)),
        lent_by_id=row.from_account_id,
        delegation_id=row.id,
        granted_at=now,
        granted_by_id=row.from_account_id,
    )
