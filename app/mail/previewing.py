"""Letters before anybody gets them: with sample data or a real reader's, on a page, or as a test to oneself."""

import base64
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from jinja2 import Environment, UndefinedError
from sqlalchemy import func, select

from app.accounts.actor import Actor
from app.accounts.models import Account
from app.audit.operations import record
from app.db import db, lock, new_id, transaction
from app.errors import N_, DomainError
from app.mail.masking import masked_html, masked_text
from app.mail.models import Mail
from app.mail.outbox import Recipient, queue_mail
from app.mail.override_models import LANGUAGES
from app.mail.overriding import override
from app.mail.pictures import code_pictures
from app.mail.rendering import prepared
from app.mail.samples import sample_of
from app.mail.templates import Templates, Words
from app.mail.whereabouts import table

MOST_TESTS, WHILE = 10, timedelta(hours=1)
_OWN_BASE = '<head><base target="_blank">'


class NoAddress(DomainError):
    """Whoever asks for a test has no address."""

    type = "no-address"
    title = N_("No address")
    message = N_("You have no e-mail address here, so no test can reach you.")


class TooManyTests(DomainError):
    """So many tests within an hour were enough."""

    type = "too-many-tests"
    title = N_("Too many tests")
    message = N_("%(most)s tests an hour are enough. Try again later.")
    status = 429


def rendered(
    environment: Environment,
    template: str,
    language: str,
    context: Mapping[str, Any],
    *,
    base_url: str,
    own_words: Mapping[str, Any] | None = None,
) -> Words:
    """The letter as its reader would get it; needs an app context the first time."""
    whole = {"unsubscribe_url": None, **context, "language": language, "base_url": base_url}
    if own_words:
        whole["own_words"] = own_words
    return _templates(environment, language).words(template, prepared(whole, base_url))


def pictured(html: str) -> str:
    """The HTML with its pictures inside and its links led to another window, for a frame that may load nothing."""
    for name, png in code_pictures(html.encode()):
        html = html.replace(f"cid:{name}", f"data:image/png;base64,{base64.b64encode(png).decode('ascii')}")
    return html.replace("<head>", _OWN_BASE, 1)


def shown_to_a_reader(
    environment: Environment,
    template: str,
    event_id: str,
    event: Mapping[str, Any],
    texts: Mapping[str, tuple[str, str]],
    *,
    base_url: str,
) -> dict[str, Words]:
    """The letter in each language as the last reader about this event would get it, with a coordinator's words where
    `texts` has some; before the first letter as the sample's reader would. Links that are keys are left out."""
    last, sample = latest_context(event_id, template), sample_of(environment, template)
    shown = {}
    for code in LANGUAGES:
        own = override("", *texts[code]) if code in texts else None
        facts = {"event": event}
        try:
            words = rendered(environment, template, code, (last or sample) | facts, base_url=base_url, own_words=own)
        except UndefinedError:  # a letter of before lacks what today's template says
            words = rendered(environment, template, code, sample | facts, base_url=base_url, own_words=own)
        text = masked_text(words.text, own=base_url, instead="…")
        shown[code] = Words(words.subject, text, masked_html(words.html, own=base_url, instead="…"))
    return shown


def latest_context(event_id: str, template: str) -> dict[str, Any] | None:
    """What the last letter of this kind about the event said to its reader; None before the first."""
    query = select(Mail.context).where(Mail.event_id == event_id, Mail.template == template)
    return db.session.scalar(query.order_by(Mail.created_at.desc(), Mail.id).limit(1)) or None


def send_test(template: str, context: Mapping[str, Any], *, language: str, now: datetime, actor: Actor) -> str:
    """Sends the sample to the actor and to nobody else, marked as a test; says to which address.

    Raises NoAddress, TooManyTests.
    """
    people = table("people").c
    with transaction() as session:
        account = session.get_one(Account, actor.account_id)
        lock(account)
        query = select(people.email, people.given_name, people.surname).where(people.id == actor.person_id)
        mine = session.execute(query).first()
        if mine is None or not mine.email:
            raise NoAddress
        key = f"test:{actor.account_id}:"
        sent = select(func.count()).where(Mail.key.startswith(key, autoescape=True), Mail.created_at > now - WHILE)
        if (session.scalar(sent) or 0) >= MOST_TESTS:
            raise TooManyTests(most=MOST_TESTS)
        to = Recipient(mine.email, f"{mine.surname} {mine.given_name}".strip(), language, actor.person_id)
        queue_mail(
            key=key + new_id(), template=template, to=to, context={**context, "is_test": True}, now=now,
            expires_at=now + WHILE,
        )  # fmt: skip
        record(actor, "send_test", account, now=now, changes={"letter": (None, template)})
    return str(mine.email)


@lru_cache(maxsize=16)
def _templates(environment: Environment, language: str) -> Templates:
    return Templates(environment, language)
