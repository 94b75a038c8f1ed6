"""The stops of a trip: their order and times, what is heard and asked for, and the form that takes them in."""

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest

from app.audit.models import AuditEntry, AuditValues
from app.db import db, transaction
from app.errors import Invalid
from app.events.models import Event, Stop
from app.events.stop_drafts import StopDraft, outside_of, stops_version
from app.events.stops import change_stops
from app.events.trip_models import Host
from tests import factories
from tests.events.drafting import NOW, coordinating

HOUR = timedelta(hours=1)
VISIT = json.loads((Path("app/demo/data/torangy-2023.json")).read_text(encoding="utf-8"))["working_visit"]
CLOCKS = (
    ("09:00", "10:00"),
    ("10:30", "11:15"),
    ("11:40", "12:00"),
    ("14:00", "15:30"),
    ("16:00", "16:40"),
    ("17:00", "18:00"),
)


@pytest.fixture
def event(app) -> Event:
    return factories.event(kind="visit", ends_at=factories.SATURDAY + 12 * HOUR)


@pytest.fixture
def aigul(event):
    return coordinating(factories.coordinator())


def stop(name: str, arrives: float | None = None, departs: float | None = None, **more) -> StopDraft:
    begins = factories.SATURDAY
    times = [begins + at * HOUR if at is not None else None for at in (arrives, departs)]
    return StopDraft({"kk": name}, arrives_at=times[0], departs_at=times[1], **more)


def test_a_stop_that_stays_keeps_its_hosts_whatever_its_place_in_the_day(event, aigul):
    change_stops(event, [stop("Зауыт", 0, 1), stop("Тоғай", 2, 3)], now=NOW, actor=aigul)
    plant, grove = event.stops
    host = factories.saved(Host(event_id=event.id, stop_id=grove.id, kind="guide", name="Сәуле", created_at=NOW))
    drafts = [stop("Тоғай", 0, 1, id=grove.id), stop("Зауыт", 2, 3, id=plant.id), stop("Асхана", 3)]
    change_stops(event, drafts, now=NOW, actor=aigul)
    assert [one.title["kk"] for one in event.stops] == ["Тоғай", "Зауыт", "Асхана"]
    assert event.stops[0].id == grove.id == db.session.get(Host, host.id).stop_id
    change_stops(event, drafts[1:], now=NOW, actor=aigul)
    db.session.expire_all()
    assert db.session.get(Host, host.id).stop_id is None


@pytest.mark.parametrize(
    ("stops", "says"),
    [
        ([stop(" ")], "Give each stop a name"),
        ([stop("A", 2, 1)], "would be left before it is reached"),
        ([stop("A", 0, 2), stop("B", 1)], "before the stop above it is left"),
        ([stop("A", 2), stop("B"), stop("C", None, 1)], "before the stop above it is left"),
        ([stop("A", site_id="nowhere")], "Choose a place"),
        ([stop("A", topics=[{"kk": "x" * 1001}])], "1000 letters"),
        ([stop("A")] * 41, "up to"),
    ],
)
def test_a_day_that_can_not_go_like_that_is_refused_and_nothing_is_kept(event, aigul, stops, says):
    with pytest.raises(Invalid) as refusal:
        change_stops(event, stops, now=NOW, actor=aigul)
    assert says in refusal.value.errors["stops"]
    assert db.session.query(Stop).count() == 0


def test_times_outside_the_event_are_warned_of_not_refused(event, aigul):
    drafts = [stop("A", -1, 0), stop("B", 1, 2), stop("C", 11, 13)]
    assert outside_of(event, drafts) == [1, 3]
    change_stops(event, drafts, now=NOW, actor=aigul)
    assert len(event.stops) == 3


def test_the_history_tells_what_the_trip_was_and_what_it_is(event, aigul):
    change_stops(event, [stop("A", topics=[{"kk": "Су"}])], now=NOW, actor=aigul)
    entry = db.session.query(AuditEntry).filter_by(verb="change_stops").one()
    before, after = db.session.get(AuditValues, entry.id).changes["stops"]
    assert (before, after) == ([], [{"title": {"kk": "A"}, "topics": [{"kk": "Су"}]}])


def test_what_was_heard_changes_the_word_of_the_page(event, aigul):
    change_stops(event, [stop("A")], now=NOW, actor=aigul)
    opened_at = stops_version(event.stops)
    with transaction():
        event.stops[0].topics = [{"kk": "Су"}]
    assert stops_version(event.stops) != opened_at


def opened(browser, event_id: str) -> dict[str, str]:
    """The word that the page carries."""
    found = re.search(r'name="version" type="hidden" value="(\w+)"', browser.get(f"/events/{event_id}/stops").text)
    return {"version": found[1]}


def rows_of_the_visit() -> dict[str, str]:
    """The working visit as a coordinator types it from the programme's paper."""
    rows = {}
    for number, (given, (arrives, leaves)) in enumerate(zip(VISIT["stops"], CLOCKS, strict=True)):
        topic, _, asked = given["topic"].partition("; instruction")
        asked = asked.partition(": ")[2]
        names = {"title-en": given["en"], "clock": arrives, "leaves": leaves, "host": given.get("host", "")}
        names |= {"topics-en": "\n".join(topic.split("; ")), "instructions-en": "\n".join(asked.split(", "))}
        rows |= {f"stops-{number}-{name}": text for name, text in names.items()} | {}
    return rows


@pytest.mark.full
def test_the_working_visit_of_six_stops_is_typed_and_printed_with_topics_and_instructions(event, log_in):
    browser = log_in(factories.coordinator())
    for _ in range(6):
        browser.post(f"/events/{event.id}/stops", data={"add": "1"})
    answer = browser.post(f"/events/{event.id}/stops", data=rows_of_the_visit() | opened(browser, event.id))
    assert answer.headers["Location"].endswith(f"/events/{event.id}/trip")
    db.session.expire_all()
    stops = db.session.get(Event, event.id).stops
    assert len(stops) == 6
    assert stops[2].host == "KazAutoZhol"
    assert [line["en"] for line in stops[2].instructions] == [
        "finish by the end of the year", "more equipment for clearing snow",
    ]  # fmt: skip
    page = browser.get(f"/events/{event.id}/trip").text
    for given in VISIT["stops"]:
        assert given["en"] in page
    for words in ("10 projects worth 252 billion tenge in 2024", "load the plant with planned orders", "KazAutoZhol"):
        assert words in page
    assert page.count('class="way"') == 5
    assert "data-print" in page


def test_the_arrows_move_a_row_without_saving_and_without_losing_what_is_typed(event, log_in):
    browser, address = log_in(factories.coordinator()), f"/events/{event.id}/stops"
    rows = {
        "stops-0-title-kk": "Бір",
        "stops-1-title-kk": "Екі",
        "stops-1-clock": "9:99",
        "order": ["stops-0", "stops-1"],
    }
    page = browser.post(address, data=rows | {"move": "stops-1:-1"}).text
    assert page.index("Екі") < page.index("Бір") and "9:99" in page
    assert re.findall(r'name="order" value="([\w-]+)"', page) == ["stops-1", "stops-0"]
    assert db.session.query(Stop).count() == 0


def test_the_order_of_the_page_is_what_is_saved_and_a_ticked_row_goes(event, log_in):
    browser, address = log_in(factories.coordinator()), f"/events/{event.id}/stops"
    rows = {"stops-0-title-kk": "Бір", "stops-1-title-kk": "Екі", "stops-2-title-kk": "Үш", "stops-2-gone": "y"}
    browser.post(address, data=rows | opened(browser, event.id) | {"order": ["stops-1", "stops-2", "stops-0"]})
    db.session.expire_all()
    assert [one.title["kk"] for one in db.session.get(Event, event.id).stops] == ["Екі", "Бір"]


def test_a_place_lends_its_name_and_wrong_times_are_said_on_the_page(event, log_in):
    browser, address = log_in(factories.coordinator()), f"/events/{event.id}/stops"
    browser.post(address, data=opened(browser, event.id) | {"stops-0-site_id": event.site_id})
    db.session.expire_all()
    assert db.session.get(Event, event.id).stops[0].title["en"] == "City coast"
    rows = {"stops-0-title-kk": "Бір", "stops-0-clock": "12:00", "stops-0-leaves": "11:00"}
    answer = browser.post(address, data=rows | opened(browser, event.id))
    assert answer.status_code == 422 and 'id="stops"' in answer.text


def test_the_whole_day_is_shown_to_those_who_run_it_only(event, log_in):
    address = f"/events/{event.id}/trip"
    assert log_in(factories.employee()).get(address).status_code == 403
    assert log_in(factories.coordinator("zhezkazgan")).get(address).status_code == 403
    safety = factories.employee("Сақ", "Саят")
    factories.account(safety, "safety_officer", city="balkhash")
    assert log_in(safety).get(address).status_code == 200
