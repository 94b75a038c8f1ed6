"""A coordinator's own words in a letter: plain text with fields, for one event, never a template."""

from collections.abc import Callable
from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app import clock
from app.access.tokens import create_token
from app.accounts.actor import SYSTEM
from app.accounts.models import Account
from app.audit.models import AuditEntry, AuditValues
from app.db import db, transaction
from app.errors import Invalid, NotFound
from app.events.cloning import clone_event
from app.events.models import Event
from app.mail.claiming import claim
from app.mail.models import Mail
from app.mail.outbox import Recipient, queue_mail
from app.mail.override_models import LetterOverride
from app.mail.override_words import (
    DOUBLE,
    FIELDS,
    LETTERS,
    LONELY,
    MARKUP,
    NOTHING,
    ONE_LINE,
    TOO_LONG,
    UNKNOWN,
    UNPRINTABLE,
    parsed,
    pieces_of,
    why_not,
)
from app.mail.overriding import NothingToReplace, overrides_of, replace_words, standing
from app.mail.press import Press, the_letter
from app.mail.samples import sample_of, templates_of_letters
from app.people.models import Person
from tests import factories

LogIn = Callable[[Person], FlaskClient]
CONFIRMED = "signups/confirmed"
MINE = {
    "kk": ("Күтеміз: {title}", "Сәлем, {name}!\n\n{day}, {time} — {place}."),
    "ru": ("Ждём: {title}", "Берите {bring}."),
}


def replaced(event: Event, words: dict[str, tuple[str, str]], *, template: str = CONFIRMED, now: Any = None) -> None:
    replace_words(event, template, words, now=now or clock.now(), actor=SYSTEM)


def sent(app: Flask, about: Event, *, language: str = "kk", at: datetime | None = None, **context: Any) -> str:
    """The text of a confirmation about this event, taken out of the outbox as a worker does."""
    now = at or clock.now()
    facts = sample_of(app.jinja_env, CONFIRMED) | context
    to = Recipient("dina@torangy.example", "Дина", language)
    with transaction() as session:
        session.query(Mail).delete()
        queue_mail(key="k", template=CONFIRMED, to=to, context=facts, now=now, event_id=about.id)
    (held,), _more = claim("lease", now=now, limit=5)
    raw = Press(app.config["TORANGY"]).written(held.mail, now=now).message
    message: Any = message_from_bytes(raw, policy=default)
    html = message.get_body(("html",)).get_content()
    return f"{message['Subject']}\n{message.get_body(('plain',)).get_content()}\n===\n{html}"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{{ config }}", DOUBLE),
        ("{% include 'x' %}", DOUBLE),
        ("{# a #}", DOUBLE),
        ("<script>alert(1)</script>", MARKUP),
        ("{people}", UNKNOWN),
        ("{title.__class__}", UNKNOWN),
        ("{0}", UNKNOWN),
        ("{title!r}", UNKNOWN),
        ("{}", UNKNOWN),
        ("a } b", LONELY),
        ("a { b", LONELY),
        ("ә" * 2001, TOO_LONG),
        ("  \n ", NOTHING),
        ("\ue0000p\ue001", UNPRINTABLE),
        ("a\u202eb", UNPRINTABLE),
        ("a\x00b", UNPRINTABLE),
    ],
)
def test_what_is_more_than_words_and_fields_is_refused_beside_its_field(text: str, why: str) -> None:
    with pytest.raises(Invalid) as refusal:
        parsed("Тақырып", text, language="ru")
    assert refusal.value.errors == {"words_ru": why}
    if why == UNKNOWN:
        assert "{title}" in str(refusal.value.params["known"])


def test_a_subject_is_one_short_line() -> None:
    for subject, why in (("a\nBcc: b@c.kz", ONE_LINE), ("ә" * 151, TOO_LONG), ("", NOTHING), ("a\rb", ONE_LINE)):
        with pytest.raises(Invalid) as refusal:
            parsed(subject, "words", language="kk")
        assert refusal.value.errors == {"subject_kk": why}


@given(
    st.lists(st.sampled_from(["ә б", "%(name)s", "&amp;", ">", "'", '"', "%s", *(f"{{{name}}}" for name in FIELDS)]))
)
def test_cut_words_put_together_again_are_the_same(pieces: list[str]) -> None:
    text = "".join(pieces)
    assert "".join(piece["text"] or f"{{{piece['field']}}}" for piece in pieces_of(text)) == text
    assert not text.strip() or why_not(text.strip(), longest=10**6, is_line=False) is None


@given(st.text(max_size=60))
def test_whatever_is_typed_is_refused_or_stands_as_it_is(text: str) -> None:
    if text.strip() and why_not(text.strip(), longest=2000, is_line=False) is None:
        assert all(piece["field"] in FIELDS or piece["text"] for piece in pieces_of(text.strip()))


def test_only_letters_about_events_can_begin_otherwise(app: Flask) -> None:
    assert set(LETTERS) <= set(templates_of_letters(app.jinja_env))
    assert not any(letter.startswith(("access/", "people/")) or "consent" in letter for letter in LETTERS)
    assert all("event" in sample_of(app.jinja_env, letter) for letter in LETTERS)
    event = factories.event()
    for letter in ("access/password", "signups/consent_asked", "nothing/such"):
        with pytest.raises(NotFound):
            replaced(event, MINE, template=letter)


@pytest.mark.full
def test_letters_that_leave_begin_with_the_coordinators_words_and_keep_all_facts(app: Flask) -> None:
    event = factories.event()
    replaced(event, MINE)
    letter = sent(app, event)
    assert letter.startswith("Күтеміз: Балқаш жағалауын тазалау\n")
    assert "Сәлем, Нұрлан!\n\n3\u00a0қазан, сенбі, 09:40 — Торанғы тоғайы." in letter
    for fact in ("7KQ2 M4XD", "Зауыттың шығыс қақпасы", "Су, бас киім, қолғап", "Айгүл С."):
        assert letter.count(fact) >= 2, fact
    assert "Берите Вода, головной убор, перчатки." in sent(app, event, language="ru")


@pytest.mark.full
def test_a_language_without_own_words_keeps_the_houses_letter(app: Flask) -> None:
    event = factories.event()
    replaced(event, MINE)
    assert sent(app, event, language="en").startswith("You are in: Cleaning the shore of Balkhash\n")
    assert sent(app, factories.event()).startswith("Тіркелдіңіз: ")


@pytest.mark.full
def test_a_readers_name_or_an_events_title_can_not_become_markup_or_a_field(app: Flask) -> None:
    event = factories.event()
    replaced(event, {"kk": ("{title}", "Сәлем, {name}! 5 > 3 & {title}")})
    facts = sample_of(app.jinja_env, CONFIRMED)["event"] | {"title": {"kk": "{place}<b>%(x)s"}}
    letter = sent(app, event, name="<i>{bring}{{ config }}", event=facts)
    text, _rule, html = letter.partition("===")
    assert "Сәлем, <i>{bring}{{ config }}! 5 > 3 & {place}<b>%(x)s" in text
    assert "<i>" not in html and "<b>" not in html and "&lt;i&gt;{bring}{{ config }}! 5 &gt; 3 &amp; {place}" in html


@pytest.mark.full
def test_new_words_end_the_old_ones_and_none_bring_the_houses_back(app: Flask) -> None:
    event, now = factories.event(), clock.now()
    replaced(event, MINE, now=now - timedelta(hours=2))
    replaced(event, {"kk": MINE["kk"], "ru": ("Новое", "Слова")}, now=now - timedelta(hours=1))
    rows = db.session.scalars(select(LetterOverride).order_by(LetterOverride.created_at)).all()
    assert [(row.language, row.ended_at is None) for row in rows if row.language == "kk"] == [("kk", True)]
    assert [row.ended_at is None for row in rows if row.language == "ru"] == [False, True]
    replaced(event, {"kk": ("", " "), "ru": ("", "")}, now=now)
    assert standing(event.id, CONFIRMED) == []
    assert sent(app, event, at=now + timedelta(seconds=1)).startswith("Тіркелдіңіз: ")
    with pytest.raises(NothingToReplace):
        replaced(event, {}, now=now)


def test_what_a_letter_said_then_is_known_later(app: Flask) -> None:
    event, now = factories.event(), clock.now()
    replaced(event, {"kk": ("Бірінші", "Сөз")}, now=now - timedelta(hours=2))
    replaced(event, {"kk": ("Екінші", "Сөз")}, now=now - timedelta(hours=1))
    which = (event.id, CONFIRMED, "kk")
    then = overrides_of([which], at=now - timedelta(minutes=90))[which]
    assert then["subject"] == [{"text": "Бірінші", "field": ""}]
    assert overrides_of([which], at=now)[which]["subject"][0]["text"] == "Екінші"
    assert overrides_of([which, (None, CONFIRMED, "kk")], at=now - timedelta(hours=3)) == {}


@pytest.mark.full
def test_the_very_letter_is_found_again_after_the_words_were_replaced(app: Flask) -> None:
    event, now, press = factories.event(), clock.now(), Press(app.config["TORANGY"])
    replaced(event, {"kk": ("Бірінші", "Сөз")}, now=now - timedelta(hours=1))
    to, facts = Recipient("dina@torangy.example", "Дина", "kk"), sample_of(app.jinja_env, CONFIRMED)
    queue_mail(key="k", template=CONFIRMED, to=to, context=facts, now=now, event_id=event.id)
    (held,), _more = claim("lease", now=now, limit=5)
    ready = press.written(held.mail, now=now)
    replaced(event, {"kk": ("Екінші", "Сөз")}, now=now + timedelta(minutes=1))
    with transaction():
        mail = db.session.query(Mail).one()
        mail.handed_at, mail.digest = now, ready.shown.digest
    assert the_letter(mail, app.config["TORANGY"], press) == ready.message


def test_two_who_write_at_once_can_not_both_stand(app: Flask) -> None:
    event = factories.event()
    replaced(event, {"kk": ("Бір", "Сөз")})
    again = {"event_id": event.id, "template": CONFIRMED, "language": "kk", "created_at": clock.now()}
    with pytest.raises(IntegrityError), transaction() as session:
        session.add(LetterOverride(subject="Екі", words="Сөз", **again))
        session.flush()


def test_who_changed_which_words_stands_in_the_history(app: Flask) -> None:
    event = factories.event()
    replaced(event, {"kk": ("Бір", "Сөз")})
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.verb == "replace_words")).one()
    values = db.session.scalars(select(AuditValues).where(AuditValues.entry_id == entry.id)).one()
    assert entry.event_id == event.id and values.changes["words_kk"] == [None, "Бір\nСөз"]


def test_a_copied_event_takes_the_words_that_stand_along(app: Flask) -> None:
    event, now = factories.event(), clock.now()
    replaced(event, {"kk": ("Ескі", "Сөз")}, now=now - timedelta(days=1))
    replaced(event, {"kk": ("Жаңа", "Сөз")}, now=now - timedelta(hours=1))
    clone = clone_event(event, now=now, actor=SYSTEM)
    assert [(row.subject, row.created_at) for row in standing(clone.id, CONFIRMED)] == [("Жаңа", now)]
    assert len(standing(event.id, CONFIRMED)) == 1


def test_nothing_is_kept_before_it_was_looked_at_in_three_languages(app: Flask, log_in: LogIn) -> None:
    event = factories.event()
    aigul, address = log_in(factories.coordinator()), f"/events/{event.id}/letters/signups/confirmed"
    form = {"subject_ru": "Ждём вас", "words_ru": "Приходите, {name}."}
    page = aigul.post(address, data=form)
    assert page.status_code == 200 and "Приходите, Нұрлан." in page.text and page.text.count("<pre") == 3
    assert standing(event.id, CONFIRMED) == []
    seen = page.text.split('name="seen"')[1].split('value="')[1].split('"')[0]
    changed = aigul.post(address, data=form | {"words_ru": "Иначе.", "seen": seen})
    assert changed.status_code == 200 and standing(event.id, CONFIRMED) == []
    assert aigul.post(address, data=form | {"seen": seen}).status_code == 303
    assert [(row.language, row.subject) for row in standing(event.id, CONFIRMED)] == [("ru", "Ждём вас")]
    assert "Приходите, {name}." in aigul.get(address).text


def test_a_refusal_stands_beside_its_field_and_keeps_what_was_typed(app: Flask, log_in: LogIn) -> None:
    event = factories.event()
    aigul, address = log_in(factories.coordinator()), f"/events/{event.id}/letters/signups/confirmed"
    page = aigul.post(address, data={"subject_kk": "Тақырып", "words_kk": "Келіңіз, {who}!"})
    assert page.status_code == 422 and 'id="words_kk-e"' in page.text and "Келіңіз, {who}!" in page.text
    assert "{meeting_point}" in page.text.split('id="words_kk-e"')[1][:600]


def test_the_preview_shows_a_real_reader_without_keys(app: Flask, log_in: LogIn) -> None:
    event = factories.event()
    facts = sample_of(app.jinja_env, "signups/offer") | {
        "names": ["Зере"],
        "name": "Зере",
        "url": "/offers/" + "s" * 40,
    }
    to = Recipient("zere@torangy.example", "Зере", "kk")
    queue_mail(key="k", template="signups/offer", to=to, context=facts, now=clock.now(), event_id=event.id)
    aigul, address = log_in(factories.coordinator()), f"/events/{event.id}/letters/signups/offer"
    form = {"subject_ru": "Место для {name}", "words_ru": "Ответьте, {name}."}
    page = aigul.post(address, data=form)
    assert "Ответьте, Зере." in page.text and "s" * 40 not in page.text
    whole = aigul.post(f"{address}/preview?language=ru", data=form)
    assert "Ответьте, Зере." in whole.text and "s" * 40 not in whole.text
    assert "sandbox" in whole.headers["Content-Security-Policy"]


def test_only_who_plans_the_event_writes_its_letters(app: Flask, client: FlaskClient, log_in: LogIn) -> None:
    event = factories.event()
    address = f"/events/{event.id}/letters/signups/confirmed"
    form = {"subject_kk": "Тақырып", "words_kk": "Сөз"}
    for other in (factories.employee(), factories.coordinator("zhezkazgan")):
        browser = log_in(other)
        assert browser.get(address).status_code == 403 and browser.post(address, data=form).status_code == 403
        assert browser.post(f"{address}/preview?language=kk", data=form).status_code == 403
    assert log_in(factories.coordinator()).get(address.replace("confirmed", "consent_asked")).status_code == 404


def test_programs_read_look_and_replace(app: Flask, log_in: LogIn) -> None:
    aigul, event = factories.coordinator(), factories.event()
    account = db.session.query(Account).filter_by(person_id=aigul.id).one()
    head = {"Authorization": f"Bearer {create_token(account, name='t', now=clock.now(), actor=SYSTEM)}"}
    address = f"/api/v1/events/{event.id}/letters"
    client: Any = app.test_client()
    words = {"ru": {"subject": "Ждём: {title}", "words": "Приходите."}}
    looked = client.post(f"{address}/{CONFIRMED}/preview", json=words, headers=head)
    assert [item["language"] for item in looked.json["items"]] == ["kk", "ru", "en"]
    assert "Приходите." in looked.json["items"][1]["text"] and standing(event.id, CONFIRMED) == []
    assert client.post(f"{address}/{CONFIRMED}", json=words, headers=head).status_code == 201
    (item,) = client.get(address, headers=head).json["items"]
    assert (item["letter"], item["language"], item["words"]) == (CONFIRMED, "ru", "Приходите.")
    wrong = {"ru": {"subject": "a", "words": "{{ x }}"}}
    refused = client.post(f"{address}/{CONFIRMED}", json=wrong, headers=head)
    assert refused.status_code == 422 and "words_ru" in refused.json["errors"]
