"""A letter's words from its template and its context alone, in its reader's language."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from flask import current_app
from jinja2 import Environment

from app.mail.calendar import calendar_file, with_attendee
from app.mail.letters import Address, BadAddress, Letter, message, plain_address, sender_from
from app.mail.outbox import kind_of
from app.mail.pictures import code_pictures
from app.mail.preferences import KINDS
from app.mail.slots import MARKS
from app.mail.templates import Templates, Words
from app.mail.unsubscribing import unsubscribe_url
from app.mail.verp import return_path
from app.web.dates import local_date
from config import Settings

FALLBACK_LANGUAGE = "kk"
# They stand in the calendar file that the letters of an event share, for what each letter has of its own.
STAMP = datetime(2001, 2, 3, 4, 5, 6, tzinfo=UTC)
SEQUENCE = 1999999999
_STAMPED = "%Y%m%dT%H%M%SZ"
_STAMP = f"{STAMP:{_STAMPED}}"


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
    reader_zone: str | None = None
    override: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Shown:
    """By which bytes a letter is known again: their number and their SHA-256, before it was signed."""

    size: int
    digest: str


@dataclass(frozen=True)
class Ready:
    """Envelope sender, envelope recipient, message, and what is put down about it."""

    sender: str
    recipient: str
    message: bytes
    shown: Shown


class Facts(dict[str, Any]):
    """A part of the context whose entries can also be asked for as attributes, as filters and macros do."""

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError as error:
            raise AttributeError(name) from error


def language_of(mail: Claimed, settings: Settings) -> str:
    """The reader's, if we speak it."""
    return mail.language if mail.language in settings.languages else FALLBACK_LANGUAGE


def context_of(mail: Claimed, settings: Settings, *, now: datetime) -> dict[str, Any]:
    """All that the template gets, as JSON: the row's context and what is known only when the letter is written."""
    # Python writes such letters out as "\\ue000": one look spares a walk through all that a letter says.
    context: dict[str, Any] = _without_marks(mail.context) if "\\ue00" in repr(mail.context) else dict(mail.context)
    event = context.get("event")
    if "days_ahead" in context and event:
        # Counted when it leaves: a letter that waited over midnight must not say "tomorrow" on the day itself.
        start, zone = datetime.fromisoformat(event["starts_at"]), event["timezone"]
        context["days_ahead"] = (local_date(start, zone) - local_date(now, zone)).days
    context |= {"language": language_of(mail, settings), "base_url": settings.base_url, "unsubscribe_url": None}
    if mail.optional:
        context["unsubscribe_url"] = _unsubscribe_url(mail, settings)
    if mail.reader_zone:
        context["reader_zone"] = mail.reader_zone
    if mail.override:
        context["own_words"] = mail.override
    return context


def prepared(context: Mapping[str, Any], base_url: str) -> Facts:
    """The context as templates want it: `_at` are moments, `_on` days, `url`s of ours whole addresses."""
    return Facts({name: _prepared(name, value, base_url) for name, value in context.items()})


def words_of(mail: Claimed, context: Mapping[str, Any], templates: Templates, settings: Settings) -> Words:
    """What the template makes of this context; raises what it raises."""
    return templates.words(mail.template, prepared(context, settings.base_url))


def directly(mail: Claimed, templates: Templates, settings: Settings, *, now: datetime) -> Ready:
    """The letter from its template alone; raises BadAddress, and what the template raises."""
    context = context_of(mail, settings, now=now)
    words, entry = words_of(mail, context, templates, settings), shared_calendar(mail, settings)
    return made_ready(mail, words, entry, settings, now=now, unsubscribe=context["unsubscribe_url"])


def written(mail: Claimed, *, now: datetime) -> tuple[str, str, bytes]:
    """The same for who writes few letters: envelope sender, envelope recipient, message. Needs an app context."""
    settings = current_app.config["TORANGY"]
    ready = directly(mail, _templates(current_app.jinja_env, language_of(mail, settings)), settings, now=now)
    return ready.sender, ready.recipient, ready.message


def shared_calendar(mail: Claimed, settings: Settings) -> str | None:
    """What the calendar files of all letters about one event have in common; None where there is none."""
    if mail.calendar is None:
        return None
    organizer = sender_from(settings.mail_default_sender).address
    facts = json.dumps({"organizer": organizer, **mail.calendar, "sequence": SEQUENCE}, sort_keys=True)
    return _shared_file(facts, language_of(mail, settings), settings.base_url)


def made_ready(
    mail: Claimed, words: Words, calendar: str | None, settings: Settings, *, now: datetime, unsubscribe: str | None
) -> Ready:
    """The letter that these words make, ready to be sent; raises BadAddress."""
    sender = sender_from(settings.mail_default_sender)
    recipient = plain_address(mail.recipient)
    html = words.html.encode()
    letter = Letter(
        message_id=f"{mail.id}@{sender.address.rpartition('@')[2] or 'localhost'}",
        sender=sender,
        reply_to=_reply_to(mail, sender),
        recipient=Address(mail.recipient_name, recipient),
        subject=words.subject,
        text=words.text,
        html=html,
        date=now,
        calendar=_own_calendar(mail, calendar, recipient),
        calendar_method=(mail.calendar or {}).get("method", "REQUEST"),
        # One click works under TLS alone (RFC 8058); the link at the letter's end always does.
        unsubscribe_url=unsubscribe if settings.is_https else None,
        pictures=code_pictures(html),
    )
    raw = message(letter)
    bounce = settings.mail_bounce_address
    envelope = plain_address(return_path(mail.id, bounce) if bounce else sender.address)
    return Ready(envelope, recipient, raw, Shown(len(raw), hashlib.sha256(raw).hexdigest()))


def _reply_to(mail: Claimed, sender: Address) -> Address:
    """Who gets the answers; an address that can't be written must not be blamed on the reader's."""
    try:
        return Address("", plain_address(str(mail.context.get("reply_to") or sender.address)))
    except BadAddress:
        return Address("", sender.address)


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


def _without_marks(value: Any) -> Any:
    """No text that a person typed may look like the mark of a slot."""
    if isinstance(value, str):
        return MARKS.sub("", value) if MARKS.search(value) else value
    if isinstance(value, Mapping):
        return {name: _without_marks(one) for name, one in value.items()}
    return [_without_marks(one) for one in value] if isinstance(value, list) else value


@lru_cache(maxsize=16)
def _templates(environment: Environment, language: str) -> Templates:
    return Templates(environment, language)


def _unsubscribe_url(mail: Claimed, settings: Settings) -> str:
    kind = kind_of(mail.template)
    wanted = kind if kind in KINDS else ""
    return unsubscribe_url(mail.recipient, base_url=settings.base_url, secret=settings.secret_key, kind=wanted)


def _own_calendar(mail: Claimed, shared: str | None, recipient: str) -> bytes | None:
    if shared is None or mail.calendar is None:
        return None
    own = shared.replace(_STAMP, f"{mail.created_at.astimezone(UTC):{_STAMPED}}")
    own = own.replace(f"SEQUENCE:{SEQUENCE}", f"SEQUENCE:{int(mail.calendar.get('sequence') or 0)}")
    return with_attendee(own.encode(), recipient, mail.recipient_name)


@lru_cache(maxsize=64)
def _shared_file(facts: str, language: str, base_url: str) -> str:
    return calendar_file(prepared(json.loads(facts), base_url), language, now=STAMP).decode()
