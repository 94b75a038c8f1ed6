"""What the tests of access share: people who can log in, and the letters that were written to them."""

from datetime import UTC, datetime

from sqlalchemy import update

from app.access.passwords import password_hash
from app.accounts.actor import ADMIN, Actor, Scope
from app.accounts.models import Account
from app.db import db, transaction
from app.mail.models import Mail
from app.people.models import Person
from tests import factories

NOW = datetime(2030, 5, 1, 6, 0, tzinfo=UTC)
PASSWORD = "three green camels"
ROOT = Actor(name="root", scopes=(Scope(ADMIN),))


def with_password(person: Person, password: str = PASSWORD) -> Account:
    """An account of this person that opens with the password."""
    account = factories.account(person)
    with transaction() as session:
        session.execute(update(Account).where(Account.id == account.id).values(password_hash=password_hash(password)))
    db.session.refresh(account)
    return account


def letters(kind: str) -> list[Mail]:
    """Letters of access of this kind, the first one first."""
    return db.session.query(Mail).filter_by(template=f"access/{kind}").order_by(Mail.created_at, Mail.id).all()


def link(letter: Mail) -> str:
    """The address that the letter's button opens."""
    return str(letter.context["url"])
