"""The page that management reads. Part of desk."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app import clock
from app.accounts.actor import COORDINATOR, MANAGEMENT
from app.desk.day.overview import overview
from app.people.queries import cities
from app.web.access import with_role
from app.web.actor import current_actor

bp = Blueprint("overview", __name__)


@bp.get("/overview")
@with_role(MANAGEMENT, COORDINATOR)
def index() -> ResponseReturnValue:
    """Events in figures, without names; nothing on this page changes anything."""
    page = overview(current_actor(), now=clock.now(), cursor=request.args.get("cursor"))
    names = {city.slug: city.name for city in cities()}
    return render_template("desk/overview.html", page=page, cities=names, is_later_page="cursor" in request.args)
