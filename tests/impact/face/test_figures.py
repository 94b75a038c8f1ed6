"""The whole file of 2022-2023 on the public page: each figure of it, each total recomputed from it, by language."""

import html
import re
from collections import Counter
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import clock
from app.db import transaction
from app.demo.facts import add_facts, read_facts
from tests.conftest import empty_tables

LANGUAGES = ("kk", "ru", "en")
pytestmark = pytest.mark.full


@pytest.fixture(scope="module")
def pages(whole_app: Flask) -> Iterator[dict[str, str]]:
    """{query: the words of the page}: asked once for all tests here."""
    with whole_app.app_context():
        with transaction() as session:
            add_facts(session, now=clock.now())
        client = whole_app.test_client()
        queries = [f"lang={code}" for code in LANGUAGES]
        queries += [f"lang=en&programme={programme['slug']}" for programme in read_facts()["programmes"]]
        yield {query: words_of(client, query) for query in queries}
        empty_tables()


def words_of(client: FlaskClient, query: str) -> str:
    """What a reader sees, figures with plain spaces and a decimal point."""
    answer = client.get(f"/impact?{query}")
    assert answer.status_code == 200
    page = answer.get_data(as_text=True).partition("<main")[2].partition("</main>")[0]
    text = html.unescape(re.sub(r"<[^>]+>", " ", page)).replace("\u00a0", " ")
    return re.sub(r"(?<=\d),(?=\d)", ".", re.sub(r"\s+", " ", text))


def programmes() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = read_facts()["programmes"]
    return found


def spoken(value: Decimal | int, places: int = 0) -> str:
    """12 850 or 54.34."""
    rounded = Decimal(value).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    return f"{rounded:,}".replace(",", " ")


def stands(figure: str, page: str) -> bool:
    """Whether this figure is there, not as a part of another."""
    return re.search(rf"(?<![\d.] )(?<![\d.]){re.escape(figure)}(?![\d.]\d)(?! \d\d\d(?!\d))", page) is not None


def results(events: list[dict[str, Any]]) -> Counter[str]:
    found: Counter[str] = Counter()
    for event in events:
        for outcome in event.get("outcomes", []):
            found[outcome["metric"]] += outcome["value"]
        found["participants"] += event.get("participants", 0)
        found["children"] += event.get("children", 0)
    return +found


def cost_of(programme: dict[str, Any]) -> int:
    return programme.get("cost", 0) + sum(event.get("cost", 0) for event in programme["events"])


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_figure_of_every_event_stands_on_the_page(pages: dict[str, str], code: str) -> None:
    page, seen = pages[f"lang={code}"], 0
    for programme in programmes():
        for event in programme["events"]:
            for figure in (*results([event]).values(), *filter(None, [event.get("cost")])):
                assert stands(spoken(figure), page), (event["slug"], figure)
                seen += 1
        for figure in filter(None, [programme.get("cost"), programme.get("planned_cost")]):
            assert stands(spoken(figure), page), (programme["slug"], figure)
            seen += 1
    assert seen == 16, "as many as the file has"


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_total_is_that_of_the_file(pages: dict[str, str], code: str) -> None:
    page, every = pages[f"lang={code}"], programmes()
    found = results([event for programme in every for event in programme["events"]])
    spent = sum(cost_of(programme) for programme in every)
    planned = sum(programme.get("planned_cost", 0) for programme in every)
    totals = read_facts()["totals_to_reproduce"]
    assert (spent, planned) == (totals["spent_2022_2023_tenge"], totals["planned_second_half_2023_tenge"])
    for figure in (*found.values(), spent, planned):
        assert stands(spoken(figure), page), figure
    assert stands(spoken(Decimal(spent) / 1_000_000, 1), page)


@pytest.mark.parametrize(
    ("slug", "metric", "places"),
    [
        ("clean-coast-2023", "waste_removed", 0),
        ("landscaping", "trees_planted", 0),
        ("bertys-stocking", "fish_released", 2),
    ],
)
def test_the_price_of_one_result_is_cost_over_result(
    pages: dict[str, str], slug: str, metric: str, places: int
) -> None:
    (programme,) = (one for one in programmes() if one["slug"] == slug)
    price = spoken(Decimal(cost_of(programme)) / results(programme["events"])[metric], places)
    for query in (*(f"lang={code}" for code in LANGUAGES), f"lang=en&programme={slug}"):
        assert stands(price, pages[query]), (query, price)


def test_waste_by_person_is_that_of_the_file(pages: dict[str, str]) -> None:
    (coast,) = (one for one in programmes() if one["slug"] == "clean-coast-2023")
    found = results(coast["events"])
    kg = Decimal(found["waste_removed"]) * 1000 / found["participants"]
    assert float(round(kg, 1)) == read_facts()["totals_to_reproduce"]["clean_coast_2023"]["kg_per_participant"]
    assert stands(spoken(kg, 1), pages["lang=en"])


@pytest.mark.parametrize("programme", programmes(), ids=lambda one: one["slug"])
def test_one_programme_shows_its_own_figures_and_no_others(pages: dict[str, str], programme: dict[str, Any]) -> None:
    page = pages[f"lang=en&programme={programme['slug']}"].partition("Show")[2]
    own = [*results(programme["events"]).values(), *filter(None, [cost_of(programme), programme.get("planned_cost")])]
    for figure in own:
        assert stands(spoken(figure), page), figure
    every = {cost_of(other) for other in programmes() if other["slug"] != programme["slug"]} - {0}
    assert not [cost for cost in every if stands(spoken(cost), page)]


def test_names_of_programmes_cities_and_places_read_in_each_language(pages: dict[str, str]) -> None:
    facts = read_facts()
    visited = {event.get("site") or event["stops"][0] for one in facts["programmes"] for event in one["events"]}
    for code in LANGUAGES:
        page = pages[f"lang={code}"]
        places = [site for site in facts["sites"] if site["slug"] in visited]
        for row in (*facts["programmes"], *facts["cities"], *places):
            assert row[code].partition(",")[0] in page, (code, row["slug"])
    stops = [stop["en"].partition(":")[0] for stop in facts["working_visit"]["stops"]]
    assert len(stops) == 6
    for stop in stops:
        assert stop.split(" - ")[0] in pages["lang=en"], stop
