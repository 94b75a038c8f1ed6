"""Every letter of the code: what a reader may do without offers to stop just that, what is needed offers nothing."""

import ast
from collections.abc import Callable
from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import clock
from app.audit.models import AuditEntry, AuditValues
from app.db import db
from app.mail.claiming import claim
from app.mail.kinds import KINDS, OPTIONAL
from app.mail.models import Mail, Suppression
from app.mail.outbox import Recipient, kind_of, queue_mail
from app.mail.preferences import KINDS as CHOICES
from app.mail.preferences import stop_letters, wanted_kinds
from app.mail.press import Press
from app.mail.rendering import Claimed
from app.mail.samples import sample_of
from app.mail.unsubscribing import token_of
from app.people.models import Person
from tests import factories

ROOT = Path(__file__).resolve().parents[2]
LETTERS = sorted(f"{file.parts[-4]}/{file.parts[-2]}" for file in ROOT.glob("templates/*/mail/*/letter.html"))
NECESSARY = sorted(set(LETTERS) - set(OPTIONAL))
ONE_CLICK = {"List-Unsubscribe": "One-Click"}
DINA, BASE = "dina@torangy.example", "https://events.example.kz"
LogIn = Callable[[Person], FlaskClient]


@pytest.fixture
def under_tls(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    monkeypatch.setitem(app.config, "TORANGY", replace(app.config["TORANGY"], base_url=BASE))
    return app


def queued(app: Flask, template: str, **more: Any) -> Mail:
    queue_mail(
        key=f"{template}:{DINA}", template=template, to=Recipient(DINA, "Дина", "en"),
        context=sample_of(app.jinja_env, template), now=clock.now(), **more,
    )  # fmt: skip
    return db.session.query(Mail).filter_by(template=template).one()


def written(app: Flask, mail: Mail) -> EmailMessage:
    claimed = {name: getattr(mail, name) for name in Claimed.__dataclass_fields__ if name in Mail.__table__.c}
    raw = Press(app.config["TORANGY"]).directly(Claimed(**claimed), now=clock.now()).message
    return message_from_bytes(raw, policy=default)  # type: ignore[return-value]


def stopped() -> set[tuple[str, str]]:
    db.session.rollback()
    return {(row.address, row.kind) for row in db.session.query(Suppression)}


def test_the_letters_are_those_that_have_a_name() -> None:
    assert set(KINDS) <= set(LETTERS) and set(OPTIONAL) <= set(LETTERS)
    assert len(NECESSARY) > 40


def test_every_optional_letter_is_a_kind_of_its_own() -> None:
    kinds = [kind_of(template) for template in OPTIONAL]
    assert sorted(kinds) == sorted(set(kinds)) == sorted(CHOICES)
    assert not {kind_of(template) for template in NECESSARY} & set(kinds), "the choice of a reader must not stop these"


@pytest.mark.full
def test_nobody_calls_a_letter_optional_but_the_list() -> None:
    """A letter that is optional in one place alone would leave without its line on the page of preferences."""
    said = [
        str(path.relative_to(ROOT))
        for path in sorted(ROOT.glob("app/**/*.py"))
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.keyword) and node.arg == "optional" and "/mail/" not in str(path)
    ]
    assert said == []


@pytest.mark.full
def test_what_is_needed_offers_no_way_to_stop_it(under_tls: Flask) -> None:
    for template in NECESSARY:
        mail = queued(under_tls, template)
        letter = written(under_tls, mail)
        offers = (mail.optional, letter["List-Unsubscribe"], letter["List-Unsubscribe-Post"])
        assert offers == (False, None, None), template
        said = [letter.get_body((part,)).get_content() for part in ("plain", "html")]  # type: ignore[union-attr]
        assert not any("/mail/unsubscriptions/" in words for words in said), template


@pytest.mark.parametrize("template", OPTIONAL)
@pytest.mark.full
def test_an_optional_letter_stops_its_own_kind_in_one_click(
    under_tls: Flask, client: FlaskClient, template: str
) -> None:
    mail, kind = queued(under_tls, template), kind_of(template)
    letter = written(under_tls, mail)
    assert (mail.optional, mail.kind) == (True, kind)
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    url = letter["List-Unsubscribe"].strip("<>").removeprefix(BASE)
    assert url in letter.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert client.post(url, data=ONE_CLICK).status_code == 200
    assert stopped() == {(DINA, kind)} and wanted_kinds(DINA) == set(CHOICES) - {kind}

    for other in (*OPTIONAL, "signups/confirmed"):
        if other != template:
            queued(under_tls, other)
    claim("lease", now=clock.now(), limit=10)
    db.session.expire_all()
    assert {row.template for row in db.session.query(Mail).filter_by(status="cancelled")} == {template}


@pytest.mark.parametrize("template", OPTIONAL)
def test_each_kind_has_its_line_and_is_chosen_by_itself(client: FlaskClient, template: str) -> None:
    kind, page = kind_of(template), f"/mail/preferences/{token_of(DINA, secret='a key for tests only')}"
    assert f'value="{kind}"' in client.get(page).text
    client.post(page, data={"kind": [one for one in CHOICES if one != kind]})
    assert stopped() == {(DINA, kind)}


def entries() -> list[tuple[str, str, str | None, Any]]:
    """(what was done, to which kind of row, in whose history, the letters before and after)."""
    query = db.select(AuditEntry, AuditValues).join(AuditValues, AuditValues.entry_id == AuditEntry.id)
    rows = db.session.execute(query.where(AuditEntry.verb.contains("letters"))).all()
    return [(one.verb, one.object_type, one.person_id, values.changes["letters"]) for one, values in rows]


def test_stopping_stands_in_the_history_of_whoever_reads_the_address_once(client: FlaskClient, log_in: LogIn) -> None:
    dina = factories.employee("Сейітқали", "Дина", email=DINA)
    factories.employee(email="stan@elsewhere.kz")
    url = f"/mail/unsubscriptions/{token_of(DINA, 'visit', secret='a key for tests only')}"
    for _ in range(2):
        client.post(url, data=ONE_CLICK)
    left = ["reminder", "digest", "thanks"]
    assert entries() == [("stop_letters", "people", dina.id, [["reminder", "visit", *left[1:]], left])]
    told = log_in(factories.coordinator(language="ru")).get(f"/people/{dina.id}/history").text.partition("<main")[2]
    assert "Ежедневное письмо координаторам" in told and "digest" not in told


def test_choosing_by_the_link_does_too_and_an_address_of_no_person_keeps_its_own(client: FlaskClient) -> None:
    page = f"/mail/preferences/{token_of('museum@host.kz', secret='a key for tests only')}"
    client.post(page, data={"kind": ["digest"]})
    client.post(page, data={"kind": ["digest"]})
    client.post(page, data={"kind": list(CHOICES)})
    assert [(verb, table, person, after) for verb, table, person, (_, after) in entries()] == [
        ("choose_letters_by_link", "mail_suppressions", None, ["digest"]),
        ("choose_letters_by_link", "mail_suppressions", None, list(CHOICES)),
    ]


def test_a_family_that_shares_an_address_finds_it_in_each_history(client: FlaskClient) -> None:
    both = {factories.employee(email=DINA).id, factories.employee("Сейітқали", "Дина", email=DINA).id}
    stop_letters(DINA, "reminder", now=clock.now(), about=list(db.session.query(Person).filter_by(email=DINA)))
    assert {person for _, _, person, _ in entries()} == both
