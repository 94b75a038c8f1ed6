"""Text in the reader's language, names and phone numbers for the eye. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Protocol

NBSP = "\u00a0"
FALLBACK = ("kk", "ru", "en")
_SHORT_WORD = re.compile(
    r"(?<![\w-])(а|без|в|во|для|до|за|и|из|к|ко|на|не|ни|но|о|об|от|по|под|при|с|со|у) ", re.IGNORECASE
)
_NUMBER_AND_WORD = re.compile(r"(\d) (?=[^\W\d_])")
_KAZAKH_PHONE = re.compile(r"(?:\+?7|8)(\d{3})(\d{3})(\d{2})(\d{2})")


class Named(Protocol):
    """A person, as far as a name goes."""

    surname: str
    given_name: str
    patronymic: str | None


def in_language(text: Mapping[str, str | None] | str | None, language: str) -> str:
    """A {kk, ru, en} text in that language; where it's missing, in Kazakh, then Russian, then English."""
    if not text:
        return ""
    if isinstance(text, str):
        return text
    return next((text[code] or "" for code in (language, *FALLBACK) if text.get(code)), "")


def nbsp(text: str) -> str:
    """A short Russian preposition keeps its word, a number its unit. What was escaped before isn't escaped again."""
    return type(text)(_NUMBER_AND_WORD.sub(rf"\1{NBSP}", _SHORT_WORD.sub(rf"\1{NBSP}", text)))


def phone(digits: str | None) -> str:
    """+7 708 654 18 86; what isn't a Kazakh number stays as it was written."""
    if not digits:
        return ""
    found = _KAZAKH_PHONE.fullmatch(re.sub(r"[\s()-]", "", digits))
    return NBSP.join(("+7", *found.groups())) if found else digits


def person_name(person: Named) -> str:
    """Surname, given name, patronymic if there is one: as lists and documents have it."""
    return " ".join(part for part in (person.surname, person.given_name, person.patronymic) if part)


def given_first(person: Named) -> str:
    """Given name and surname: as a page or a letter speaks to somebody."""
    return " ".join(part for part in (person.given_name, person.surname) if part)


def short_name(person: Named) -> str:
    """Дина С.: where a full name says too much or takes too much room."""
    return f"{person.given_name}{NBSP}{person.surname[:1]}." if person.surname else person.given_name
