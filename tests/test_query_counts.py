"""No page asks the database more than twelve times, and none asks more often because there are more rows.

Every GET of access.txt that somebody may open is opened by one who may. Statements are counted as the engine hears
them: each of those that PostgreSQL is sent together counts. To see them, read what a failure prints.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event as on

from app.attendance.models import AttendanceEntry
from app.db import db
from app.desk.roster.models import PlaceLabel
from app.events.models import Event
from app.gifts.models import HandOut
from app.mail.models import Mail
from app.people.models import Person
from app.people.queries import children_of
from app.rosters.models import Bus, Group
from tests import factories
from tests.access_world import World, make_world
from tests.test_access import ROLES, rows

MOST = 12
NO_QUESTIONS = ("BEGIN", "INSERT")  # a file that is taken is written down
# Whoever sees most comes first: a page is as slow as for them.
CURIOUS = ("admin", "aigul", "nurlan", "zhan", "safety", "keeper", "stan", "stranger")
LISTS = {
    "/": "aigul",
    "/planning": "aigul",
    "/people": "aigul",
    "/overview": "aigul",
    "/mail": "aigul",
    "/suppressions": "aigul",
    "/my": "nurlan",
    "/my/children": "nurlan",
    "/approvals": "aigul",
    "/gifts": "aigul",
    "/search?q=ном": "aigul",
    "/people/<person_id>/history": "aigul",
    "/events/<event_id>": "nurlan",
    "/events/<event_id>/roster": "aigul",
    "/events/<event_id>/departure": "aigul",
    "/events/<event_id>/groups": "aigul",
    "/events/<event_id>/buses": "aigul",
    "/events/<event_id>/queue": "aigul",
    "/events/<event_id>/consents": "aigul",
    "/events/<event_id>/history": "aigul",
    "/events/<event_id>/unreached": "aigul",
}


@pytest.fixture(autouse=True)
def banner_is_known(whole_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether mail stands still is asked every 15 seconds, not by each page."""
    monkeypatch.setitem(whole_app.extensions, "mail_standstill", lambda now: None)


def pages() -> list[tuple[str, str]]:
    """(address, who opens it) for every page that somebody may see."""
    found = []
    for method, address, statuses in rows():
        allowed = [role for role in CURIOUS if statuses[role] == 200]
        if method == "GET" and allowed:
            found.append((address, allowed[0]))
    return found


@contextmanager
def statements() -> Iterator[list[str]]:
    """What the engine is told meanwhile."""
    heard: list[str] = []

    def hear(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.split()[0] not in NO_QUESTIONS:
            heard.append(statement)

    on.listen(db.engine, "before_cursor_execute", hear)
    try:
        yield heard
    finally:
        on.remove(db.engine, "before_cursor_execute", hear)


class Openers:
    """Who opens the pages, each logged in once; what a page reads is forgotten before the next."""

    def __init__(self, world: World, app: Flask, log_in) -> None:
        self.world, self.app = world, app
        self.refused: list[str] = []
        self.browsers = {role: world.client(role, app, log_in) for role in ROLES}
        self.tokens = {role: world.token(role) for role in ROLES}

    def statements_of(self, address: str, role: str) -> list[str]:
        """The statements of one page; what is no page is noted among the refused."""
        is_program = address.startswith("/api/")
        headers = {"Authorization": f"Bearer {self.tokens[role]}"} if is_program else {}
        client = self.app.test_client() if is_program else self.browsers[role]
        db.session.remove()
        with statements() as heard:
            answer = client.get(self.world.filled(address), headers=headers)
        if answer.status_code != 200:
            self.refused.append(f"{address} as {role} answered {answer.status_code}")
        return heard


def test_the_tables_roles_are_all_asked():
    assert set(CURIOUS) == set(ROLES)


@pytest.mark.slow
def test_no_page_asks_more_than_twelve_times(app: Flask, log_in):
    openers, too_many = Openers(make_world(), app, log_in), []
    for address, role in pages():
        heard = openers.statements_of(address, role)
        if len(heard) > MOST:
            too_many.append("\n    ".join([f"{address} as {role}: {len(heard)} statements", *heard]))
    assert not openers.refused + too_many, "\n" + "\n".join(openers.refused + too_many)


@pytest.mark.slow
def test_more_rows_are_no_more_questions(app: Flask, log_in):
    world = make_world()
    crowd(world, "1")
    openers = Openers(world, app, log_in)
    few = {address: openers.statements_of(address, role) for address, role in LISTS.items()}
    for name in "234567":
        crowd(world, name)
    grew = []
    for address, role in LISTS.items():
        heard = openers.statements_of(address, role)
        if len(heard) != len(few[address]):
            new = [said for said in heard if heard.count(said) != few[address].count(said)]
            grew.append("\n    ".join([f"{address} as {role}: {len(few[address])}, then {len(heard)}", *new]))
    assert not openers.refused + grew, "\n" + "\n".join(openers.refused + grew)


def crowd(world: World, name: str) -> None:
    """One family more: signed up, in its own group and bus, with a consent, a mark, a gift and a note; a party that
    waits and one that asks for approval; another child of Nurlan's; one more event with his family, a letter."""
    event = db.session.get_one(Event, world.names["event_id"])
    nurlan = db.session.get_one(Person, world.names["person_id"])
    guardian = factories.employee(f"Отбасы{name}", "Ата")
    child = factories.child(guardian, f"Бала{name}")
    group = factories.saved(Group(event_id=event.id, name=f"топ {name}"))
    bus = factories.saved(Bus(event_id=event.id, name=f"автобус {name}", seats=40))
    carried = {"group_id": group.id, "bus_id": bus.id}
    places = [factories.place(event, who, **carried) for who in (guardian, child, factories.child(nurlan, f"Ұл{name}"))]
    factories.consent(event, child, guardian)
    factories.place(event, factories.employee(f"Кезек{name}", "Ата"), status="waiting")
    factories.place(event, factories.employee(f"Келісім{name}", "Ата"), status="offered")
    rest = {"at": factories.LONG_AGO, "recorded_at": factories.LONG_AGO}
    for place in places:
        mark = {"id": f"{place.id}-{name}", "place_id": place.id, "kind": "check_in"}
        factories.saved(AttendanceEntry(event_id=event.id, **mark, **rest))
        gift = {"id": f"{place.id}-{name}", "person_id": place.person_id, "item_id": world.names["item_id"]}
        factories.saved(HandOut(event_id=event.id, **gift, **rest))
        factories.saved(
            PlaceLabel(event_id=event.id, place_id=place.id, label=f"белгі {name}", created_at=factories.LONG_AGO)
        )
    another = factories.event(audience="families", starts_at=factories.SATURDAY + timedelta(days=7 * int(name)))
    for who in (nurlan, *children_of(nurlan.id)):
        factories.place(another, who)
    _letter(event.id, name)


def _letter(event_id: str, name: str) -> None:
    then = factories.LONG_AGO
    factories.saved(
        Mail(
            key=f"crowd-{name}", template="signups/confirmed", recipient=f"a{name}@torangy.example", language="kk",
            context={}, event_id=event_id, created_at=then, not_before=then, due_at=then, status="failed",
        )
    )  # fmt: skip
