"""One design for all letters: whole in three languages, the same facts in text and HTML, colours that can be read."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, current_app

from app.mail.kinds import KINDS
from app.mail.press import Press
from app.mail.previewing import pictured, rendered
from app.mail.rendering import Claimed
from app.mail.samples import SHARED, sample_of, templates_of_letters
from app.mail.templates import Words
from tests.web.test_theme import DARK, LIGHT, contrast

TEMPLATES = Path(__file__).parents[2] / "templates"
LETTERS = sorted(f"{file.parts[-4]}/{file.parts[-2]}" for file in TEMPLATES.glob("*/mail/*/letter.html"))
LANGUAGES = ("kk", "ru", "en")
BASE = "https://torangy.example"
# What a rule reads and no person wrote.
AS_THEY_ARE = ("missing", "due", "kinds", "timezone", "date_precision", "rule", "kind", "phone", "url")
HOSTILE = "<b>&\"'{{ name }}%(x)s"


class Reader(HTMLParser):
    """What somebody reads and can follow; the hidden preview line and the head are left out."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag in ("title", "style") or "display:none" in (said.get("style") or ""):
            self.hidden = 1
        if tag == "a":
            self.links.append(said.get("href") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("title", "style", "div"):
            self.hidden = 0

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.words.append(data)


def letter(template: str, language: str = "kk", **changes: Any) -> Words:
    context = sample_of(current_app.jinja_env, template) | changes
    return rendered(current_app.jinja_env, template, language, context, base_url=BASE)


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    return reader


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def lines(words: Words) -> Iterator[str]:
    for line in words.text.replace("-- \n", "").splitlines():
        yield from (part for part in re.split(r": | https?://\S+|https?://\S+", line) if part.strip())


def test_every_letter_has_one_source_and_a_sample(app: Flask) -> None:
    assert templates_of_letters(app.jinja_env) == LETTERS and len(LETTERS) > 45
    for old in ("body.html", "body.txt", "subject.txt"):
        assert list(TEMPLATES.glob(f"*/mail/*/{old}")) == [], "a letter is letter.html alone"
    missing = [template for template in LETTERS if not (TEMPLATES / file_of(template, "sample.json")).is_file()]
    assert missing == [], "put a sample.json beside letter.html (app/mail/samples.py): pages show the letter with it"
    assert [template for template in LETTERS if template not in KINDS] == [], (
        "say in app/mail/kinds.py what it is called"
    )


def file_of(template: str, file: str) -> str:
    room, _slash, name = template.partition("/")
    return f"{room}/mail/{name}/{file}"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", LETTERS)
@pytest.mark.full
def test_text_and_html_say_the_same_and_nothing_is_left_open(app: Flask, template: str, language: str) -> None:
    words = letter(template, language)
    assert words.subject and "\n" not in words.subject
    page = read(words.html)
    seen = plain(" ".join(page.words))
    for fact in lines(words):
        assert plain(fact).strip() in seen, f"the text says it and the HTML doesn't: {fact}"
    for url in (link for link in page.links if link.startswith("http")):
        assert url in words.text, f"the HTML leads there and the text doesn't: {url}"
    assert not re.search(r"Undefined|None\b|\{[{%]|%\(\w+\)s", words.subject + words.text + seen)
    assert words.html.count("</table>") == words.html.count("<table")


@pytest.mark.parametrize("template", LETTERS)
@pytest.mark.full
def test_a_letter_has_one_main_button_at_most_and_no_address_for_scripts(app: Flask, template: str) -> None:
    html = letter(template).html
    assert html.count('class="t-press"') <= 1
    assert "<script" not in html and "javascript:" not in html and "<link" not in html
    assert all(picture.startswith("cid:") for picture in re.findall(r'<img src="([^"]+)"', html))


@pytest.mark.parametrize("template", LETTERS)
def test_whatever_people_are_called_it_stays_text(app: Flask, template: str) -> None:
    def hostile(value: Any, name: str = "") -> Any:
        if isinstance(value, dict):
            return {key: hostile(one, key) for key, one in value.items()}
        if isinstance(value, list):
            return [hostile(one, name) for one in value]
        keeps = name in AS_THEY_ARE or name.endswith(("_at", "_on", "_url"))
        return value if keeps or not isinstance(value, str) or not value else HOSTILE

    context = hostile(sample_of(app.jinja_env, template))
    words = rendered(app.jinja_env, template, "kk", context, base_url=BASE)
    body = words.html.partition("</head>")[2]
    assert ("<b>" not in body and "&#34;&#39;" in body) or HOSTILE not in words.text
    assert "<b>" not in body


def test_with_pictures_off_the_ticket_is_read_in_letters(app: Flask) -> None:
    html = letter("signups/confirmed").html
    assert re.findall(r'<img [^>]*alt="([^"]+)"', html) == ["QR 7KQ2 M4XD", "QR W8RT 3HPA"]
    assert html.count("7KQ2 M4XD") == 2
    assert pictured(html).count("data:image/png;base64,") == 2


def test_who_comes_reads_when_where_what_to_bring_whom_to_call_and_how_to_cancel(app: Flask) -> None:
    for template in (
        "signups/confirmed",
        "signups/promoted",
        "reminders/reminder",
        "desk/seat_gained",
        "signups/moved",
    ):
        words = letter(template, "ru")
        page = read(words.html)
        for fact in ("3 октября 2026", "Туранговая роща", "Вода, головной убор", "Айгүл С.", "Уборка берега Балхаша"):
            assert fact in plain(" ".join(page.words)).replace("\u00a0", " "), (template, fact)
        assert "tel:+77086541886" in page.links and f"{BASE}/letters/cant-come/sample" in page.links


def test_without_meeting_point_contact_and_what_to_bring_nothing_stands_empty(app: Flask) -> None:
    event = {**SHARED["@event"], "meeting_point": None, "bring": {}, "contact": None}
    words = letter("signups/confirmed", event=event, cant_come_url=None)
    assert ", \n" not in words.text and ": \n" not in words.text and "tel:" not in words.html
    assert "cant-come" not in words.html
    assert "Айгүл С." in letter("signups/confirmed", event=event | {"contact": {"name": "Айгүл С.", "phone": ""}}).text


def test_a_reader_in_another_zone_reads_the_hour_there_too(app: Flask) -> None:
    there = letter("reminders/reminder", "en", reader_zone="America/New_York")
    assert "09:40" in there.text and "00:40 (America/New York)" in there.text
    assert "00:40 (America/New York)" in " ".join(read(there.html).words)
    assert "Your time" not in letter("reminders/reminder", "en", reader_zone="Asia/Almaty").text


@pytest.mark.parametrize("count", [1, 3])
def test_a_party_of_any_size_gets_each_ticket_once(app: Flask, count: int) -> None:
    people = [dict(SHARED["@people"][0], ticket=f"AAA{n} BBB{n}", ticket_url=f"/tickets/{n}") for n in range(count)]
    words = letter("signups/confirmed", people=people)
    assert words.html.count("<img ") == count
    assert [f"AAA{n} BBB{n}" in words.text for n in range(count)] == [True] * count


def dark_rules(html: str) -> dict[str, dict[str, str]]:
    """{"ink": {"color": "#eceae2"}} of the rules for the dark."""
    found: dict[str, dict[str, str]] = {}
    media = re.findall(r"@media \(prefers-color-scheme:dark\)\{((?:[^{}]+\{[^{}]*\})+)\}", html)
    for name, rule, colour in re.findall(r"\.t-(\w+)\{([\w-]+):(#\w+)!important\}", "".join(media)):
        found.setdefault(name, {})[rule] = colour
    return found


def test_the_dark_has_the_tokens_of_the_look_for_both_kinds_of_readers(app: Flask) -> None:
    html = letter("signups/confirmed").html
    rules = dark_rules(html)
    tokens = {"paper": "paper", "sheet": "sheet", "mast": "mast", "press": "copper", "ink": "ink", "soft": "ink-soft"}
    tokens |= {"link": "copper", "onmast": "on-mast", "onpress": "on-copper"}
    for name, token in tokens.items():
        colour = next(iter(rules[name].values()))
        assert colour == DARK[token], f"templates/mail/base.html: .t-{name} is not --{token} of theme.css"
        assert re.search(rf"\[data-ogs[cb]\] \.t-{name}\{{[\w-]+:{colour}!important\}}", html), f"Outlook: .t-{name}"
    assert rules["rule"] == {"border-color": DARK["rule"]} and rules["heavy"] == {"border-color": DARK["ink"]}


def test_light_and_dark_letters_can_be_read(app: Flask) -> None:
    html = letter("signups/confirmed").html
    light = set(re.findall(r"#[0-9a-f]{6}", html.partition("</style>")[2]))
    assert light <= {*LIGHT.values(), "#ffffff"}, "a colour that is no token of theme.css"
    for palette in (LIGHT, DARK):
        pairs = (
            ("ink", "sheet"),
            ("ink-soft", "sheet"),
            ("ink-soft", "paper"),
            ("copper", "sheet"),
            ("copper", "paper"),
        )
        for front, back in (*pairs, ("on-mast", "mast"), ("on-copper", "copper")):
            assert contrast(palette[front], palette[back]) >= 4.5, (front, back)


@pytest.mark.full
def test_the_message_of_every_sample_has_no_defect(app: Flask) -> None:
    press, now = Press(app.config["TORANGY"]), datetime(2026, 10, 1, 6, tzinfo=UTC)
    for template in LETTERS:
        context = sample_of(app.jinja_env, template)
        mail = Claimed("4k7dfgh2345678bc", template, "n@torangy.example", "Нұрлан", "ru", context, None, False, 1, now)
        message: Any = message_from_bytes(press.written(mail, now=now).message, policy=default)
        assert not message.defects and not any(part.defects for part in message.walk()), template
        assert unescape(str(message["Subject"])), template
