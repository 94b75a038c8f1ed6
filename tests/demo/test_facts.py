"""The programme of 2022-2023 as loaded: every figure of its file, nothing added to it."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import clock
from app.db import db, transaction
from app.demo.facts import add_facts, read_facts
from app.events.models import Event, Site, Stop
from app.impact.reports.queries import impact, impact_json
from app.tasks.models import Task


@pytest.fixture
def facts(app: Flask) -> None:
    with transaction() as session:
        add_facts(session, now=clock.now())


def test_the_report_shows_every_total_of_the_file(facts: None) -> None:
    totals = read_facts()["totals_to_reproduce"]
    coast = impact("clean-coast-2023")
    plants = impact("landscaping")
    fish = impact("bertys-stocking")
    found = {
        "clean_coast_2023": {
            "participants": coast.metrics["participants"].value,
            "coast_cleaned_km": coast.metrics["coast_cleaned"].value,
            "waste_removed_t": coast.metrics["waste_removed"].value,
            "cost_tenge": coast.cost_tenge,
            "tenge_per_tonne": impact_json("clean-coast-2023")["metrics"]["waste_removed"]["cost_per_unit_tenge"],
            "kg_per_participant": float(round(coast.kg_per_participant or 0, 1)),
        },
        "landscaping_2022_2023": {
            "trees_planted": plants.metrics["trees_planted"].value,
            "cost_tenge": plants.cost_tenge,
            "tenge_per_plant": impact_json("landscaping")["metrics"]["trees_planted"]["cost_per_unit_tenge"],
        },
        "stocking_2022_2023": {
            "fish_released": fish.metrics["fish_released"].value,
            "cost_tenge": fish.cost_tenge,
            "tenge_per_fish": impact_json("bertys-stocking")["metrics"]["fish_released"]["cost_per_unit_tenge"],
        },
        "planned_second_half_2023_tenge": impact().planned_tenge,
        "spent_2022_2023_tenge": impact().cost_tenge,
    }
    assert found == totals


def test_the_whole_report_gives_the_same_prices_as_its_programmes(facts: None) -> None:
    metrics = impact_json()["metrics"]
    assert {name: metric["value"] for name, metric in metrics.items() if metric["value"]} == {
        "waste_removed": 80,
        "coast_cleaned": 6,
        "trees_planted": 12850,
        "fish_released": 448463,
        "participants": 700,
        "children": 60,
    }
    assert metrics["waste_removed"]["cost_per_unit_tenge"] == 35325
    assert metrics["trees_planted"]["cost_per_unit_tenge"] == 8655
    assert metrics["fish_released"]["cost_per_unit_tenge"] == 54.34


@pytest.mark.full
def test_the_page_shows_every_total_of_the_file_to_a_stranger(facts: None, client: FlaskClient) -> None:
    page = client.get("/impact", headers={"Accept-Language": "ru"}).get_data(as_text=True).replace("\u00a0", " ")
    for figure in ("700", "6 ", "80 ", "2 826 000", "35 325 ₸", "114,3", "12 850", "448 463", "24 370 628"):
        assert figure in page, figure
    for figure in ("111 216 000", "8 655 ₸", "54,34 ₸", "833 000", "138 412 628 ₸", "73 916 000", "37 300 000"):
        assert figure in page, figure


def test_dates_are_kept_as_exactly_as_they_are_known(facts: None) -> None:
    known = {event.slug: event.date_precision for event in db.session.query(Event)}
    assert known["torangy-grove-visit"] == "month"
    assert known["childrens-day-dinner"] == "day"
    assert known["clean-coast-balkhash"] == "year"
    assert known["smelter-excursion-balkhash"] == "half-year"
    stocking = db.session.query(Event).filter_by(slug="bertys-stocking").one()
    assert (stocking.starts_at.year, stocking.ends_at.year) == (2021, 2023), "in UTC, a few hours before midnight"


def test_what_was_only_planned_is_not_said_to_have_taken_place(facts: None) -> None:
    planned = db.session.query(Event).filter(Event.date_precision == "half-year").all()
    assert {event.status for event in planned} == {"closed"}


def test_the_working_visit_has_its_six_stops_and_four_instructions(facts: None) -> None:
    visit = db.session.query(Event).filter_by(slug="working-visit").one()
    assert db.session.query(Stop).filter_by(event_id=visit.id).count() == 6
    assert db.session.query(Task).filter_by(kind="instruction").count() == 4


def test_sites_keep_what_is_known_of_them(facts: None) -> None:
    solar = db.session.query(Site).filter_by(slug="solar-balkhash").one()
    assert solar.facts["panels"] == 192350
    smelter = db.session.query(Site).filter_by(slug="balkhash-smelter").one()
    assert (smelter.min_age, smelter.adult_child_ratio, len(smelter.ppe)) == (12, 8, 4)
