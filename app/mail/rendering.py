"""A letter's words from its template and its context alone, in its reader's language."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from flask import current_app
from flask_babel import force_locale, get_translations
from jinja2 import Environment, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from app.mail.calendar import calendar_file, with_attendee
from app.mail.letters import Address, Letter, message, plain_address, sender_from
from app.mail.pictures import code_pictures
from app.mail.unsubscribing import unsubscribe_url

FALLBACK_LANGUAGE = "kk"


@dataclass(frozen=True)
class Claimed:
    """A row of the outbox as plain values, so that nothing is read from the database while talking SMTP."""

    id: str
    template: str
    recipient: str
    recipient_name: str
    language: str
    context: dict[str, Any]
    calendar: dict[str, Any] | None
    optional: bool
    attempts: int
    created_at: datetime


class Facts(dict[str, Any]):
    """A part of the context whose entries can also be asked for as attributes, as filters and macros do."""

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError as error:
            raise AttributeError(name) from error


def written(mail: Claimed, *, now: datetime) -> tuple[str, str, bytes]:
    """Envelope sender, envelope recipient, message. Needs an app context; raises what a template raises, BadAddress."""
    settings = current_app.config["TORANGY"]
    sender = sender_from(settings.mail_default_sender)
    language = mail.language if mail.language in settings.languages else FALLBACK_LANGUAGE
    unsubscribe = None
    if mail.optional:
        unsubscribe = unsubscribe_url(mail.recipient, base_url=settings.base_url, secret=settings.secret_key)
    subject, text, html = _words(mail, language, base_url=settings.base_url, unsubscribe=unsubscribe)
    recipient = plain_address(mail.recipient)
    letter = Letter(
        message_id=f"{mail.id}@{sender.address.rpartition('@')[2] or 'localhost'}",
        sender=sender,
        reply_to=Address("", str(mail.context.get("reply_to") or sender.address)),
        recipient=Address(mail.recipient_name, recipient),
        subject=subject,
        text=text,
        html=html,
        date=now,
        calendar=_calendar(mail, recipient, language, organizer=sender.address, base_url=settings.base_url),
        calendar_method=(mail.calendar or {}).get("method", "REQUEST"),
        unsubscribe_url=unsubscribe,
        pictures=code_pictures(html),
    )
    return plain_address(sender.address), recipient, message(letter)


def prepared(context: Mapping[str, Any], base_url: str) -> Facts:
    """The context as templates want it: `_at` are moments, `_on` days, `url`s of ours whole addresses."""
    return Facts({name: _prepared(name, value, base_url) for name, value in context.items()})


def _prepared(name: str, value: Any, base_url: str) -> Any:
    if isinstance(value, Mapping):
        return prepared(value, base_url)
    if isinstance(value, list):
        return [_prepared(name, one, base_url) for one in value]
    if not isinstance(value, str):
        return value
    if name.endswith("_at"):
        return datetime.fromisoformat(value)
    if name.endswith("_on"):
        return date.fromisoformat(value)
    if (name == "url" or name.endswith("_url")) and value.startswith("/"):
        return base_url + value
    return value


def _words(mail: Claimed, language: str, *, base_url: str, unsubscribe: str | None) -> tuple[str, str, str]:
    """Subject, text, HTML. Without the context processors of pages: nobody is logged in here."""
    own = {"language": language, "base_url": base_url, "unsubscribe_url": unsubscribe}
    context = {**prepared(mail.context, base_url), **own}
    slice_name, _, letter = mail.template.partition("/")
    with force_locale(language):
        templates = _speaking(current_app.jinja_env, language)
        subject, text, html = (
            templates.get_template(f"{slice_name}/mail/{letter}/{part}").render(context)
            for part in ("subject.txt", "body.txt", "body.html")
        )
    return " ".join(subject.split()), text.strip() + "\n", html


@lru_cache(maxsize=16)
def _speaking(environment: Environment, language: str) -> Environment:
    """The app's templates with the catalog of one language at hand: Flask-Babel looks it up anew for every word."""
    catalog = get_translations()

    @pass_context
    def gettext(context: Context, message: str, **variables: Any) -> str:
        return _filled(context, catalog.ugettext(message), variables)

    @pass_context
    def ngettext(context: Context, singular: str, plural: str, num: int, **variables: Any) -> str:
        return _filled(context, catalog.ungettext(singular, plural, num), {"num": num, **variables})

    templates = environment.overlay()
    templates.globals = {**environment.globals, "_": gettext, "gettext": gettext, "ngettext": ngettext}
    return templates


def _filled(context: Context, text: str, variables: dict[str, Any]) -> str:
    """As Jinja's own: in HTML the text is trusted and what is filled in is escaped."""
    return (Markup(text) if context.eval_ctx.autoescape else text) % variables


def _calendar(mail: Claimed, recipient: str, language: str, *, organizer: str, base_url: str) -> bytes | None:
    if mail.calendar is None:
        return None
    facts = json.dumps({"organizer": organizer, **mail.calendar}, sort_keys=True)
    return with_attendee(_shared_file(facts, language, base_url, mail.created_at), recipient)


@lru_cache(maxsize=64)
def _shared_file(facts: str, language: str, base_url: str, stamp: datetime) -> bytes:
    """What the letters about one event share; they are queued together, and so have one stamp."""
    return calendar_file(prepared(json.loads(facts), base_url), language, now=stamp)
