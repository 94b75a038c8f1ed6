"""Looking for something, for programs."""

from typing import Any

from marshmallow import Schema, fields

from app import clock
from app.api.blueprint import Blueprint
from app.api.events import EventOut, SiteOut, event_json
from app.api.fields import Number, Text
from app.api.people import PersonOut, person_json
from app.search.queries import LONGEST_QUESTION, found_for
from app.signups.queries import family_ids
from app.web.access import signed_in
from app.web.actor import current_actor

bp = Blueprint("api_search", __name__, description="Search")


class Asked(Schema):
    """What is looked for."""

    q = Text(up_to=LONGEST_QUESTION, load_default="", metadata={"description": "Beginnings of words, any spelling"})
    limit = Number(low=1, high=50, load_default=10)


class FoundOut(Schema):
    """What the caller may see of it; `more` names the kinds of which there are more."""

    people = fields.List(fields.Nested(PersonOut), required=True)
    events = fields.List(fields.Nested(EventOut), required=True)
    sites = fields.List(fields.Nested(SiteOut), required=True)
    more = fields.List(fields.String(), required=True)


@bp.route("/search", methods=["GET"])
@signed_in
@bp.arguments(Asked, location="query")
@bp.response(200, FoundOut)
def search(asked: dict[str, Any]) -> Any:
    """People, events and sites in one answer, each kind up to the limit."""
    actor = current_actor()
    found = found_for(actor, asked["q"], now=clock.now(), limit=asked["limit"])
    family = set(family_ids(actor))
    people = [person_json(person, actor, family) for person in found.people]
    return {
        "people": people,
        "events": [event_json(event) for event in found.events],
        "sites": found.sites,
        "more": sorted(found.more),
    }
