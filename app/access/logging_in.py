"""Logging in by e-mail or personnel number and password."""

from datetime import datetime

from app.access.errors import WrongLogin
from app.access.passwords import is_password
from app.access.queries import accounts_named
from app.access.sessions import open_session
from app.access.tries import count_try, forget_tries
from app.accounts.models import Account


def log_in(login: str, password: str, *, address: str, device: str, now: datetime) -> str:
    """Opens a session and returns the secret for its cookie.

    Raises WrongLogin, whatever was wrong and as slowly for an unknown login; TooManyTries after five within 15 minutes.
    """
    count_try(login, address=address, now=now)
    account = _account(login, password)
    if account is None:
        raise WrongLogin
    forget_tries(login)
    return open_session(account, device=device, now=now)


def _account(login: str, password: str) -> Account | None:
    """A family may share an address: the password says whose login is meant."""
    candidates = accounts_named(login)
    right = [account for account in candidates if is_password(account.password_hash, password)]
    if not candidates:
        is_password(None, password)
    return next((account for account in right if account.is_active), None)
