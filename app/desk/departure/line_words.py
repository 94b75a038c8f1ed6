"""What a line of the go or no-go board says, in the reader's language. For pages and programs."""

from typing import Any

from flask_babel import gettext

from app.desk.departure.readiness import Line, Listed
from app.events.words import PPE
from app.gifts.sizes import Missing


def spoken_line(line: Line, sentence: str) -> str:
    """One of the line's sentences with its numbers and lists; nothing for none."""
    if not sentence:
        return ""
    params = {name: _listed(value) if isinstance(value, Listed) else value for name, value in line.params.items()}
    return gettext(sentence, **params)


def _listed(things: Listed) -> str:
    return ", ".join(_thing(one) for one in things)


def _thing(one: Any) -> str:
    if not isinstance(one, Missing):
        return gettext(PPE.get(one, one))
    return f"{gettext(PPE.get(one.thing, one.thing))} {one.size} × {one.number}".replace("  ", " ")
