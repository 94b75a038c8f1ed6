"""What a letter looks like on the line: legal headers whatever people are called, and no way in for a forger."""

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import idna
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.mail.letters import Address, BadAddress, Letter, message, plain_address, sender_from

LETTER = Letter(
    message_id="abc@torangy.example",
    sender=Address("Torangy", "torangy@torangy.example"),
    reply_to=Address("", "aigul@torangy.example"),
    recipient=Address("Сейітқали Нұрлан", "nurlan@torangy.example"),
    subject="Ертең: мыс балқыту зауытына экскурсия",
    text="Сәлеметсіз бе, Нұрлан!\n.\nБилет төменде, 100 ₸.\n",
    html="<p>Сәлеметсіз бе!</p>".encode(),
    date=datetime(2030, 5, 1, 6, tzinfo=UTC),
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=150)


def read(**changes: Any) -> EmailMessage:
    return message_from_bytes(message(replace(LETTER, **changes)), policy=default)  # type: ignore[return-value]


def test_a_letter_is_read_as_it_was_written() -> None:
    letter = read()
    assert letter["Subject"] == LETTER.subject
    assert letter["To"].addresses[0].display_name == "Сейітқали Нұрлан"
    assert letter["Date"].datetime == LETTER.date
    assert letter.get_body(("plain",)).get_content().replace("\r\n", "\n") == LETTER.text
    assert letter.get_body(("html",)).get_content().strip() == LETTER.html.decode()
    assert not letter.defects and not any(part.defects for part in letter.walk())


def test_a_senders_name_may_hold_a_comma() -> None:
    sender = sender_from('"Torangy, events" <torangy@torangy.example>')
    assert sender == sender_from("Torangy, events <torangy@torangy.example>")
    assert read(sender=sender)["From"].addresses[0].display_name == "Torangy, events"
    assert sender_from("torangy@torangy.example") == Address("", "torangy@torangy.example")


def test_a_long_kazakh_name_gets_no_spaces_inside() -> None:
    name = "Қазақстанның еңбек сіңірген металлургі Нұрмұхамбетәлі Сұлтанмұрат Әбдіқұлұлы"
    letter = read(recipient=Address(name, "n@torangy.example"), subject=name * 3)
    assert letter["To"].addresses[0].display_name == name
    assert letter["Subject"] == name * 3


def test_a_long_unsubscribe_address_stays_one_address() -> None:
    url = "https://torangy.example/mail/unsubscriptions/" + "x" * 300
    raw = message(replace(LETTER, unsubscribe_url=url))
    assert f"List-Unsubscribe: <{url}>\r\n".encode() in raw


@pytest.mark.parametrize("break_", ["\r\n", "\n", "\r", "\r\n\r\n", "\u2028"])
def test_a_line_break_in_a_name_or_subject_begins_no_header(break_: str) -> None:
    forged = f"Нұрлан{break_}Bcc: everybody@torangy.example"
    for changes in (
        {"subject": forged},
        {"recipient": Address(forged, "n@torangy.example")},
        {"subject": f"x{break_}Bcc: a@b.kz"},
    ):
        letter = read(**changes)
        assert letter["Bcc"] is None
        assert not letter.defects
        assert letter.get_body(("plain",)) is not None


@given(TEXTS, TEXTS)
def test_whatever_people_write_the_lines_are_ascii_short_and_the_same_headers(name: str, subject: str) -> None:
    raw = message(replace(LETTER, recipient=Address(name, "n@torangy.example"), subject=subject))
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert b"\n" not in raw.replace(b"\r\n", b"") and b"\r" not in raw.replace(b"\r\n", b"")
    assert message_from_bytes(raw).keys() == message_from_bytes(message(LETTER)).keys()


@pytest.mark.parametrize(
    "subject",
    [
        "Tomorrow: " + "a trip to the copper smelter and back again " * 30,
        "x" * 2000,
        "Two  spaces " * 40,
        "=?utf-8?b?0JE=?= is no encoded word",
        " " * 300,
        "Plain",
        "",
    ],
)
def test_a_long_subject_in_ascii_is_folded_and_read_as_it_was(subject: str) -> None:
    raw = message(replace(LETTER, subject=subject))
    assert max(map(len, raw.split(b"\r\n\r\n")[0].split(b"\r\n"))) <= 200
    assert message_from_bytes(raw, policy=default)["Subject"] == subject.strip()


def test_a_name_that_looks_encoded_is_shown_as_it_is_written() -> None:
    name = "=?utf-8?b?0JE=?="
    assert read(recipient=Address(name, "n@torangy.example"))["To"].addresses[0].display_name == name


def test_a_kazakh_domain_is_written_in_ascii() -> None:
    assert idna.decode(plain_address("nurlan@қазпошта.қаз").partition("@")[2]) == "қазпошта.қаз"


def test_domains_follow_idna_2008() -> None:
    assert plain_address("a@straße.example") == "a@xn--strae-oqa.example"
    assert plain_address("a@ҚАЗАҚ.қаз") == plain_address("a@қазақ.ҚАЗ")
    assert plain_address("a@under_score.example") == "a@under_score.example"


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("нұрлан@b.kz", "write it in Latin letters"),
        ("a@қ" + "а" * 80 + ".kz", "no domain that can exist"),
        ("a@b..kz", "empty or too long"),
        ("a@" + "b" * 64 + ".kz", "empty or too long"),
        ("a@" + "b." * 130 + "kz", "empty or too long"),
        ("a@\u2603.example", "no domain that can exist"),
        ("a b@c.kz", "no address"),
    ],
)
def test_a_refused_address_says_why(address: str, why: str) -> None:
    with pytest.raises(BadAddress, match=why):
        plain_address(address)


@pytest.mark.parametrize(
    "address", ["", "@", "a@", "@b.kz", "a b@c.kz", "a@b.kz,c@d.kz", "a@b.kz>\r\nX: y", "нұрлан@b.kz"]
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(BadAddress):
        plain_address(address)
