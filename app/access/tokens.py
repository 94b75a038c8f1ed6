"""Keys of programs to the JSON face: each acts as its account, may be ended at any time, and is shown once."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update

from app.access.models import Token
from app.access.sessions import actor_from, hashed, standing_grants
from app.accounts.actor import Actor
from app.accounts.models import Account, Grant
from app.audit.operations import record
from app.db import db, transaction
from app.errors import NotFound
from app.people.models import Person

PREFIX = "torangy_"
SEEN_EVERY = timedelta(minutes=10)


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
    rows = db.session.execute(
        select(Token, Account.id, Person, Grant)
        .join(Account, Account.id == Token.account_id)
        .join(Person, Person.id == Account.person_id)
        .outerjoin(Grant, (Grant.account_id == Account.id) & standing_grants(now))
        .where(
            Token.token_hash == hashed(secret),
            Token.revoked_at.is_(None),
            or_(Token.expires_at.is_(None), Token.expires_at > now),
            Account.deactivated_at.is_(None),
            Person.deactivated_at.is_(None),
        )
    ).all()
    if not rows:
        return None
    token, account_id, person, _ = rows[0]
    actor = actor_from(account_id, person, [row[3] for row in rows if row[3]])
    _note_used(token, now=now)
    return actor


def _note_used(token: Token, *, now: datetime) -> None:
    token_id, used_at = token.id, token.last_used_at
    if used_at is None or now - used_at > SEEN_EVERY:
        with transaction() as session:
            session.execute(update(Token).where(Token.id == token_id).values(last_used_at=now))
