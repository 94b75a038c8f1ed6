"""The stock ledger: entries add up, wrong ones are refused with a sentence, and sent twice count once."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.accounts.actor import SYSTEM, Actor, Scope
from app.attendance.entry_ids import EntryIdTaken
from app.db import db, transaction
from app.errors import DomainError, Invalid, NotFound
from app.events.models import Event
from app.gifts.errors import (
    HasNoSizes,
    OutOfStock,
    SameStore,
    SizeInUse,
    SizeMissing,
    TooFewInStock,
    UnknownKind,
    UnknownSize,
    UnknownStore,
    WrongQuantity,
)
from app.gifts.models import GiftItem, StockEntry
from app.gifts.operations import change_item, choose_gifts, create_item, enter_stock
from app.gifts.policy import can_change_items, can_hand_out, can_keep_stock
from app.gifts.queries import gifts_of, ledger_page, need_by_size, on_hand, stock_lines
from app.gifts.sizes import read_sizes, suitable
from tests import factories

NOW = datetime(2030, 5, 1, 6, 0, tzinfo=UTC)


@pytest.fixture
def shirt(app: Flask) -> GiftItem:
    factories.city("balkhash")
    factories.city("zhezkazgan")
    return create_item(name={"kk": "Футболка", "en": "T-shirt"}, sizes=["S", "M", "L"], now=NOW, actor=SYSTEM)


def enter(item: GiftItem, kind: str = "receipt", quantity: int = 10, **fields: object) -> list[StockEntry]:
    values = {"size": "M", "store": "balkhash", "entry_id": str(uuid4()), "now": NOW, "actor": SYSTEM} | fields
    return enter_stock(item, kind=kind, quantity=quantity, **values)  # type: ignore[arg-type]


def test_on_hand_is_the_sum_of_the_entries(shirt: GiftItem) -> None:
    enter(shirt, "receipt", 10)
    enter(shirt, "loss", 2)
    enter(shirt, "loss", -1)
    enter(shirt, "correction", -3)
    enter(shirt, "return", 1)
    enter(shirt, "transfer", 4, to_store="zhezkazgan")
    assert on_hand(shirt.id) == {("M", "balkhash"): 1, ("M", "zhezkazgan"): 4}


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"size": "XS"}, UnknownSize),
        ({"size": ""}, SizeMissing),
        ({"kind": "gift"}, UnknownKind),
        ({"kind": "hand_out"}, UnknownKind),
        ({"store": "atlantis"}, UnknownStore),
        ({"quantity": 0}, WrongQuantity),
        ({"quantity": -1}, WrongQuantity),
        ({"quantity": 10**9}, WrongQuantity),
        ({"kind": "transfer"}, SameStore),
        ({"kind": "transfer", "to_store": "balkhash"}, SameStore),
        ({"kind": "transfer", "to_store": "atlantis"}, UnknownStore),
        ({"entry_id": "seven"}, Invalid),
    ],
)
def test_a_wrong_entry_is_refused_and_nothing_is_written(
    shirt: GiftItem, fields: dict[str, object], refusal: type[DomainError]
) -> None:
    with pytest.raises(refusal):
        enter(shirt, **fields)
    assert on_hand(shirt.id) == {}


def test_an_item_without_sizes_takes_none(app: Flask) -> None:
    factories.city("balkhash")
    cap = create_item(name={"kk": "Кепка"}, now=NOW, actor=SYSTEM)
    enter(cap, size="")
    with pytest.raises(HasNoSizes):
        enter(cap, size="M")
    assert on_hand(cap.id) == {("", "balkhash"): 10}


@pytest.mark.parametrize(("kind", "quantity"), [("loss", 4), ("correction", -4), ("transfer", 4)])
def test_no_entry_takes_a_store_below_zero(shirt: GiftItem, kind: str, quantity: int) -> None:
    enter(shirt, quantity=3)
    with pytest.raises(TooFewInStock, match="3"):
        enter(shirt, kind, quantity, to_store="zhezkazgan")
    with pytest.raises(OutOfStock):
        enter(shirt, "loss", 1, size="S")
    assert on_hand(shirt.id) == {("M", "balkhash"): 3}


def test_an_entry_sent_twice_counts_once(shirt: GiftItem) -> None:
    enter(shirt)
    entry_id = str(uuid4())
    for _ in range(3):
        assert len(enter(shirt, "transfer", 4, to_store="zhezkazgan", entry_id=entry_id)) == 2
    assert on_hand(shirt.id) == {("M", "balkhash"): 6, ("M", "zhezkazgan"): 4}
    with pytest.raises(EntryIdTaken):
        enter(shirt, "receipt", 4, entry_id=entry_id)
    cap = create_item(name={"kk": "Кепка"}, now=NOW, actor=SYSTEM)
    with pytest.raises(EntryIdTaken):  # an entry of another item is no answer to this one
        enter(cap, "transfer", 4, size="", to_store="zhezkazgan", entry_id=entry_id)
    assert on_hand(cap.id) == {}


def test_a_size_with_pieces_in_a_store_can_not_be_left_out(shirt: GiftItem) -> None:
    enter(shirt)
    with pytest.raises(SizeInUse):
        change_item(shirt, name=shirt.name, sizes=["S", "L"], now=NOW, actor=SYSTEM)
    change_item(shirt, name={"kk": "Жейде"}, sizes=["M", "XL"], now=NOW, actor=SYSTEM)
    assert (shirt.name, shirt.sizes) == ({"kk": "Жейде"}, ["M", "XL"])


def test_an_item_needs_a_name_and_a_short_name_of_its_own(shirt: GiftItem) -> None:
    for fields in ({"name": {"kk": " "}}, {"slug": shirt.slug}, {"sizes": ["enormously large"]}):
        with pytest.raises(Invalid):
            create_item(**({"name": {"kk": "Кепка"}, "now": NOW, "actor": SYSTEM} | fields))
    again = create_item(name={"en": "T-shirt"}, now=NOW, actor=SYSTEM)
    assert again.slug != shirt.slug == "t-shirt"


def test_what_upcoming_events_need_is_set_against_the_stock(shirt: GiftItem) -> None:
    cap = create_item(name={"kk": "Кепка"}, now=NOW, actor=SYSTEM)
    event = factories.event()
    choose_gifts(event, [shirt.id, cap.id], now=NOW, actor=SYSTEM)
    factories.place(event, factories.employee(tshirt_size="m"))
    factories.place(event, factories.employee(tshirt_size="S"), tshirt_size="M")
    factories.place(event, factories.employee())
    factories.place(event, factories.employee(tshirt_size="L"), status="waiting")
    enter(shirt, quantity=1)
    lines = {(line.item.slug, line.size): line for line in stock_lines(["balkhash"], now=NOW)}
    medium = lines["t-shirt", "M"]
    assert (medium.on_hand, medium.needed, medium.short) == (1, 2, 1)
    assert lines["t-shirt", "L"].needed == lines["t-shirt", "S"].needed == 0
    assert lines["t-shirt", ""].is_size_unknown and lines["t-shirt", ""].needed == 1
    assert lines[cap.slug, ""].needed == 3 and not lines[cap.slug, ""].is_size_unknown
    here = {(line.item.slug, line.size): (line.needed, line.on_hand) for line in need_by_size(event)}
    assert here["t-shirt", "M"] == (2, 1)
    past = event.ends_at + timedelta(hours=1)
    assert not any(line.needed for line in stock_lines(["balkhash"], now=past))


def test_an_event_gives_what_was_chosen_for_it(shirt: GiftItem, app: Flask) -> None:
    event: Event = factories.event()
    choose_gifts(event, [shirt.id], now=NOW, actor=SYSTEM)
    choose_gifts(event, [shirt.id], now=NOW, actor=SYSTEM)
    assert [item.id for item in gifts_of(event.id)] == [shirt.id]
    with pytest.raises(NotFound):
        choose_gifts(event, ["nothing"], now=NOW, actor=SYSTEM)
    choose_gifts(event, [], now=NOW, actor=SYSTEM)
    assert gifts_of(event.id) == []


def test_the_ledger_is_read_latest_first_in_pages(shirt: GiftItem) -> None:
    for minute in range(5):
        enter(shirt, quantity=minute + 1, now=NOW + timedelta(minutes=minute))
    first = ledger_page(["balkhash"], limit=3)
    rest = ledger_page(["balkhash"], cursor=first.next, limit=3)
    assert [line.entry.quantity for line in [*first.items, *rest.items]] == [5, 4, 3, 2, 1]
    assert rest.next is None


def test_who_keeps_which_stock() -> None:
    keeper = Actor(scopes=(Scope("gift_keeper", city="balkhash"),))
    helper = Actor(scopes=(Scope("coordinator", event_id="e"),))
    assert can_keep_stock(keeper, "balkhash") and can_change_items(keeper)
    assert not can_keep_stock(keeper, "zhezkazgan")
    assert not can_keep_stock(helper, "balkhash") and not can_change_items(helper)
    assert not can_change_items(Actor(scopes=(Scope("employee"),)))


def test_a_gift_keeper_hands_out_in_their_own_city(app: Flask) -> None:
    event = factories.event()
    assert can_hand_out(Actor(scopes=(Scope("gift_keeper", city="balkhash"),)), event)
    assert not can_hand_out(Actor(scopes=(Scope("gift_keeper", city="zhezkazgan"),)), event)
    assert not can_hand_out(Actor(scopes=(Scope("safety_officer"),)), event)


def test_sizes_are_read_from_one_line_and_matched_without_regard_to_capitals() -> None:
    assert read_sizes(" S, M;L,, M\nXL ") == ["S", "M", "L", "XL"]
    assert suitable(["S", "XL"], "", " xl ", "S") == "XL"
    assert suitable(["S", "XL"], "146") == suitable([], "M") == ""


ENTRIES = st.tuples(
    st.sampled_from(["receipt", "loss", "correction", "return", "transfer", "gift"]),
    st.integers(-3, 9),
    st.sampled_from(["S", "M", "XXL"]),
    st.sampled_from(["balkhash", "zhezkazgan"]),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(entries=st.lists(ENTRIES, max_size=12))
@pytest.mark.full
def test_on_hand_always_equals_a_simple_count(shirt: GiftItem, entries: list[tuple[str, int, str, str]]) -> None:
    with transaction():
        db.session.execute(db.delete(StockEntry))
    counted: dict[tuple[str, str], int] = {}
    for kind, quantity, size, store in entries:
        other = "zhezkazgan" if store == "balkhash" else "balkhash"
        try:
            enter(shirt, kind, quantity, size=size, store=store, to_store=other)
        except (OutOfStock, TooFewInStock):
            assert counted.get((size, store), 0) < abs(quantity)
            continue
        except DomainError:
            assert size == "XXL" or kind == "gift" or quantity <= 0
            continue
        change = -abs(quantity) if kind in ("loss", "transfer") else quantity
        counted[size, store] = counted.get((size, store), 0) + change
        if kind == "transfer":
            counted[size, other] = counted.get((size, other), 0) + quantity
    assert on_hand(shirt.id) == counted and all(pieces >= 0 for pieces in counted.values())
