"""The rules of an event and a site are data: set in forms and by program, refused by field, told to whoever reads."""

from datetime import UTC, datetime, timedelta

import pytest

from app.audit.models import AuditEntry
from app.db import db
from app.errors import Invalid
from app.events.catalogue import create_site
from app.events.drafts import EventDraft, problems
from app.events.models import Event, Site
from app.events.operations import change_event, create_event
from tests import factories
from tests.events.drafting import NOW, coordinating, draft

USUAL = {
    "cities": [], "departments": [], "places_per_employee": None, "no_show_limit": None, "cancel_closes_at": None,
    "transport": "own", "promotion": "late-offer", "offer_hours": 2, "offer_from_hours": 24, "pass_limit": 3,
    "approval": "none", "approval_hours": 48,
}  # fmt: skip


@pytest.fixture
def typed(app):
    """A sheet that was filled in well, without a word about rules."""
    site, programme = factories.site(), factories.programme()
    return {
        "title-kk": "Таза жағалау", "kind": "cleanup", "programme_id": programme.id, "site_id": site.id,
        "day": "18.05.2030", "starts_at": "09:00", "ends_at": "13.00", "date_precision": "minute",
        "audience": "employees", "capacity": "400", "on_full": "waitlist",
    }  # fmt: skip


@pytest.fixture
def aigul(app, log_in):
    return log_in(factories.coordinator(language="en"))


def test_without_a_word_the_usual_rules_hold(aigul, typed):
    assert aigul.post("/events/new", data=typed).status_code == 303
    event = db.session.query(Event).one()
    assert {name: getattr(event, name) for name in USUAL} == USUAL


def test_a_number_that_was_emptied_is_the_usual_one(aigul, typed):
    emptied = dict.fromkeys(("offer_hours", "offer_from_hours", "pass_limit", "approval_hours"), "")
    assert aigul.post("/events/new", data=typed | emptied).status_code == 303
    assert db.session.query(Event).one().pass_limit == 3


def test_all_rules_are_set_on_the_sheet_and_stay_when_it_is_opened_and_saved_again(aigul, typed):
    factories.city("zhezkazgan")
    rules = {
        "cities": ["balkhash", "zhezkazgan"], "departments": "Цех 1\r\n\r\n  Цех   2 \r\nЦех 1",
        "places_per_employee": "4", "no_show_limit": "2", "cancel_closes_at": "16.05.2030",
        "cancel_closes_clock": "12:00", "transport": "bus", "promotion": "offer", "offer_hours": "3",
        "offer_from_hours": "48", "pass_limit": "0", "approval": "manager", "approval_hours": "24",
    }  # fmt: skip
    assert aigul.post("/events/new", data=typed | rules).status_code == 303
    event = db.session.query(Event).one()
    kept = {name: getattr(event, name) for name in USUAL}
    assert kept == {
        "cities": ["balkhash", "zhezkazgan"], "departments": ["Цех 1", "Цех 2"], "places_per_employee": 4,
        "no_show_limit": 2, "cancel_closes_at": datetime(2030, 5, 16, 7, tzinfo=UTC), "transport": "bus",
        "promotion": "offer", "offer_hours": 3, "offer_from_hours": 48, "pass_limit": 0, "approval": "manager",
        "approval_hours": 24,
    }  # fmt: skip
    page = aigul.get(f"/events/{event.id}/edit").text
    version = page.split('name="version"')[1].split('value="')[1].split('"')[0]
    assert 'value="12:00"' in page
    again = typed | rules | {"version": version, "offer_hours": "4"}
    assert aigul.post(f"/events/{event.id}/edit", data=again).status_code == 303
    db.session.expire_all()
    assert {name: getattr(event, name) for name in USUAL} == kept | {"offer_hours": 4}
    assert db.session.query(AuditEntry).filter_by(verb="change", object_id=event.id).one().fields == ["offer_hours"]


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("offer_hours", "0", "An offer stands for 1 to 72 hours."),
        ("offer_hours", "73", "An offer stands for 1 to 72 hours."),
        ("offer_from_hours", "-1", "From 0 to 720 hours before the beginning."),
        ("pass_limit", "-1", "From 0 to 100 times."),
        ("places_per_employee", "0", "From 1 to 100 places."),
        ("no_show_limit", "0", "From 1 to 100 times."),
        ("approval_hours", "337", "An approval is waited for from 1 to 336 hours."),
        ("cancel_closes_at", "19.05.2030", "People can cancel until it begins at most."),
        ("promotion", "never", "Not a valid choice."),
        ("approval", "nobody", "Not a valid choice."),
        ("cities", "atlantis", "is not a valid choice for this field."),
        ("departments", "x" * 201, "Up to 50 departments, each on a line of its own."),
        ("places_per_employee", "many", "Write a whole number."),
    ],
)
@pytest.mark.full
def test_a_rule_that_cant_be_is_said_beside_its_field(aigul, typed, field, value, sentence):
    answer = aigul.post("/events/new", data=typed | {field: value})
    assert answer.status_code == 422
    assert sentence in answer.text.replace("&#39;", "'").replace("&quot;", '"')
    assert f'id="{field}-e"' in answer.text
    assert db.session.query(Event).count() == 0


def test_what_the_table_refuses_the_draft_refuses_first(app):
    site, programme = factories.site(), factories.programme()
    odd = {"offer_hours": 0, "offer_from_hours": -1, "pass_limit": -1, "approval_hours": 0, "places_per_employee": 0}
    odd |= {"no_show_limit": 0, "transport": "rocket", "promotion": "x", "approval": "x"}
    assert problems(draft(site, programme, **odd), site).keys() == odd.keys()
    assert problems(draft(site, programme), site) == {}
    assert {name: getattr(EventDraft("p", "s", "k", {}, NOW, NOW), name) for name in USUAL} == USUAL


def test_a_city_that_there_is_not_is_refused(app):
    site, programme = factories.site(), factories.programme()
    aigul = coordinating(factories.coordinator())
    with pytest.raises(Invalid) as refusal:
        create_event(draft(site, programme, cities=["atlantis"]), now=NOW, actor=aigul)
    assert list(refusal.value.errors) == ["cities"]


def test_somebody_elsewhere_changes_no_rules(app):
    event = factories.event()
    with pytest.raises(Invalid):
        change_event(event, {"pass_limit": 101}, now=NOW, actor=coordinating(factories.coordinator()))
    change_event(event, {"pass_limit": 5}, now=NOW, actor=coordinating(factories.coordinator()))
    db.session.expire_all()
    assert event.pass_limit == 5


def test_a_site_gets_its_hazard_class_on_its_form(aigul, app):
    factories.city()
    typed = {"name-kk": "Зауыт", "kind": "smelter", "city": "balkhash", "hazard_class": "high"}
    assert aigul.post("/sites/new", data=typed).status_code == 303
    site = db.session.query(Site).one()
    assert site.hazard_class == "high"
    assert aigul.post(f"/sites/{site.id}/edit", data=typed | {"hazard_class": "raised"}).status_code == 303
    assert aigul.post(f"/sites/{site.id}/edit", data=typed | {"hazard_class": "deadly"}).status_code == 422
    db.session.expire_all()
    assert site.hazard_class == "raised"
    with pytest.raises(Invalid) as refusal:
        create_site(
            name={"en": "x"}, city="balkhash", hazard_class="x", now=NOW, actor=coordinating(factories.coordinator())
        )
    assert list(refusal.value.errors) == ["hazard_class"]


def test_the_page_tells_a_reader_which_rules_apply(client):
    factories.city("zhezkazgan")
    event = factories.event(
        audience="families", cities=["zhezkazgan"], departments=["Цех 1"], places_per_employee=3, no_show_limit=2,
        cancel_closes_at=factories.SATURDAY - timedelta(days=2), approval="manager", promotion="offer", pass_limit=1,
        site=factories.site(hazard_class="high", ppe=["helmet"]), transport="bus",
    )  # fmt: skip
    page = client.get(f"/events/{event.id}", headers={"Accept-Language": "en"}).text
    for words in (
        "Only for people of: Zhezkazgan.", "Only for these departments: Цех 1.", "takes up to 3 places",
        "nobody under 18 works there", "choose a clothing size", "Your line manager approves",
        "You can cancel by yourself until",
        "2 times in a year", "is passed over 1 time at most", "We ask you by mail first. You have 2 hours",
        "A bus takes us there and back",
    ):  # fmt: skip
        assert words in page, words


def test_the_page_of_a_plain_event_says_only_how_the_queue_goes_and_until_when_one_may_cancel(client):
    page = client.get(f"/events/{factories.event().id}", headers={"Accept-Language": "en"}).text
    rules = page.split("Rules of this event")[1].split("</ul>")[0]
    assert rules.count("<li>") == 2
    assert "in the last 24 hours before the event we ask first. You have 2 hours to answer" in rules
    assert "You can cancel by yourself until it begins." in rules
