"""The consent text in force, for anybody to read before they answer."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.consents.models import KINDS
from app.consents.queries import current_text
from app.errors import NotFound
from app.web.access import open_to_all

bp = Blueprint("consents", __name__)


@bp.get("/consents/<kind>")
@open_to_all
def text(kind: str) -> ResponseReturnValue:
    """One text, word for word, in the reader's language."""
    if kind not in KINDS:
        raise NotFound
    return render_template("consents/text.html", text=current_text(kind))
