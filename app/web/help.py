"""The help pages: what an employee asks first, and the card that helpers hold in their hand on the day."""

import re
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.web.access import open_to_all
from app.web.forms import language

bp = Blueprint("help", __name__)

CARD = Path(__file__).resolve().parents[2] / "docs/helpers-card.md"
HEADINGS = {"kk": "Қазақша", "ru": "Русский", "en": "English"}
POINT = re.compile(r"^\d+\. (.+(?:\n {3}.+)*)", re.MULTILINE)
# A point is words, **strong words** and *names of keys*, one after the other.
PIECE = re.compile(r"\*\*(.+?)\*\*|\*(.+?)\*|([^*]+)", re.DOTALL)


@bp.get("/help")
@open_to_all
def index() -> ResponseReturnValue:
    """Six questions with their answers."""
    return render_template("web/help.html")


@bp.get("/help/card")
@open_to_all
def card() -> ResponseReturnValue:
    """One page for helpers, to print."""
    return render_template("web/card.html", points=points_of_card(language()))


@lru_cache(maxsize=len(HEADINGS))
def points_of_card(spoken: str) -> list[list[tuple[str, str, str]]]:
    """The points of the card in this language, as the guide has them: pieces of (strong, name, plain) words."""
    _, _, section = CARD.read_text(encoding="utf-8").partition(f"## {HEADINGS[spoken]}\n")
    points = POINT.findall(section.partition("\n## ")[0])
    return [[(strong, name, plain) for strong, name, plain in PIECE.findall(" ".join(one.split()))] for one in points]
