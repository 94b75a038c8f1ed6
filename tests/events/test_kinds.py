"""Beginning an event from its kind."""

from datetime import date, timedelta

import pytest

from app.db import db
from app.errors import NotAllowed
from app.events.checklists import checklist_of
from app.events.drafts import problems
from app.events.kind_defaults import STARTS
from app.events.models import Event, Programme, Site
from app.events.question_drafts import Surroundings, question_problems
from app.events.questions import asked_questions
from app.events.season_rows import START_WORDS
from app.events.starting import start_event
from tests import factories
from tests.events.drafting import NOW, coordinating, draft

LANGUAGES = {"kk", "ru", "en"}


@pytest.mark.parametrize("start", [one for one in STARTS.values() if one.slug != "other"], ids=lambda one: one.slug)
def test_what_a_kind_brings_is_whole_in_three_languages_and_can_be_published(start):
    for texts in (start.title, start.description, start.bring, start.meeting_point, *(t for _, t in start.checklist)):
        assert set(texts) == LANGUAGES
    assert start.checklist
    assert [days for days, _ in start.checklist] == sorted((days for days, _ in start.checklist), reverse=True)
    site = Site(id="s", city="balkhash", kind="coast", name={}, min_age=None)
    plan = draft(
        site,
        Programme(id="p", slug="p", name={}, first_year=2030, last_year=2030),
        kind=start.kind,
        title=start.title,
        audience=start.audience,
    )
    assert problems(plan, site) == {}
    assert start.begins < start.ends
    assert [question_problems(one, Surroundings()) for one in start.questions] == [{}] * len(start.questions)


def test_a_season_knows_the_same_kinds():
    assert set(START_WORDS) == set(STARTS)


@pytest.fixture
def aigul(app):
    return coordinating(factories.coordinator())


def test_an_excursion_to_the_smelter_begins_with_its_list_its_questions_and_what_it_asks(app, aigul):
    plan = draft(factories.site(kind="smelter"), factories.programme(), kind="excursion", audience="families")
    event = start_event(plan, STARTS["smelter"], now=NOW, actor=aigul)
    assert (event.status, event.asks_size, event.asks_diet, event.asks_medical) == ("draft", True, True, True)
    assert [item.text["en"] for item in checklist_of(event.id)][:2] == ["Order the gifts", "Agree with the host"]
    assert checklist_of(event.id)[0].due_on == date(2030, 5, 18) - timedelta(days=28)
    (question,) = asked_questions(event.id)
    assert question.kind == "choice"
    assert all(option["key"] for option in question.options)


def test_elsewhere_nothing_begins(app):
    zhan = coordinating(factories.coordinator("zhezkazgan"), "zhezkazgan")
    with pytest.raises(NotAllowed):
        start_event(draft(factories.site(), factories.programme()), STARTS["cleanup"], now=NOW, actor=zhan)
    assert db.session.query(Event).count() == 0


def test_aigul_chooses_a_kind_and_finds_the_sheet_filled_in(app, log_in):
    page = log_in(factories.coordinator(language="en"))
    coast, grove = factories.site(), factories.site(kind="nature", slug="grove")
    programme = factories.programme()
    kinds = page.get("/events/new?day=2030-05-18").text
    assert kinds.count('class="plate"') == len(STARTS)
    assert "/events/new?start=grove&amp;day=2030-05-18" in kinds
    sheet = page.get("/events/new?start=grove&day=2030-05-18").text
    for value in ('value="18.05.2030"', "Trip to the turanga grove", f'selected value="{grove.id}"', 'value="14:00"'):
        assert value in sheet
    typed = {
        "title-kk": "Тоғай", "kind": "excursion", "programme_id": programme.id, "site_id": coast.id,
        "day": "18.05.2030", "starts_at": "09:00", "ends_at": "14:00", "date_precision": "minute",
        "audience": "families", "capacity": "40", "on_full": "waitlist",
    }  # fmt: skip
    answer = page.post("/events/new?start=grove", data=typed)
    assert answer.status_code == 303
    event = db.session.query(Event).one()
    assert len(checklist_of(event.id)) == len(STARTS["grove"].checklist)
    assert page.post(f"/events/{event.id}/publication").status_code == 303
    db.session.refresh(event)
    assert event.status == "published"
