"""Giving and taking roles."""

from datetime import datetime

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from app.accounts.actor import ADMIN, HELPER, ROLES, Actor
from app.accounts.models import Account, Grant
from app.accounts.policy import can_grant
from app.audit.operations import record
from app.db import db, lock, transaction
from app.errors import N_, DomainError, Invalid, require


class HasRole(DomainError):
    """The same role for the same scope stands already."""

    type = "has-role"
    title = N_("Has this role already")
    message = N_("This role is theirs already.")
    field = "role"


class LastAdmin(DomainError):
    """Without an administrator nobody could give roles any more."""

    type = "last-admin"
    title = N_("The last administrator")
    message = N_("This is the last administrator. Make somebody else one first.")


def opened(person_id: str, *, now: datetime, actor: Actor) -> Account:
    """The login of this person, made without a password where there is none yet; inside a transaction."""
    found = db.session.scalar(select(Account).where(Account.person_id == person_id).with_for_update())
    if found:
        return found
    account = Account(person_id=person_id, created_at=now)
    db.session.add(account)
    db.session.flush()
    record(actor, "open_account", account, now=now)
    return account


def grant_role(
    account: Account,
    role: str,
    *,
    now: datetime,
    actor: Actor,
    city: str | None = None,
    programme_id: str | None = None,
    event_id: str | None = None,
) -> Grant:
    """Gives a role in a city, a programme or one event; without any of them, everywhere.

    Raises NotAllowed, HasRole, Invalid for an unknown role or a helper without an event.
    """
    require(can_grant(actor))
    if role not in ROLES or (role == HELPER and not event_id):
        raise Invalid({"role": N_("There is no such role.")})
    scope = {"city": None if role == ADMIN else city, "programme_id": programme_id, "event_id": event_id}
    key = ":".join(value or "" for value in scope.values())
    with transaction() as session:
        lock(account)
        if session.scalar(_standing(account, role).where(Grant.scope_key == key)):
            raise HasRole
        grant = Grant(
            account_id=account.id, role=role, scope_key=key, granted_at=now, granted_by_id=actor.account_id, **scope
        )
        session.add(grant)
        record(actor, "grant_role", account, now=now, changes={"role": (None, f"{role} {key}".strip(" :"))})
    return grant


def revoke_role(grant: Grant, *, now: datetime, actor: Actor) -> None:
    """Takes a role back, from the next click on; raises NotAllowed, LastAdmin. One that is gone already stays so."""
    require(can_grant(actor))
    with transaction() as session:
        lock(grant)
        if grant.revoked_at:
            return
        if grant.role == ADMIN and _admins(session) < 2:
            raise LastAdmin
        grant.revoked_at = now
        _revoke_lent(session, grant, now=now)
        account = session.get_one(Account, grant.account_id)
        record(
            actor,
            "revoke_role",
            account,
            now=now,
            changes={"role": (f"{grant.role} {grant.scope_key}".strip(" :"), None)},
        )


def _revoke_lent(session: Session, grant: Grant, *, now: datetime) -> None:
    """What one has no more, one's deputy has no more either."""
    lent = [
        Grant.lent_by_id == grant.account_id,
        Grant.role == grant.role,
        Grant.revoked_at.is_(None),
        Grant.city.is_not_distinct_from(grant.city),
        Grant.programme_id.is_not_distinct_from(grant.programme_id),
        Grant.event_id.is_not_distinct_from(grant.event_id),
    ]
    session.execute(update(Grant).where(*lent).values(revoked_at=now))


def _standing(account: Account, role: str) -> Select[Grant]:
    return select(Grant).where(Grant.account_id == account.id, Grant.role == role, Grant.revoked_at.is_(None))


def _admins(session: Session) -> int:
    query = select(Grant).where(Grant.role == ADMIN, Grant.revoked_at.is_(None)).with_for_update()
    return len({grant.account_id for grant in session.scalars(query)})
