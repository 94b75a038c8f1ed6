"""The rules of gifts in Python and in JavaScript say the same of generated days; so do the sums at tables."""

from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from app.attendance.operation import Conflict, Operation
from app.desk.log.merging import Merged, merge, merged_json
from app.gifts.gift_rules import given_to_one, shelf_key, short_at_table
from tests.browser.desk_files import files_page
from tests.browser.test_desk_rules import steps, told
from tests.gifts.histories import gift_day

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LOGS = 150
MERGE = """async (logs) => {
  const { merge, Merged, mergedJson } = await import("/static/desk/merging.js");
  const { givenToOne, movedAt, shortAtTable } = await import("/static/desk/rules/gifts.js");
  return logs.map(({ at_once, in_steps }) => {
    const slowly = new Merged();
    for (const batch of in_steps) slowly.add(batch);
    const moved = movedAt([...slowly.of("gifts").values()]);
    const off = [...slowly.of("table")].map(([key, table]) => [key, shortAtTable(table, moved.get(key) ?? 0)]);
    const one = givenToOne(["p:two", "p:one"].flatMap((key) => slowly.said.get(key) ?? []));
    const twice = one.map(({ word, key, sides, severity }) => [word, key, sides, severity]);
    return [mergedJson(merge(at_once)), mergedJson(slowly), Object.fromEntries(moved), Object.fromEntries(off), twice];
  });
}"""


@pytest.fixture(scope="module")
def page(chromium: Browser) -> Iterator[Page]:
    with files_page(chromium) as found:
        yield found


def test_both_come_to_the_same_gifts_and_the_same_sums(page: Page):
    random = Random(12)
    logs = [day_of_gifts(random) for _ in range(LOGS)]
    sent = [{"at_once": told(random, log), "in_steps": steps(random, told(random, log))} for log in logs]
    for log, (at_once, slowly, moved, off, twice) in zip(logs, page.evaluate(MERGE, sent), strict=True):
        merged = merge(log)
        assert at_once == slowly == merged_json(merged)
        assert moved == moved_at(merged)
        assert twice == [[one.word, one.key, list(one.sides), one.severity] for one in given_to_both(merged)]
        tables = merged.of("table")
        assert off == {key: short_at_table(table, moved.get(key, 0)) for key, table in tables.items()}


def given_to_both(merged: Merged) -> tuple[Conflict, ...]:
    """As if both places were one person's."""
    return given_to_one(merged.said[key] for key in ("p:one", "p:two") if key in merged.said)


def moved_at(merged: Merged) -> dict[str, int]:
    sums: dict[str, int] = {}
    for found in merged.of("gifts").values():
        for move in found.moves:
            for table in {"*", move.table} - {""}:
                key = shelf_key(table, move.item_id, move.size)
                sums[key] = sums.get(key, 0) + move.quantity
    return sums


def day_of_gifts(random: Random) -> list[Operation]:
    """With what came late, and what a coordinator decided."""
    said: list[Any] = gift_day(random, ["one", "two"], ["shirt", "cap"], length=random.randint(1, 30))
    merged = merge(said)
    for conflict in (*merged.conflicts, *given_to_both(merged)):
        if random.random() < 0.5:
            keep = random.choice([*conflict.sides, "both", "none"])
            like = gift_day(random, ["one"], ["shirt"], length=1)[0]
            body = {"word": conflict.word, "sides": list(conflict.sides), "keep": keep}
            said.append(Operation(like.id, "solve", conflict.key, like.at, like.at, body))
    return said
