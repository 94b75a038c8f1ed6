"""The published pictures of an event, for programs: where they are and what is to be seen on them."""

from typing import Any

from flask import current_app, url_for
from marshmallow import Schema, fields

from app.api.blueprint import Blueprint
from app.api.fields import Text
from app.events.queries import visible_event
from app.impact.pictures.queries import Shown, album_page
from app.web.access import signed_in
from app.web.actor import current_actor

bp = Blueprint("api_pictures", __name__, description="Published pictures")


class AlbumAsked(Schema):
    """Which part of an album."""

    cursor = Text(up_to=500, load_default=None, metadata={"description": "`next` of the part before"})


class PictureOut(Schema):
    """One picture: {size: address of a JPEG}, in pixels those of the large one, texts as {kk, ru, en}."""

    id = fields.String(required=True)
    width = fields.Integer(required=True)
    height = fields.Integer(required=True)
    alt = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    caption = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    files = fields.Dict(
        keys=fields.String(), values=fields.String(), required=True, metadata={"description": "small, medium, large"}
    )


class AlbumOut(Schema):
    """A part of an album."""

    items = fields.List(fields.Nested(PictureOut), required=True)
    next = fields.String(required=True, allow_none=True)


@bp.route("/events/<event_id>/pictures", methods=["GET"])
@signed_in
@bp.arguments(AlbumAsked, location="query")
@bp.response(200, AlbumOut)
def pictures(asked: dict[str, Any], event_id: str) -> Any:
    """What is published of an event, in the order in which it was sent."""
    page = album_page(visible_event(current_actor(), event_id), cursor=asked["cursor"])
    return {"items": [_json(one) for one in page.items], "next": page.next}


def _json(one: Shown) -> dict[str, Any]:
    base = current_app.config["TORANGY"].base_url
    files = {
        size: base + url_for("pictures.file", picture_id=one.id, size=size, _external=False) for size in one.widths
    }
    told = {"width": one.width, "height": one.height, "alt": one.alt, "caption": one.caption}
    return {"id": one.id, "files": files, **told}
