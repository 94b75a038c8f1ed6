"""Reading a letter, on a page or by a program: who may see it is shown what it says, and that is written down."""

from datetime import datetime

from flask import current_app
from flask_babel import gettext

from app.accounts.actor import Actor
from app.audit.operations import record
from app.db import transaction
from app.mail.models import Mail
from app.mail.press import Press
from app.mail.showing import Shown, shown
from config import Settings


def read_letter(mail: Mail, *, now: datetime, actor: Actor) -> Shown | None:
    """What it says, without what opens a door; None where it is hidden or can't be written any more."""
    text = letter_of(mail)
    if text is not None:
        with transaction():
            record(actor, "read_letter", mail, now=now)
    return text


def letter_of(mail: Mail) -> Shown | None:
    """The same for who has just read it."""
    settings: Settings = current_app.config["TORANGY"]
    kept = current_app.extensions
    press = kept.get("mail_press") or kept.setdefault("mail_press", Press(settings))
    return shown(mail, settings, press, instead=gettext("[a link for its reader alone]"))
