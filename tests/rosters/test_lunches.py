"""Lunch: numbers by diet, told to the caterer once at the cut-off, and again when somebody presses."""

from datetime import timedelta

import pytest

from app.accounts.actor import STRANGER
from app.db import db, transaction
from app.errors import Invalid, NotAllowed
from app.events.models import Event
from app.mail.models import Mail
from app.rosters.changing import Wanted, make_change
from app.rosters.duty_models import LunchOrder
from app.rosters.lunches import (
    LunchDraft,
    follow_changes,
    lunch_counts,
    order_lunch,
    plan_lunch,
    send_due_orders,
    warn_of_changes,
)
from app.rosters.trip_errors import NoCaterer, NoLunch, NothingNew
from tests import factories
from tests.events.drafting import NOW, coordinating
from tests.signups.parties import words

CUTOFF = factories.SATURDAY - timedelta(days=2)


@pytest.fixture
def event(app) -> Event:
    return factories.event(lunch=True, asks_diet=True, coordinator_id=factories.coordinator().id)


@pytest.fixture
def aigul(event):
    return coordinating(factories.admin(), None)


@pytest.fixture
def cooked(event, aigul) -> Event:
    draft = LunchDraft("Дастархан", "cook@cafe.example", "ru", event.starts_at + timedelta(hours=3), CUTOFF)
    plan_lunch(event, draft, now=NOW, actor=aigul)
    return event


def eat(event: Event, *diets: str) -> None:
    for diet in diets:
        factories.place(event, factories.employee("Х", diet or "ә"), diet=diet)


def letters(template: str) -> list[Mail]:
    return db.session.query(Mail).filter_by(template=f"rosters/{template}").order_by(Mail.created_at).all()


def test_those_who_are_in_are_counted_by_diet_and_nobody_else(event):
    eat(event, "ordinary", "ordinary", "vegetarian", "")
    factories.place(event, factories.employee("К", "К"), diet="no-pork", status="waiting")
    factories.place(event, factories.employee("К", "К"), diet="no-pork", status="cancelled")
    assert lunch_counts(event.id) == {"": 1, "ordinary": 2, "vegetarian": 1}


def test_at_the_cut_off_the_caterer_hears_the_numbers_once_and_no_names(cooked):
    eat(cooked, "ordinary", "vegetarian")
    assert not send_due_orders(now=CUTOFF - timedelta(minutes=1))
    assert send_due_orders(now=CUTOFF)
    for _ in range(3):
        assert not send_due_orders(now=CUTOFF + timedelta(hours=1))
    (letter,) = letters("lunch_order")
    assert (letter.recipient, letter.language) == ("cook@cafe.example", "ru")
    assert letter.context["lines"] == [{"diet": "ordinary", "count": 1}, {"diet": "vegetarian", "count": 1}]
    text = words(letter)[1]
    assert ": 2" in text
    for person in ("Х ordinary", "vegetarian Х", "Х"):
        assert person not in repr({**letter.context, "event": None})
    order = db.session.query(LunchOrder).one()
    assert (order.total, order.cutoff_at, order.sent_by_id) == (2, CUTOFF, None)


def test_a_change_after_the_cut_off_warns_the_coordinator_once_and_may_be_sent_again(cooked, aigul):
    eat(cooked, "ordinary")
    send_due_orders(now=CUTOFF)
    warn_of_changes(now=CUTOFF)
    assert letters("lunch_changed") == []
    eat(cooked, "vegetarian")
    for minute in range(3):
        warn_of_changes(now=CUTOFF + timedelta(minutes=minute))
    (letter,) = letters("lunch_changed")
    assert (letter.context["before"], letter.context["total"]) == (1, 2) and words(letter)
    order_lunch(cooked, now=CUTOFF + timedelta(hours=1), actor=aigul)
    assert [letter.context["total"] for letter in letters("lunch_order")] == [1, 2]
    assert "1" in words(letters("lunch_order")[1])[1]
    warn_of_changes(now=CUTOFF + timedelta(hours=2))
    assert len(letters("lunch_changed")) == 1
    with pytest.raises(NothingNew):
        order_lunch(cooked, now=CUTOFF + timedelta(hours=2), actor=aigul)


@pytest.mark.parametrize("status", ["cancelled", "postponed"])
def test_what_is_called_off_is_told_to_the_caterer_once_as_nobody(cooked, status):
    eat(cooked, "ordinary")
    send_due_orders(now=CUTOFF)
    with transaction():
        cooked.status, cooked.cancelled_at = status, CUTOFF if status == "cancelled" else None
    assert follow_changes(now=CUTOFF)
    assert not follow_changes(now=CUTOFF)
    assert sorted(letter.context["total"] for letter in letters("lunch_order")) == [0, 1]
    assert words(letters("lunch_order")[1])


def test_a_caterer_who_knows_the_numbers_hears_the_new_day_once(cooked, aigul):
    eat(cooked, "ordinary")
    order_lunch(cooked, now=NOW, actor=aigul)
    week, later = timedelta(days=7), NOW + timedelta(hours=1)
    make_change(cooked, Wanted("move", cooked.starts_at + week, cooked.ends_at + week), now=later, actor=aigul)
    assert not follow_changes(now=later + timedelta(seconds=59))
    assert follow_changes(now=later + timedelta(seconds=60))
    assert not follow_changes(now=later + timedelta(seconds=60))
    told = letters("lunch_order")
    assert [letter.context["total"] for letter in told] == [1, 1]
    assert told[1].context["event"]["starts_at"] == (factories.SATURDAY + week).isoformat()
    assert cooked.lunch_cutoff_at == CUTOFF + week and send_due_orders(now=CUTOFF + week)


def test_another_cut_off_is_another_letter(cooked, aigul):
    send_due_orders(now=CUTOFF)
    with transaction():
        cooked.lunch_cutoff_at = CUTOFF + timedelta(hours=5)
    assert send_due_orders(now=CUTOFF + timedelta(hours=5))
    assert len(letters("lunch_order")) == 2


@pytest.mark.parametrize("changes", [{"status": "draft"}, {"status": "postponed"}, {"lunch": False}])
def test_nothing_goes_out_for_what_does_not_take_place(cooked, changes):
    with transaction():
        for name, value in changes.items():
            setattr(cooked, name, value)
    assert not send_due_orders(now=CUTOFF)


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (LunchDraft(lunch_cutoff_at=CUTOFF), "caterer_email"),
        (LunchDraft(caterer_email="a@b.example", lunch_cutoff_at=factories.SATURDAY), "lunch_cutoff_at"),
        (LunchDraft(lunch_at=factories.SATURDAY - timedelta(hours=1)), "lunch_at"),
    ],
)
def test_what_can_not_be_is_refused_by_field(event, aigul, draft, field):
    with pytest.raises(Invalid) as refusal:
        plan_lunch(event, draft, now=NOW, actor=aigul)
    assert list(refusal.value.errors) == [field]


def test_no_lunch_no_caterer_and_a_stranger_order_nothing(event, aigul):
    with pytest.raises(NoCaterer):
        order_lunch(event, now=NOW, actor=aigul)
    with pytest.raises(NotAllowed):
        order_lunch(event, now=NOW, actor=STRANGER)
    with transaction():
        event.lunch = False
    with pytest.raises(NoLunch):
        order_lunch(event, now=NOW, actor=aigul)


def test_the_page_plans_shows_and_sends(event, log_in):
    eat(event, "ordinary", "vegetarian")
    aigul = factories.coordinator()
    browser, address = log_in(aigul), f"/events/{event.id}/lunch"
    typed = {"caterer_name": "Дастархан", "caterer_email": "cook@cafe.example", "caterer_language": "kk"}
    typed |= {"lunch_at": "12:00", "lunch_cutoff_at": "16.05.2030", "cutoff_clock": "12:00"}
    assert browser.post(address, data=typed).status_code == 303
    db.session.expire_all()
    assert (event.lunch_cutoff_at, event.lunch_at) == (
        CUTOFF + timedelta(hours=3), event.starts_at + timedelta(hours=3),
    )  # fmt: skip
    assert browser.post(f"{address}/orders").status_code == 303
    assert "chip-stop" not in browser.get(address).text
    eat(event, "no-pork")
    assert "chip-stop" in browser.get(address).text
    assert browser.post(address, data=typed | {"caterer_email": "nobody"}).status_code == 422
    assert log_in(factories.coordinator("zhezkazgan")).get(address).status_code == 403
