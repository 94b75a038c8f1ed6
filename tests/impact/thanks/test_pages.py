"""The coordinator's pages of thanks: the switches, what groups brought in, results; and what is forgotten."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import clock
from app.access.tokens import create_token
from app.accounts.actor import SYSTEM, Actor, Scope
from app.audit.models import AuditEntry
from app.db import db, transaction
from app.files import FileStore
from app.impact.thanks import readers
from app.impact.thanks.models import GroupWaste, SurveyAnswer, SurveyBallot, Thanks
from app.impact.thanks.queueing import queue_thanks
from app.impact.thanks.survey import answer_survey, end_survey
from app.mail.models import Mail
from app.people.models import Person
from app.privacy.purging import purge
from app.rosters.models import Group
from app.signups.models import Place
from tests import factories
from tests.impact.thanks.days import CLOSED, DUE, ENDED, came, closed, work

pytestmark = pytest.mark.full
LogIn = Callable[[Person], FlaskClient]


@pytest.fixture(autouse=True)
def evening(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: DUE)


def read_json(app: Flask, address: str, headers: dict[str, str]) -> Any:
    return app.test_client().get(address, headers=headers).get_json()


def said(places: list[Place], scale: int, choice: str = "food", word: str = "") -> None:
    for place in places:
        answer_survey(place, scale=scale, choice=choice, word=word, now=DUE)


def test_letters_that_are_switched_off_do_not_leave_until_they_are_switched_on(log_in: LogIn) -> None:
    event, aigul = factories.event(), factories.coordinator()
    came(event, factories.employee())
    page = f"/events/{event.id}/thanks"
    assert log_in(aigul).post(page, data={"survey": "y"}).status_code == 303
    assert db.session.query(AuditEntry).filter_by(verb="choose_thanks").count() == 1
    closed(event)
    assert work(DUE) == []
    assert db.session.get_one(Thanks, event.id).missed_reason == "off"
    log_in(aigul).post(page, data={"survey": "y", "letters": "y"})
    assert len(work(DUE)) == 1
    assert log_in(aigul).post(page, data={"survey": "y"}).status_code == 409, "they have left"


def test_letters_that_wait_are_taken_back_when_they_are_switched_off(
    log_in: LogIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readers, "AT_ONCE", 1)
    event, aigul = factories.event(), factories.coordinator()
    for _ in range(2):
        came(event, factories.employee())
    closed(event)
    assert queue_thanks(now=DUE) and queue_thanks(now=DUE)
    log_in(aigul).post(f"/events/{event.id}/thanks", data={"survey": "y"})
    work(DUE)
    assert [mail.status for mail in db.session.query(Mail)] == ["cancelled"]


def test_what_a_group_brought_in_is_corrected_by_a_new_entry(log_in: LogIn) -> None:
    event, aigul = factories.event(), log_in(factories.coordinator())
    group = factories.saved(Group(event_id=event.id, name="3"))
    page = f"/events/{event.id}/thanks/groups"
    assert aigul.post(page, data={group.id: "412,5", f"{group.id}_how": "weighed"}).status_code == 303
    (first,) = db.session.query(GroupWaste)
    again = {group.id: "420", f"{group.id}_how": "weighed"}
    stale = aigul.post(page, data=again | {f"{group.id}_seen": ""})
    assert stale.status_code == 422 and "412,5" in stale.text, "somebody else's figure is not lost unseen"
    assert f'value="{first.id}"' in stale.text, "who sends it again has read that"
    assert aigul.post(page, data=again | {f"{group.id}_seen": first.id}).status_code == 303
    other = factories.saved(Group(event_id=event.id, name="4"))
    untouched = {group.id: "412,5", f"{group.id}_seen": first.id, other.id: "10", f"{other.id}_seen": ""}
    assert aigul.post(page, data=untouched).status_code == 303
    assert {float(row.kilograms) for row in db.session.query(GroupWaste)} == {412.5, 420.0, 10.0}, "merged"
    with transaction():
        db.session.query(GroupWaste).filter_by(group_id=other.id).delete()
    old, new = db.session.query(GroupWaste).order_by(GroupWaste.kilograms)
    assert (old.replaced_by_id, float(new.kilograms), new.replaced_by_id) == (new.id, 420.0, None)


@pytest.mark.parametrize("written", ["-5", "сорок", "20001", "1.2345", "1 тонна"])
def test_a_figure_that_cannot_be_is_refused_beside_its_group(log_in: LogIn, written: str) -> None:
    event, aigul = factories.event(), log_in(factories.coordinator())
    group = factories.saved(Group(event_id=event.id, name="3"))
    answer = aigul.post(f"/events/{event.id}/thanks/groups", data={group.id: written, f"{group.id}_how": "weighed"})
    assert answer.status_code == 422 and f'id="{group.id}-e"' in answer.text and f'value="{written}"' in answer.text
    assert db.session.query(GroupWaste).count() == 0


def test_results_are_told_with_the_programmes_trend(log_in: LogIn) -> None:
    programme, aigul = factories.programme(), factories.coordinator()
    events = []
    for scale, people in ((4, 5), (2, 6), (1, 4)):
        event = factories.event(programme=programme)
        places = [came(event, factories.employee()) for _ in range(people)]
        closed(event)
        work(CLOSED)
        said(places, scale, word=f"word of {scale}")
        events.append(event)
    page = f"/events/{events[0].id}/survey"
    assert "word of 4" not in log_in(aigul).get(page).text, "not while it runs"
    ending = f"/events/{events[0].id}/survey/ending"
    assert log_in(aigul).post(ending).status_code == 303
    for event in events[1:]:
        end_survey(event, now=DUE, actor=_acting(aigul))
    text = log_in(aigul).get(page).text
    assert "word of 4" in text and text.count("<table") == 3
    assert "word of 1" not in log_in(aigul).get(f"/events/{events[2].id}/survey").text
    whole = log_in(aigul).get(f"/programmes/{programme.id}/survey").text
    assert "2,9" in whole or "2.9" in whole, "five fours and six twos"
    assert log_in(aigul).get(f"/programmes/{programme.id}/survey?year=2031").status_code == 200


def test_management_reads_figures_and_no_words(log_in: LogIn) -> None:
    event, boss = factories.event(), factories.employee()
    factories.account(boss, "management", city="balkhash")
    places = [came(event, factories.employee()) for _ in range(5)]
    closed(event)
    work(CLOSED)
    said(places, 5, word="Айгүлге рахмет")
    work(CLOSED + timedelta(days=14))
    page = log_in(boss).get(f"/events/{event.id}/survey")
    assert page.status_code == 200 and '<svg class="chart"' in page.text and "Айгүлге" not in page.text
    assert log_in(boss).get(f"/events/{event.id}/thanks").status_code == 403
    elsewhere = factories.event(city="zhezkazgan")
    assert log_in(boss).get(f"/events/{elsewhere.id}/survey").status_code == 403


def test_programs_read_the_same_and_nothing_while_it_runs(app: Flask) -> None:
    event, aigul = factories.event(), factories.coordinator()
    places = [came(event, factories.employee()) for _ in range(5)]
    token = create_token(factories.account(aigul), name="test", now=DUE, actor=SYSTEM)
    headers = {"Authorization": f"Bearer {token}"}
    address = f"/api/v1/events/{event.id}/survey"
    assert read_json(app, address, headers)["state"] == "none"
    closed(event)
    work(CLOSED)
    said(places, 4)
    running = read_json(app, address, headers)
    assert (running["state"], running["answers"], running["mean"], running["scale"]) == ("open", 5, None, None)
    end_survey(event, now=DUE, actor=_acting(aigul))
    over = read_json(app, address, headers)
    assert (over["state"], over["mean"], over["scale"]["4"], over["choices"]) == ("ended", 4.0, 5, {"food": 5})


def test_tokens_and_words_are_forgotten_after_a_year_and_figures_stay(app: Flask, tmp_path: Path) -> None:
    event = factories.event()
    place = came(event, factories.employee())
    closed(event)
    work(CLOSED)
    said([place], 3, word="Жел болды")
    store = FileStore(tmp_path / "uploads")
    assert "survey_ballots" not in purge(store=store, now=ENDED + timedelta(days=365))
    told = purge(store=store, now=ENDED + timedelta(days=366))
    assert (told["survey_ballots"], told["survey_words"]) == (1, 1)
    (row,) = db.session.query(SurveyAnswer)
    assert (row.scale, row.word) == (3, "") and db.session.query(SurveyBallot).count() == 0


def test_nurlan_answers_on_his_own_page(log_in: LogIn) -> None:
    event, nurlan = factories.event(), factories.employee()
    place = came(event, nurlan)
    closed(event)
    work(CLOSED)
    mine, page = log_in(nurlan), f"/places/{place.id}/survey"
    assert f'href="{page}"' in mine.get("/my/thanks").text
    assert mine.post(page, data={}).status_code == 422
    assert mine.post(page, data={"scale": "2", "choice": "time"}).status_code == 303
    assert re.findall(r'<input checked[^>]*value="(\w+)"', mine.get(page).text) == ["2", "time"]
    with transaction():
        db.session.get_one(Thanks, event.id).survey_off_at = DUE
    assert page not in mine.get("/my/thanks").text
    assert mine.post(page, data={"scale": "3", "choice": "time"}).status_code == 409


def _acting(person: Person) -> Actor:
    return Actor(account_id=factories.account(person).id, person_id=person.id, scopes=(Scope("coordinator"),))
