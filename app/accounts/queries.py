"""Reads of grants and accounts by their ids."""

from app.accounts.actor import Actor
from app.accounts.models import Account, Grant
from app.db import db
from app.errors import NotFound


def account_to_grant(actor: Actor, account_id: str) -> Account:
    """The login whose roles an administrator changes; raises NotFound."""
    account = db.session.get(Account, account_id) if actor.is_admin else None
    if account is None:
        raise NotFound
    return account


def grant_to_revoke(actor: Actor, grant_id: str) -> Grant:
    """The role that an administrator takes back; raises NotFound."""
    grant = db.session.get(Grant, grant_id) if actor.is_admin else None
    if grant is None:
        raise NotFound
    return grant
