"""Keys of programs to the JSON face: each acts as its account, may be ended at any time, and is shown once."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import and_, bindparam, or_, select, update

from app.access.models import Token
from app.access.sessions import hashed, holds_on
from app.accounts.actor import Actor, Scope
from app.accounts.models import Account, Grant
from app.audit.operations import record
from app.db import connection, transaction
from app.errors import NotFound
from app.people.models import Person
from app.prepared import rows_of
from app.web.dates import local_date

PREFIX = "torangy_"
SEEN_EVERY = timedelta(minutes=10)


# Every call of a program asks this, as every request of a browser asks sessions.WHO: only what makes an actor.
_grants = and_(Grant.account_id == Account.id, Grant.revoked_at.is_(None), holds_on(bindparam("today")))
WHO = (
    select(
        Token.id.label("token_id"),
        Token.last_used_at,
        Account.id.label("account_id"),
        Person.id.label("person_id"),
        Person.surname,
        Person.given_name,
        Person.language,
        Person.city,
        Grant.role,
        Grant.city.label("granted_city"),
        Grant.programme_id,
        Grant.event_id,
        Grant.lent_by_id,
    )
    .join(Account, Account.id == Token.account_id)
    .join(Person, Person.id == Account.person_id)
    .outerjoin(Grant, _grants)
    .where(
        Token.token_hash == bindparam("hash"),
        Token.revoked_at.is_(None),
        or_(Token.expires_at.is_(None), Token.expires_at > bindparam("now")),
        Account.deactivated_at.is_(None),
        Person.deactivated_at.is_(None),
    )
)


def create_token(account: Account, *, name: str, now: datetime, actor: Actor) -> str:
    """A new key for this account; the only time that it is seen."""
    secret = PREFIX + secrets.token_urlsafe(32)
    with transaction() as session:
        token = Token(account_id=account.id, name=name[:100], token_hash=hashed(secret), created_at=now)
        session.add(token)
        session.flush()
        record(actor, "create_token", token, now=now)
    return secret


def revoke_token(token_id: str, *, now: datetime, actor: Actor) -> None:
    """Ends one of the actor's own keys at once; raises NotFound for another's."""
    with transaction() as session:
        token = session.get(Token, token_id)
        if token is None or (token.account_id != actor.account_id and not actor.is_admin):
            raise NotFound
        token.revoked_at = token.revoked_at or now
        record(actor, "revoke_token", token, now=now)


def actor_of_token(secret: str, *, now: datetime) -> Actor | None:
    """Whom this key acts for; None when it is forged, ended, ran out, or the login was closed."""
    rows = rows_of(connection(), WHO, {"hash": hashed(secret), "now": now, "today": local_date(now)})
    if not rows:
        return None
    first = rows[0]
    actor = Actor(
        account_id=first.account_id,
        person_id=first.person_id,
        name=" ".join(part for part in (first.surname, first.given_name) if part),
        language=first.language,
        city=first.city,
        scopes=tuple(
            Scope(row.role, row.granted_city, row.programme_id, row.event_id, row.lent_by_id)
            for row in rows
            if row.role
        ),
    )
    _note_used(first.token_id, first.last_used_at, now=now)
    return actor


def _note_used(token_id: str, used_at: datetime | None, *, now: datetime) -> None:
    if used_at is None or now - used_at > SEEN_EVERY:
        with transaction() as session:
            session.execute(update(Token).where(Token.id == token_id).values(last_used_at=now))
