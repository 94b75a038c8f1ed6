"""The whole day without signal on two phones, 400 people: a flat battery in the crowd, a clock that is a day ahead, a
new version, log-ins that end. Then the signal comes back, and every tap is one operation."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Select, func, select, update

from app import clock
from app.access.sessions import end_sessions_of
from app.accounts.actor import SYSTEM
from app.accounts.models import Session
from app.api import desk_exchange
from app.attendance.log_models import DeskOperation
from app.attendance.models import AttendanceEntry
from app.db import db, transaction
from app.desk.log.conflict_models import DeskConflict
from app.desk.phone import shell_routes
from app.events.models import Event
from app.gifts.models import HandOut, StockEntry
from app.gifts.operations import choose_gifts, create_item, enter_stock
from app.signups.models import Place
from tests import factories
from tests.browser.conftest import assert_accessible
from tests.browser.desk_day import Phone, Server, kinds, refuses, rows, server, with_password
from tests.browser.desk_hands import Guest, Hands

__all__ = ["server"]
pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    # A browser that is killed leaves files half read on the server's side of this process.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
SURNAMES = "Ахметов Бейсенов Ғабитов Дәулетов Ермеков Жұмабаев Зейнолла Исаев Кәрімов Қасымов".split()
GIVEN = "Асан Болат Ғани Данияр Ерлан Жандос Кеңес Қайрат Марат Нұрлан Олжас Рүстем Серік Тимур Үсен Шыңғыс".split()
PEOPLE, BOTH, TWICE = 400, 40, 12
STOCK = {"M": 150, "L": 120}
AHEAD = timedelta(days=1, hours=3)  # the hours are seen on a phone that shows hours
# Where it begins and ends, and how far down its words reach.
BOX = """(id) => {
  const found = document.getElementById(id);
  const [range, { top, bottom }] = [document.createRange(), found.getBoundingClientRect()];
  range.selectNodeContents(found);
  return { top, bottom, words: range.getBoundingClientRect().bottom };
}"""


@dataclass
class Crowd:
    """The event, and who comes to it."""

    event: Event
    guests: list[Guest]

    @property
    def first(self) -> list[Guest]:
        """Those who come to Aigul."""
        return self.guests[: (PEOPLE - BOTH) // 2]

    @property
    def second(self) -> list[Guest]:
        """Those who come to Marat."""
        return self.guests[(PEOPLE - BOTH) // 2 : -BOTH]

    @property
    def both(self) -> list[Guest]:
        """Those who come to both of them."""
        return self.guests[-BOTH:]


@pytest.fixture
def crowd(server: Server) -> Crowd:
    """400 people with seats; a T-shirt for each, of which there are fewer than people and more than are given."""
    event = factories.event(starts_at=clock.now(), capacity=PEOPLE)
    with transaction():
        names = [(surname, f"{given} {number}") for number in "123" for surname in SURNAMES for given in GIVEN]
        people = [factories.employee(*name) for name in names[:PEOPLE]]
        places = [factories.place(event, one) for one in people]
    item = create_item(name={"kk": "Футболка"}, sizes=list(STOCK), now=clock.now(), actor=SYSTEM)
    choose_gifts(event, [item.id], now=clock.now(), actor=SYSTEM)
    about = {"store": "balkhash", "kind": "receipt", "now": clock.now(), "actor": SYSTEM}
    for size, pieces in STOCK.items():
        enter_stock(item, size=size, quantity=pieces, entry_id=str(uuid4()), **about)
    guests = [Guest(place.ticket, f"{who.surname} {who.given_name}") for place, who in zip(places, people, strict=True)]
    return Crowd(event, guests)


@pytest.fixture
def hands(crowd: Crowd, server: Server, chromium: Browser, tmp_path: Path) -> Iterator[tuple[Hands, Hands]]:
    """Aigul, who coordinates and reads Russian, and Marat, who helps and reads Kazakh; each with a phone."""
    aigul, marat = factories.coordinator("balkhash", language="ru"), factories.employee("Оспан", "Марат")
    factories.account(marat, "helper", event_id=crowd.event.id)
    found = []
    for person, name in ((aigul, "aigul"), (marat, "marat")):
        account_id = with_password(person, f"{name}@torangy.example")
        phone = Phone(tmp_path / name, chromium, server.url)
        about = {"login": f"{name}@torangy.example", "account_id": account_id}
        found.append(Hands(crowd.event.id, [], phone, **about))
    yield found[0], found[1]
    for one in found:
        one.phone.stop()


def test_a_whole_day_without_signal_on_two_phones_loses_nothing_and_doubles_nothing(
    crowd: Crowd, hands: tuple[Hands, Hands], server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    aigul, marat = hands
    aigul.phone.start()
    aigul.take_along()
    marat.phone.start(before=lambda page: page.context.clock.install(time=datetime.now(UTC) + AHEAD))
    marat.take_along()

    no_signal(hands, server)
    morning(aigul, marat, crowd)
    comes_anew(aigul, server, monkeypatch)
    afternoon(aigul, marat, crowd)
    logins_end(aigul, marat)
    assert kinds() == []

    signal_is_back(hands, server, monkeypatch)
    assert said_by(hands) == Counter((one.account_id, *tap) for one in hands for tap in one.taps)
    all_are_present(crowd.event)
    left = gifts_are_right(hands)
    the_clock_is_put_right(crowd.event, marat)
    for one in hands:
        one.has(f"{PEOPLE} / {PEOPLE}", left, crowd.first[-1])


def no_signal(hands: tuple[Hands, Hands], server: Server) -> None:
    """Flight mode on both phones, and no way to the server besides."""
    server.go()
    for one in hands:
        one.phone.offline(True)


def morning(aigul: Hands, marat: Hands, crowd: Crowd) -> None:
    """Half of the people; a wrong one is taken back; a battery is out while they come."""
    first, second = crowd.first, crowd.second
    aigul.scan(first[:70])
    aigul.give(first[:40], "M")
    aigul.take_back(first[70])
    aigul.scan(first[70:71])
    before = datetime.now(UTC)
    marat.scan([*crowd.both, *second[:50]])
    shows_the_time(marat, crowd.both[0], crowd.event, before)
    marat.give(crowd.both[:TWICE], "L")
    marat.give(second[:50], "M")
    unsent = len(aigul.taps)
    answered = aigul.scan_until_it_dies(first[71:130], after=10)
    aigul.wake()
    kept = int(aigul.page.locator("body").get_attribute("data-unsent") or 0) - unsent
    assert answered <= kept < len(first[71:130])
    assert aigul.scan_again(first[71:130]) == kept
    aigul.is_unsent(len(aigul.taps))


def comes_anew(aigul: Hands, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """For a moment there is signal: the app comes in a new version, and nothing can be handed over."""
    unsent, page = len(aigul.taps), aigul.page
    monkeypatch.setattr(shell_routes, "version", lambda: "the next version")
    with monkeypatch.context() as busy:
        busy.setattr(desk_exchange, "take_sealed", refuses)
        server.come()
        aigul.phone.offline(False)
        page.reload()
        aigul.unlock()
        page.locator("body[data-screen=door]").wait_for()
        page.locator("#update").wait_for()
        nothing_lies_over_another(page)
        assert_accessible(page)
        page.locator("#update").click()
        expect(page.locator("meta[name=desk-version]")).to_have_attribute("content", "the next version")
        aigul.phone.offline(True)
        server.go()
    aigul.unlock()
    page.locator("body[data-screen=door]").wait_for()
    aigul.is_unsent(unsent)


def afternoon(aigul: Hands, marat: Hands, crowd: Crowd) -> None:
    """The other half; those whom both let in, and the gifts that both gave."""
    aigul.scan([*crowd.first[130:], *crowd.both[:-1]])
    aigul.give(crowd.both[:TWICE], "M")
    aigul.give(crowd.first[40:80], "L")
    aigul.take_back(crowd.both[-1])  # the other phone has them all the same
    marat.scan(crowd.second[50:-1])
    marat.take_back(crowd.second[-1])
    marat.scan(crowd.second[-1:])
    marat.give(crowd.second[50:70], "L")


def logins_end(aigul: Hands, marat: Hands) -> None:
    """Hers has run out by the time; his was ended, as with a new password."""
    with transaction() as session:
        hers = update(Session).where(Session.account_id == aigul.account_id)
        session.execute(hers.values(expires_at=clock.now()))
    end_sessions_of(marat.account_id, now=clock.now())


def signal_is_back(hands: tuple[Hands, Hands], server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """His log-in ended: the phone holds nothing more that could be read, before it could hand anything over. What is
    sealed goes out later, as hers does; then he logs in again."""
    marat = hands[1]
    with monkeypatch.context() as busy:
        busy.setattr(desk_exchange, "take_sealed", refuses)
        server.come()
        for one in hands:
            one.phone.offline(False)
        marat.page.locator("body[data-screen=wiped]").wait_for(timeout=30_000)
        assert rows(marat.page) == {"state": 0, "feed": 0, "mine": 0, "outbox": len(marat.taps)}
    for one in hands:
        one.page.evaluate("dispatchEvent(new Event('online'))")  # or they would try again when it suits them
        one.is_unsent(0)
    marat.page.locator("a[href*='/login?next=']").click()
    marat.type_password()
    marat.choose_pin()


def shows_the_time(marat: Hands, guest: Guest, event: Event, before: datetime) -> None:
    """When they came by the event's clock, whatever the phone's says."""
    assert marat.answers([guest]) == ["look"]
    zone = ZoneInfo(event.timezone)
    minutes = range(int((datetime.now(UTC) - before) / timedelta(minutes=1)) + 2)
    times = [(before + timedelta(minutes=number)).astimezone(zone).strftime("%H:%M") for number in minutes]
    shown = marat.page.locator("#result").inner_text()
    assert any(one in shown for one in times), (times, shown)


def nothing_lies_over_another(page: Page) -> None:
    """The header, the new version, what is unsent, the screen: one below the other, each with all of its words."""
    boxes = [page.evaluate(BOX, name) for name in ("top", "update", "unsent", "main")]
    assert boxes[0]["top"] == 0
    for above, below in pairwise(boxes):
        assert above["top"] < above["words"] <= above["bottom"] <= below["top"], boxes


def said_by(hands: tuple[Hands, Hands]) -> Counter[tuple[str, str, str]]:
    """{(account, kind, ticket): how often} as the log has it."""
    db.session.rollback()
    row = DeskOperation
    query = select(row.account_id, row.kind, row.body, Place.ticket).join(Place, Place.id == row.place_id)
    told = db.session.execute(query).all()
    assert len(told) == db.session.scalar(select(func.count()).select_from(row)) == sum(len(one.taps) for one in hands)
    return Counter((who, f"{kind} {body.get('size', '')}".strip(), ticket) for who, kind, body, ticket in told)


def all_are_present(event: Event) -> None:
    """Each of them once, by the entries themselves."""
    row = AttendanceEntry
    stands = (row.event_id == event.id, row.kind == "check_in", row.undone_by_id.is_(None))
    here = Counter(db.session.scalars(select(row.place_id).where(*stands)))
    assert here == Counter(db.session.scalars(select(Place.id).where(Place.event_id == event.id)))
    assert len(here) == PEOPLE


def gifts_are_right(hands: tuple[Hands, Hands]) -> dict[str, int]:
    """Every piece that was handed out has left the store once; what went twice to one person comes up with both sides.
    Returns what is left."""
    gifts = [(kind.split()[1], ticket) for one in hands for kind, ticket in one.taps if kind.startswith("hand_out")]
    given, people = Counter(size for size, _ in gifts), {ticket for _, ticket in gifts}
    assert len(gifts) == len(people) + TWICE
    row = StockEntry
    moved = select(row.operation_id, func.sum(row.quantity)).where(row.operation_id.is_not(None))
    hand_outs = set(db.session.scalars(select(DeskOperation.id).where(DeskOperation.kind == "hand_out")))
    assert sums(moved.group_by(row.operation_id)) == dict.fromkeys(hand_outs, -1)
    owners = db.session.scalars(select(HandOut.person_id).where(HandOut.undone_at.is_(None)))
    assert Counter(owners) == Counter(db.session.scalars(select(Place.person_id).where(Place.ticket.in_(people))))
    sides_are_both(hands)
    left = {size: pieces - given[size] for size, pieces in STOCK.items()}
    assert sums(select(row.size, func.sum(row.quantity)).group_by(row.size)) == left
    return left


def sums(query: Select[Any]) -> dict[str, int]:
    return {name: int(pieces) for name, pieces in db.session.execute(query)}


def sides_are_both(hands: tuple[Hands, Hands]) -> None:
    """Each conflict is a gift that one gave and the other gave."""
    conflicts = db.session.scalars(select(DeskConflict).where(DeskConflict.gone_at.is_(None))).all()
    assert Counter(one.kind for one in conflicts) == {"given-twice": TWICE}
    for one in conflicts:
        query = select(DeskOperation.account_id).where(DeskOperation.id.in_(one.operations))
        assert sorted(db.session.scalars(query)) == sorted(who.account_id for who in hands)


def the_clock_is_put_right(event: Event, marat: Hands) -> None:
    """What his phone said is of the day, not of tomorrow; the phone's own word is kept beside it."""
    row = DeskOperation
    for at, corrected_at in db.session.execute(
        select(row.at, row.corrected_at).where(row.account_id == marat.account_id)
    ):
        assert event.starts_at < corrected_at < clock.now() < at
        assert abs(at - corrected_at - AHEAD) < timedelta(minutes=2)  # Playwright's clock is slow, too
