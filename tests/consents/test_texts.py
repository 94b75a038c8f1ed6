"""Texts in versions: who publishes them, and that earlier answers keep theirs."""

from datetime import timedelta

import pytest
from flask import Flask

from app.accounts.actor import COORDINATOR, SYSTEM, Actor, Scope
from app.consents.models import KINDS, Consent, ConsentText
from app.consents.operations import install_first_texts, publish_text
from app.consents.queries import current_text, versions_of
from app.consents.texts import FIRST_TEXTS
from app.db import db
from app.errors import Invalid, NotAllowed, NotFound
from tests import factories

NOW = factories.LONG_AGO + timedelta(days=30)
WORDS = {"kk": "Келісемін.", "ru": "Согласен(на).", "en": "I agree."}

pytestmark = pytest.mark.usefixtures("app")


def test_a_new_installation_has_every_kind_in_three_languages(app: Flask):
    factories.consent_texts()
    assert set(FIRST_TEXTS) == set(KINDS)
    assert all(set(text) == {"kk", "ru", "en"} and all(text.values()) for text in FIRST_TEXTS.values())
    assert {row.kind for row in db.session.query(ConsentText)} == set(KINDS)


def test_an_older_installation_gets_the_kinds_that_it_lacks_and_keeps_its_own():
    factories.saved(ConsentText(kind="participation", version=3, text=WORDS, published_at=NOW))
    install_first_texts(now=NOW)
    install_first_texts(now=NOW)
    assert current_text("participation").version == 3
    assert db.session.query(ConsentText).count() == len(KINDS)


def test_a_new_version_is_in_force_and_old_answers_keep_theirs():
    nurlan, event = factories.employee(), factories.event(audience="families")
    (given,) = factories.consent(event, factories.child(nurlan), nurlan)
    new = publish_text("participation", WORDS, now=NOW, actor=SYSTEM)
    assert (current_text("participation").id, new.version) == (new.id, 2)
    assert db.session.get(Consent, given.id).text_id == versions_of("participation")[1].id


def test_a_text_must_be_whole_in_all_three_languages():
    with pytest.raises(Invalid):
        publish_text("photo", {**WORDS, "kk": "  "}, now=NOW, actor=SYSTEM)
    publish_text("photo", WORDS, now=NOW, actor=SYSTEM)
    with pytest.raises(Invalid):
        publish_text("photo", WORDS, now=NOW, actor=SYSTEM)
    with pytest.raises(NotFound):
        publish_text("flying", WORDS, now=NOW, actor=SYSTEM)


def test_one_citys_coordinator_does_not_change_what_binds_every_city():
    of_balkhash = Actor(account_id="a", scopes=(Scope(COORDINATOR, city="balkhash"),))
    with pytest.raises(NotAllowed):
        publish_text("photo", WORDS, now=NOW, actor=of_balkhash)


def test_an_admin_publishes_on_the_page_and_everybody_reads_it(log_in, client):
    factories.consent_texts()
    admin = log_in(factories.admin())
    fields = {f"text-{code}": words for code, words in WORDS.items()}
    assert admin.post("/consents/texts/photo", data={**fields, "text-kk": ""}).status_code == 422
    assert admin.post("/consents/texts/photo", data=fields).status_code == 303
    assert "Келісемін." in client.get("/consents/photo", headers={"Accept-Language": "kk"}).text
    assert "Келісемін." not in client.get("/consents/photo?version=1", headers={"Accept-Language": "kk"}).text
    assert client.get("/consents/photo?version=99").status_code == 404
    page = log_in(factories.coordinator()).get("/consents/texts/photo")
    assert "Келісемін." in page.text
    assert "text-kk" not in page.text, "a coordinator of one city reads only"
