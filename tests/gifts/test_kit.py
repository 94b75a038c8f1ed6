"""Protective equipment that a place asks for, against what lies in its city's store."""

from collections import Counter
from uuid import uuid4

from app.events.models import Event
from app.gifts.kit import Wearer, kit_stock, short
from app.gifts.models import GiftItem, HandOut, StockEntry
from app.gifts.sizes import Missing
from tests import factories
from tests.test_query_counts import statements

ADULT = ["S", "M", "L"]


def item(slug: str, sizes: list[str], **held: int) -> GiftItem:
    """A thing of the stock book with so many pieces by size in Balkhash."""
    made = factories.saved(GiftItem(slug=slug, name={"en": slug}, sizes=sizes, created_at=factories.LONG_AGO))
    for size, quantity in held.items():
        stocked(made, "" if size == "any" else size, quantity)
    return made


def stocked(made: GiftItem, size: str, quantity: int, store: str = "balkhash") -> None:
    at = {"at": factories.LONG_AGO, "recorded_at": factories.LONG_AGO}
    entry = StockEntry(
        id=str(uuid4()), item_id=made.id, size=size, store=store, kind="receipt", quantity=quantity, **at
    )
    factories.saved(entry)


def a_smelter(*sizes: str, ppe: tuple[str, ...] = ("helmet", "hi-vis vest")) -> Event:
    event = factories.event(site=factories.site(hazard_class="high", ppe=list(ppe)))
    for number, size in enumerate(sizes):
        factories.place(event, factories.employee(f"Омар{number}", tshirt_size=size))
    return event


def test_what_is_missing_is_said_by_thing_and_size(app):
    event = a_smelter("M", "M", "L", "")
    item("helmet", [], any=3)
    item("hi-vis-vest", ADULT, S=5, M=1, L=1)
    assert kit_stock(event).missing == [Missing("helmet", "", 1), Missing("hi-vis vest", "M", 1)]
    assert not kit_stock(event).uncounted


def test_another_citys_store_does_not_count_and_what_nobody_counts_is_named(app):
    event = a_smelter("M")
    factories.city("zhezkazgan")
    stocked(item("helmet", []), "", 50, store="zhezkazgan")
    found = kit_stock(event)
    assert (found.missing, found.uncounted) == ([Missing("helmet", "", 1)], ["hi-vis vest"])


def test_whoever_wears_one_already_needs_no_other_and_who_lost_the_seat_none(app):
    event = a_smelter("M", "M", ppe=("hi-vis vest",))
    vest = item("hi-vis-vest", ADULT)
    first = factories.place(event, factories.employee("Стан", "Стэн", tshirt_size="S"))
    factories.place(event, factories.employee("Кетті", tshirt_size="S"), status="cancelled")
    when = {"at": factories.LONG_AGO, "recorded_at": factories.LONG_AGO}
    given = HandOut(id=str(uuid4()), event_id=event.id, person_id=first.person_id, item_id=vest.id, size="S", **when)
    factories.saved(given)
    assert kit_stock(event).missing == [Missing("hi-vis vest", "M", 2)]


def test_whose_size_is_unknown_takes_what_the_others_leave():
    people = [Wearer("", "M", "employee", None), Wearer("", "", "employee", None), Wearer("", "", "employee", None)]
    assert short(ADULT, Counter(M=1, S=1), people) == [("", 1)]
    assert short(ADULT, Counter(M=1, S=2), people) == []
    assert short(ADULT, Counter(), people) == [("M", 1), ("", 2)]


def test_the_board_says_it_in_the_readers_language(app, log_in):
    event = a_smelter("M", "M", ppe=("hi-vis vest", "gloves"))
    item("hi-vis-vest", ADULT, M=1)
    aigul = log_in(factories.coordinator(language="en"))
    with statements() as heard:
        page = aigul.get(f"/events/{event.id}/departure").get_data(as_text=True)
    assert "Missing in the store: hi-vis vest M × 1" in page and len(heard) <= 12
