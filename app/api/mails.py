"""The outbox for programs: letters and what became of them, sending again, addresses that take none."""

from typing import Any

from marshmallow import Schema, fields

from app import clock
from app.accounts.actor import COORDINATOR
from app.api.blueprint import Blueprint, PageArguments, page_schema
from app.api.fields import Text, Word
from app.api.once import once
from app.mail.calendar import file_of_lines
from app.mail.models import REASONS, STATUSES, Mail
from app.mail.operations import lift_suppression, retry_mail
from app.mail.proof_queries import attempts_of
from app.mail.queries import mails_page, suppressions_page, visible_mail, visible_suppression
from app.mail.reading import read_letter
from app.mail.resending import resend
from app.mail.showing import Shown, why_hidden
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


class MailWholeOut(MailOut):
    """The same with the server's answer, and of which letter it is a second sending."""

    recipient_name = fields.String(required=True)
    person_id = fields.String(required=True, allow_none=True)
    optional = fields.Boolean(required=True)
    not_before = fields.DateTime(required=True)
    expires_at = fields.DateTime(required=True, allow_none=True)
    cancelled_at = fields.DateTime(required=True, allow_none=True)
    answer_code = fields.Integer(required=True, allow_none=True)
    answer = fields.String(required=True, allow_none=True)
    digest = fields.String(
        required=True, allow_none=True, metadata={"description": "SHA-256 of the bytes that the server took"}
    )
    again_of_id = fields.String(required=True, allow_none=True)
    body_deleted_at = fields.DateTime(required=True, allow_none=True)


class BodyOut(Schema):
    """What a letter says. Links that are keys are covered; all is empty where it can't be shown."""

    state = fields.String(
        required=True,
        metadata={
            "description": "same (byte for byte as it left), anew (as it would be written now), secret (it lets its "
            "reader in), deleted (its term is over), lost (no template writes it any more)"
        },
    )
    subject = fields.String(required=True, allow_none=True)
    text = fields.String(required=True, allow_none=True)
    html = fields.String(required=True, allow_none=True)
    calendar = fields.String(required=True, allow_none=True, metadata={"description": "Its .ics file"})


class MailReadOut(MailWholeOut):
    """The same with what it says."""

    body = fields.Nested(BodyOut, required=True)


class AttemptOut(Schema):
    """One try: what came of it, the server's code and words."""

    number = fields.Integer(required=True)
    at = fields.DateTime(required=True)
    what = fields.String(required=True, metadata={"description": "taken, refused, dropped, unsure, unwritable or died"})
    code = fields.Integer(required=True, allow_none=True)
    answer = fields.String(required=True)


class AttemptsOut(Schema):
    """All tries in their order."""

    items = fields.List(fields.Nested(AttemptOut), required=True)
    next = fields.String(required=True, allow_none=True)


class SuppressionOut(Schema):
    """An address that takes no letters, or no optional ones."""

    id = fields.String(required=True)
    address = fields.String(required=True)
    reason = fields.String(required=True, metadata={"description": "bounced, complained or unsubscribed"})
    kind = fields.String(required=True, metadata={"description": "Of letters; empty: all"})
    since = fields.DateTime(required=True)


class MailsAsked(PageArguments):
    """Which letters."""

    event = Text(up_to=16, load_default=None, metadata={"description": "Id of the event that they are about"})
    status = Word(STATUSES, load_default=None)


class SuppressionsAsked(PageArguments):
    """Which addresses."""

    address = Text(up_to=254, load_default="")
    reason = Word(REASONS, load_default=None)


@bp.route("/mails", methods=["GET"])
@with_role(COORDINATOR)
@bp.arguments(MailsAsked, location="query")
@bp.response(200, page_schema(MailOut))
def mails(asked: dict[str, Any]) -> Any:
    """Letters about the caller's events and people, the newest first."""
    return mails_page(current_actor(), event_id=asked.pop("event"), **asked)


@bp.route("/mails/<mail_id>", methods=["GET"])
@with_role(COORDINATOR)
@bp.response(200, MailReadOut)
def mail(mail_id: str) -> dict[str, Any]:
    """One letter and what it says; that it was read is written down."""
    actor = current_actor()
    found = visible_mail(actor, mail_id)
    body = _body(found, read_letter(found, now=clock.now(), actor=actor))
    facts = {name: getattr(found, field.attribute or name) for name, field in MailWholeOut().fields.items()}
    return {**facts, "template": found.template, "body": body}


@bp.route("/mails/<mail_id>/attempts", methods=["GET"])
@with_role(COORDINATOR)
@bp.response(200, AttemptsOut)
def attempts(mail_id: str) -> dict[str, Any]:
    """Each time that it was tried; the good one last."""
    return {"items": attempts_of(visible_mail(current_actor(), mail_id)), "next": None}


@bp.route("/mails/<mail_id>/resending", methods=["POST"])
@with_role(COORDINATOR)
@once
@bp.response(201, MailWholeOut)
def resending(mail_id: str) -> Mail:
    """Sends it again to its reader's address of today: one that failed is tried again and comes back itself, one that
    left goes as a new letter."""
    actor, now = current_actor(), clock.now()
    found = visible_mail(actor, mail_id)
    if found.status != "failed":
        return resend(found, now=now, actor=actor)
    retry_mail(found, now=now, actor=actor)
    return found


@bp.route("/suppressions", methods=["GET"])
@with_role(COORDINATOR)
@bp.arguments(SuppressionsAsked, location="query")
@bp.response(200, page_schema(SuppressionOut))
def suppressions(asked: dict[str, Any]) -> Any:
    """Addresses of the caller's people that take no letters, the latest first."""
    return suppressions_page(current_actor(), **asked)


@bp.route("/suppressions/<suppression_id>/removal", methods=["POST"])
@with_role(COORDINATOR)
@once
@bp.response(204)
def lift(suppression_id: str) -> None:
    """The mailbox works again. What its reader asked for stays."""
    actor = current_actor()
    lift_suppression(visible_suppression(actor, suppression_id), now=clock.now(), actor=actor)


def _body(mail: Mail, said: Shown | None) -> dict[str, Any]:
    if said is None:
        nothing = dict.fromkeys(("subject", "text", "html", "calendar"))
        return {"state": why_hidden(mail) or "lost", **nothing}
    return {
        "state": "same" if said.is_the_same else "anew",
        "subject": said.subject,
        "text": said.text,
        "html": said.html.decode() if said.html is not None else None,
        "calendar": file_of_lines(said.calendar).decode() if said.calendar is not None else None,
    }
