"""Pages of mail: the outbox for coordinators, stopping optional letters, and the mailbox of the demo."""

from flask import Blueprint, Response, abort, current_app, render_template, request

from app import clock
from app.accounts.actor import COORDINATOR
from app.mail import mailbox
from app.mail.framed import framed
from app.mail.kinds import KINDS
from app.mail.models import STATUSES
from app.mail.preference_routes import bp as letters
from app.mail.queries import counts_by_status, events_of_mails, events_with_mails, mails_page
from app.web.access import open_to_all, with_role
from app.web.actor import current_actor
from config import Settings

bp = Blueprint("mail", __name__)
bp.register_blueprint(letters)


@bp.get("/mail")
@with_role(COORDINATOR)
def index() -> str:
    """The outbox, with how mail is doing."""
    actor = current_actor()
    event_id = request.args.get("event") or None
    status = request.args.get("status") if request.args.get("status") in STATUSES else None
    page = mails_page(actor, event_id=event_id, status=status, cursor=request.args.get("cursor"))
    counts = counts_by_status(actor, event_id=event_id) if event_id else {}
    has_mailbox = mailbox.is_open(_settings(), request.remote_addr)
    figures = current_app.extensions["mail_figures"](clock.now())
    return render_template(
        "mail/index.html", page=page, events=events_of_mails(page.items), choices=events_with_mails(actor),
        counts=counts, event_id=event_id, status=status, kinds=KINDS, has_mailbox=has_mailbox, figures=figures,
    )  # fmt: skip


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
    return framed(page)


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
