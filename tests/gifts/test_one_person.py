"""One person under two keys, with a place and without one, gets each thing once: twice comes up as everywhere."""

from uuid import uuid4

import pytest
from sqlalchemy import select

from app.accounts.actor import SYSTEM
from app.db import db, transaction
from app.desk.log.conflict_models import DeskConflict
from app.desk.log.solving import solve_conflict
from app.desk.tables.people import same_people
from app.events.models import Event
from app.gifts.errors import AlreadyGiven
from app.gifts.handing_out import place_of
from app.gifts.models import GiftItem, HandOut
from app.gifts.operations import choose_kit, lend, take_back
from app.gifts.queries import on_hand
from app.people.models import Person
from app.signups.models import Place
from tests import factories
from tests.gifts.test_tables import AIGUL, AT, give, here, open_conflicts, said, sent, stocked
from tests.gifts.test_tables import event as event
from tests.gifts.test_tables import shirt as shirt


@pytest.fixture
def walk_in(event: Event) -> str:
    """Nurlan came without a place, by his number."""
    factories.employee(tshirt_size="M", personnel_number="4711")
    came = said("walk_in", subject={"walk_in": {"surname": "Сейітқали", "personnel_number": "4711"}})
    assert sent(event, came).applied
    return str(came["id"])


@pytest.fixture
def nurlan(event: Event, walk_in: str) -> Place:
    """The place that he was given afterwards."""
    row = db.session.execute(db.text("SELECT id FROM people WHERE personnel_number = '4711'")).one()
    return here(factories.place(event, db.session.get_one(Person, row.id)))


def standing() -> list[str]:
    return sorted(db.session.scalars(select(HandOut.id).where(HandOut.undone_at.is_(None))))


def test_given_at_the_own_place_and_as_a_walk_in_comes_up_and_one_tap_decides(
    event: Event, shirt: GiftItem, walk_in: str, nurlan: Place
) -> None:
    stocked(shirt, pieces=5)
    own = said("hand_out", nurlan, item_id=shirt.id, size="M")
    other = said("hand_out", subject={"walk_in_id": walk_in}, item_id=shirt.id, size="M")
    assert sent(event, other).conflicts == []
    assert [row.kind for row in sent(event, own).conflicts] == ["given-twice"]
    sides = sorted([own["id"], other["id"]])
    assert open_conflicts() == {"given-twice": sides} and on_hand(shirt.id) == {("M", "balkhash"): 3}
    assert standing() == sides[:1]
    sent(event, said("check_out", nurlan))
    sent(event, said("check_in", subject={"walk_in_id": walk_in}))
    assert open_conflicts()["given-twice"] == sides
    [found] = db.session.scalars(select(DeskConflict).where(DeskConflict.kind == "given-twice")).all()
    assert (found.key, found.severity) == (f"p:{nurlan.id}", "high")
    solve_conflict(event, found, keep=other["id"], reason="asked", now=AT, actor=AIGUL)
    db.session.rollback()
    assert "given-twice" not in open_conflicts() and standing() == [other["id"]]
    assert on_hand(shirt.id) == {("M", "balkhash"): 4}


def test_both_in_one_batch_and_one_taken_back_leaves_the_other(
    event: Event, shirt: GiftItem, walk_in: str, nurlan: Place
) -> None:
    stocked(shirt, pieces=5)
    own = said("hand_out", nurlan, item_id=shirt.id, size="M")
    other = said("hand_out", subject={"walk_in_id": walk_in}, item_id=shirt.id, size="M")
    assert sent(event, own, other).refused == []
    assert set(open_conflicts()) == {"given-twice"} and len(standing()) == 1
    sent(event, said("undo", operation_id=own["id"]))
    assert open_conflicts() == {} and standing() == [other["id"]] and on_hand(shirt.id) == {("M", "balkhash"): 4}
    with pytest.raises(AlreadyGiven):
        give(nurlan, shirt)


def test_a_page_knows_what_was_given_under_another_key(
    event: Event, shirt: GiftItem, walk_in: str, nurlan: Place
) -> None:
    stocked(shirt, pieces=2)
    given = said("hand_out", subject={"walk_in_id": walk_in}, item_id=shirt.id, size="M")
    sent(event, given)
    choose_kit(event, [shirt.id], now=AT, actor=SYSTEM)
    lend(nurlan, shirt, size="M", entry_id=str(uuid4()), at=AT, now=AT, actor=SYSTEM)
    db.session.rollback()
    assert standing() == [given["id"]] and on_hand(shirt.id) == {("M", "balkhash"): 0}
    assert same_people(event.id) == [[f"p:{nurlan.id}", f"w:{walk_in}"]]


def test_a_cancelled_place_and_a_new_one_are_one_person(event: Event, shirt: GiftItem) -> None:
    stocked(shirt, pieces=3)
    old = here(factories.place(event, factories.employee(tshirt_size="M")))
    given = give(old, shirt)
    with transaction():
        row = db.session.get_one(Place, old.id)
        row.status, row.cancelled_at = "cancelled", AT
    new = here(factories.place(event, old.person))
    twice = said("hand_out", new, item_id=shirt.id, size="M")
    sent(event, twice)
    assert open_conflicts()["given-twice"] == sorted([given.id, twice["id"]])
    assert place_of(db.session.get_one(HandOut, given.id)).id == old.id
    if standing() == [given.id]:
        take_back(db.session.get_one(HandOut, given.id), now=AT, actor=SYSTEM)
    else:
        sent(event, said("return", old, names=given.id))
    assert "given-twice" not in open_conflicts() and on_hand(shirt.id) == {("M", "balkhash"): 2}
