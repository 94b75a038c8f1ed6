"""What is to be done before an event."""

from datetime import date, timedelta

import pytest

from app.db import db, transaction
from app.errors import Invalid, NotAllowed
from app.events.checklists import (
    MOST_ITEMS,
    TooManyItems,
    add_item,
    add_items,
    checklist_of,
    overdue_items,
    remove_item,
    tick_item,
    untick_item,
)
from app.events.models import ChecklistItem
from app.events.operations import change_event
from tests import factories
from tests.events.drafting import NOW, coordinating

BAGS = {"kk": "Қап", "en": "Bags"}


@pytest.fixture
def aigul(app):
    return coordinating(factories.coordinator())


def test_a_line_is_due_before_the_event_and_moves_with_it(app, aigul):
    event = factories.event()
    item = add_item(event, BAGS, days_before=5, now=NOW, actor=aigul)
    assert item.due_on == date(2030, 5, 13)
    week = timedelta(days=7)
    change_event(event, {"starts_at": event.starts_at + week, "ends_at": event.ends_at + week}, now=NOW, actor=aigul)
    assert item.due_on == date(2030, 5, 20)


def test_ticked_by_whoever_was_first_and_taken_back(app, aigul):
    item = add_item(factories.event(), BAGS, days_before=5, now=NOW, actor=aigul)
    tick_item(item, now=NOW, actor=aigul)
    tick_item(item, now=NOW + timedelta(days=1), actor=coordinating(factories.admin(), None))
    assert (item.done_at, item.done_by_id) == (NOW, aigul.account_id)
    untick_item(item, now=NOW, actor=aigul)
    assert (item.done_at, item.done_by_id) == (None, None)
    remove_item(item, now=NOW, actor=aigul)
    assert db.session.query(ChecklistItem).count() == 0


@pytest.mark.parametrize(
    ("field", "text", "days"), [("text", {"kk": " "}, 1), ("days_before", BAGS, 400), ("text", {"kk": "а" * 301}, 1)]
)
def test_what_is_no_line_is_refused(app, aigul, field, text, days):
    with pytest.raises(Invalid) as refusal:
        add_item(factories.event(), text, days_before=days, now=NOW, actor=aigul)
    assert list(refusal.value.errors) == [field]


def test_a_list_ends_somewhere(app, aigul):
    event = factories.event()
    with transaction():
        add_items(event, [(1, BAGS)] * MOST_ITEMS, now=NOW)
    with pytest.raises(TooManyItems):
        add_item(event, BAGS, days_before=1, now=NOW, actor=aigul)


def test_another_city_ticks_nothing_here(app, aigul):
    item = add_item(factories.event(), BAGS, days_before=5, now=NOW, actor=aigul)
    zhan = coordinating(factories.coordinator("zhezkazgan"), "zhezkazgan")
    for act in (tick_item, untick_item, remove_item):
        with pytest.raises(NotAllowed):
            act(item, now=NOW, actor=zhan)


def test_late_lines_are_counted_by_event(app, aigul):
    one, other = factories.event(), factories.event()
    with transaction():
        add_items(one, [(20, BAGS), (10, BAGS), (1, BAGS)], now=NOW)
        add_items(other, [(1, BAGS)], now=NOW)
    assert overdue_items([one.id, other.id], today=date(2030, 5, 10)) == {one.id: 2}


def test_aigul_works_through_the_list_on_its_page(app, log_in):
    page, event = log_in(factories.coordinator(language="en")), factories.event()
    address = f"/events/{event.id}/checklist"
    assert page.post(address, data={"text-en": "Bags", "days_before": "5"}).status_code == 303
    (item,) = checklist_of(event.id)
    assert "Bags" in page.get(address).text
    assert page.post(f"/checklist/{item.id}/completion").status_code == 303
    assert "Done on" in page.get(address).text
    assert page.post(f"/checklist/{item.id}/reopening").status_code == 303
    assert page.post(address, data={"text-en": "", "days_before": "5"}).status_code == 422
    assert page.post(f"/checklist/{item.id}/removal").status_code == 303
    assert log_in(factories.employee()).get(address).status_code == 403
