"""What a refusal is about, and how long to wait after it."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.mail.pace import LINE, SAME_WORDS, Breaker, Refusal, domain_pause, letter_pause


@pytest.mark.parametrize(
    ("code", "words", "final", "address", "mailbox"),
    [
        (550, "5.1.1 no such user", True, True, False),
        (550, "no such user", True, True, False),
        (550, "5.7.1 we do not like you", True, False, False),
        (550, "5.2.1 mailbox disabled", True, True, False),
        (552, "5.2.2 mailbox full", True, False, False),
        (554, "no", True, False, False),
        (450, "4.2.2 full", False, False, True),
        (450, "try later", False, False, False),
        (451, "4.7.1 greylisted", False, False, False),
        (0, "ConnectionResetError", False, False, False),
    ],
)
def test_what_it_is_about(code: int, words: str, final: bool, address: bool, mailbox: bool) -> None:
    refusal = Refusal(code, words)
    assert (refusal.is_final, refusal.is_final and refusal.blames_address) == (final, address)
    assert refusal.is_about_mailbox == mailbox


def test_a_plain_no_to_the_content_does_not_blame_the_address() -> None:
    assert not Refusal(550, "spam", after_content=True).blames_address
    assert Refusal(550, "5.1.1 no such user", after_content=True).blames_address


@given(st.text(min_size=1, max_size=20), st.integers(1, 50))
def test_pauses_grow_to_an_hour_and_never_shrink_by_much(domain: str, failures: int) -> None:
    pause, next_one = domain_pause(domain, failures), domain_pause(domain, failures + 1)
    assert timedelta(seconds=54) <= pause <= timedelta(minutes=66)
    assert next_one >= pause * 0.81
    assert domain_pause(LINE, failures) <= timedelta(minutes=5.5)
    assert letter_pause(failures) <= letter_pause(failures + 1) <= timedelta(hours=6)


def test_the_same_words_for_five_addresses_are_about_us_and_a_letter_that_went_through_says_they_are_not() -> None:
    breaker = Breaker()
    said = [breaker.refused(f"n{n}@b.kz", f"<n{n}@b.kz> blocked, id {n}af31") for n in range(SAME_WORDS)]
    assert said == [False] * (SAME_WORDS - 1) + [True]
    breaker.took()
    assert not breaker.refused("a@b.kz", "<a@b.kz> blocked, id 7")
    assert not any(breaker.refused("a@b.kz", "blocked") for _ in range(9)), "one address alone is its own fault"
    assert not any(breaker.refused(f"n{n}@b.kz", f"for {'no' * n} reason") for n in range(9))


def test_a_line_that_breaks_twice_is_broken() -> None:
    breaker = Breaker()
    assert not breaker.broke()
    breaker.took()
    assert not breaker.broke()
    assert breaker.broke()
