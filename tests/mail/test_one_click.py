"""Stopping letters in one click (RFC 8058): answered at once, without cookie, token or page; only under TLS."""

from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import clock
from app.db import db
from app.mail.delivery import deliver_batch
from app.mail.models import Suppression
from app.mail.outbox import Recipient, queue_mail
from app.mail.preferences import KINDS
from app.mail.smtp import Post
from app.mail.unsubscribing import reader_in, token_of, unsubscribe_url
from tests.mail.sink import Sink

SECRET = "a key for tests only"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def rows() -> list[tuple[str, str, str]]:
    db.session.rollback()
    return [(row.address, row.reason, row.kind) for row in db.session.query(Suppression)]


@pytest.fixture
def guarded(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """As it runs: forms need their token."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    return app


@pytest.mark.parametrize("kind", ["reminder", "message", ""])
def test_one_click_is_answered_without_redirect_and_cookie_and_needs_no_token(
    guarded: Flask, client: FlaskClient, kind: str
) -> None:
    url = unsubscribe_url("Dina@Torangy.example", base_url="", secret=SECRET, kind=kind)
    for _ in range(2):
        answer = client.post(url, data=ONE_CLICK)
        assert (answer.status_code, answer.headers.get("Set-Cookie"), bool(answer.text)) == (200, None, True)
    assert rows() == [("dina@torangy.example", "unsubscribed", kind)]


def test_looking_alone_stops_nothing(client: FlaskClient) -> None:
    url = unsubscribe_url("dina@torangy.example", base_url="", secret=SECRET, kind="reminder")
    assert "dina@torangy.example" in client.get(url).text
    assert client.head(url).status_code == 200 and rows() == []


def test_a_forged_address_is_not_ours(client: FlaskClient) -> None:
    token = token_of("dina@torangy.example", "reminder", secret=SECRET)
    stranger = token_of("dina@torangy.example", "reminder", secret="another key of 20 letters")
    for forged in (token + "x", "x" + token, stranger, "e30.x"):
        assert client.post(f"/mail/unsubscriptions/{forged}", data=ONE_CLICK).status_code == 404
        assert client.get(f"/mail/preferences/{forged}").status_code == 404
    assert rows() == []


def test_addresses_of_older_letters_still_stop_everything_optional() -> None:
    old = token_of("dina@torangy.example", secret=SECRET)
    assert reader_in(old, secret=SECRET) == ("dina@torangy.example", "")


def sent(app: Flask, sink: Sink, monkeypatch: pytest.MonkeyPatch, base_url: str, **more: Any) -> EmailMessage:
    monkeypatch.setitem(app.config, "TORANGY", replace(app.config["TORANGY"], base_url=base_url))
    to = Recipient("dina@torangy.example", "Дина", "en")
    context = {
        "name": "Dina",
        "given_name": "Dina",
        "subject": "Hi",
        "text": "Hi",
        "url": "/x",
        "ends_at": clock.now().isoformat(),
    }
    queue_mail(key="k", template="access/password", to=to, context=context, now=clock.now(), **more)
    with Post(app.config) as post:
        while deliver_batch(post, now=clock.now()):
            pass
    (got,) = sink.received
    return message_from_bytes(got.raw, policy=default)


@pytest.mark.full
def test_the_header_stands_under_tls_and_stops_just_this_kind(
    guarded: Flask, client: FlaskClient, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(KINDS, "password", "a kind for this test")
    letter = sent(guarded, sink, monkeypatch, "https://events.example.kz", optional=True)
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    url = letter["List-Unsubscribe"].strip("<>")
    assert url.startswith("https://events.example.kz/mail/unsubscriptions/")
    assert client.post(url.removeprefix("https://events.example.kz"), data=ONE_CLICK).status_code == 200
    assert rows() == [("dina@torangy.example", "unsubscribed", "password")]


@pytest.mark.full
def test_without_tls_there_is_no_header_but_a_link_at_the_end(
    app: Flask, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter = sent(app, sink, monkeypatch, "http://events.example.kz", optional=True)
    assert letter["List-Unsubscribe"] is None and letter["List-Unsubscribe-Post"] is None
    assert "/mail/unsubscriptions/" in letter.get_body(("plain",)).get_content()  # type: ignore[union-attr]


def test_what_is_needed_offers_no_way_to_stop_it(app: Flask, sink: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    letter = sent(app, sink, monkeypatch, "https://events.example.kz")
    assert letter["List-Unsubscribe"] is None
    assert "/mail/unsubscriptions/" not in letter.as_string()
