"""Which optional letters a reader wants: by the link in a letter, or logged in; what is needed goes all the same."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import clock
from app.audit.models import AuditEntry
from app.db import db
from app.mail.claiming import claim
from app.mail.models import Mail, Suppression
from app.mail.preferences import KINDS, choose_by_link, wanted_kinds
from app.mail.unsubscribing import token_of
from app.people.models import Person
from tests import factories

NOW = clock.now()
LogIn = Callable[[Person], FlaskClient]
DINA = "dina@torangy.example"
PAGE = f"/mail/preferences/{token_of(DINA, 'reminder', secret='a key for tests only')}"


def letter(key: str, kind: str, **more: Any) -> Mail:
    values: dict[str, Any] = {"template": f"x/{kind}", "language": "kk", "context": {}, "created_at": NOW}
    values |= {"not_before": NOW, "due_at": NOW, "recipient_name": "Дина", "recipient": DINA, "kind": kind}
    return factories.saved(Mail(key=key, **(values | more)))


def rows() -> set[tuple[str, str]]:
    db.session.rollback()
    return {(row.reason, row.kind) for row in db.session.query(Suppression)}


def test_a_reader_chooses_by_the_link_in_a_letter(client: FlaskClient) -> None:
    assert client.get(PAGE).text.count(" checked") == len(KINDS)
    assert client.post(PAGE, data={"kind": ["visit", "digest", "thanks", "made-up"]}).status_code == 303
    assert rows() == {("unsubscribed", "reminder")}
    assert client.get(PAGE).text.count(" checked") == len(KINDS) - 1
    client.post(PAGE, data={"kind": list(KINDS)})
    assert rows() == set()


def test_choosing_anew_takes_an_earlier_no_to_everything_back_but_no_bounce(app: Flask) -> None:
    for reason in ("unsubscribed", "complained", "bounced"):
        factories.saved(Suppression(address=DINA, reason=reason, since=NOW))
    assert wanted_kinds(DINA) == set()
    choose_by_link(DINA, ["reminder"], now=NOW)
    assert rows() == {("bounced", "")} | {("unsubscribed", kind) for kind in KINDS if kind != "reminder"}
    assert wanted_kinds(DINA.upper()) == {"reminder"}


def test_kinds_are_stopped_one_by_one_and_what_is_needed_always_goes(app: Flask) -> None:
    choose_by_link(DINA, ["message"], now=NOW)
    letter("unwanted", "reminder", optional=True)
    letter("wanted", "message", optional=True)
    letter("needed", "confirmed")
    letter("also-needed", "reminder")
    claimed, _ = claim("lease", now=NOW, limit=10)
    taken = {one.id for one in claimed}
    assert {mail.key for mail in db.session.query(Mail) if mail.id in taken} == {"wanted", "needed", "also-needed"}
    db.session.expire_all()
    assert db.session.query(Mail).filter_by(key="unwanted").one().status == "cancelled"


@pytest.mark.parametrize("reason", ["complained", "unsubscribed"])
def test_who_wants_nothing_gets_what_is_needed(app: Flask, reason: str) -> None:
    factories.saved(Suppression(address=DINA, reason=reason, since=NOW))
    letter("optional", "thanks", optional=True)
    letter("needed", "moved")
    claimed, _ = claim("lease", now=NOW, limit=10)
    assert len(claimed) == 1


def test_one_chooses_for_oneself_on_the_personal_page_and_it_stands_in_the_history(app: Flask, log_in: LogIn) -> None:
    nurlan = factories.employee(email="nurlan@torangy.example")
    browser = log_in(nurlan)
    assert "/me/letters" in browser.get("/me").text
    assert "nurlan@torangy.example" in browser.get("/me/letters").text
    assert browser.post("/me/letters", data={"kind": ["reminder", "thanks"]}).status_code == 303
    assert rows() == {("unsubscribed", "visit")}
    browser.post("/me/letters", data={"kind": ["reminder", "thanks"]})
    entry = db.session.query(AuditEntry).filter_by(verb="choose_letters").one()
    assert (entry.person_id, entry.fields) == (nurlan.id, ["letters"])


def test_the_coordinators_letter_is_theirs_to_choose_and_nobody_elses(app: Flask, log_in: LogIn) -> None:
    nurlan, aigul = log_in(factories.employee(email="nurlan@torangy.example")), log_in(factories.coordinator())
    assert 'value="digest"' not in nurlan.get("/me/letters").text and 'value="digest"' in aigul.get("/me/letters").text
    nurlan.post("/me/letters", data={"kind": ["digest"]})
    assert {kind for _, kind in rows()} == {"reminder", "visit", "thanks"}, "it would come once he is a coordinator"
    aigul.post("/me/letters", data={"kind": ["reminder", "visit"]})
    assert ("unsubscribed", "digest") in rows()


def test_who_has_no_address_is_told_so(app: Flask, log_in: LogIn) -> None:
    browser = log_in(factories.employee(email=None))
    assert "kind" not in browser.get("/me/letters").text.partition("<main")[2]
    assert browser.post("/me/letters", data={"kind": []}).status_code == 200
    assert rows() == set()


def test_strangers_choose_for_nobody(client: FlaskClient) -> None:
    assert client.get("/me/letters").status_code == client.post("/me/letters").status_code == 303
    assert rows() == set()
