"""Pages of mail: the outbox for coordinators, stopping optional letters, and the mailbox of the demo."""

from typing import Any

from flask import Blueprint, Response, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.accounts.actor import COORDINATOR
from app.mail import mailbox
from app.mail.kinds import KINDS
from app.mail.models import STATUSES
from app.mail.operations import retry_mail
from app.mail.queries import counts_by_status, events_with_mails, mails_page, visible_mail
from app.mail.unsubscribing import address_in, unsubscribe
from app.web.access import open_to_all, with_role
from app.web.actor import current_actor
from config import Settings

bp = Blueprint("mail", __name__)

# A caught letter is shown as its sender wrote it, and can do nothing: no scripts, no requests, an origin of its own.
LETTER_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self';"
    " sandbox allow-popups allow-popups-to-escape-sandbox"
)


@bp.record_once
def _one_click(state: Any) -> None:
    """RFC 8058: mail programs post to the address in List-Unsubscribe without a page, so without its token."""
    state.app.extensions["csrf"].exempt(f"{__name__}.stop_letters")


@bp.get("/mail")
@with_role(COORDINATOR)
def index() -> str:
    """The outbox."""
    actor = current_actor()
    event_id = request.args.get("event") or None
    status = request.args.get("status") if request.args.get("status") in STATUSES else None
    page = mails_page(actor, event_id=event_id, status=status, cursor=request.args.get("cursor"))
    events = {event.id: event for event in events_with_mails(actor)}
    counts = counts_by_status(actor, event_id=event_id)
    has_mailbox = mailbox.is_open(_settings(), request.remote_addr)
    return render_template(
        "mail/index.html", page=page, events=events, counts=counts, event_id=event_id, status=status, kinds=KINDS,
        has_mailbox=has_mailbox,
    )  # fmt: skip


@bp.post("/mails/<mail_id>/retry")
@with_role(COORDINATOR)
def retry(mail_id: str) -> ResponseReturnValue:
    """Tries a failed letter again."""
    actor = current_actor()
    mail = visible_mail(actor, mail_id)
    retry_mail(mail, now=clock.now(), actor=actor)
    flash(gettext("The letter will be sent again in a minute."), "ok")
    return redirect(url_for("mail.index", event=request.args.get("event"), status=request.args.get("status")), 303)


@bp.get("/mail/unsubscriptions/<token>")
@open_to_all
def ask_to_stop(token: str) -> str:
    """Asks before stopping: mail scanners open every address."""
    address = address_in(token, secret=_settings().secret_key)
    return render_template("mail/unsubscribe.html", address=address, done=request.args.get("done") == "1")


@bp.post("/mail/unsubscriptions/<token>")
@open_to_all
def stop_letters(token: str) -> ResponseReturnValue:
    """No reminders to this address any more, in one click."""
    unsubscribe(address_in(token, secret=_settings().secret_key), now=clock.now())
    return redirect(url_for("mail.ask_to_stop", token=token, done=1), 303)


@bp.get("/mailbox")
@open_to_all
def caught() -> str:
    """What the demo has sent."""
    settings = _open_mailbox()
    recipient = request.args.get("to", "").strip()
    letters = mailbox.letters(settings, before=request.args.get("before", type=int), recipient=recipient)
    return render_template("mail/mailbox.html", letters=letters, to=recipient, more=len(letters) == 50)


@bp.get("/mailbox/<int:number>")
@open_to_all
def letter(number: int) -> str:
    """One caught letter."""
    message = mailbox.letter(_open_mailbox(), number) or abort(404)
    return render_template(
        "mail/letter.html",
        number=number,
        message=message,
        text=mailbox.text_of(message),
        has_html=mailbox.html_of(message) is not None,
        attachments=mailbox.attachments_of(message),
    )


@bp.get("/mailbox/<int:number>/html")
@open_to_all
def letter_html(number: int) -> Response:
    """Its HTML, for a frame that lets it do nothing."""
    message = mailbox.letter(_open_mailbox(), number) or abort(404)
    page = mailbox.html_of(message)
    if page is None:
        abort(404)
    return Response(page, content_type="text/html; charset=utf-8", headers={"Content-Security-Policy": LETTER_POLICY})


@bp.get("/mailbox/<int:number>/attachments/<int:position>")
@open_to_all
def attachment(number: int, position: int) -> Response:
    """What hangs on it, to keep."""
    message = mailbox.letter(_open_mailbox(), number) or abort(404)
    attachments = mailbox.attachments_of(message)
    if position >= len(attachments):
        abort(404)
    name, kind, content = attachments[position]
    response = Response(content, content_type=kind)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _open_mailbox() -> Settings:
    settings = _settings()
    if not mailbox.is_open(settings, request.remote_addr):
        abort(404)
    return settings


def _settings() -> Settings:
    settings: Settings = current_app.config["TORANGY"]
    return settings
