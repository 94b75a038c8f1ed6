"""Safety on a phone without signal: a briefing signed with a finger, an incident with a photo, a helmet lent."""

import io

import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Page, expect
from sqlalchemy import select

from app.attendance.incident_models import Incident, IncidentPhoto
from app.consents.briefing_models import Briefing, BriefingSignature
from app.db import db
from app.gifts.models import EventKit, GiftItem
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


def go(page: Page, screen: str) -> None:
    """A screen of the menu, looked at."""
    page.goto(page.url.partition("#")[0] + f"#{screen}")
    page.locator(f"body[data-screen={screen}] main h1").first.wait_for()
    assert_accessible(page)


def draw(page: Page) -> None:
    """A finger goes over the field and is lifted."""
    box = page.locator("canvas.signature").bounding_box()
    assert box
    left, top = box["x"] + 30, box["y"] + 60
    page.mouse.move(left, top)
    page.mouse.down()
    for step in range(1, 12):
        page.mouse.move(left + 12 * step, top + (20 if step % 2 else -20))
    page.mouse.up()


def brief(page: Page) -> None:
    go(page, "briefing")
    page.locator("#briefing-text").fill("Каска и жилет")
    page.locator("#briefing-version").fill("3")
    page.locator("[data-key=hold]").click()
    expect(page.locator(".safety-page > .rows li")).to_contain_text("Омарова")


def sign(page: Page) -> None:
    page.locator("#briefing-who").fill("Нұрл")
    page.locator("button.hit").click()
    expect(page.locator("h1")).to_contain_text("Нұрлан")
    expect(page.locator("[data-key=sign]")).to_have_count(0)
    draw(page)
    page.locator("[data-key=clear]").click()
    expect(page.locator("[data-key=sign]")).to_have_count(0)
    draw(page)
    assert_accessible(page)
    page.locator("[data-key=sign]").click()
    page.locator("#briefing-who").wait_for()


def report(page: Page) -> None:
    go(page, "incident")
    page.locator("[data-key=report]").click()
    expect(page.locator("#incident-wrong")).not_to_be_empty()
    page.locator("input[value=near_miss]").check()
    page.locator("#incident-text").fill("Лестница поехала")
    page.locator("#incident-who").fill("Үсен")
    page.locator("button.hit").click()
    kept = io.BytesIO()
    Image.new("RGB", (2600, 1300), "red").save(kept, "JPEG")
    photo = FilePayload(name="a.jpg", mimeType="image/jpeg", buffer=kept.getvalue())
    page.locator("#incident-photo").set_input_files([photo])
    expect(page.locator("[role=status]", has_text="1")).to_be_visible()
    page.locator("[data-key=report]").click()
    page.locator("#incident-kept").wait_for()
    assert_accessible(page)


def lend(page: Page) -> None:
    go(page, "kit")
    page.locator("#kit-who").fill("Асан")
    page.locator("button.hit").click()
    page.locator("[data-lend]").first.click()
    expect(page.locator("[data-back]")).to_have_count(1)
    assert_accessible(page)
    page.locator("[data-back]").click()
    expect(page.locator("[data-back]")).to_have_count(0)


def test_a_briefing_an_incident_and_a_helmet_without_signal(day: Day):
    helmet = factories.saved(GiftItem(slug="helmet", name={"ru": "Каска"}, sizes=[], created_at=factories.LONG_AGO))
    factories.saved(EventKit(event_id=day.event_id, item_id=helmet.id))
    day.phone.start()
    day.take_along()
    day.phone.offline(True)
    brief(day.page)
    sign(day.page)
    report(day.page)
    lend(day.page)
    day.is_unsent(5)
    day.phone.offline(False)
    day.is_unsent(0)

    db.session.rollback()
    held = db.session.scalars(select(Briefing)).one()
    assert (held.version, held.language, held.text) == ("3", "ru", "Каска и жилет")
    signature = db.session.scalars(select(BriefingSignature)).one()
    assert signature.version == "3" and len(signature.strokes) > 40
    incident = db.session.scalars(select(Incident)).one()
    assert (incident.kind, incident.text, len(incident.people)) == ("near_miss", "Лестница поехала", 1)
    assert db.session.scalars(select(IncidentPhoto.id)).all() == incident.photos
