"""Wrong tries, counted per login and per network address: they slow guessing down and lock nobody out for long."""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select

from app.access.errors import TooManyTries
from app.access.models import FailedLogin
from app.db import db, transaction

WITHIN = timedelta(minutes=15)
PER_LOGIN = 5
# A plant's phones share one address: it has to bear the slips of many.
PER_ADDRESS = 50


def count_try(login: str, *, address: str, now: datetime) -> None:
    """Counts the try before it is made, so that many at once don't slip through; raises TooManyTries (429).

    Whoever succeeds calls `forget_tries`.
    """
    name = login.strip().lower()[:254]
    with transaction() as session:
        if (
            _recent(FailedLogin.login == name, now) >= PER_LOGIN
            or _recent(FailedLogin.address == address, now) >= PER_ADDRESS
        ):
            raise TooManyTries
        session.add(FailedLogin(login=name, address=address[:64], at=now))


def forget_tries(login: str) -> None:
    """The right person came: their slips count no more."""
    with transaction() as session:
        session.execute(delete(FailedLogin).where(FailedLogin.login == login.strip().lower()[:254]))


def require_few_misses(what: str, *, address: str, now: datetime) -> None:
    """Raises TooManyTries (429) for an address from which fifty unknown ones were asked for within 15 minutes."""
    if _recent(FailedLogin.address == _missed(what, address), now) >= PER_ADDRESS:
        raise TooManyTries


def count_miss(what: str, *, address: str, now: datetime) -> None:
    """Somebody asked for one that doesn't exist: guessing at secrets in addresses is counted like guessing passwords.

    Apart from failed logins, so that neither shuts the other's door.
    """
    with transaction() as session:
        session.add(FailedLogin(login=what, address=_missed(what, address), at=now))


def _missed(what: str, address: str) -> str:
    return f"{what}:{address}"[:64]


def _recent(where: object, now: datetime) -> int:
    query = select(func.count()).select_from(FailedLogin).where(where, FailedLogin.at > now - WITHIN)  # type: ignore[arg-type]
    return db.session.scalar(query) or 0
