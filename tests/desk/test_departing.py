"""An event sets out when no line is red, or somebody took the red ones on by name and reason."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import event as listening
from sqlalchemy import select

from app.accounts.actor import Actor, Scope
from app.audit.models import AuditEntry
from app.db import db
from app.desk.departure.departing import (
    HasLeft,
    LineNotRed,
    NotReadyToLeave,
    NotTheDay,
    depart,
    enter_weather_limit,
    override_line,
    read_weather,
    record_briefing,
)
from app.desk.departure.queries import board_of
from app.errors import Invalid, NotAllowed
from app.events.models import Event
from app.gifts.models import EventGift, GiftItem, StockEntry
from app.people.models import Person
from app.rosters.duty_models import PersonSkill
from app.rosters.models import Bus, Group
from tests import factories

NOW = factories.SATURDAY - timedelta(hours=2)
AIGUL = Actor(name="Aigul", scopes=(Scope("coordinator", city="balkhash"),))
SAFETY = Actor(name="Sayat", scopes=(Scope("safety_officer", city="balkhash"),))
ZHAN = Actor(name="Zhan", scopes=(Scope("coordinator", city="zhezkazgan"),))


def states(event: Event) -> dict[str, str]:
    return {line.key: line.state for line in board_of(event, now=NOW).lines}


def a_trip() -> tuple[Event, Person, Person]:
    """Nurlan and Dina, by bus to a place that is dangerous."""
    site = factories.site(hazard_class="raised", adult_child_ratio=8, ppe=["helmet"])
    event = factories.event(site=site, audience="families", transport="bus")
    nurlan = factories.employee(tshirt_size="L")
    dina = factories.child(nurlan, tshirt_size="S")
    factories.place(event, nurlan)
    factories.place(event, dina)
    return event, nurlan, dina


def everything_mended(event: Event, nurlan: Person, dina: Person) -> None:
    factories.consent(event, dina, nurlan, "participation", "transport")
    record_briefing(event, text="Helmets on", now=NOW, actor=SAFETY)
    factories.saved(Bus(event_id=event.id, name="1", seats=20))
    factories.saved(PersonSkill(person_id=nurlan.id, skill="first_aid", entered_at=factories.LONG_AGO))


def test_red_lines_are_named_and_mended_one_by_one(app):
    event, nurlan, dina = a_trip()
    found = states(event)
    red = {key for key, state in found.items() if state == "red"}
    assert red == {"consents", "briefings", "buses", "first_aid"} and found["ratio"] == "green"
    with pytest.raises(NotReadyToLeave) as refusal:
        depart(event, now=NOW, actor=AIGUL)
    assert "Safety briefing" in str(refusal.value) and "Buses" in str(refusal.value)
    everything_mended(event, nurlan, dina)
    assert "red" not in states(event).values()
    assert depart(event, now=NOW, actor=AIGUL).people == 2
    with pytest.raises(HasLeft):
        depart(event, now=NOW, actor=AIGUL)


def test_a_consent_to_another_plan_or_a_no_does_not_count(app):
    event, nurlan, dina = a_trip()
    given = factories.consent(event, dina, nurlan, "participation", "transport")
    assert states(event)["consents"] == "green"
    mother = factories.employee("Сейітқали", "Әсел")
    factories.second_guardian(dina, mother)
    factories.consent(event, dina, mother, "transport", is_yes=False)
    assert states(event)["consents"] == "red" and given


def test_a_line_is_taken_on_by_name_and_stays_on_the_board(app):
    event, nurlan, dina = a_trip()
    everything_mended(event, nurlan, dina)
    enter_weather_limit(event, wind_max=10, temperature_min=None, temperature_max=None, now=NOW, actor=SAFETY)
    read_weather(event, wind=15, temperature=None, now=NOW, actor=AIGUL)
    assert states(event)["weather"] == "red"
    with pytest.raises(Invalid):
        override_line(event, "weather", reason="  ", now=NOW, actor=SAFETY)
    override_line(event, "weather", reason="Only a gust", now=NOW, actor=SAFETY)
    with pytest.raises(LineNotRed):
        override_line(event, "weather", reason="Again", now=NOW, actor=SAFETY)
    depart(event, now=NOW, actor=AIGUL)
    found = board_of(event, now=NOW)
    assert [(one.line, one.reason) for one in found.taken] == [("weather", "Only a gust")] and found.departure
    verbs = set(db.session.scalars(select(AuditEntry.verb).where(AuditEntry.object_id == event.id)))
    assert {"override_line", "depart", "enter_weather_limit", "read_weather", "record_briefing"} <= verbs


def test_a_safety_officer_answers_for_safety_alone_and_strangers_for_nothing(app):
    event, _, _ = a_trip()
    with pytest.raises(NotAllowed):
        override_line(event, "consents", reason="?", now=NOW, actor=SAFETY)
    with pytest.raises(NotAllowed):
        depart(event, now=NOW, actor=SAFETY)
    limit: dict[str, Any] = {"wind_max": 10, "temperature_min": None, "temperature_max": None}
    with pytest.raises(NotAllowed):
        enter_weather_limit(event, **limit, now=NOW, actor=AIGUL)
    for actor in (ZHAN, Actor()):
        with pytest.raises(NotAllowed):
            depart(event, now=NOW, actor=actor)
        with pytest.raises(NotAllowed):
            record_briefing(event, text="x", now=NOW, actor=actor)
    with pytest.raises(Invalid):
        enter_weather_limit(event, **{**limit, "wind_max": 400}, now=NOW, actor=SAFETY)
    with pytest.raises(Invalid):
        enter_weather_limit(event, wind_max=1, temperature_min=9, temperature_max=1, now=NOW, actor=SAFETY)


@pytest.mark.parametrize(("status", "hours"), [("cancelled", -2), ("postponed", -2), ("published", -30)])
def test_it_sets_out_on_its_day_and_while_it_takes_place(app, status, hours):
    with pytest.raises(NotTheDay):
        depart(factories.event(status=status), now=factories.SATURDAY + timedelta(hours=hours), actor=AIGUL)


def test_groups_are_briefed_and_counted_each(app):
    event, nurlan, _ = a_trip()
    group = factories.saved(Group(event_id=event.id, name="A"))
    record_briefing(event, text="Helmets on", group_id=group.id, now=NOW, actor=SAFETY)
    assert states(event)["briefings"] == "red"
    for one in event_places(event):
        one.group_id = group.id
    assert nurlan and states(event)["briefings"] == "green"


def event_places(event: Event):
    from app.db import transaction
    from app.signups.models import Place

    with transaction() as session:
        yield from session.scalars(select(Place).where(Place.event_id == event.id))


def counted(client, address: str) -> int:
    asked: list[str] = []

    def hear(*args: object) -> None:
        asked.append(str(args[2]))

    listening.listen(db.engine, "before_cursor_execute", hear)
    try:
        assert client.get(address).status_code == 200
    finally:
        listening.remove(db.engine, "before_cursor_execute", hear)
    return len([one for one in asked if one.lstrip().upper().startswith("SELECT")])


@pytest.mark.full
@pytest.mark.usefixtures("banner_is_known")
def test_the_board_asks_twelve_questions_at_most(app, log_in):
    event, nurlan, dina = a_trip()
    everything_mended(event, nurlan, dina)
    item = factories.saved(GiftItem(slug="cap", name={"en": "Cap"}, sizes=["S", "L"], created_at=factories.LONG_AGO))
    factories.saved(EventGift(event_id=event.id, item_id=item.id))
    for number in range(20):
        factories.place(event, factories.employee("Адам", f"Н{number}", birth_date=date(1990, 1, 1)))
    client = log_in(factories.coordinator())
    client.get(f"/events/{event.id}/departure")
    assert counted(client, f"/events/{event.id}/departure") <= 12


def test_gifts_are_counted_by_size_against_the_store(app):
    event, _, _ = a_trip()
    item = factories.saved(GiftItem(slug="cap", name={"en": "Cap"}, sizes=["S", "L"], created_at=factories.LONG_AGO))
    factories.saved(EventGift(event_id=event.id, item_id=item.id))
    assert states(event)["gifts"] == "amber"
    for size in ("S", "L"):
        entry = {
            "id": size * 36,
            "at": NOW,
            "item_id": item.id,
            "size": size,
            "store": "balkhash",
            "quantity": 1,
            "kind": "receipt",
        }
        factories.saved(StockEntry(**entry, recorded_at=factories.LONG_AGO))
    assert states(event)["gifts"] == "green"


@pytest.mark.full
def test_the_page_and_its_forms(app, log_in, monkeypatch):
    from app import clock

    event, _, _ = a_trip()
    monkeypatch.setattr(clock, "now", lambda: NOW)
    client, board = log_in(factories.coordinator()), f"/events/{event.id}/departure"
    assert "verdict-no" in client.get(board).get_data(as_text=True)
    assert client.post(board).status_code == 409
    for line in ("consents", "briefings", "buses", "first_aid"):
        assert client.get(f"{board}/{line}").status_code == 200
        assert client.post(f"{board}/{line}", data={"reason": ""}).status_code == 422
        assert client.post(f"{board}/{line}", data={"reason": "I answer for it"}).status_code == 303
    assert client.get(f"{board}/nothing").status_code == 404
    page = client.get(board).get_data(as_text=True)
    assert "verdict-go" in page and "I answer for it" in page
    assert client.post(f"{board}/weather", data={"wind": "5", "temperature": "20"}).status_code == 303
    assert client.post(f"{board}/weather", data={"wind": "500"}).status_code == 422
    assert client.post(f"/events/{event.id}/briefings", data={"text": "Helmets", "group_id": ""}).status_code == 303
    assert client.post(f"{board}/weather-limit", data={"wind_max": "5"}).status_code == 403
    assert client.post(board).status_code == 303
    assert "verdict-go" in client.get(board).get_data(as_text=True)


@pytest.mark.full
def test_a_safety_officer_finds_the_board_from_the_event(app, log_in):
    event, sayat = factories.event(), factories.employee("Сақ", "Саят")
    factories.account(sayat, "safety_officer", city="balkhash")
    assert f"/events/{event.id}/departure" in log_in(sayat).get(f"/events/{event.id}").get_data(as_text=True)
    stan = log_in(factories.employee("Стан", "Стэн"))
    assert f"/events/{event.id}/departure" not in stan.get(f"/events/{event.id}").get_data(as_text=True)
