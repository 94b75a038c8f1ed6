"""Who signed which version: Python and JavaScript say the same of generated days, whatever their order."""

from collections.abc import Iterator
from datetime import timedelta
from random import Random
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page

from app.attendance.operation import Operation
from app.desk.log.merging import merge, merged_json
from tests.browser.desk_files import files_page
from tests.browser.test_desk_rules import MERGE, steps, told
from tests.factories import SATURDAY

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LOGS = 150
VERSIONS = ("1", "2", "10", "ә", "2030-05")


@pytest.fixture(scope="module")
def page(chromium: Browser) -> Iterator[Page]:
    with files_page(chromium) as found:
        yield found


def test_both_know_the_same_signatures(page: Page):
    random = Random(16)
    logs = [signing(random) for _ in range(LOGS)]
    sent = [{"at_once": told(random, log), "in_steps": steps(random, told(random, log))} for log in logs]
    texts = [merged_json(merge(log)) for log in logs]
    for text, (at_once, slowly) in zip(texts, page.evaluate(MERGE, sent), strict=True):
        assert at_once == slowly == text
    assert sum('"signed"' in text for text in texts) > LOGS / 2, "nobody signed anything"


def signing(random: Random) -> list[Operation]:
    """People sign versions, twice too, take signatures back and come late."""
    said: list[Operation] = []
    for _ in range(random.randint(1, 20)):
        id_ = str(UUID(int=random.getrandbits(128), version=4))
        at = SATURDAY + timedelta(minutes=random.randint(0, 300))
        signed = [one for one in said if one.kind == "briefing_signature"]
        if signed and random.random() < 0.3:
            target = random.choice(signed)
            said.append(Operation(id_, "undo", target.key, at, at, names=target.id))
            continue
        key, body = f"p:{random.choice('ab')}", {"version": random.choice(VERSIONS), "language": "kk"}
        said.append(Operation(id_, "briefing_signature", key, at, at, body, is_late=random.random() < 0.1))
    return said
