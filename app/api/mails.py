"""The outbox for programs."""

from typing import Any

from marshmallow import Schema, fields

from app.accounts.actor import COORDINATOR
from app.api.blueprint import Blueprint, PageArguments, page_schema
from app.api.fields import Text, Word
from app.mail.models import STATUSES
from app.mail.queries import mails_page
from app.web.access import with_role
from app.web.actor import current_actor

bp = Blueprint("api_mails", __name__, description="Mail")


class MailOut(Schema):
    """One letter and what became of it; what it says stays inside."""

    id = fields.String(required=True)
    key = fields.String(required=True)
    recipient = fields.String(required=True)
    kind = fields.String(required=True, attribute="template")
    status = fields.String(required=True)
    attempts = fields.Integer(required=True)
    last_error = fields.String(required=True, allow_none=True)
    event_id = fields.String(allow_none=True)
    language = fields.String()
    created_at = fields.DateTime()
    due_at = fields.DateTime()
    sent_at = fields.DateTime(allow_none=True)


class MailsAsked(PageArguments):
    """Which letters."""

    event = Text(up_to=16, load_default=None, metadata={"description": "Id of the event that they are about"})
    status = Word(STATUSES, load_default=None)


@bp.route("/mails", methods=["GET"])
@with_role(COORDINATOR)
@bp.arguments(MailsAsked, location="query")
@bp.response(200, page_schema(MailOut))
def mails(asked: dict[str, Any]) -> Any:
    """Letters about the caller's events and people, the newest first."""
    return mails_page(current_actor(), event_id=asked.pop("event"), **asked)
