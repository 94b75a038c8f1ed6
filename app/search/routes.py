"""The page of looking for something: one box over people, events and sites."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app import clock
from app.accounts.actor import COORDINATOR, SAFETY_OFFICER
from app.events.policy import can_change_site
from app.people.forms import KIND_NAMES
from app.people.queries import cities
from app.search.queries import LONGEST_QUESTION, found_for
from app.web.access import open_to_all
from app.web.actor import current_actor

bp = Blueprint("search", __name__)


@bp.get("/search")
@open_to_all
def index() -> ResponseReturnValue:
    """What one may see of what was typed, by kind."""
    actor = current_actor()
    q = request.args.get("q", "").replace("\x00", "").strip()[:LONGEST_QUESTION]
    found = found_for(actor, q, now=clock.now())
    return render_template(
        "search/index.html",
        q=q,
        found=found,
        kinds=KIND_NAMES,
        cities={city.slug: city.name for city in cities()},
        has_people_page=actor.has_role(COORDINATOR, SAFETY_OFFICER),
        changeable={site.id for site in found.sites if can_change_site(actor, site)},
    )
