"""Answers and diets as the reader says them; the fields themselves are read in forms.py."""

from flask_babel import gettext

from app.events.question_forms import YES_NO
from app.people.values import DIETS
from app.signups.asked import Asked
from app.web.forms import language
from app.web.words import in_language


def asked_answer(question: Asked, value: str) -> str:
    """An answer as the reader says it: the name of the choice, yes or no, else what was written."""
    if question.kind == "yes-no":
        return gettext(YES_NO.get(value, value))
    option = question.option(value)
    return in_language(option.label, language()) if option else value


def diet_word(word: str) -> str:
    """A diet as the reader says it."""
    return gettext(DIETS[word]) if word in DIETS else word
