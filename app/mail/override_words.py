"""A coordinator's own words in a letter: plain text with fields like {title}, cut into pieces. Pure.

Nothing of it is ever a template: the pieces are printed one by one, escaped where the letter is HTML.
"""

import re
from collections.abc import Mapping
from typing import Any

from app.errors import N_, Invalid

LONGEST_SUBJECT, LONGEST_WORDS = 150, 2000
# What may stand in braces, in the order in which pages list it.
FIELDS: Mapping[str, str] = {
    "name": N_("the reader's given name"),
    "title": N_("what the event is called"),
    "when": N_("day and hours of the event"),
    "day": N_("day of the event"),
    "time": N_("hour at which it begins"),
    "place": N_("where it is"),
    "meeting_point": N_("where people meet"),
    "bring": N_("what to bring"),
}
# Letters about an event whose subject and first words may be a coordinator's own. What logs in, asks for a consent or
# tells of one stays the house's.
LETTERS = (
    "signups/confirmed",
    "signups/waiting",
    "signups/promoted",
    "signups/offer",
    "signups/offer_expired",
    "signups/cancelled",
    "reminders/reminder",
    "signups/moved",
    "signups/postponed",
    "signups/event_cancelled",
    "signups/institution_invitation",
    "signups/institution_names_due",
    "rosters/host_invited",
    "rosters/host_list",
    "rosters/duty_placed",
    "desk/hand",
)

Pieces = list[dict[str, str]]

NOTHING = N_("Write both the subject and the first words, or neither: then the house's letter goes.")
TOO_LONG = N_("At most %(longest)s letters.")
ONE_LINE = N_("A subject is one line.")
DOUBLE = N_("One brace is enough: {title}.")
MARKUP = N_("Plain words only: without “<”.")
UNKNOWN = N_("There is no field {%(field)s}. There are: %(known)s.")
LONELY = N_("A brace stands alone. A field is written so: {title}.")
UNPRINTABLE = N_("Only letters, digits and signs that can be printed.")

_FIELD = re.compile(r"\{([^{}\n]*)\}")
# Controls but line breaks, what turns the direction of writing around, and letters of private use.
_ODD = re.compile("[\x00-\x08\x0b-\x1f\x7f\u2028-\u202e\u2066-\u2069\ue000-\uf8ff\U000f0000-\U0010ffff]")


def parsed(subject: str, words: str, *, language: str = "kk") -> dict[str, Any]:
    """{"subject": pieces, "lead": [pieces of each paragraph]}, each piece {"text", "field"}, one of them empty.

    Raises Invalid with the reason at "subject_kk" or "words_kk".
    """
    subject, words = tidy(subject), tidy(words)
    for name, text, longest in (("subject", subject, LONGEST_SUBJECT), ("words", words, LONGEST_WORDS)):
        if refusal := why_not(text, longest=longest, is_line=name == "subject"):
            sentence, params = refusal
            raise Invalid({f"{name}_{language}": sentence}, **params)
    return {"subject": pieces_of(subject), "lead": [pieces_of(each) for each in _paragraphs(words)]}


def tidy(text: str) -> str:
    """The text with its line breaks as ours, without blanks around it."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def why_not(text: str, *, longest: int, is_line: bool) -> tuple[str, dict[str, str]] | None:
    """The sentence that refuses this text and what fills it; None if it is fine."""
    if not text:
        return NOTHING, {}
    if len(text) > longest:
        return TOO_LONG, {"longest": str(longest)}
    if _ODD.search(text):
        return UNPRINTABLE, {}
    if is_line and "\n" in text:
        return ONE_LINE, {}
    if "<" in text:
        return MARKUP, {}
    if re.search(r"\{\{|\}\}|\{%|%\}|\{#|#\}", text):
        return DOUBLE, {}
    unknown = next((name for name in _FIELD.findall(text) if name.strip() not in FIELDS), None)
    if unknown is not None:
        return UNKNOWN, {"field": unknown.strip()[:30], "known": ", ".join(f"{{{name}}}" for name in FIELDS)}
    return (LONELY, {}) if re.search(r"[{}]", _FIELD.sub("", text)) else None


def pieces_of(text: str) -> Pieces:
    """The text cut at its fields."""
    cut = _FIELD.split(text)
    pieces: Pieces = []
    for number, piece in enumerate(cut):
        if piece:
            pieces.append({"text": "", "field": piece.strip()} if number % 2 else {"text": piece, "field": ""})
    return pieces


def _paragraphs(words: str) -> list[str]:
    return [line.strip() for line in words.split("\n") if line.strip()]
