"""Opening a login for somebody by hand: the first administrator, a coordinator, a keeper of gifts."""

from datetime import datetime

from app.access.codes import ACTIVATION, issue_code
from app.access.passwords import password_hash, require_good_password
from app.access.queries import people_named
from app.accounts.actor import EMPLOYEE, ROLES, Actor
from app.accounts.models import Account
from app.accounts.operations import HasRole, grant_role, opened
from app.accounts.policy import can_grant
from app.db import db, transaction
from app.errors import N_, Invalid, require
from app.people.models import City, Person
from app.people.names import search_text, sort_key


def create_account(
    email: str,
    role: str,
    *,
    now: datetime,
    actor: Actor,
    city: str | None = None,
    surname: str = "",
    given_name: str = "",
    language: str = "kk",
    password: str | None = None,
) -> tuple[Account, str | None]:
    """The login of this address with this role, and its activation code (None with a password, or if it is active).

    The person is found by the address or made. Doing it again changes nothing but to add the role. Raises Invalid.
    """
    require(can_grant(actor))
    _require_known(role, city)
    with transaction():
        person = _person(email.strip(), surname, given_name, language=language, city=city, now=now)
        account = opened(person.id, now=now, actor=actor)
        if role != EMPLOYEE:
            _grant(account, role, city=city, now=now, actor=actor)
        if password:
            require_good_password(password, person)
            account.password_hash, account.activated_at = password_hash(password), account.activated_at or now
        code = None if account.activated_at else issue_code(person, purpose=ACTIVATION, now=now, actor=actor)
    return account, code


def _require_known(role: str, city: str | None) -> None:
    if role not in ROLES:
        raise Invalid({"role": N_("There is no such role.")})
    if city and db.session.get(City, city) is None:
        raise Invalid({"city": N_("There is no such city.")})


def _person(email: str, surname: str, given_name: str, *, language: str, city: str | None, now: datetime) -> Person:
    found = people_named(email)
    if len(found) > 1:
        raise Invalid({"email": N_("Several people have this address. Give them their own addresses first.")})
    if found:
        return found[0]
    if "@" not in email.strip("@"):
        raise Invalid({"email": N_("This is no e-mail address.")})
    surname = surname or ("" if given_name else email.partition("@")[0])
    person = Person(
        kind="other",
        surname=surname,
        given_name=given_name,
        name_sort=sort_key(surname, given_name),
        name_search=search_text(surname, given_name),
        email=email.lower(),
        language=language,
        city=city,
        created_at=now,
    )
    db.session.add(person)
    db.session.flush()
    return person


def _grant(account: Account, role: str, *, city: str | None, now: datetime, actor: Actor) -> None:
    try:
        grant_role(account, role, city=city, now=now, actor=actor)
    except HasRole:
        return
