"""Reads of logins: whose they are, what they may, from where they are used."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, or_, select

from app.access.codes import ACTIVATION, standing_codes
from app.access.models import AccessCode, Token
from app.access.sessions import standing_grants
from app.accounts.actor import COORDINATOR, Actor
from app.accounts.models import Account, Grant, Session
from app.db import db
from app.people.models import City, Person
from app.people.queries import search_people
from app.web.paging import Page, page_of

# A family may share an e-mail address.
NAMESAKES = 3


@dataclass(frozen=True)
class Login:
    """One line of the list of logins."""

    account: Account
    person: Person
    grants: list[Grant]


@dataclass(frozen=True)
class WithoutLogin:
    """How many adults of a city can't log in yet, and how each could be reached."""

    city: City
    by_mail: int
    by_slip: int
    invited: int


def people_named(login: str) -> list[Person]:
    """People with this e-mail or personnel number."""
    return list(db.session.scalars(_named(select(Person), login).order_by(Person.id).limit(NAMESAKES)))


def accounts_named(login: str) -> list[Account]:
    """Logins of people with this e-mail or personnel number."""
    query = select(Account).join(Person, Person.id == Account.person_id)
    return list(db.session.scalars(_named(query, login).order_by(Account.id).limit(NAMESAKES)))


def account_of(person_id: str) -> Account | None:
    """The login of this person."""
    return db.session.scalar(select(Account).where(Account.person_id == person_id))


def last_code_at(person_id: str, *, purpose: str) -> datetime | None:
    """When this person was last given a code that nobody took back."""
    query = select(func.max(AccessCode.created_at)).where(AccessCode.person_id == person_id)
    return db.session.scalar(query.where(AccessCode.purpose == purpose, AccessCode.revoked_at.is_(None)))


def devices_of(account_id: str, *, now: datetime) -> list[Session]:
    """Where the account is logged in, the latest first."""
    query = select(Session).where(
        Session.account_id == account_id, Session.ended_at.is_(None), Session.expires_at > now
    )
    return list(db.session.scalars(query.order_by(Session.last_seen_at.desc(), Session.id)))


def tokens_of(account_id: str) -> list[Token]:
    """The keys of programs that act as this account."""
    query = select(Token).where(Token.account_id == account_id, Token.revoked_at.is_(None))
    return list(db.session.scalars(query.order_by(Token.created_at, Token.id)))


def logins(actor: Actor, q: str, *, now: datetime, cursor: str | None, limit: int = 50) -> Page[Login]:
    """The logins that match; without words those that have a role."""
    query = search_people(actor, q).join(Account, Account.person_id == Person.id)
    if not q.strip():
        query = query.where(select(Grant.id).where(Grant.account_id == Account.id, standing_grants(now)).exists())
    page = page_of(db.session(), query, (Person.name_sort, Person.id), cursor=cursor, limit=limit)
    accounts = _by_person([person.id for person in page.items])
    grants = _grants([account.id for account in accounts.values()], now=now)
    rows = [Login(accounts[p.id], p, grants.get(accounts[p.id].id, [])) for p in page.items]
    return Page(rows, page.next)


def without_login(actor: Actor, *, now: datetime) -> list[WithoutLogin]:
    """For each city that the actor coordinates: who has no login yet."""
    where = actor.cities(COORDINATOR)
    query = select(City) if where is None else select(City).where(City.slug.in_(where))
    return [_without_login(city, now=now) for city in db.session.scalars(query.order_by(City.slug))]


def to_invite(city: str, *, now: datetime, by_mail: bool) -> Select[Person]:
    """Adult employees of a city without a login and without a code that still holds: with a mailbox, or without."""
    has_mail = Person.email.is_not(None) if by_mail else Person.email.is_(None) & Person.personnel_number.is_not(None)
    return _no_login(select(Person), city).where(has_mail, ~_has_code(now))


def _named(query: Select, login: str) -> Select:  # type: ignore[type-arg]
    name = login.strip().replace("\x00", "")
    named = or_(func.lower(Person.email) == name.lower(), Person.personnel_number == name)
    return query.where(
        named, Person.deactivated_at.is_(None), Person.email.is_not(None) | Person.personnel_number.is_not(None)
    )


def _without_login(city: City, *, now: datetime) -> WithoutLogin:
    def count(query: Select) -> int:  # type: ignore[type-arg]
        return db.session.scalar(select(func.count()).select_from(query.subquery())) or 0

    by_mail, by_slip = (count(to_invite(city.slug, now=now, by_mail=mail)) for mail in (True, False))
    invited = count(_no_login(select(Person.id), city.slug).where(_has_code(now)))
    return WithoutLogin(city, by_mail, by_slip, invited)


def _no_login(query: Select, city: str) -> Select:  # type: ignore[type-arg]
    active = select(Account.id).where(Account.person_id == Person.id, Account.activated_at.is_not(None))
    return query.where(
        Person.kind == "employee", Person.city == city, Person.deactivated_at.is_(None), ~active.exists()
    )


def _has_code(now: datetime) -> ColumnElement[bool]:
    return select(AccessCode.id).where(AccessCode.person_id == Person.id, *standing_codes(ACTIVATION, now)).exists()


def _by_person(ids: list[str]) -> dict[str, Account]:
    rows = db.session.scalars(select(Account).where(Account.person_id.in_(ids)))
    return {row.person_id: row for row in rows}


def _grants(ids: list[str], *, now: datetime) -> dict[str, list[Grant]]:
    query = select(Grant).where(Grant.account_id.in_(ids), standing_grants(now)).order_by(Grant.role, Grant.scope_key)
    found: dict[str, list[Grant]] = {}
    for grant in db.session.scalars(query):
        found.setdefault(grant.account_id, []).append(grant)
    return found
