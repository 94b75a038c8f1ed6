"""Pages that prove what became of mail: of an event, to a person, one letter with its tries, sending it again."""

from typing import Any

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from itsdangerous import BadData, URLSafeTimedSerializer

from app import clock
from app.accounts.actor import COORDINATOR
from app.errors import NotFound, require
from app.events.queries import event_to_manage
from app.mail.calendar import file_of_lines
from app.mail.figures import figures, standstill
from app.mail.framed import LETTER_POLICY
from app.mail.kinds import KINDS
from app.mail.models import STATUSES, Mail
from app.mail.operations import retry_mail
from app.mail.proof_queries import again_of, attempts_of, mails_of_event, mails_to_person, title_of_event
from app.mail.queries import counts_by_status, events_of_mails, visible_mail
from app.mail.reading import letter_of, read_letter
from app.mail.resending import resend
from app.mail.showing import why_hidden
from app.people.policy import can_change_person
from app.people.queries import guardians_of, person_visible
from app.web.access import with_role
from app.web.actor import current_actor
from app.web.banners import Lately
from config import Settings

bp = Blueprint("proof", __name__)

KEPT_FOR = 15.0  # seconds that figures and the banner may lag behind
FRAME_FOR = 3600  # seconds for which a page's frame can be loaded again


@bp.record_once
def _keep_figures(state: Any) -> None:
    """What many pages ask is asked of the database now and then."""
    settings: Settings = state.app.config["TORANGY"]
    seconds = 0 if settings.testing else KEPT_FOR
    state.app.extensions["mail_figures"] = Lately(lambda now: figures(now, timezone=settings.timezone), seconds=seconds)
    state.app.extensions["mail_standstill"] = Lately(standstill, seconds=seconds)


@bp.app_context_processor
def _banner() -> dict[str, Any]:
    """For the frame of all pages, which asks only for whom it concerns."""
    return {"mail_standstill": lambda: current_app.extensions["mail_standstill"](clock.now())}


@bp.get("/events/<event_id>/mails")
@with_role(COORDINATOR)
def of_event(event_id: str) -> str:
    """What was written about an event."""
    actor = current_actor()
    event = event_to_manage(actor, event_id)
    status = _status()
    page = mails_of_event(event.id, status=status, cursor=request.args.get("cursor"))
    counts = counts_by_status(actor, event_id=event.id)
    return render_template(
        "mail/of_event.html", event=event, page=page, counts=counts, status=status, kinds=KINDS, zone=event.timezone
    )


@bp.get("/people/<person_id>/mails")
@with_role(COORDINATOR)
def of_person(person_id: str) -> str:
    """What was written to a person."""
    actor = current_actor()
    person = person_visible(actor, person_id)
    require(can_change_person(actor, person))
    page = mails_to_person(actor, person.id, status=_status(), cursor=request.args.get("cursor"))
    events = events_of_mails(page.items)
    guardians = guardians_of(person.id) if person.kind == "child" else []
    return render_template(
        "mail/of_person.html", person=person, page=page, events=events, status=_status(), kinds=KINDS,
        guardians=guardians,
    )  # fmt: skip


@bp.get("/mails/<mail_id>")
@with_role(COORDINATOR)
def show(mail_id: str) -> str:
    """One letter: when, to whom, each try, what the server said."""
    mail = visible_mail(current_actor(), mail_id)
    return render_template("mail/show.html", letter=None, **_facts_of(mail))


@bp.get("/mails/<mail_id>/letter")
@with_role(COORDINATOR)
def letter(mail_id: str) -> str:
    """The same with what it says; that it was read is written down."""
    actor = current_actor()
    mail = visible_mail(actor, mail_id)
    facts, text = _facts_of(mail), read_letter(mail, now=clock.now(), actor=actor)
    frame = url_for("proof.frame", mail_id=mail.id, token=_frames().dumps([mail.id, actor.account_id]))
    return render_template("mail/show.html", letter=text, frame=frame, **facts)


@bp.get("/mails/<mail_id>/letter/<token>")
@with_role(COORDINATOR)
def frame(mail_id: str, token: str) -> Response:
    """Its HTML for the page that was just opened; without that page's word for it there is none."""
    actor = current_actor()
    try:
        wanted = _frames().loads(token, max_age=FRAME_FOR)
    except BadData as error:
        raise NotFound from error
    found = letter_of(visible_mail(actor, mail_id)) if wanted == [mail_id, actor.account_id] else None
    if found is None or found.html is None:
        raise NotFound
    headers = {"Content-Security-Policy": LETTER_POLICY}
    return Response(found.html, content_type="text/html; charset=utf-8", headers=headers)


@bp.get("/mails/<mail_id>/calendar")
@with_role(COORDINATOR)
def calendar(mail_id: str) -> Response:
    """The entry that hangs on it, as a file; that it was read is written down."""
    actor = current_actor()
    found = read_letter(visible_mail(actor, mail_id), now=clock.now(), actor=actor)
    if found is None or found.calendar is None:
        raise NotFound
    headers = {"Content-Disposition": f'attachment; filename="letter-{mail_id}.ics"'}
    return Response(file_of_lines(found.calendar), content_type="text/calendar; charset=utf-8", headers=headers)


@bp.post("/mails/<mail_id>/resending")
@with_role(COORDINATOR)
def resending(mail_id: str) -> ResponseReturnValue:
    """Sends it again: one that failed is tried again, one that left goes once more as a new letter."""
    actor, now = current_actor(), clock.now()
    mail = visible_mail(actor, mail_id)
    if mail.status == "failed":
        retry_mail(mail, now=now, actor=actor)
    else:
        mail = resend(mail, now=now, actor=actor)
    flash(gettext("The letter will be sent again in a minute."), "ok")
    return redirect(url_for("proof.show", mail_id=mail.id), 303)


def _facts_of(mail: Mail) -> dict[str, Any]:
    return {
        "mail": mail,
        "kinds": KINDS,
        "event_title": title_of_event(mail.event_id),
        "attempts": attempts_of(mail),
        "again": again_of(mail),
        "hidden": why_hidden(mail),
    }


def _status() -> str | None:
    asked = request.args.get("status")
    return asked if asked in STATUSES else None


def _frames() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(_settings().secret_key, salt="frame of a letter")


def _settings() -> Settings:
    settings: Settings = current_app.config["TORANGY"]
    return settings
