"""A guardian answers by the link of the letter or logged in; reading changes nothing."""

import re
from datetime import timedelta

import pytest
from flask import Flask

from app import clock
from app.access.signed_links import sign_link
from app.accounts.actor import SYSTEM
from app.consents.models import Consent
from app.consents.operations import publish_text
from app.consents.queries import missing_for, newest_texts
from app.db import db, transaction
from app.people.models import Guardianship
from app.signups.consent_mails import consent_path
from app.signups.models import Place
from tests import factories


@pytest.fixture
def asked(app: Flask):
    """Dina's place, her father and his link."""
    factories.consent_texts()
    nurlan = factories.employee(language="ru")
    event = factories.event(audience="families", transport="bus")
    place = factories.place(event, factories.child(nurlan), consent_due_at=clock.now() + timedelta(days=3))
    return place, nurlan, consent_path(place, nurlan.id)


def said(**answers: str) -> dict[str, str]:
    texts = newest_texts()
    return answers | {f"text_{kind}": texts[kind] for kind in answers}


def test_reading_changes_nothing_and_nothing_is_ticked_beforehand(asked, client):
    place, _, path = asked
    page = client.get(path)
    assert page.status_code == 200
    assert "Сейітқали Дина" in page.text
    assert 'name="participation"' in page.text
    assert 'name="transport"' in page.text
    assert 'name="medical"' not in page.text
    assert not re.search(r'type="radio"[^>]*checked', page.text)
    assert db.session.query(Consent).count() == 0
    assert db.session.get(Place, place.id).consent_due_at is not None


def test_the_text_is_in_the_readers_language_and_can_be_switched(asked, client):
    *_, path = asked
    assert "Я законный представитель" in client.get(path).text
    assert "Мен баланың заңды өкілімін" in client.get(path + "?language=kk").text
    assert "I am the child" in client.get(path + "?language=en").text
    assert "Я законный представитель" in client.get(path + "?language=xx").text


def test_a_yes_by_the_link_is_kept_with_its_language_version_and_channel(asked, client):
    place, nurlan, path = asked
    answer = client.post(path, data=said(participation="yes", transport="yes") | {"language": "kk"})
    assert answer.status_code == 303
    assert not missing_for(place.event, place.person_id)
    rows = db.session.query(Consent).all()
    assert {(row.channel, row.language, row.guardian_id, row.is_yes) for row in rows} == {
        ("link", "kk", nurlan.id, True)
    }
    assert db.session.get(Place, place.id).consent_due_at is None
    page = client.get(path)
    assert len(re.findall(r'value="yes" checked', page.text)) == 2, "the page shows what was answered"


def test_the_same_link_takes_it_back(asked, client):
    place, _, path = asked
    client.post(path, data=said(participation="yes", transport="yes"))
    client.post(path, data=said(participation="no", transport="yes"))
    assert missing_for(place.event, place.person_id) == ("participation",)
    assert db.session.get(Place, place.id).consent_due_at is not None


def test_half_an_answer_is_refused(asked, client):
    *_, path = asked
    refused = client.post(path, data=said(participation="yes"), headers={"Referer": f"http://localhost{path}"})
    assert refused.status_code == 422
    assert db.session.query(Consent).count() == 0


def test_a_text_that_changed_meanwhile_must_be_read_again(asked, client):
    *_, path = asked
    old = said(participation="yes", transport="yes")
    publish_text("transport", {"kk": "а", "ru": "б", "en": "c"}, now=clock.now(), actor=SYSTEM)
    assert client.post(path, data=old).status_code == 409
    assert db.session.query(Consent).count() == 0


def test_a_forged_a_foreign_and_an_ended_link_open_nothing(asked, client):
    place, nurlan, path = asked
    stan = factories.employee("Стан", "Стэн")
    assert client.get(path[:-1]).status_code == 404
    assert client.get(consent_path(place, stan.id)).status_code == 404, "no guardian"
    other = sign_link("offer", {"place": place.id, "guardian": nurlan.id}, expires_at=place.event.starts_at)
    assert client.get(f"/consents/answers/{other}").status_code == 404, "made for something else"
    over = sign_link("consent", {"place": place.id, "guardian": nurlan.id}, expires_at=clock.now())
    assert client.get(f"/consents/answers/{over}").status_code == 410
    with transaction():
        db.session.query(Guardianship).filter_by(guardian_id=nurlan.id).one().ended_at = clock.now()
    assert client.post(path, data=said(participation="yes", transport="yes")).status_code == 404


def test_a_guardian_who_is_logged_in_answers_the_same_way_and_strangers_find_nothing(asked, log_in):
    place, nurlan, _ = asked
    browser = log_in(nurlan)
    assert browser.get(f"/places/{place.id}/consent").status_code == 200
    answer = browser.post(f"/places/{place.id}/consent/answers", data=said(participation="yes", transport="yes"))
    assert answer.status_code == 303
    assert {row.channel for row in db.session.query(Consent)} == {"page"}
    assert log_in(factories.employee("Стан", "Стэн")).get(f"/places/{place.id}/consent").status_code == 404


def test_a_place_that_is_gone_says_so(asked, client):
    place, _, path = asked
    with transaction():
        place.status, place.cancelled_at = "cancelled", clock.now()
    page = client.get(path)
    assert (page.status_code, 'type="radio"' in page.text) == (200, False)
    assert client.post(path, data=said(participation="yes", transport="yes")).status_code == 409
