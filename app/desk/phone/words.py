"""The words of all screens of the phone, in one language: one source of translations for pages and phones.

A room adds its dict as a line of ROOMS. A counted text becomes one text for each plural form of the language.
"""

from typing import Any

from flask_babel import force_locale, get_translations

from app.desk.phone import words_core, words_gifts, words_mark, words_safety, words_trip
from app.desk.phone.wording import Words

ROOMS: tuple[Words, ...] = (
    words_core.WORDS,
    words_gifts.WORDS,
    words_mark.WORDS,
    words_safety.WORDS,
    words_trip.WORDS,
)
# What Intl.PluralRules calls a number's form, and a number that takes it.
FORMS = {"kk": {"one": 1, "other": 2}, "ru": {"one": 1, "few": 2, "many": 5, "other": 2}, "en": {"one": 1, "other": 2}}


def spoken(language: str) -> dict[str, Any]:
    """{key: text, or {form: text}} in this language; placeholders stay as they are."""
    with force_locale(language):
        known = get_translations()
        return {
            key: known.ugettext(said)
            if isinstance(said, str)
            else {form: known.ungettext(*said, number) for form, number in FORMS[language].items()}
            for room in ROOMS
            for key, said in room.items()
        }
