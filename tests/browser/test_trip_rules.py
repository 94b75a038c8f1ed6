"""The rules of the trip in Python and in JavaScript say the same of generated days, and expect the same aboard."""

from collections.abc import Iterator
from random import Random

import pytest
from playwright.sync_api import Browser, Page

from app.desk.log.merging import merge, merged_json
from app.desk.trip.riders import Aboard, Rider, expected_in
from tests.browser.desk_files import files_page
from tests.browser.test_desk_rules import MERGE, steps, told
from tests.desk.trip_histories import trip_day
from tests.factories import SATURDAY

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LOGS, LEGS = 400, ["out", "s:1", "back"]
EXPECTED = """async ([riders, legs]) => {
  const { expectedIn } = await import("/static/desk/rules/trip.js");
  return riders.map((rider) => legs.map((leg) => expectedIn(rider, leg, legs)));
}"""


@pytest.fixture(scope="module")
def page(chromium: Browser) -> Iterator[Page]:
    with files_page(chromium) as found:
        yield found


def test_both_come_to_the_same_rides_departures_and_conflicts(page: Page):
    random = Random(7)
    logs = [trip_day(random, random.randint(1, 40)) for _ in range(LOGS)]
    sent = [{"at_once": told(random, log), "in_steps": steps(random, told(random, log))} for log in logs]
    for log, (at_once, slowly) in zip(logs, page.evaluate(MERGE, sent), strict=True):
        assert at_once == slowly == merged_json(merge(log))


def test_both_expect_the_same_people_aboard(page: Page):
    random = Random(8)
    riders = [any_rider(random) for _ in range(300)]
    sent = [
        {
            "bus": one.bus_id,
            "state": one.state,
            "over": one.over,
            "rides": {leg: {"bus": ride.bus_id or "-"} for leg, ride in one.rides.items()},
        }
        for one in riders
    ]
    for one, found in zip(riders, page.evaluate(EXPECTED, [sent, LEGS]), strict=True):
        wanted = [expected_in(one, leg, LEGS) for leg in LEGS]
        assert found == [None if place is None else place[0] or "-" for place in wanted]


def any_rider(random: Random) -> Rider:
    rides = {leg: Aboard(random.choice(("A", "B", None)), SATURDAY) for leg in LEGS if random.random() < 0.3}
    state = random.choice(("expected", "present", "left", "absent", "excused"))
    return Rider(
        place_id="x", person_id="x", name="x", is_child=True, age=9, group_id=None,
        bus_id=random.choice(("A", "B", None)), state=state, rides=rides, over=random.choice((None, None, "o")),
    )  # fmt: skip
