"""Rows for tests, each with what it needs and a name to remember: Aigul coordinates, Nurlan works at the smelter,
Dina is his daughter, Stan is a stranger. Every function adds and commits one thing and returns it."""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from app.accounts.models import Account, Grant
from app.attendance.log_models import DeskDay
from app.consents.binding import bound_to
from app.consents.models import Consent
from app.consents.operations import install_first_texts
from app.consents.queries import newest_texts
from app.db import db, transaction
from app.events.models import Event, Programme, Site
from app.people.models import Brigade, BrigadeMember, City, Guardianship, Institution, Person
from app.people.names import child_key, search_text, sort_key
from app.signups.models import Place, SignUp

_next = count(1)
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
SATURDAY = datetime(2030, 5, 18, 4, 0, tzinfo=UTC)


def saved(row: Any) -> Any:
    """Adds and commits a row."""
    with transaction() as session:
        session.add(row)
    return row


def city(slug: str = "balkhash") -> City:
    """A city, made once."""
    found = db.session.get(City, slug)
    names = {"balkhash": ("Балқаш", "Балхаш", "Balkhash"), "zhezkazgan": ("Жезқазған", "Жезказган", "Zhezkazgan")}
    kk, ru, en = names.get(slug, (slug, slug, slug))
    return found or saved(City(slug=slug, name={"kk": kk, "ru": ru, "en": en}))


def person(surname: str = "Стан", given_name: str = "Стэн", **fields: Any) -> Person:
    """Anyone; kind "other" unless told."""
    city_slug = fields.pop("city", "balkhash")
    if city_slug:
        city(city_slug)
    values: dict[str, Any] = {
        "kind": "other",
        "birth_date": date(1985, 3, 5),
        "created_at": LONG_AGO,
        "city": city_slug,
    }
    values |= fields
    patronymic = values.get("patronymic", "")
    return saved(
        Person(
            surname=surname,
            given_name=given_name,
            name_sort=sort_key(surname, given_name, patronymic),
            name_search=search_text(surname, given_name, patronymic, values.get("personnel_number")),
            **values,
        )
    )


def employee(surname: str = "Сейітқали", given_name: str = "Нұрлан", **fields: Any) -> Person:
    """An employee with a personnel number and a mailbox."""
    number = next(_next)
    values = {"kind": "employee", "personnel_number": f"9{number:05d}", "email": f"employee{number}@torangy.example"}
    return person(surname, given_name, **(values | fields))


def child(guardian: Person, given_name: str = "Дина", *, age: int = 13, **fields: Any) -> Person:
    """A child of this guardian, `age` years old in 2030."""
    born = fields.pop("birth_date", date(2030 - age, 1, 15))
    row = person(guardian.surname, given_name, kind="child", birth_date=born, city=guardian.city, **fields)
    key = child_key(row.surname, given_name, born)
    saved(Guardianship(guardian_id=guardian.id, child_id=row.id, child_key=key, created_at=LONG_AGO))
    return row


def account(owner: Person, *roles: str, **scope: Any) -> Account:
    """A login without a usable password, with grants for these roles (scope: city=, programme_id=, event_id=)."""
    found = db.session.query(Account).filter_by(person_id=owner.id).one_or_none()
    row = found or saved(Account(person_id=owner.id, created_at=LONG_AGO, activated_at=LONG_AGO))
    for role in roles:
        key = ":".join(str(scope.get(name) or "") for name in ("city", "programme_id", "event_id"))
        saved(Grant(account_id=row.id, role=role, granted_at=LONG_AGO, scope_key=key, **scope))
    return row


def coordinator(city_slug: str | None = "balkhash", **fields: Any) -> Person:
    """Aigul, who coordinates one city (None: all)."""
    row = employee("Омарова", "Айгүл", city=city_slug or "balkhash", **fields)
    account(row, "coordinator", city=city_slug)
    return row


def admin() -> Person:
    """Somebody to whom everything is allowed."""
    row = employee("Әкімов", "Ерлан")
    account(row, "admin")
    return row


def institution(slug: str = "boarding-school", **fields: Any) -> Institution:
    """A boarding school."""
    city("balkhash")
    return saved(Institution(slug=slug, name={"en": "Boarding school"}, kind="school", city="balkhash", **fields))


def programme(slug: str | None = None, **fields: Any) -> Programme:
    """A programme of 2030."""
    values: dict[str, Any] = {"first_year": 2030, "last_year": 2030, "created_at": LONG_AGO}
    values |= {"name": {"kk": "Таза жағалау", "ru": "Чистый берег", "en": "Clean Coast"}, **fields}
    return saved(Programme(slug=slug or f"programme-{next(_next)}", **values))


def site(city_slug: str = "balkhash", **fields: Any) -> Site:
    """A coast without hazards."""
    city(city_slug)
    values: dict[str, Any] = {"kind": "coast", "created_at": LONG_AGO, "slug": f"site-{next(_next)}"}
    values |= {"name": {"kk": "Қала жағалауы", "ru": "Городское побережье", "en": "City coast"}, **fields}
    return saved(Site(city=city_slug, **values))


def event(**fields: Any) -> Event:
    """A published cleanup on a Saturday in May 2030, open for sign-ups, 4 hours, 40 seats."""
    starts_at = fields.pop("starts_at", SATURDAY)
    at = fields.pop("site", None) or site(fields.pop("city", "balkhash"))
    within = fields.pop("programme", None) or programme()
    values: dict[str, Any] = {
        "kind": "cleanup",
        "status": "published",
        "title": {"kk": "Таза жағалау", "ru": "Чистый берег", "en": "Clean coast"},
        "capacity": 40,
        "created_at": LONG_AGO,
        "published_at": LONG_AGO,
        "signup_opens_at": LONG_AGO,
        "ends_at": starts_at + timedelta(hours=4),
    }
    if fields.get("status") == "cancelled":
        values["cancelled_at"] = LONG_AGO
    return saved(Event(starts_at=starts_at, site_id=at.id, programme_id=within.id, **(values | fields)))


def place(at: Event, who: Person, *, status: str = "confirmed", **fields: Any) -> Place:
    """A party of one with a place of this status; keeps the event's count of seats."""
    number = (db.session.query(SignUp).filter_by(event_id=at.id).count()) + 1
    with transaction() as session:
        party = SignUp(event_id=at.id, leader_id=who.id, queue_number=number, created_at=LONG_AGO)
        session.add(party)
        session.flush()
        values: dict[str, Any] = {"created_at": LONG_AGO, "confirmed_at": LONG_AGO if status == "confirmed" else None}
        if status in ("cancelled", "declined"):
            values["cancelled_at"] = LONG_AGO
        if status == "offered":
            values |= {"awaits": "answer", "offer_expires_at": at.starts_at}
        row = Place(signup_id=party.id, event_id=at.id, person_id=who.id, status=status, **(values | fields))
        session.add(row)
        at.seats_taken += status in ("confirmed", "offered")
        at.people_waiting += status == "waiting"
        at.last_queue_number = number
        party.waiting = int(status == "waiting")
    return row


def closed_day(at: Event) -> DeskDay:
    """Its marks are final."""
    return saved(DeskDay(event_id=at.id, closed_at=at.ends_at))


def brigade(leader: Person, *colleagues: Person, name: str = "Жөндеу цехы") -> Brigade:
    """A brigade of this leader with these colleagues in it."""
    row = saved(Brigade(name=name, leader_id=leader.id, created_at=LONG_AGO))
    for colleague in colleagues:
        saved(BrigadeMember(brigade_id=row.id, person_id=colleague.id, joined_at=LONG_AGO))
    return row


def second_guardian(of: Person, guardian: Person) -> Guardianship:
    """Another adult who decides for this child too."""
    key = child_key(of.surname, of.given_name, of.birth_date)
    return saved(Guardianship(guardian_id=guardian.id, child_id=of.id, child_key=key, created_at=LONG_AGO))


def consent_texts() -> None:
    """The texts that guardians agree to."""
    install_first_texts(now=LONG_AGO)


def consent(at: Event, who: Person, guardian: Person, *kinds: str, is_yes: bool = True, **fields: Any) -> list[Consent]:
    """A guardian's answer to these kinds (taking part, unless told), bound to the event as it is planned."""
    consent_texts()
    texts = newest_texts()
    values: dict[str, Any] = {"language": "kk", "given_at": LONG_AGO, "bound_to": bound_to(at)}
    ids = {"event_id": at.id, "child_id": who.id, "guardian_id": guardian.id}
    return [
        saved(Consent(kind=kind, is_yes=is_yes, text_id=texts[kind], **(ids | values | fields)))
        for kind in kinds or ("participation",)
    ]
