"""People for programs: finding them, adding one, reading a file of them."""

from typing import Any

from marshmallow import Schema, fields

from app.api.blueprint import Blueprint, PageArguments, page_schema
from app.api.fields import Text, Word
from app.db import db
from app.people.models import KINDS, Person
from app.people.queries import search_people
from app.web.access import signed_in
from app.web.actor import current_actor
from app.web.paging import page_of

bp = Blueprint("api_people", __name__, description="People")


class PersonOut(Schema):
    """Somebody whom the caller may know of."""

    id = fields.String(required=True)
    kind = fields.String(required=True)
    surname = fields.String(required=True)
    given_name = fields.String(required=True)
    patronymic = fields.String()
    birth_date = fields.Date(allow_none=True)
    email = fields.String(allow_none=True)
    phone = fields.String(allow_none=True)
    language = fields.String(required=True)
    personnel_number = fields.String(allow_none=True)
    city = fields.String(allow_none=True)
    department = fields.String()
    tshirt_size = fields.String()
    deactivated_at = fields.DateTime(allow_none=True)


class PeopleAsked(PageArguments):
    """Which people."""

    q = Text(load_default="", metadata={"description": "Beginnings of surname, given name, number or e-mail"})
    city = Text(up_to=40, load_default=None)
    kind = Word(KINDS, load_default=None)


@bp.route("/people", methods=["GET"])
@signed_in
@bp.arguments(PeopleAsked, location="query")
@bp.response(200, page_schema(PersonOut))
def people(asked: dict[str, Any]) -> Any:
    """Those whom the caller may know of and who match: oneself, one's children, the people of one's cities."""
    query = search_people(current_actor(), asked.pop("q"), city=asked.pop("city"), kind=asked.pop("kind"))
    return page_of(db.session(), query, (Person.name_sort, Person.id), **asked)
