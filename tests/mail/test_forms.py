"""Letters by forms: what many share is rendered once, and each is byte for byte what its template makes."""

import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from time import process_time
from typing import Any

import pytest
from flask import Flask, current_app
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jinja2 import ChoiceLoader, DictLoader
from jinja2.exceptions import UndefinedError
from sqlalchemy import func, select, update
from sqlalchemy.exc import OperationalError

from app.db import db, transaction
from app.mail import press as pressing
from app.mail.form_models import MailForm
from app.mail.forms import drop_forms
from app.mail.models import Mail
from app.mail.outbox import Recipient, mail_row, queue_mails
from app.mail.press import Press, the_letter
from app.mail.rendering import Claimed
from app.mail.samples import sample_of, templates_of_letters
from app.mail.slots import NotShared, Slot

NOW = datetime(2026, 10, 1, 6, tzinfo=UTC)
LANGUAGES = ("kk", "ru", "en")
CALENDAR = {
    "uid": "sample@torangy", "sequence": 41, "method": "REQUEST", "starts_at": "2026-10-03T04:40:00+00:00",
    "ends_at": "2026-10-03T08:00:00+00:00", "summary": {"kk": "Тазалау"}, "location": {"kk": "Торанғы"},
    "url": "/events/x",
}  # fmt: skip
NAMES = st.one_of(
    st.sampled_from(
        [
            "<b>&\"'",
            "\ue0000p\ue001",
            "\ue000",
            "Ә" * 60,
            "",
            " ",
            "Дина\u00a0С.",
            "a  b",
            "%(name)s",
            "{{ name }}",
            "&lt;",
        ]
    ),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=60),
    st.text("АӘБВГҒҚҢӨҰҮҺІәғқңөұүһі-’ ", min_size=1, max_size=60),
)


@pytest.fixture
def press(app: Flask) -> Press:
    return Press(app.config["TORANGY"])


def claimed(template: str = "reminders/reminder", language: str = "kk", **changes: Any) -> Claimed:
    context = deepcopy(sample_of(current_app.jinja_env, template))
    mail = Claimed(
        "4k7dfgh2345678bc", template, "nurlan@torangy.example", "Нұрлан", language, context, CALENDAR, True, 1, NOW
    )
    return replace(mail, **changes)


def with_names(value: Any, names: Iterator[str], field: str = "") -> Any:
    """The context of other people: each text outside of the event is another."""
    if isinstance(value, dict):
        return {name: one if name == "event" else with_names(one, names, name) for name, one in value.items()}
    if isinstance(value, list):
        return [with_names(one, names, field) for one in value]
    return next(names) if isinstance(value, str) and not field.endswith(("_at", "_on", "zone")) else value


def rendered(press: Press, counted: pytest.MonkeyPatch) -> list[str]:
    """Which letters are rendered from now on."""
    seen: list[str] = []
    words = press._words
    counted.setattr(press, "_words", lambda mail, context: seen.append(mail.id) or words(mail, context))
    return seen


@pytest.mark.full
def test_every_letter_is_the_same_with_and_without_a_form(app: Flask, press: Press) -> None:
    for template in templates_of_letters(app.jinja_env):
        for language in LANGUAGES:
            mail = claimed(template, language)
            direct = press.directly(mail, now=NOW)
            assert press.written(mail, now=NOW) == direct, template
            assert press.written(mail, now=NOW) == direct, template
            assert not message_from_bytes(direct.message, policy=default).defects, template


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=25)
@given(st.data(), st.sampled_from(["reminders/reminder", "signups/confirmed", "signups/cancelled", "desk/message"]))
@pytest.mark.full
def test_whatever_people_are_called_the_form_gives_what_the_template_gives(
    press: Press, data: st.DataObject, template: str
) -> None:
    sample = claimed(template)
    names = iter(lambda: data.draw(NAMES), None)
    mail = replace(sample, context=with_names(sample.context, names))
    assert press.written(mail, now=NOW).message == press.directly(mail, now=NOW).message


@pytest.mark.parametrize("people", [0, 1, 3])
@pytest.mark.full
def test_parties_of_any_size_and_events_without_a_meeting_point(press: Press, people: int) -> None:
    mail = claimed("signups/promoted")
    one = mail.context["people"][0]
    context = mail.context | {"people": [one | {"name": f"{number} <i>"} for number in range(people)]}
    bare = context | {"event": context["event"] | {"meeting_point": None, "bring": None, "contact": None}}
    for said in (context, bare):
        mail = replace(mail, context=said)
        assert press.written(mail, now=NOW) == press.directly(mail, now=NOW)


@pytest.mark.full
def test_what_the_letters_of_an_event_share_is_rendered_once(press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    press.written(claimed(), now=NOW)
    seen = rendered(press, monkeypatch)
    for number in range(50):
        mail = claimed(id=f"letter{number}", recipient=f"r{number}@torangy.example")
        names = iter(lambda number=number: f"Reader {number}", None)
        mail = replace(mail, context=with_names(mail.context, names))
        assert f"Reader {number}" in text_of(press.written(mail, now=NOW).message)
    assert seen == []
    press.written(claimed(context=claimed().context | {"goes_too": False}), now=NOW)
    assert seen, "another shape is another form"


@pytest.mark.full
def test_tomorrow_is_counted_when_the_letter_leaves(press: Press) -> None:
    eve, day = NOW + timedelta(days=1), NOW + timedelta(days=1, hours=20)
    mail = claimed(language="en", context=claimed().context | {"days_ahead": 1})
    assert message_from_bytes(press.written(mail, now=eve).message, policy=default)["Subject"].startswith("Tomorrow")
    assert message_from_bytes(press.written(mail, now=day).message, policy=default)["Subject"].startswith("Today")


@pytest.mark.full
def test_a_coordinators_words_are_another_form(press: Press) -> None:
    words = {"subject": [{"field": "name", "text": ""}], "lead": [[{"field": "", "text": "Bring <a> hat"}]]}
    mail = claimed(language="en", override=words)
    assert press.written(claimed(language="en"), now=NOW).message != press.written(mail, now=NOW).message
    assert press.written(mail, now=NOW) == press.directly(mail, now=NOW)


@pytest.mark.full
def test_a_letter_that_misses_a_field_does_not_leave_by_halves(press: Press) -> None:
    context = claimed().context
    del context["event"]["place"]
    with pytest.raises(UndefinedError):
        press.written(claimed(context=context), now=NOW)


@pytest.mark.full
def test_no_more_forms_are_at_hand_than_allowed(press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pressing, "KEPT", 8)
    for number in range(30):
        event = claimed().context["event"] | {"id": str(number), "bring": {"kk": f"{number} қолғап"}}
        press.written(claimed(context=claimed().context | {"event": event}), now=NOW)
    assert len(press._forms) == len(press._kept_on) == 8


@pytest.mark.full
def test_threads_share_a_press_and_need_no_app(press: Press) -> None:
    mails = [claimed(id=f"letter{number}", language=LANGUAGES[number % 3]) for number in range(24)]
    expected = [press.directly(mail, now=NOW) for mail in mails]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda mail: press.written(mail, now=NOW), mails)) == expected


@pytest.mark.full
def test_a_filled_letter_costs_less_than_half_of_a_rendered_one(press: Press) -> None:
    for template in ("reminders/reminder", "signups/confirmed"):
        mails = [claimed(template, id=f"letter{number}") for number in range(20)]
        press.written(mails[0], now=NOW)
        filled, rendered = (min(cost(write, mails) for _ in range(5)) for write in (press.written, press.directly))
        assert filled < rendered / 2


@pytest.mark.full
def test_calendar_entries_share_a_file_but_not_their_number_and_time(press: Press) -> None:
    for number, minutes in ((7, 0), (8, 5)):
        own = CALENDAR | {"sequence": number}
        mail = claimed(calendar=own, created_at=NOW + timedelta(minutes=minutes), recipient_name='Дина "Қ" ^')
        raw = press.written(mail, now=NOW).message
        entry = next(part for part in message_from_bytes(raw, policy=default).walk() if part.get_filename())
        file = entry.get_payload(decode=True).decode()
        assert f"SEQUENCE:{number}\r\n" in file
        assert f"DTSTAMP:20261001T06{minutes:02}00Z\r\n" in file


@pytest.mark.parametrize("typed", ["\ue0000p\ue001", "\ue0000p\ue001 ", "\ue0001h\ue001 қолғап"])
@pytest.mark.full
def test_marks_that_people_type_are_no_marks(press: Press, typed: str) -> None:
    event = claimed().context["event"] | {"bring": {"kk": typed}}
    mail = claimed(context=claimed().context | {"event": event, "name": typed})
    letter = press.written(mail, now=NOW)
    assert letter == press.directly(mail, now=NOW)
    assert "\ue000" not in text_of(letter.message)


@pytest.mark.full
def test_an_answer_that_can_go_nowhere_is_no_fault_of_the_reader(press: Press) -> None:
    mail = claimed(context=claimed().context | {"reply_to": "айгүл@torangy.example"})
    letter = message_from_bytes(press.written(mail, now=NOW).message, policy=default)
    assert letter["Reply-To"] == "torangy@localhost"


def cost(write: Any, mails: list[Claimed]) -> float:
    begun = process_time()
    for mail in mails:
        write(mail, now=NOW)
    return process_time() - begun


class TestTemplatesThatLookInside:
    """Letters of a test's own, in one source."""

    HEAD = "{% extends frame %}{% block subject %}S {{ name }}{% endblock %}{% block heading %}H{% endblock %}"

    @pytest.fixture
    def letter(self, app: Flask, monkeypatch: pytest.MonkeyPatch) -> Any:
        sources: dict[str, str] = {}
        monkeypatch.setattr(app.jinja_env, "loader", ChoiceLoader([DictLoader(sources), app.jinja_env.loader]))

        def _letter(name: str, facts: str) -> str:
            sources[f"test/mail/{name}/letter.html"] = f"{self.HEAD}{{% block facts %}}{facts}{{% endblock %}}"
            return f"test/{name}"

        return _letter

    @pytest.mark.parametrize(
        "facts",
        [
            "{% if name == 'Stan' %}Not you{% endif %}",
            "{{ name | upper }}",
            "{{ name[0] }}",
            "{{ name.split('a') }}",
            "{{ '%s!' | format(name) }}",
            "{{ _('x %(name)s', name=name) | nbsp }}",
            "{{ name | replace('a', 'b') }}",
            "{{ name | length }}",
            "{{ {'Stan': 1}.get(name) }}",
            "{% for one in name %}{{ one }}.{% endfor %}",
            "{{ _(name) }}",
            "{{ name | tojson }}",
            "{{ '<' ~ name ~ '>' }}",
            "{{ '<%s>' % name }}",
            "{{ name | safe }}",
            "{{ name | e | e }}",
            "{{ name | forceescape }}",
            "{{ name | striptags }}",
            "{{ ('<i>' ~ name) | striptags }}",
            "{{ (name | replace(' ', '') ~ '<') | striptags }}",
            "{{ _('a %(name)s', name=name | replace(' ', '')) | striptags }}",
            "{% set shown %}{{ name }}  <u>{{ name ~ '&' }}</u>{% endset %}{{ shown | striptags }}{{ shown | trim }}",
            "{{ [name] | join('<') }}",
            "{{ name | replace(' ', '') }}",
            "{{ name is string }}",
        ],
    )
    @pytest.mark.full
    def test_they_get_what_they_look_for(self, app: Flask, letter: Any, facts: str) -> None:
        template = letter("nosy", facts)
        press = Press(app.config["TORANGY"])
        for name in ("Stan", "Dina <b>", "Stan", "2 в доме 5 ", "a b"):
            mail = replace(claimed(), template=template, context={"name": name}, calendar=None)
            assert press.written(mail, now=NOW) == press.directly(mail, now=NOW)
        assert None not in press._forms.values(), "it could have been shared"


class TestTheVeryLetter:
    """What left is written again from its row."""

    def sent(self, press: Press, template: str = "signups/confirmed", **changes: Any) -> Mail:
        to = Recipient("dina@torangy.example", "Дина <b>", "ru")
        context = sample_of(current_app.jinja_env, template) | changes
        row = mail_row(key="k", template=template, to=to, context=context, now=NOW, calendar=CALENDAR, optional=True)
        queue_mails([row])
        mail = db.session.get_one(Mail, row["id"])
        ready = press.written(self.claim(mail), now=NOW + timedelta(hours=1))
        with transaction() as session:
            said = {"digest": ready.shown.digest, "handed_at": NOW + timedelta(hours=1)}
            session.execute(update(Mail).values(said))
        return db.session.get_one(Mail, row["id"], populate_existing=True)

    def claim(self, mail: Mail) -> Claimed:
        names = [name for name in Claimed.__dataclass_fields__ if name != "override"]
        return Claimed(**{name: getattr(mail, name) for name in names})

    @pytest.mark.full
    def test_byte_for_byte_whatever_became_of_the_template(
        self, app: Flask, press: Press, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        mail = self.sent(press)
        other = Press(app.config["TORANGY"])
        monkeypatch.setattr(pressing, "directly", lambda *_, **__: pytest.fail("rendered anew"))
        raw = the_letter(mail, app.config["TORANGY"], other)
        assert raw is not None
        assert hashlib.sha256(raw).hexdigest() == mail.digest

    @pytest.mark.full
    def test_a_row_that_says_something_else_gives_no_letter(self, app: Flask, press: Press) -> None:
        mail = self.sent(press)
        with transaction() as session:
            session.execute(update(Mail).values(context=mail.context | {"name": "Somebody else"}))
        changed = db.session.get_one(Mail, mail.id, populate_existing=True)
        assert the_letter(changed, app.config["TORANGY"], press) is None

    @pytest.mark.full
    def test_without_its_form_todays_template_may_do(self, app: Flask, press: Press) -> None:
        mail = self.sent(press)
        assert drop_forms(unused_since=NOW.date()) == 0
        assert drop_forms(unused_since=NOW.date() + timedelta(days=1)) == 1
        assert the_letter(mail, app.config["TORANGY"], press) is not None

    @pytest.mark.full
    def test_a_form_is_put_down_once_and_no_letter_holds_it_all(self, press: Press) -> None:
        row = self.claim(self.sent(press))
        for number in range(20):
            press.written(replace(row, id=f"other{number}"), now=NOW + timedelta(hours=1))
        assert db.session.scalar(select(func.count()).select_from(MailForm)) == 1
        form = db.session.scalars(select(MailForm)).one()
        assert "Дина" not in str(form.parts)

    @pytest.mark.full
    def test_a_letter_leaves_even_if_its_form_can_not_be_kept(
        self, press: Press, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def locked(*_: Any, **__: Any) -> None:
            raise OperationalError("insert", {}, Exception("database is locked"))

        monkeypatch.setattr(pressing, "keep", locked)
        assert press.written(claimed(), now=NOW).message


def test_a_slot_gives_nothing_away() -> None:
    slot = Slot(3)
    for look in (
        len,
        hash,
        iter,
        int,
        float,
        repr,
        lambda s: s == "a",
        lambda s: s["x"],
        lambda s: s + "a",
        "{}".format,
    ):
        with pytest.raises(NotShared):
            look(slot)  # type: ignore[operator]


def text_of(raw: bytes) -> str:
    part = message_from_bytes(raw, policy=default).get_body(("plain",))  # type: ignore[attr-defined]
    return str(part.get_content())
