"""A ticked list typed in by the keyboard alone: few keys a mark, no waiting, and what was typed is what stands."""

import re
import time
from collections import Counter

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from app.attendance.models import AttendanceEntry
from app.db import db
from app.events.models import Event
from tests import factories
from tests.browser.conftest import assert_accessible
from tests.browser.desk_day import Day, day, server

__all__ = ["day", "server"]
pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
MOST_KEYS, SECONDS = 5, 1.5  # for one mark: 400 of them in ten minutes


def standing() -> Counter[str]:
    db.session.rollback()
    stands = (AttendanceEntry.undone_by_id.is_(None), AttendanceEntry.kind != "undo")
    return Counter(db.session.scalars(select(AttendanceEntry.kind).where(*stands)))


def test_a_list_is_typed_in_without_a_mouse(day: Day):
    event = db.session.get_one(Event, day.event_id)
    for number in range(36):  # and the four who are there already
        factories.place(event, factories.employee("Серік", f"Ерлан {number}"))
    page, context = day.phone.start(), day.phone.context
    day.log_in()
    assert context and page.request.get(f"{day.phone.url}/events/{day.event_id}/prints/ticks.pdf").status == 200
    page.goto(f"{day.phone.url}/events/{day.event_id}/desk/typing")
    expect(page.locator("#line")).to_be_focused()

    lines = [*map(str, range(1, 29)), "29-34", "a35", "ф36", "l3", "e37", "40", "u"]
    marks, keys, begun = 28 + 6 + 5, sum(len(line) + 1 for line in lines), time.monotonic()
    for line in lines:
        page.keyboard.type(line)
        page.keyboard.press("Enter")
    expect(page.locator("[data-typed]")).to_have_text(str(len(lines)), timeout=30_000)
    assert keys <= MOST_KEYS * marks and time.monotonic() - begun < SECONDS * marks
    expect(page.locator("[data-echo] li")).to_have_count(len(lines))
    expect(page.locator("[data-echo] li:not([data-tone=ok])")).to_have_count(0)
    expect(page.locator("[data-echo] li").last).to_have_text(re.compile("^001 "))
    assert standing() == {"check_in": 34, "absent": 2, "check_out": 1, "excused": 1}

    page.keyboard.type("999")
    page.keyboard.press("Enter")
    expect(page.locator("[data-echo] li").first).to_have_attribute("data-tone", "stop")
    context.set_offline(True)
    page.keyboard.type("38")
    page.keyboard.press("Enter")
    expect(page.locator("[data-echo] li").first).to_have_attribute("data-tone", "stop")
    context.set_offline(False)
    page.keyboard.press("Enter")
    expect(page.locator("[data-echo] li").first).to_have_text(re.compile("^038 "))
    assert standing()["check_in"] == 35
    expect(page.locator("#line")).to_be_focused()
    assert_accessible(page)
