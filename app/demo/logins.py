"""The people of the demo logins: invented, with a password that everybody knows. Their accounts are marked as demo."""

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.passwords import password_hash
from app.access.sessions import actor_from
from app.accounts.actor import ADMIN, COORDINATOR, EMPLOYEE, GIFT_KEEPER, Actor
from app.accounts.models import Account, Grant
from app.db import db, new_id
from app.people.models import Guardianship, Person
from app.people.names import child_key, search_text, sort_key

PASSWORD = "torangy-demo"
AIGUL, NURLAN, ADMINISTRATOR = "aigul@torangy.example", "nurlan@torangy.example", "admin@torangy.example"
CITIES = ("balkhash", "zhezkazgan")


def add_logins(session: Session, *, now: datetime) -> None:
    """Aigul coordinates both cities and keeps the gifts, Nurlan works at the smelter and has two children, an admin."""
    password = password_hash(PASSWORD)
    aigul = _employee("Омарова", "Айгүл", "Серікқызы", AIGUL, "900001", date(1988, 4, 12), "Корпоративтік даму", now)
    nurlan = _employee("Сейітқали", "Нұрлан", "Болатұлы", NURLAN, "900002", date(1984, 9, 3), "Балқыту цехы", now)
    admin = _employee(
        "Әкімов", "Ерлан", "Маратұлы", ADMINISTRATOR, "900003", date(1979, 1, 25), "Ақпараттық жүйелер", now
    )
    nurlan.tshirt_size = "L"
    session.add_all([aigul, nurlan, admin])
    session.flush()
    alone: list[tuple[str, str | None]] = [(EMPLOYEE, None)]
    keeper: list[tuple[str, str | None]] = [(role, city) for city in CITIES for role in (COORDINATOR, GIFT_KEEPER)]
    _account(session, aigul, alone + keeper, password, now)
    _account(session, nurlan, alone, password, now)
    _account(session, admin, [(ADMIN, None)], password, now)
    _child(session, nurlan, "Дина", years=13, size="158", now=now)
    _child(session, nurlan, "Арман", years=9, size="134", now=now)


def have_logins() -> bool:
    """Whether they stand already."""
    return db.session.scalar(select(Account.id).where(Account.is_demo).limit(1)) is not None


def actor_named(email: str) -> Actor:
    """The actor of a demo login."""
    person = person_named(email)
    account = db.session.scalars(select(Account).where(Account.person_id == person.id)).one()
    grants = list(db.session.scalars(select(Grant).where(Grant.account_id == account.id)))
    return actor_from(account.id, person, grants)


def person_named(email: str) -> Person:
    """The person of a demo login."""
    return db.session.scalars(select(Person).where(Person.email == email)).one()


def _employee(
    surname: str, given: str, patronymic: str, email: str, number: str, born: date, department: str, now: datetime
) -> Person:
    row = _person(surname, given, patronymic, born, now)
    row.kind, row.email, row.personnel_number, row.department = "employee", email, number, department
    row.name_search = search_text(surname, given, patronymic, number)
    return row


def _person(surname: str, given: str, patronymic: str, born: date, now: datetime) -> Person:
    return Person(
        id=new_id(),
        surname=surname,
        given_name=given,
        patronymic=patronymic,
        name_sort=sort_key(surname, given, patronymic),
        name_search=search_text(surname, given, patronymic),
        birth_date=born,
        city="balkhash",
        language="kk",
        created_at=now,
    )


def _child(session: Session, guardian: Person, given: str, *, years: int, size: str, now: datetime) -> None:
    """A child who is that old now and for the next half-year."""
    birthday = (now - timedelta(days=180)).date()
    child = _person(guardian.surname, given, "", birthday.replace(year=birthday.year - years, day=7), now)
    child.kind, child.tshirt_size = "child", size
    session.add(child)
    session.flush()
    key = child_key(child.surname, given, child.birth_date)
    session.add(Guardianship(guardian_id=guardian.id, child_id=child.id, child_key=key, created_at=now))


def _account(
    session: Session, person: Person, grants: list[tuple[str, str | None]], password: str, now: datetime
) -> None:
    account = Account(id=new_id(), person_id=person.id, password_hash=password, created_at=now, activated_at=now)
    account.is_demo = True
    session.add(account)
    session.flush()
    for role, city in grants:
        grant = Grant(account_id=account.id, role=role, city=city, scope_key=f"{city or ''}::", granted_at=now)
        session.add(grant)
