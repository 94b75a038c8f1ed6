"""The help page: what an employee asks first, in as few words as possible."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.web.access import open_to_all

bp = Blueprint("help", __name__)


@bp.get("/help")
@open_to_all
def index() -> ResponseReturnValue:
    """Six questions with their answers."""
    return render_template("web/help.html")
