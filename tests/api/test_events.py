"""Sites, programmes and events by program: planned, published, changed, called off; each by those who may."""

import re
from datetime import datetime, timedelta

import pytest

from app.db import db
from app.events.models import Event
from app.mail.models import Mail
from tests import factories

pytestmark = pytest.mark.usefixtures("app")


def plan(**changes):
    site, programme = factories.site(), factories.programme()
    body = {"programme_id": programme.id, "site_id": site.id, "kind": "cleanup", "title": {"kk": "Таза жағалау"}}
    times = {"starts_at": "2030-05-18T09:00:00+05:00", "ends_at": "2030-05-18T13:00:00+05:00"}
    window = {"signup_opens_at": "2026-01-01T00:00:00+05:00", "signup_closes_at": "2030-05-17T00:00:00+05:00"}
    return body | times | window | {"capacity": 40, "on_full": "waitlist", "audience": "employees"} | changes


def test_aigul_plans_from_the_site_to_the_published_event(program):
    aigul = program(factories.coordinator())
    site = aigul.post("/sites", json={"name": {"en": "Coast"}, "city": "balkhash", "kind": "coast", "ppe": ["gloves"]})
    line = aigul.post("/programmes", json={"name": {"en": "Clean Coast"}, "year": 2030})
    assert (site.status_code, line.status_code, line.json["year"]) == (201, 201, 2030)
    body = plan(site_id=site.json["id"], programme_id=line.json["id"])
    event = aigul.post("/events", json=body)
    assert (event.status_code, event.json["status"]) == (201, "draft")
    assert event.json["starts_at"] == body["starts_at"]
    found = aigul.get(event.headers["Location"].removeprefix("/api/v1"))
    assert found.json == event.json
    assert aigul.post(f"/events/{event.json['id']}/publication").json["status"] == "published"
    changed = aigul("PATCH", f"/events/{event.json['id']}", json={"capacity": 50})
    assert (changed.status_code, changed.json["capacity"], changed.json["title"]) == (200, 50, event.json["title"])
    assert aigul.get("/sites").json["items"][0]["ppe"] == ["gloves"]


def test_wrong_plans_are_refused_by_field(program):
    aigul = program(factories.coordinator())
    wrong = {"ends_at": "2030-05-18T08:00:00+05:00"}
    answer = aigul.post("/events", json=plan(**wrong))
    assert (answer.status_code, list(answer.json["errors"])) == (422, ["ends_at"])
    for field, value in {
        "capacity": 0,
        "starts_at": "2030-05-18T09:00:00",
        "kind": "war",
        "colour": "red",
        "title": {},
    }.items():
        answer = aigul.post("/events", json=plan(**{field: value}))
        assert (answer.status_code, field in answer.json["errors"]) == (422, True), field
    assert db.session.query(Event).count() == 0


def test_a_title_may_be_wrong_in_one_language(program):
    answer = program(factories.coordinator()).post("/events", json=plan(title={"kk": 5}))
    assert list(answer.json["errors"]) == ["title.kk"]


def test_drafts_are_listed_for_those_who_plan_them_alone(program):
    factories.event(status="draft", title={"en": "Draft"})
    published = factories.event()
    lists = {
        name: [item["id"] for item in program(who).get("/events").json["items"]]
        for name, who in (
            ("aigul", factories.coordinator()),
            ("admin", factories.admin()),
            ("other", factories.coordinator("zhezkazgan")),
            ("nurlan", factories.employee()),
        )
    }
    assert {name: len(ids) for name, ids in lists.items()} == {"aigul": 2, "admin": 2, "other": 1, "nurlan": 1}
    assert lists["nurlan"] == [published.id]


def test_events_are_narrowed_down(program):
    here = factories.event()
    factories.event(city="zhezkazgan", kind="excursion")
    nurlan = program(factories.employee())
    for query in ("city=balkhash", "kind=cleanup", f"programme_id={here.programme_id}"):
        assert [item["id"] for item in nurlan.get(f"/events?{query}").json["items"]] == [here.id]
    assert nurlan.get("/events?from=2031-01-01T00:00:00Z").json["items"] == []
    assert nurlan.get("/events?status=war").status_code == 422


def test_others_change_nothing(program):
    event = factories.event()
    nurlan, other = program(factories.employee()), program(factories.coordinator("zhezkazgan"))
    for who in (nurlan, other):
        assert who("PATCH", f"/events/{event.id}", json={"capacity": 1}).status_code == 403
        for step in ("publication", "postponement", "cancellation"):
            assert who.post(f"/events/{event.id}/{step}").status_code == 403
        assert who.post("/sites", json={"name": {"en": "X"}, "city": "balkhash"}).status_code == 403
        assert who.post("/events", json=plan()).status_code == 403
    draft = factories.event(status="draft")
    assert other.get(f"/events/{draft.id}").status_code == 404
    assert (event.capacity, event.status) == (40, "published")


def test_cancelling_tells_everybody_once(program):
    event, nurlan = factories.event(), factories.employee()
    factories.place(event, nurlan)
    aigul = program(factories.coordinator())
    body = {"reason": {"kk": "Дауыл", "ru": "Шторм"}}
    for _ in range(2):
        answer = aigul.post(f"/events/{event.id}/cancellation", json=body, headers={"Idempotency-Key": "storm"})
        assert (answer.status_code, answer.json["status"]) == (201, "cancelled")
    assert db.session.query(Mail).filter_by(template="signups/event_cancelled").count() == 1
    assert aigul.post(f"/events/{event.id}/cancellation").status_code == 409


@pytest.mark.parametrize("noun", ["cancellation", "postponement"])
def test_calling_off_waits_a_minute_in_which_a_program_may_undo_it(program, noun):
    event = factories.event()
    factories.place(event, factories.employee())
    aigul = program(factories.coordinator())
    made = aigul.post(f"/events/{event.id}/{noun}").json
    letter = db.session.query(Mail).one()
    assert letter.due_at - letter.created_at == timedelta(seconds=60)
    assert datetime.fromisoformat(made["undoable_until"]) == letter.due_at
    assert aigul.post(f"/events/{event.id}/changes/{made['change_id']}/undo").status_code == 201
    db.session.expire_all()
    assert (event.status, letter.status) == ("published", "cancelled")


def test_another_day_is_a_move_with_its_minute_and_takes_the_rest_along(program):
    event = factories.event(signup_closes_at=factories.SATURDAY - timedelta(days=1))
    factories.place(event, factories.employee())
    aigul, week = program(factories.coordinator()), timedelta(days=7)
    said = {"starts_at": event.starts_at + week, "ends_at": event.ends_at + week}
    said = {name: at.isoformat() for name, at in said.items()} | {"capacity": 55}
    answer = aigul("PATCH", f"/events/{event.id}", json=said)
    assert (answer.status_code, answer.json["capacity"]) == (200, 55)
    db.session.expire_all()
    assert event.signup_closes_at == factories.SATURDAY + timedelta(days=6)
    assert aigul.post(f"/events/{event.id}/changes/{answer.json['change_id']}/undo").status_code == 201
    db.session.expire_all()
    assert (event.starts_at, event.capacity) == (factories.SATURDAY, 40)
    assert "change_id" not in aigul("PATCH", f"/events/{event.id}", json={"capacity": 41}).json


def test_what_was_put_off_gets_its_day_and_is_published_when_somebody_says_so(program):
    event = factories.event()
    factories.place(event, factories.employee())
    aigul = program(factories.coordinator())
    aigul.post(f"/events/{event.id}/postponement")
    later = {"starts_at": (event.starts_at + timedelta(days=7)).isoformat()}
    later["ends_at"] = (event.ends_at + timedelta(days=7)).isoformat()
    assert aigul("PATCH", f"/events/{event.id}", json=later).json["status"] == "postponed"
    assert db.session.query(Mail).filter_by(template="signups/moved").count() == 0
    published = aigul.post(f"/events/{event.id}/publication")
    assert (published.status_code, published.json["status"]) == (201, "published")
    letter = db.session.query(Mail).filter_by(template="signups/moved").one()
    assert letter.due_at - letter.created_at == timedelta(seconds=60) and published.json["change_id"]


def test_capacity_below_those_seated_is_refused(program):
    event = factories.event()
    for _ in range(3):
        factories.place(event, factories.employee())
    answer = program(factories.coordinator())("PATCH", f"/events/{event.id}", json={"capacity": 2})
    assert (answer.status_code in (409, 422), event.capacity) == (True, 40)
    assert answer.json["type"] == "capacity-below-seated"


def test_an_empty_coordinator_is_none(program):
    aigul = program(factories.coordinator())
    event = aigul.post("/events", json=plan()).json
    answer = aigul("PATCH", f"/events/{event['id']}", json={"coordinator_id": ""})
    assert (answer.status_code, answer.json["coordinator_id"]) == (200, None)


def test_rules_of_an_event_and_a_site_are_set_and_read_by_program(program):
    aigul = program(factories.coordinator())
    smelter = {"name": {"en": "Smelter"}, "city": "balkhash", "hazard_class": "high"}
    assert aigul.post("/sites", json=smelter).json["hazard_class"] == "high"
    assert aigul.post("/sites", json=smelter | {"hazard_class": "x"}).status_code == 422
    rules = {
        "cities": ["balkhash"], "departments": ["Цех 1"], "places_per_employee": 4, "no_show_limit": 2,
        "cancel_closes_at": "2030-05-16T12:00:00+05:00", "transport": "bus", "promotion": "offer", "offer_hours": 3,
        "offer_from_hours": 48, "pass_limit": 0, "approval": "manager", "approval_hours": 24,
    }  # fmt: skip
    event = aigul.post("/events", json=plan(**rules))
    assert (event.status_code, {name: event.json[name] for name in rules}) == (201, rules)
    changed = aigul("PATCH", f"/events/{event.json['id']}", json={"cities": [], "no_show_limit": None, "pass_limit": 2})
    assert {name: changed.json[name] for name in rules} == rules | {
        "cities": [],
        "no_show_limit": None,
        "pass_limit": 2,
    }
    for field, value in {"offer_hours": 0, "promotion": "x", "cities": ["atlantis"], "transport": None}.items():
        answer = aigul("PATCH", f"/events/{event.json['id']}", json={field: value})
        assert (answer.status_code, field in answer.json["errors"]) == (422, True), field


def test_the_usual_questions_are_asked_by_program_and_stay_when_the_form_is_saved(program, log_in):
    person = factories.coordinator()
    aigul = program(person)
    event = aigul.post("/events", json=plan(asks_diet=True)).json
    assert [event[name] for name in ("asks_size", "asks_diet", "asks_medical")] == [False, True, False]
    path, browser = f"/events/{event['id']}", log_in(person)
    opened_at = re.search('name="version" type="hidden" value="([^"]+)"', browser.get(f"{path}/edit").text)[1]
    changed = aigul("PATCH", path, json={"asks_medical": True, "asks_diet": False}).json
    assert [changed[name] for name in ("asks_size", "asks_diet", "asks_medical")] == [False, False, True]
    form = {
        "title-kk": "Таза жағалау", "kind": "cleanup", "programme_id": event["programme_id"],
        "site_id": event["site_id"], "day": "18.05.2030", "starts_at": "09:00", "ends_at": "13:00",
        "date_precision": "minute", "audience": "employees", "capacity": "60", "on_full": "waitlist",
    }  # fmt: skip
    assert browser.post(f"{path}/edit", data=form | {"version": opened_at}).status_code == 303
    saved = aigul.get(path).json
    assert (saved["capacity"], saved["asks_medical"]) == (60, True)


def test_asking_for_health_by_program_asks_guardians_anew(program):
    nurlan, event = factories.employee(), factories.event(audience="families")
    dina = factories.child(nurlan)
    factories.consent(event, dina, nurlan)
    place = factories.place(event, dina)
    assert place.consent_due_at is None
    aigul = program(factories.coordinator())
    assert aigul("PATCH", f"/events/{event.id}", json={"asks_medical": True}).status_code == 200
    db.session.expire_all()
    assert place.consent_due_at is not None
