"""The history of an event and of a person: readable, narrowed, filed, and seen by those who may."""

from datetime import timedelta

import pytest
from flask import Flask

from app.accounts.actor import SYSTEM
from app.audit.models import AuditEntry, AuditValues
from app.audit.operations import record
from app.db import db, transaction
from app.events.models import Event
from app.history.queries import ALL, Wanted, about_event, about_person, history_page, names_in
from app.history.telling import Teller
from app.people.models import Person
from app.signups.cancelling import cancel_signup
from app.signups.signing_up import sign_up
from tests import factories
from tests.people.test_sight import acting
from tests.signups.test_query_counts import counted

NOW = factories.SATURDAY - timedelta(days=30)


@pytest.fixture
def aigul(app: Flask) -> Person:
    """Coordinates Balkhash."""
    return factories.coordinator("balkhash")


def verbs(about, wanted: Wanted = ALL) -> list[str]:
    """What was done, the newest first."""
    return [line.entry.verb for line in history_page(about, wanted, cursor=None).items]


def changed(event: Event, aigul: Person, **fields: object) -> None:
    """A change that the log keeps."""
    with transaction():
        record(acting(aigul), "change", event, now=NOW, changes={name: (None, after) for name, after in fields.items()})


def test_an_event_has_the_acts_of_its_sign_ups_too_and_so_has_the_person(aigul: Person):
    nurlan, event, other = factories.employee(), factories.event(), factories.event()
    changed(event, aigul, capacity=50)
    changed(other, aigul, capacity=60)
    party = sign_up(event.id, [nurlan.id], leader_id=nurlan.id, now=NOW + timedelta(minutes=1), actor=acting(nurlan))
    cancel_signup(party, now=NOW + timedelta(minutes=2), actor=acting(nurlan))

    assert verbs(about_event(event))[-2:] == ["sign_up", "change"]
    assert verbs(about_event(event))[0] == "cancel_signup"
    assert "sign_up" in verbs(about_person(nurlan))
    assert "change" not in verbs(about_person(nurlan))


def test_it_is_narrowed_by_who_what_field_and_time(aigul: Person):
    event = factories.event()
    changed(event, aigul, capacity=50)
    with transaction():
        record(SYSTEM, "close", event, now=NOW + timedelta(days=3), changes={"status": ("published", "closed")})
    about, account = about_event(event), acting(aigul).account_id or ""

    assert verbs(about, Wanted(who=account)) == ["change"]
    assert verbs(about, Wanted(who="system")) == ["close"]
    assert verbs(about, Wanted(verb="close")) == ["close"]
    assert verbs(about, Wanted(field="capacity")) == ["change"]
    assert verbs(about, Wanted(field="capa%")) == []
    assert verbs(about, Wanted(since=NOW + timedelta(days=1))) == ["close"]
    assert verbs(about, Wanted(until=NOW + timedelta(days=1))) == ["change"]


def test_values_are_told_as_people_write_them(aigul: Person, app: Flask):
    event, nurlan = factories.event(), factories.employee()
    values = {
        "status": "closed",
        "starts_at": factories.SATURDAY,
        "coordinator_id": nurlan.id,
        "lunch": True,
        "title": {"kk": "Жаңа", "en": "New"},
        "name_sort": "0102",
        "cities": ["balkhash", "zhezkazgan"],
    }
    changed(event, aigul, **values)
    [line] = history_page(about_event(event), cursor=None).items

    with app.test_request_context(headers={"Accept-Language": "en"}):
        told = Teller(names_in([line]), language="en").told(line)

    shown = {change.field: change.after for change in told.changes}
    assert shown["Status"] == "Sign-up closed"
    assert "18" in shown["Begins"] and "09:00" in shown["Begins"]
    assert shown["Coordinator"] == "Сейітқали Нұрлан"
    assert shown["Lunch"] == "yes"
    assert shown["Title (and in Kazakh)"] == "New"
    assert shown["Cities"] == "Balkhash, zhezkazgan", "a city that is not known keeps its word"
    assert len(shown) == 6 and told.who == "Омарова Айгүл"


def test_what_was_erased_leaves_the_act_without_its_values(aigul: Person, log_in):
    nurlan = factories.employee()
    with transaction():
        record(acting(aigul), "change", nurlan, now=NOW, changes={"phone": ("+77010000001", "+77010000002")})
    entry = db.session.query(AuditEntry).filter_by(person_id=nurlan.id).one()
    assert "+77010000002" in log_in(aigul).get(f"/people/{nurlan.id}/history").text
    with transaction() as session:
        session.query(AuditValues).filter_by(entry_id=entry.id).delete()

    page = log_in(aigul).get(f"/people/{nurlan.id}/history").text

    assert "+77010000002" not in page
    assert "<i>" in page, "the field stands there, its values are erased"


def test_only_those_who_run_it_see_it(aigul: Person, log_in, client):
    event, nurlan, zhan = factories.event(), factories.employee(), factories.coordinator("zhezkazgan")
    pages = [f"/events/{event.id}/history", f"/people/{nurlan.id}/history", f"/events/{event.id}/history.csv"]

    assert [log_in(aigul).get(page).status_code for page in pages] == [200, 200, 200]
    assert [log_in(zhan).get(page).status_code for page in pages] == [403, 404, 403]
    assert [log_in(nurlan).get(page).status_code for page in pages] == [403, 403, 403]
    assert [client.get(page).status_code for page in pages] == [303, 303, 303]


def test_files_hold_a_row_for_each_changed_field_and_are_written_down(aigul: Person, log_in):
    event = factories.event()
    changed(event, aigul, capacity=50, max_age=60)

    lines = log_in(aigul).get(f"/events/{event.id}/history.csv").get_data().decode("utf-8-sig").splitlines()

    assert len(lines) == 3 and "50" in lines[1]
    assert log_in(aigul).get(f"/events/{event.id}/history.xlsx").status_code == 200
    assert log_in(aigul).get(f"/events/{event.id}/history.pdf").status_code == 404
    assert verbs(about_event(event)).count("export") == 2


@pytest.mark.full
def test_long_histories_come_in_pages_and_ask_twelve_questions_at_most(aigul: Person, log_in):
    event, nurlan = factories.event(), factories.employee()
    for number in range(60):
        changed(event, aigul, capacity=number, coordinator_id=nurlan.id, site_id=event.site_id)
    browser = log_in(aigul)

    with counted() as asked:
        first = browser.get(f"/events/{event.id}/history").text

    assert len(asked) <= 12, asked
    assert "cursor=" in first
    assert browser.get(f"/events/{event.id}/history?since=nonsense&until=9999-12-31&who=x&field=%25").status_code == 200
