"""What an answer of the server, or none, means for a letter. Pure."""

from dataclasses import replace
from datetime import datetime

from app.mail.claiming import InHand
from app.mail.pace import LINE, MOST_DEATHS, SERVER_IS_CLOSING, UNSURE_PAUSE, Refusal, is_given_up, letter_pause
from app.mail.recorder import Outcome, What


def refused(letter: InHand, refusal: Refusal, *, now: datetime) -> Outcome:
    """The server, or a broken line, said no."""
    outcome = Outcome(letter, "failed", now, refusal.code, refusal.words, noted="refused")
    if refusal.is_final:
        return replace(outcome, what="bad-address") if refusal.blames_address else outcome
    if is_given_up(letter.not_before, now=now):
        return outcome
    until = now + letter_pause(letter.mail.attempts + 1)
    if refusal.code in (0, SERVER_IS_CLOSING):
        return replace(outcome, what="later", until=until, noted="refused" if refusal.code else "dropped")
    if refusal.is_about_mailbox or not letter.domain:
        return replace(outcome, what="later", until=until)
    return replace(outcome, what="later", stops=letter.domain)


def unsure(letter: InHand, words: str, *, now: datetime) -> Outcome:
    """It was handed over, and the line broke before the answer: once more later, in case it did not arrive."""
    what: What = "failed" if letter.was_unsure else "later"
    words = f"No answer to the whole letter, it may have arrived: {words}"
    return Outcome(letter, what, now, 0, words, until=now + UNSURE_PAUSE, noted="unsure")


def unwritable(letter: InHand, error: Exception, *, now: datetime) -> Outcome:
    """Whatever a template does, the other letters must go; the next version may mend it."""
    words = f"could not be written: {type(error).__name__}: {error}"
    tried = letter.mail.attempts + 1
    what: What = "failed" if tried >= MOST_DEATHS else "later"
    return Outcome(letter, what, now, None, words, until=now + letter_pause(tried), noted="unwritable")


def no_address(letter: InHand, words: str, *, now: datetime) -> Outcome:
    """Nothing that mail can be sent to."""
    return Outcome(letter, "bad-address", now, None, words, noted="unwritable")


def untouched(letter: InHand, *, until: datetime) -> Outcome:
    """Not this letter's fault, and no try of it."""
    return Outcome(letter, "back", until, until=until)


def about_us(outcome: Outcome) -> Outcome:
    """The same ending, but it is the line that must wait: the letter goes back, and no try is counted."""
    return replace(outcome, what="back", noted=None, until=None, stops=LINE)
