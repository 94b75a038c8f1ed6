"""The rows that measurements need: one city, one event, many employees who are logged in."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from flask import Flask, g, session
from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import generate_csrf
from sqlalchemy import insert, select

from app.access.sessions import hashed
from app.accounts.models import Account, Grant, Session
from app.db import db, new_id, new_ticket, transaction
from app.events.models import Event, Programme, Site
from app.people.models import City, Guardianship, Person
from app.people.names import child_key, fold, sort_key
from app.signups.models import Place, SignUp


@dataclass(frozen=True)
class Visitor:
    """A logged-in person as a client sees it: the cookie to send and the form's token."""

    person_id: str
    cookie: str
    csrf_token: str


def make_ground(*, now: datetime) -> tuple[str, str]:
    """City, programme and site, made once; returns the ids of programme and site."""
    there = select(Programme.id).where(Programme.slug == "bench").union_all(select(Site.id).where(Site.slug == "coast"))
    if found := db.session.scalars(there).all():
        return found[0], found[1]
    programme, site = new_id(), new_id()
    with transaction() as database:
        database.add(City(slug="balkhash", name={"kk": "Балқаш", "ru": "Балхаш", "en": "Balkhash"}))
        database.flush()
        year = now.year
        database.add(
            Programme(id=programme, slug="bench", name={"en": "Bench"}, first_year=year, last_year=year, created_at=now)
        )
        name = {"kk": "Жағалау", "ru": "Побережье", "en": "Coast"}
        database.add(Site(id=site, slug="coast", city="balkhash", kind="coast", name=name, created_at=now))
    return programme, site


def make_event(ground: tuple[str, str], *, capacity: int, now: datetime) -> str:
    """A published cleanup for families three weeks ahead, open for sign-ups; returns its id."""
    event_id, start = new_id(), (now + timedelta(days=21)).replace(minute=0, second=0, microsecond=0)
    with transaction() as database:
        database.add(
            Event(
                id=event_id,
                programme_id=ground[0],
                site_id=ground[1],
                kind="cleanup",
                audience="families",
                status="published",
                title={"kk": "Таза жағалау", "ru": "Чистый берег", "en": "Clean coast"},
                starts_at=start,
                ends_at=start + timedelta(hours=4),
                capacity=capacity,
                signup_opens_at=now - timedelta(days=1),
                created_at=now,
                published_at=now,
            )
        )
    return event_id


def make_employees(count: int, *, now: datetime, first: int = 100000) -> list[str]:
    """Employees with mailboxes; returns their ids."""
    rows = []
    for number in range(first, first + count):
        surname, given_name = f"Омаров{number}", "Нұрлан"
        rows.append(
            {
                "id": new_id(),
                "kind": "employee",
                "surname": surname,
                "given_name": given_name,
                "name_sort": sort_key(surname, given_name),
                "name_search": " " + fold(f"{surname} {given_name} {number}"),
                "email": f"employee{number}@torangy.example",
                "personnel_number": str(number),
                "city": "balkhash",
                "language": "kk",
                "created_at": now,
            }
        )
    with transaction() as database:
        database.execute(insert(Person), rows)
    return [str(row["id"]) for row in rows]


def make_children(guardian_ids: list[str], *, now: datetime, first: int = 0) -> list[list[str]]:
    """None, one, two or three children for each of these employees in turn; returns their ids by guardian."""
    people, ties, families = [], [], []
    for number, guardian_id in enumerate(guardian_ids):
        children = [_child(first + number, which, now=now) for which in range(number % 4)]
        families.append([child["id"] for child in children])
        people += children
        ties += [_tie(guardian_id, child, now=now) for child in children]
    with transaction() as database:
        database.execute(insert(Person), people)
        database.execute(insert(Guardianship), ties)
    return families


def _child(family: int, which: int, *, now: datetime) -> dict[str, Any]:
    surname, given_name = f"Омаров{family}", f"Дина{which}"
    return {
        "id": new_id(),
        "kind": "child",
        "surname": surname,
        "given_name": given_name,
        "name_sort": sort_key(surname, given_name),
        "name_search": " " + fold(f"{surname} {given_name}"),
        "birth_date": date(now.year - 12, 1, 15),
        "city": "balkhash",
        "language": "kk",
        "created_at": now,
    }


def _tie(guardian_id: str, child: dict[str, Any], *, now: datetime) -> dict[str, Any]:
    key = child_key(child["surname"], child["given_name"], child["birth_date"])
    tie = {"id": new_id(), "guardian_id": guardian_id, "child_id": child["id"], "child_key": key}
    return tie | {"relation": "parent", "created_at": now}


def log_in_all(app: Flask, person_ids: list[str], *, now: datetime, role: str | None = None) -> list[Visitor]:
    """Accounts and open sessions for these people, with the cookies that a browser would hold."""
    visitors, accounts, sessions, grants = [], [], [], []
    for person_id in person_ids:
        account_id, secret = new_id(), new_id() + new_id()
        accounts.append({"id": account_id, "person_id": person_id, "created_at": now, "activated_at": now})
        times = {"created_at": now, "last_seen_at": now, "expires_at": now + timedelta(days=1)}
        sessions.append({"id": hashed(secret), "account_id": account_id, "device": "bench", **times})
        if role:
            grants.append({"id": new_id(), "account_id": account_id, "role": role, "granted_at": now})
        visitors.append(_visitor(app, person_id, secret))
    with transaction() as database:
        database.execute(insert(Account), accounts)
        database.execute(insert(Session), sessions)
        if grants:
            database.execute(insert(Grant), grants)
    return visitors


def seat_all(event_id: str, person_ids: list[str], *, now: datetime) -> None:
    """Confirmed places for all of them, a party each."""
    signups, places = [], []
    for number, person_id in enumerate(person_ids, start=1):
        signup_id = new_id()
        signups.append(
            {"id": signup_id, "event_id": event_id, "leader_id": person_id, "queue_number": number, "created_at": now}
        )
        place = {"id": new_id(), "signup_id": signup_id, "event_id": event_id, "person_id": person_id}
        places.append(place | {"status": "confirmed", "ticket": new_ticket(), "created_at": now, "confirmed_at": now})
    with transaction() as database:
        database.execute(insert(SignUp), signups)
        database.execute(insert(Place), places)
        event = db.session.get_one(Event, event_id)
        event.seats_taken = event.last_queue_number = len(person_ids)


def now() -> datetime:
    """The moment of the measurement."""
    return datetime.now(UTC)


def _visitor(app: Flask, person_id: str, secret: str) -> Visitor:
    """Signs a session cookie with the app's own key, as the log-in page would have."""
    with app.test_request_context():
        g.pop("csrf_token", None)
        token = generate_csrf()
        session["_user_id"], session["_fresh"] = secret, True
        serializer = SecureCookieSessionInterface().get_signing_serializer(app)
        assert serializer is not None
        value = serializer.dumps(dict(session))
    return Visitor(person_id, f"{app.config['SESSION_COOKIE_NAME']}={value}", token)
